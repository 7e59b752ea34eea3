"""What the user set for a feature or a task kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

from .task import Task


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
class Overrides:
    """The options by feature and by task kind; the kind, being narrower, wins."""

    features: Mapping[str, Options] = field(default_factory=dict[str, Options])
    tasks: Mapping[str, Options] = field(default_factory=dict[str, Options])

    def of(self, task: Task) -> Options:
        """Return what the user set for this task."""
        feature, kind = self.features.get(task.feature, NONE), self.tasks.get(task.kind, NONE)
        if feature is NONE or kind is NONE:
            return feature if kind is NONE else kind
        merged = kind.over(feature)
        # A tier pinned for the kind also beats a model pinned for the feature, and the other way round.
        if kind.tier and not kind.model:
            return replace(merged, model=None)
        return merged
