"""Task and model in, prompt out: fill-in-the-middle where the model has it, else a conversation."""

from tierwise.core.model import Model
from tierwise.core.prompt import Limits, Prompt
from tierwise.core.task import Task, TaskKind

from . import chat, fim
from .budget import budget
from .extent import within


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
    if insertion and model.skills.fim:
        return fim.build(task, limits, room)
    return chat.build(task, kind, limits, room, rejections)
