from tests.web.explore_world import TODAY, asked, make_subject

from cupola.web.data.queries.exploring.soqltext import Question, question
from cupola.web.data.queries.exploring.steps import round_width, settled


def put(query_string: str) -> Question:
    return question(settled(asked(query_string), make_subject()), make_subject(), today=TODAY)


def test_rows_come_newest_first() -> None:
    assert put("").parameters(limit=100) == [("$order", "issued_on DESC NULL LAST"), ("$limit", "100")]


def test_every_test_becomes_a_condition() -> None:
    assert put("where.ward=4&where.ward=11").where == "ward IN ('4', '11')"
    assert put("where.ward=O%27Hare&where.ward.empty=yes").where == "(ward = 'O''Hare' OR ward IS NULL)"
    assert put("where.number.contains=b-1").where == "caseless_contains(number, 'b-1')"
    assert put("where.cost.from=10&where.cost.to=20").where == "cost >= 10 AND cost <= 20"
    assert put("where.vacant=no&where.floors=3").where == "floors = 3 AND vacant = false"
    assert put("where.status.empty=no&q=roof").where == "status IS NOT NULL"


def test_days_are_a_stretch_whose_end_is_excluded() -> None:
    assert put("where.issued_on.in=last-year").where == "issued_on >= '2025-01-01' AND issued_on < '2026-01-01'"
    assert put("where.issued_on.from=2025-03&where.issued_on.to=2025-03").where == (
        "issued_on >= '2025-03-01' AND issued_on < '2025-04-01'"
    )


def test_an_instant_is_read_as_local_time() -> None:
    assert put("where.seen_at.to=2025").where == ("to_floating_timestamp(seen_at, 'America/Chicago') < '2026-01-01'")
    assert put("group=seen_at.hour").select.startswith(
        "date_extract_hh(to_floating_timestamp(seen_at, 'America/Chicago')) AS seen_at_hour"
    )


def test_groups_and_summaries_become_one_query() -> None:
    found = put("group=ward&sum=cost&where.issued_on.in=2025")
    assert found.text(limit=10) == (
        "SELECT ward, count(*) AS count, sum(cost) AS sum_cost WHERE issued_on >= '2025-01-01' AND issued_on <"
        " '2026-01-01' GROUP BY ward ORDER BY sum_cost DESC NULL LAST, ward LIMIT 10"
    )


def test_periods_stand_in_their_order_and_names_by_size() -> None:
    assert put("group=issued_on.year,status").order == "issued_on_year, status"
    assert put("group=status").order == "count DESC NULL LAST, status"
    assert put("group=status&sort=status").order == "status"


def test_steps_have_round_edges_and_end_where_the_usual_values_end() -> None:
    found = put("group=cost.steps")
    step = "least(greatest(floor(cost / 1000) * 1000, 0), 11000)"
    assert found.select == f"CASE WHEN cost IS NOT NULL THEN {step} END AS cost_from, count(*) AS count"
    assert found.group == "cost_from"


def test_a_step_is_one_two_or_five_times_a_power_of_ten() -> None:
    assert [round_width(span) for span in (12, 13, 60, 7, 0.024, 0, 1_000_000)] == [1, 2, 5, 1, 0.002, 1, 100_000]


def test_a_column_called_count_does_not_hide_the_count() -> None:
    subject = make_subject()
    named = type(subject)(**{**_facts(subject), "fields": (*subject.fields, subject.fields[0].__class__(
        name="count", title="Count", type="integer", kind=subject.field("floors").kind))})  # fmt: skip
    assert question(asked("group=ward"), named, today=TODAY).select == "ward, count(*) AS count_of_rows"


def _facts(subject: object) -> dict[str, object]:
    names = ("key", "title", "row", "version", "rows", "committed_at", "time")
    return {name: getattr(subject, name) for name in names}
