"""The end of a dataset: when, why, and what takes its place."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from cupola.folder.kinds.record import Fields, Reference, text_of
from cupola.folder.kinds.values import Day, FilledText, Says, Text, Url, wrong
from cupola.folder.problems import show

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)


def _key_or_nothing(text: str) -> str:
    if text and not _KEY.fullmatch(text):
        raise wrong(f"{show(text)} is not a key", "write the key of a dataset, or its address under 'replaced_at'")
    return text


class RetiredFields(Fields):
    """How a dataset ended. Its page stays, and says this."""

    on: Day = Field(description="The day it ended; not one to come.", examples=["2026-06-30"])
    reason: FilledText = Field(
        description="Why, for everyone who asks for it.", examples=["The permit system was replaced."]
    )
    replaced_by: Annotated[Text, AfterValidator(_key_or_nothing), Says("key of a dataset")] = Field(
        "", description="The dataset that takes its place.", examples=["permits-2026"]
    )
    replaced_at: Url | None = Field(
        None,
        description="The address of what takes its place elsewhere.",
        examples=["https://data.example.gov/d/abcd-1234"],
    )


def successors(data: Mapping[str, Any]) -> Iterator[Reference]:
    """Yield the dataset that takes the place of this one."""
    retired = data.get("retired")
    key = text_of(retired, "replaced_by")
    if key:
        yield Reference(("retired", "replaced_by"), "dataset", key)
