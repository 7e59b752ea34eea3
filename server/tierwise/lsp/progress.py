"""Work-done progress: a bar in the editor that the user can cancel."""

import asyncio
from collections.abc import Callable
from itertools import count

Token = str | int

_numbers = count(1)
"""Short, because Emacs shows tokens to its users."""


class Progress:
    """One bar; what it is told waits until the client has made room for it."""

    def __init__(self, notify: Callable[[str, object], None], token: Token | None) -> None:
        self._notify = notify
        self.token: Token = f"tierwise-{next(_numbers)}" if token is None else token
        self.shown = token is not None
        self._untold: list[dict[str, object]] = []
        self._task = asyncio.current_task()

    def show(self) -> None:
        """The client has made room: say what has waited for that; where the work is done, the bar goes at once."""
        self.shown = True
        for value in self._untold:
            self._say(value)
        self._untold.clear()

    def report(self, message: str, percentage: int | None = None) -> None:
        """Say how far the work is; ``percentage`` from 0 to 100, never falling."""
        value: dict[str, object] = {"kind": "report", "message": message}
        if percentage is not None:
            value["percentage"] = percentage
        self._say(value)

    def begin(self, title: str, *, cancellable: bool) -> None:
        """Show the bar."""
        self._say({"kind": "begin", "title": title, "cancellable": cancellable})

    def end(self) -> None:
        """Take the bar away."""
        self._say({"kind": "end"})

    def cancel(self) -> None:
        """Cancel the work, because the user said so."""
        if self._task is not None:
            self._task.cancel()

    def _say(self, value: dict[str, object]) -> None:
        if self.shown:
            self._notify("$/progress", {"token": self.token, "value": value})
        else:
            self._untold.append(value)
