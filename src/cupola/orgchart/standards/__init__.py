"""Published standards for organisation charts: read, judged and written."""
