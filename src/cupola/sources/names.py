"""Column names made unique. The lake ignores case in names, so `Name` and `name` may not both stand."""

from collections.abc import Iterable

from cupola.contracts import ROW, SOURCE

_TAKEN = (ROW, SOURCE)


def unique_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return `names` in order, empty ones called `column_<position>` and repeated ones numbered `_2`, `_3`, ...

    >>> unique_names(["Name", "", "name"])
    ('Name', 'column_2', 'name_2')
    """
    wanted = [name.strip() or f"column_{position}" for position, name in enumerate(names, 1)]
    published = {name.casefold() for name in wanted}
    used = {name.casefold() for name in _TAKEN}
    result = []
    for name in wanted:
        chosen, number = name, 1
        while chosen.casefold() in used or (number > 1 and chosen.casefold() in published):
            number += 1
            chosen = f"{name}_{number}"
        used.add(chosen.casefold())
        result.append(chosen)
    return tuple(result)
