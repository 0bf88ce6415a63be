"""Benchmarks: each row a ratio against a named peer or limit, measured side by side in one run."""
