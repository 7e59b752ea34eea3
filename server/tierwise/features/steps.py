"""A task's steps as its progress bar tells them."""

from tierwise.core.decision import Decision, Role
from tierwise.core.model import Model
from tierwise.core.outcome import Attempt
from tierwise.core.task import Task
from tierwise.engine.observer import Silent, fault
from tierwise.lsp.progress import Progress


class Steps(Silent):
    """Names the tier, the model and why the last answer was not kept."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._fault = ""
        self.what = ""
        """Put before each message, where one order has several tasks."""

    def decided(self, task: Task, decision: Decision) -> None:
        """Say who will be asked."""
        ladder = " → ".join(rung.tier for rung in decision.ladder)
        if ladder:
            self._say(ladder)

    def asking(self, task: Task, tier: str, model: Model) -> None:
        """Say who is asked, and where somebody was before, what was wrong with that answer."""
        self._say(f"{self._fault}, asking {tier} ({model.ref})" if self._fault else f"{tier}: {model.ref}")
        self._fault = ""

    def tried(self, task: Task, attempt: Attempt) -> None:
        """Say what was wrong."""
        wrong = fault(attempt)
        if wrong and attempt.role is Role.ANSWER:
            self._fault = f"{attempt.tier}: {wrong}"
            self._say(self._fault)

    def _say(self, message: str) -> None:
        self._progress.report(f"{self.what} · {message}" if self.what else message)
