"""The garbage collector, kept away from what stays until the process ends."""

import gc
import threading
from collections.abc import Generator
from contextlib import contextmanager

_lock = threading.Lock()
_turn = threading.RLock()
_loading = 0


@contextmanager
def loading() -> Generator[None]:
    """Import or build what stays: no collection meanwhile, and later ones do not look at it.

    Importing both SDKs takes a fifth longer with collections in between (`tests/bench/test_startup.py`), and a full one
    afterwards would look at some hundred thousand objects that never go, in the middle of a keystroke. May be nested
    and entered in several threads.
    """
    global _loading  # noqa: PLW0603 - the process has one collector
    with _lock:
        _loading += 1
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            _loading -= 1
            if not _loading:
                gc.freeze()
                gc.enable()


@contextmanager
def loading_alone() -> Generator[None]:
    """Load in a thread, one thread after the other: each more that thinks makes the event loop wait once more for the
    interpreter, and together they are no faster.
    """
    with _turn, loading():
        yield
