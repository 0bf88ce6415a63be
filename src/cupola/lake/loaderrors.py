"""Why a load stopped, with its report attached. The version before it stays published."""

from cupola.errors import InvalidInput
from cupola.lake.loadreport import LoadReport


class LoadStopped(InvalidInput):
    """The source was read and does not fit the contract well enough to be published."""

    def __init__(self, message: str, *, report: LoadReport) -> None:
        self.report = report
        super().__init__(message)


class TooManyBadRows(LoadStopped):
    """More rows did not fit than the contract lets pass."""


class DuplicateKeys(LoadStopped):
    """Rows share a key, and the contract says to stop then."""


class ContractUnusable(InvalidInput):
    """The contract contradicts itself or uses a name that belongs to the lake."""

    def __init__(self, *, dataset: str, problem: str, remedy: str) -> None:
        self.dataset = dataset
        super().__init__(f"{dataset}: {problem}. {remedy}")


class MissingColumn(InvalidInput):
    """A source has no column for one of the contract's."""

    def __init__(self, *, source: str, column: str, present: tuple[str, ...], nearest: str) -> None:
        self.source, self.column, self.present, self.nearest = source, column, present, nearest
        hint = f" The nearest is '{nearest}'." if nearest else ""
        super().__init__(
            f"{source}: no column for '{column}'. The columns are: {', '.join(present)}.{hint}"
            f" Add the published name to `from` of '{column}', or say `optional: true`."
        )


class NothingToLoad(LoadStopped):
    """The sources hold no rows at all."""
