"""Who decides and what judges, made from the settings."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tierwise.checks import STRONG, Allowed, Site
from tierwise.checks.ground.checkers import checker
from tierwise.core.options import NONE, Overrides
from tierwise.core.task import Task, TaskKind
from tierwise.policies import Policy
from tierwise.policies.cascade import Cascade, Stance
from tierwise.policies.override import Override
from tierwise.policies.rules import Rule, Rules
from tierwise.settings.model import Settings
from tierwise.settings.routing import RULES, RuleSettings

from .stock import Stock

_BUILT_IN = frozenset(rule.name for rule in RULES)


def policies(settings: Settings, stock: Stock, learned: Policy | None = None) -> tuple[Policy, ...]:
    """Return the policies in the order they are asked.

    What the user pinned, then the rules of his own, then what was learned, then the cascade around the built-in rules,
    and these rules last. A built-in rule that the user changed keeps its place among them.
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
            return (*first, _cascade(settings, overrides, built_in), built_in)
        case "learned":
            between = (learned,) if learned else ()
            return (*first, *between, _cascade(settings, overrides, built_in), built_in)


def sites(settings: Settings) -> Callable[[Task], Site]:
    """Return what tells the place of a task's trial, and what is allowed there."""
    checks = settings.checks
    allowed = Allowed(
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

    def site(task: Task) -> Site:
        root = str(task.facts.get("root", ""))
        return Site(root=Path(root) if root else None, allowed=allowed)

    return site


@dataclass(slots=True)
class Proof:
    """Whether something hard can judge a task's answer; found out once for each workspace and language."""

    site: Callable[[Task], Site]
    _known: dict[tuple[str, str], bool] = field(default_factory=dict[tuple[str, str], bool])

    def possible(self, task: Task, kind: TaskKind) -> bool:
        """Say whether types, tests or a build can be checked here; a few look-ups of files the first time."""
        hard = STRONG.intersection(kind.checks)
        if not hard:
            return False
        if "types" in hard and self._has_types(task):
            return True
        site = self.site(task)
        return site.allowed.tests and bool(hard - {"types"}) and site.trusted

    def _has_types(self, task: Task) -> bool:
        key = (str(task.facts.get("root", "")), task.language)
        if key not in self._known:
            site = self.site(task)
            self._known[key] = site.allowed.types and not isinstance(checker(site, task.language), str)
        return self._known[key]


def _cascade(settings: Settings, overrides: Overrides, rules: Rules) -> Cascade:
    routing = settings.routing
    stance = Stance(
        dial=routing.quality,
        accept_at=routing.accept_at,
        thresholds=routing.thresholds,
        triage=routing.triage and overrides.tasks.get("triage", NONE).enabled is not False,
        deadline=lambda task, kind: overrides.of(task).deadline or kind.deadline,
    )
    return Cascade(rules, stance, Proof(sites(settings)).possible)


def _rule(rule: RuleSettings) -> Rule:
    return Rule(
        name=rule.name,
        ladder=rule.rungs(),
        reason=rule.sentence(),
        any_of=rule.when.any_of(),
        over=rule.when.over(),
        under=rule.when.under(),
    )
