"""Cupola: the working system of a city's technology, data and innovation leadership."""
