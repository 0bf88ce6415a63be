"""The arithmetic of the savings ledger, and of what savings can carry when a grant ends."""
