"""Titles are read by the city's table, then by rules, the department, likeness, and else by a person."""

from random import Random

import pytest

from cupola.orgchart.titles import Group, How, Label, Level, Settled, WrongTitleRule, classify, read_rules, usual_rules
from cupola.orgchart.titles.scoring import confusion, score


def read(title: str, department: str = "Police", **settled: object) -> Label:
    return classify([(title, department)], **settled)[title, department]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("SR DATA PROC SYS ANL II (BTD)", "SENIOR DATA PROCESSING SYSTEMS ANALYST BTD"),
        ("DATAPROGRMMING&APPLICATIONTECH", "DATA PROGRAMMING APPLICATIONS TECHNICIAN"),
        ("SR PROGRAMMER/ANALYST PER AGRMNT", "SENIOR PROGRAMMER ANALYST"),
        ("Dir. of Info Tech", "DIRECTOR INFORMATION TECHNOLOGY"),
        ("EMRGNCYCOMMSPEC911 CALL TAKER", "EMRGNCYCOMMSPEC 911 CALL TAKER"),
        ("Director de Tecnolog\u00eda", "DIRECTOR DE TECNOLOGIA"),
    ],
)
def test_titles_are_written_out(written: str, words: str) -> None:
    assert usual_rules().words.normalise(written) == words


@pytest.mark.parametrize(
    ("title", "functions"),
    [
        ("GIS DATA BASE ANALYST", {"gis", "applications"}),
        ("DATA ENTRY OPERATOR", {"other"}),
        ("SYSTEMS PROGRAMMER", {"it_infrastructure"}),
        ("RECREATION PROGRAMMER", {"other"}),
        ("RADIO COMMUNICATIONS TECH", {"telecom_radio"}),
        ("FIRE COMMUNICATIONS OPERATOR", {"other"}),
        ("COMMUNICATIONS OPERATOR I - 311", {"311"}),
        ("DIR-PUBLIC INFO (POLICE)", {"other"}),
        ("IT PROJECT MANAGER", {"project_management", "it_infrastructure"}),
        ("CONSTRUCTION PROJECT MANAGER", {"project_management"}),
        ("WEB DEVELOPER", {"digital_services", "applications"}),
        ("CHIEF DATA OFFICER", {"data_analytics"}),
        ("CHIEF INNOVATION OFFICER", {"innovation"}),
        ("CHIEF INFORMATION SECURITY OFFICER", {"security"}),
        ("BUILDING SYSTEMS ENGINEER", {"other"}),
        ("HOUSING DEVELOPER", {"other"}),
        ("POLICE OFFICER", {"other"}),
    ],
)
def test_rules_and_their_negatives(title: str, functions: set[str]) -> None:
    assert set(read(title).functions) == functions


@pytest.mark.parametrize("letters", ["CIO", "CDO", "CTO", "DEPUTY CIO"])
def test_three_letters_alone_settle_nothing(letters: str) -> None:
    label = read(letters, "Mayor's Office")
    assert (label.how, label.confidence) == (How.QUEUE, 0.0)


def test_a_department_of_technology_says_what_its_cto_is_but_not_what_its_cdo_is() -> None:
    assert read("CTO", "Department of Information Technology").how is How.DEPARTMENT
    assert read("CDO", "Department of Information Technology").queued


def test_a_developer_is_of_software_only_in_a_department_of_technology() -> None:
    assert read("DEVELOPER", "Dpt of Innovation & Technology").functions == (Group.APPLICATIONS,)
    assert read("DEVELOPER", "Neighborhood Development").queued


def test_the_citys_own_table_overrules_the_rules_in_all_departments_or_one() -> None:
    everywhere = Settled("Data Entry Operator", (Group.DATA_ANALYTICS,), reason="Keeps registers here.")
    label = read("DATA ENTRY OPERATOR", settled=[everywhere])
    assert (label.functions, label.how, label.confidence) == ((Group.DATA_ANALYTICS,), How.SETTLED, 1.0)
    in_police = Settled("Web Developer", (Group.OTHER,), department="Police")
    assert read("WEB DEVELOPER", settled=[in_police]).functions == (Group.OTHER,)
    assert Group.APPLICATIONS in read("WEB DEVELOPER", "Law", settled=[in_police]).functions


