"""What people read of a dataset, in another language."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from cupola.folder.kinds.record import Fields, items_of, text_of
from cupola.folder.kinds.values import ColumnName, FilledText, OneOrMore, Text
from cupola.folder.problems import Finding, did_you_mean, listed, show


class ColumnTranslation(Fields):
    """What people read of a column, in another language."""

    title: Text = Field("", description="Heading.", examples=["Emitido el"])
    meaning: Text = Field("", description="What a value says.", examples=["Día en que se emitió el permiso."])


class Translation(Fields):
    """What people read, in another language. What is left out is shown as written above."""

    title: Text = Field("", description="Title.", examples=["Permisos de construcción"])
    description: Text = Field("", description="Description.")
    row: Text = Field("", description="What one row is.", examples=["un permiso de construcción"])
    department: Text = Field("", description="Department.", examples=["Departamento de Edificios"])
    topic: Text = Field("", description="Topic.", examples=["Edificios"])
    steward: Text = Field("", description="Who answers for it.", examples=["Responsable de datos, Edificios"])
    notes: Annotated[tuple[FilledText, ...], OneOrMore] = Field((), description="All known issues, in the same order.")
    columns: dict[ColumnName, ColumnTranslation] = Field(
        default_factory=dict,
        description="Columns by name.",
        examples=[{"issued_on": {"title": "Emitido el"}}],
    )


def check_translations(data: Mapping[str, Any], columns: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the translated columns that are none. `columns`: those of the dataset, by name."""
    translations = data.get("translations")
    known = (*columns, *(text_of(tag, "column") for _path, tag in items_of(data, "place_tags")))
    if not isinstance(translations, Mapping) or not columns:
        return
    for language, told in translations.items():
        named = told.get("columns") if isinstance(told, Mapping) else None
        for name in named if isinstance(named, Mapping) else ():
            if str(name) not in known:
                remedy = did_you_mean(str(name), known, otherwise=f"the columns are {listed(known)}")
                path = ("translations", str(language), "columns", str(name))
                yield Finding(path, str(name), f"{show(name)} is not a column", remedy)
