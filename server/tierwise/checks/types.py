"""No new type errors, by the checker that the project uses, before and after."""

import asyncio
import hashlib
from collections.abc import Mapping
from pathlib import Path

from cachetools import LRUCache

from tierwise.core.outcome import Verdict

from . import Trial, skipped
from .ground.checkers import Checker, checker
from .ground.findings import Finding, fresh, verdict
from .ground.overlay import overlay
from .ground.process import CannotStartError, Command, run

NAME = "types"

REMEMBERED = 64
"""Findings from before an edit that are kept, by content: each rung of a ladder is compared with the same ones."""


class Types:
    """Checks the changed files on an overlay of the workspace; a checker that is absent, slow or silent is skipped."""

    def __init__(self) -> None:
        self._known: LRUCache[str, list[Finding]] = LRUCache(REMEMBERED)

    async def check(self, trial: Trial) -> Verdict:
        """Return a hard verdict on new errors."""
        site = trial.site
        if not site.allowed.types:
            return skipped(NAME, "switched off in the settings")
        files = {path: uri for uri in trial.after if (path := site.relative(uri)) is not None}
        if site.root is None or not files:
            return skipped(NAME, "the file belongs to no workspace")
        languages = sorted({trial.language(uri) for uri in files.values()})
        found: list[Finding] = []
        for language in languages:
            mine = {path: uri for path, uri in files.items() if trial.language(uri) == language}
            used = checker(site, language)
            if isinstance(used, str):
                if len(languages) == 1:
                    return skipped(NAME, used)
                continue
            try:
                found += await self._fresh(used, trial, site.root, mine)
            except (CannotStartError, ValueError, KeyError, OSError) as error:
                return skipped(
                    NAME, f"{used.name} could not judge: {type(error).__name__ if str(error) == '' else error}"
                )
        return verdict(NAME, "type error", found, files)

    async def _fresh(self, used: Checker, trial: Trial, root: Path, files: Mapping[Path, str]) -> list[Finding]:
        """Check both versions at once, on two overlays."""
        seconds = trial.site.allowed.types_seconds
        new = {path: str(trial.after[uri]) for path, uri in files.items()}
        old = {path: str(trial.before[uri]) for path, uri in files.items() if uri in trial.before}
        key = _key(used.name, root, old)
        if not old:
            self._known[key] = []
        if key in self._known:
            return fresh(self._known[key], await _findings(used, root, new, seconds))
        before, after = await asyncio.gather(_findings(used, root, old, seconds), _findings(used, root, new, seconds))
        self._known[key] = before
        return fresh(before, after)


async def _findings(used: Checker, root: Path, texts: Mapping[Path, str], seconds: float) -> list[Finding]:
    with overlay(root, texts) as place:
        words = used.words(place, tuple(texts))
        ended = await run(Command(words=words, cwd=place, seconds=seconds, env=used.env))
    if ended.late:
        raise ValueError(f"it took longer than {seconds:g} s")
    return used.read(ended, place)


def _key(name: str, root: Path, texts: Mapping[Path, str]) -> str:
    told = "\0".join((name, str(root), *(f"{path}\0{text}" for path, text in sorted(texts.items()))))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


CHECK = Types()
