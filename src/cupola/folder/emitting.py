"""Fields to YAML that people like to read and that reads back to the same fields."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from cupola.folder.documents import Scalar

_WIDTH = 112
_FOLD_FROM = 90
_SPECIAL = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]")


class _Dumper(yaml.SafeDumper):
    """Block style, lists of plain values on one line, long text folded."""

    # dates stay plain: our reader takes them as text, and quotes around every date only tire the eye
    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [(tag, pattern) for tag, pattern in pairs if not tag.endswith(":timestamp")]
        for first, pairs in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _style(text: str) -> str | None:
    if _SPECIAL.search(text):
        return '"'
    if "\n" in text:
        lines = text.split("\n")
        ragged = any(line != line.rstrip() for line in lines) or text[0].isspace()
        return '"' if ragged or "\t" in text or text.endswith("\n\n") else "|"
    if not isinstance(Scalar(text).value, str):
        return "'"  # a text that our reader would take for a number, though older YAML would not: 1e5
    plain = text == text.strip() and "  " not in text and "\t" not in text
    return ">" if plain and len(text) > _FOLD_FROM and " " in text else None


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=_style(text))


def _represent_list(dumper: _Dumper, items: list[Any]) -> yaml.SequenceNode:
    short = (
        all(not isinstance(item, Mapping | list) for item in items) and sum(len(str(item)) + 2 for item in items) < 90
    )
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=short)


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(list, _represent_list)


def to_yaml(fields: Mapping[str, Any]) -> str:
    """Return `fields` (JSON values) as one YAML document without a marker."""
    text: str = yaml.dump(
        dict(fields), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=False
    )
    return text
