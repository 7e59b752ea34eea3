"""From an answer to its verdicts: shaped, applied to a copy, and checked."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from tierwise import edits
from tierwise.checks import NOWHERE, Ask, Check, Site, Trial, skipped
from tierwise.checks import load as load_check
from tierwise.core.edit import Edit
from tierwise.core.outcome import Attempt, Verdict
from tierwise.core.reply import Finish
from tierwise.core.task import Task, TaskKind

from .kept import joined
from .shape import applied, shape, texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an answer is measured by: the checks by name, where it is tried, who may be asked for an opinion, and the
    edits of an earlier answer that were good.
    """

    checks: Callable[[str], Check] = load_check
    site: Site = NOWHERE
    ask: Ask | None = None
    good: tuple[Edit, ...] = ()


PLAIN = Terms()


async def tried(attempt: Attempt, task: Task, kind: TaskKind, terms: Terms) -> Attempt:
    """Return the attempt with its candidate and the verdicts of the kind's checks, cheap ones first."""
    if attempt.reply is None:
        return attempt
    try:
        cut = attempt.reply.finish is Finish.LENGTH
        candidate = joined(terms.good, shape(attempt.reply.text, task, kind, cut=cut))
        before = texts(task)
        after = applied(candidate.edits, before)
    except edits.MalformedError as error:
        verdict = Verdict(check="applies", passed=False, score=0.0, reason=str(error))
        return replace(attempt, verdicts=(verdict,))
    trial = Trial(task=task, candidate=candidate, before=before, after=after, site=terms.site, ask=terms.ask)
    for name in kind.checks:
        verdict = await _in_time(name, terms.checks(name), trial)
        trial = replace(trial, verdicts=(*trial.verdicts, verdict))
        if verdict.hard and not verdict.passed:
            break  # nothing can save the candidate now, so dearer checks would be wasted
    return replace(attempt, candidate=candidate, verdicts=trial.verdicts)


async def _in_time(name: str, check: Check, trial: Trial) -> Verdict:
    """Return the verdict with what it took; a check that the task's deadline cuts short has none."""
    started = time.perf_counter()
    try:
        async with asyncio.timeout_at(trial.task.deadline):
            verdict = await check.check(trial)
    except TimeoutError:
        verdict = skipped(name, f"there was no time left for it in {trial.task.feature}")
    return verdict if verdict.seconds else replace(verdict, seconds=time.perf_counter() - started)
