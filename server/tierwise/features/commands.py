"""``workspace/executeCommand``: every kind of work by name, ``tierwise.KIND``, for clients and scripts.

A command takes one object, all of whose fields may be left out: ``uri`` (the document, which must be open), ``range``
(in it; without one, its start), ``instruction`` (the user's own words; a bare string as the argument means this), and
``diagnostics`` of that place. Further fields with text are the kind's own (``base`` of ``review`` and
``pr_description``, ``classes`` of ``classify``, ``what`` of ``summarise``). It returns what the kind gives:

- changes are applied: ``{"applied": true, "files": [uri], "tier", "model", "cost"}``; ``refactor_files`` adds ``plan``
  (tier and model are who made it, the cost is that of all files), ``debug``, ``migrate`` and ``optimise`` add ``said``:
  what the model says of its changes, which is shown, too;
- a text is returned as it is;
- a report is opened in the editor: ``{"uri"}``;
- findings become diagnostics: ``{"findings": number, "summary"}``.

Besides: ``tierwise.run`` (``[name, object]``) for the user's own actions, ``tierwise.act`` (the ``data`` of a code
action) for clients that cannot resolve one, ``tierwise.undo`` takes back the last edit of several files
or that the editor could not undo, ``tierwise.clear`` the findings, or for good the one whose ``data`` is given.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from tierwise.core.edit import DeleteFile, RenameFile
from tierwise.lsp import Code, RpcError, Session
from tierwise.lsp.positions import read_span
from tierwise.lsp.read import read_diagnostics
from tierwise.lsp.rpc import as_object
from tierwise.lsp.write import can
from tierwise.settings.paths import cache_dir, data_dir
from tierwise.workspace.journal import Journal

from . import work
from .house import House

if TYPE_CHECKING:
    from tierwise.core.outcome import Outcome
    from tierwise.lsp import CommandHandler

    from .diagnostics.reported import Reported

ACT, RUN, UNDO, CLEAR = "tierwise.act", "tierwise.run", "tierwise.undo", "tierwise.clear"

INWARD = frozenset(
    {
        *("autocomplete", "words", "triage", "judge", "carry_out", "rework"),
        *("triage_unit", "confirm_finding", "audit_unit", "confirm_audit"),
    }
)
"""Kinds that nobody asks for by name; told apart here without importing any of them while the editor waits."""

_OWN_FIELDS = ("uri", "range", "instruction", "diagnostics", "version", "kind", "textDocument")


class Commands:
    """Runs orders and hands over what comes of them."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._findings: Reported | None = None

    @property
    def findings(self) -> "Reported":
        """What reviews found so far; imported when first wanted."""
        if self._findings is None:
            from .diagnostics.reported import Reported

            self._findings = Reported()
        return self._findings

    def table(self) -> "dict[str, CommandHandler]":
        """Return every command by its name."""
        from tierwise.tasks import names

        kinds: dict[str, CommandHandler] = {
            f"tierwise.{name}": partial(self._kind, name) for name in names() if name not in INWARD
        }
        return {**kinds, ACT: self.act, RUN: self.run, UNDO: self.undo, CLEAR: self.clear}

    async def act(self, session: Session, arguments: list[Any]) -> object:
        """Do a chosen action."""
        data = as_object(arguments[0] if arguments else None)
        kind = data.get("kind")
        if not isinstance(kind, str):
            raise RpcError(Code.INVALID_PARAMS, "the action carries no data of ours: ask for the menu again")
        return await self._do(session, self.order(session, kind, data, "code_action"))

    async def run(self, session: Session, arguments: list[Any]) -> object:
        """Do any kind of work, or an action of the user's own, by name."""
        if not arguments or not isinstance(arguments[0], str):
            raise RpcError(Code.INVALID_PARAMS, "name the action: [name, {uri, range, instruction}]")
        return await self._kind(arguments[0], session, arguments[1:])

    async def undo(self, session: Session, arguments: list[Any]) -> object:
        """Take back the last edit of several files."""
        from . import undoing

        try:
            return await undoing.undo(session, self.journal())
        except work.UndoableError as error:
            raise RpcError(Code.REQUEST_FAILED, str(error)) from None

    async def clear(self, session: Session, arguments: list[Any]) -> None:
        """Take all findings away, or one for good whose data is given."""
        said = as_object(arguments[0] if arguments else None)
        if said:
            feedback = await self.findings.dismiss(session, said)
            (await self._house.engine()).note(feedback)
        else:
            self.findings.clear(session)

    def order(self, session: Session, kind: str, said: Mapping[str, Any], feature: str) -> work.Order:
        """Read what is asked for; raises ``RpcError``."""
        uri = said.get("uri") or as_object(said.get("textDocument")).get("uri")
        document = session.documents.get(uri) if isinstance(uri, str) else None
        if uri and document is None:
            raise RpcError(Code.INVALID_PARAMS, f"{uri} is not open: send textDocument/didOpen first")
        span, diagnostics = None, ()
        if document is not None:
            if said.get("range") is not None:
                span = read_span(said["range"], document.text, session.encoding)
            diagnostics = read_diagnostics(said.get("diagnostics"), document, session.encoding)
        return work.Order(
            kind=kind,
            feature=feature,
            document=document,
            span=span,
            instruction=str(said.get("instruction") or ""),
            diagnostics=diagnostics,
            arguments={
                name: value for name, value in said.items() if isinstance(value, str) and name not in _OWN_FIELDS
            },
        )

    def journal(self) -> Journal:
        """Return the journal of edits."""
        return Journal(data_dir() / "journal")

    async def _kind(self, name: str, session: Session, arguments: list[Any]) -> object:
        first = arguments[0] if arguments else None
        said = {"instruction": first} if isinstance(first, str) else as_object(first)
        return await self._do(session, self.order(session, name, said, "command"))

    async def _do(self, session: Session, order: work.Order) -> object:
        from tierwise.tasks import UnknownKindError

        engine = await self._house.engine()
        try:
            kind = engine.parts.kinds(order.kind)
            async with session.progress(f"Tierwise: {kind.title}") as progress:
                from .steps import Steps

                steps = Steps(progress)
                if order.kind == "refactor_files":
                    return await self._refactor(session, order, steps)
                match kind.gives:
                    case "report":
                        return await self._report(session, order, steps)
                    case "edit" | "text" | "findings":
                        return await self._answer(session, order, steps, kind.gives)
        except UnknownKindError as error:
            raise RpcError(Code.INVALID_PARAMS, str(error)) from None
        except work.UndoableError as error:
            raise RpcError(Code.REQUEST_FAILED, str(error)) from None

    async def _answer(self, session: Session, order: work.Order, steps: Any, gives: str) -> object:
        engine = await self._house.engine()
        place = work.ground_of(engine, session, order)
        done = await work.carry_out(engine, order, place, self.witnesses(session, steps))
        candidate = done.outcome.candidate
        if candidate is None:
            raise work.UndoableError(work.nothing(done.outcome))
        if gives == "text":
            return candidate.text
        if gives == "findings":
            count, summary = await self.findings.show(session, done.task, candidate.text)
            session.show_message(
                f"Tierwise: {count} findings. {summary}" if count else f"Tierwise: nothing found. {summary}"
            )
            return {"findings": count, "summary": summary}
        kind = engine.parts.kinds(order.kind)
        applied = await self._applied(session, done.task, candidate.edits, kind.title)
        return {**applied, **_who(done.outcome), **_told(session, work.remark(kind, done.outcome))}

    async def _report(self, session: Session, order: work.Order, steps: Any) -> object:
        from .reports import Report

        engine = await self._house.engine()
        report = Report(session, cache_dir() / "reports", order.kind)
        place = work.ground_of(engine, session, order)
        done = await work.carry_out(engine, order, place, self.witnesses(session, steps, report))
        await report.finish(done.outcome)
        return {"uri": report.path.as_uri()}

    def witnesses(self, session: Session, steps: Any, companion: Any = None, *, held: bool = False) -> work.Witnesses:
        """Return who looks on; ``held`` says that the editor may stand still until the work is done."""
        from .asking import Asking

        agree = Asking(self._house, session, held=held).agree
        return work.Witnesses(observer=steps, companion=companion, agree=agree)

    async def _refactor(self, session: Session, order: work.Order, steps: Any) -> object:
        from .refactoring import refactor

        engine = await self._house.engine()
        agree = self.witnesses(session, steps).agree
        able = all(can(session.client, kind) for kind in (RenameFile, DeleteFile))
        told = order if able else replace(order, instruction=f"{order.instruction}\n\n{_NO_RENAMING}")
        done = await refactor(engine, told, work.ground_of(engine, session, order), steps, agree)
        label = order.instruction.strip().partition("\n")[0][:80]
        applied = await self._applied(session, done.task, done.edits, label)
        return {**applied, **_who(done.outcomes[0]), "cost": done.cost, "plan": done.plan}

    async def _applied(self, session: Session, task: Any, edits: Any, label: str) -> dict[str, object]:
        """Have the editor apply the edits, kept in the journal where they touch several files."""
        from . import landing

        try:
            landed = landing.prepare(session, edits, task, label, makes_files=True)
            page = landing.keep(self.journal(), landed, label)
        except landing.UnlandableError as error:
            raise work.UndoableError(str(error)) from None
        refused = await landing.apply(session, landed, label)
        if refused is not None:
            if page is not None:
                self.journal().strike(page)
            raise work.UndoableError(refused)
        for edit in landed.own:
            self._house.touched(edit.uri)
        return {"applied": True, "files": landing.files_of(landed.edits)}


_NO_RENAMING = "The user's editor can neither rename nor delete files: plan without that."


def _who(outcome: "Outcome") -> dict[str, object]:
    answer = outcome.answer
    return {"tier": answer.tier, "model": answer.model.ref, "cost": outcome.cost} if answer else {}


def _told(session: Session, said: str) -> dict[str, object]:
    """Show what the model says of its changes, and return it."""
    if not said:
        return {}
    session.show_message(f"Tierwise: {said}")
    return {"said": said}
