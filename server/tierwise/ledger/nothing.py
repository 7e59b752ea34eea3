"""The ledger of a user who wants none."""

from tierwise.core.outcome import Feedback, Outcome


class Nothing:
    """Remembers nothing."""

    async def record(self, outcome: Outcome) -> None:
        """Forget it."""

    def note(self, feedback: Feedback) -> None:
        """Forget it."""

    async def close(self) -> None:
        """Nothing is waiting."""
