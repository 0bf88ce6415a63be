"""Rosters and budgets joined to the chart; titles; scenarios; plans of several years; memos."""
