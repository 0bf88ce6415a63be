"""Measures over time: values, targets, signals, scores, reviews and what they promise."""
