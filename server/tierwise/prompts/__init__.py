"""Task and model in, prompt out: fill-in-the-middle where the model has it, else a conversation."""

from tierwise.core.model import Model
from tierwise.core.prompt import Limits, Prompt
from tierwise.core.task import Task, TaskKind

from . import chat, fim


def build(task: Task, kind: TaskKind, model: Model, limits: Limits, rejections: tuple[str, ...] = ()) -> Prompt:
    """Return what to ask this model for this task; ``rejections`` say why earlier answers were not good enough."""
    if kind.form == "insertion" and model.skills.fim:
        return fim.build(task, limits)
    return chat.build(task, kind, limits, rejections)
