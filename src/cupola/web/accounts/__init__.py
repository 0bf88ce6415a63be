"""Users, roles, the city itself, the audit log, and what a city folder last applied."""
