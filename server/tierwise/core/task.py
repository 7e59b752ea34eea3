"""What is asked: the one noun that crosses the edge on its way in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .document import Document
from .text import Span

Fact = str | float | int | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """A problem some server reported at a place in a document."""

    uri: str
    span: Span
    message: str
    severity: str = "error"
    source: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A piece of a file that stands beside the task; ``source`` names where it came from, ``score`` ranks it."""

    path: str
    text: str
    source: str
    score: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskKind:
    """What we can be asked to do; one per file in ``tasks/``.

    ``belongs`` is the tier the kind is at home in where no rule, setting or learning says otherwise; ``form`` says how
    the reply becomes a candidate (``insertion``, ``span``, ``blocks``, ``text``, ``json``); ``output`` is the expected
    length of an answer in tokens; ``deadline`` in seconds; ``interactive`` kinds are never retried past it.
    """

    name: str
    title: str
    belongs: str
    form: str
    template: str
    output: int
    max_output: int
    deadline: float
    trims: tuple[str, ...] = ()
    checks: tuple[str, ...] = ("not_empty",)
    interactive: bool = True
    temperature: float | None = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One request of an editor.

    ``span`` is what the task is about in ``document``; ``files`` are the further documents it may change; ``facts`` are
    what the caller knows beyond the fields; ``budget`` is in dollars; ``deadline`` is a moment on the monotonic clock.
    ``temperature`` asks for more variety than the kind's own, for a further candidate beside a first one.
    """

    id: str
    kind: str
    feature: str
    document: Document | None = None
    span: Span | None = None
    instruction: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()
    neighbours: tuple[Snippet, ...] = ()
    files: tuple[Document, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict[str, Fact])
    expected_output: int | None = None
    budget: float | None = None
    deadline: float | None = None
    temperature: float | None = None

    @property
    def language(self) -> str:
        """The document's language identifier, or an empty string."""
        return self.document.language if self.document else ""
