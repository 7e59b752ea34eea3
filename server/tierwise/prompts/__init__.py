"""Task and model in, prompt out: fill-in-the-middle where the model has it, else a conversation."""

from tierwise.core.model import Model
from tierwise.core.prompt import Limits, Prompt
from tierwise.core.task import Task, TaskKind
from tierwise.core.text import Span

from . import chat, fim
from .budget import BUDGETS, OTHER, budget, characters
from .extent import within
from .window import shown_span


def build(
    task: Task, kind: TaskKind, model: Model, limits: Limits, rejections: tuple[str, ...] = (), tier: str = ""
) -> Prompt:
    """Return what to ask this model for this task.

    ``rejections`` say why earlier answers were not good enough; ``tier``, where it is known, says how much to show.
    """
    insertion = kind.form == "insertion"
    if insertion:
        limits = within(limits, task, fim=bool(model.skills.fim))
    room = budget(tier or kind.belongs, model, limits)
    if model.skills.fim == "workspace" or (insertion and model.skills.fim):
        return fim.build(task, limits, room)
    return chat.build(task, kind, limits, room, rejections)


def beside(task: Task, kind: TaskKind) -> tuple[Span, int]:
    """Return what of the document a prompt shows at its home tier, and how many characters there are for context.

    For those who gather the context, before it is known which model is asked; a smaller one shows less of both.
    """
    room = BUDGETS.get(kind.belongs, OTHER)
    if task.document is None or task.span is None:
        return Span.at(0, 0), characters(room.context)
    return shown_span(task.document.text, task.span, room), characters(room.context)
