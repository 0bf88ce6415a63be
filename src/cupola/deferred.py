"""Modules that are costly to import and that most processes never need: imported when first asked for something.

An `import` at the head of a file is paid by whoever imports the file, and the records know every kind of document: a
server that hands out rows would hold 40 MB of SciPy that only evaluations and protected tables need, and 15 MB of
Arrow's data sets (45 where pandas is installed, which they then import) that only a commit to the lake needs.
"""

import importlib
from typing import TYPE_CHECKING, Any

__all__ = ["optimize", "sparse", "special", "table_io"]


class _Deferred:
    """A module that is imported when something of it is first asked for. Any thread may ask."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        value = getattr(importlib.import_module(self._name), name)
        setattr(self, name, value)  # from now on this is not asked any more
        return value


if TYPE_CHECKING:
    from pyiceberg.io import pyarrow as table_io
    from scipy import optimize, sparse, special
else:
    optimize, sparse, special = _Deferred("scipy.optimize"), _Deferred("scipy.sparse"), _Deferred("scipy.special")
    table_io = _Deferred("pyiceberg.io.pyarrow")
