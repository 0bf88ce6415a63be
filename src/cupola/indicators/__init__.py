"""Measures over time: values from SQL aggregates, targets, control limits and signals, scores."""
