"""A review from its scope to its report: what editors and the command line share."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tierwise.core.document import Document
from tierwise.settings.review import ReviewSettings
from tierwise.workspace.ignore import Gate

from .asking import FEATURE, Asker
from .courtesy import Courtesy
from .finding import Concern
from .plan import SUSPECTED, Estimate, Plan, affordable, estimate, plan
from .profiles import STANDARD, Profile
from .scan import Purse, Scan
from .scope import Extent
from .store import Store
from .survey import Survey, path_of
from .units import units_of

if TYPE_CHECKING:
    from tierwise.engine import Engine

MOST_AT_ONCE = 2_000
"""Questions of one batch: each waits with its prompt in memory, ten to twenty kilobytes."""

FILE = "findings.sqlite3"
"""The store's name in the directory for data."""


def concerns_of(settings: ReviewSettings) -> tuple[Concern, ...]:
    """Return what is looked for."""
    return tuple(Concern(name) for name in settings.shown())


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Everything a scan needs; ``opened`` are the editor's documents by URI."""

    engine: "Engine"
    store: Store
    settings: ReviewSettings
    root: Path
    opened: Mapping[str, Document] = field(default_factory=dict[str, Document])
    profile: Profile = STANDARD
    feature: str = FEATURE
    batch: bool = False
    """Whether it may take a day, at half the price where a vendor has an interface for that."""
    courtesy: Courtesy | None = None
    """Lets requests at the keyboard go first; None where nobody types."""

    @property
    def concerns(self) -> tuple[Concern, ...]:
        """What is looked for: what the user wishes of what the profile is about, else all of that."""
        return self.profile.of(concerns_of(self.settings)) or self.profile.concerns

    def read(self, uri: str) -> Document | None:
        """Return a document as the editor or the disk has it; None where it is not to be looked at."""
        gate = Gate((self.root,))
        path = path_of(uri)
        return Survey(gate, self.opened).document(path) if gate.admits(path) else None

    async def plan(self, extent: Extent) -> Plan:
        """Return what would be asked; files that may not be read are in no plan."""
        return await asyncio.to_thread(self._plan, extent)

    async def estimate(self, planned: Plan, suspected: float = SUSPECTED) -> Estimate:
        """Return about what it costs, asking nobody."""
        sample = await asyncio.to_thread(self.read, planned.jobs[0].uri) if planned.jobs else None
        units = units_of(sample) if sample is not None else ()
        return estimate(planned, self.engine, self._asker(), sample, units, suspected)

    async def scan(self, planned: Plan, **watching: Any) -> Scan:
        """Return the scan, ready to be run; ``watching`` are the fields of ``Scan`` that say who looks on."""
        dollars, tokens = self.settings.budget, await asyncio.to_thread(self._tokens)
        post, width = None, self.settings.parallel
        if self.batch:
            # What is sent cannot be stopped by what it turns out to cost, so no more is sent than the estimate allows.
            post = self.engine.parts.post
            width = min(MOST_AT_ONCE, affordable(planned, await self.estimate(planned), dollars, tokens))
        return Scan(
            plan=planned,
            store=self.store,
            asker=self._asker(),
            read=self.read,
            purse=Purse(dollars=dollars, tokens=tokens),
            width=width,
            post=post,
            courtesy=self.courtesy,
            **watching,
        )

    def _tokens(self) -> int | None:
        """Return how many tokens one scan may take by the limits of a run, the day and the workspace."""
        every, here = self.store.taken(str(self.root))
        wanted = self.settings
        limits = ((wanted.tokens, 0), (wanted.tokens_day, every), (wanted.tokens_workspace, here))
        return min((max(0, limit - taken) for limit, taken in limits if limit is not None), default=None)

    def _plan(self, extent: Extent) -> Plan:
        gate = Gate((self.root,))
        paths: Sequence[Path] | None = None
        if extent.paths is not None:
            paths = [path for path in extent.paths if gate.admits(path)]
        survey = Survey(gate, self.opened, pause=self.courtesy.pause if self.courtesy else _go_on)
        return plan(survey, self.store, self.concerns, extent.interest, paths, self.profile.mark)

    def _asker(self) -> Asker:
        return Asker(
            engine=self.engine,
            concerns=self.concerns,
            root=str(self.root),
            outcomes=lambda _outcome: None,
            profile=self.profile,
            feature=self.feature,
            patient=self.batch,
        )


def _go_on() -> None:
    """Let nobody go first."""
