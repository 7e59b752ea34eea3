"""The edits change the text they are applied to."""

from tierwise.core.outcome import Verdict

from . import Trial


class ChangesSomething:
    """Fails where the file reads as before: a fix that fixes nothing."""

    async def check(self, trial: Trial) -> Verdict:
        """Return a hard verdict."""
        changed = any(trial.before.get(uri) != text for uri, text in trial.after.items())
        reason = "" if changed else "the answer leaves the code as it is"
        return Verdict(check="changes_something", passed=changed, score=float(changed), reason=reason)


CHECK = ChangesSomething()
