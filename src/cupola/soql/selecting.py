"""Select lists: stars, aliases, names nobody gave, and which alias must be known before which."""

from collections.abc import Sequence
from dataclasses import dataclass

from cupola.soql.checking import Checker, Scope, column_value
from cupola.soql.names import implicit_name
from cupola.soql.tree import Call, Expression, Literal, Name, Select, Star
from cupola.soql.typed import Typed


@dataclass(frozen=True)
class Selection:
    """The columns of a stage's answer, in order, by their names as shown."""

    columns: tuple[tuple[str, Typed], ...]


@dataclass(frozen=True)
class _Entry:
    name: str
    expression: Expression | None  # None: the column stands in `value` already
    value: Typed | None
    plain: bool  # a column under its own name


class Aliases:
    """The names of one select list, and their values once checked. Names are caseless."""

    def __init__(self, select: Select, scope: Scope, *, system_fields: bool) -> None:
        self.scope = scope
        self.used: set[str] = set()
        self.checker = Checker(scope, self.value, self.used)
        self.entries: list[_Entry] = []
        self.by_word: dict[str, _Entry] = {}
        self.values: dict[str, Typed] = {}
        self.open: list[str] = []
        for star in select.stars or self._default(select, system_fields):
            self._add_star(star)
        self._add_selected(select)

    def selection(self) -> Selection:
        """Check every entry and return the columns of the answer."""
        return Selection(tuple((entry.name, self._checked(entry)) for entry in self.entries))

    def value(self, word: str, offset: int) -> Typed | None:
        """Return the checked value of an alias, or None where the name is none, or stands in its own definition."""
        entry = self.by_word.get(word)
        if entry is None or (self.open and self.open[-1] == word):
            return None
        if word in self.open:
            message = f"The alias {entry.name} is defined by itself"
            raise self.checker.fault("circular-alias-definition", message, offset, column=entry.name)
        return self._checked(entry)

    def _checked(self, entry: _Entry) -> Typed:
        if entry.value is not None:
            return entry.value
        word = entry.name.lower()
        if word not in self.values:
            assert entry.expression is not None
            self.open.append(word)
            self.values[word] = self.checker.check(entry.expression)
            self.open.pop()
        return self.values[word]

    @staticmethod
    def _default(select: Select, system_fields: bool) -> Sequence[Star]:
        if select.selected:
            return ()
        return (Star(True, (), -1), Star(False, (), -1)) if system_fields else (Star(False, (), -1),)

    def _add_star(self, star: Star) -> None:
        without: set[str] = set()
        for name in star.without:
            left_out = self.checker.column(name).column.name
            if left_out.startswith(":") is not star.system or left_out in without:
                raise self.checker.fault(
                    "repeated-exception", f"{name.text} cannot be left out here", name.offset, column=name.text
                )
            without.add(left_out)
        for column in self.scope.columns.values():
            if column.name.startswith(":") is star.system and column.name not in without:
                if column.going:
                    self.used.add(column.name.lower())
                value = column_value(column, first=self.scope.first, offset=star.offset)
                self._add(_Entry(column.name, None, value, True), star.offset)

    def _add_selected(self, select: Select) -> None:
        named = [entry.alias or _own_name(entry.expression) for entry in select.selected]
        taken = {*self.by_word, *(name.word for name in named if name), *self.scope.columns}
        numbers: dict[str, int] = {}
        for entry, name in zip(select.selected, named, strict=True):
            expression = entry.expression
            if name is None:
                shown = implicit_name(expression, taken, numbers)
                taken.add(shown.lower())
                self._add(_Entry(shown, expression, None, False), expression.offset)
            elif entry.alias is None and isinstance(expression, Name):
                value = self.checker.column(expression)
                former = expression.word in self.scope.former and expression.word not in self.scope.columns
                shown = expression.text if former else value.column.name
                self._add(_Entry(shown, None, value, True), name.offset)
            else:
                self._add(_Entry(name.text, expression, None, False), name.offset)

    def _add(self, entry: _Entry, offset: int) -> None:
        word = entry.name.lower()
        if word in self.by_word:
            message = f"Two columns of the answer are called {entry.name}; give one another name with AS"
            raise self.checker.fault("duplicate-alias", message, offset, column=entry.name)
        self.by_word[word] = entry
        self.entries.append(entry)


def _own_name(expression: Expression) -> Name | None:
    return expression if isinstance(expression, Name) else None


def is_literal(expression: Expression) -> bool:
    """Return whether an expression is written as a literal."""
    while isinstance(expression, Call) and expression.name == "#parentheses":
        expression = expression.arguments[0]
    return isinstance(expression, Literal)
