"""The budget, made from the settings and kept in step with the ledger."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from tierwise.core.decision import Decision
from tierwise.core.model import Tier
from tierwise.core.task import Task
from tierwise.engine import Silent
from tierwise.engine.budget import Budget, Limits
from tierwise.engine.seldom import Seldom
from tierwise.engine.shadow import FEATURE
from tierwise.engine.spending import Spending
from tierwise.ledger.file import LedgerError
from tierwise.ledger.spent import DAY, MONTH, Scope, spent
from tierwise.settings.budget import BudgetSettings

log = logging.getLogger(__name__)

DAYS = 31
"""Of a month: what a month's limit allows is dealt out by day, so that no month goes over it."""

INTERVAL = 60.0
"""Seconds between two looks at what other editors have spent meanwhile; while nothing is asked nobody looks."""


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


def shadows(settings: BudgetSettings, purse: Budget) -> Callable[[], float] | None:
    """Return what tells how many dollars shadow runs may still cost today; None where they are off."""
    limits = [settings.day] if settings.day is not None else []
    limits += [settings.month / DAYS] if settings.month is not None else []
    if not settings.shadow or not limits:
        return None
    most = settings.shadow * min(limits)
    return lambda: most - purse.spending.of(("feature", FEATURE))


async def correct(budget: Budget, ledger: Path) -> None:
    """Take over what the ledger says, other editors' spending included; without a ledger our own count goes on."""
    try:
        budget.spending.correct(await asyncio.to_thread(spent, ledger, time.time()))
    except LedgerError as error:
        log.warning("the budget does not see what other editors spend: %s", error)


class Accounting(Silent):
    """Looks into the ledger for what other editors have spent, as long as something may be spent here."""

    def __init__(self, budget: Budget, ledger: Path | None) -> None:
        self._looks: Seldom | None = None
        if budget.is_limited and ledger is not None:
            self._looks = Seldom(partial(correct, budget, ledger), INTERVAL)

    def decided(self, task: Task, decision: Decision) -> None:
        """Look, if the last time is long enough ago."""
        if self._looks is not None:
            self._looks.stir()

    def stop(self) -> None:
        """Look no more."""
        if self._looks is not None:
            self._looks.stop()
