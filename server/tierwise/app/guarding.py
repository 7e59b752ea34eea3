"""What may leave this machine, made from the settings."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pathspec import GitIgnoreSpec

from tierwise.core.model import Model, Tier
from tierwise.engine.privacy import Privacy, Rule
from tierwise.providers import Endpoint
from tierwise.providers.wire.client import is_loopback
from tierwise.settings.privacy import PathSettings, PrivacySettings

_AT_HOME = {"local", "fake"}
"""Types of providers that send nothing anywhere."""


def at_home(endpoints: Mapping[str, Endpoint]) -> Callable[[Model], bool]:
    """Return what tells whether a model runs on this machine."""
    here = {name for name, endpoint in endpoints.items() if _is_here(endpoint)} | {"local"}
    return lambda model: model.provider in here


def privacy(settings: PrivacySettings, roots: Sequence[Path], endpoints: Mapping[str, Endpoint]) -> Privacy:
    """Return the gate for the workspace's files."""
    rules = tuple(_rule(rule) for rule in settings.rules)
    return Privacy(roots, at_home(endpoints), rules, settings.obey_ignore_files)


def withheld(
    settings: PrivacySettings, tiers: Mapping[str, Tier], endpoints: Mapping[str, Endpoint]
) -> tuple[GitIgnoreSpec, ...]:
    """Return the patterns of files that not every model of the tiers may see, so that no other file's prompt does."""
    here = at_home(endpoints)
    away = {model.provider for tier in tiers.values() for model in tier.models if not here(model)}
    return tuple(
        GitIgnoreSpec.from_lines(rule.paths)
        for rule in settings.rules
        if away and (rule.local_only or away.intersection(rule.never))
    )


def _is_here(endpoint: Endpoint) -> bool:
    return endpoint.type in _AT_HOME or is_loopback(endpoint.base_url or "")


def _rule(rule: PathSettings) -> Rule:
    paths = ", ".join(rule.paths)
    return Rule(
        paths=GitIgnoreSpec.from_lines(rule.paths),
        local_only=rule.local_only,
        never=frozenset(rule.never),
        why=f"your privacy rule for {paths} keeps it from there",
    )
