"""One engine with all that it is built from, for one reading of the settings."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from tierwise import tasks
from tierwise.core.model import Model
from tierwise.engine import Engine, EngineParts, Observer, Pool
from tierwise.engine.budget import Budget
from tierwise.engine.hedge import Allowance
from tierwise.engine.post import Post
from tierwise.engine.shared import Shared
from tierwise.ledger import Ledger
from tierwise.ledger import sqlite as sqlite_ledger
from tierwise.ledger.answers import NAME, Answers
from tierwise.ledger.nothing import Nothing
from tierwise.ledger.sent import NAME as BATCHES
from tierwise.ledger.sent import Sent
from tierwise.policies.caches import Caches
from tierwise.settings import sources
from tierwise.settings.model import Settings
from tierwise.settings.paths import data_dir, ledger_file
from tierwise.settings.problems import Problem
from tierwise.tasks import own

from . import money
from .deciding import Proof, policies, sites
from .guarding import at_home, privacy, withheld
from .learning import NAME as LEARNED
from .learning import Learning
from .remembering import recalled
from .stock import Stock, take_stock
from .workplace import Workplace

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The settings in force, and what was wrong with those that are not."""

    settings: Settings
    problems: tuple[Problem, ...]
    env: Mapping[str, str]
    roots: tuple[Path, ...] = ()
    recorded: bool = True

    @classmethod
    def load(
        cls,
        *,
        env: Mapping[str, str],
        options: Mapping[str, object] | None = None,
        editor: Mapping[str, object] | None = None,
        roots: Sequence[Path] = (),
    ) -> Self:
        """Read every source of settings; never fails."""
        loaded = sources.load(editor=editor, roots=roots, env=env, known_kinds=tasks.names(), initialization=options)
        return cls(settings=loaded.settings, problems=loaded.problems, env=env, roots=tuple(roots))

    def unrecorded(self) -> Self:
        """Return the plan of a building that writes nothing down: it is only asked what it would do."""
        return replace(self, recorded=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Building:
    """An engine in use; ``warming`` opens its providers in the background."""

    settings: Settings
    engine: Engine
    stock: Stock
    ledger: Ledger
    ledger_path: Path | None
    pool: Pool
    budget: Budget
    learning: Learning | None
    warming: asyncio.Task[None]
    accounting: money.Accounting

    async def close(self) -> None:
        """Finish what is being recorded and let go of every connection."""
        self.warming.cancel()
        self.accounting.stop()
        self.engine.rest()
        await self.engine.settle()
        if self.engine.parts.post is not None:
            await self.engine.parts.post.close()
        if self.learning is not None:
            await self.learning.close()
        await self.pool.close()
        await self.ledger.close()


async def build(
    plan: Plan,
    observers: tuple[Observer, ...] = (),
    previous: Building | None = None,
    workplace: Workplace | None = None,
    tell: Callable[[str], None] = log.warning,
) -> Building:
    """Build an engine from a plan; providers and a ledger that stay the same are taken over from the previous one.

    Without a ``workplace`` the local tier knows nothing but the file it is asked about. ``tell`` is given what the user
    should know of his budget.
    """
    settings = plan.settings
    stock = await take_stock(settings, plan.env)
    ready = {"local": workplace.provider(settings.local.precision)} if workplace else {}
    kept = ledger_file(settings.ledger.path, plan.env) if settings.ledger.enabled else None
    path = kept if plan.recorded else None
    if previous is not None:
        pool = previous.pool.succeeded_by(stock.endpoints, ready)
    else:
        pool = Pool(stock.endpoints, ready, caches=await recalled(stock.tiers, kept))
    ledger = await _ledger(path, previous)
    overrides = settings.overrides()
    post = Post(pool, Sent((path or data_dir(plan.env) / "ledger").with_name(BATCHES)), told=tell)
    learning = await _learning(plan, kept, pool.caches, previous, tell)
    purse = await money.budget(settings.budget, stock.tiers, path, tell, previous.budget if previous else None)
    accounting = money.Accounting(purse, path)
    if previous is not None:
        previous.accounting.stop()
        previous.engine.rest()
    engine = Engine(
        EngineParts(
            kinds=own.lookup(settings.own_actions),
            policies=policies(
                settings,
                stock,
                await asyncio.to_thread(Proof.look, settings, plan.roots),
                learning.policy if learning else None,
                learning.problems if learning else (),
            ),
            site=sites(settings),
            tiers=stock.tiers,
            pool=pool,
            ledger=ledger,
            overrides=overrides,
            observers=(*observers, purse, accounting, post),
            gates=(privacy(settings.privacy, plan.roots, stock.endpoints), purse),
            masks=_masks(settings, stock),
            withheld=withheld(settings.privacy, stock.tiers, stock.endpoints),
            shared=Shared(Answers(path.with_name(NAME)) if path and settings.ledger.answers else None),
            post=post,
            allowance=Allowance(settings.budget.hedging),
            keep_warm=settings.budget.keep_warm,
            shadows=money.shadows(settings.budget, purse),
        )
    )
    return Building(
        settings=settings,
        engine=engine,
        stock=stock,
        ledger=ledger,
        ledger_path=path,
        pool=pool,
        budget=purse,
        learning=learning,
        accounting=accounting,
        warming=asyncio.create_task(pool.warm()),
    )


def _masks(settings: Settings, stock: Stock) -> Callable[[Model], bool]:
    here = at_home(stock.endpoints)
    return lambda model: settings.privacy.mask_secrets and not here(model)


async def _learning(
    plan: Plan, ledger: Path | None, caches: Caches, previous: Building | None, tell: Callable[[str], None]
) -> Learning | None:
    """Return what the learned policy is to know; what the previous building learned is in the file by then."""
    if previous is not None and previous.learning is not None:
        await previous.learning.close()
    if plan.settings.routing.mode != "learned":
        return None
    path = ledger.with_name(LEARNED) if ledger else None
    return await asyncio.to_thread(Learning, path, plan.settings, tell, caches=caches, shared=plan.recorded)


async def _ledger(path: Path | None, previous: Building | None) -> Ledger:
    if previous is not None and previous.ledger_path == path:
        return previous.ledger
    if previous is not None:
        await previous.engine.settle()
        await previous.ledger.close()
    return sqlite_ledger.open(path) if path else Nothing()
