"""The learned policy: it weighs every ladder by what it has seen, and plans again after each rejection.

Each task has a difficulty that nobody knows; facts, verdicts and the cost of attempts tell of it (``learning/``). The
ladder taken has the highest expected worth of a solved task less the cost of every attempt on the way.
"""

from asyncio import get_running_loop
from collections.abc import Callable, Mapping, Sequence
from random import Random
from time import time

from tierwise.core.decision import Decision, Role
from tierwise.core.model import Tier
from tierwise.core.outcome import Attempt, Feedback, Outcome
from tierwise.core.task import Fact, Task, TaskKind

from .caches import Caches
from .facts import facts
from .learning.episodes import Episodes
from .learning.gate import BINS, opened
from .learning.grid import dot
from .learning.levels import Level, Levels
from .learning.memory import Memory
from .learning.pace import Pace
from .learning.plans import Plans
from .learning.prospect import Prospect, prospects
from .learning.reason import told
from .learning.roster import History, Roster
from .learning.stance import Stance

WARM = 3
"""Tries that every model gets, under the verifier, before the policy plans with it."""

FAMILIAR = 10.0
"""Tries, each counting as far as its verdict is believed, after which a model is no stranger."""

CURIOSITY = 0.15
"""Share of climbs in which a stranger is asked out of turn; it ends by itself as strangers become familiar."""

REFIT_SHARE, REFIT_MOST = 0.05, 25
"""Curves are fitted anew when the memory has grown by this share, at the latest after so many outcomes."""

WEAK_CHECKS = frozenset({"not_empty", "changes_something", "applies", "repeats", "complete"})
"""Checks that a wrong answer passes as easily as a right one."""


