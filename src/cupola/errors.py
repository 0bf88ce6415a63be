"""The five kinds of error. Engines subclass a kind, keep the facts as attributes, say what is wrong and what to do.

Two places translate kinds: the web floor to a status code, the command line to an exit code.
"""


class CupolaError(Exception):
    """Base of every error a person can do something about."""

    exit_code = 1


class InvalidInput(CupolaError):
    """What was given cannot be used as it stands."""

    exit_code = 2


class NotFound(CupolaError):
    """What was asked for does not exist, or may not be seen."""

    exit_code = 3


class NotAllowed(CupolaError):
    """The person may not do this, or the machine may not (a read-only home, a full disk)."""

    exit_code = 4


class Conflict(CupolaError):
    """It clashes with something else: another writer, a newer edit, a duplicate key."""

    exit_code = 4


class Unsolvable(CupolaError):
    """The question is well put and has no answer within its limits."""

    exit_code = 1
