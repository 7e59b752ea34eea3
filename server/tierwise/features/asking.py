"""A question before work that will cost more than the user wants to spend unasked."""

import logging
from typing import TYPE_CHECKING, Any

from tierwise.core.decision import Role
from tierwise.core.money import dollars, exactly
from tierwise.core.task import Task
from tierwise.lsp import RpcError, Session
from tierwise.lsp.session import Level

from .house import House
from .work import UndoableError

if TYPE_CHECKING:
    from tierwise.engine import Engine

log = logging.getLogger(__name__)

GO = "Go ahead"


class Asking:
    """Asks once for each order, in however many steps it is done; who does not answer agrees to nothing dear.

    ``held`` says that the editor may stand still until the order is done, as some do while they resolve an action: one
    that does not say that it can show a question would then never answer it.
    """

    def __init__(self, house: House, session: Session, *, held: bool = False) -> None:
        self._house = house
        self._session = session
        self._can_ask = not held or session.supports("window", "showMessage")
        self._agreed = False
        self._title = ""

    async def agree(self, engine: "Engine", *tasks: Task) -> None:
        """Return when the user agrees to the next step's tasks together, or need not be asked; raises
        ``UndoableError`` where he does not.
        """
        limit = (await self._house.settings()).budget.ask_above
        self._title = self._title or engine.parts.kinds(tasks[0].kind).title
        prices = [known for task in tasks if (known := price(engine, task)) is not None]
        dearest = sum(prices)
        if self._agreed or limit is None or not prices or dearest <= limit:
            return
        if not await self._asked(dearest):
            raise UndoableError(
                f"It would cost about {dollars(dearest)} and nobody agreed to that "
                f"(budget.ask_above is {exactly(limit)})."
            )
        self._agreed = True

    async def _asked(self, dearest: float) -> bool:
        """Return whether the user agrees; raises ``UndoableError`` where the editor cannot ask him."""
        said = f"“{self._title}” will cost about {dollars(dearest)} at the most, by our estimate"
        params = {"type": Level.INFO, "message": f"Tierwise: {said}.", "actions": [{"title": GO}, {"title": "Cancel"}]}
        try:
            if self._can_ask:
                answer: Any = await self._session.request("window/showMessageRequest", params)
                return isinstance(answer, dict) and answer.get("title") == GO  # type: ignore[reportUnknownMemberType]
        except RpcError as error:
            log.info("the editor cannot ask the user: code %s", error.code)
        message = f"{said}, and this editor cannot ask you whether it may: raise budget.ask_above to allow it."
        self._session.show_message(f"Tierwise: {message}", Level.WARNING)  # some hide what a request failed with
        raise UndoableError(message)


def price(engine: "Engine", task: Task) -> float | None:
    """Return what one try of every rung of the task's ladder would cost in dollars, or None where nothing is known."""
    from tierwise.engine.budget import estimate

    rungs = [rung for rung in engine.decide(task).ladder if rung.role is Role.ANSWER]
    output = engine.parts.kinds(task.kind).output if task.expected_output is None else task.expected_output
    costs: list[float] = []
    for rung in rungs:
        tier = engine.parts.tiers.get(rung.tier)
        models = rung.models or (tier.models if tier else ())
        cost = estimate(task, models[0], output) if models else None
        costs += [] if cost is None else [cost]
    return sum(costs) if costs else None
