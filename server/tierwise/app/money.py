"""The budget, made from the settings and kept in step with the ledger."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tierwise.core.model import Tier
from tierwise.engine.budget import Budget, Limits
from tierwise.engine.spending import Spending
from tierwise.ledger.file import LedgerError
from tierwise.ledger.spent import DAY, MONTH, Scope, spent
from tierwise.settings.budget import BudgetSettings

log = logging.getLogger(__name__)

INTERVAL = 60.0
"""Seconds between two looks at what other editors have spent meanwhile."""


def limits(settings: BudgetSettings) -> Limits:
    """Return the settings' limits."""
    by_scope: dict[Scope, float] = {("feature", name): dollars for name, dollars in settings.features.items()}
    by_scope |= {DAY: settings.day} if settings.day is not None else {}
    by_scope |= {MONTH: settings.month} if settings.month is not None else {}
    return Limits(
        by_scope=by_scope,
        workspace=settings.workspace,
        request=settings.request,
        soft=settings.soft,
        pace=settings.pace,
    )


async def budget(
    settings: BudgetSettings,
    tiers: Mapping[str, Tier],
    ledger: Path | None,
    tell: Callable[[str], None],
    previous: Budget | None,
) -> Budget:
    """Return the budget with what was spent so far."""
    wanted = limits(settings)
    made = previous.heir(wanted, tiers) if previous else Budget(wanted, tiers, Spending(), tell)
    if made.is_limited and ledger is not None:
        await correct(made, ledger)
    return made


async def correct(budget: Budget, ledger: Path) -> None:
    """Take over what the ledger says, other editors' spending included; without a ledger our own count goes on."""
    try:
        budget.spending.correct(await asyncio.to_thread(spent, ledger, time.time()))
    except LedgerError as error:
        log.warning("the budget does not see what other editors spend: %s", error)


async def keep_correct(budget: Budget, ledger: Path | None) -> None:
    """Look into the ledger now and then, until cancelled."""
    while budget.is_limited and ledger is not None:
        await asyncio.sleep(INTERVAL)
        await correct(budget, ledger)
