"""Tokens -> expressions, by precedence climbing. What binds how tightly is in `_BINARY`."""

from typing import NoReturn

from cupola.soql import tree
from cupola.soql.errors import SoqlError, located
from cupola.soql.lexer import Kind, Token
from cupola.soql.tree import Call, Expression, Literal, Name

# Words that end an expression; as names they must stand in backticks.
RESERVED = frozenset({
    "select", "where", "group", "by", "having", "order", "limit", "offset", "search", "as", "and", "or", "not", "null",
    "is", "like", "between", "in", "true", "false", "distinct", "from", "union", "intersect", "minus", "join",
})  # fmt: skip
_OR, _AND, _NOT, _TEST, _COMPARE, _ADD, _MULTIPLY, _POWER = range(1, 9)
_BINARY = {
    "=": _COMPARE, "==": _COMPARE, "<>": _COMPARE, "!=": _COMPARE,
    "<": _COMPARE, "<=": _COMPARE, ">": _COMPARE, ">=": _COMPARE,
    "+": _ADD, "-": _ADD, "||": _ADD, "*": _MULTIPLY, "/": _MULTIPLY, "%": _MULTIPLY, "^": _POWER,
}  # fmt: skip
_SAME = {"==": "=", "!=": "<>"}
_TESTS = {"like": (tree.LIKE, tree.NOT_LIKE), "between": (tree.BETWEEN, tree.NOT_BETWEEN), "in": (tree.IN, tree.NOT_IN)}


