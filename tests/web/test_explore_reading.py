import pytest
from tests.web.explore_world import TODAY, asked, make_subject, reading, wrong

from cupola.web.data.queries.exploring.address import address, query_string
from cupola.web.data.queries.exploring.exploration import By, Condition, Grouping, How, Measure, Show, Sort
from cupola.web.data.queries.exploring.sentences import sentences

ADDRESSES = [
    "where.issued_on.from=2025-01-01&where.ward=4&where.ward=11",
    "where.issued_on.in=last-year&group=ward&show=map",
    "where.number.contains=x%20y&where.status.empty=no&where.cost.from=10&where.cost.to=20.5",
    "q=roof&columns=number,cost&sort=-cost&page=3",
    "group=issued_on.month,status&sum=cost&average=cost&sort=-sum.cost&show=chart&version=2",
    "group=cost.steps-1000&show=chart&as_of=2026-07-01",
]


def test_an_empty_address_asks_for_all_rows() -> None:
    assert query_string(asked("")) == ""
    assert address(asked("")) == "."


@pytest.mark.parametrize("written", ADDRESSES)
def test_an_address_read_and_written_again_is_the_same(written: str) -> None:
    assert query_string(asked(written)) == written


def test_what_a_form_sends_becomes_the_short_address() -> None:
    sent = "q=&where.ward=4&where.issued_on.from=&group=ward&group=&measure=sum.cost&measure=&sort=&show=chart"
    assert query_string(asked(sent)) == "where.ward=4&group=ward&sum=cost&show=chart"


def test_all_columns_chosen_is_no_choice() -> None:
    names = "&".join(f"columns={field.name}" for field in make_subject().fields)
    assert asked(names).columns == ()


def test_each_kind_of_column_has_its_tests() -> None:
    found = asked("where.cost.from=$1,250.50&where.vacant=true&where.floors=3&where.issued_on.in=2025-03")
    assert found.conditions == (
        Condition("issued_on", period="2025-03"),
        Condition("cost", since="1250.5"),
        Condition("floors", values=("3",)),
        Condition("vacant", values=("yes",)),
    )


def test_a_column_of_dates_groups_by_month_unless_told() -> None:
    assert asked("group=issued_on").groups == (Grouping("issued_on", By.MONTH),)
    assert asked("group=issued_on.weekday,floors.steps").groups == (
        Grouping("issued_on", By.WEEKDAY),
        Grouping("floors", By.STEPS),
    )


def test_several_summaries_may_be_asked() -> None:
    assert asked("group=ward&sum=cost&median=cost&minimum=issued_on").measures == (
        Measure(How.SUM, "cost"),
        Measure(How.MEDIAN, "cost"),
        Measure(How.MINIMUM, "issued_on"),
    )


def test_an_order_that_no_longer_fits_is_dropped_without_a_word() -> None:
    assert asked("group=ward&sort=-cost").sort is None
    assert asked("group=ward&sort=-count").sort == Sort("count", descending=True)


def test_what_is_wrong_is_said_beside_its_control_and_left_out() -> None:
    found = reading("where.cost.from=lots&where.ward=4&group=colour&show=film&where.status=ajar")
    assert sorted(found.problems) == ["group", "show", "where.cost.from", "where.status"]
    assert found.problems["where.cost.from"].given == "lots"
    assert found.exploration.conditions == (Condition("ward", values=("4",)),)
    assert found.exploration.show is Show.TABLE


@pytest.mark.parametrize(
    ("given", "control", "said"),
    [
        ("where.cost.from=lots", "where.cost.from", "“lots” is no number. Write digits, as 1250 or 1250.50."),
        ("where.issued_on.to=31/12/2025", "where.issued_on.to", "is no day"),
        ("where.issued_on.in=soon", "where.issued_on.in", "is no period"),
        ("where.issued_on.from=2025-02-30", "where.issued_on.from", "is no day"),
        ("where.issued_on.from=9999", "where.issued_on.from", "is no day"),
        ("where.cost.from=9&where.cost.to=3", "where.cost.to", "The end lies before the beginning."),
        ("where.issued_on.from=2025&where.issued_on.to=2024", "where.issued_on.to", "before the beginning"),
        ("where.status=ajar", "where.status", "“ajar” is not one of the values of “Status”."),
        ("where.vacant=maybe", "where.vacant", "neither yes nor no"),
        ("where.ward.empty=maybe", "where.ward.empty", "neither yes nor no"),
        ("where.nothing=1", "where.nothing", "There is no column “nothing”."),
        ("where.place=1", "where.place", "cannot be filtered"),
        ("where.=1", "where.", "There is no column “”."),
        ("group=ward,status,floors", "group", "Group by two columns at most."),
        ("group=ward.month", "group", "cannot be grouped that way"),
        ("group=place", "group", "cannot be grouped that way"),
        ("group=cost.steps-0", "group", "no width of a step"),
        ("sum=ward", "measure", "holds no numbers"),
        ("measure=mode.cost", "measure", "no way to summarise"),
        ("sort=colour", "sort", "cannot be sorted"),
        ("page=0", "page", "no number from 1 up"),
        ("version=x", "version", "no number from 1 up"),
        ("as_of=yesterday", "as_of", "is no day"),
        ("vintage=2015", "vintage", "There is no edition"),
        ("columns=colour", "columns", "There is no column “colour”."),
        ("utm_source=mail", "", "is no choice on this page"),
    ],
)
def test_every_mistake_has_a_message(given: str, control: str, said: str) -> None:
    found = wrong(given)
    assert list(found) == [control]
    assert said in found[control]


def test_conditions_read_as_sentences() -> None:
    found = asked(
        "where.ward=4&where.ward=11&where.issued_on.from=2025-01-01&where.cost.to=1250&where.status.empty=yes"
    )
    assert [one.text for one in sentences(found, make_subject(), today=TODAY)] == [
        "Issued on is from January 1, 2025 on.",
        "Status is without a value.",
        "Ward is 4 or 11.",
        "Cost is at most 1,250.",
    ]


def test_named_periods_say_which_days_they_are_today() -> None:
    def said(period: str) -> str:
        return sentences(asked(f"where.issued_on.in={period}"), make_subject(), today=TODAY)[0].text

    assert said("last-year") == "Issued on is in last year (2025)."
    assert said("last-12-months") == "Issued on is in the last 12 months (November 2025 to October 2026)."
    assert said("2025-03") == "Issued on is in March 2025."


def test_each_sentence_can_be_taken_away_alone() -> None:
    found = asked("where.cost.from=5&where.cost.empty=no&where.ward=4&page=2")
    first = next(one for one in sentences(found, make_subject(), today=TODAY) if one.text.startswith("Cost is"))
    assert first.url == "?where.ward=4&where.cost.empty=no"
