"""Tokens -> tree, one stage after another: clauses and the select list. Expressions are in `parser_expressions`."""

from dataclasses import replace

from cupola.soql.lexer import Kind, tokens
from cupola.soql.parser_expressions import ExpressionParser
from cupola.soql.tree import Count, Expression, Name, Ordering, Select, Selected, Star

_SET_OPERATIONS = frozenset({"union", "intersect", "minus"})
_JOINS = frozenset({"join", "left", "right", "full", "inner", "outer", "lateral", "cross"})
MOST_STAGES = 20
_LARGEST = 2**63 - 1


class Parser(ExpressionParser):
    """Reads one text: a whole query, or the clause of it that begins at `base` of the `whole`."""

    def __init__(self, clause: str, *, whole: str | None = None, base: int = 0) -> None:
        super().__init__(clause if whole is None else whole, tokens(clause, base=base))

    def query(self) -> list[Select]:
        """Read a whole query: stages between pipes."""
        stages = [self.stage()]
        while self.take_sign("|>"):
            stages.append(self.stage())
            if len(stages) > MOST_STAGES:
                raise self.malformed(f"A query has at most {MOST_STAGES} stages")
        self.end()
        return stages

    def stage(self) -> Select:
        """Read SELECT and what follows, up to a pipe or the end."""
        select = Select()
        if self.take_word("select"):
            select = self.selection()
        self._refuse_from()
        select = replace(select, where=(self.expression(),)) if self.take_word("where") else select
        if self.take_words("group", "by"):
            select = replace(select, group=self.group())
        if self.take_word("having"):
            select = replace(select, having=self.expression())
        return self._tail(select)

    def _tail(self, select: Select) -> Select:
        """Read ORDER BY, SEARCH, LIMIT and OFFSET; SEARCH may stand before ORDER BY."""
        for _ in range(2):
            if self.take_words("order", "by"):
                select = replace(select, order=self.order())
            if self.take_word("search"):
                select = replace(select, search=(self.text_literal(),))
        for _ in range(2):
            if self.take_word("limit"):
                select = replace(select, limit=self.count("LIMIT").value)
            if self.take_word("offset"):
                select = replace(select, offset=self.count("OFFSET").value)
        self._refuse_sets()
        return select

    def selection(self) -> Select:
        """Read what stands after SELECT."""
        distinct = self.take_word("distinct")
        if distinct and self.at_word("on"):
            raise self.unsupported("DISTINCT ON")
        stars: list[Star] = []
        selected: list[Selected] = []
        while True:
            if star := self._star():
                if selected:
                    raise self.fault("Stars must come first in a select list", star.offset)
                stars.append(star)
            else:
                selected.append(self._selected())
            if not self.take_sign(","):
                break
        return Select(tuple(stars), tuple(selected), distinct)

    def _star(self) -> Star | None:
        token = self.token
        if not (self.take_sign("*") or self.take_sign(":*")):
            return None
        without: list[Name] = []
        if self.at_sign("(") and self.peek().word == "except":
            self.advance()
            self.advance()
            without.append(self.name())
            while self.take_sign(","):
                without.append(self.name())
            self.expect_sign(")")
        return Star(token.value == ":*", tuple(without), token.offset)

    def _selected(self) -> Selected:
        expression = self.expression()
        if not self.take_word("as"):
            return Selected(expression, None)
        if self.token.kind is Kind.SYSTEM:
            raise self.fault("An alias cannot begin with a colon", self.token.offset)
        if self.token.kind is Kind.NAME:  # even a keyword, as nothing else can stand here
            return Selected(expression, self._any_name())
        return Selected(expression, self.name())

    def _any_name(self) -> Name:
        token = self.advance()
        return Name(token.value, token.offset)

    def group(self) -> tuple[Expression, ...]:
        """Read what stands after GROUP BY."""
        terms = [self.expression()]
        while self.take_sign(","):
            terms.append(self.expression())
        return tuple(terms)

    def order(self) -> tuple[Ordering, ...]:
        """Read what stands after ORDER BY."""
        terms = [self._ordering()]
        while self.take_sign(","):
            terms.append(self._ordering())
        return tuple(terms)

    def _ordering(self) -> Ordering:
        expression = self.expression()
        descending = self.take_word("desc")
        if not descending:
            self.take_word("asc")
        first = descending
        if self.take_word("null") or self.take_word("nulls"):
            first = self.take_word("first")
            if not first and not self.take_word("last"):
                raise self.expected("FIRST or LAST")
        return Ordering(expression, descending, first)

    def count(self, clause: str) -> Count:
        """Read a number of rows."""
        token = self.token
        if token.kind is not Kind.NUMBER or not token.value.isdigit():
            raise self.expected(f"a whole number of rows after {clause}")
        if int(token.value) > _LARGEST:
            raise self.fault(f"{clause} is at most {_LARGEST}", token.offset)
        self.advance()
        return Count(int(token.value), token.offset)

    def text_literal(self) -> str:
        """Read a text in quotes."""
        token = self.token
        if token.kind is not Kind.TEXT:
            raise self.expected("a text in quotes after SEARCH")
        self.advance()
        return token.value

    def end(self) -> None:
        """Check that nothing follows."""
        self._refuse_from()
        self._refuse_sets()
        if self.token.kind is not Kind.END:
            raise self.expected("the end of the query")

    def _refuse_from(self) -> None:
        if self.at_word("from"):
            raise self.unsupported("FROM (a query reads the dataset of its address)")
        if self.token.word in _JOINS and self._joins():
            raise self.unsupported("JOIN")

    def _joins(self) -> bool:
        following = [token.word for token in self.tokens[self.index : self.index + 3]]
        return self.token.kind is Kind.NAME and ("join" in following or self.peek().kind is Kind.TABLE)

    def _refuse_sets(self) -> None:
        if self.token.kind is Kind.NAME and self.token.word in _SET_OPERATIONS:
            raise self.unsupported(self.token.word.upper())
