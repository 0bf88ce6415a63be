"""All writes of planning."""

from cupola.web.planning.actions.keeper import ReadingKeeper

__all__ = ["ReadingKeeper"]
