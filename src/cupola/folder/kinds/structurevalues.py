"""Types of values that only structures have: codes of the chart's vocabulary, dates that may be unknown, amounts."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from cupola.folder.kinds.values import FilledText, OneOrMore, Says, Slug, one_of, wrong
from cupola.folder.problems import show
from cupola.orgchart.moments import Moment
from cupola.periods import NotADate


def one_code(noun: str, choices: type[Any] | tuple[str, ...]) -> Any:
    """Return the type of a text that is one of some codes."""
    texts = tuple(str(choice) for choice in choices)
    return Annotated[str, one_of(noun, texts), Says(" \\| ".join(f"`{text}`" for text in texts))]


def several_codes(noun: str, choices: type[Any]) -> Any:
    """Return the type of several such texts."""
    item: Any = one_code(noun, choices)
    return Annotated[tuple[item, ...], OneOrMore]


def _moment(text: str) -> str:
    try:
        return str(Moment.parse(text))
    except NotADate as error:
        raise wrong(f"{show(text)} is not a date", f"write {error.wanted}, or 'unknown'") from None


def _amount(value: Any) -> Any:
    number = getattr(value, "value", value)
    if isinstance(number, bool) or not isinstance(number, int | float) or number < 0:
        raise wrong(f"{show(value)} is not an amount", "write a number without currency or commas, as 1350000")
    return number


def mapping_or(name: str) -> Any:
    """Return a validator that takes one text for a mapping of which only one field matters."""

    def read(value: Any) -> Any:
        return {name: value} if isinstance(value, str) else value

    return BeforeValidator(read)


def _alone(value: Any) -> Any:
    """Read one mapping that stands where several may."""
    return (value,) if isinstance(value, Mapping) else value


OneAlone = BeforeValidator(_alone)  # applied before OneOrMore, so it stands after it
WhenText = Annotated[FilledText, AfterValidator(_moment), Says("day, month or year, or `unknown`")]
Amount = Annotated[float | int, BeforeValidator(_amount), Says("number")]
SourceKeys = Annotated[tuple[FilledText, ...], OneOrMore]
Keys = Annotated[tuple[Slug, ...], OneOrMore]
