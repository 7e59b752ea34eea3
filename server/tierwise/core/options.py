"""What the user set for a feature or a task kind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace

from .task import Task
from .uri import path_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Wishes that win over every policy and every default; None leaves a matter open.

    ``model`` is a ``provider/name``; ``deadline`` is in seconds, ``max_output`` in tokens; ``fallback`` (``up``,
    ``down``, ``none``) is where to look where every model that should answer fails.
    """

    enabled: bool | None = None
    tier: str | None = None
    model: str | None = None
    deadline: float | None = None
    max_output: int | None = None
    temperature: float | None = None
    fallback: str | None = None

    def over(self, other: "Options") -> "Options":
        """Return these wishes, completed by the other ones."""
        return replace(other, **{name: value for name in _NAMES if (value := getattr(self, name)) is not None})


NONE = Options()
_NAMES = tuple(field_.name for field_ in fields(Options))


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrower:
    """Options by feature that hold for documents of one ``language``, below one ``folder`` (a path), or both; empty
    stands for any.
    """

    features: Mapping[str, Options]
    language: str = ""
    folder: str = ""

    def holds(self, task: Task) -> bool:
        """Whether the task is about such a document."""
        if self.language and task.language != self.language:
            return False
        return not self.folder or (task.document is not None and _is_below(task.document.uri, self.folder))


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """The options by feature and by task kind; the kind, being narrower, wins. ``narrower`` are those that do not hold
    for every document, the strongest last; they win over the feature's.
    """

    features: Mapping[str, Options] = field(default_factory=dict[str, Options])
    tasks: Mapping[str, Options] = field(default_factory=dict[str, Options])
    narrower: tuple[Narrower, ...] = ()

    def of(self, task: Task) -> Options:
        """Return what the user set for this task."""
        options = self.features.get(task.feature, NONE)
        for scope in self.narrower:
            if task.feature in scope.features and scope.holds(task):
                options = _laid_over(options, scope.features[task.feature])
        return _laid_over(options, self.tasks.get(task.kind, NONE))

    def every(self) -> Iterator[Options]:
        """Yield all options, wherever they hold."""
        for table in (self.features, self.tasks, *(scope.features for scope in self.narrower)):
            yield from table.values()


def _laid_over(under: Options, over: Options) -> Options:
    if under is NONE or over is NONE:
        return under if over is NONE else over
    laid = over.over(under)
    # A tier that is pinned more narrowly also beats a model that is pinned more widely, and the other way round.
    return replace(laid, model=None) if over.tier and not over.model else laid


def _is_below(uri: str, folder: str) -> bool:
    return path_in(uri).startswith(folder.rstrip("/") + "/")
