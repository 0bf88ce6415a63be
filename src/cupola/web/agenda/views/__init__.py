"""Views of the agenda."""
