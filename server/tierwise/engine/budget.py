"""How much may be spent: near a limit dear tiers are left out, at the limit only what costs nothing answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from tierwise.core.model import Model, Price, Tier
from tierwise.core.money import dollars, exactly
from tierwise.core.outcome import Attempt, Outcome
from tierwise.core.prompt import CHARACTERS_PER_TOKEN
from tierwise.core.reply import Usage
from tierwise.core.task import Task
from tierwise.core.text import Position
from tierwise.ledger.spent import DAY, Scope

from .observer import Silent
from .spending import Spending, scopes

LOCAL = "local"

MOST_READ = 24_000
"""Characters of a document that a prompt holds at most, about; enough for an estimate."""
INSTRUCTIONS = 400
"""Tokens of a kind's own instructions, about."""
USUAL_OUTPUT = 400
"""Tokens of an answer whose length nobody knows beforehand."""

_START = Position(0, 0)

LEAST_OF_DAY = 0.25
"""Of the day's limit that may be spent at once, however early it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Dollars by scope, and for one request with all its calls; ``soft`` is the share from which on the dearest tier is
    left out, ``pace`` the hours over which a day's limit is to last.
    """

    by_scope: Mapping[Scope, float] = field(default_factory=dict[Scope, float])
    workspace: float | None = None
    request: float | None = None
    soft: float = 0.8
    pace: float | None = None


@dataclass(slots=True, kw_only=True)
class _UnderWay:
    """A request that is being answered: dollars ``paid`` so far, and ``expected`` of the calls that are being made."""

    scopes: tuple[Scope, ...]
    paid: float = 0.0
    expected: float = 0.0


