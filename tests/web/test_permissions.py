"""Each action tried as each role: at the table, at the actions behind it, and at every address there is."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.factories import NOON, make_city, make_dataset, make_grant, make_staff, make_structure, make_version

from cupola.web import identity
from cupola.web.accounts import actions as accounts
from cupola.web.accounts.models import Event, Grant, Role, User
from cupola.web.accounts.queries import ACTIONS, roles_anywhere
from cupola.web.accounts.views.people import WHAT
from cupola.web.data import actions as data
from cupola.web.data.models import DataRequest, Dataset, Department, Feedback

pytestmark = pytest.mark.django_db
ALL = [action.permission for action in ACTIONS]
# What each role may, spelled out again, so that a slip in the table does not pass its own test.
MAY: dict[str, set[str]] = {
    "viewer": set(),
    "steward": {
        *("edit_agenda", "type_values", "run_reviews"),
        "settle_names",
        "edit_words",
        "see_quarantine",
        "see_restricted",
        "approve_release",
        "announce_change",
        "answer_requests",
    },
    "custodian": {"see_quarantine"},
    "publisher": {"approve_release", "recall_version", "announce_change", "answer_requests", "release"},
    "reviewer": {"review_privacy", "verify_savings"},
    "coordinator": {
        *("edit_agenda", "type_values", "run_reviews"),
        *(
            "edit_words",
            "see_quarantine",
            "recall_version",
            "announce_change",
            "edit_duties",
            "answer_requests",
            "edit_structure",
            "settle_names",
        ),
    },
    "auditor": {"see_audit_log", "verify_savings"},
    "administrator": {"manage_people", "see_tables", "edit_structure", "settle_names"},
}


def expected(role: str, permission: str) -> bool:
    # of rows that are not public nobody reads anything without a rule of the dataset that names their role
    return (
        permission in {"data.see_drafts", "data.see_restricted", "planning.see_plans"}
        or permission.split(".")[1] in MAY[role]
    )


def test_the_tests_know_every_role_and_the_identity_file_too() -> None:
    assert {*Role.values} == {*MAY}
    assert {*identity.Role.__args__} == {*Role.values}  # type: ignore[attr-defined]


@pytest.mark.parametrize("role", [*MAY])
@pytest.mark.parametrize("permission", ALL)
def test_each_action_as_each_role(role: str, permission: str) -> None:
    here, there = make_dataset("permits", department="Buildings"), make_dataset("crimes", department="Police")
    person = User.objects.create_user("ada")
    assert not person.has_perm(permission, here)
    make_grant(person, role)
    assert person.has_perm(permission) == person.has_perm(permission, here) == expected(role, permission)
    Grant.objects.update(department="Buildings")
    assert person.has_perm(permission, here) == expected(role, permission)
    assert not person.has_perm(permission, there)
    assert not person.has_perm(permission)
    Grant.objects.update(until=NOON)
    assert not person.has_perm(permission, here)


@pytest.mark.parametrize("duty", ["coordinator", "steward", "custodian", "publisher", "reviewer"])
@pytest.mark.parametrize("permission", ALL)
def test_each_action_as_each_duty(duty: str, permission: str) -> None:
    here = make_dataset("permits", duties=[{"duty": duty, "who": "Ada", "account": "ada", "since": "2020-01-01"}])
    past = {"duty": duty, "who": "Ada", "account": "ada", "since": "2020-01-01", "until": "2021-01-01"}
    there = make_dataset("crimes", duties=[past])
    person = User.objects.create_user("ada")
    assert person.has_perm(permission, here) == expected(duty, permission)
    assert not person.has_perm(permission, there)
    assert not person.has_perm(permission)
    assert roles_anywhere(person) == {duty}
    assert not User.objects.create_user("adalbert").has_perm(permission, here)


@pytest.mark.parametrize("permission", ALL)
def test_nothing_but_a_role_opens_anything(permission: str) -> None:
    here, person = make_dataset(), User.objects.create_user("ada")
    person.user_permissions.set(Permission.objects.all())  # Django's own permissions, which nobody asks
    make_grant(person, "administrator", since=NOON.replace(year=2100))
    assert not person.has_perm(permission, here)
    make_grant(person, "steward", department="x")
    person.is_active = False
    assert not person.has_perm(permission, here)


def test_a_steward_of_one_dataset_touches_no_other() -> None:
    mine = make_dataset("permits", duties=[{"duty": "steward", "who": "Ada", "account": "ada"}])
    make_dataset("crimes")
    person = make_staff("ada")
    given: dict[str, Any] = {"seen": "", "reason": "It was wrong.", "at": NOON, "by": person}
    with pytest.raises(data.MayNotEdit):
        data.change_words("crimes", {"title": "Mine now"}, **given)
    with pytest.raises(data.MayNotRecall):
        data.recall("permits", 1, reason="Mine.", at=NOON, by=person)  # a steward is no publisher
    assert person.has_perm("data.edit_words", mine)
    assert Dataset.objects.get(key="crimes").title == "Crimes"


@pytest.mark.parametrize("role", [*MAY])
@pytest.mark.parametrize("what", ["add", "give", "take", "block", "unblock", "sessions", "factor", "link"])
def test_only_administrators_change_people(role: str, what: str) -> None:
    by, other = make_staff("ada"), make_staff("bob")
    make_grant(by, role)
    wanted = accounts.RoleFor("administrator")
    tries = {
        "add": lambda: accounts.add_person("eve", email="eve@example.gov", at=NOON, by=by),
        "give": lambda: accounts.give_role(other, wanted, at=NOON, by=by),
        "take": lambda: accounts.take_role(other, wanted, at=NOON, by=by),
        "block": lambda: accounts.block_person(other, at=NOON, by=by),
        "unblock": lambda: accounts.unblock_person(other, at=NOON, by=by),
        "sessions": lambda: accounts.end_sessions(other, at=NOON, by=by),
        "factor": lambda: accounts.reset_second_factor(other, at=NOON, by=by),
        "link": lambda: accounts.password_link(other, at=NOON, by=by),
    }
    if role == "administrator":
        tries[what]()
        with pytest.raises(accounts.MayNotManagePeople):
            accounts.give_role(by, accounts.RoleFor("publisher"), at=NOON, by=by)
    else:
        with pytest.raises(accounts.MayNotManagePeople):
            tries[what]()
        assert not Event.objects.exists()


# ---- addresses

PLANS = ("planning:posts", "planning:posts_csv", "planning:department", "planning:titles", "planning:budget")
PLANS = (*PLANS, "planning:accounts", "planning:plan", "planning:scenario")
PLANS = (*PLANS, "planning:roster_offices", "planning:budget_offices")
SETTLING = ("planning:settle_title", "planning:settle_account", "planning:counsel")
SETTLING = (*SETTLING, "planning:map_roster", "planning:map_budget")
DRAFTS, WORDS = "data.see_drafts", "data.edit_words"
# What opens each address that needs a sign-in: permission to look, and to write where that is another one.
STAFF: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("people", "person_add", "roles", "person", "person_change"), ("accounts.manage_people",)),
    **dict.fromkeys(("audit", "audit_csv", "audit_json"), ("accounts.see_audit_log",)),
    **dict.fromkeys(("data:edit", "data:edit_columns", "data:undo"), (WORDS,)),
    **dict.fromkeys(("data:duties", "work:department_duties"), (DRAFTS, "data.edit_duties")),
    "data:gate": (DRAFTS, "data.approve_release"),
    "data:announce": ("data.announce_change",),
    "data:history": (DRAFTS,),
    "data:quarantine": ("data.see_quarantine",),
    "data:recall": ("data.recall_version",),
    "data:restricted_csv": ("data.see_restricted",),
    **dict.fromkeys(("work:feedback", "work:request"), ("data.answer_requests",)),
    **dict.fromkeys(("portal:work", "work:board", "work:times", "work:times_csv", "work:narrow"), (DRAFTS,)),
    **dict.fromkeys(("work:usage", "work:usage_csv", "work:progress", "work:reminder", "work:portals"), (DRAFTS,)),
    **dict.fromkeys(("work:inventory", "work:inventory_json", "work:inventory_csv"), (DRAFTS,)),
    **dict.fromkeys(("work:inventory_workbook", "work:sheet"), (DRAFTS,)),
    **dict.fromkeys(
        ("structure:add_part", "structure:edit_part", "structure:undo_part"), ("structure.edit_structure",)
    ),
    **dict.fromkeys(("structure:branches", "structure:branch"), ("structure.edit_structure",)),
    **dict.fromkeys((*PLANS, "planning:plans", "planning:scenarios"), ("planning.see_plans",)),
    **dict.fromkeys((*SETTLING, "planning:add_counsel"), ("planning.settle_names",)),
    **dict.fromkeys(("structure:part_history", "structure:checks"), (DRAFTS,)),
}
# Addresses that lead nowhere in the world below, whoever asks: nothing was changed, branched or counted in it.
NOTHING_THERE = {"data:undo", "structure:undo_part", "structure:branch", "person_change", "data:restricted_csv"}
NOTHING_THERE |= {*PLANS, *SETTLING}
# the agenda and the reviews of performance: none of their records is in the world either
AGENDA = ("agenda_work:edit", "agenda_work:retire", "agenda_work:history", "agenda_work:undo", "agenda_work:step")
AGENDA = (*AGENDA, "agenda_work:evaluate")
MEETINGS = ("reviews:review", "reviews:edit", "reviews:meeting", "reviews:paper", "reviews:text", "measures:typed")
STAFF |= {
    **dict.fromkeys(
        ("agenda_work:runway", "agenda_work:records", "agenda_work:history", "agenda_work:step"), (DRAFTS,)
    ),
    **dict.fromkeys(("agenda_work:add", "agenda_work:edit"), ("agenda.edit_agenda",)),
    **dict.fromkeys(("agenda_work:retire", "agenda_work:undo", "agenda_work:evaluate"), ("agenda.edit_agenda",)),
    **dict.fromkeys(("reviews:every", "reviews:review", "reviews:meeting", "reviews:paper", "reviews:text"), (DRAFTS,)),
    **dict.fromkeys(("reviews:new", "reviews:edit"), ("performance.run_reviews",)),
    "measures:typed": ("performance.type_values",),
}
STAFF |= {
    **dict.fromkeys(("structure:edit_act", "structure:undo_act"), ("structure.edit_structure",)),
    "structure:act_history": (DRAFTS,),
    **dict.fromkeys(("planning:memo", "planning:memo_docx", "planning:brief"), ("planning.see_plans",)),
    "planning:kept_memo": ("planning.see_plans",),
    "planning:keep_memo": ("planning.settle_names",),
}
NOTHING_THERE |= {"structure:edit_act", "structure:undo_act", "structure:act_history", "planning:memo_docx"}
NOTHING_THERE |= {"planning:memo", "planning:kept_memo", "planning:keep_memo"}
NOTHING_THERE |= {*AGENDA, *MEETINGS, "agenda_work:add"}  # `add` knows its own kinds, not `post`
FILL = {"<slug:key>": "permits", "<int:event>": "1", "<str:name>": "bob", "(?P<name>[^/]+)": "bob", "<slug:asked>": "x"}
FILL |= {
    "<slug:subject>": "it",
    "<slug:kind>": "post",
    "<int:number>": "1",
    "<str:token>": "x",
    "<str:on>": "2026-11-22",
}
FILL |= {f"(?P<what>{WHAT})": "give", "$": "", "^": ""}


def addresses() -> Iterator[tuple[str, str]]:
    """Yield (name, address) of everything of ours the site answers, with what the addresses ask for filled in."""

    def below(patterns: Any, prefix: str, space: str) -> Iterator[tuple[str, str]]:
        for pattern in patterns:
            here = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                if pattern.namespace != "admin":
                    name = f"{pattern.namespace}:" if pattern.namespace else space
                    yield from below(pattern.url_patterns, here, name)
            elif isinstance(pattern, URLPattern) and not pattern.lookup_str.startswith("allauth."):
                yield f"{space}{pattern.name}", filled(here)

    yield from below(get_resolver().url_patterns, "/", "")


def filled(address: str) -> str:
    for part, value in FILL.items():
        address = address.replace(part, value)
    return address


@pytest.fixture
def world() -> None:
    """One of each record the staff addresses ask for."""
    make_city()
    version = make_version(make_dataset("permits"))
    make_structure(key="permits")
    make_staff("bob")
    Department.objects.create(key="permits", name="Permits", definition={"key": "permits", "name": "Permits"})
    sent = {"key": "permits", "text": "The dates are wrong.", "received_at": NOON}
    Feedback.objects.create(dataset=version.dataset, form="1", **sent)
    DataRequest.objects.create(title="Street trees", form="1", **sent)


@pytest.mark.slow
@pytest.mark.usefixtures("home", "world")
def test_every_address_that_needs_a_sign_in_is_in_the_table_and_no_other(client: Client) -> None:
    """Whoever adds a staff page and does not say here who may open it, fails here."""
    shut = set()
    for name, address in addresses():
        assert "<" not in address, f"FILL does not know a part of {address}"
        answer = client.get(address)
        to_sign_in = answer.status_code == 302 and "/login/" in answer.headers["Location"]
        if to_sign_in or answer.status_code == 403:
            shut.add(name)
        assert to_sign_in or not address.startswith("/staff/"), f"{address} is open to visitors"
    assert shut == {*STAFF}


@pytest.mark.slow
@pytest.mark.usefixtures("home", "world")
@pytest.mark.parametrize("role", ["", "nobody", *MAY])
def test_every_staff_page_opens_to_its_roles_only(client: Client, role: str) -> None:
    """Try every staff address by GET and by POST, with a forged role in the form, as each role and as a visitor."""
    if role:
        person = User.objects.create_user("ada")
        if role != "nobody":
            make_grant(person, role)
        client.force_login(person)
    forged = {
        "role": "administrator",
        "is_superuser": "1",
        "is_staff": "1",
        "user": "ada",
        "reason": "x",
        "person": "ada",
    }
    problems = []
    for name, address in sorted((name, address) for name, address in addresses() if name in STAFF):
        for method, permission in (("get", STAFF[name][0]), ("post", STAFF[name][-1])):
            allowed = role in MAY and expected(role, permission)
            answer = getattr(client, method)(address, forged)
            into = answer.status_code < 300 or (answer.status_code == 302 and "login" not in answer.headers["Location"])
            if into and not allowed:
                problems.append((name, method, answer.status_code))
            shut = answer.status_code in {403, 404, 500}
            if allowed and method == "get" and name not in NOTHING_THERE and shut:
                problems.append((name, "closed", answer.status_code))
    assert problems == []
    ada = User.objects.filter(username="ada").first()
    assert ada is None or not (ada.is_superuser or ada.is_staff)
    assert Grant.objects.exclude(role=role).exclude(person__username="bob", role="administrator").count() == 0
    assert role == "administrator" or not Grant.objects.filter(person__username="bob").exists()


@pytest.mark.usefixtures("world")
def test_a_form_from_elsewhere_changes_nothing() -> None:
    strict = Client(enforce_csrf_checks=True)
    administrator = make_staff("ada")
    make_grant(administrator, "administrator")
    strict.force_login(administrator)
    for what in ("give", "take", "block", "sessions", "second-factor", "link"):
        assert strict.post(f"/accounts/people/of/bob/{what}/", {"role": "auditor", "reason": "x"}).status_code == 403, (
            what
        )
    assert strict.post("/accounts/logout/").status_code == 403
    assert User.objects.get(username="bob").is_active


@pytest.mark.usefixtures("world")
def test_the_tables_are_for_administrators_to_look_at_and_hold_no_secrets(client: Client) -> None:
    person = make_staff("ada")
    client.force_login(person)
    assert client.get("/admin/", follow=True).status_code == 403
    make_grant(person, "administrator")
    page = client.get("/admin/").content.decode()
    assert "/admin/accounts/city/" in page
    for hidden in (
        "user",
        "event",
        "authenticator",
        "socialtoken",
        "socialapp",
        "emailaddress",
        "usersession",
        "group",
    ):
        assert f"/{hidden}/" not in page
    for tried in (
        "/admin/accounts/user/add/",
        "/admin/mfa/authenticator/",
        "/admin/auth/group/",
        "/admin/accounts/event/",
    ):
        assert client.get(tried).status_code == 404
    assert client.get("/admin/data/dataset/add/").status_code == 403
    assert client.post("/admin/accounts/city/1/change/", {"name": "Mine"}).status_code in {302, 403}
    assert Client().get("/admin/").headers["Location"].startswith("/admin/login/")
    assert Client().get("/admin/login/").headers["Location"].startswith("/accounts/login/")


@pytest.mark.slow
@pytest.mark.usefixtures("world")
def test_reading_what_is_not_public_is_written_down(client: Client, load: Callable[..., Dataset]) -> None:
    draft = load(make_dataset("draft", released=False))
    person = make_staff("ada")
    make_grant(person, "custodian")
    client.force_login(person)
    assert client.get("/data/draft/quarantine/").status_code == 200
    client.get("/data/permits/rows/")
    assert client.get("/data/draft/rows/").status_code == 200
    Client().get("/data/draft/rows/")
    seen = Event.objects.filter(action__endswith="_read").values_list("action", "target_key", "by_name")
    assert {*seen} == {("data.quarantine_read", draft.key, "ada"), ("data.rows_read", draft.key, "ada")}
