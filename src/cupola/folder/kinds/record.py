"""What every kind of record has in common."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cupola.folder.documents import Scalar
from cupola.folder.kinds.values import Slug
from cupola.folder.problems import FieldPath, Finding


class Fields(BaseModel):
    """A mapping with known fields. One written with nothing after it counts as left out; another is a mistake, for a
    comma in a text without quotation marks makes such a field of the text's end.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=False)

    @model_validator(mode="before")
    @classmethod
    def leave_out_empty_fields(cls, data: Any) -> Any:
        """Drop what was written with nothing after it."""
        if isinstance(data, dict):
            known = _names_of(cls)
            return {key: value for key, value in data.items() if key not in known or not is_nothing(value)}
        return data


@cache
def _names_of(model: type[Fields]) -> frozenset[str]:
    return frozenset(field.alias or name for name, field in model.model_fields.items())


class Record(Fields):
    """One document of the folder: a kind, a key, and fields.

    Build it with `cupola.folder.parse`, which also checks the fields against each other.
    """

    key: Slug = Field(description="Short name that never changes; other records refer to it.", examples=["short-name"])

    def fields(self) -> dict[str, Any]:
        """Return the canonical fields: JSON values in the model's order, without what stands at its default.

        Two records say the same exactly when their canonical fields are equal. Where order has a meaning, as with
        columns, it is a list, because databases do not keep the order of a JSON object.
        """
        return self.model_dump(mode="json", exclude_defaults=True, by_alias=True)


@dataclass(frozen=True)
class Document:
    """A record and where it stands. `line` is its first line; `file` is relative to the folder."""

    kind: str
    key: str
    record: Record
    file: str = ""
    line: int = 1

    @property
    def identity(self) -> tuple[str, str]:
        """Kind and key."""
        return self.kind, self.key


@dataclass(frozen=True)
class Reference:
    """A field that names another record, and perhaps one of its columns."""

    path: FieldPath
    kind: str
    key: str
    column_path: FieldPath = ()
    column: str = ""


class Kind:
    """A kind of record. A new kind is one subclass and one line in the table `KINDS`.

    `single`: the folder holds exactly one. `folder`: where a new record's file goes; empty is the top.
    """

    name: str
    model: type[Record]
    single: bool = False
    folder: str = ""
    says: str = ""

    def check(self, data: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield the mistakes between fields. `data` is as written and may be wrong in any way."""
        return iter(())

    def references(self, data: Mapping[str, Any]) -> Iterator[Reference]:
        """Yield the fields that name other records."""
        return iter(())

    def check_beside(self, record: Record, others: Mapping[tuple[str, str], Record]) -> Iterator[Finding]:
        """Yield what does not fit other records. `others`: every record without mistakes, by kind and key."""
        return iter(())

    def names(self, data: Mapping[str, Any]) -> tuple[str, ...]:
        """Return what another record may refer to inside this one (the columns of a dataset)."""
        return ()

    def unique(self, data: Mapping[str, Any]) -> Iterator[tuple[FieldPath, str]]:
        """Yield fields, other than the key, whose values only one record of the kind may have."""
        return iter(())

    def permanent(self, record: Record, city_key: str) -> dict[str, str]:
        """Return what others link to and what therefore never changes, by field."""
        return {}

    def written(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Return canonical fields as people write them in a file."""
        return dict(fields)

    def home(self, key: str) -> str:
        """Return the file a new record is written to."""
        return f"{self.folder}/{key}.yaml" if self.folder else f"{self.name}.yaml"


def is_nothing(value: Any) -> bool:
    """Whether a field was written with nothing after it (or null)."""
    return value is None or (isinstance(value, Scalar) and value.value is None)


def text_of(data: Any, name: str) -> str:
    """Return a text field of raw data, empty when it is absent or no text."""
    value = data.get(name) if isinstance(data, Mapping) else None
    return str(value) if isinstance(value, str) and not is_nothing(value) else ""


def texts_of(data: Any, name: str) -> list[tuple[FieldPath, str]]:
    """Return the texts of a raw field that holds one or a list, each with its path."""
    value = data.get(name) if isinstance(data, Mapping) else None
    if isinstance(value, str) and not is_nothing(value):
        return [((name,), str(value))]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [((name, index), str(item)) for index, item in enumerate(value) if isinstance(item, str)]
    return []


def items_of(data: Any, name: str) -> list[tuple[FieldPath, Mapping[str, Any]]]:
    """Return the mappings of a raw list field, each with its path."""
    value = data.get(name) if isinstance(data, Mapping) else None
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    return [((name, index), item) for index, item in enumerate(value) if isinstance(item, Mapping)]
