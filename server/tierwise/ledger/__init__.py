"""What every decision cost and what came of it."""

from typing import Protocol

from tierwise.core.outcome import Feedback, Outcome


class Ledger(Protocol):
    """Takes outcomes in, off the request path, and survives the process's death."""

    async def record(self, outcome: Outcome) -> None:
        """Write the outcome; when this returns, it survives ``kill -9``."""
        ...

    def note(self, feedback: Feedback) -> None:
        """Write what the user did with an answer, soon."""
        ...

    async def close(self) -> None:
        """Write what is still waiting and close."""
        ...
