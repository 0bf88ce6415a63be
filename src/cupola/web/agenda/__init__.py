"""Administrations, priorities, initiatives, money, evaluations, savings and councils."""
