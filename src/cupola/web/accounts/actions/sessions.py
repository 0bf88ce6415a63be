"""What signing in, failing to and signing out leave in the audit log."""

from datetime import datetime
from typing import Any

from cupola.web.accounts.models import Event, User

UNKNOWN = "(unknown)"


def record_sign_in(person: User, *, at: datetime, way: str, client: str) -> None:
    """Note that `person` signed in. `way`: password, or the key of an identity provider; `client`: their address."""
    Event.record("accounts.signed_in", person, at=at, by=person, detail={"way": way, "client": client})


def record_failed_sign_in(name: str, *, at: datetime, way: str, client: str, why: str = "") -> None:
    """Note a sign-in that failed.

    What was typed as a name is written down only where it is an account's: people type passwords there.
    """
    person = User.objects.filter(username__iexact=name).first() or User.objects.filter(email__iexact=name).first()
    target = person if name and person else User(username=UNKNOWN)
    detail = {"way": way, "client": client, **({"why": why} if why else {})}
    Event.record("accounts.sign_in_failed", target, at=at, by=UNKNOWN, detail=detail)


def record_sign_out(person: User, *, at: datetime) -> None:
    """Note that `person` signed out."""
    Event.record("accounts.signed_out", person, at=at, by=person)


def record_end_of_session(person: Any, *, at: datetime) -> None:
    """Note that a session ended because it was too old or idle too long."""
    Event.record("accounts.session_ended", person, at=at, by=person)


def record_account_change(person: User, change: str, *, at: datetime, by: User, client: str) -> None:
    """Note that the security of an account changed, as `change` says: password_changed, totp_activated."""
    Event.record(f"accounts.{change}", person, at=at, by=by, detail={"client": client})


def record_refusal(person: Any, *, method: str, path: str, at: datetime) -> None:
    """Note that a signed-in person was refused something, and where."""
    Event.record("accounts.refused", person, at=at, by=person, detail={"method": method, "path": path[:200]})
