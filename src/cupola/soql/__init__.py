"""Socrata's query language: text -> tree -> checked tree -> one SQL syntax tree."""
