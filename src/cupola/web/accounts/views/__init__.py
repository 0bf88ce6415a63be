"""Pages and middleware of signing in, people and the audit log."""
