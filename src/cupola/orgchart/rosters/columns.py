"""Which column of a roster or a budget means what, by its name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cupola.errors import InvalidInput

# In order: the first pattern that fits a column not yet taken wins. Names are compared in lower case, words apart.
_ROSTER = {
    "title": (
        r"job titles?|position titles?|title|jobtitle|job|position|classification|job class.*|class title"
        r"|class description|title description|working title|position description|cargo|puesto|denominación.*"
    ),
    "department": (
        r"department name|dept name|department|dept|agency name|agency|descr|department title|organization"
        r"|department description|dept description|home department|departamento|área|secretaría|dependencia"
    ),
    "unit": r"division|unit|bureau|office|program|section",
    "annual": (
        r"(employee )?annual salary|annual (rt|rate|pay|wages?|base pay)|base salary|budgeted salary|salary( rate)?"
        r"|(sueldo|salario|retribución)( bruto| bruta)? anual"
    ),
    "hourly": r"hourly (rate|wage|pay|salary)|rate per hour|pay per hour|salario por hora",
    "hours": r"typical hours|hours( per week|/week)?|weekly hours|std hours|standard hours|hrs ?/ ?wk|hours ?/ ?week",
    "basis": r"full( or |/)?(-)?part[- ]time|full or part time|ft ?/? ?pt|employment (type|status)",
    "fte": r"fte|full time equivalents?",
    "posts": r"headcount|head count|positions|posts|authorized positions|authorized|total positions|filled|count",
    "earned": r"total (gross|earnings|pay)|gross( pay)?|total salary|regular( earnings| pay)?|salaries|earnings",
    "fund": r"fund( name| code| description)?|funding source",
    "period": r"year|fiscal year|calendar year|vintage|as of( date)?|año",
}
_BUDGET = {
    "department": (
        r"department name|dept name|department|dept|department description|dept description|agency name|agency"
        r"|organization|departamento|área|secretaría|dependencia"
    ),
    "account": (
        r"appropriation account description|account name|account description|account|expense category|line item"
        r"|object description|object name|object|category description|category|commitment item|expenditure type"
        r"|line item description|cuenta|concepto|partida"
    ),
    "amount": (
        r"amount|ordinance amount|recommendation|appropriations?|adopted( budget)?|budget|total|importe|monto"
        r"|presupuesto"
    ),
    "fund": r"fund description|fund name|fund( type| code)?",
    "program": r"program( name)?|division|unit|bureau",
    "period": r"fiscal year|year|budget year|fy|año|ejercicio",
}
_YEARLY = re.compile(r"(?:fy ?|fiscal year )?(?:20)?(\d\d) (adopted|appropriation|budget|recommended|projected)\b.*")
_NEEDS = {
    "roster": "A roster needs a column with the department and one with the title, such as Department and Job Title",
    "budget": "A budget needs a column with the department, one with the account and one with the amount, such as "
    "Department, Account and Amount",
}


class ColumnsNotFound(InvalidInput):
    """The columns of a table cannot be read as a roster or a budget."""

    def __init__(self, kind: str, *, lacking: Sequence[str], given: Sequence[str]) -> None:
        self.kind, self.lacking, self.given = kind, tuple(lacking), tuple(given)
        there = ", ".join(given)
        super().__init__(
            f"{_NEEDS[kind]}. Not found: {' and '.join(lacking)}. The columns are {there}. Name them yourself, as in "
            f"--{kind}-column {lacking[0]}=NAME."
        )


@dataclass(frozen=True)
class RosterColumns:
    """The columns of a roster by what they mean; an empty name where there is none.

    `annual`: pay rate or budgeted pay of a year; `hourly` and `hours` a week instead; `earned`: what was paid out in
    a year, which is never shown for one person. `posts`: how many posts a row stands for; without it, one.
    """

    department: str
    title: str = ""
    unit: str = ""
    annual: str = ""
    hourly: str = ""
    hours: str = ""
    basis: str = ""
    fte: str = ""
    posts: str = ""
    earned: str = ""
    fund: str = ""
    period: str = ""


@dataclass(frozen=True)
class BudgetColumns:
    """The columns of a budget by what they mean; an empty name where there is none."""

    department: str
    account: str
    amount: str
    fund: str = ""
    program: str = ""
    period: str = ""


def roster_columns(names: Sequence[str], *, said: Mapping[str, str] | None = None) -> RosterColumns:
    """Return which column of a roster means what. `said`: what a person named, before any guess.

    Raises ColumnsNotFound.
    """
    found = _assign(names, _ROSTER, said=said or {})
    lacking = [role for role in ("department", "title") if role not in found]
    if lacking and not ("department" in found and "posts" in found):
        raise ColumnsNotFound("roster", lacking=lacking, given=names)
    return RosterColumns(**found)


def budget_columns(names: Sequence[str], *, said: Mapping[str, str] | None = None) -> BudgetColumns:
    """Return which column of a budget means what; of several yearly amounts the latest. Raises ColumnsNotFound."""
    found = _assign(names, _BUDGET, said=said or {})
    yearly = [(match[1], name) for name in names if (match := _YEARLY.fullmatch(_words(name)))]
    if yearly and "amount" not in (said or {}):
        found["amount"] = max(yearly)[1]
    lacking = [role for role in ("department", "account", "amount") if role not in found]
    if lacking:
        raise ColumnsNotFound("budget", lacking=lacking, given=names)
    return BudgetColumns(**found)


def _assign(names: Sequence[str], patterns: Mapping[str, str], *, said: Mapping[str, str]) -> dict[str, str]:
    found, free = dict(said), [name for name in names if name not in said.values()]
    for role, pattern in patterns.items():
        if role in found:
            continue
        for alternative in _alternatives(pattern):
            fitting = [name for name in free if re.fullmatch(alternative, _words(name))]
            if fitting:
                found[role] = fitting[0]
                free.remove(fitting[0])
                break
    return found


def _alternatives(pattern: str) -> list[str]:
    """Return the alternatives of a pattern in order: an earlier one is the better name for the role."""
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(pattern):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "|" and depth == 0:
            parts.append(pattern[start:place])
            start = place + 1
    return [*parts, pattern[start:]]


def _words(name: str) -> str:
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.strip())
    return re.sub(r"[\s_]+", " ", apart).strip().lower()
