"""Who decides and what judges, made from the settings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from tierwise.checks import STRONG, Allowed, Site
from tierwise.checks.ground.checkers import checker
from tierwise.core.decision import Decision
from tierwise.core.model import Tier
from tierwise.core.options import NONE
from tierwise.core.outcome import Attempt, Feedback, Outcome
from tierwise.core.task import Task, TaskKind
from tierwise.policies import Policy
from tierwise.policies.cascade import Cascade, Stance
from tierwise.policies.override import Override
from tierwise.policies.rules import Rule, Rules
from tierwise.settings.model import Settings
from tierwise.settings.routing import RULES, RuleSettings

from .stock import Stock

LANGUAGES = ("python", "typescript", "typescriptreact", "javascript", "javascriptreact", "go")
"""Languages that some type checker is known for."""

_BUILT_IN = frozenset(rule.name for rule in RULES)


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether something hard can judge a task's answer: looked up beforehand, because a policy must not touch the disk.

    ``typed`` holds the workspaces, by root and language, whose type checker is there; ``tested`` the roots whose tests
    may run.
    """

    typed: frozenset[tuple[str, str]] = frozenset()
    tested: frozenset[str] = frozenset()

    @classmethod
    def look(cls, settings: Settings, roots: Sequence[Path]) -> Self:
        """Look for type checkers in the workspaces, and whether the user trusts them."""
        allowed = _allowed(settings)
        places = [Site(root=root, allowed=allowed) for given in roots for root in {given, given.resolve()}]
        return cls(
            frozenset(
                (str(place.root), language)
                for place in places
                for language in LANGUAGES
                if allowed.types and not isinstance(checker(place, language), str)
            ),
            frozenset(str(place.root) for place in places if allowed.tests and place.trusted),
        )

    def possible(self, task: Task, kind: TaskKind) -> bool:
        """Say whether types, tests or a build can be checked for this task."""
        hard = STRONG.intersection(kind.checks)
        root = str(task.facts.get("root", ""))
        if "types" in hard and (root, task.language) in self.typed:
            return True
        return root in self.tested and bool(hard - {"types"})


@dataclass(frozen=True, slots=True)
class _Remarked:
    """A policy that decides where what was learned cannot be read, and says so."""

    inner: Policy
    remark: str

    def decide(
        self, task: Task, kind: TaskKind, tiers: Mapping[str, Tier], attempts: tuple[Attempt, ...] = ()
    ) -> Decision | None:
        found = self.inner.decide(task, kind, tiers, attempts)
        return replace(found, reason=f"{found.reason} {self.remark}") if found is not None and not attempts else found

    def learn(self, outcome: Outcome) -> None:
        self.inner.learn(outcome)

    def note(self, feedback: Feedback) -> None:
        self.inner.note(feedback)


def policies(
    settings: Settings,
    stock: Stock,
    proof: Proof | None = None,
    learned: Policy | None = None,
    problems: Sequence[str] = (),
) -> tuple[Policy, ...]:
    """Return the policies in the order they are asked.

    What the user pinned, then the rules of his own, then what was learned, then the cascade around the built-in rules,
    and these rules last. A built-in rule that the user changed keeps its place among them. ``problems`` are what of the
    learned cannot be used, as ends of a sentence; who decides instead says so in his reasons.
    """
    overrides = settings.overrides()
    enabled = [rule for rule in settings.rules if rule.enabled]
    accept_at = settings.routing.accept_at
    own = Rules([_rule(rule) for rule in enabled if rule.name not in _BUILT_IN], accept_at)
    built_in = Rules([_rule(rule) for rule in enabled if rule.name in _BUILT_IN], accept_at)
    first = (Override(overrides, stock.find), own)
    match settings.routing.mode:
        case "rules":
            return (*first, built_in)
        case "cascade":
            return (*first, _cascade(settings, built_in, proof), built_in)
        case "learned":
            between = (learned,) if learned else ()
            last: tuple[Policy, ...] = (_cascade(settings, built_in, proof), built_in)
            for problem in problems:
                last = tuple(_Remarked(policy, f"This is without {problem}") for policy in last)
            return (*first, *between, *last)


def sites(settings: Settings) -> Callable[[Task], Site]:
    """Return what tells the place of a task's trial, and what is allowed there."""
    allowed = _allowed(settings)

    def site(task: Task) -> Site:
        root = str(task.facts.get("root", ""))
        return Site(root=Path(root) if root else None, allowed=allowed)

    return site


def _allowed(settings: Settings) -> Allowed:
    checks = settings.checks
    return Allowed(
        trusted=tuple(map(Path, checks.trusted_workspaces)),
        types=checks.types,
        tests=checks.run_tests,
        unconfined=checks.unconfined,
        test_command=checks.test_command,
        build_command=checks.build_command,
        types_seconds=checks.types_seconds,
        tests_seconds=checks.tests_seconds,
        memory=checks.memory_mb << 20,
    )


def _cascade(settings: Settings, rules: Rules, proof: Proof | None) -> Cascade:
    routing, overrides = settings.routing, settings.overrides()
    stance = Stance(
        dial=routing.quality,
        accept_at=routing.accept_at,
        thresholds=routing.thresholds,
        triage=routing.triage and overrides.tasks.get("triage", NONE).enabled is not False,
        deadline=lambda task, kind: overrides.of(task).deadline or kind.deadline,
    )
    return Cascade(rules, stance, (proof or Proof()).possible)


def _rule(rule: RuleSettings) -> Rule:
    return Rule(
        name=rule.name,
        ladder=rule.rungs(),
        reason=rule.sentence(),
        any_of=rule.when.any_of(),
        over=rule.when.over(),
        under=rule.when.under(),
    )
