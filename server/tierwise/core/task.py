"""What is asked: the one noun that crosses the edge on its way in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from .document import Document
from .offer import Offer
from .text import Span

Fact = str | float | int | bool
Gives = Literal["edit", "text", "report", "findings"]


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
    length of an answer in tokens; ``deadline`` in seconds; ``interactive`` kinds are never retried past it. ``schema``
    is the JSON schema of the reply where that is the form. ``inward`` kinds are our own questions about a task (triage,
    judge), which no editor asks. ``offers`` says where the menu of code actions names it; ``gives`` what the user gets:
    changes, a text as the command's value, a report in a document of its own, or findings shown as diagnostics.
    ``wants_instruction`` kinds can do nothing without the user's own words; ``offline`` ones the workspace itself can
    answer where there is no model.
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
    schema: dict[str, object] | None = field(default=None, hash=False)
    inward: bool = False
    offers: tuple[Offer, ...] = ()
    gives: Gives = "edit"
    wants_instruction: bool = False
    offline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One request of an editor.

    ``span`` is what the task is about in ``document``; ``files`` are the further documents it may change; ``facts`` are
    what the caller knows beyond the fields, short enough to be kept in the ledger; ``material`` is text that the kind's
    prompt shows by name and nobody keeps; ``budget`` is in dollars; ``deadline`` is a moment on the monotonic clock.
    ``temperature`` asks for more variety than the kind's own, for a further candidate beside a first one. ``patient``
    says that the answer may take a day, if it costs less then.
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
    material: Mapping[str, str] = field(default_factory=dict[str, str])
    expected_output: int | None = None
    budget: float | None = None
    deadline: float | None = None
    temperature: float | None = None
    patient: bool = False

    @property
    def language(self) -> str:
        """The document's language identifier, or an empty string."""
        return self.document.language if self.document else ""
