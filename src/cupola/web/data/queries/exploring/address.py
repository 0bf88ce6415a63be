"""A question as an address: readable, complete, and always written the same way."""

from urllib.parse import quote

from cupola.web.data.queries.exploring.exploration import Condition, Exploration, How, Show

Parameters = list[tuple[str, str]]


def parameters(asked: Exploration) -> Parameters:
    """Return the question as names and values, in the order an address has them."""
    found: Parameters = [pair for one in asked.conditions for pair in _condition(one)]
    found += [("q", asked.words)]
    found += [("group", ",".join(one.written for one in asked.groups))]
    for how in How:
        found += [(how.value, ",".join(one.column for one in asked.measures if one.how is how))]
    found += [("columns", ",".join(asked.columns)), ("sort", asked.sort.written if asked.sort else "")]
    found += [("show", "" if asked.show is Show.TABLE else asked.show.value)]
    found += [("vintage", asked.vintage), ("as_of", asked.as_of)]
    found += [("version", str(asked.version or "")), ("page", str(asked.page) if asked.page > 1 else "")]
    return [(name, value) for name, value in found if value]


def query_string(asked: Exploration) -> str:
    """Return the question as the part of an address after the question mark."""
    return "&".join(f"{name}={quote(value, safe=',:.-_')}" for name, value in parameters(asked))


def address(asked: Exploration) -> str:
    """Return a link to the question from another question to the same dataset."""
    text = query_string(asked)
    return f"?{text}" if text else "."


def _condition(one: Condition) -> Parameters:
    name = f"where.{one.column}"
    pairs = [(name, value) for value in one.values]
    empty = {True: "yes", False: "no", None: ""}[one.empty]
    tests = {"contains": one.contains, "in": one.period, "from": one.since, "to": one.until, "empty": empty}
    return [*pairs, *((f"{name}.{test}", value) for test, value in tests.items() if value)]
