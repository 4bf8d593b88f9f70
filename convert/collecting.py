"""Looking for cycles less often: lines of JSON are trees, and looking takes a tenth of the time."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = (200_000, 20, 100)


def collect_seldom() -> None:
    """In a process that is ours alone."""
    gc.freeze()
    gc.set_threshold(*_SELDOM)


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """As long as it lasts."""
    before = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
