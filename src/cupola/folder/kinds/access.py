"""Which columns and rows of a dataset that is not public each role may read. Decision 0021."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from cupola.contracts import Column, ColumnType
from cupola.folder.kinds.record import Fields, is_nothing, items_of, text_of, texts_of
from cupola.folder.kinds.values import COLUMN_TYPES, FilledText, OneOrMore, Says, one_of
from cupola.folder.problems import Finding, did_you_mean, listed, show
from cupola.soql import SoqlError, condition

ROLES = ("viewer", "steward", "custodian", "publisher", "reviewer", "coordinator", "auditor", "administrator")


class AccessFields(Fields):
    """What one role may read. Whoever has several roles may read what each of them may, one at a time."""

    role: Annotated[str, one_of("a role", ROLES), Says(" \\| ".join(f"`{name}`" for name in ROLES))] = Field(
        description="Who may read.", examples=["steward"]
    )
    columns: Annotated[tuple[FilledText, ...], OneOrMore] = Field(
        (), description="The columns. Left out: all but those under `except`.", examples=[["department", "title"]]
    )
    without: Annotated[tuple[FilledText, ...], OneOrMore] = Field(
        (), alias="except", description="Columns left out.", examples=[["annual_salary"]]
    )
    where: FilledText | None = Field(
        None,
        description="A condition in SoQL that rows must meet. Left out: all rows.",
        examples=["department = 'FIRE'"],
    )


def check_access(data: Mapping[str, Any], columns: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """Yield the mistakes in what roles may read. `columns`: of the dataset, as written."""
    rules = items_of(data, "access")
    if rules and text_of(data, "classification") == "public":
        yield Finding(("access",), None, "everybody may read a public dataset", "take 'access' out, or classify it")
    seen: set[str] = set()
    for path, rule in rules:
        role = text_of(rule, "role")
        if role and role in seen:
            message = f"{show(role)} has a rule already"
            yield Finding((*path, "role"), role, message, "keep one; write several values as \"a = 'x' or a = 'y'\"")
        seen.add(role)
        if not is_nothing(rule.get("columns")) and not is_nothing(rule.get("except")):
            yield Finding((*path, "except"), None, "'columns' and 'except' cannot go together", "keep one of them")
        if columns:
            tags = [text_of(tag, "column") for _, tag in items_of(data, "place_tags")]
            typed = {
                **{name: text_of(fields, "type") for name, fields in columns.items()},
                **dict.fromkeys(tags, "text"),
            }
            yield from (replace(one, path=(*path, *one.path)) for one in _columns_and_rows(rule, typed))


def _columns_and_rows(rule: Mapping[str, Any], types: Mapping[str, str]) -> Iterator[Finding]:
    for field in ("columns", "except"):
        for path, name in texts_of(rule, field):
            if name not in types:
                remedy = did_you_mean(name, tuple(types), otherwise=f"the columns are {listed(types)}")
                yield Finding(path, name, f"{show(name)} is not a column", remedy)
    where = text_of(rule, "where")
    if where:
        known = [Column(name, ColumnType(kind if kind in COLUMN_TYPES else "text")) for name, kind in types.items()]
        try:
            condition(where, known)
        except SoqlError as error:
            yield Finding(("where",), where, f"the condition cannot be read: {error}", "correct it")