class ExpressionParser:
    """Reads expressions; `Parser` adds the clauses."""

    def __init__(self, text: str, found: list[Token]) -> None:
        self.text = text
        self.tokens = found
        self.index = 0
        self.token = found[0]
        self.nesting = 0

    # Tokens

    def advance(self) -> Token:
        """Step over the present token and return it."""
        token = self.token
        if token.kind is not Kind.END:
            self.index += 1
            self.token = self.tokens[self.index]
        return token

    def peek(self) -> Token:
        """Return the token after the present one."""
        return self.tokens[min(self.index + 1, len(self.tokens) - 1)]

    def at_word(self, word: str) -> bool:
        """Return whether the present token is this keyword."""
        return self.token.kind is Kind.NAME and self.token.word == word

    def at_sign(self, sign: str) -> bool:
        """Return whether the present token is this sign."""
        return self.token.kind is Kind.SIGN and self.token.value == sign

    def take_word(self, word: str) -> bool:
        """Step over a keyword if it is there."""
        if not self.at_word(word):
            return False
        self.advance()
        return True

    def take_words(self, first: str, second: str) -> bool:
        """Step over two keywords that only stand together."""
        if not self.take_word(first):
            return False
        if not self.take_word(second):
            raise self.expected(second.upper())
        return True

    def take_sign(self, sign: str) -> bool:
        """Step over a sign if it is there."""
        if not self.at_sign(sign):
            return False
        self.advance()
        return True

    def expect_sign(self, sign: str) -> None:
        """Step over a sign that must be there."""
        if not self.take_sign(sign):
            raise self.expected(f"`{sign}`")

    def name(self) -> Name:
        """Read a name of a column."""
        token = self.token
        bare = token.kind is Kind.NAME and token.word not in RESERVED
        if not (bare or token.kind in {Kind.QUOTED, Kind.SYSTEM}):
            raise self.expected("a name")
        self.advance()
        return Name(token.value, token.offset)

    # Faults

    def fault(self, message: str, offset: int, code: str = "query.soql.bad-parse") -> SoqlError:
        """Return an error at an offset of the text."""
        return located(code, message, text=self.text, offset=offset)

    def malformed(self, message: str) -> SoqlError:
        """Return the error for a query over a limit."""
        return self.fault(message, self.token.offset, "query.compiler.malformed")

    def unsupported(self, what: str) -> SoqlError:
        """Return the error for a part of the language there is not yet."""
        return self.fault(f"{what} is not supported yet", self.token.offset)

    def expected(self, what: str) -> SoqlError:
        """Return the error for a token that should be another."""
        token = self.token
        if token.kind is Kind.END:
            return self.fault(f"Expected {what}, but the query ends here", token.offset)
        hint = ""
        if token.kind is Kind.NAME and token.word in RESERVED:
            hint = f"; if `{token.value}` is a column, write it in backticks"
        return self.fault(f"Expected {what}, but got {token.value[:50]!r}{hint}", token.offset)

    def _too_deep(self) -> NoReturn:
        raise self.malformed(f"The query is nested more than {tree.MOST_DEPTH} deep")

    # Expressions

    def expression(self, least: int = _OR) -> Expression:
        """Read an expression of operators that bind at least this tightly."""
        self.nesting += 1
        if self.nesting > tree.MOST_DEPTH:
            self._too_deep()
        left = self._not() if least <= _NOT and self.at_word("not") else self._unary()
        while True:
            longer = self._longer(left, least)
            if longer is None:
                break
            left = longer
            if left.depth > tree.MOST_DEPTH:
                self._too_deep()
        self.nesting -= 1
        return left

    def _longer(self, left: Expression, least: int) -> Expression | None:
        """Return `left` with the next operator and its right side, or None where no operator follows."""
        token = self.token
        if token.kind is Kind.SIGN:
            strength = _BINARY.get(token.value, 0)
            return self._binary(left, strength) if strength >= least else None
        if token.kind is not Kind.NAME:
            return None
        if token.word in {"and", "or"}:
            strength = _AND if token.word == "and" else _OR
            return self._connected(left, strength) if strength >= least else None
        return self._tested(left) if least <= _TEST else None

    def _binary(self, left: Expression, strength: int) -> Expression:
        token = self.advance()
        right = self.expression(strength if strength == _POWER else strength + 1)
        return Call(_SAME.get(token.value, token.value), (left, right), token.offset, token.value)

    def _connected(self, left: Expression, strength: int) -> Expression:
        # Kept flat: a list of a thousand conditions is wide, not deep.
        name = tree.AND if strength == _AND else tree.OR
        offset = self.token.offset
        parts = [left]
        while self.take_word("and" if strength == _AND else "or"):
            parts.append(self.expression(strength + 1))
        return Call(name, tuple(parts), offset, name[1:])

    def _not(self) -> Expression:
        token = self.advance()
        return Call(tree.NOT, (self.expression(_NOT),), token.offset, "not")

    def _tested(self, left: Expression) -> Expression | None:
        """Read IS NULL, LIKE, BETWEEN or IN, each with NOT."""
        token = self.token
        if token.word == "is":
            return self._is_null(left)
        negated = token.word == "not" and self.peek().word in _TESTS
        word = self.peek().word if negated else token.word
        if word not in _TESTS:
            return None
        if negated:
            self.advance()
        self.advance()
        name = _TESTS[word][negated]
        arguments: tuple[Expression, ...]
        if word == "in":
            self.expect_sign("(")
            arguments = self._arguments()
            if not arguments:
                raise self.fault("IN needs at least one value", token.offset)
        elif word == "like":
            arguments = (self.expression(_TEST + 1),)
        else:
            arguments = self._bounds()
        return Call(name, (left, *arguments), token.offset, word)

    def _bounds(self) -> tuple[Expression, Expression]:
        lower = self.expression(_TEST + 1)
        if not self.take_word("and"):
            raise self.expected("AND and the upper bound")
        return lower, self.expression(_TEST + 1)

    def _is_null(self, left: Expression) -> Expression:
        token = self.advance()
        negated = self.take_word("not")
        if not self.take_word("null"):
            raise self.expected("NULL" if negated else "NULL or NOT NULL")
        return Call(tree.IS_NOT_NULL if negated else tree.IS_NULL, (left,), token.offset, "is")

    def _unary(self) -> Expression:
        token = self.token
        if token.kind is Kind.SIGN and token.value in {"-", "+"}:
            self.advance()
            self.nesting += 1
            if self.nesting > tree.MOST_DEPTH:
                self._too_deep()
            argument = self._unary()
            self.nesting -= 1
            return Call(f"unary{token.value}", (argument,), token.offset, token.value)
        value = self._atom()
        while self.token.kind is Kind.SIGN and self.token.value in {".", "::", "["}:
            value = self._postfix(value)
            if value.depth > tree.MOST_DEPTH:
                self._too_deep()
        return value

    def _postfix(self, value: Expression) -> Expression:
        token = self.advance()
        if token.value == "[":
            raise self.fault("Subscripts [ ] are not supported yet", token.offset)
        name = self.name()
        kind = tree.CAST if token.value == "::" else tree.FIELD
        return Call(kind, (value,), token.offset, token.value, name.word)

    def _atom(self) -> Expression:
        token = self.token
        if token.kind in {Kind.TEXT, Kind.NUMBER}:
            self.advance()
            return Literal("text" if token.kind is Kind.TEXT else "number", token.value, token.offset)
        if token.kind is Kind.NAME:
            return self._word()
        if token.kind in {Kind.QUOTED, Kind.SYSTEM}:
            return self._named(self.name())
        if self.take_sign("("):
            inner = self.expression()
            self.expect_sign(")")
            return Call(tree.PARENTHESES, (inner,), token.offset)
        if token.kind is Kind.TABLE:
            raise self.unsupported("A table name with @")
        raise self.expected("an expression")

    def _word(self) -> Expression:
        token = self.token
        if token.word in {"true", "false", "null"}:
            self.advance()
            return Literal("null" if token.word == "null" else "boolean", token.word, token.offset)
        if token.word == "case" and self.peek().kind is Kind.NAME and self.peek().word == "when":
            return self._case()
        if token.word in RESERVED:
            raise self.expected("an expression")
        return self._named(self.name())

    def _named(self, name: Name) -> Expression:
        if not self.at_sign("(") or name.text.startswith(":"):
            return name
        self.advance()
        if self.take_sign("*"):
            self.expect_sign(")")
            call = Call(f"{name.word}(*)", (), name.offset, name.text)
        elif self.take_word("distinct"):
            call = Call(f"{name.word}_distinct", (self.expression(),), name.offset, f"{name.word}_distinct")
            self.expect_sign(")")
        else:
            call = Call(name.word, self._arguments(), name.offset, name.text)
        self._refuse_windows(name)
        return call

    def _refuse_windows(self, name: Name) -> None:
        if self.token.kind is Kind.NAME and self.token.word in {"over", "filter"} and self.peek().value == "(":
            message = f"{name.text}(...) {self.token.word.upper()} is not supported yet: there are no window functions"
            raise self.fault(message, name.offset, "query.soql.no-such-function")

    def _arguments(self) -> tuple[Expression, ...]:
        """Read arguments after an opening parenthesis, and the closing one."""
        if self.take_sign(")"):
            return ()
        found = [self.expression()]
        while self.take_sign(","):
            found.append(self.expression())
        if not self.take_sign(")"):
            raise self.expected("`,` or `)`")
        return tuple(found)

    def _case(self) -> Expression:
        token = self.advance()
        parts: list[Expression] = []
        while self.take_word("when"):
            parts.append(self.expression())
            if not self.take_word("then"):
                raise self.expected("THEN")
            parts.append(self.expression())
        if self.take_word("else"):
            parts.append(self.expression())
        if not self.take_word("end"):
            raise self.expected("WHEN, ELSE or END")
        return Call(tree.CASE, tuple(parts), token.offset, "case")
