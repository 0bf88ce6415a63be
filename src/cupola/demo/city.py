"""The example city, whole: its folder of YAML documents and the data files they describe."""

from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path

from cupola.demo import (
    agenda,
    budget,
    council,
    grants,
    hires,
    initiatives,
    permits,
    posts,
    purchases,
    service_requests,
    structure,
    truth,
    wards,
)

Progress = Callable[[str, float], None]
_RESIDENTS = (31_400, 36_900, 29_800, 33_600, 30_500, 34_200, 35_100, 32_700, 28_900, 31_300)


def generate(target: Path, *, seed: int = truth.SEED, scale: float = 1.0, progress: Progress | None = None) -> None:
    """Write the city folder to `target`: `city.yaml`, `datasets/*.yaml` and the files under `data/` that they name.

    Files of the same names are overwritten, others left alone. `scale` shortens requests, permits and posts (0.02 is
    enough for a test); effects keep their size. `progress` is told what is being made and the share (0-1) done.
    """
    tell = progress or _silent
    data = target / "data"
    tell("wards and addresses", 0.0)
    _copy_documents(target)
    outlines = wards.rings(seed)
    places = wards.addresses(seed, outlines)
    wards.write(data / "wards.geojson", outlines, dict(enumerate(_RESIDENTS)))
    tell("service requests", 0.1)
    requests = service_requests.make(seed, scale=scale, places=places)
    tell("service request files", 0.3)
    service_requests.write(data, requests, places=places, seed=seed, scale=scale)
    tell("permits", 0.7)
    permits.write(data, seed=seed, scale=scale, places=places)
    tell("purchases, hires and initiatives", 0.73)
    purchases.write(data, seed=seed, scale=scale)
    hires.write(data, seed=seed, scale=scale)
    initiatives.write(data, seed=seed)
    tell("posts", 0.75)
    made = posts.make(seed, scale=scale)
    posts.write(data, made)
    structure.write(target, made)
    tell("budget and grants", 0.95)
    budget.write(data, budget.make(seed, made))
    awards = grants.make(seed)
    grants.write(data, awards)
    agenda.write(target, made, awards)
    council.write(target)
    tell("done", 1.0)


def _copy_documents(target: Path) -> None:
    with as_file(files("cupola.demo") / "folder") as folder:
        for document in sorted(folder.rglob("*.yaml")):
            copy = target / document.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(document.read_bytes())


def _silent(_what: str, _share: float) -> None:
    return None
