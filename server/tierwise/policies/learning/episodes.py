"""What tasks taught, kept for a while so that the user's feedback can correct it."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from tierwise.core.decision import Role
from tierwise.core.outcome import Attempt, Feedback, Outcome, Signal

from .belief import Belief
from .drift import KEPT, Drift
from .gate import BINS, bin_of
from .grid import GRID, dot
from .memory import Memory
from .roster import Roster
from .stance import Stance
from .traits import note_traits, traits

FADE_EVERY = 16
"""Tries between two fadings; fading at each would cost more than the update."""

FADED = 0.5 ** (FADE_EVERY / 300)
"""Three hundred tries halve what an outcome counts: models change without notice."""

PENDING = 512
"""Tasks whose answers may still get feedback."""


@dataclass(frozen=True, slots=True)
class _Try:
    model: str
    passed: bool
    cost: float | None
    seconds: float


@dataclass(slots=True)
class _Episode:
    belief: Belief
    words: tuple[str, ...]
    tries: list[_Try]
    answer: int | None
    gate: str
    predicted: float


class Episodes:
    """Turns outcomes and feedback into what the memory keeps."""

    def __init__(self, memory: Memory, stance: Stance) -> None:
        self.memory, self._stance = memory, stance
        self._drift = Drift()
        self._pending: OrderedDict[str, _Episode] = OrderedDict()
        self._since_fading: dict[str, int] = {}

    def learn(self, outcome: Outcome, roster: Roster) -> bool:
        """Take in an outcome; say whether a model has changed so much that the curves must be fitted at once."""
        known = outcome.decision.signals
        belief = Belief(roster.prior(roster.step(known)))
        tries: list[_Try] = []
        answer, predicted, changed = None, 0.0, False
        for attempt in answers(outcome.attempts):
            at = roster.by_model.get(attempt.model.name)
            if at is None:
                continue
            sight, passed = roster.sights[at], attempt.quality >= self._stance.accept_at
            changed |= self._drifted(attempt.model.name, dot(belief.weights, sight.accept), passed)
            predicted = dot(belief.weights, sight.solve)
            paid = spent(attempt)
            belief.see(sight, passed, paid if self._stance.heed_cost else None)
            if attempt.accepted:
                answer = len(tries)
            tries.append(_Try(attempt.model.name, passed, paid, attempt.seconds))
        if tries:
            gate = f"{outcome.task.kind}|{tries[-1].model}"
            episode = _Episode(belief, traits(known), tries, answer, gate, predicted)
            self._remember(episode, 1.0)
            self._keep(outcome.task.id, episode)
        return changed

    def note(self, feedback: Feedback) -> None:
        """Correct what an answer taught by what the user did with it."""
        right = truth(feedback)
        episode = self._pending.get(feedback.task_id)
        if right is None or episode is None or episode.answer is None:
            return
        self._remember(episode, -1.0)
        episode.belief.known(episode.answer, right)
        self._remember(episode, 1.0)
        sums = self.memory.gates.setdefault(episode.gate, [0.0] * (2 * BINS))
        place = bin_of(episode.predicted)
        sums[place] += 1.0
        sums[BINS + place] += not right

    def _keep(self, task_id: str, episode: _Episode) -> None:
        self._pending[task_id] = episode
        if len(self._pending) > PENDING:
            self._pending.popitem(last=False)

    def _remember(self, episode: _Episode, weight: float) -> None:
        memory, weights = self.memory, episode.belief.weights
        memory.density = [old + weight * new for old, new in zip(memory.density, weights, strict=True)]
        for attempt, candidate in zip(episode.tries, episode.belief.candidates, strict=True):
            memory.track(attempt.model).add(weights, candidate, attempt.cost, attempt.seconds, weight)
            right, verifier = weight * dot(weights, candidate), memory.verifier
            verifier[0] += right
            verifier[1] += 0.0 if attempt.passed else right
            verifier[2] += weight - right
            verifier[3] += weight - right if attempt.passed else 0.0
        note_traits(memory, episode.words, dot(weights, GRID), weight)

    def _drifted(self, model: str, expected: float, passed: bool) -> bool:
        changed = self._drift.see(model, expected, passed)
        tries = self._since_fading.get(model, 0) + 1
        if changed:
            self.memory.track(model).fade(KEPT)
        elif tries >= FADE_EVERY:
            self.memory.track(model).fade(FADED)
            tries = 0
        self._since_fading[model] = tries
        return changed


def answers(attempts: tuple[Attempt, ...]) -> Iterator[Attempt]:
    """Yield the attempts that brought an answer, right or wrong."""
    return (attempt for attempt in attempts if attempt.role is Role.ANSWER and attempt.reply is not None)


def spent(attempt: Attempt) -> float | None:
    """Return dollars for the call and its checks, or None where the price is unknown."""
    paid = attempt.cost
    return None if paid is None else paid + sum([verdict.cost for verdict in attempt.verdicts])


def truth(feedback: Feedback) -> bool | None:
    """Return whether the answer was right, or None where the signal does not say."""
    match feedback.signal:
        case Signal.ACCEPTED:
            return True
        case Signal.REJECTED | Signal.REVERTED:
            return False
        case Signal.RETAINED | Signal.TESTS:
            return feedback.value >= 0.5
        case Signal.SHOWN | Signal.PARTIAL:
            return None
