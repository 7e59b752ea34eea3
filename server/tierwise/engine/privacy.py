"""Where code may go: decided by its file before it is decided which model answers, for every piece of a request."""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cachetools import TTLCache
from pathspec import GitIgnoreSpec

from tierwise.core.model import Model
from tierwise.core.task import Task
from tierwise.core.uri import file_in
from tierwise.workspace.ignore import Gate, is_secret

LASTS = 5.0
"""Seconds that a file's verdict is remembered: an ignore file that changes counts after that."""
REMEMBERED = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What holds for files of some paths (patterns as in .gitignore, below a workspace root): that they stay on this
    machine, or that some providers never get them.
    """

    paths: GitIgnoreSpec
    local_only: bool = False
    never: frozenset[str] = frozenset()
    why: str = ""


@dataclass(slots=True)
class Privacy:
    """A gate. ``roots`` are the workspace's, ``at_home`` says which models run on this machine."""

    roots: Sequence[Path]
    at_home: Callable[[Model], bool]
    rules: Sequence[Rule] = ()
    obey: bool = True
    _files: Gate = field(init=False)
    _known: TTLCache[str, str] = field(init=False)
    _since: float = 0.0

    def __post_init__(self) -> None:
        self._files = Gate(self.roots, obey_ignore_files=self.obey)
        self._known = TTLCache(REMEMBERED, LASTS)

    def bars(self, task: Task, tier: str, model: Model) -> str | None:
        """See ``Gate.bars``: what a task is about decides; what stands beside it is only left out."""
        documents = [task.document] if task.document else []
        for document in (*documents, *task.files):
            reason = self._keeps(file_in(document.uri), model)
            if reason:
                return reason
        return None

    def cleared(self, task: Task, model: Model) -> Task:
        """See ``Gate.cleared``: return the task without the snippets and reports that the model must not see."""
        root = str(task.facts.get("root", ""))
        neighbours = tuple(each for each in task.neighbours if not self._keeps(str(Path(root, each.path)), model))
        diagnostics = tuple(each for each in task.diagnostics if not self._keeps(file_in(each.uri), model))
        if len(neighbours) == len(task.neighbours) and len(diagnostics) == len(task.diagnostics):
            return task
        return replace(task, neighbours=neighbours, diagnostics=diagnostics)

    def _keeps(self, path: str, model: Model) -> str:
        """Return why the file must not go to the model, or an empty string."""
        if not path or self.at_home(model):
            return ""
        stays = self._stays(path)
        if stays:
            return stays
        for rule in self.rules:
            if (rule.local_only or model.provider in rule.never) and self._matches(rule, path):
                return rule.why
        return ""

    def _stays(self, path: str) -> str:
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = self._judged(Path(path))
        return known

    def _judged(self, path: Path) -> str:
        name = path.name
        if is_secret(name):
            return f"{name} looks like a file that holds secrets"
        if not self._below(path):
            return ""  # a single file that the user opened; its name is all there is to go by
        now = time.monotonic()
        if now - self._since > LASTS:
            self._files.forget()
            self._since = now
        return "" if self._files.admits(path) else f"an ignore file keeps {name} on this machine"

    def _matches(self, rule: Rule, path: str) -> bool:
        return any(rule.paths.match_file(relative.as_posix()) for relative in self._below(Path(path)))

    def _below(self, path: Path) -> list[Path]:
        """Return the path from each root that it lies below, as it is written and as it is without links."""
        real = Path(os.path.realpath(path))
        roots = dict.fromkeys((*self.roots, *self._files.roots))
        places = dict.fromkeys((path, real))
        return [place.relative_to(root) for place in places for root in roots if place.is_relative_to(root)]
