"""Seats, vacancies, quorum, conflicts and votes."""

from dataclasses import replace
from datetime import date

import pytest

from cupola.councils import (
    Basis,
    Body,
    MustRecuse,
    NoQuorum,
    QuorumImpossible,
    Seat,
    Term,
    at_risk,
    conflicts,
    count_vote,
    standing,
)

ON = date(2026, 5, 1)
LONG = Term(date(2024, 1, 1), date(2028, 1, 1), "a member")


def seats(count: int, **changes: Term) -> tuple[Seat, ...]:
    """Return seats s0, s1, ... held by a member each, some by other terms."""
    return tuple(
        Seat(f"s{n}", "business" if n % 2 else "university", terms=(changes.get(f"s{n}", LONG),)) for n in range(count)
    )


def test_a_majority_of_seats_does_not_shrink_with_vacancies() -> None:
    gone = Term(date(2024, 1, 1), date(2026, 1, 1), "a member")
    body = Body("council", seats(7, s0=gone, s1=gone, s2=gone, s3=gone))
    found = standing(body, ON)
    assert (found.members, found.quorum, found.can_meet, found.may_miss) == (3, 4, False, -1)
    by_members = standing(replace(body, basis=Basis.MEMBERS), ON)
    assert (by_members.quorum, by_members.can_meet, by_members.may_miss) == (2, True, 1)


def test_a_vacancy_is_overdue_after_its_days_and_named_with_its_sector() -> None:
    gone = Term(date(2024, 1, 1), date(2026, 4, 1), "a member")
    body = Body("council", (*seats(3, s1=gone), Seat("s9", "labor")), fill_days=29)
    first, never = standing(body, ON).vacancies
    assert (first.seat, first.sector, first.since, first.days, first.overdue) == (
        "s1", "business", date(2026, 4, 1), 30, True,
    )  # fmt: skip
    assert (never.seat, never.since, never.overdue) == ("s9", None, True)
    assert not standing(replace(body, fill_days=30), ON).vacancies[0].overdue
    assert standing(body, ON).sectors == {"university": (2, 2), "business": (0, 1), "labor": (0, 1)}


def test_a_member_holds_over_until_the_next_is_named_only_where_the_rules_say_so() -> None:
    over = Term(date(2020, 1, 1), date(2026, 1, 1), "a member")
    body = Body("council", seats(3, s0=over))
    assert standing(body, ON).members == 2
    found = standing(replace(body, holdover=True), ON)
    assert (found.members, found.held_over, found.vacancies) == (3, ("s0",), ())


def test_a_term_that_ends_soon_is_named() -> None:
    body = Body("council", seats(3, s2=Term(date(2024, 1, 1), date(2026, 7, 1), "a member")))
    assert standing(body, ON).ending == (("s2", date(2026, 7, 1)),)
    assert standing(body, ON, soon_days=60).ending == ()


def test_the_last_day_of_a_term_is_not_in_it() -> None:
    body = Body("council", seats(1, s0=Term(date(2024, 1, 1), ON, "a member")))
    assert standing(body, ON).members == 0
    assert standing(body, date(2026, 4, 30)).members == 1


@pytest.mark.parametrize("quorum", [0, 6])
def test_a_quorum_must_fit_the_seats(quorum: int) -> None:
    with pytest.raises(QuorumImpossible):
        standing(Body("council", seats(5), quorum=quorum), ON)


def test_nothing_is_decided_without_a_quorum() -> None:
    body = Body("council", seats(5))
    with pytest.raises(NoQuorum, match="2 members are present and 3"):
        count_vote(body, {"s0": "yes", "s1": "yes"}, on=ON)


def test_a_tie_does_not_pass_and_abstentions_count_for_the_quorum_only() -> None:
    body = Body("council", seats(5))
    tie = count_vote(body, {"s0": "yes", "s1": "no", "s2": "abstain"}, on=ON)
    assert (tie.yes, tie.no, tie.abstained, tie.needed, tie.passed) == (1, 1, 1, 2, False)
    assert count_vote(body, {"s0": "yes", "s1": "abstain", "s2": "abstain"}, on=ON).passed
    two_thirds = count_vote(body, {f"s{n}": "yes" if n < 3 else "no" for n in range(5)}, on=ON, share=2 / 3)
    assert (two_thirds.needed, two_thirds.passed) == (4, False)


def test_a_holder_with_an_interest_must_step_aside() -> None:
    owner = replace(LONG, interests=frozenset({"Hollis Foundation"}))
    body = Body("council", seats(3, s1=owner), recused_count=False)
    assert conflicts(body, ["hollis foundation ", "Other"], on=ON) == {"s1": ("Hollis Foundation",)}
    with pytest.raises(MustRecuse, match="s1"):
        count_vote(body, {"s0": "yes", "s1": "yes", "s2": "yes"}, on=ON, subjects=["Hollis Foundation"])
    votes = {"s0": "yes", "s1": "recused", "s2": "no"}
    assert count_vote(body, votes, on=ON, subjects=["Hollis Foundation"]).recused == 1
    with pytest.raises(NoQuorum):
        count_vote(body, {"s0": "yes", "s1": "recused"}, on=ON, subjects=["Hollis Foundation"])
    assert count_vote(replace(body, recused_count=True), {"s0": "yes", "s1": "recused"}, on=ON).passed


def test_a_former_holder_has_no_conflict() -> None:
    past = Term(date(2020, 1, 1), date(2024, 1, 1), "x", frozenset({"Vendor"}))
    body = Body("council", (Seat("s0", terms=(past, LONG)),))
    assert conflicts(body, ["Vendor"], on=ON) == {}


def test_a_meeting_is_at_risk_when_those_who_usually_come_are_too_few() -> None:
    body = Body("council", seats(7))
    assert not at_risk(body, ON, attendance=[])
    assert at_risk(body, ON, attendance=[(3, 7), (4, 7), (3, 7), (7, 7)])
    assert not at_risk(body, ON, attendance=[(6, 7), (5, 7), (4, 7)])
