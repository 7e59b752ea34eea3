"""Models that write changes better in another form are asked for that one, and read in it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from drawing import over
from engine.house import build, ladder, tiers
from tierwise import tasks
from tierwise.core.model import Skills, Tier
from tierwise.engine.fitting import fitted

DIFF = "```diff\n--- a/file.py\n+++ b/file.py\n@@\n-x = 1\n+x = 2\n y = 1\n```"
JSON = json.dumps({"edits": [{"path": "", "search": "x = 1\n", "replace": "x = 2\n"}]})


@pytest.mark.parametrize(
    ("form", "reply", "asked"), [("diff", DIFF, "unified diff"), ("json_edits", JSON, "JSON only")]
)
async def test_the_answer_is_asked_for_and_read_in_the_model_s_own_form(
    tmp_path: Path, form: str, reply: str, asked: str
) -> None:
    stock = tiers(mid="m")
    stock["mid"] = Tier(name="mid", models=tuple(replace(m, skills=Skills(edit=form)) for m in stock["mid"].models))
    house = build(tmp_path, {"m": reply}, (ladder("mid"),), stock)
    task = over("├x = 1\n┤y = 1\n", kind="edit", instruction="Two.", material={"code": "x = 1\ny = 1\n", "where": ""})
    outcome = await house.engine.run(task)
    assert outcome.candidate is not None, outcome.attempts
    (edit,) = outcome.candidate.edits
    assert getattr(edit, "new_text", "") == "x = 2\n"
    assert asked in house.asked[0].prompt
    assert "<<<<<<< SEARCH" not in house.asked[0].prompt


def test_kinds_of_other_forms_stay_as_they_are() -> None:
    kind = tasks.load("docstring")
    stock = tiers(mid="m")["mid"].models[0]
    assert fitted(kind, replace(stock, skills=Skills(edit="diff"))) is kind
    assert fitted(tasks.load("edit"), stock) is tasks.load("edit")
