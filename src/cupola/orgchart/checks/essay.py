"""The checks of the essay's three lessons: IT kept whole and raised, data in IT, capacity beside the executive."""

from cupola.orgchart.checks.case import DATA, IT, POLICY, Case
from cupola.orgchart.checks.verdicts import Check, Verdict, failed, passed, unknown
from cupola.orgchart.facts import Line, Value
from cupola.orgchart.vocabulary import EXECUTIVES_OFFICES, Function, HousedIn, Mandate, Scope, Whole

_RECORD_IT = "Record the office that runs the city's technology, with the function it_infrastructure."
_HEADS = ("cio", "it-director", "cto")


def it_not_merged(case: Case) -> Verdict:
    """Ask whether IT is a department of its own."""
    offices = case.doing(*IT)
    if not offices:
        return unknown("No office that runs technology is recorded.", change=_RECORD_IT)
    top = offices[0]
    housed = case.housed(top)
    if housed == HousedIn.SHARED_SERVICES:
        return failed(
            "{office} is merged with other services.",
            *offices,
            change="Split technology into a department of its own.",
            office=case.name(top),
        )
    if housed in {HousedIn.IT_DEPARTMENT, HousedIn.INDEPENDENT}:
        return passed("{office} is a department of its own.", *offices, office=case.name(top))
    if not housed:
        return unknown(
            "Where {office} sits is not recorded.", *offices, change="Record where it is housed.", office=case.name(top)
        )
    return failed(
        "{office} sits inside another department.",
        *offices,
        change="Move technology into a department of its own.",
        office=case.name(top),
    )


def it_elevated(case: Case) -> Verdict:
    """Ask whether the head of IT reports to the chief executive or a deputy and answers for the whole city."""
    head, executive = _head_of_it(case), case.executive()
    if not head or not executive:
        return unknown(
            "The head of IT or the chief executive is not recorded.", change="Record both posts and the line between."
        )
    boss, scope = case.boss(head), case.sure(head, "scope")
    near = boss in {executive, *case.parameters.deputies}
    if scope == Scope.DEPARTMENT or (boss and not near):
        return failed(
            "{post} reports to {boss}, or answers for less than the whole city.",
            *filter(None, (head, boss)),
            change="Give the head of IT a line to the chief executive or a deputy, and a city-wide mandate.",
            post=case.name(head),
            boss=case.name(boss) if boss else "-",
        )
    if not boss:
        return unknown("To whom {post} reports is not recorded.", head, change="Record the line.", post=case.name(head))
    names = {"post": case.name(head), "boss": case.name(boss)}
    if scope is None:
        return unknown(
            "{post} reports to {boss}; how far the mandate reaches is not recorded.",
            head,
            boss,
            change="Record the scope.",
            **names,
        )
    return passed("{post} reports to {boss} and answers for the whole city.", head, boss, **names)


def data_in_it(case: Case) -> Verdict:
    """Ask whether the data lead sits in IT, with a line to the chief executive's office."""
    posts = case.posts_with("cdo-data")
    if not posts:
        said = any("cdo-data" in case.chart.values(key, "role") for key in case.chart.posts)
        if case.whole(Whole.POSTS) and not said:
            return failed("There is no data lead.", change="Create the post in IT, with a line to the chief executive.")
        return unknown("No data lead is recorded.", change="Record the post that leads data, with the role cdo-data.")
    post = posts[0]
    inside = _under_it(case, post)
    if not inside and not case.housed(post):
        return unknown("Where {post} sits is not recorded.", post, change="Record its office.", post=case.name(post))
    if not inside:
        return failed(
            "{post} sits outside IT.",
            post,
            change="Move the post into IT, with a dotted line to the chief executive.",
            post=case.name(post),
        )
    ends = {str(line.to) for line in case.sure_all(post, "dotted_to") if isinstance(line, Line)} | {case.boss(post)}
    near = {end for end in ends if end and (end == case.executive() or case.housed(end) in EXECUTIVES_OFFICES)}
    if near:
        return passed(
            "{post} sits in IT, with a line to {end}.", post, *near, post=case.name(post), end=case.name(min(near))
        )
    if case.whole(Whole.LINES):
        return failed(
            "{post} sits in IT, without a line to the chief executive's office.",
            post,
            change="Add a dotted line to the chief executive's office.",
            post=case.name(post),
        )
    return unknown(
        "{post} sits in IT, and no line to the chief executive's office is recorded.",
        post,
        change="Record the line, or that all lines are recorded.",
        post=case.name(post),
    )


def executive_capacity(case: Case) -> Verdict:
    """Ask whether somebody in the chief executive's office is there for technology and innovation policy."""
    here = (*case.posts, *case.offices)
    sure = [key for key in here if case.housed(key) in EXECUTIVES_OFFICES]
    wanted = [key for key in sure if _is_policy(case.sure_all(key, "mandate"), case.sure_all(key, "function"))]
    if wanted:
        return passed("{name} is there for it.", *wanted, name=case.name(wanted[0]))
    chart = case.chart
    perhaps = [key for key in (*chart.posts, *chart.offices) if case.may_be_housed(key) & set(EXECUTIVES_OFFICES)]
    if not perhaps:
        return unknown("The chief executive's office is not recorded.", change="Record it and its posts.")
    maybe = [key for key in perhaps if _is_policy(chart.values(key, "mandate"), chart.values(key, "function"))]
    if maybe:
        return unknown(
            "Whether {names} is there for it on this day is not certain.",
            *maybe,
            change="Record since when and until when, what it does and its mandate.",
            names=case.names(maybe),
        )
    if case.whole(Whole.POSTS, Whole.FUNCTIONS):
        return failed(
            "Nobody in the chief executive's office has a mandate for technology or innovation.",
            *perhaps,
            change="Create a post for technology and innovation policy beside the chief executive.",
        )
    return unknown(
        "Nobody in the chief executive's office is recorded with a mandate for technology or innovation.",
        *perhaps,
        change="Record its posts and what they do, or that these are recorded whole.",
    )


