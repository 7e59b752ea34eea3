"""No new error that a linter calls fatal: names that do not exist, syntax that only looks valid."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from tierwise.core.outcome import Verdict
from tierwise.core.text import Text

from . import Trial, passed, skipped
from .ground.findings import Finding, fresh, verdict
from .ground.process import CannotStartError, Command, run
from .ground.tools import find

NAME = "lint_fatal"

RULES = "E9,F63,F7,F82"
"""Ruff's rules for code that fails when it runs: the selection its own documentation suggests as the least one."""

SECONDS = 5.0
"""Ruff takes milliseconds for one file; past this something is wrong with it."""


class LintFatal:
    """Asks ruff, without the project's configuration, so that nothing of the project decides what is run."""

    async def check(self, trial: Trial) -> Verdict:
        """Return a hard verdict on new findings."""
        mine = {uri: text for uri, text in trial.after.items() if trial.language(uri) == "python"}
        if not mine:
            return skipped(NAME, "no linter for this language")
        ruff = find("ruff", trial.site)
        if ruff is None:
            return skipped(NAME, "ruff is not installed")
        try:
            found = [finding for uri in mine for finding in await _fresh(ruff, uri, trial.before, mine[uri])]
        except (CannotStartError, ValueError) as error:
            return skipped(NAME, f"ruff could not judge: {error}")
        return verdict(NAME, "error", found, {Path(uri): uri for uri in mine}) if found else passed(NAME)


async def _fresh(ruff: Path, uri: str, before: Mapping[str, Text], after: Text) -> list[Finding]:
    now = await _findings(ruff, uri, str(after))
    if not now or uri not in before:
        return now
    return fresh(await _findings(ruff, uri, str(before[uri])), now)


async def _findings(ruff: Path, uri: str, text: str) -> list[Finding]:
    """Return ruff's findings in a text; raises ``ValueError`` where it says nothing that can be read."""
    options = ["--isolated", "--no-cache", "--select", RULES, "--output-format", "json", "--exit-zero"]
    words = [str(ruff), "check", *options, "--stdin-filename", Path(uri).name, "-"]
    ended = await run(Command(words=words, cwd=Path("/"), seconds=SECONDS, stdin=text))
    if ended.late or ended.code != 0:
        raise ValueError("it took too long" if ended.late else f"it ended with code {ended.code}")
    items = cast("list[dict[str, Any]]", json.loads(ended.out))
    return [
        Finding(Path(uri), int(item["location"]["row"]) - 1, str(item.get("code") or "error"), str(item["message"]))
        for item in items
    ]


CHECK = LintFatal()
