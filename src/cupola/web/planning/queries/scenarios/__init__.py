"""Scenarios as pages and commands show them."""
