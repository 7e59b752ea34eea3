"""Whoever goes along with a task may complete it for each model, before that model is held back and asked."""

from dataclasses import replace
from pathlib import Path

from drawing import over
from engine.house import build, tiers
from tierwise.core.model import Model
from tierwise.core.task import Snippet, Task
from tierwise.engine import Companion
from tierwise.policies.cascade import Cascade
from tierwise.policies.rules import Rule, Rules

BROKEN = "def f(a):\n├    retrun a┤\n"


class Guide(Companion):
    """Shows the dearer model what it did not show the cheaper one."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []

    async def complete(self, task: Task, model: Model) -> Task:
        self.said.append(("complete", model.name))
        if model.name == "cheap":
            return task
        beside = Snippet(path="beside.py", text="def beside(): ...\n", source="test", score=1.0)
        return replace(task, neighbours=(beside,))

    async def hold(self, model: Model) -> None:
        self.said.append(("hold", model.name))


async def test_each_model_sees_the_task_as_it_was_completed_for_it(tmp_path: Path) -> None:
    rules = Rules([Rule(name="home", ladder=("fast",), reason="At home.", any_of={}, over={}, under={})])
    says = {"cheap": "```\n    return (((\n```", "middle": "```\n    return a\n```"}
    seat = build(tmp_path, says, (Cascade(rules), rules), tiers(fast="cheap", mid="middle"))
    guide = Guide()
    outcome = await seat.engine.run(over(BROKEN), companion=guide)
    assert guide.said == [("complete", "cheap"), ("hold", "cheap"), ("complete", "middle"), ("hold", "middle")]
    assert ["def beside()" in cue.prompt for cue in seat.asked] == [False, True]
    assert outcome.task.neighbours
