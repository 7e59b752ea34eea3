"""The project's own tests that touch the changed files: those that passed before still pass.

Only in a trusted workspace, and only where the user switched it on: this runs the project's code and the answer's.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tierwise.core.outcome import Verdict

from . import Trial, skipped
from .ground.confined import CannotConfineError, Job, perform
from .ground.duplicate import Duplicate, TooLargeError, duplicate
from .ground.findings import SHOWN
from .ground.process import CannotStartError, Ended
from .ground.suite import Result, pytest_words, read_exit, read_pytest, touching
from .ground.tools import python

NAME = "tests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A way to run tests on the copy: ``words`` for all of them or for single ones, ``read`` for what it says."""

    words: Callable[[frozenset[str]], list[str]]
    read: Callable[[Ended], Result]


class Tests:
    """Runs the tests on a copy with the edits; where some fail, runs these without the edits."""

    async def check(self, trial: Trial) -> Verdict:
        """Return a hard verdict."""
        site = trial.site
        if not site.allowed.tests:
            return skipped(NAME, "not switched on (checks.run_tests)")
        if not site.trusted or site.root is None:
            return skipped(NAME, "the workspace is not trusted (checks.trusted_workspaces)")
        after = {path: str(text) for uri, text in trial.after.items() if (path := site.relative(uri)) is not None}
        before = {path: str(text) for uri, text in trial.before.items() if (path := site.relative(uri)) is not None}
        if not after:
            return skipped(NAME, "no file of the workspace changes")
        try:
            async with duplicate(site.root) as copy:
                return await _compared(trial, copy, after, before)
        except (CannotConfineError, CannotStartError, TooLargeError) as error:
            return skipped(NAME, str(error))
        except OSError as error:
            return skipped(NAME, f"the workspace could not be copied: {error.strerror}")


async def _compared(trial: Trial, copy: Duplicate, after: dict[Path, str], before: dict[Path, str]) -> Verdict:
    """Run with the edits, and again without them whatever failed, so that no old failure is held against the answer."""
    await asyncio.to_thread(copy.write, {**before, **after})
    way = await asyncio.to_thread(_way, trial, copy, after)
    if isinstance(way, str):
        return skipped(NAME, way)
    seconds = trial.site.allowed.tests_seconds
    ended = await _perform(way.words(frozenset()), trial, copy)
    result = way.read(ended)
    if ended.code == 0 and not ended.late:
        return Verdict(check=NAME, passed=True, score=1.0)
    if not ended.late and not result.fine:
        return skipped(NAME, f"the tests could not be run: {result.reason}")
    for path in after.keys() - before.keys():
        (copy.tree / path).unlink(missing_ok=True)
    await asyncio.to_thread(copy.write, before)
    old_end = await _perform(way.words(result.failed), trial, copy)
    if ended.late:
        if old_end.late:
            return skipped(NAME, f"stopped after {seconds:g} s, with the edits and without them")
        return _failed(f"stopped after {seconds:g} s; without the edits the tests end in time")
    old = way.read(old_end)
    if old_end.late or not old.fine:
        return skipped(NAME, "tests fail, and could not be run without the edits to compare")
    fresh = sorted(result.failed - old.failed)
    if not fresh:
        return skipped(NAME, f"{len(result.failed)} tests fail with the edits and without them")
    more = f" and {len(fresh) - SHOWN} more" if len(fresh) > SHOWN else ""
    return _failed(f"{len(fresh)} tests that passed now fail: {', '.join(fresh[:SHOWN])}{more}")


def _failed(reason: str) -> Verdict:
    return Verdict(check=NAME, passed=False, score=0.0, reason=reason)


def _way(trial: Trial, copy: Duplicate, after: dict[Path, str]) -> Run | str:
    """Return how to run the tests, or a sentence that says why they cannot be."""
    own = trial.site.allowed.test_command
    if own:
        return Run(words=lambda _: list(own), read=read_exit)
    if not any(path.suffix == ".py" for path in after):
        return "no test runner is known for these files (checks.test_command names one)"
    interpreter = python(trial.site)
    if interpreter is None:
        return "there is no Python to run the tests with"
    files = touching(after, copy.tree)
    if not files:
        return "no test touches the changed files"
    return Run(words=lambda only: pytest_words(interpreter, sorted(only) or files), read=read_pytest)


async def _perform(words: list[str], trial: Trial, copy: Duplicate) -> Ended:
    allowed = trial.site.allowed
    return await perform(Job(words=words, seconds=allowed.tests_seconds, allowed=allowed), copy)


CHECK = Tests()
