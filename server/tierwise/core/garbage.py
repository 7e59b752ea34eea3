"""The garbage collector, kept away from what stays until the process ends."""

import gc
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager

_lock = threading.Lock()
_turn = threading.RLock()
_loading = 0
_leaving = threading.Event()


class LeavingError(RuntimeError):
    """The process is about to end: nothing is loaded any more."""


def leave() -> None:
    """Let threads load nothing more: a process ends when they have, and nobody will use what they load."""
    _leaving.set()
    sys.meta_path.insert(0, _Refusal())


class _Refusal:
    """Finds no module for a thread: what it is importing ends here."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Raise ``LeavingError`` in any thread but the main one, which may still clear up."""
        if threading.current_thread() is not threading.main_thread():
            raise LeavingError(name)


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
    interpreter, and together they are no faster. Raises ``LeavingError`` once the process is about to end.
    """
    with _turn, loading():
        if _leaving.is_set():
            raise LeavingError
        yield
