"""What became of departments, told from the titles their posts carry."""

from cupola.orgchart.rosters import Change, PostCount, Reorganisation, reorganisations


def posts(**departments: str) -> list[PostCount]:
    """Return posts from texts as in `police="officer 20, clerk 3"`."""
    found = []
    for department, titles in departments.items():
        for part in titles.split(", "):
            title, _, count = part.rpartition(" ")
            facts = {"unit": "", "fund": "", "fte": None, "cost_cents": None, "costed": 0}
            found.append(PostCount("1", department, title=title, posts=int(count), **facts))
    return found


def test_two_departments_become_one_of_another_name() -> None:
    before = posts(it="programmer 20, analyst 10", buildings="custodian 60, plumber 20", police="officer 500")
    after = posts(assets="programmer 18, analyst 9, custodian 55, plumber 20", police="officer 480")
    merged = Reorganisation(Change.MERGED, (("buildings", 80), ("it", 30)), (("assets", 102),), 102 / 110)
    assert reorganisations(before, after) == (merged,)


def test_a_new_name_for_the_same_titles_is_a_renaming() -> None:
    found = reorganisations(posts(tech="programmer 20"), posts(digital="programmer 22"))
    assert found == (Reorganisation(Change.RENAMED, (("tech", 20),), (("digital", 22),), 1.0),)


def test_posts_that_leave_two_departments_for_a_new_one_are_a_split() -> None:
    before = posts(police="officer 500, radio technician 30", fire="fighter 300, radio technician 10")
    after = posts(police="officer 500", fire="fighter 300", radio="radio technician 40")
    (found,) = reorganisations(before, after)
    assert (found.change, found.before, found.after) == (
        Change.SPLIT,
        (("police", 30), ("fire", 10)),
        (("radio", 40),),
    )


def test_a_department_whose_posts_are_nowhere_is_closed_and_one_from_nowhere_is_new() -> None:
    found = reorganisations(posts(arts="curator 10", law="lawyer 50"), posts(trees="arborist 12", law="lawyer 50"))
    assert [(one.change, one.before, one.after) for one in found] == [
        (Change.CREATED, (), (("trees", 12),)),
        (Change.CLOSED, (("arts", 10),), ()),
    ]


def test_names_that_differ_in_signs_and_empty_words_are_the_same() -> None:
    before = [*posts(**{"DEPARTMENT OF LAW": "lawyer 50", "Parks & Trees": "gardener 40"})]
    after = [*posts(**{"Law Dept.": "paralegal 50", "PARKS AND TREES": "ranger 40"})]
    assert reorganisations(before, after) == ()


def test_seasonal_staff_do_not_hide_that_a_department_is_the_same() -> None:
    before = posts(oemc="crossing guard 900, dispatcher 400", law="lawyer 50")
    after = posts(emergencies="dispatcher 390, crossing guard 300", law="lawyer 50")
    (found,) = reorganisations(before, after)
    assert (found.change, found.before[0][0], found.after[0][0]) == (Change.RENAMED, "oemc", "emergencies")
