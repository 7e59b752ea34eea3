"""Every way of looking at every file, with and without its defect: the scan of `tierwise review`, graded."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from tierwise.core.money import exactly
from tierwise.engine import Engine
from tierwise.findings.finding import CONCERNS
from tierwise.findings.known import known
from tierwise.findings.plan import Estimate, Interest
from tierwise.findings.review import Review
from tierwise.findings.scan import Bill
from tierwise.findings.scope import Extent
from tierwise.findings.store import Store
from tierwise.settings.review import ReviewSettings

from .cases import Case
from .score import Marks, Sum, marks, summed
from .ways import Way

FEATURE = "eval"
"""What the ledger calls these requests."""
SUSPECTED = 0.8
"""Share of files that lead to a second question: every other one has a defect, and some clean ones are suspected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One text of a case in a folder of its own, whose name does not tell which one it is."""

    case: Case
    flawed: bool
    root: Path

    @property
    def path(self) -> Path:
        """Where it stands."""
        return self.root / self.case.path


def lay_out(cases: Sequence[Case], home: Path) -> list[File]:
    """Write both texts of every case, each in a workspace of its own; for threads."""
    files: list[File] = []
    for case in cases:
        for flawed in (True, False):
            file = File(case=case, flawed=flawed, root=home / str(len(files)))
            file.path.parent.mkdir(parents=True)
            file.path.write_text(case.flawed if flawed else case.clean, "utf-8")
            files.append(file)
    return files


@dataclass(slots=True, kw_only=True)
class Tally:
    """What one way has brought so far; ``missing`` files were not answered, for the reasons in ``why``."""

    way: Way
    marks: list[Marks] = field(default_factory=list[Marks])
    bill: Bill = field(default_factory=Bill)
    seconds: float = 0.0
    missing: int = 0
    why: set[str] = field(default_factory=set[str])

    def sum(self) -> Sum:
        """Add it up."""
        dollars = None if self.bill.unpriced else self.bill.dollars
        return summed(self.marks, self.bill.calls, self.bill.tokens, dollars, self.seconds)


@dataclass(slots=True, kw_only=True)
class Hunt:
    """``budget`` is in dollars over all ways, None without limit; ``jobs`` files are looked at together."""

    engine: Engine
    files: Sequence[File]
    ways: Sequence[Way]
    budget: float | None = None
    jobs: int = 4
    tell: Callable[[str], None] = lambda _line: None
    _spent: float = 0.0
    _running: int = 0
    _looked: int = 0

    async def estimate(self) -> Estimate:
        """Return about what all ways cost together; asks nobody."""
        calls, tokens = 0, 0
        dollars: float | None = 0.0
        for way in self.ways:
            for file in (file for file in self.files if way.looks_for(file.case.concern)):
                review = self._review(way, file, Store(None))
                each = await review.estimate(await review.plan(_EVERYTHING), SUSPECTED)
                review.store.close()
                calls, tokens = calls + each.calls, tokens + each.tokens
                dollars = None if dollars is None or each.dollars is None else dollars + each.dollars
        return Estimate(calls=calls, tokens=tokens, dollars=dollars)

    async def run(self) -> list[Tally]:
        """Let every way look at every file that it is meant for; one that is meant for none brings no tally."""
        slots = asyncio.Semaphore(self.jobs)
        concerns = {file.case.concern for file in self.files}
        tallies = [Tally(way=way) for way in self.ways if any(map(way.looks_for, concerns))]

        async def one(tally: Tally, file: File) -> None:
            async with slots:
                await self._one(tally, file)

        async with asyncio.TaskGroup() as group:
            for file in self.files:
                for tally in tallies:
                    if tally.way.looks_for(file.case.concern):
                        group.create_task(one(tally, file))
        return tallies

    async def _one(self, tally: Tally, file: File) -> None:
        ahead = self._spent * (1 + self._running / max(1, self._looked))
        if self.budget is not None and ahead >= self.budget:
            tally.missing += 1
            tally.why.add(f"the limit of {exactly(self.budget)} is reached")
            return
        self._running += 1
        store = Store(None)
        try:
            await self._look(tally, file, store)
        finally:
            store.close()
            self._running -= 1
            self._looked += 1

    async def _look(self, tally: Tally, file: File, store: Store) -> None:
        review = self._review(tally.way, file, store)
        scan = await review.scan(await review.plan(_EVERYTHING))
        start = perf_counter()
        report = await scan.run()
        tally.seconds += perf_counter() - start
        _add(tally.bill, report.bill)
        self._spent += report.bill.dollars
        if report.left or not report.looked:
            tally.missing += 1
            tally.why.add(report.bill.reason or report.stopped or "the answer cannot be read")
            return
        document = review.read(file.path.as_uri())
        found = await asyncio.to_thread(known, document, store, CONCERNS) if document is not None else []
        graded = marks(file.case, file.flawed, found)
        tally.marks.append(graded)
        said = ("found" if graded.found else "missed") if file.flawed else "clean"
        self.tell(f"{tally.way.name}: {file.case.name}: {said}, {graded.false} false")

    def _review(self, way: Way, file: File, store: Store) -> Review:
        settings = ReviewSettings(budget=None)
        engine = way.engine(self.engine)
        return Review(
            engine=engine, store=store, settings=settings, root=file.root, profile=way.profile, feature=FEATURE
        )


_EVERYTHING = Extent(interest=Interest())


def _add(total: Bill, part: Bill) -> None:
    total.calls += part.calls
    total.tokens += part.tokens
    total.dollars += part.dollars
    total.unpriced += part.unpriced
