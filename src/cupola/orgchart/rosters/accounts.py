"""What an account of a budget buys, and which money is technology wherever in the budget it stands."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from cupola.orgchart.rosters.counts import Amount

OTHER = "other"


@dataclass(frozen=True)
class AccountRule:
    """What an account buys: the key of a purpose, whether it is technology, and the names it fits."""

    key: str
    technology: bool
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Purpose:
    """What one account was found to buy. `settled`: a person said so; else a rule did, or none (`other`)."""

    key: str
    technology: bool
    settled: bool = False


@dataclass(frozen=True)
class Spending:
    """The money of one department and purpose in one period, in cents, and the accounts it is in."""

    period: str
    department: str
    purpose: str
    technology: bool
    cents: int
    accounts: tuple[tuple[str, int], ...]


@cache
def account_rules() -> tuple[AccountRule, ...]:
    """Return the rules that come with Cupola, in the order they are tried."""
    text = files("cupola.orgchart.rosters").joinpath("accounts.yaml").read_text(encoding="utf-8")
    return tuple(
        AccountRule(one["key"], one["technology"], re.compile(one["pattern"], re.IGNORECASE))
        for one in yaml.safe_load(text)
    )


def purpose_of(account: str, *, settled: Mapping[str, Purpose] | None = None) -> Purpose:
    """Return what an account buys: as a person settled it, else by the first rule that fits, else `other`."""
    name = " ".join(account.split())
    said = (settled or {}).get(name.lower())
    if said:
        return said
    rule = next((one for one in account_rules() if one.pattern.search(name)), None)
    return Purpose(rule.key, rule.technology) if rule else Purpose(OTHER, technology=False)


def spending(amounts: Iterable[Amount], *, settled: Mapping[str, Purpose] | None = None) -> tuple[Spending, ...]:
    """Return the money by period, department and purpose, each with its accounts, largest first."""
    held: dict[tuple[str, str, str, bool], dict[str, int]] = {}
    for one in amounts:
        purpose = purpose_of(one.account, settled=settled)
        accounts = held.setdefault((one.period, one.department, purpose.key, purpose.technology), {})
        accounts[one.account] = accounts.get(one.account, 0) + one.cents
    return tuple(
        Spending(
            *key, cents=sum(accounts.values()), accounts=tuple(sorted(accounts.items(), key=lambda pair: -pair[1]))
        )
        for key, accounts in sorted(held.items(), key=lambda pair: (pair[0][0], -sum(pair[1].values()), pair[0]))
    )
