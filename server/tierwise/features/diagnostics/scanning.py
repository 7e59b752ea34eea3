"""Scans for an editor: on demand, or on save where the user wishes it; estimated, asked for, shown as they go."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tierwise.core.garbage import loading_alone
from tierwise.core.money import dollars, exactly
from tierwise.core.task import Diagnostic
from tierwise.features.house import House
from tierwise.lsp import Code, RpcError, Session
from tierwise.lsp.read import read_diagnostics
from tierwise.lsp.rpc import as_object

from .opinions import Opinions
from .pulling import Pulling
from .shelf import Shelf, roots

if TYPE_CHECKING:
    from tierwise.findings.courtesy import Courtesy
    from tierwise.findings.plan import Plan
    from tierwise.findings.review import Review
    from tierwise.findings.scan import Report, Scan
    from tierwise.findings.scope import Extent

YES, NO = "Look for defects", "Not now"
NOTHING: dict[str, object] = {
    "found": 0, "looked": 0, "calls": 0, "tokens": 0, "cost": 0.0, "left": [], "stopped": "You said no.",
}  # fmt: skip


class Scanning:
    """Runs scans for one client."""

    def __init__(self, house: House, shelf: Shelf, pulling: Pulling, opinions: Opinions) -> None:
        self._house = house
        self._shelf = shelf
        self._pulling = pulling
        self._opinions = opinions
        self._courtesy: Courtesy | None = None
        self._saving: dict[str, asyncio.Task[object]] = {}

    def begin(self, session: Session, params: dict[str, Any]) -> None:
        """Follow the engine from now on, to let others go first."""
        self._house.pause.listen(self._rest)
        session.spawn(self._follow())

    async def _follow(self) -> None:
        courtesy_class = await asyncio.to_thread(_import_courtesy)
        self._courtesy = courtesy_class()
        self._house.watch(self._courtesy)

    def saved(self, session: Session, params: dict[str, Any]) -> None:
        """Show what is known of the file as it is saved, and have its changes looked at where the user wishes it."""
        uri = str(as_object(params.get("textDocument")).get("uri", ""))
        session.spawn(self._saved(session, uri))

    async def scan(self, session: Session, arguments: list[Any]) -> object:
        """Answer ``tierwise.scan``."""
        from tierwise.findings.scope import NoScopeError, Scope, extent

        said = as_object(arguments[0] if arguments else None)
        uri = str(said.get("uri") or "")
        name = str(said.get("scope") or ("file" if uri else "workspace"))
        if name not in set(Scope):
            raise RpcError(Code.INVALID_PARAMS, f"there is no scope {name!r}; there are: {', '.join(Scope)}")
        if name == Scope.FILE and not uri.startswith("file:"):
            raise RpcError(Code.INVALID_PARAMS, "the scope `file` needs the uri of a file")
        review = await self.review(session, uri, str(said.get("profile") or "settings"))
        batch = said.get("batch", review.settings.batch)
        if not isinstance(batch, bool):
            raise RpcError(Code.INVALID_PARAMS, "`batch` is true or false")
        review = replace(review, batch=batch)
        paths = (_path(uri),) if name == Scope.FILE else ()
        try:
            about = await extent(review.root, Scope(name), paths, str(said.get("base") or ""))
        except NoScopeError as error:
            raise RpcError(Code.REQUEST_FAILED, str(error)) from None
        document = session.documents.get(uri)
        reported = read_diagnostics(said.get("diagnostics"), document, session.encoding) if document else ()
        return await self._run(session, review, about, reported)

    async def _saved(self, session: Session, uri: str) -> None:
        from tierwise.findings.plan import Interest
        from tierwise.findings.scope import Extent

        rests = self._house.pause.on
        await self._opinions.saved(session, uri)
        await self._pulling.renewed(session, uri)
        if (await self._house.settings()).review.when != "save" or not uri.startswith("file:"):
            return
        older = self._saving.get(uri)
        if older is not None:
            older.cancel()
        review = await self.review(session, uri)
        if rests or self._house.pause.on:
            return
        about = Extent(interest=Interest(), paths=(_path(uri),))
        work = asyncio.create_task(self.quietly(session, review, about))
        self._saving[uri] = work
        work.add_done_callback(lambda done: self._saving.pop(uri, None) if self._saving.get(uri) is done else None)

    def _rest(self) -> None:
        """End the scans that nobody asked for by name."""
        for work in self._saving.values():
            work.cancel()

    async def quietly(self, session: Session, review: "Review", about: "Extent") -> object:
        """Scan without a word, and show what is found."""
        scan = await review.scan(await review.plan(about))
        report = await scan.run()
        for uri in {job.uri for job in scan.plan.jobs}:
            await self._pulling.renewed(session, uri)
        if scan.plan.jobs:
            await self._pulling.refresh(session)
        return report

    async def _run(
        self, session: Session, review: "Review", about: "Extent", reported: tuple[Diagnostic, ...]
    ) -> dict[str, object]:
        async with session.progress("Tierwise: looking for defects") as progress:
            planned = await review.plan(about)
            if not await self._may(session, review, planned):
                return NOTHING
            news = asyncio.Queue[str]()

            def step(done: int, uri: str) -> None:
                progress.report(f"{done} of {len(planned.jobs)}", percentage=100 * done // len(planned.jobs))
                news.put_nowait(uri)

            def said_of(uri: str) -> list[Diagnostic]:
                return [each for each in reported if each.uri == uri]

            scan = await review.scan(planned, step=step, reported=said_of)
            report = await self._shown(session, scan, news)
        session.spawn(self._pulling.refresh(session))
        session.show_message(_sentence(report, planned))
        return _told(report)

    async def _shown(self, session: Session, scan: "Scan", news: asyncio.Queue[str]) -> "Report":
        """Run the scan and show each document's findings as soon as they are in the store."""

        from tierwise.findings.courtesy import BRIEF

        async def follow() -> None:
            while True:
                uri = await news.get()
                if self._courtesy is not None:
                    await self._courtesy.wait(BRIEF)
                await self._pulling.renewed(session, uri)
                news.task_done()

        following = asyncio.create_task(follow())
        try:
            report = await scan.run()
            await news.join()
        finally:
            following.cancel()
        return report

    async def _may(self, session: Session, review: "Review", planned: "Plan") -> bool:
        """Ask the user where the estimate is above what he set, or unknown."""
        limit = (await self._house.settings()).budget.ask_above
        if not planned.jobs or limit is None:
            return True
        told = await review.estimate(planned)
        if told.dollars is not None and told.dollars <= limit:
            return True
        cost = "an unknown amount" if told.dollars is None else f"about {dollars(told.dollars)}"
        cap = f" It stops at {exactly(review.settings.budget)}." if review.settings.budget is not None else ""
        message = f"Tierwise: looking at {planned.units - planned.known} units costs {cost}.{cap}"
        try:
            asked = {"type": 3, "message": message, "actions": [{"title": YES}, {"title": NO}]}
            answer = await session.request("window/showMessageRequest", asked)
        except RpcError:
            return False
        return as_object(answer).get("title") == YES

    async def review(self, session: Session, uri: str, profile: str = "standard") -> "Review":
        """Return what scans the workspace that holds the file, the first one without any; raises ``RpcError``."""
        from tierwise.findings.profiles import PROFILES

        if profile == "settings":
            profile = (await self._house.settings()).review.profile
        if profile not in PROFILES:
            raise RpcError(Code.INVALID_PARAMS, f"there is no profile {profile!r}; there are: {', '.join(PROFILES)}")
        path = _path(uri) if uri.startswith("file:") else None
        root = next((root for root in roots(session) if path is not None and path.is_relative_to(root)), None)
        review = await self._shelf.review(session, root)
        if review is None:
            raise RpcError(Code.REQUEST_FAILED, "No folder is open: open the one that the code belongs to.")
        return replace(review, profile=PROFILES[profile], courtesy=self._courtesy)


def _path(uri: str) -> Path:
    from tierwise.findings.survey import path_of

    return path_of(uri)


def _told(report: "Report") -> dict[str, object]:
    bill = report.bill
    return {
        "found": report.found,
        "looked": report.looked,
        "calls": bill.calls,
        "tokens": bill.tokens,
        "cost": bill.dollars if not bill.unpriced else None,
        "left": list(report.left),
        "stopped": report.stopped,
    }


def _sentence(report: "Report", planned: "Plan") -> str:
    bill = report.bill
    cost = dollars(bill.dollars) + (" and calls of unknown price" if bill.unpriced else "")
    said = f"Tierwise: {report.found} found in {report.looked} units ({planned.known} were known), for {cost}."
    return (
        f"{said} {len(report.left)} files are left: {report.stopped or 'unreadable answers'}." if report.left else said
    )


def _import_courtesy() -> "type[Courtesy]":
    with loading_alone():
        from tierwise.findings.courtesy import Courtesy
    return Courtesy
