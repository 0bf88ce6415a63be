import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from cupola.web import settings


def test_a_wrong_variable_is_named_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUPOLA_DEBUG", "perhaps")
    monkeypatch.setenv("CUPOLA_SECRET_KEY", "short")
    with pytest.raises(ImproperlyConfigured) as caught:
        settings.read_environment()
    assert "CUPOLA_DEBUG='perhaps'" in str(caught.value)
    assert "at least 32 random characters" in str(caught.value)


def test_hosts_are_a_list_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUPOLA_ALLOWED_HOSTS", "data.example.gov, localhost")
    assert settings.read_environment().allowed_hosts == ["data.example.gov", "localhost"]


def test_records_are_in_the_home_and_writers_wait_for_each_other() -> None:
    described = settings.database("", Path("/srv/home"))
    assert described["NAME"] == Path("/srv/home/records.db")
    assert described["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert described["OPTIONS"]["timeout"] == 20
    assert "journal_mode=WAL" in described["OPTIONS"]["init_command"]


def test_a_postgresql_address_is_taken_apart() -> None:
    described = settings.database("postgresql://ada:p%40ss@db.example:5433/cupola", Path("/srv/home"))
    assert described["ENGINE"] == "django.db.backends.postgresql"
    assert (described["USER"], described["PASSWORD"], described["NAME"]) == ("ada", "p@ss", "cupola")
    assert (described["HOST"], described["PORT"]) == ("db.example", "5433")


def test_another_kind_of_database_is_refused_with_what_to_write() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"starts with 'mysql'\. Write postgresql://"):
        settings.database("mysql://host/name", Path("/srv/home"))


def test_the_secret_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    first = settings.secret_key(tmp_path / "home")
    assert settings.secret_key(tmp_path / "home") == first
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "home" / "secret_key").stat().st_mode) == 0o600


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ImproperlyConfigured, match="CUPOLA_HOME"):
        settings.secret_key(tmp_path / "file" / "home")
