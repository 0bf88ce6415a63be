"""YAML with the line of every key and value kept.

The rules are those of YAML 1.2, not 1.1: `no`, `on` and `2015-12-31` are text, `010` is text too. A plain scalar is
handed on as the text that was written (`Scalar`), with what it would be as a number or true/false beside it, so
that a field that wants text gets the text (`NO`, `01`, `1.10`) and a field that wants a number gets a number.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import yaml

from cupola.folder.problems import FieldPath, Finding, show

_MOST_NODES = 50_000  # aliases of aliases can grow a small file without bound
_CORE = "tag:yaml.org,2002:"
_PLAIN_TAGS = {f"{_CORE}{name}" for name in ("null", "bool", "int", "float", "timestamp", "value", "merge", "str")}
_COLLECTION_TAGS = {f"{_CORE}map", f"{_CORE}seq"}
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)", re.ASCII)
_NUMBER = re.compile(r"[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?", re.ASCII)
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C reader is ten times faster where it was built


class Scalar(str):
    """A plain scalar: its text; `value` is what YAML 1.2 makes of it (text, number, true, false or None)."""

    __slots__ = ("value",)
    value: str | int | float | bool | None

    def __new__(cls, text: str) -> "Scalar":
        """Read `text`."""
        scalar = super().__new__(cls, text)
        scalar.value = _resolve(text)
        return scalar


def _resolve(text: str) -> str | int | float | bool | None:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text) if len(text) < 40 else text
    if _NUMBER.fullmatch(text):
        return float(text)
    return text


@dataclass
class RawDocument:
    """One YAML document: its data and where each key and value stands.

    `lines` maps a path to its line; `span` is the first line and the line after the last, counted from 1.
    """

    data: Any
    lines: dict[FieldPath, int]
    span: tuple[int, int]
    findings: list[tuple[int, Finding]] = field(default_factory=list)

    def line(self, path: FieldPath) -> int:
        """Return the line of `path`, or of the nearest part of it that is written."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return self.span[0]


@dataclass(frozen=True)
class SyntaxProblem:
    """Where a file stops being YAML."""

    line: int
    message: str
    remedy: str


def parse_yaml(text: str) -> tuple[list[RawDocument], SyntaxProblem | None]:
    """Return the documents of `text` and, where it stops being YAML, the place; empty documents are left out."""
    documents: list[RawDocument] = []
    try:
        for node in _nodes(text):
            documents.append(_Construction().document(node))
    except yaml.MarkedYAMLError as error:
        return documents, _syntax_problem(error, text)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        return documents, SyntaxProblem(
            line, "a character that may not stand in YAML", "remove it or write it as an escape"
        )
    except RecursionError:
        return documents, SyntaxProblem(1, "the file is nested too deeply to be read", "write flat fields")
    return documents, None


def _nodes(text: str) -> Iterator[yaml.Node]:
    loader = _LOADER(text)
    try:
        while loader.check_node():
            node = loader.get_node()
            if node is not None and not (isinstance(node, yaml.ScalarNode) and node.value == ""):
                yield node
    finally:
        loader.dispose()


def _syntax_problem(error: yaml.MarkedYAMLError, text: str) -> SyntaxProblem:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark is not None else 1
    said = error.problem or error.context or "not YAML"
    begun = error.context_mark.line + 1 if error.context_mark is not None else line
    since = f" (in what begins on line {begun})" if begun != line else ""
    written = text.split("\n")
    if line <= len(written) and re.match(r"\s*\t", written[line - 1]):
        return SyntaxProblem(line, "a tab where the line is indented", "indent with spaces")
    remedy = "check the indentation, and put quotes around text that holds ': ' or ' #' or begins with a sign"
    return SyntaxProblem(line, f"this is not YAML: {said}{since}", remedy)


class _Endless(Exception):
    """An alias grows without end: (line, path)."""


class _Construction:
    """Builds the data of one document."""

    _NOT_A_TAG: ClassVar[str] = "leave the tag out; text is put in quotes"

    def __init__(self) -> None:
        self.lines: dict[FieldPath, int] = {}
        self.findings: list[tuple[int, Finding]] = []
        self.open: set[int] = set()
        self.count = 0

    def document(self, node: yaml.Node) -> RawDocument:
        try:
            data = self.build(node, ())
        except _Endless as endless:
            line, path = endless.args
            data = {}
            message = "an alias repeats itself, or repeats others, without end"
            self.findings.append((line, Finding(path, None, message, "write the fields out")))
        end = node.end_mark.line + (1 if node.end_mark.column else 0)
        return RawDocument(data, self.lines, (node.start_mark.line + 1, end + 1), self.findings)

    def build(self, node: yaml.Node, path: FieldPath) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        self.count += 1
        if self.count > _MOST_NODES or id(node) in self.open:
            raise _Endless(node.start_mark.line + 1, path)
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node, path)
        if node.tag not in _COLLECTION_TAGS:
            self.note(node, Finding(path, node.tag, f"{node.tag!r} is a tag, and tags are not read", self._NOT_A_TAG))
        self.open.add(id(node))
        built: Any
        if isinstance(node, yaml.SequenceNode):
            built = [self.build(item, (*path, index)) for index, item in enumerate(node.value)]
        else:
            built = self.mapping(node, path)
        self.open.discard(id(node))
        return built

    def scalar(self, node: yaml.ScalarNode, path: FieldPath) -> str:
        if node.tag not in _PLAIN_TAGS:
            self.note(node, Finding(path, node.tag, f"{node.tag!r} is a tag, and tags are not read", self._NOT_A_TAG))
        plain = node.style in {None, ""}
        return Scalar(node.value) if plain else str(node.value)

    def mapping(self, node: yaml.Node, path: FieldPath) -> dict[str, Any]:
        built: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.note(
                    key_node, Finding(path, None, "a list or mapping stands where a name must stand", "write a name")
                )
                continue
            key = str(key_node.value)
            if key == "<<" and key_node.style in {None, ""}:
                merged = {**self.merge(value_node, path), **merged}
                continue
            here = (*path, key)
            if key in built:
                first = self.lines[here]
                remedy = f"it first stands on line {first}; keep one of the two"
                self.note(key_node, Finding(here, key, f"{show(key)} is written twice", remedy))
                continue
            self.lines[here] = key_node.start_mark.line + 1
            built[key] = self.build(value_node, here)
        return {**merged, **built}

    def merge(self, node: yaml.Node, path: FieldPath) -> dict[str, Any]:
        parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
        merged: dict[str, Any] = {}
        for part in parts:
            built = self.build(part, path)
            if isinstance(built, dict):
                merged = {**built, **merged}
            else:
                self.note(node, Finding(path, None, "'<<' merges something that has no fields", "merge a mapping"))
        return merged

    def note(self, node: yaml.Node, finding: Finding) -> None:
        self.findings.append((node.start_mark.line + 1, finding))
