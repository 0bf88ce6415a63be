"""Titles as rosters write them -> words a rule can read: abbreviations written out, grades and agreements left away."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

_NOT_A_WORD = re.compile(r"[^A-Z0-9]+")
_NUMBER = re.compile(r"(?<=[A-Z])(?=(?:311|911)\b)|(?<=311)(?=[A-Z])|(?<=911)(?=[A-Z])")
_SHORTEST_GLUED, _SHORTEST_PART = 12, 4


@dataclass(frozen=True)
class Words:
    """How a roster's words are read.

    written_out: a word as abbreviated -> in full. phrases: patterns and what they become, in order, before and after
    the abbreviations. dropped: words that say grade or agreement. parts: words that may be found in a longer one that
    was written without spaces because the column of the payroll was too short.
    """

    written_out: Mapping[str, str]
    phrases: Sequence[tuple[re.Pattern[str], str]]
    dropped: frozenset[str]
    parts: frozenset[str]

    def normalise(self, text: str) -> str:
        """Return capitals, single spaces; `DATA PROC SYS ANL II (G)` -> `DATA PROCESSING SYSTEMS ANALYST`."""
        plain = unicodedata.normalize("NFKD", text.upper()).encode("ascii", "ignore").decode()
        plain = self._rephrase(plain)
        plain = _NUMBER.sub(" ", _NOT_A_WORD.sub(" ", plain))
        words = [part for word in plain.split() for part in self._ungluing(word)]
        full = " ".join(self.written_out.get(word, word) for word in words if word not in self.dropped)
        return " ".join(self._rephrase(full).split())

    def _rephrase(self, text: str) -> str:
        for pattern, becomes in self.phrases:
            text = pattern.sub(becomes, text)
        return text

    @cached_property
    def _known(self) -> frozenset[str]:
        return self.parts | frozenset(self.written_out.values())

    @cached_property
    def _part(self) -> re.Pattern[str]:
        longest_first = sorted((one for one in self.parts if len(one) >= _SHORTEST_PART), key=len, reverse=True)
        return re.compile("|".join(longest_first)) if longest_first else re.compile(r"(?!)")

    def _ungluing(self, word: str) -> list[str]:
        """Return the word, or its parts where it was written without spaces; the rest between parts stays a word."""
        if len(word) < _SHORTEST_GLUED or word in self._known:
            return [word]
        return self._part.sub(lambda found: f" {found.group()} ", word).split()
