"""The kind `plan`: a staffing problem over years, with its question, its answer in words and what it rests on."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from cupola.errors import InvalidInput
from cupola.folder.documents import Scalar
from cupola.folder.kinds.record import Kind, Record
from cupola.folder.kinds.values import FilledText, Says, Several, Text
from cupola.folder.problems import Finding
from cupola.planner import read_scenario, rostered

_PARTS = ("classes", "sources", "moves", "needs", "savings", "limits", "weights", "decided", "year_begins")
_HEAD = ("years", *_PARTS)


def plain(value: Any) -> Any:
    """Return what was written as plain values: numbers, texts, lists and mappings."""
    if isinstance(value, Scalar):
        return value.value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, Sequence):
        return [plain(part) for part in value]
    return value


Part = Annotated[dict[str, Any], BeforeValidator(plain), Says("mapping")]
Parts = Annotated[list[Any], BeforeValidator(plain), Says("list")]
Label = Annotated[int | str, BeforeValidator(plain), Says("text or number")]


class PlanRecord(Record):
    """A staffing plan: posts and money over years, within limits. Its parts are those of `cupola plan solve`."""

    title: FilledText = Field(description="What it is about.", examples=["The innovation team after the grant"])
    question: Text = Field("", description="What is asked.", examples=["Who stays when the grant ends?"])
    answer: Text = Field("", description="The answer, in words.", examples=["Four of six posts."])
    facts: Annotated[tuple[FilledText, ...], Several] = Field((), description="What a source says, with the source.")
    assumed: Annotated[tuple[FilledText, ...], Several] = Field((), description="What nobody says, chosen here.")
    years: Parts = Field(description="The years, in order.", examples=[[2027, 2028]])
    decided: Label = Field("", description="The day it is decided.", examples=["2026-07-01"])
    year_begins: Label = Field("", description="First day of the year.", examples=["07-01"])
    classes: Part = Field(description="Posts that are alike, by key.")
    sources: Part = Field({}, description="Who pays how much in which year, by key.")
    moves: Part = Field({}, description="Posts that may become others, by key.")
    needs: Part = Field({}, description="What must be there, by key.")
    savings: Parts = Field([], description="Savings that count late and in part.")
    limits: Part = Field({}, description="Limits, by key.")
    weights: Part = Field({}, description="Prices of hiring, closing and moving.")

    def problem_page(self) -> dict[str, Any]:
        """Return the document as the planner reads it."""
        return {name: value for name, value in self.fields().items() if name != "key"}


class Plan(Kind):
    """The kind `plan`."""

    name = "plan"
    model = PlanRecord
    folder = "plans"
    says = "A staffing plan over years. One file each, in `plans/`."

    def check(self, data: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield what the planner cannot read. Only one at a time: it stops at the first."""
        page = {name: plain(value) for name, value in data.items() if name in _HEAD}
        if not isinstance(page.get("classes"), dict) or not isinstance(page.get("years"), list):
            return  # the fields' own types report it
        try:
            read_scenario(rostered.filled(page, {}))  # the roster itself is asked when the plan is solved
        except InvalidInput as error:
            part = next((name for name in _PARTS if name in str(error)), "classes")
            yield Finding((part,), "", str(error), "see docs/how-to/plan-posts.md")
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            yield Finding(("classes",), "", f"cannot be read ({error})", "see docs/how-to/plan-posts.md")
