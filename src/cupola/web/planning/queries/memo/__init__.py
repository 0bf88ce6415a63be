"""The discussion memo a mayor reads: what can be done, by whom, and what stands behind each number."""

from cupola.web.planning.queries.memo.building import NothingToSay, memo
from cupola.web.planning.queries.memo.docx import write_docx
from cupola.web.planning.queries.memo.parts import NUMBER, Memo, Section, Table

__all__ = ["NUMBER", "Memo", "NothingToSay", "Section", "Table", "memo", "write_docx"]
