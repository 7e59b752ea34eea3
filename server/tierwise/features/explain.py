"""``tierwise/explain``: who would answer a task at a place, for how much, and what would change it."""

from typing import Any

from tierwise.core.task import Task
from tierwise.core.text import Span
from tierwise.lsp import Code, Feature, RpcError, Session
from tierwise.lsp.positions import read_position, read_span

from . import request
from .house import House


def feature(house: House) -> Feature:
    """Return what the server needs to know of it."""
    return Feature(
        name="explain",
        capabilities=lambda _client: {"experimental": {"tierwise": {"explain": True}}},
        requests={"tierwise/explain": Explain(house).answer},
    )


class Explain:
    """Explains a decision without asking any model."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def answer(self, session: Session, params: dict[str, Any]) -> dict[str, Any]:
        """Return the explanation of a task: ``textDocument``, ``position`` or ``range``, and where they are not the
        usual ones ``kind`` (fix), ``feature`` (code_action) and ``instruction``.
        """
        from tierwise.engine.account import written
        from tierwise.tasks import UnknownKindError

        document = request.document(session, params)
        if "range" in params:
            span = read_span(params["range"], document.text, session.encoding)
        else:
            place = read_position(params.get("position"), document.text, session.encoding)
            span = Span(place, place)
        task = Task(
            id=request.new_id(),
            kind=str(params.get("kind", "fix")),
            feature=str(params.get("feature", "code_action")),
            document=document,
            span=span,
            instruction=str(params.get("instruction", "")),
            facts={"root": request.root_of(session, document.uri)},
        )
        engine = await self._house.engine()
        try:
            return written(engine.explain(task))
        except UnknownKindError as error:
            raise RpcError(Code.INVALID_PARAMS, str(error)) from None
