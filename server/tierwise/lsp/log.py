"""The log: standard error and a file that is turned over, never with code, prompts or keys in it.

Exceptions are logged as their type and the places in our code that they passed: their texts quote what was handled.
"""

import asyncio
import logging
import queue
import sys
import traceback
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any

log = logging.getLogger(__name__)

FILE_SIZE = 1_000_000
"""Bytes of one log file; three are kept."""

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class Discreet(logging.Formatter):
    """Formats an exception without its text."""

    def formatException(  # noqa: N802 - logging's own name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """Return the exception's type and the places it passed, one a line."""
        kind, _, trace = ei
        frames = traceback.extract_tb(trace)
        places = [f"  {Path(place.filename).name}:{place.lineno} in {place.name}" for place in frames]
        return "\n".join([*places, kind.__name__ if kind else "no exception"])


class Listener(QueueListener):
    """Writes what has queued, in a thread."""

    def stop(self) -> None:
        """Write what is waiting and close the file."""
        super().stop()
        for handler in self.handlers:
            handler.close()


def start_log(level: int = logging.INFO, file: Path | None = None) -> "Listener":
    """Begin logging, from a thread of its own: an editor that does not read standard error must not stop the server.

    Ours is logged from ``level`` on, of libraries only warnings, of pygls nothing: it logs whole messages. Returns the
    listener, whose ``stop`` writes what is waiting; without the file where it cannot be written.
    """
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    problem = None
    if file is not None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            handlers.append(
                RotatingFileHandler(
                    file, maxBytes=FILE_SIZE, backupCount=2, encoding="utf-8", errors="backslashreplace"
                )
            )
        except OSError as error:
            problem = error
    records: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    funnel = QueueHandler(records)
    funnel.setFormatter(Discreet(_FORMAT))
    root = logging.getLogger()
    root.handlers[:] = [funnel]
    root.setLevel(logging.WARNING)
    logging.getLogger("tierwise").setLevel(level)
    logging.getLogger("pygls").setLevel(logging.CRITICAL + 1)
    listener = Listener(records, *handlers)
    listener.start()
    if problem is not None:
        log.warning("there will be no log file: %s", problem.strerror)
    return listener


def guard_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Log what no task took care of by its type; asyncio's own way quotes the exception."""

    def report(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        log.error("nobody waited for: %s", type(error).__name__ if error else "no exception")

    loop.set_exception_handler(report)