def executive_team_mixes(case: Case) -> Verdict:
    """Ask whether the chief executive's team brings technology, policy and operations together."""
    sure = [key for key in (*case.posts, *case.offices) if case.housed(key) in EXECUTIVES_OFFICES]
    team = [key for key in sure if set(case.sure_all(key, "function")) & {*IT, *DATA, *POLICY}]
    if not team:
        return unknown("The chief executive's office has no team for technology on record.", change="Record its posts.")
    mandates = {str(value) for key in team for value in case.sure_all(key, "mandate")}
    functions = {value for key in team for value in case.sure_all(key, "function")}
    lines = {str(line.to) for key in team for line in case.sure_all(key, "dotted_to") if isinstance(line, Line)}
    technical = {*IT, *DATA, Function.DIGITAL_SERVICES, Function.SMART_CITY}
    parts = {
        "technology": bool(functions & technical or lines & {*case.doing(*IT), _head_of_it(case)}),
        "policy": bool(mandates & {Mandate.POLICY, Mandate.HYBRID}),
        "operations": bool(mandates & {Mandate.OPERATIONAL, Mandate.HYBRID}),
    }
    missing = [name for name, there in parts.items() if not there]
    if not missing:
        return passed("Its team brings technology, policy and operations together.", *team)
    if case.whole(Whole.POSTS, Whole.FUNCTIONS):
        return failed(
            "The team lacks {missing}.",
            *team,
            change="Add posts, or dotted lines to people, for what is missing.",
            missing=", ".join(missing),
        )
    return unknown(
        "No {missing} is recorded in the team.",
        *team,
        change="Record its posts and what they do, or that these are recorded whole.",
        missing=", ".join(missing),
    )


def data_capability(case: Case) -> Verdict:
    """Ask whether data and analytics were built up, with staff, tools, a budget and users, and not only placed."""
    offices = case.doing(*DATA)
    if not offices:
        return unknown("No office that works on data is recorded.", change="Record it, with what it does.")
    found = _capability(case, offices)
    name = case.name(offices[0])
    lacking = [word for word, answer in found.items() if answer is False]
    if lacking:
        return failed(
            "{office} works on data without: {missing}.",
            *offices,
            change="Build them up.",
            missing=", ".join(lacking),
            office=name,
        )
    missing = [word for word, answer in found.items() if answer is None]
    if missing:
        return unknown(
            "{missing} of {office} are not recorded.",
            *offices,
            change="Record them, or build them up.",
            missing=", ".join(missing),
            office=name,
        )
    return passed("{office} has staff, tools, money and users.", *offices, office=name)


ESSAY_CHECKS = (
    Check("it-not-merged", "E-T1", "Is IT a department of its own?", it_not_merged),
    Check(
        "it-elevated",
        "E-T1",
        "Does the head of IT report near the top, for the whole city?",
        it_elevated,
        ("executive", "deputies"),
    ),
    Check("data-in-it", "E-T2", "Is the data lead in IT, with a line to the chief executive?", data_in_it),
    Check("data-capability", "E-T2", "Was data and analytics built up, not only placed?", data_capability),
    Check(
        "executive-capacity", "E-T3", "Has the chief executive's office somebody for technology?", executive_capacity
    ),
    Check(
        "executive-team-mixes",
        "E-T3",
        "Does that team mix technology, policy and operations?",
        executive_team_mixes,
    ),
)


def _head_of_it(case: Case) -> str:
    for office in case.doing(*IT):
        head = case.sure(office, "headed_by")
        if head:
            return str(head)
    return next((key for key in case.posts_with(*_HEADS) if case.housed(key) == HousedIn.IT_DEPARTMENT), "")


def _under_it(case: Case, post: str) -> bool:
    if case.chart.held(post, "housed_in"):
        return case.housed(post) == HousedIn.IT_DEPARTMENT
    it = {key for office in case.doing(*IT) for key in (office, str(case.sure(office, "headed_by") or "")) if key}
    return case.housed(post) == HousedIn.IT_DEPARTMENT or bool(it & set(case.chain(post)))


def _is_policy(mandates: tuple[Value, ...], functions: tuple[Value, ...]) -> bool:
    return bool({*mandates} & {Mandate.POLICY, Mandate.HYBRID}) and bool({*functions} & {*POLICY})


def _capability(case: Case, offices: tuple[str, ...]) -> dict[str, bool | None]:
    """Return, for each part, whether it is there: yes, recorded as none, or not recorded."""
    posts = [post for post in case.posts if case.sure(post, "works_in") in offices]
    counted = [value for key in offices for value in case.sure_all(key, "staff")]
    budgets = [value for key in offices for value in case.sure_all(key, "budget")]
    said = {name: any(case.sure_all(key, name) for key in offices) for name in ("tool", "user")}
    money = any(case.money(key) for key in (*offices, *posts))
    return {
        "Staff": bool(posts) or _some(counted, none=case.whole(Whole.POSTS)),
        "Tools": said["tool"] or _some([], none=case.whole(Whole.TOOLS)),
        "Money": money or _some(budgets, none=case.whole(Whole.FUNDING)),
        "Users": said["user"] or _some([], none=case.whole(Whole.USERS)),
    }


def _some(counted: list[Value], *, none: bool) -> bool | None:
    """Say whether something was counted, False where it was counted as nothing or nothing is left out."""
    if counted:
        return any(counted)
    return False if none else None
