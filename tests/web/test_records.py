import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from tests.factories import (
    NOON,
    make_city,
    make_dataset,
    make_finding,
    make_load_report,
    make_staff,
    make_version,
)

from cupola.errors import NotAllowed
from cupola.web.accounts.models import Event
from cupola.web.data.models import Dataset, Outcome

pytestmark = pytest.mark.django_db


def test_a_definition_is_kept_exactly_and_copied_into_columns() -> None:
    dataset = make_dataset(department="Buildings", refresh="monthly", keywords=["roof"])
    assert dataset.definition["keywords"] == ["roof"]
    assert (dataset.department, dataset.refresh, dataset.mode) == ("Buildings", "monthly", "replace")


def test_payroll_is_restricted_unless_something_stricter_than_public_is_written() -> None:
    assert make_dataset("pay", payroll=True).classification == "restricted"
    assert make_dataset("more-pay", payroll=True, classification="sensitive").classification == "sensitive"


def test_the_database_refuses_public_payroll() -> None:
    dataset = make_dataset(payroll=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dataset.objects.filter(pk=dataset.pk).update(classification="public")


def test_a_public_id_that_is_not_four_by_four_is_refused() -> None:
    dataset = make_dataset()
    dataset.public_id = "permits"
    with pytest.raises(ValidationError):
        dataset.full_clean()


def test_only_public_datasets_show_rows() -> None:
    assert make_dataset("a").shows_rows
    assert not make_dataset("b", classification="internal").shows_rows
    assert not make_dataset("c", payroll=True).shows_rows


def test_a_version_number_is_used_once() -> None:
    dataset = make_dataset()
    make_version(dataset, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_version(dataset, 1, snapshot_id=99)


def test_a_load_names_a_version_exactly_when_it_made_one() -> None:
    dataset = make_dataset()
    version = make_version(dataset)
    make_load_report(dataset, outcome=Outcome.LOADED, version=version)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_load_report(dataset, outcome=Outcome.LOADED)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_load_report(dataset, outcome=Outcome.STOPPED, version=version)


def test_a_dataset_with_versions_cannot_be_deleted() -> None:
    dataset = make_dataset()
    make_version(dataset)
    with pytest.raises(ProtectedError):
        dataset.delete()


def test_changes_of_a_finding_are_kept_in_its_history() -> None:
    finding = make_finding(make_dataset())
    finding.closed_at = NOON
    finding.save()
    assert [row.closed_at for row in finding.history.order_by("history_id")] == [None, NOON]


def test_the_audit_log_is_only_ever_added_to() -> None:
    event = Event.record("data.dataset_changed", make_dataset(), at=NOON, by=make_staff(), reason="typo")
    assert (event.target_kind, event.target_key, event.by_name) == ("dataset", "permits", "ada")
    with pytest.raises(NotAllowed):
        event.save()
    with pytest.raises(NotAllowed):
        event.delete()
    with pytest.raises(NotAllowed):
        Event.objects.filter(pk=event.pk).update(reason="")
    with pytest.raises(NotAllowed):
        Event.objects.all().delete()


def test_a_command_is_recorded_under_the_name_of_the_person_at_the_keyboard() -> None:
    event = Event.record("folder.create", make_city(), at=NOON, by="grace")
    assert (event.by, event.by_name) == (None, "grace")
