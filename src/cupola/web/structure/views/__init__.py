"""Pages of structures, one module per subject."""
