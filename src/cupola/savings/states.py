"""How a claim moves: claimed, evidenced, verified by someone else, budgeted, realised; or lapsed."""

from cupola.errors import Conflict, NotAllowed
from cupola.savings.claim import Claim, Step
from cupola.savings.vocabulary import ORDER, Status


class StepNotPossible(Conflict):
    """A claim cannot take this step from where it stands."""

    def __init__(self, key: str, now: Status | None, wanted: Status) -> None:
        self.key, self.now, self.wanted = key, now, wanted
        following = " or ".join(f"'{status}'" for status in next_steps(now))
        stands = f"stands at '{now}'" if now else "has no step yet"
        ways = f"Its next step is {following}." if following else "It is over; enter a new claim that supersedes it."
        super().__init__(f"{key} {stands} and cannot become '{wanted}'. {ways}")


class VerifiedByClaimant(NotAllowed):
    """Whoever claims a saving, or gathered its evidence, does not verify it."""

    def __init__(self, key: str, by: str) -> None:
        self.key, self.by = key, by
        super().__init__(f"{by} claimed or evidenced {key} and cannot verify it. Ask someone else to.")


class StepGoesBack(Conflict):
    """A step dated before the one it follows."""

    def __init__(self, key: str, step: Step, last: Step) -> None:
        self.key, self.step, self.last = key, step, last
        super().__init__(f"{key} became '{last.status}' on {last.on}; '{step.status}' cannot be dated {step.on}.")


def next_steps(now: Status | None) -> tuple[Status, ...]:
    """Return what may follow a status; None is before the first step."""
    if now is None:
        return (Status.CLAIMED,)
    if now is Status.LAPSED:
        return ()
    at = ORDER.index(now)
    repeated = (Status.REALISED,) if now is Status.REALISED else ()  # one for each year that was closed
    following = () if now is Status.REALISED else (ORDER[at + 1],)
    return (*repeated, *following, Status.LAPSED)


def check_step(claim: Claim, step: Step) -> None:
    """Raise StepNotPossible, StepGoesBack or VerifiedByClaimant unless `step` may be added to the claim."""
    now = claim.steps[-1].status if claim.steps else None
    if step.status not in next_steps(now):
        raise StepNotPossible(claim.key, now, step.status)
    if claim.steps and step.on < claim.steps[-1].on:
        raise StepGoesBack(claim.key, step, claim.steps[-1])
    if step.status is Status.VERIFIED and _same_person(step.by, claim):
        raise VerifiedByClaimant(claim.key, step.by)


def _same_person(by: str, claim: Claim) -> bool:
    name = " ".join(by.casefold().split())
    own = (Status.CLAIMED, Status.EVIDENCED)
    return any(" ".join(step.by.casefold().split()) == name for step in claim.steps if step.status in own)
