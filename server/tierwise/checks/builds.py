"""The project still builds, by the command in the user's settings; the same gate as for tests."""

import asyncio

from tierwise.core.outcome import Verdict

from . import Trial, passed, skipped
from .ground.confined import CannotConfineError, Job, perform
from .ground.duplicate import Duplicate, TooLargeError, duplicate
from .ground.process import CannotStartError, Ended

NAME = "builds"

LAST_WORDS = 300
"""Characters of the build's last output that the next model is told."""


class Builds:
    """Runs the command on a copy with the edits, and where it fails, again without them."""

    async def check(self, trial: Trial) -> Verdict:
        """Return a hard verdict."""
        site = trial.site
        if not site.allowed.build_command:
            return skipped(NAME, "no command is set (checks.build_command)")
        if not site.allowed.tests or not site.trusted or site.root is None:
            return skipped(NAME, "not switched on (checks.run_tests), or the workspace is not trusted")
        try:
            async with duplicate(site.root) as copy:
                return await _compared(trial, copy)
        except (CannotConfineError, CannotStartError, TooLargeError) as error:
            return skipped(NAME, str(error))
        except OSError as error:
            return skipped(NAME, f"the workspace could not be copied: {error.strerror}")


async def _compared(trial: Trial, copy: Duplicate) -> Verdict:
    before, after = (
        {path: str(text) for uri, text in texts.items() if (path := trial.site.relative(uri)) is not None}
        for texts in (trial.before, trial.after)
    )
    await asyncio.to_thread(copy.write, {**before, **after})
    ended = await _perform(trial, copy)
    if ended.code == 0 and not ended.late:
        return passed(NAME)
    for path in after.keys() - before.keys():
        (copy.tree / path).unlink(missing_ok=True)
    await asyncio.to_thread(copy.write, before)
    old = await _perform(trial, copy)
    if old.code != 0 or old.late:
        return skipped(NAME, "it does not build without the edits either")
    said = "it takes too long" if ended.late else (ended.err.strip() or ended.out.strip())[-LAST_WORDS:]
    return Verdict(check=NAME, passed=False, score=0.0, reason=f"the build fails: {said}")


async def _perform(trial: Trial, copy: Duplicate) -> Ended:
    allowed = trial.site.allowed
    return await perform(Job(words=allowed.build_command, seconds=allowed.tests_seconds, allowed=allowed), copy)


CHECK = Builds()
