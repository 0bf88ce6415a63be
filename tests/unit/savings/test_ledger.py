"""What claims come to, in cents, by year, fund and column."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from claims import RULES, budgeted, make_claim

from cupola.savings import (
    Cost,
    Flow,
    Kind,
    Recurrence,
    Status,
    Step,
    StepGoesBack,
    StepNotPossible,
    VerifiedByClaimant,
    banked_recurring,
    check_step,
    flows,
    ledger,
    present_value,
    rate_of_return,
    read_claim,
    worth,
)
from cupola.savings.discounting import NoRateOfReturn, RateOutOfRange


def test_the_worked_example_is_exact() -> None:
    # 3,000 in year 1, 500 a year for 20 years, 3 %: Aos, Washington State Institute for Public Policy
    found = worth([50_000] * 20, [300_000] + [0] * 19, Decimal("0.03"))
    assert (found.benefits, found.costs, found.net) == (743_874, 291_262, 452_612)
    assert f"{found.ratio:.2f}" == "2.55"
    rate = rate_of_return([50_000 - 300_000, *[50_000] * 19])
    assert f"{rate:.2%}" == "19.30%"
    assert found.payback_year == 6


def test_money_now_is_not_discounted_when_the_first_year_is_zero() -> None:
    assert present_value([100_00, 103_00], Decimal("0.03"), first=0) == 200_00


def test_amounts_that_never_change_sign_have_no_rate_of_return() -> None:
    with pytest.raises(NoRateOfReturn):
        rate_of_return([100, 200])
    with pytest.raises(RateOutOfRange):
        present_value([1], Decimal(-1))


def test_a_year_is_gross_own_cost_net_and_bankable() -> None:
    claim = make_claim(decay=Decimal("0.1"), deadweight=Decimal("0.2"))
    assert flows(claim) == (
        Flow(2025, 1_200_000, 960_000, 50_000, 910_000, 718_000, 718_000),
        Flow(2026, 1_080_000, 864_000, 0, 864_000, 691_200, 691_200),
        Flow(2027, 972_000, 777_600, 0, 777_600, 622_080, 622_080),
    )


def test_a_cost_before_the_first_year_counts_in_its_year() -> None:
    claim = make_claim(costs=(Cost(2024, 70_000),), last_year=2025)
    assert [(flow.year, flow.net) for flow in flows(claim)] == [(2024, -70_000), (2025, 1_200_000)]


def test_time_freed_and_costs_avoided_are_never_bankable() -> None:
    for kind in (Kind.NON_CASHABLE, Kind.AVOIDANCE):
        assert {flow.bankable for flow in flows(make_claim(kind=kind))} == {0}


def test_bankable_money_is_rounded_down() -> None:
    claim = make_claim(costs=(), last_year=2025, shares=(("licences", Decimal("0.333333")),))
    assert flows(claim)[0].bankable == 319_999  # 80 * 12,000 * 0.333333 = 319,999.68


def test_each_claim_stands_in_one_column() -> None:
    banked = budgeted(make_claim("banked"), 900_000)
    claimed = replace(make_claim("claimed"), steps=make_claim().steps[:1])
    lapsed = replace(make_claim("lapsed"), steps=(*make_claim().steps, Step(Status.LAPSED, date(2026, 2, 1), "B", "x")))
    refused = make_claim("refused", costs=None)
    freed = make_claim("freed", kind=Kind.NON_CASHABLE)
    found = ledger([banked, make_claim("verified"), claimed, lapsed, refused, freed], RULES)
    first = found.cells[0]
    assert (first.fund, first.year) == ("100", 2025)
    assert (first.banked, first.verified, first.claimed) == (910_000, 910_000, 1_150_000)
    assert (first.lapsed, first.refused, first.not_cash) == (1_150_000, 1_200_000, 1_150_000)
    assert found.total("banked") == 910_000 + 960_000 * 2


def test_only_verified_recurring_cash_of_the_same_fund_carries_a_post() -> None:
    one_off = make_claim("once", recurrence=Recurrence.ONE_OFF, last_year=2025)
    other_fund = make_claim("water", fund="300")
    early = replace(make_claim("early"), steps=make_claim().steps[:2])
    claims = [make_claim(), one_off, other_fund, early, make_claim("freed", kind=Kind.NON_CASHABLE)]
    assert banked_recurring(claims, RULES, fund="100", year=2026) == 960_000
    assert banked_recurring(claims, RULES, fund="300", year=2026) == 960_000
    assert banked_recurring(claims, RULES, fund="100", year=2029) == 0


def test_a_claim_moves_one_step_at_a_time() -> None:
    claim = make_claim()
    check_step(claim, Step(Status.BUDGETED, date(2026, 1, 1), "Budget office", "Ordinance 1"))
    with pytest.raises(StepNotPossible, match="'budgeted' or 'lapsed'"):
        check_step(claim, Step(Status.REALISED, date(2026, 1, 1), "Controller"))
    with pytest.raises(StepGoesBack):
        check_step(claim, Step(Status.BUDGETED, date(2025, 9, 30), "Budget office"))
    over = replace(claim, steps=(*claim.steps, Step(Status.LAPSED, date(2026, 1, 1), "B")))
    with pytest.raises(StepNotPossible, match="supersedes"):
        check_step(over, Step(Status.CLAIMED, date(2026, 2, 1), "B"))


def test_whoever_claims_does_not_verify() -> None:
    claim = replace(make_claim(), steps=make_claim().steps[:2])
    with pytest.raises(VerifiedByClaimant):
        check_step(claim, Step(Status.VERIFIED, date(2025, 10, 1), "innovation OFFICE", "Memo"))
    check_step(claim, Step(Status.VERIFIED, date(2025, 10, 1), "Controller", "Memo"))


def test_a_claim_is_read_from_a_document_with_money_in_cents() -> None:
    fields = {
        "key": "paper",
        "initiative": "online-forms",
        "type": "cashable",
        "definition": "Printing no longer paid",
        "recurrence": "recurring",
        "first_year": 2025,
        "last_year": 2027,
        "quantity": {"name": "letters", "unit": "letter", "value": 12000, "low": 9000.5, "high": 15000},
        "price": {"amount": 0.85, "source": "Print shop", "year": 2025},
        "costs": [{"year": 2025, "amount": 1999.99}],
        "steps": [{"status": "claimed", "on": "2025-08-01", "by": "Library"}],
    }
    claim = read_claim(fields)
    assert (claim.price.cents, claim.costs, claim.status) == (85, (Cost(2025, 199_999),), Status.CLAIMED)
    assert flows(claim)[0] == Flow(2025, 1_020_000, 1_020_000, 199_999, 820_001, 565_043, 565_043)
    assert read_claim({**fields, "costs": []}).costs is None
    assert read_claim({**fields, "costs": [], "no_costs": True}).costs == ()
