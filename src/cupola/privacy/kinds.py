"""What may give a person away: the kinds a scan looks for, and what a steward can do about each."""

from dataclasses import dataclass
from enum import StrEnum

from cupola.sentences import Sentence


class Kind(StrEnum):
    """One kind of personal detail."""

    EMAIL = "email"
    PHONE = "phone"
    SOCIAL_SECURITY = "social_security"
    CARD = "card"
    PLATE = "plate"
    IP_ADDRESS = "ip_address"
    BIRTH_DATE = "birth_date"
    STREET_ADDRESS = "street_address"
    PRECISE_PLACE = "precise_place"
    PERSON_NAME = "person_name"
    FREE_TEXT = "free_text"


class Remedy(StrEnum):
    """What can be done to a column so that it says less about one person."""

    DROP = "drop"  # leave the column out
    BAND = "band"  # numbers into steps, as in ages 20-29
    COARSEN = "coarsen"  # a date to its month or year, a code to its first signs
    ROUND = "round"  # a place to its block, an address to its hundred block
    AGGREGATE = "aggregate"  # publish counts by group instead of rows


@dataclass(frozen=True)
class Advice:
    """How a kind is called and what helps, best first. `share`: the part of a column's values (0-1) from which a
    value that could be something else counts as this kind; 0 means that a single value is enough."""

    words: Sentence
    remedies: tuple[Remedy, ...]
    share: float = 0.0


ADVICE: dict[Kind, Advice] = {
    Kind.EMAIL: Advice(Sentence("e-mail addresses"), (Remedy.DROP,)),
    Kind.PHONE: Advice(Sentence("telephone numbers"), (Remedy.DROP,)),
    Kind.SOCIAL_SECURITY: Advice(Sentence("social security numbers"), (Remedy.DROP,)),
    Kind.CARD: Advice(Sentence("payment card numbers"), (Remedy.DROP,)),
    Kind.PLATE: Advice(Sentence("licence plates"), (Remedy.DROP,), share=0.5),
    Kind.IP_ADDRESS: Advice(Sentence("IP addresses"), (Remedy.DROP, Remedy.COARSEN)),
    Kind.BIRTH_DATE: Advice(Sentence("dates of birth"), (Remedy.COARSEN, Remedy.BAND, Remedy.DROP)),
    Kind.STREET_ADDRESS: Advice(Sentence("street addresses"), (Remedy.ROUND, Remedy.DROP), share=0.05),
    Kind.PRECISE_PLACE: Advice(Sentence("places to within a few metres"), (Remedy.ROUND, Remedy.AGGREGATE), share=0.5),
    Kind.PERSON_NAME: Advice(Sentence("names of persons"), (Remedy.DROP,), share=0.2),
    Kind.FREE_TEXT: Advice(Sentence("free text, which may say anything"), (Remedy.DROP,), share=0.2),
}
