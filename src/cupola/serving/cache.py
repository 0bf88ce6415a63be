"""Answers kept in memory, as many as fit; nothing in here ever becomes wrong, it only becomes unasked for."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")
_OVERHEAD_BYTES = 300  # of an entry: key, links, headers


class Cache(Generic[Value]):
    """A map that forgets what was not asked for longest once its values are larger than `most_bytes` together."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._lock = threading.Lock()
        self._held: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._bytes = 0

    def get(self, key: Hashable) -> Value | None:
        """Return what is kept under `key`, None where nothing is."""
        with self._lock:
            found = self._held.get(key)
            if found is None:
                return None
            self._held.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, value: Value, *, size: int) -> None:
        """Keep `value` of `size` bytes, unless it alone would take more than an eighth of the room."""
        size += _OVERHEAD_BYTES
        if size > self.most_bytes // 8:
            return
        with self._lock:
            _, before = self._held.pop(key, (None, 0))
            self._held[key] = (value, size)
            self._bytes += size - before
            while self._bytes > self.most_bytes:
                _, (_, freed) = self._held.popitem(last=False)
                self._bytes -= freed

    @property
    def size(self) -> int:
        """Bytes held now."""
        return self._bytes

    def __len__(self) -> int:
        return len(self._held)
