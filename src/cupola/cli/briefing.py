"""A city folder made from nothing but rosters and budgets, so that a brief is a run like any other."""

import csv
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cupola import sources
from cupola.cli.proposing import Proposed, base_of, local_spec, propose_dataset
from cupola.contracts import Landing
from cupola.errors import InvalidInput, NotFound
from cupola.folder.emitting import to_yaml
from cupola.orgchart.rosters import BudgetColumns, ColumnsNotFound, RosterColumns, budget_columns, roster_columns

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:-(0[1-9]|1[0-2]))?(?!\d)")
_FISCAL = re.compile(r"(?:fy|fiscal year)[ _-]?(?:20)?(\d\d)", re.IGNORECASE)
_TOTAL = re.compile(r"(grand |sub-?)?totals?($| ?[-:])", re.IGNORECASE)  # a row of the sums of others
_AMOUNTS = {"annual", "hourly", "hours", "fte", "posts", "earned", "amount"}
_COMMA = re.compile(r"\d,\d{1,2}(\D|$)")  # a comma before one or two last digits is a decimal sign
_POINT = re.compile(r"\d\.\d{1,2}(\D|$)")
_WORKBOOKS = {".xlsx", ".xlsb", ".xls", ".ods"}
MOST_SHEETS = 20
_CLOSED = "classification: restricted\nrefresh: never\n"
_KINDS = {"roster": "Posts", "budget": "Budget"}
Progress = Callable[[str, float], None]


