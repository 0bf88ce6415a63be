"""When to try again: backoff with jitter, Retry-After, a limit on tries without progress and on the whole time."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache

import httpx

from cupola.sources.addresses import redacted, without_secrets
from cupola.sources.spec import Limits, SourceInvalid, SourceUnreachable

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
_PASSING = frozenset((408, 425, 429))
_REMEDIES = {
    400: "Check the address and its parameters.",
    401: "It needs a login: check the credentials or token.",
    403: "It refuses access: check the credentials or token, or ask the publisher.",
    404: "It is not there: check the address, or ask the publisher where it moved.",
    410: "It was withdrawn: ask the publisher where it moved.",
    429: "Too many requests: run later, or use a token.",
}


class Passing(Exception):
    """A trouble that may be over soon."""

    def __init__(self, problem: str, *, status: int | None = None, wait: float | None = None) -> None:
        self.problem, self.status, self.wait = problem, status, wait
        super().__init__(problem)


def is_passing(status: int) -> bool:
    """Tell whether a status is worth another try."""
    return status in _PASSING or status >= 500


def remedy_for(status: int | None) -> str:
    """Return what to do about a status."""
    return _REMEDIES.get(status or 0, "Check the address and the connection, and run again.")


def trouble(error: httpx.HTTPError) -> Passing:
    """Return a transport error in words."""
    if isinstance(error, httpx.ConnectTimeout | httpx.ReadTimeout | httpx.WriteTimeout | httpx.PoolTimeout):
        return Passing("it did not answer in time")
    if isinstance(error, httpx.ConnectError):
        return Passing(f"no connection ({without_secrets(str(error)) or 'refused'})")
    if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError):
        return Passing("the connection broke off")
    return Passing(f"the transfer failed ({without_secrets(str(error)) or type(error).__name__})")


def passing_status(response: httpx.Response, limits: Limits) -> Passing:
    """Return a passing status in words, with the pause the server asks for."""
    return Passing(
        f"it answered {response.status_code} {response.reason_phrase}".rstrip(),
        status=response.status_code,
        wait=_retry_after(response.headers, limits),
    )


def _retry_after(headers: Mapping[str, str], limits: Limits) -> float | None:
    value = headers.get("retry-after", "").strip()
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - limits.pace.wall())
    except ValueError:
        return None


@dataclass
class Patience:
    """How often one fetch was disappointed, and when it must be over. `url` may hold secrets; messages do not."""

    url: str
    limits: Limits
    tries: int = 1
    failures: int = 0  # in a row without progress

    def __post_init__(self) -> None:
        self._deadline = self.limits.pace.clock() + self.limits.seconds

    @property
    def where(self) -> str:
        """The address as people may see it."""
        return redacted(self.url)

    def progressed(self) -> None:
        """Note that something arrived. Raises SourceUnreachable when the time is over all the same."""
        self.failures = 0
        if self.limits.pace.clock() > self._deadline:
            raise self._over("it is too slow")

    def pause(self, passing: Passing) -> None:
        """Wait before the next try. Raises SourceUnreachable when there is to be none."""
        self.failures += 1
        if self.failures >= self.limits.attempts:
            raise self.unreachable(passing.problem, status=passing.status)
        wait = passing.wait
        if wait is None:
            backoff = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (self.failures - 1))
            wait = backoff * (0.5 + self.limits.pace.jitter() / 2)
        if self.limits.pace.clock() + wait > self._deadline:
            raise self._over(f"{passing.problem}; waiting {wait:,.0f} s more would take too long")
        self.limits.pace.sleep(wait)
        self.tries += 1

    def check_size(self, size: int) -> None:
        """Raise SourceInvalid when more was downloaded than the limit."""
        if size > self.limits.max_bytes:
            raise SourceInvalid(
                self.where,
                problem=f"it is larger than the limit of {self.limits.max_bytes:,} bytes",
                remedy="Raise the limit, or fetch less of it.",
            )

    def unreachable(self, problem: str, *, status: int | None = None, remedy: str = "") -> SourceUnreachable:
        """Return the error that ends the fetch."""
        return SourceUnreachable(
            self.where, problem=problem, remedy=remedy or remedy_for(status), status=status, attempts=self.tries
        )

    def _over(self, problem: str) -> SourceUnreachable:
        return self.unreachable(
            f"{problem} (limit {self.limits.seconds:,.0f} s)", remedy="Run again later, or raise the time limit."
        )


@cache
def _trusted() -> ssl.SSLContext:
    """Return the certificates to trust; reading them takes longer than a small download."""
    return httpx.create_ssl_context(trust_env=False)


def web_client(limits: Limits) -> httpx.Client:
    """Return a client that reads no environment: proxy and limits are given."""
    return httpx.Client(
        timeout=limits.timeout,
        follow_redirects=True,
        max_redirects=limits.redirects,
        proxy=limits.proxy or None,
        trust_env=False,
        verify=_trusted(),
        headers={"User-Agent": "cupola"},
    )
