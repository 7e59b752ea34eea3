"""Our own questions about a task: how hard is it (triage), how good is this answer (judge)."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from tierwise.core.decision import Role, Rung
from tierwise.core.outcome import Attempt, Verdict
from tierwise.core.prompt import Limits
from tierwise.core.task import Task, TaskKind

LONGEST_REQUEST = 4_000
"""Characters of a request that a fast model is shown: what is beyond does not change how hard it is."""


AHEAD = 0.05
"""Seconds before the task's own deadline at which a question ends: it must end by itself, not with the task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """A question ready to be asked: the task it is put as, its kind, whom, and how long the answer may be."""

    task: Task
    kind: TaskKind
    rung: Rung
    limits: Limits


Prepare = Callable[[Task, Role], Inquiry | None]
"""Turn a task that is a question of ours into an inquiry; None where the user switched it off or nobody can answer."""


def nothing(_task: Task, _role: Role) -> Inquiry | None:
    """Prepare nothing: for engines that ask no questions of their own."""
    return None


def about_answer(task: Task, kind: TaskKind, shown: str) -> Task:
    """Return the question how good an answer is; ``shown`` is what it changes."""
    told = f"The request: {kind.title}\n{task.instruction[:LONGEST_REQUEST]}\n\nThe answer:\n```diff\n{shown}\n```"
    return replace(_stripped(task), kind="judge", instruction=told)


def about_task(task: Task) -> Task:
    """Return the question how hard a task is and what it is."""
    lines = task.span.end.line - task.span.start.line + 1 if task.span else 0
    told = f"Lines selected: {lines}\n\nThe request:\n{task.instruction[:LONGEST_REQUEST]}"
    return replace(_stripped(task), kind="triage", instruction=told)


def in_time(task: Task, kind: TaskKind) -> Task:
    """Return the question with its own short deadline, which is never later than the task's."""
    moment = asyncio.get_running_loop().time() + kind.deadline
    return replace(task, deadline=moment if task.deadline is None else min(moment, task.deadline - AHEAD))


def unheard(attempt: Attempt) -> Attempt:
    """Return triage's attempt with the note that it answered something else than was asked."""
    reason = "triage did not answer in the form asked for; the ladder stays as planned"
    verdict = Verdict(check="triage", passed=True, score=1.0, reason=reason, hard=False, skipped=True)
    return replace(attempt, verdicts=(verdict,))


def _stripped(task: Task) -> Task:
    """Return the task without what only its answer needs; of the facts, the root alone, which shortens paths."""
    facts = {"root": task.facts["root"]} if "root" in task.facts else {}
    return replace(
        task, neighbours=(), files=(), facts=facts, material={}, expected_output=None, budget=None, temperature=None
    )
