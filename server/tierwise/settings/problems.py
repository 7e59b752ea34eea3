"""What is wrong with what a user wrote, where it stands, and how to put it right."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tierwise.core.text import Span

Route = tuple[str | int, ...]
"""Keys and list indices from the top of what one source wrote, in its own spelling."""


def dotted(route: Route) -> str:
    """Return the route as a user would say it: ``tiers.fast.models[0]``."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in route)
    return "".join(steps).removeprefix(".")


class Source(StrEnum):
    """Who wrote a setting."""

    DEFAULT = "default"
    USER = "user"
    PROJECT = "project"
    EDITOR = "editor"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One setting that was left out, while everything else works.

    ``path`` and ``span`` say where it stands if it stands in a file; ``key`` is dotted and empty where the whole source
    is meant; ``message`` and ``fix`` are sentences without a secret in them, whatever the user wrote.
    """

    source: Source
    path: Path | None = None
    span: Span | None = None
    key: str = ""
    message: str
    fix: str

    def __str__(self) -> str:
        where = [str(self.path) if self.path else f"{self.source} settings"]
        if self.span:
            where.append(str(self.span.start.line + 1))
        return ": ".join([":".join(where), *([self.key] if self.key else []), f"{self.message}. {self.fix}"])
