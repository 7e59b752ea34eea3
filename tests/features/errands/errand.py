"""What an errand is: a kind of work at a place in a project, a model's right answer, and exactly what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tierwise import tasks
from tierwise.core.task import TaskKind
from workbench import block

PLANNING = "You plan refactorings"
"""What stands in the prompt of the model that plans, and in no other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One errand in a project.

    ``at`` or ``chosen`` is a piece of the file's text: the cursor stands before it, or it is selected. The model says
    ``old`` becomes ``new`` in the form of the kind, or ``says`` to the letter; ``first`` is what others say before it,
    by what stands in their prompts. ``vary`` is a line of code that may get a comment, where the server would remember
    the answer to the same question. ``lands`` holds the new text of each file that changes, None for one that is gone;
    what is said otherwise comes back as ``value``, ``report`` or ``found`` (line from 0 and title of findings).
    ``victim`` is a definition of the file that is none of the errand's business.
    """

    kind: str
    file: str = ""
    at: str = ""
    chosen: str = ""
    said: str = ""
    more: Mapping[str, Any] = field(default_factory=dict[str, Any])
    laid: Mapping[str, str] = field(default_factory=dict[str, str])
    history: str = ""
    says: str = ""
    old: str = ""
    new: str = ""
    into: str = ""
    first: Mapping[str, str] = field(default_factory=dict[str, str])
    lands: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    value: str | None = None
    report: str | None = None
    found: tuple[tuple[int, str], ...] | None = None
    victim: str = ""
    vary: str = ""

    @property
    def task(self) -> TaskKind:
        """The kind itself."""
        return tasks.load(self.kind)

    @property
    def target(self) -> str:
        """The file that the answer changes."""
        return self.into or self.file

    @property
    def right(self) -> str:
        """What a model says that does it well."""
        return self.says or said(self, self.new)


def said(errand: Errand, new: str) -> str:
    """Return a reply in the form of the kind that makes ``old`` become ``new``."""
    if errand.task.form in ("blocks", "explored", "plan"):
        return block(errand.old, new, errand.target)
    return f"```\n{new}```"


def changed(project: Mapping[str, str], errand: Errand) -> Mapping[str, str | None]:
    """Return the files that change, with their new texts."""
    if errand.lands or not errand.new:
        return errand.lands
    text = {**project, **errand.laid}[errand.target]
    assert text.count(errand.old) == 1, f"{errand.kind}: {errand.old!r} stands {text.count(errand.old)} times"
    return {errand.target: text.replace(errand.old, errand.new)}


def varied(project: Mapping[str, str], errand: Errand, comment: str) -> Errand:
    """Return the errand in a file that differs by a comment, where it wants that."""
    if not errand.vary:
        return errand
    text, line = {**project, **errand.laid}[errand.file], f"{errand.vary}  {comment}"
    lands = {name: new and new.replace(errand.vary, line) for name, new in errand.lands.items()}
    return replace(errand, laid={**errand.laid, errand.file: text.replace(errand.vary, line)}, lands=lands)
