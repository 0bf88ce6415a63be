"""Every kind of defect is found by name, and nothing sound is refused."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from claims import RULES, SPOILED, ledger_with_defects, make_claim

from cupola.savings import DefectKind, find_defects, ledger


def test_a_sound_claim_has_no_defect() -> None:
    assert find_defects([make_claim()], RULES) == ()


@pytest.mark.parametrize(
    "kind", [k for k in SPOILED if k not in {DefectKind.DOUBLE_COUNTED, DefectKind.SUPERSEDED_COUNTED}]
)
def test_each_kind_is_found_and_nothing_else(kind: DefectKind) -> None:
    found = find_defects([SPOILED[kind](make_claim())], RULES)
    assert {defect.kind for defect in found} == {kind}
    assert all(defect.remedy and defect.message for defect in found)


@pytest.mark.parametrize("seed", range(5))
def test_a_ledger_of_200_claims_with_60_defects_shows_them_all_and_refuses_no_good_one(seed: int) -> None:
    claims, planted = ledger_with_defects(seed)
    assert (len(claims), len(planted), len(set(planted.values()))) == (200, 60, len(DefectKind))
    found = {(defect.claim, defect.kind) for defect in find_defects(claims, RULES)}
    assert {(key, kind) for key, kind in planted.items()} - found == set()
    assert {claim for claim, _kind in found if claim.startswith("good")} == set()
    flagged = {key for key, kind in planted.items() if kind in {"realised_below_budget", "price_year_differs"}}
    assert ledger(claims, RULES).refused() == planted.keys() - flagged


def test_two_claims_may_divide_one_effect_where_both_say_so() -> None:
    half = (("a", Decimal("0.6")), ("b", Decimal("0.4")))
    a, b = (
        replace(make_claim(key, shares=half), quantity=replace(make_claim().quantity, name="licences")) for key in "ab"
    )
    assert find_defects([a, b], RULES) == ()
    greedy = replace(b, shares=(("a", Decimal("0.5")), ("b", Decimal("0.5"))))
    kinds = {defect.kind for defect in find_defects([a, greedy], RULES)}
    assert kinds == {DefectKind.DOUBLE_COUNTED, DefectKind.SHARES_OVER_ONE}


def test_the_same_quantity_in_another_year_is_not_counted_twice() -> None:
    a = make_claim("a", last_year=2025)
    b = replace(make_claim("b", first_year=2026, last_year=2027), quantity=a.quantity)
    b = replace(b, price=replace(b.price, year=2026))
    assert find_defects([a, b], RULES) == ()


def test_a_step_dated_before_the_last_one_is_told_with_both_days() -> None:
    claim = make_claim()
    early = replace(claim.steps[2], on=date(2025, 8, 15))
    found = find_defects([replace(claim, steps=(*claim.steps[:2], early))], RULES)
    assert [(one.kind, str(one.message)) for one in found] == [
        (
            DefectKind.STEP_NOT_POSSIBLE,
            "it became 'evidenced' on 2025-09-01; 'verified' cannot be dated 2025-08-15",
        )
    ]
