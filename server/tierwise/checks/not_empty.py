"""Something is there to show."""

from tierwise.core.outcome import Verdict

from . import Trial


class NotEmpty:
    """Fails where the candidate is white space."""

    async def check(self, trial: Trial) -> Verdict:
        """Return a hard verdict."""
        there = bool(trial.candidate.text.strip())
        reason = "" if there else "the answer is empty"
        return Verdict(check="not_empty", passed=there, score=float(there), reason=reason)


CHECK = NotEmpty()
