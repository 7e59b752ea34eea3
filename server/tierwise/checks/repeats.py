"""The answer does not go round in circles, nor repeat what stands behind it anyway."""

from collections.abc import Sequence

from tierwise.core.outcome import Verdict

from . import Trial, passed

NAME = "repeats"

LONGEST = 12
"""Lines of the longest passage whose repetition is looked for."""

TIMES = 3
"""A passage that comes so often in a row is a loop: two equal lines in a row occur in sound code."""

WORTH_TELLING = 12
"""Characters of the shortest line that is a repetition where it stands behind the span too: many end with a brace."""


class Repeats:
    """Marks the answer down by the share of it that is repetition."""

    async def check(self, trial: Trial) -> Verdict:
        """Return a soft verdict."""
        lines = [line.strip() for line in trial.candidate.text.splitlines() if line.strip()]
        if not lines:
            return passed(NAME)
        looped = _looped(lines)
        if looped:
            return _marked(looped / len(lines), f"{looped} of {len(lines)} lines repeat those before them")
        again = _said_again(lines, trial)
        if again:
            return _marked(again / len(lines), f"{again} lines repeat what follows in the file")
        return passed(NAME)


def _marked(share: float, reason: str) -> Verdict:
    return Verdict(check=NAME, passed=False, score=max(0.0, 1.0 - share), reason=reason, hard=False)


def _looped(lines: Sequence[str]) -> int:
    """Return how many lines are further rounds of a passage that comes several times in a row."""
    most = 0
    for length in range(1, min(LONGEST, len(lines) // TIMES) + 1):
        at = 0
        while at + length * TIMES <= len(lines):
            rounds = 1
            passage = lines[at : at + length]
            if max(map(len, passage)) > 2:  # closing brackets come in rows
                while lines[at + rounds * length : at + (rounds + 1) * length] == passage:
                    rounds += 1
            if rounds >= TIMES:
                most = max(most, (rounds - 1) * length)
            at += max(1, (rounds - 1) * length)
    return most


def _said_again(lines: Sequence[str], trial: Trial) -> int:
    """Return how many of the answer's last lines stand right behind the task's span."""
    task = trial.task
    if task.document is None or task.span is None:
        return 0
    following = [
        line.strip()
        for line in task.document.text.raw_lines(task.span.end.line + 1, task.span.end.line + 2 + 4 * len(lines))
        if line.strip()
    ]
    for count in range(min(len(lines), len(following)), 0, -1):
        tail = lines[-count:]
        if tail == following[:count] and max(map(len, tail)) >= WORTH_TELLING:
            return count
    return 0


CHECK = Repeats()
