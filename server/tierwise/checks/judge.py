"""A fast model's opinion of the answer, by a rubric; asked only where nothing harder could judge."""

import difflib

from tierwise.core.outcome import Verdict
from tierwise.core.strict import json_object, number_in

from . import STRONG, Trial, skipped

NAME = "judge"

CONTEXT = 3
"""Lines around each change that the judge is shown."""

LONGEST = 8_000
"""Characters of a change that a fast model can judge in one short call."""


class Judge:
    """Marks an answer with the judge's number; a judge that answers anything else than what was asked is not heard."""

    async def check(self, trial: Trial) -> Verdict:
        """Return a soft verdict."""
        harder = [verdict.check for verdict in trial.verdicts if verdict.check in STRONG and not verdict.skipped]
        if harder:
            return skipped(NAME, f"{harder[0]} judged already")
        if trial.ask is None:
            return skipped(NAME, "nobody stands above this answer")
        shown = _shown(trial)
        if len(shown) > LONGEST:
            return skipped(NAME, "the change is too long for a judge")
        attempt = await trial.ask(shown)
        if attempt is None:
            return skipped(NAME, "there is no model that could judge, or no time")
        if attempt.reply is None:
            return skipped(NAME, "the judge did not answer")
        told = json_object(attempt.reply.text)
        score = number_in(told.get("score"), 0.0, 1.0) if told else None
        if told is None or score is None:
            return skipped(NAME, "the judge did not answer in the form asked for")
        reason = str(told.get("reason", ""))[:300]
        return Verdict(check=NAME, passed=score >= 0.5, score=score, reason=reason, hard=False)


def _shown(trial: Trial) -> str:
    """Return what the answer changes as a diff, or its text where it changes nothing."""
    parts: list[str] = []
    for uri, after in trial.after.items():
        before = trial.before.get(uri)
        old = list(before.raw_lines()) if before is not None else []
        name = uri.rpartition("/")[2]
        parts += difflib.unified_diff(old, list(after.raw_lines()), name, name, n=CONTEXT)
    return "".join(line if line.endswith("\n") else line + "\n" for line in parts) or trial.candidate.text


CHECK = Judge()
