"""A dataset that ended: its page says when, why and what takes its place, and so does the API."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.factories import NOON, make_dataset

from cupola import folder as folders
from cupola.errors import Conflict
from cupola.lake import Retired
from cupola.serving.errors import described
from cupola.serving.releases import Releases
from cupola.web.accounts.actions import apply_folder, export_folder
from cupola.web.data import queries
from cupola.web.data.actions import DatasetKeeper, Refresh, reconcile, refresh_all
from cupola.web.data.models import Dataset

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
END = {"on": "2026-11-22", "reason": "The permit system was replaced.", "replaced_by": "licences"}


def end(dataset: Dataset, **fields: Any) -> None:
    """Write its end into the record as a folder does, and run."""
    DatasetKeeper().put(dataset.key, {**dataset.definition, "retired": {**END, **fields}}, at=NOON)
    reconcile(at=NOON)


def asked(home: Path, name: str) -> tuple[int, str]:
    with pytest.raises(Retired) as found:
        Releases(home / "lake").get(name)
    status, body, _ = described(found.value)
    return status, body["message"]


def test_the_api_says_gone_and_why(load: Callable[..., Dataset], home: Path) -> None:
    dataset = load(make_dataset())
    make_dataset("licences", sources=[], landing_page="https://x.example/licences")
    end(dataset)
    said = "Permits was retired on 2026-11-22: The permit system was replaced. In its place: licences."
    assert asked(home, "permits") == asked(home, dataset.public_id) == (410, said)


def test_the_page_is_a_tombstone(load: Callable[..., Dataset], client: Client) -> None:
    dataset = load(make_dataset())
    make_dataset("licences", sources=[], landing_page="https://x.example/licences")
    end(dataset)
    page = client.get("/data/permits/").content.decode()
    assert "This dataset was retired on November 22, 2026." in page
    assert "The permit system was replaced." in page
    assert '<a href="/data/licences/">Licences</a>' in page
    assert "P-1" not in page


def test_it_comes_back_when_its_end_is_taken_out(load: Callable[..., Dataset], home: Path, tmp_path: Path) -> None:
    dataset = load(make_dataset())
    end(dataset, replaced_by="")
    DatasetKeeper().put("permits", dataset.definition, at=NOON)
    refresh_all(Refresh(sources_folder=tmp_path, now=NOON, by="tests"))
    assert Releases(home / "lake").get("permits").dataset == "permits"


def test_a_day_to_come_ends_it_when_it_comes(load: Callable[..., Dataset], home: Path, tmp_path: Path) -> None:
    dataset = load(make_dataset())
    DatasetKeeper().put("permits", {**dataset.definition, "retired": {**END, "on": "2026-12-01"}}, at=NOON)
    work = Refresh(sources_folder=tmp_path, now=NOON, by="tests")
    refresh_all(work)
    assert Releases(home / "lake").get("permits").dataset == "permits"
    refresh_all(Refresh(sources_folder=tmp_path, now=NOON + timedelta(days=10), by="tests"))
    assert asked(home, "permits")[0] == 410


def test_its_document_stays_in_the_folder_and_is_its_tombstone(home: Path, tmp_path: Path) -> None:
    text = (
        "kind: city\nkey: springfield\nname: Springfield\ntime_zone: UTC\n---\nkind: dataset\nkey: permits\n"
        "title: Permits\nlanding_page: https://x.example/\nretired: {on: 2026-01-01, reason: Over.}\n"
    )
    folder, exported = tmp_path / "city", tmp_path / "exported"
    folder.mkdir()
    exported.mkdir()
    (folder / "city.yaml").write_text(text)
    apply_folder(folders.read(folder), by="tests")
    assert queries.stage(Dataset.objects.get(), now=NOON).stage == queries.Stage.RETIRED
    assert apply_folder(folders.read(folder), by="tests").is_empty
    export_folder(exported)
    assert apply_folder(folders.read(exported), by="tests").is_empty
    (folder / "city.yaml").write_text(text.partition("---")[0])
    with pytest.raises(Conflict, match=r"Put datasets/permits\.yaml back"):
        apply_folder(folders.read(folder), by="tests")
