"""The reference page of every kind and field, made from the models, so that it can never be out of date."""

import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from cupola.folder.emitting import to_yaml
from cupola.folder.kinds import KINDS
from cupola.folder.kinds.values import Says

_INTRODUCTION = """\
A city is a folder of small YAML files. One document is one record: `kind`, `key`, and the fields of that kind.
Every `*.yaml` and `*.yml` file below the folder is read, except hidden ones; a file may hold several documents,
divided by a line `---`. `cupola apply FOLDER --dry-run` shows what would change, and all mistakes at once, each with
file, line, field and what to write instead.

The YAML rules are those of version 1.2: `no`, `on`, `2015-12-31` and `010` are text. Where a field wants text, a plain
value is taken as it is written, so `NO` and `01` need no quotes. A field with nothing after it counts as left out.
Anchors (`&name`, `*name`, `<<`) may be used; tags may not. Writing a field twice is a mistake.
"""

_WRITING_BACK = """## Folder and records

Staff may edit the same records in the web pages. Cupola remembers what a folder last applied. A change only in the
folder is applied. A change only in the records stays and is reported as *export pending*. A change in both stops, with
exit code 4, until `--take folder` or `--take records` says which one counts. Only records that a folder made are
retired when their document disappears; one that comes back is revived.

`cupola export FOLDER` writes the records back. A file is touched only when its record differs. Comments above a
document stay; **comments inside a document that is rewritten are lost**. The file of a retired record is deleted only
when it is word for word what an export writes; any other is renamed to end in `.retired`, which no command reads.
Edits of the folder that were never applied stop the export; how it left each document is noted in the hidden file
`.cupola-export.json`, so that the next export can tell edits from its own work.
"""


def reference() -> str:
    """Return the reference of all kinds as Markdown, without a title."""
    parts = [_INTRODUCTION]
    for kind in KINDS.values():
        parts.append(f"## `kind: {kind.name}`\n\n{kind.says}\n")
        parts.extend(_tables(kind.model))
    return "\n".join([*parts, _WRITING_BACK])


def _tables(model: type[BaseModel]) -> Iterator[str]:
    """Yield the table of a model, then those of the models its fields hold."""
    queue: list[tuple[str, type[BaseModel]]] = [("", model)]
    while queue:
        path, current = queue.pop(0)
        if path:
            yield f"### `{path}`\n\n{(current.__doc__ or '').strip()}\n"
        yield "| field | type | left out | meaning | example |\n|---|---|---|---|---|\n" + "".join(
            _row(field.alias or name, field) for name, field in current.model_fields.items()
        )
        for name, field in current.model_fields.items():
            inner, step = _model_in(field.annotation)
            if inner is not None:
                queue.append((f"{path}{'.' if path else ''}{field.alias or name}{step}", inner))


def _row(name: str, field: FieldInfo) -> str:
    needed = "may not be" if field.is_required() else _default(field)
    example = f"`{_inline(field.examples[0])}`" if field.examples else ""
    cells = (f"`{name}`", _type(field), needed, field.description or "", example)
    return "| " + " | ".join(cells) + " |\n"


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is PydanticUndefined or value is None or value in ("", ()):
        return ""
    return f"`{_inline(list(value) if isinstance(value, tuple) else value)}`"


def _inline(value: Any) -> str:
    """Return a value as it is written on one line of YAML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_inline(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(part) for part in value) + "]"
    return " ".join(to_yaml({"x": value}).removeprefix("x: ").removeprefix(">-").split())


def _type(field: FieldInfo) -> str:
    """Return how a field's type is called. An annotation on the field itself comes before those inside it."""
    own = next((part.text for part in field.metadata if isinstance(part, Says)), None)
    return own or _named(field.annotation)


def _named(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return next((part.text for part in arguments[1:] if isinstance(part, Says)), None) or _named(arguments[0])
    if origin in (Union, types.UnionType):
        return " or ".join(_named(part) for part in arguments if part is not type(None))
    if origin is tuple:
        return f"list of {_named(arguments[0])}"
    if origin is dict:
        return f"mapping of {_named(arguments[0])} to {_named(arguments[1])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "fields, see below"
    return "text" if annotation is str else "value"


def _model_in(annotation: Any) -> tuple[type[BaseModel] | None, str]:
    """Return the model a type holds, and how a path steps into it."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, ""
    step = {tuple: "[]", dict: ".*"}.get(get_origin(annotation), "")
    for part in get_args(annotation):
        inner, further = _model_in(part)
        if inner is not None:
            return inner, step + further
    return None, ""
