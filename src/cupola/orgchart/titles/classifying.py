"""Titles of a roster -> what their holders do, each with the rule that says so and how sure it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from cupola.orgchart.titles.groups import Group, How, Level
from cupola.orgchart.titles.rules import Rules, usual_rules

SURE = 0.9
LIKE_ENOUGH = 90  # token-set ratio: the words of one are those of the other
LENGTHS_ALIKE = (
    70  # token-sort ratio: a token-set ratio is 100 for any part of a title, so `director` would be like all
)
_OTHER = (Group.OTHER,)


@dataclass(frozen=True)
class Label:
    """What a title of a department is about.

    functions: in the order of the rules that gave them. rule: its id, or the title it was settled like. confidence: 0
    to 1, ours and not measured per title; 0 in the queue, where functions is only a guess.
    """

    title: str
    department: str
    functions: tuple[Group, ...]
    level: Level
    how: How
    rule: str
    confidence: float
    reason: str = ""

    @property
    def queued(self) -> bool:
        """Whether a person must settle it."""
        return self.how is How.QUEUE


@dataclass(frozen=True)
class Settled:
    """What a person decided for a title: in one department, or in all where department is empty."""

    title: str
    functions: tuple[Group, ...]
    department: str = ""
    level: Level | None = None
    reason: str = ""


def classify(
    titles: Iterable[tuple[str, str]], *, settled: Sequence[Settled] = (), rules: Rules | None = None
) -> dict[tuple[str, str], Label]:
    """Label distinct pairs of title and department of one city, as written there.

    settled: the city's own table, which overrules everything; its titles are also what unclear ones are compared with,
    beside those the rules are sure of. Nothing is learnt from one city for another.
    """
    with_rules = rules or usual_rules()
    pairs = list(dict.fromkeys(titles))
    reader = _Reader(with_rules, _table(settled, with_rules))
    found = {pair: reader.label(*pair) for pair in pairs}
    known = {
        with_rules.words.normalise(title): label
        for (title, _), label in found.items()
        if label.how in {How.SETTLED, How.RULE} and label.confidence >= SURE
    }
    known |= {title: label for (title, _), label in reader.settled_labels().items()}
    for pair, label in found.items():
        if label.queued:
            found[pair] = _like_another(label, known, with_rules)
    return found


def _table(settled: Sequence[Settled], rules: Rules) -> dict[tuple[str, str], Settled]:
    read = rules.words.normalise
    return {(read(one.title), read(one.department)): one for one in settled}


class _Reader:
    def __init__(self, rules: Rules, settled: Mapping[tuple[str, str], Settled]) -> None:
        self._rules, self._settled = rules, settled
        self._read = rules.words.normalise
        self._departments: dict[str, str] = {}

    def label(self, title: str, department: str) -> Label:
        """Ask the steps in turn, except the last: likeness, which needs all the others' answers."""
        words = self._read(title)
        home = self._departments.setdefault(department, self._read(department))
        bare = Label(title, department, _OTHER, self._level(words), How.QUEUE, rule="", confidence=0.0)
        decided = self._settled.get((words, home)) or self._settled.get((words, ""))
        if decided:
            return _decided(decided, bare)
        found = self._by_rules(words, home, bare) or self._by_department(words, home, bare)
        if found:
            return found
        if self._rules.hints.search(words):
            return bare
        return replace(bare, how=How.NO_HINT, rule="no-hint", confidence=SURE, reason="No word speaks of technology.")

    def settled_labels(self) -> dict[tuple[str, str], Label]:
        """Return the city's own table as labels, by normalised title and department."""
        return {
            key: _decided(one, Label(one.title, one.department, _OTHER, self._level(key[0]), How.QUEUE, "", 0.0))
            for key, one in self._settled.items()
        }

    def _by_rules(self, words: str, home: str, bare: Label) -> Label | None:
        spoke = []
        for rule in self._rules.of_titles:
            if rule.holds(words, home):
                spoke.append(rule)
                if not rule.adds:
                    break
        if not spoke:
            return None
        groups = tuple(dict.fromkeys(group for rule in spoke for group in rule.functions))
        if len(groups) > 1:
            groups = tuple(group for group in groups if group is not Group.OTHER)
        return replace(
            bare,
            functions=groups,
            how=How.RULE,
            rule=" + ".join(rule.id for rule in spoke),
            confidence=min(rule.confidence for rule in spoke),
            reason=" ".join(rule.reason for rule in spoke),
        )

    def _by_department(self, words: str, home: str, bare: Label) -> Label | None:
        for rule in self._rules.of_departments:
            if rule.holds(words, home):
                return replace(
                    bare,
                    functions=rule.functions,
                    how=How.DEPARTMENT,
                    rule=rule.id,
                    confidence=rule.confidence,
                    reason=rule.reason,
                )
        return None

    def _level(self, words: str) -> Level:
        return next((level for level, pattern in self._rules.levels if pattern.search(words)), Level.STAFF)


def _decided(decided: Settled, bare: Label) -> Label:
    return replace(
        bare,
        functions=decided.functions,
        level=decided.level or bare.level,
        how=How.SETTLED,
        rule="settled",
        confidence=1.0,
        reason=decided.reason,
    )


def _like_another(label: Label, known: Mapping[str, Label], rules: Rules) -> Label:
    """Label like the most similar settled title that speaks of technology with the same words; else leave it."""
    words = rules.words.normalise(label.title)
    hints = set(rules.hints.findall(words))
    candidates = [title for title in known if set(rules.hints.findall(title)) == hints]
    candidates = [title for title in candidates if fuzz.token_sort_ratio(words, title) >= LENGTHS_ALIKE]
    best = process.extractOne(words, candidates, scorer=fuzz.token_set_ratio, score_cutoff=LIKE_ENOUGH)
    if best is None:
        return label
    other = known[best[0]]
    return replace(
        label,
        functions=other.functions,
        how=How.NEAREST,
        rule=f"like {other.title}",
        confidence=round(best[1] / 100 * 0.7, 2),
        reason=f"Reads like {other.title}, which is settled.",
    )