class SameYear(InvalidInput):
    """Two files of the same kind speak for the same year, or for none that is known."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__(
            f"Which of {' and '.join(names)} is older cannot be told. Write the year before each, as in 2024=FILE."
        )


class NoSuchColumn(InvalidInput):
    """Somebody named a column that none of the files has."""

    def __init__(self, kind: str, names: Sequence[str], *, there: Sequence[str]) -> None:
        self.kind, self.names = kind, tuple(names)
        super().__init__(f"No {kind} has the column {' or '.join(names)}. The columns are {', '.join(there)}.")


@dataclass(frozen=True)
class Given:
    """One file and the year it speaks for, empty where nobody said and its name does not tell."""

    path: Path
    year: str

    @classmethod
    def parse(cls, text: str) -> "Given":
        """Read `FILE` or `YEAR=FILE`. Raises NotFound."""
        year, sign, rest = text.partition("=")
        named = bool(sign) and re.fullmatch(r"\d{4}(-\d\d)?", year) is not None
        path = Path(rest if named else text).expanduser()
        if not path.is_file():
            raise NotFound(f"There is no file {path}. Give a roster or budget as CSV, XLSX, JSON or Parquet.")
        found = _YEAR.search(path.name)
        told = "-".join(part for part in found.groups() if part) if found else ""
        return cls(path, year if named else told)


def make_folder(
    folder: Path,
    *,
    city: str,
    rosters: Sequence[Given],
    budgets: Sequence[Given],
    said: Mapping[str, Mapping[str, str]],
    progress: Progress,
) -> None:
    """Write a city folder that reads these files. `said`: columns a person named, by `roster` and `budget`.

    Each kind becomes one dataset with one vintage per file, in columns of the same names whatever the files call them.
    Raises NotFound, SameYear, rosters.ColumnsNotFound and what reading a file may raise.
    """
    (folder / "plans").mkdir(parents=True, exist_ok=True)
    head = {"kind": "city", "key": "city", "name": city, "time_zone": "UTC", "contact": "nobody@example.invalid"}
    (folder / "city.yaml").write_text(to_yaml(head), encoding="utf-8")
    if rosters:
        earned = _write(folder, "roster", rosters, said=said["roster"], progress=progress)
        pay = {"pay": "earned"} if earned else {}
        _describe(folder, "roster", {**pay, **_columns_of(folder, "roster")})
    if budgets:
        _write(folder, "budget", budgets, said=said["budget"], progress=progress)
        _describe(folder, "budget", _columns_of(folder, "budget"))


def _write(folder: Path, kind: str, files: Sequence[Given], *, said: Mapping[str, str], progress: Progress) -> bool:
    """Write the files of one kind as sources of one dataset; return whether pay is what was earned."""
    years = [one.year for one in files]
    if len(set(years)) < len(files) or (len(files) > 1 and not all(years)):
        raise SameYear([one.path.name for one in files])
    written, earned, names = [], False, []
    seen: dict[str, None] = {}
    for one in files:
        with tempfile.TemporaryDirectory() as scratch:
            landing, columns = _read(one.path, kind, said=said, scratch=Path(scratch), progress=progress)
            seen |= dict.fromkeys(landing.columns)
            unknown = [name for name in said.values() if name not in seen]
            if unknown and one is files[-1]:
                raise NoSuchColumn(kind, unknown, there=list(seen))
            earned = earned or (isinstance(columns, RosterColumns) and bool(columns.earned) and not columns.annual)
            target = folder / f"{kind}-{one.year or 'given'}.csv"
            names += [name for name in _copy(landing, columns, target, year=one.year) if name not in names]
            written.append((target, one.year))
    _dataset(folder, kind, written, names=names, given=[one.path for one in files], progress=progress)
    return earned


def _read(
    path: Path, kind: str, *, said: Mapping[str, str], scratch: Path, progress: Progress
) -> tuple[Landing, RosterColumns | BudgetColumns]:
    """Return a file and what its columns mean; of a workbook the first sheet that is of this kind."""
    first: InvalidInput | None = None
    for sheet in (str(number) for number in range(1, MOST_SHEETS + 1)) if path.suffix.lower() in _WORKBOOKS else ("",):
        try:
            landing = _landed(path, sheet, scratch=scratch, progress=progress)
            return landing, _columns(kind, landing, said)
        except (ColumnsNotFound, sources.SourceInvalid) as error:  # another sheet, an empty one, or there is none
            first = first or error
    assert first is not None, "one sheet was read at least"
    raise first


def _landed(path: Path, sheet: str, *, scratch: Path, progress: Progress) -> Landing:
    spec = replace(local_spec(str(path), path.parent), sheet=sheet)
    base = base_of(str(path), path.parent)
    fetched = sources.fetch(spec, base=base, cache=scratch, state={}, limits=sources.Limits(), progress=progress)
    return sources.land(fetched, scratch=scratch)


def _columns(kind: str, landing: Landing, said: Mapping[str, str]) -> RosterColumns | BudgetColumns:
    read = roster_columns if kind == "roster" else budget_columns
    return read(landing.columns, said={role: name for role, name in said.items() if name in landing.columns})


def _copy(landing: Landing, columns: RosterColumns | BudgetColumns, target: Path, *, year: str) -> list[str]:
    """Write the columns that mean something under the names of what they mean; return these names.

    Rows of totals are left out: they are sums of other rows.
    """
    held = {role: name for role, name in vars(columns).items() if name}
    fiscal = "" if "period" in held else _fiscal_year(held.get("amount", ""), year)
    names = [*held, *(["period"] if fiscal else [])]
    told = [place for place, role in enumerate(held) if role in {"department", "title", "account", "fund"}]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for batch in landing.batches():
            texts = [_texts(role, batch.column(name).to_pylist()) for role, name in held.items()]
            for row in zip(*texts, strict=True):
                if not any(_TOTAL.match(row[place]) for place in told):
                    writer.writerow([*row, *([fiscal] if fiscal else [])])
    return names


def _fiscal_year(amount: str, year: str) -> str:
    """Return the budget year of files without a column for it: from the amount's name, else from the file's."""
    found = _FISCAL.search(amount)
    return f"20{found[1]}" if found else year[:4]


def _texts(role: str, values: Sequence[str | None]) -> list[str]:
    """Return the values of a column as texts; those of amounts as plain numbers, what is none as nothing."""
    plain = [(value or "").strip() for value in values]
    if role not in _AMOUNTS:
        return ["" if value == "#Missing" else value for value in plain]
    comma = any(_COMMA.search(value) for value in plain) and not any(_POINT.search(value) for value in plain)
    return [_number(value, comma=comma) for value in plain]


def _number(text: str, *, comma: bool) -> str:
    """Return an amount without currency, groups and brackets, as in -1234.50; nothing where it is no number.

    `comma`: the column writes 1.234,50.
    """
    bare = re.sub(r"[^\d.,()-]", "", text)
    digits = bare.strip("()-")
    digits = digits.replace(".", "").replace(",", ".") if comma else digits.replace(",", "")
    if not re.fullmatch(r"\d+\.?\d*|\.\d+", digits):
        return ""
    return f"-{digits}" if bare[0] in "(-" or bare[-1] == "-" else digits


def _dataset(
    folder: Path,
    kind: str,
    written: Sequence[tuple[Path, str]],
    *,
    names: Sequence[str],
    given: Sequence[Path],
    progress: Progress,
) -> Proposed:
    """Propose the dataset from all files together, then let each be a source with its own vintage.

    `given`: the files as they were given; the dataset says their names.
    """
    together = folder / f"{kind}.csv"
    with together.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        for path, _year in written:
            with path.open(encoding="utf-8", newline="") as part:
                writer.writerows(csv.DictReader(part))
    proposed = propose_dataset(str(together), folder=folder, key=kind, progress=progress)
    together.unlink()
    files = ", ".join(path.name for path in given)
    text = re.sub(
        r"(?m)^title: .*\n",
        lambda _: to_yaml({"title": f"{_KINDS[kind]} ({files})"}),
        proposed.file.read_text(encoding="utf-8"),
        count=1,
    )
    vintages = len(written) > 1
    parts = [{"file": path.name, **({"vintage": year} if vintages else {})} for path, year in written]
    start, stop = text.index("sources:\n"), text.index("columns:\n")
    body = text[stop:].replace(", required: true", "").replace("    required: true\n", "")
    for name in names:
        body = body.replace(f"  {name}:\n    type:", f"  {name}:\n    optional: true\n    type:")
    keyless = "" if "duplicates:" in body else "duplicates: keyless\n"
    proposed.file.write_text(text[:start] + _CLOSED + keyless + to_yaml({"sources": parts}) + body, encoding="utf-8")
    return proposed


def _columns_of(folder: Path, kind: str) -> dict[str, object]:
    """Return the roles of the columns of the written files, which bear the names of what they mean."""
    names: dict[str, str] = {}
    for path in sorted(folder.glob(f"{kind}-*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            names |= {name: name for name in next(csv.reader(file))}
    return {"columns": names}


def _describe(folder: Path, kind: str, fields: Mapping[str, object]) -> None:
    text = to_yaml({"kind": kind, "key": kind, "dataset": kind, **fields})
    (folder / "plans" / f"{kind}.yaml").write_text(text, encoding="utf-8")
