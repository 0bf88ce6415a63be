"""Words for pages of planning."""
