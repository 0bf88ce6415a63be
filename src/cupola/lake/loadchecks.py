"""What must hold of a contract and its sources before a single row is read."""

from cupola.contracts import ColumnType, Contract
from cupola.lake.columns import SYSTEM
from cupola.lake.loaderrors import ContractUnusable
from cupola.lake.loadreport import LoadRequest

_PLACED = {ColumnType.FLOAT, ColumnType.DECIMAL}


def check_contract(request: LoadRequest) -> None:
    """Check that the contract's names hold together. Raises ContractUnusable."""
    contract = request.contract
    names = [column.name for column in contract.columns]
    for name in [*names, *(tag.column for tag in contract.tags)]:
        if name.lower() in SYSTEM or name.startswith("_"):
            _refuse(request, f"the column name '{name}' belongs to the lake", "Choose another name")
    doubled = sorted({name for name in names if [one.lower() for one in names].count(name.lower()) > 1})
    if doubled:
        _refuse(request, f"columns named twice: {', '.join(doubled)}", "Give each column a name of its own")
    known = set(names)
    for role, wanted in (("row_key", contract.key), ("time_column", (contract.time_column,))):
        for name in wanted:
            if name and name not in known:
                _refuse(request, f"{role} names '{name}', which is not a column", f"Columns: {', '.join(names)}")
    _check_tags(request, contract)
    if request.mode == "upsert" and (not contract.key or contract.duplicates == "keyless"):
        _refuse(request, "mode is upsert and rows have no key", "Name the key columns in `row_key`, or use append")


def _check_tags(request: LoadRequest, contract: Contract) -> None:
    types = {column.name: column.type for column in contract.columns}
    for tag in contract.tags:
        for name in tag.point:
            if name not in types:
                _refuse(request, f"the tag '{tag.column}' reads '{name}', which is not a column", "Name its columns")
        kinds = {types[name] for name in tag.point}
        fits = kinds == {ColumnType.POINT} if len(tag.point) == 1 else len(tag.point) == 2 and kinds <= _PLACED
        if not fits:
            _refuse(
                request,
                f"the tag '{tag.column}' reads {', '.join(tag.point)}, which is no point",
                "Name one point column, or longitude and latitude as float or decimal columns",
            )


def check_sources(request: LoadRequest) -> None:
    """Check that there is a source, and that each says its vintage where the dataset is vintaged."""
    if not request.landings:
        _refuse(request, "no source", "Name at least one under `sources`")
    for landing in request.landings:
        if request.contract.vintaged and landing.vintage is None:
            _refuse(request, f"{landing.source} has no vintage", "Add `vintage:` to it, as to the other sources")
        if not request.contract.vintaged and landing.vintage is not None:
            _refuse(request, f"{landing.source} has a vintage and the dataset has none", "Say it of every source")


def _refuse(request: LoadRequest, problem: str, remedy: str) -> None:
    raise ContractUnusable(dataset=request.dataset, problem=problem, remedy=remedy)
