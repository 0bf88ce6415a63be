"""Sentences of engines: said in English as they are, kept as JSON and read back the same."""

import json

from cupola.sentences import Sentence

HELD = Sentence(
    "%(column)s holds %(what)s in %(rows)s rows (%(share)s).",
    {"column": "note", "what": Sentence("dates, {as: written}"), "rows": 12_000, "share": Sentence("under 1 %")},
)


def test_facts_and_sentences_stand_in_their_places() -> None:
    assert str(HELD) == "note holds dates, {as: written} in 12,000 rows (under 1 %)."


def test_a_sentence_is_read_back_as_it_was_written() -> None:
    assert Sentence.from_json(json.loads(json.dumps(HELD.to_json()))) == HELD
