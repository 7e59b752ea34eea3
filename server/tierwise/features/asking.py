"""A question before a command that will cost more than the user wants to spend unasked."""

from typing import TYPE_CHECKING, Any

from tierwise.core.decision import Role
from tierwise.core.task import Task
from tierwise.lsp import Session
from tierwise.lsp.session import Level

from .house import House
from .work import UndoableError

if TYPE_CHECKING:
    from tierwise.engine import Engine

GO = "Go ahead"


class Asking:
    """Asks once for each command, in however many steps it is done; who does not answer agrees to nothing dear."""

    def __init__(self, house: House, session: Session) -> None:
        self._house = house
        self._session = session
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
        message = f"Tierwise: “{self._title}” will cost about ${dearest:.2f} at the most, by our estimate."
        params = {"type": Level.INFO, "message": message, "actions": [{"title": GO}, {"title": "Cancel"}]}
        answer: Any = await self._session.request("window/showMessageRequest", params)
        if not isinstance(answer, dict) or answer.get("title") != GO:  # type: ignore[reportUnknownMemberType]
            raise UndoableError(
                f"It would cost about ${dearest:.2f} and nobody agreed to that (budget.ask_above is ${limit:g})."
            )
        self._agreed = True


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
