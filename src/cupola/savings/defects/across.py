"""What only shows when claims stand beside each other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from cupola.savings.claim import ONE, ZERO, Claim
from cupola.savings.defects.kinds import Defect, DefectKind
from cupola.savings.vocabulary import Status
from cupola.sentences import Sentence

Place = tuple[str, int, str]  # budget line, fiscal year, quantity


def double_counted(claims: Iterable[Claim]) -> Iterator[Defect]:
    """Find the same quantity of the same line and year in several claims, unless they divide it between them.

    Divided is what each names all the others under `shares`, with the same shares. The later claim is the defect.
    """
    counting = [claim for claim in claims if claim.status is not Status.LAPSED]
    replaced = {claim.supersedes for claim in counting if claim.supersedes}
    found: dict[Place, list[Claim]] = defaultdict(list)
    for claim in counting:
        for year in claim.years:
            if claim.line and claim.key not in replaced:
                found[claim.line, year, claim.quantity.name.casefold().strip()].append(claim)
    told: set[str] = set()
    for (line, year, _name), group in found.items():
        first = min(group, key=_age)
        for claim in sorted(group, key=_age):
            if claim is not first and claim.key not in told and not _divided(group):
                told.add(claim.key)
                facts = {"what": claim.quantity.name, "line": line, "year": f"FY{year}", "first": first.key}
                message = Sentence("%(what)s of line %(line)s in %(year)s is already claimed by %(first)s", facts)
                yield Defect(DefectKind.DOUBLE_COUNTED, claim.key, "quantity.name", message)


def shared_too_often(claims: Iterable[Claim]) -> Iterator[Defect]:
    """Find claims that name each other and take more than the whole between them."""
    by_key = {claim.key: claim for claim in claims if claim.status is not Status.LAPSED}
    for claim in by_key.values():
        others = [by_key[key] for key, _share in claim.shares if key != claim.key and key in by_key]
        taken = claim.share + sum((other.share for other in others), ZERO)
        own = sum((share for _key, share in claim.shares), ZERO)
        if others and taken > ONE and own <= ONE:
            facts = {"names": ", ".join(other.key for other in others), "taken": str(taken)}
            message = Sentence("with %(names)s it takes %(taken)s of one effect", facts)
            yield Defect(DefectKind.SHARES_OVER_ONE, claim.key, "shares", message)


def superseded(claims: Iterable[Claim]) -> Iterator[Defect]:
    """Find claims that another has replaced and that still count."""
    every = list(claims)
    by_key = {claim.key: claim for claim in every}
    for claim in every:
        old = by_key.get(claim.supersedes)
        if old is not None and old.status is not Status.LAPSED:
            facts = {"by": claim.key, "status": str(old.status)}
            message = Sentence("%(by)s supersedes it and it still stands at '%(status)s'", facts)
            yield Defect(DefectKind.SUPERSEDED_COUNTED, old.key, "steps", message)


def _divided(group: list[Claim]) -> bool:
    """Whether all claims of a group state one and the same division that names each of them and sums to at most one."""
    keys = {claim.key for claim in group}
    divisions = {tuple(sorted(claim.shares)) for claim in group}
    if len(divisions) != 1:
        return False
    (division,) = divisions
    return keys <= {key for key, _share in division} and sum((share for _key, share in division), ZERO) <= ONE


def _age(claim: Claim) -> tuple[str, str]:
    return (claim.steps[0].on.isoformat() if claim.steps else "9999", claim.key)


ACROSS = (double_counted, shared_too_often, superseded)
