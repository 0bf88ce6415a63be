"""One row of what `make bench` prints."""


def show(what: str, figure: str, limit: str, *, met: bool) -> None:
    """Print a figure beside its limit."""
    print(f"{what:<52} {figure:>26}   {limit:<22} {'ok' if met else 'MISSED'}", flush=True)
