"""Why a version may not become public yet: each reason with what was found, where, why it matters and what to do."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from cupola.privacy.columnstops import changed_columns, new_in_sources
from cupola.privacy.facts import Facts, Remedied, Times
from cupola.privacy.kinds import ADVICE, Remedy
from cupola.privacy.reasons import Accepted, Stop, Thresholds
from cupola.privacy.scanning import Hit

ROW_COUNT, SHIFTED, FUTURE = "row_count", "shifted_dates", "future_dates"
SMALL_GROUPS, FEWER_ALIKE, ALIKE_SECRETS = "small_groups", "fewer_alike", "alike_secrets"

_FEW_ROWS = 20  # so few rows more or less are no anomaly, whatever the share
_FEW_MOVED = 0.05  # share of rows whose time may be corrected from one version to the next
_SLACK_DAYS = 2.0
_SLACK_SHARE = 0.02  # of the range of times, by which a distribution may move
_HALF = 0.5
_EPOCH = date(1970, 1, 1)


def stops(
    now: Facts,
    before: Facts | None,
    *,
    rules: Thresholds,
    accepted: Sequence[Accepted] = (),
    days_between: float = 0.0,
    hidden_before: frozenset[str] = frozenset(),
) -> tuple[Stop, ...]:
    """Return every reason why a version may not be public; `before` is the version that is, None when none is.

    `days_between`: between the two loads. `hidden_before`: columns the public does not see in the version before.
    """
    found = [*_details(now), *_crowds(now, before, rules)]
    if before is not None:
        found += [
            *changed_columns(now, before, hidden_before),
            *new_in_sources(now, before),
            *_rows(now, before, rules),
            *_shifts(now, before, days_between),
        ]
    found += _future(now)
    return tuple(one for one in found if not _is_accepted(one, accepted, version=now.version))


def _is_accepted(stop: Stop, accepted: Sequence[Accepted], *, version: int) -> bool:
    return any(
        (one.column, one.kind) == (stop.column, stop.kind)
        and one.version in {None, version}
        and (one.at_most is None or stop.count <= one.at_most)
        and (one.at_least is None or stop.count >= one.at_least)
        for one in accepted
    )


# -- personal details


def _details(now: Facts) -> Iterator[Stop]:
    for hit in now.hits:
        advice = ADVICE[hit.kind]
        samples = f", as in {' | '.join(hit.samples)}" if hit.samples else ""
        yield Stop(
            kind=hit.kind.value,
            column=hit.column,
            found=f"{hit.column} holds {advice.words}: {_share_words(hit)}{samples}.",
            why="Whoever reads the rows would learn them of single persons.",
            what_to_do=(
                f"What helps: {'; or '.join(_DO[one].format(column=hit.column) for one in advice.remedies)}.",
                "If it is none of a person, accept it with the reason.",
            ),
            count=hit.values,
            samples=hit.samples,
            accept={"column": hit.column, "kind": hit.kind.value},
        )


def _share_words(hit: Hit) -> str:
    share = f"{100 * hit.share:.0f} %" if hit.share >= 0.01 else "under 1 %"
    return f"{hit.values:,} of {hit.all_values:,} different values ({share}), {hit.rows:,} rows"


_DO: dict[Remedy, str] = {
    Remedy.DROP: "drop it ('{column}: sensitive: true', or leave it out of the contract)",
    Remedy.BAND: "band it in a 'select:', as in floor({column} / 10) * 10",
    Remedy.COARSEN: "coarsen it in a 'select:', a date to its year, a code to its first signs",
    Remedy.ROUND: "round it in a 'select:', an address to its hundred block, coordinates to three digits",
    Remedy.AGGREGATE: "publish counts by group instead of rows",
}


# -- crowds to hide in


def _crowds(now: Facts, before: Facts | None, rules: Thresholds) -> Iterator[Stop]:
    known = now.anonymity
    if known is None or not now.rows:
        return
    together = ", ".join(known.columns)
    what = tuple(_remedied_words(one, rules) for one in now.remedied) or ("Drop one of the columns.",)
    if known.k < rules.threshold:
        yield Stop(
            kind=SMALL_GROUPS,
            column="",
            found=f"{known.small_groups:,} combinations of {together} are shared by fewer than {rules.threshold} rows"
            f" ({known.small_rows:,} of {known.rows:,} rows); the smallest by {known.k} (k = {known.k}).",
            why="Someone who knows these facts of a person finds that person's row.",
            what_to_do=what,
            count=known.k,
            accept={"kind": SMALL_GROUPS, "at_least": known.k},
        )
    elif before is not None and before.anonymity is not None and known.k < before.anonymity.k * _HALF:
        yield Stop(
            kind=FEWER_ALIKE,
            column="",
            found=f"The smallest group that shares {together} fell from {before.anonymity.k} rows in version"
            f" {before.version} to {known.k} (k = {known.k}).",
            why="People are easier to find than they were, although no group is below the threshold yet.",
            what_to_do=what,
            count=known.k,
            accept={"kind": FEWER_ALIKE, "at_least": known.k},
        )
    for column, kinds in known.diversity.items():
        if kinds < rules.diversity:
            yield Stop(
                kind=ALIKE_SECRETS,
                column=column,
                found=f"In some groups that share {together}, {column} has only {_count(kinds, 'value')}"
                f" (l = {kinds}).",
                why=f"Whoever knows that a person is in such a group knows that person's {column}.",
                what_to_do=(f"Coarsen {together} so that groups grow, or drop {column}.",),
                count=kinds,
                accept={"column": column, "kind": ALIKE_SECRETS, "at_least": kinds},
            )


def _remedied_words(one: Remedied, rules: Thresholds) -> str:
    how = {
        Remedy.DROP: f"Without {one.column}",
        Remedy.BAND: f"With {one.column} banded by {one.step:g}",
        Remedy.ROUND: f"With {one.column} rounded to {one.step:g} digits",
    }.get(one.remedy, f"With {one.column} coarsened")
    left = "no row in a small group" if not one.small_rows else f"{one.small_rows:,} rows in small groups"
    enough = ", which is enough" if one.k >= rules.threshold else ""
    return f"{how} k would be {one.k:,}{enough} ({left})."


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


# -- rows and times


def _rows(now: Facts, before: Facts, rules: Thresholds) -> Iterator[Stop]:
    more = now.rows - before.rows
    if abs(more) <= _FEW_ROWS and now.rows:
        return
    fell = more < -rules.rows_may_fall * before.rows
    grew = more > rules.rows_may_grow * before.rows
    if fell or grew:
        share = f" ({100 * more / before.rows:+.0f} %)" if before.rows else ""
        yield Stop(
            kind=ROW_COUNT,
            column="",
            found=f"There are {now.rows:,} rows; version {before.version} has {before.rows:,}{share}.",
            why="So large a step is more often a broken source than news.",
            what_to_do=(
                "Compare with the source. If it is right, accept it for this version, or write"
                f" 'privacy: {{{'rows_may_fall' if fell else 'rows_may_grow'}: SHARE}}'.",
            ),
            count=now.rows,
            accept={"kind": ROW_COUNT, "version": now.version},
        )


def _shifts(now: Facts, before: Facts, days_between: float) -> Iterator[Stop]:
    times, then = now.times, before.times
    if times is None or not times.days:
        return
    found = _moved_rows(times) or _moved_range(times, then, days_between=days_between, version=before.version)
    if found:
        yield Stop(
            kind=SHIFTED,
            column=times.column,
            found=found,
            why="A shift of dates, as by another date format or time zone, changes every figure by month or year.",
            what_to_do=("Compare some rows with the source and look at 'format:'; if they are right, accept it.",),
            count=times.moved,
            accept={"column": times.column, "kind": SHIFTED, "version": now.version},
        )


def _moved_rows(times: Times) -> str:
    if not times.shared or times.moved <= max(1, _FEW_MOVED * times.shared):
        return ""
    percent = 100 * times.moved / times.shared
    return (
        f"{times.column} is another in {times.moved:,} of {times.shared:,} rows that both versions have"
        f" ({percent:.0f} %), in the median by {times.moved_days:+,.1f} days."
    )


def _moved_range(times: Times, then: Times | None, *, days_between: float, version: int) -> str:
    if then is None or not then.days or times.shared:
        return ""
    slack = max(_SLACK_DAYS, _SLACK_SHARE * (then.days[-1] - then.days[0]))
    steps = [new - old for new, old in zip(times.days, then.days, strict=True)]
    ahead, back = max(steps), min(steps)
    if ahead <= days_between + slack and back >= -slack:
        return ""
    first, last = _day(times.days[0]), _day(times.days[-1])
    return (
        f"{times.column} runs from {first} to {last}; in version {version} from {_day(then.days[0])} to"
        f" {_day(then.days[-1])}. Its middle moved by {steps[len(steps) // 2]:+,.0f} days."
    )


def _day(days: float) -> str:
    try:
        return (_EPOCH + timedelta(days=days)).isoformat()
    except OverflowError:
        return "a day no calendar has"


def _future(now: Facts) -> list[Stop]:
    times = now.times
    if times is None or not times.future:
        return []
    return [
        Stop(
            kind=FUTURE,
            column=times.column,
            found=f"{times.column} lies in the future in {_count(times.future, 'row')}, the latest on"
            f" {_day(times.days[-1])}.",
            why="What has not happened yet cannot have been recorded; often day and month were taken for each other.",
            what_to_do=("Look at 'format:' and at the source; if planned days belong in it, accept it.",),
            count=times.future,
            accept={"column": times.column, "kind": FUTURE},
        )
    ]
