"""Questions to the library, with the answers checked by hand against the tables."""

from datetime import date

from cupola.folder.library import jurisdictions
from cupola.orgchart import Answer
from cupola.orgchart.edits import EditKind, diff
from cupola.orgchart.states import state_of
from cupola.orgchart.timeline import by_year, closed_after_change, conversions, places, under
from cupola.orgchart.vocabulary import Status

ALL = tuple(jurisdictions().values())


def sat(place: str, on: str) -> set[tuple[str, Answer, str]]:
    found = places((jurisdictions()[place],), "cdo-data", on=date.fromisoformat(on))
    return {(str(one.fact.value), one.answer, ",".join(one.fact.sources)) for one in found}


def changes(place: str, first: str, last: str) -> dict[tuple[str, EditKind], tuple[str, ...]]:
    history = jurisdictions()[place].history
    since, until = date.fromisoformat(first), date.fromisoformat(last)
    edits = diff(state_of(history.on(since)), state_of(history.on(until)), events=history.between(since, until))
    return {(edit.subject, edit.kind): edit.others for edit in edits}


def test_where_the_data_officer_of_chicago_sat() -> None:
    assert ("mayors_office", Answer.YES, "h5,h7") in sat("chicago", "2012-05-01")
    assert ("it_department", Answer.YES, "h7,h8,h10") in sat("chicago", "2013-01-01")
    assert sat("chicago", "2021-01-01") == {("mayors_office", Answer.POSSIBLE, "h11")}


def test_what_changed_in_chicago_from_2019_to_2024() -> None:
    found = changes("chicago", "2019-12-31", "2024-12-31")
    assert found["doit", EditKind.MERGED] == ("ais",)
    assert found["dti", EditKind.SPLIT] == ("ais",)
    assert ("chief-information-officer", EditKind.MOVED) in found
    assert ("chief-data-officer", EditKind.HOUSED_IN_CHANGED) in found
    assert ("chief-technology-officer-2022", EditKind.CREATED) in found
    assert EditKind.CLOSED not in {kind for _, kind in found}


def test_philadelphia_split_in_2016_and_merged_again_in_2019() -> None:
    assert changes("philadelphia", "2016-03-01", "2016-12-31")["oddt", EditKind.SPLIT] == ("oit",)
    assert changes("philadelphia", "2018-12-31", "2020-01-31")["oddt", EditKind.MERGED] == (
        "oit",
        "chief-administrative-office",
    )


def test_chicago_merged_in_2020_and_split_in_2024() -> None:
    assert changes("chicago", "2019-12-31", "2021-01-31")["doit", EditKind.MERGED] == ("ais",)
    split = changes("chicago", "2023-12-31", "2025-01-31")
    assert split["dti", EditKind.SPLIT] == ("ais",)
    assert split["fleet-and-facility-management-again", EditKind.SPLIT] == ("ais",)


def test_who_had_the_data_officer_under_the_cio_in_december_2016() -> None:
    found = under(ALL, "cdo-data", "cio", on=date(2016, 12, 15))
    assert {one.jurisdiction for one in found if one.fact.status is Status.CONFIRMED} == {"boston", "chicago"}
    assert {one.jurisdiction for one in found if one.fact.status is Status.CLAIMED} == {"california", "los-angeles"}


def test_which_offices_closed_within_two_years_of_a_new_mayor() -> None:
    found = {(one.jurisdiction, one.office): one.answer for one in closed_after_change(ALL)}
    assert found == {
        ("kansas-city", "innovation-office"): Answer.YES,
        ("philadelphia", "new-urban-mechanics"): Answer.YES,
    }


def test_how_long_teams_paid_by_a_grant_took_to_be_budgeted() -> None:
    found = {(one.jurisdiction, one.office): (one.fewest_days, one.most_days) for one in conversions(ALL)}
    assert found == {
        ("boston", "housing-innovation-lab"): (732, 1126),  # December 2014 to some day of 2017
        ("los-angeles", "innovation-team"): (1278, 1338),  # December 2014 to July 2018
    }


def test_the_essay_and_the_sources_on_san_francisco_stand_side_by_side() -> None:
    assert sat("san-francisco", "2014-06-01") == {
        ("it_department", Answer.YES, "E"),
        ("budget_office", Answer.POSSIBLE, "s6,s7"),
        ("city_administrator", Answer.POSSIBLE, "s10,s11"),
    }


def test_data_officers_year_by_year() -> None:
    found = by_year(ALL, "cdo-data", first=2010, last=2016)
    sure = {year: {one.jurisdiction for one in said if one.answer is Answer.YES} for year, said in found.items()}
    assert sure[2010] == set()
    assert sure[2011] == {"chicago"}
    assert sure[2016] >= {"boston", "chicago", "los-angeles", "philadelphia", "san-diego", "kansas-city", "california"}
