"""Pages of measures and reviews."""
