"""The official chart: offices, posts, lines and funding, since when and by which act; the library; the checks."""
