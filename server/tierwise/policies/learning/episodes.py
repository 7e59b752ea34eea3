"""What tasks taught, kept for a while so that the user's feedback can correct it."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tierwise.core.decision import Role
from tierwise.core.outcome import Attempt, Feedback, Outcome, Signal
from tierwise.core.task import Fact

from .belief import Belief, notch
from .drift import FRESH, KEPT, Drift
from .gate import BINS, bin_of
from .grid import GRID, dot
from .memory import Memory
from .roster import History, Roster
from .stance import Stance
from .traits import note_traits, traits

FADE_EVERY = 16
"""Tries between two fadings; fading at each would cost more than the update."""

FADED = 0.5 ** (FADE_EVERY / 300)
"""Three hundred tries halve what an outcome counts: models change without notice."""

WEIGHT = 0.5
"""What an outcome seen through a verifier counts beside one recorded for every model: who solved it is half guessed,
and a guess made with the curves must not sharpen them. In replays, half keeps what tuning learned and still follows
change."""

PENDING = 512
"""Tasks whose answers may still get feedback."""


@dataclass(slots=True)
class _Episode:
    kind: str
    known: Mapping[str, Fact]
    history: History
    attempts: list[Attempt]
    answer: int | None
    truth: bool | None = None
    belief: Belief | None = None
    """What was believed of the task when this was worked into the memory, None while it waits."""
    place: int = 0
    """Tenth of the chance that was predicted for the answer before anyone was asked."""


class Episodes:
    """Turns outcomes and feedback into what the memory keeps.

    An outcome is only written down when it comes; it is worked into the memory before the curves are fitted anew, and
    nothing looks at the memory sooner.
    """

    def __init__(self, memory: Memory, stance: Stance) -> None:
        self.memory, self._stance = memory, stance
        self._drift = Drift()
        self._pending: OrderedDict[str, _Episode] = OrderedDict()
        self._waiting: list[_Episode] = []
        self._since_fading: dict[str, int] = {}
        self._changed: list[str] = []
        self.fallen: set[str] = set()
        """Models that have got worse: little is left of their record, but they are no strangers."""

    def __len__(self) -> int:
        """How many outcomes wait to be worked in."""
        return len(self._waiting)

    def learn(self, outcome: Outcome, roster: Roster) -> bool:
        """Write an outcome down; say whether a model has changed so much that the curves must be fitted at once."""
        known = outcome.decision.signals
        history: History = (roster.step(known),)
        seen: list[Attempt] = []
        answer: int | None = None
        for attempt in answers(outcome.attempts):
            model = attempt.model.name
            at = roster.by_model.get(model)
            if at is None:
                continue
            passed = attempt.quality >= self._stance.accept_at
            if self._drift.see(model, roster.foreseen(history, at), passed):
                self._changed.append(model)
            if attempt.accepted:
                answer = len(seen)
            seen.append(attempt)
            history = (*history, at, passed, self.notch(attempt, roster, at))
        if not seen:
            return False
        task = outcome.task
        episode = self._pending[task.id] = _Episode(task.kind, known, history, seen, answer)
        self._waiting.append(episode)
        return bool(self._changed)

    def note(self, feedback: Feedback) -> None:
        """Take in what the user did with an answer."""
        right = truth(feedback)
        episode = self._pending.get(feedback.task_id)
        if right is None or episode is None or episode.answer is None:
            return
        if episode.belief is None:
            episode.truth = right
        elif episode.truth is not right:
            self._count(episode, episode.belief, -WEIGHT)
            episode.truth = right
            self._count(episode, episode.belief, WEIGHT)

    def fold(self, roster: Roster) -> None:
        """Work what waits into the memory, by the beliefs of the roster that saw it.

        A changed model's old record is let go first: what waits is the evidence of the change.
        """
        for model in self._changed:
            track = self.memory.track(model)
            if track.count > FRESH:
                track.fade(KEPT)
        self.fallen.update(self._changed)
        self._changed.clear()
        for episode in self._waiting:
            sight = roster.sights[roster.by_model[episode.attempts[-1].model.name]]
            episode.place = bin_of(dot(roster.belief(episode.history[:1]).weights, sight.solve))
            episode.belief = roster.belief(episode.history)
            self._count(episode, episode.belief, WEIGHT)
            for attempt in episode.attempts:
                self._fade(attempt.model.name)
        self._waiting.clear()
        while len(self._pending) > PENDING:
            self._pending.popitem(last=False)

    def notch(self, attempt: Attempt, roster: Roster, at: int) -> int | None:
        """Return an attempt's cost as evidence."""
        return notch(roster.sights[at], spent(attempt)) if self._stance.heed_cost else None

    def _count(self, episode: _Episode, belief: Belief, weight: float) -> None:
        memory = self.memory
        if episode.truth is not None and episode.answer is not None:
            self._gate(episode, weight / WEIGHT)
            belief = belief.known(episode.answer, episode.truth)
        weights, verifier = belief.weights, memory.verifier
        memory.density = [old + weight * new for old, new in zip(memory.density, weights, strict=True)]
        for attempt, candidate in zip(episode.attempts, belief.candidates, strict=True):
            memory.track(attempt.model.name).add(weights, candidate, spent(attempt), attempt.seconds, weight)
            right, passed = weight * dot(weights, candidate), attempt.quality >= self._stance.accept_at
            verifier[0] += right
            verifier[1] += 0.0 if passed else right
            verifier[2] += weight - right
            verifier[3] += weight - right if passed else 0.0
        note_traits(memory, traits(episode.known), dot(weights, GRID), weight)

    def _gate(self, episode: _Episode, weight: float) -> None:
        """Count whether an answer that was given was right, by the chance that was predicted for it."""
        gate = f"{episode.kind}|{episode.attempts[-1].model.name}"
        sums = self.memory.gates.setdefault(gate, [0.0] * (2 * BINS))
        sums[episode.place] += weight
        sums[BINS + episode.place] += 0.0 if episode.truth else weight

    def _fade(self, model: str) -> None:
        tries = self._since_fading.get(model, 0) + 1
        if tries >= FADE_EVERY:
            self.memory.track(model).fade(FADED)
            tries = 0
        self._since_fading[model] = tries


_ANSWERS = (Role.ANSWER, Role.SHADOW)


def answers(attempts: tuple[Attempt, ...]) -> Iterator[Attempt]:
    """Yield the attempts that brought an answer, right or wrong, whether anybody was given it or not."""
    return (attempt for attempt in attempts if attempt.role in _ANSWERS and attempt.reply is not None)


def spent(attempt: Attempt) -> float | None:
    """Return dollars for the call and its checks, or None where the price is unknown.

    As without any prompt cache: how warm a vendor's was says nothing of the task, and is counted when the next one is
    decided.
    """
    usage, paid = attempt.usage, attempt.cost
    if paid is None:
        return None
    if attempt.model.price is not None and (usage.cache_read or usage.cache_write):
        paid = attempt.model.price.uncached(usage)
    return paid + sum([verdict.cost for verdict in attempt.verdicts])


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
