"""``tierwise/models``: what can be asked, which model each feature is pinned to, and how each model has done so far."""

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tierwise.core.model import Model
from tierwise.lsp import Feature, Session

from .house import Books, House

if TYPE_CHECKING:
    from tierwise.engine import Engine
    from tierwise.ledger.lines import Line
    from tierwise.settings.model import Settings

log = logging.getLogger(__name__)

TITLES = {
    "inline_completion": "Ghost text",
    "completion": "Completion list",
    "hover": "Hover",
    "code_action": "Code actions",
    "command": "Commands",
    "diagnostics": "Defects found by models",
}
"""What the features are called where a user chooses among them."""

DAYS = 30
"""Of the ledger that say how a model does: what it did longer ago, it did under another version or load."""


def feature(house: House) -> Feature:
    """Return what the server needs to know of it."""
    return Feature(
        name="models",
        capabilities=lambda _client: {"experimental": {"tierwise": {"models": True}}},
        requests={"tierwise/models": Models(house).answer},
    )


class Models:
    """Lists without asking any model."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def answer(self, session: Session, params: dict[str, Any]) -> dict[str, Any]:
        """Return the features with their pins, and the models of all tiers with those that are pinned beside."""
        engine, settings, books = await self._house.engine(), await self._house.settings(), await self._house.books()
        done = await asyncio.to_thread(_done, books)
        return {
            "features": [_feature(name, title, settings) for name, title in TITLES.items()],
            "models": [_model(model, tier, done.get(model.ref)) for model, tier in _served(engine, books)],
        }


def _done(books: Books) -> "Mapping[str, Line]":
    """Return what the ledger says of each model; nothing where it cannot be read."""
    from tierwise.ledger.days import first_of
    from tierwise.ledger.file import LedgerError
    from tierwise.ledger.report import by_model

    try:
        return by_model(books.ledger, since=first_of(DAYS, time.time())) if books.ledger else {}
    except LedgerError as error:
        log.warning("models are listed without what the ledger says of them: %s", error)
        return {}


def _served(engine: "Engine", books: Books) -> list[tuple[Model, str | None]]:
    """Return each model once with its cheapest tier; those that are only pinned come last, with None."""
    found: dict[str, tuple[Model, str | None]] = {}
    for tier in engine.parts.tiers.values():
        for model in tier.models:
            found.setdefault(model.ref, (model, tier.name))
    for options in engine.parts.overrides.every():
        pinned = books.find(options.model) if options.model else None
        if pinned is not None:
            found.setdefault(pinned.ref, (pinned, None))
    return list(found.values())


def _feature(name: str, title: str, settings: "Settings") -> dict[str, Any]:
    pinned = settings.feature(name).model
    return {"feature": name, "setting": f"features.{name}.model", "title": title, "model": pinned}


def _model(model: Model, tier: str | None, line: "Line | None") -> dict[str, Any]:
    price = model.price
    return {
        "id": model.ref,
        "provider": model.provider,
        "tier": tier,
        "input": price.input if price else None,
        "output": price.output if price else None,
        "latency": line.waited.p50 if line and line.waited else None,
        "acceptance": line.acceptance if line else None,
        "calls": line.calls if line else 0,
    }
