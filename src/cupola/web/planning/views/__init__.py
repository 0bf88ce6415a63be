"""Pages of planning, for staff."""
