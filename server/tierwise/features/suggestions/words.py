"""Single identifiers for the completion list: what the workspace says may come next, where no more is sure."""

from dataclasses import dataclass

from tierwise.core.task import Task
from tierwise.core.text import Span
from tierwise.features import request
from tierwise.features.house import House
from tierwise.workspace.tokens import in_word

from .suggester import Ask

KIND = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """``words`` that may stand at a cursor, the likeliest first, and the task that found them."""

    task_id: str = ""
    model: str = ""
    words: tuple[str, ...] = ()


async def likely(house: House, ask: Ask) -> Words:
    """Return the words that begin with what is typed of one; none inside a word, where the kind is switched off or
    rests, and where nobody knows any.
    """
    if house.pause.on:
        return Words()
    line, column = ask.document.text.line(ask.place.line), ask.place.column
    if column < len(line) and in_word(line[column]):
        return Words()
    engine = await house.engine()
    task = Task(
        id=request.new_id(),
        kind=KIND,
        feature=ask.feature,
        document=ask.document,
        span=Span(ask.place, ask.place),
        facts={"root": ask.root},
    )
    if not request.enabled(engine, task):
        return Words()
    outcome = await engine.run(task)
    if outcome.answer is None or outcome.candidate is None:
        return Words()
    found = dict.fromkeys(word.strip() for word in outcome.candidate.text.splitlines())
    words = tuple(word for word in found if word.isidentifier())
    return Words(task_id=task.id, model=outcome.answer.model.ref, words=words)
