"""Pages of rows come out the same from the serving copy as from the files of the version."""

from pathlib import Path

import pytest
from load_world import Harbour, column, landing, year

from cupola.contracts import Contract
from cupola.lake.lake import Lake

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("vintage", ["", "2020-01-01"])
def test_a_serving_copy_gives_the_same_page_as_the_files(tmp_path: Path, vintage: str) -> None:
    contract = Contract(columns=(column("name", "text"),), vintaged=True)
    names = [[f"n{number}"] for number in range(50)]
    first, second = landing(["name"], names[:30], vintage=year(2020)), landing(["name"], names, vintage=year(2021))
    Harbour(tmp_path).load(contract, first, second)
    lake = Lake(tmp_path)
    from_files = lake.rows("permits", number=1, limit=5, offset=20, vintage=vintage)
    lake.build_serving(lake.version("permits"))
    from_copy = lake.rows("permits", number=1, limit=5, offset=20, vintage=vintage)
    assert from_copy.equals(from_files)
    assert from_copy.column("name").to_pylist() == ["n20", "n21", "n22", "n23", "n24"]