def test_an_unclear_title_is_read_like_the_nearest_settled_one_but_not_like_any_that_contains_it() -> None:
    settled = [Settled("Enterprise Support Lead", (Group.APPLICATIONS,))]
    near = read("LEAD SUPPORT ENTERPRISE", settled=settled)
    assert (near.functions, near.how, near.rule) == ((Group.APPLICATIONS,), How.NEAREST, "like Enterprise Support Lead")
    assert near.confidence == 0.7
    assert read("ENTERPRISE", settled=settled).queued


def test_every_label_names_its_rule_and_no_word_of_technology_is_no_question() -> None:
    assert read("DATA SCIENTIST").rule == "data"
    assert read("GIS PROJECT MANAGER").rule == "gis + projects"
    assert (read("PLUMBER").how, read("PLUMBER").rule) == (How.NO_HINT, "no-hint")


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("CHIEF DATA OFFICER", Level.CHIEF),
        ("COMMISSIONER OF HEALTH", Level.CHIEF),
        ("DEPUTY CHIEF INFORMATION OFFICER", Level.DIRECTOR),
        ("ASST DIR OF INFORMATION SYSTEMS", Level.DIRECTOR),
        ("HELP DESK SUPERVISOR", Level.MANAGER),
        ("CHIEF PROGRAMMER/ANALYST", Level.STAFF),
        ("URBAN MECHANICS FELLOW", Level.FELLOW),
    ],
)
def test_levels(title: str, level: Level) -> None:
    assert read(title).level is level


def test_distinct_pairs_are_labelled_once() -> None:
    assert len(classify([("CLERK II", "Law")] * 1000)) == 1


def rule_page(**changes: object) -> dict[str, object]:
    rule = {"id": "one", "pattern": "WEB", "functions": ["digital_services"], "reason": "Web."} | changes
    words = {"written_out": {}, "phrases": [], "dropped": "", "parts": ""}
    return {"words": words, "titles": [rule], "departments": [], "levels": {}, "hints": ["WEB"]}


def test_a_city_may_bring_its_own_rules() -> None:
    rules = read_rules(rule_page())
    assert classify([("Web author", "")], rules=rules)["Web author", ""].functions == (Group.DIGITAL_SERVICES,)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"functions": ["magic"]}, "the function groups are"),
        ({"pattern": "("}, "a pattern that is none"),
    ],
)
def test_a_rule_that_cannot_be_used_says_why(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(WrongTitleRule, match=sentence):
        read_rules(rule_page(**changes))


def test_a_rule_says_its_reason_and_stands_once() -> None:
    page = rule_page()
    page["departments"] = page["titles"]
    with pytest.raises(WrongTitleRule, match="stands there twice"):
        read_rules(page)
    del page["titles"][0]["reason"]  # type: ignore[index]
    with pytest.raises(WrongTitleRule, match="lacks reason"):
        read_rules(page)


def test_scores_are_counted_by_weight() -> None:
    one = score([True, True, False, False], [True, False, True, False], weights=[3, 1, 1, 9])
    assert (one.found, one.missed, one.extra) == (3, 1, 1)
    assert (one.precision, one.recall, one.f1) == (0.75, 0.75, 0.75)


def test_an_interval_holds_the_score_and_narrows_to_it_where_all_agree() -> None:
    theirs, ours = [True] * 8 + [False] * 4, [True] * 6 + [False] * 4 + [True] * 2
    one = score(theirs, ours, weights=[1.0] * 12, rng=Random(1))
    assert one.low < one.f1 < one.high
    sure = score([True, False], [True, False], weights=[1.0, 1.0], rng=Random(1))
    assert (sure.low, sure.f1, sure.high) == (1.0, 1.0, 1.0)


def test_confusion_pairs_what_is_left_over() -> None:
    theirs, ours = frozenset({Group.GIS, Group.APPLICATIONS}), frozenset({Group.GIS})
    assert confusion([theirs], [ours]) == {(Group.GIS, Group.GIS): 1, (Group.APPLICATIONS, Group.OTHER): 1}