@dataclass(slots=True)
class Budget(Silent):
    """A gate and an observer. ``tell`` is given one sentence when a limit comes near or is reached, once a day each."""

    limits: Limits
    tiers: Mapping[str, Tier]
    spending: Spending
    tell: Callable[[str], None] = lambda _sentence: None
    _told: dict[str, str] = field(default_factory=dict[str, str])
    _under_way: dict[str, "_UnderWay"] = field(default_factory=dict[str, "_UnderWay"])
    """The requests that are being answered, by their tasks' ids; none where there are no limits."""

    def bars(self, task: Task, tier: str, model: Model) -> str | None:
        """See ``Gate.bars``."""
        if is_free(model):
            return None
        most = min((limit for limit in (self.limits.request, task.budget) if limit is not None), default=None)
        if most is not None:
            cost, paid = estimate(task, model), self._paid(task)
            if cost is None or paid + cost > most:
                known = "an unknown amount" if cost is None else f"about {dollars(cost)}"
                before = f" after the {dollars(paid)} spent already" if paid else ""
                return f"it would cost {known}{before}, more than the {exactly(most)} that one request may"
        for scope in scopes(task):
            reason = self._over(task, scope, tier, model)
            if reason is not None:
                return reason
        return None

    def cleared(self, task: Task, model: Model) -> Task:
        """See ``Gate.cleared``: money hides nothing."""
        return task

    def asking(self, task: Task, tier: str, model: Model) -> None:
        """Set aside what the call is about to cost: of many requests at once none may spend what another will."""
        if self._is_any(task) and not is_free(model):
            found = self._under_way.setdefault(task.id, _UnderWay(scopes=scopes(task)))
            found.expected += estimate(task, model) or 0.0

    def tried(self, task: Task, attempt: Attempt) -> None:
        """Count what the request has cost so far."""
        found = self._under_way.get(task.id)
        if found is not None:
            found.paid += attempt.cost or 0.0
            found.expected = max(0.0, found.expected - (estimate(task, attempt.model) or 0.0))

    def finished(self, outcome: Outcome) -> None:
        """Count what was spent, and say when a limit comes near."""
        self._under_way.pop(outcome.task.id, None)
        self.spending.add(outcome)
        for scope in scopes(outcome.task):
            self._warn(scope)

    def heir(self, limits: Limits, tiers: Mapping[str, Tier]) -> "Budget":
        """Return the budget under other settings: what was spent and what was said stays."""
        return replace(self, limits=limits, tiers=tiers)

    @property
    def is_limited(self) -> bool:
        """Whether there is any limit on what is spent over time."""
        return bool(self.limits.by_scope) or self.limits.workspace is not None

    def _is_any(self, task: Task) -> bool:
        return self.is_limited or self.limits.request is not None or task.budget is not None

    def _paid(self, task: Task) -> float:
        found = self._under_way.get(task.id)
        return found.paid if found is not None else 0.0

    def _set_aside(self, task: Task, scope: Scope) -> float:
        """Return what the requests under way have cost and are about to, this one's calls to come left out."""
        others = [each for name, each in self._under_way.items() if name != task.id and scope in each.scopes]
        return self._paid(task) + sum(each.paid + each.expected for each in others)

    def _over(self, task: Task, scope: Scope, tier: str, model: Model) -> str | None:
        limit = self._limit(scope)
        if limit is None:
            return None
        spent, under_way = self.spending.of(scope), self._set_aside(task, scope)
        beside = f", and {dollars(under_way)} by requests under way" if under_way else ""
        what = f"{dollars(spent)} of the {exactly(limit)} for {_name(scope)} are spent{beside}"
        spent += under_way
        share = spent / limit if limit else 1.0
        if share >= 1.0:
            return what
        if model.price is None and share >= self.limits.soft:
            return f"{what}, and its price is unknown"
        paid = [name for name, each in self.tiers.items() if name != LOCAL and each.models]
        lowered = paid[:1] if share >= (1 + self.limits.soft) / 2 else paid[:-1]
        near = share >= self.limits.soft or (scope == DAY and self._is_ahead(spent, limit))
        if near and len(paid) > 1 and tier in paid and tier not in lowered:
            return f"{what}, so the {tier} tier is left out"
        return None

    def _is_ahead(self, spent: float, limit: float) -> bool:
        """Whether more is spent than the day's hours so far allow."""
        pace, first = self.limits.pace, self.spending.first
        if pace is None or first is None:
            return False
        hours = (self.spending.clock() - first) / 3600.0
        return spent > limit * min(1.0, max(LEAST_OF_DAY, hours / pace))

    def _limit(self, scope: Scope) -> float | None:
        return self.limits.workspace if scope[0] == "workspace" else self.limits.by_scope.get(scope)

    def _warn(self, scope: Scope) -> None:
        limit = self._limit(scope)
        if limit is None:
            return
        spent = self.spending.of(scope)
        level = "hard" if spent >= limit else "soft" if spent >= self.limits.soft * limit else ""
        known = self._told.get("/".join(scope), "")
        self._told["/".join(scope)] = level
        if level and level != known:
            rest = "only what costs nothing answers" if level == "hard" else "dear tiers are left out"
            self.tell(f"{dollars(spent)} of the {exactly(limit)} for {_name(scope)} are spent: {rest} from now on.")


def is_free(model: Model) -> bool:
    """Whether asking the model costs nothing."""
    price = model.price
    return price is not None and _is_nothing(price)


def estimate(task: Task, model: Model, output: int | None = None) -> float | None:
    """Return about what one call with so many tokens of answer costs in dollars, or None where the price is unknown."""
    if model.price is None:
        return None
    documents = [task.document] if task.document else []
    texts = sum(len(document.text.after(_START, MOST_READ)) for document in (*documents, *task.files))
    read = texts + len(task.instruction) + sum(len(snippet.text) for snippet in task.neighbours)
    if output is None:
        output = USUAL_OUTPUT if task.expected_output is None else task.expected_output
    return model.price.of(Usage(input=INSTRUCTIONS + int(read / CHARACTERS_PER_TOKEN), output=output))


def _is_nothing(price: Price) -> bool:
    return price.input == 0.0 and price.output == 0.0


def _name(scope: Scope) -> str:
    kind, name = scope
    return {
        "day": "today",
        "month": "this month",
        "feature": f"{name} today",
        "workspace": "this workspace today",
    }[kind]
