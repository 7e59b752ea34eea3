"""``textDocument/codeAction`` and ``codeAction/resolve``: the menu costs nothing, the work is done when chosen."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from tierwise.core.document import Document
from tierwise.core.edit import CreateFile
from tierwise.core.money import dollars
from tierwise.core.reply import Usage
from tierwise.core.task import Task, TaskKind
from tierwise.lsp import Code, Feature, RpcError, Session
from tierwise.lsp.positions import read_span
from tierwise.lsp.read import read_diagnostics
from tierwise.lsp.rpc import as_list, as_object
from tierwise.lsp.session import Level
from tierwise.lsp.write import can

from . import menu, request, work
from .commands import ACT, Commands
from .diagnostics.dismissing import offers
from .house import House

if TYPE_CHECKING:
    from tierwise.engine import Engine
    from tierwise.settings.model import Settings

FILE_FORMS = frozenset({"blocks", "explored", "plan", "new_file"})
"""Forms of reply that can make files."""

PATIENCE = 0.002
"""Seconds the menu waits for the engine to be built: it has 0.005 in all."""

TOKENS_PER_LINE = 10
"""Of code, in today's vendors' tokenizers: about 36 characters."""

KINDS = ("quickfix", "refactor.extract", "refactor.inline", "refactor.rewrite", "source")


def feature(house: House) -> Feature:
    """Return what the server needs to know of actions and of the commands that do the same."""
    commands = Commands(house)
    actions = Actions(house, commands)
    return Feature(
        name="code_action",
        capabilities=lambda _client: {"codeActionProvider": {"codeActionKinds": list(KINDS), "resolveProvider": True}},
        requests={"textDocument/codeAction": actions.offer, "codeAction/resolve": actions.resolve},
        commands=commands.table(),
    )


class Actions:
    """Offers by syntax, problems and selection; resolves through the engine."""

    def __init__(self, house: House, commands: Commands) -> None:
        self._house = house
        self._commands = commands
        self._kinds: tuple[TaskKind, ...] | None = None

    async def offer(self, session: Session, params: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the menu: no model is asked."""
        document = request.document(session, params)
        span = read_span(params.get("range"), document.text, session.encoding)
        context = as_object(params.get("context"))
        only = context.get("only")
        wanted = None if only is None else [kind for kind in as_list(only) if isinstance(kind, str)]
        raw = as_list(context.get("diagnostics"))
        problems = [next(iter(read_diagnostics([item], document, session.encoding)), None) for item in raw]
        session.problems.see(document.uri, span, [problem for problem in problems if problem])
        sight = menu.look(document, span)
        kinds, cost = await self._known(), await self._cost(document)
        entries = menu.entries(sight, problems, kinds, wanted)
        lazily = await self._resolves()
        offered = [
            _presented(_action(entry, params, document, raw, cost), lazily and _is_lazy(session, entry.kind))
            for entry in entries
        ]
        possible = list(_possible(offered, session))
        if not raw or not menu.fits("quickfix", wanted):
            return possible
        fixes = sum("diagnostics" in action for action in possible)
        known = self._commands.findings.fixes(session, document.uri, raw)
        return [*known, *possible[:fixes], *offers(document.uri, raw), *possible[fixes:]]

    async def resolve(self, session: Session, action: dict[str, Any]) -> dict[str, Any]:
        """Return the action with its edit, for the document as it is by then."""
        from tierwise.tasks import UnknownKindError

        from . import landing
        from .steps import Steps

        data = as_object(action.get("data"))
        kind = data.get("kind")
        if not isinstance(kind, str):
            raise RpcError(Code.INVALID_PARAMS, "the action carries no data of ours: ask for the menu again")
        order = self._commands.order(session, kind, data, "code_action")
        if order.document is None or order.document.version != data.get("version"):
            raise RpcError(Code.CONTENT_MODIFIED, "The file has changed since the menu was opened: open it again.")
        title = str(action.get("title", "Tierwise"))
        engine = await self._house.engine()
        try:
            async with session.progress(title) as progress:
                witnesses = self._commands.witnesses(session, Steps(progress), held=True)
                done = await work.carry_out(engine, order, work.ground_of(engine, session, order), witnesses)
        except UnknownKindError as error:
            raise RpcError(Code.INVALID_PARAMS, str(error)) from None
        except work.UndoableError as error:
            raise RpcError(Code.REQUEST_FAILED, str(error)) from None
        if done.outcome.candidate is None:
            raise RpcError(Code.REQUEST_FAILED, work.nothing(done.outcome))
        try:
            landed = landing.prepare(session, done.outcome.candidate.edits, done.task, title)
            landing.keep(self._commands.journal(), landed, title)
        except landing.UnlandableError as error:
            raise RpcError(Code.CONTENT_MODIFIED, str(error)) from None
        said = work.remark(engine.parts.kinds(kind), done.outcome)
        if said:
            session.show_message(f"Tierwise: {said}")
        if done.outcome.doubt:
            session.show_message(f"Tierwise: look at this change twice: {done.outcome.doubt}", Level.WARNING)
        return {**action, "edit": landed.written}

    async def _known(self) -> tuple[TaskKind, ...]:
        """Return the kinds that are offered; they are imported in a thread, once."""
        if self._kinds is None:
            from tierwise import tasks

            self._kinds = await asyncio.to_thread(lambda: tuple(kind for kind in tasks.offered() if kind.offers))
        ready = await self._ready()
        if ready is None:
            return self._kinds
        engine, settings = ready
        own = tuple(engine.parts.kinds(name) for name in settings.own_actions)
        overrides = engine.parts.overrides.tasks
        on = [kind for kind in self._kinds if kind.name not in overrides or overrides[kind.name].enabled is not False]
        return (*on, *own)

    async def _cost(self, document: Document) -> "Callable[[TaskKind], str] | None":
        """Return what tells the end of a title, where the user wants it and it can be told at once."""
        ready = await self._ready()
        if ready is None or not ready[1].actions.show_cost:
            return None
        told: dict[str, str] = {}

        def cost(kind: TaskKind) -> str:
            if kind.name not in told:  # one kind stands in the menu once for each problem
                told[kind.name] = _cost(ready[0], document, kind)
            return told[kind.name]

        return cost

    async def _resolves(self) -> bool:
        """Whether the user lets the editor resolve actions."""
        ready = await self._ready()
        return ready is None or ready[1].actions.resolve

    async def _ready(self) -> "tuple[Engine, Settings] | None":
        """Return the engine and the settings, or None while the house is being built: the menu waits for nothing."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._house.engine(), await self._house.settings()
        except TimeoutError:
            return None


def _cost(engine: "Engine", document: Document, kind: TaskKind) -> str:
    """Return who would answer and about what that costs, as the end of a title."""
    decision = engine.decide(Task(id="", kind=kind.name, feature="code_action", document=document))
    if not decision.ladder:
        return ""
    rung = decision.ladder[0]
    tier = engine.parts.tiers.get(rung.tier)
    model = next(iter(rung.models or (tier.models if tier else ())), None)
    if model is None or model.price is None:
        return f" · {rung.tier}"
    from tierwise.tasks import BUDGET

    shown = document.text.line_count * TOKENS_PER_LINE if kind.belongs != "frontier" else BUDGET["frontier"]
    tokens = min(shown, BUDGET.get(kind.belongs, BUDGET["mid"])) + len(kind.template) // 4
    cost = model.price.of(Usage(input=tokens, output=kind.output))
    return f" · {rung.tier}, about {dollars(cost)}"


def _action(
    entry: menu.Entry,
    params: dict[str, Any],
    document: Document,
    raw: list[Any],
    cost: "Callable[[TaskKind], str] | None",
) -> dict[str, Any]:
    diagnostics = [raw[entry.diagnostic]] if entry.diagnostic is not None else []
    place = as_object(diagnostics[0])["range"] if diagnostics else params["range"]
    data = {"kind": entry.kind.name, "uri": document.uri, "version": document.version, "range": place}
    if entry.instruction:
        data["instruction"] = entry.instruction
    if diagnostics:
        data["diagnostics"] = diagnostics
    title = f"{entry.title}{cost(entry.kind) if cost else ''}"
    action: dict[str, Any] = {"title": title, "kind": entry.offer.action}
    if diagnostics:
        action["diagnostics"] = diagnostics
    if entry.offer.preferred:
        action["isPreferred"] = True
    if entry.disabled:
        return {**action, "disabled": {"reason": entry.disabled}}
    if entry.kind.gives == "edit":
        return {**action, "data": data}
    return {**action, "command": {"title": title, "command": ACT, "arguments": [data]}}


def _is_lazy(session: Session, kind: TaskKind) -> bool:
    """Whether the client can resolve such an action. Where it may bring a file that the client cannot make, the server
    does, which it must not before the user has chosen.
    """
    able = kind.form not in FILE_FORMS or can(session.client, CreateFile)
    return able and session.supports("textDocument", "codeAction", "resolveSupport")


def _presented(action: dict[str, Any], lazily: bool) -> dict[str, Any]:
    """Let a client that cannot resolve run the command instead."""
    if lazily or "data" not in action:
        return action
    command = {"title": action["title"], "command": ACT, "arguments": [action.pop("data")]}
    return {**action, "command": command}


def _possible(offered: Iterable[dict[str, Any]], session: Session) -> Iterator[dict[str, Any]]:
    """Yield what the client can show: some cannot show what is disabled."""
    disabled = session.supports("textDocument", "codeAction", "disabledSupport")
    return (action for action in offered if disabled or "disabled" not in action)
