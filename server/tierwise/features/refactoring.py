"""A refactoring over several files: planned, typed file by file, checked as a whole, given as one edit."""

import asyncio
import json
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tierwise.checks import Trial
from tierwise.core.document import Document
from tierwise.core.edit import Candidate, Edit
from tierwise.core.outcome import Outcome, Verdict
from tierwise.core.task import Task
from tierwise.edits.plan import Plan, Step, plan_of
from tierwise.engine.shape import applied, texts

from . import request, work

if TYPE_CHECKING:
    from tierwise.engine import Engine
    from tierwise.tasks import Ground

    from .steps import Steps

KIND = "refactor_files"

AT_ONCE = 4
"""Files typed at the same time: vendors limit how many calls a key may have open."""

CHECKS = ("parses", "lint_fatal", "complete", "types", "tests")
"""What the whole must pass on an in-memory copy of the workspace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refactored:
    """The whole edit, the task it is an answer to, what the plan says in words, and what all steps came to: the plan,
    then each file as often as it was typed.
    """

    task: Task
    edits: tuple[Edit, ...]
    plan: str
    outcomes: tuple[Outcome, ...]

    @property
    def cost(self) -> float | None:
        """Dollars of all steps, None where any of them is unknown."""
        costs = [outcome.cost for outcome in self.outcomes]
        return None if None in costs else sum(cost for cost in costs if cost is not None)


async def refactor(
    engine: "Engine", order: work.Order, place: "Ground", steps: "Steps", agree: work.Agree | None = None
) -> Refactored:
    """Plan, type, check, and do again what failed; raises ``work.UndoableError``.

    ``agree`` is asked before the plan is made, before all files are typed and before some are typed again.
    """
    steps.what = "planning"
    done = await work.carry_out(engine, order, place, work.Witnesses(observer=steps, agree=agree))
    if done.outcome.candidate is None:
        raise work.UndoableError(work.nothing(done.outcome))
    task = done.task
    plan = plan_of(json.loads(done.outcome.candidate.text), task)
    typed = await _typed(engine, {step: _part(task, plan, step) for step in plan.steps}, steps, agree)
    outcomes = [done.outcome, *typed.values()]
    steps.what = "checking the whole"
    failed = await _failed(engine, task, plan, typed)
    if failed:
        again = {step: _part(task, plan, step, failed) for step in _blamed(plan, failed)}
        retyped = await _typed(engine, again, steps, agree)
        typed, outcomes = typed | retyped, [*outcomes, *retyped.values()]
        failed = await _failed(engine, task, plan, typed)
    if failed:
        reasons = "; ".join(f"{verdict.check}: {verdict.reason}" for verdict in failed)
        raise work.UndoableError(f"The whole did not pass its checks: {reasons}")
    return Refactored(task=task, edits=_all(plan, typed), plan=plan.plan, outcomes=tuple(outcomes))


async def _typed(
    engine: "Engine", parts: Mapping[Step, Task], steps: "Steps", agree: work.Agree | None
) -> dict[str, Outcome]:
    """Return what came of each file by its URI; raises ``work.UndoableError`` where one could not be typed."""
    gate = asyncio.Semaphore(AT_ONCE)
    if agree is not None and parts:
        await agree(engine, *parts.values())

    async def type_one(step: Step, part: Task) -> tuple[str, Outcome]:
        async with gate:
            steps.what = step.path
            outcome = await work.run(engine, part, work.Witnesses(observer=steps))
        if outcome.candidate is None:
            raise work.UndoableError(f"{step.path}: {work.nothing(outcome)}")
        return step.uri, outcome

    async with asyncio.TaskGroup() as group:
        jobs = [group.create_task(_quietly(type_one(step, part))) for step, part in parts.items()]
    results = [job.result() for job in jobs]
    wrong = next((result for result in results if isinstance(result, work.UndoableError)), None)
    if wrong is not None:
        raise wrong
    return dict(result for result in results if not isinstance(result, work.UndoableError))


async def _quietly(typing: Coroutine[object, object, tuple[str, Outcome]]) -> tuple[str, Outcome] | work.UndoableError:
    """Return the error instead of raising it: what the other files cost shall not be lost with one of them."""
    try:
        return await typing
    except work.UndoableError as error:
        return error


def _part(task: Task, plan: Plan, step: Step, failed: Sequence[Verdict] = ()) -> Task:
    """Return one file's part as a task of its own, which sees and may change nothing else."""
    document = _document(task, step.uri)
    trouble = "".join(f"\nIt failed the check {verdict.check}: {verdict.reason}" for verdict in failed)
    material = {
        "plan": plan.plan,
        "target": step.path,
        "what": step.what,
        "file": f"```\n{document.text}```" if document else "It does not exist yet: make it.",
        "trouble": trouble,
    }
    return replace(
        task,
        id=request.new_id(),
        kind="rework" if failed else "carry_out",
        document=document,
        files=(),
        span=None,
        material=material,
        diagnostics=(),
    )


async def _failed(engine: "Engine", task: Task, plan: Plan, typed: Mapping[str, Outcome]) -> list[Verdict]:
    """Return what the whole fails, of hard checks only: soft ones are opinions, and the user sees the edit first."""
    before = texts(task)
    edits = _all(plan, typed)
    after = applied(edits, before)
    candidate = Candidate(text=plan.plan, edits=edits)
    trial = Trial(task=task, candidate=candidate, before=before, after=after, site=engine.parts.site(task))
    failed: list[Verdict] = []
    for name in CHECKS:
        verdict = await engine.parts.checks(name).check(trial)
        if verdict.hard and not verdict.passed and not verdict.skipped:
            failed.append(verdict)
    return failed


def _blamed(plan: Plan, failed: Sequence[Verdict]) -> list[Step]:
    """Return the files that the checks name, or all where they name none."""
    uris = {place.uri for verdict in failed for place in verdict.places}
    return [step for step in plan.steps if step.uri in uris] or list(plan.steps)


def _all(plan: Plan, typed: Mapping[str, Outcome]) -> tuple[Edit, ...]:
    candidates = (outcome.candidate for outcome in typed.values())
    return (*(edit for candidate in candidates if candidate for edit in candidate.edits), *plan.moves)


def _document(task: Task, uri: str) -> Document | None:
    documents = (document for document in (task.document, *task.files) if document is not None)
    return next((document for document in documents if document.uri == uri), None)