class Learned:
    """Decides by expected worth: ``Stance`` is what it is told, ``memory`` what it has learned itself.

    ``caches`` is what vendors hold, ``behind`` what others know, the nearest first: the team, the package. ``stirred``
    is called when there is something to learn.
    """

    def __init__(
        self,
        memory: Memory | None = None,
        stance: Stance | None = None,
        pace: Pace | None = None,
        caches: Caches | None = None,
        behind: Sequence[Level] = (),
        stirred: Callable[[], None] | None = None,
    ) -> None:
        self.memory = memory if memory is not None else Memory()
        self.levels = Levels(self.memory, behind)
        self.stance = stance or Stance()
        self.pace = pace
        self.caches = caches if caches is not None else Caches()
        self._episodes = Episodes(self.memory, self.stance)
        self._random = Random(self.stance.seed)
        self._tiers: Mapping[str, Tier] | None = None
        self._roster: Roster | None = None
        self._plans = Plans(self.stance, self.levels, pace)
        self._news: list[Outcome | Feedback] = []
        self._called = False
        self._stirred = stirred

    def decide(
        self, task: Task, kind: TaskKind, tiers: Mapping[str, Tier], attempts: tuple[Attempt, ...] = ()
    ) -> Decision | None:
        """Return the best ladder, after a rejection the best way on; None where too little is known.

        What is written at the cursor is left to the rules: the workspace itself is asked first there, and nobody waits
        for more than one model.
        """
        if kind.form == "insertion":
            return None
        roster = self._laid_out(tiers)
        if not roster.sights or not (self.stance.eager or roster.outcomes >= self.stance.least):
            return None
        known = facts(task, kind)
        self._plans.patience = self.stance.patience if kind.interactive else 0.0  # nobody waits for a scan
        savings = self.caches.savings(roster.asked, task, kind)
        if attempts:
            return self._go_on(roster, known, attempts, savings)
        if not WEAK_CHECKS.issuperset(kind.checks):
            return self._start(roster, known, savings)
        return self._alone(roster, known, kind.name)

    def prospects(self, task: Task, kind: TaskKind, tiers: Mapping[str, Tier]) -> tuple[Prospect, ...]:
        """Return what each tier promises for the task, from cheap to dear."""
        roster = self._laid_out(tiers)
        weights = roster.belief((roster.step(facts(task, kind)),)).weights
        return prospects(roster, weights, self.caches.savings(roster.asked, task, kind), self.levels)

    def learn(self, outcome: Outcome) -> None:
        """Take in the verdicts and costs of an outcome."""
        if self._roster is None:
            return
        if self.pace is not None and outcome.cost is not None:
            self.pace.spent(outcome.cost, time())
        self._news.append(outcome)
        self._take_in_soon()

    def note(self, feedback: Feedback) -> None:
        """Take in what the user did with an answer."""
        self._news.append(feedback)
        self._take_in_soon()

    def _take_in_soon(self) -> None:
        """Take in when the request that brought the news is out of the way; at once where no loop runs."""
        if self._called:
            return
        self._called = True
        try:
            get_running_loop().call_soon(self.take_in)
        except RuntimeError:
            self.take_in()
            return
        if self._stirred is not None:
            self._stirred()

    def take_in(self) -> None:
        """Write down what is new, and fit when enough has come together; happens by itself between requests."""
        self._called = False
        changed = self._write_down()
        known = self._roster.outcomes if self._roster else 0
        if changed or len(self._episodes) >= max(1.0, min(REFIT_MOST, REFIT_SHARE * known)):
            self.refit()

    def refit(self) -> None:
        """Work in all that is known and fit the curves anew; happens by itself when enough has come together."""
        if self._roster is not None and self._tiers is not None:
            self._write_down()
            self._episodes.fold(self._roster)
            self._lay_out(self._tiers)

    def _write_down(self) -> bool:
        """Say whether a model has changed so much that the curves must be fitted at once."""
        changed = False
        for news in self._news:
            if isinstance(news, Feedback):
                self._episodes.note(news)
            elif self._roster is not None:
                changed |= self._episodes.learn(news, self._roster)
        self._news.clear()
        return changed

    def _laid_out(self, tiers: Mapping[str, Tier]) -> Roster:
        if self._roster is not None and self._tiers is tiers:
            return self._roster
        if self._roster is not None:
            self._write_down()
            self._episodes.fold(self._roster)
        return self._lay_out(tiers)

    def _lay_out(self, tiers: Mapping[str, Tier]) -> Roster:
        """Fit the curves and plan again, before anyone asks, for what was asked of late."""
        self._tiers = tiers
        known = self.levels.together(self._episodes.fallen)
        verifier = self.stance.verifier or known.verifier_errors()
        roster = self._roster = Roster(known, tiers, verifier, self.stance.accept_at, self._episodes.fallen)
        for sums in self.memory.gates.values():
            opened(tuple(sums), self.stance.failure, self.stance.confidence)  # kept for those who wait
        self._plans.renew(roster)
        return roster

    def _start(self, roster: Roster, known: dict[str, Fact], savings: tuple[float, ...]) -> Decision:
        """Return the best ladder from the bottom; a model that was hardly tried yet goes first."""
        coldest = roster.sights[roster.coldest]
        if coldest.curve.tries < WARM:
            ladder = tuple(range(roster.coldest, len(roster.sights)))
            why = f"{coldest.name} first, to get to know it: {coldest.curve.tries:.0f} outcomes so far."
            return self._decision(roster, known, ladder, why, 0.5)
        planned = self._plans.best(roster, (roster.step(known),), savings=savings)
        plan = planned.plan
        ladder, probability = self._explored(roster, plan.ladder, 0)
        known["chance"], known["probability"] = plan.chance, probability
        return self._decision(roster, known, ladder, planned.why + told(roster, ladder, savings), plan.chance)

    def _go_on(
        self, roster: Roster, known: dict[str, Fact], attempts: tuple[Attempt, ...], savings: tuple[float, ...]
    ) -> Decision | None:
        """Return the best way on after what was tried, or the end of the climb with the likeliest answer."""
        history: History = (roster.step(known),)
        highest = -1
        for attempt in attempts:
            at = roster.by_model.get(attempt.model.name)
            if at is None:
                return None  # a model we know nothing of is in play: let the ladder go on
            highest = max(highest, at)
            if attempt.role is Role.ANSWER and attempt.reply is not None:
                passed = attempt.quality >= self.stance.accept_at
                history = (*history, at, passed, self._episodes.notch(attempt, roster, at))
        if len(history) == 1:
            return None  # only failures so far, which say nothing of the task
        planned = self._plans.best(roster, history, highest + 1, savings)
        plan = planned.plan
        ladder, probability = self._explored(roster, plan.ladder, highest + 1) if plan.ladder else ((), 1.0)
        known["chance"], known["probability"] = plan.chance, probability
        why = planned.why + told(roster, ladder, savings)
        return self._decision(roster, known, ladder, why, plan.chance, planned.keep)

    def _alone(self, roster: Roster, known: dict[str, Fact], kind: str) -> Decision | None:
        """Return the cheapest tier whose gate is open for a kind that nothing verifies, or None."""
        weights = roster.belief((roster.step(known),)).weights
        for at, sight in enumerate(roster.sights):
            sums = self.memory.gates.get(f"{kind}|{roster.models[at]}")
            if sums is None:
                continue
            least = opened(tuple(sums), self.stance.failure, self.stance.confidence)
            chance = dot(weights, sight.solve)
            if least is not None and chance >= least:
                why = (
                    f"{sight.name} {chance:.2f}: its answers to {kind} failed in at most {self.stance.failure:.0%} of "
                    f"{sum(sums[:BINS]):.0f} outcomes."
                )
                return self._decision(roster, known, (at,), why, chance)
        return None

    def _explored(self, roster: Roster, ladder: tuple[int, ...], start: int) -> tuple[tuple[int, ...], float]:
        """Now and then ask a hardly known or a cheaper model first, under the verifier; return the probability too.

        Without this, a model that had bad luck in its first tries would never be asked again.
        """
        strange = [
            at
            for at in range(start, len(roster.sights))
            if roster.sights[at].curve.tries < FAMILIAR and roster.models[at] not in self._episodes.fallen
        ]
        others = [at for at in strange or range(start, ladder[0]) if at != ladder[0]]
        rate = CURIOSITY if strange else self.stance.explore
        if not others or not rate:
            return ladder, 1.0
        if self._random.random() >= rate:
            return ladder, 1.0 - rate
        first = self._random.choice(others)
        return (first, *(at for at in ladder if at > first)), rate / len(others)

    def _decision(
        self,
        roster: Roster,
        known: dict[str, Fact],
        ladder: tuple[int, ...],
        why: str,
        confidence: float,
        keep: str = "",
    ) -> Decision:
        rungs = roster.rungs
        return Decision(
            policy="learned",
            ladder=tuple([rungs[at] for at in ladder]),
            reason=why,
            confidence=confidence,
            signals=known,
            keep=keep,
        )
