"""What vendors hold of what was sent before this process began, as the ledger has it."""

import asyncio
import logging
import time
from collections.abc import Mapping
from pathlib import Path

from tierwise.core.model import Model, Tier
from tierwise.ledger.beginnings import beginnings
from tierwise.ledger.file import LedgerError
from tierwise.policies.caches import Caches

log = logging.getLogger(__name__)

LONGEST = 600.0
"""Seconds that a request may have taken at most: the ledger finds it by its start, and vendors count from its end."""


async def recalled(tiers: Mapping[str, Tier], ledger: Path | None) -> Caches:
    """Return what the vendors of these models are known to hold; of a ledger that cannot be read, nothing."""
    caches = Caches()
    models = {model.ref: model for tier in tiers.values() for model in tier.models}
    if ledger is None or not models:
        return caches
    now = time.time()
    since = now - LONGEST - max(model.skills.cache_for for model in models.values())
    try:
        known = await asyncio.to_thread(beginnings, ledger, since)
    except LedgerError as error:
        log.warning("what vendors have in their caches is not known: %s", error)
        return caches
    for begun in known:
        model: Model | None = models.get(begun.model)
        if model is not None:
            caches.recall(model, begun.beginning, begun.tokens, ago=now - begun.at)
    return caches
