"""An engine on the fake provider, whose models say what a test writes, with a real ledger file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tierwise import tasks
from tierwise.checks import NOWHERE, Site
from tierwise.core.model import Model, Price, Tier
from tierwise.core.options import Overrides
from tierwise.core.task import TaskKind
from tierwise.engine import Engine, EngineParts, Pool
from tierwise.ledger import sqlite
from tierwise.policies import Policy
from tierwise.policies.rules import Rule, Rules
from tierwise.providers import Endpoint
from tierwise.providers.fake import Fake
from tierwise.rehearsal import Cue, Line

PRICE = Price(input=1.0, output=5.0, cache_read=0.1, cache_write=1.25, as_of="2026-11-23")
ENDPOINT = Endpoint(name="fake", type="fake")


def model(name: str, price: Price | None = PRICE) -> Model:
    """Return a model of the fake provider."""
    return Model(name=name, provider="fake", price=price)


def tiers(**models: str) -> dict[str, Tier]:
    """Return tiers from names: ``fast="a b"`` has the models a and b."""
    return {
        name: Tier(name=name, models=tuple(model(each) for each in names.split())) for name, names in models.items()
    }


def ladder(*names: str) -> Rules:
    """Return a policy that always climbs this ladder."""
    return Rules([Rule(name="test", ladder=names, reason="A test.", any_of={}, over={}, under={})])


@dataclass(slots=True)
class House:
    """The engine and what was asked of its models."""

    engine: Engine
    asked: list[Cue]
    ledger: Path


def build(
    directory: Path,
    says: Mapping[str, str | Line | list[Line]],
    policies: tuple[Policy, ...],
    stock: Mapping[str, Tier],
    overrides: Overrides | None = None,
    kinds: Callable[[str], TaskKind] = tasks.load,
    site: Site = NOWHERE,
) -> House:
    """Return a house in which each model, by name, says its line, or its lines in turn."""
    asked: list[Cue] = []

    def script(cue: Cue) -> Line:
        asked.append(cue)
        line = says[cue.model]
        if isinstance(line, list):
            return line.pop(0)
        return Line(text=line) if isinstance(line, str) else line

    path = directory / "ledger.sqlite3"
    parts = EngineParts(
        kinds=kinds,
        site=lambda _task: site,
        policies=policies,
        tiers=stock,
        pool=Pool({"fake": ENDPOINT}, {"fake": Fake(ENDPOINT, script)}),
        ledger=sqlite.open(path),
        overrides=overrides or Overrides(),
    )
    return House(Engine(parts), asked, path)
