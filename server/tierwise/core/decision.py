"""Who shall answer, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .model import Model
from .task import Fact


class Role(StrEnum):
    """What a call to a model was for."""

    ANSWER = "answer"
    TRIAGE = "triage"
    JUDGE = "judge"
    REFRESH = "refresh"
    """Keeps a vendor's prompt cache warm; nobody waits for its answer."""
    SHADOW = "shadow"
    """Asks a cheaper tier what another has answered, to learn whether it would have done; nobody sees its answer."""


BACKGROUND = frozenset((Role.REFRESH, Role.SHADOW))
"""Of calls that nobody waits for, which stand for no request; the policies that have them made are called so, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step of a ladder: a tier, or the ``models`` that an override pinned or that are to be asked in another order
    than the tier's, and the quality in [0, 1] that an answer must reach to be kept here.
    """

    tier: str
    role: Role = Role.ANSWER
    accept_at: float = 0.0
    models: tuple[Model, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The ladder a policy chose, its reason as a sentence, and all the signals it saw, so that it can be replayed.

    ``keep`` names the tier whose answer is likeliest right where no answer is good enough and the checks see no
    difference.
    """

    policy: str
    ladder: tuple[Rung, ...]
    reason: str
    confidence: float = 1.0
    signals: Mapping[str, Fact] = field(default_factory=dict[str, Fact])
    keep: str = ""
