"""The cascade as a user sees it: cheap tiers first where a type checker can tell, progress, and the doubt."""

from pathlib import Path

from lsprotocol import types

from desk import Desk, sit_down
from tierwise.rehearsal import Cue, Line

CODE = "def f(a: int) -> int:\n    retrun a\n"
GOOD = "```python\ndef f(a: int) -> int:\n    return a\n```"
WRONG = '```python\ndef f(a: int) -> int:\n    return "a"\n```'


def problem() -> types.Diagnostic:
    place = types.Range(types.Position(1, 4), types.Position(1, 12))
    return types.Diagnostic(range=place, message="invalid syntax", source="checker")


def told(desk: Desk) -> list[str]:
    """Return what the progress bars said."""
    reports = (value for values in desk.client.progress_reports.values() for value in values)
    return [report.message or "" for report in reports if isinstance(report, types.WorkDoneProgressReport)]


async def fix(desk: Desk, text: str) -> types.CodeAction:
    document = desk.open("a.py", text)
    action, *_ = await desk.actions(document, (1, 4), problems=(problem(),))
    return await desk.client.code_action_resolve_async(action)


async def test_a_wrong_type_climbs_and_the_user_is_told_why(tmp_path: Path) -> None:
    root = tmp_path / "desk/project"
    root.mkdir(parents=True)
    (root / "pyrightconfig.json").write_text("{}")
    async with sit_down(tmp_path / "desk") as desk:

        def script(cue: Cue) -> Line:
            return Line(text=GOOD if "sonnet" in cue.model else WRONG)

        desk.say(script)
        await fix(desk, CODE)
        (entry,) = await desk.history()
        assert [(attempt.tier, attempt.result) for attempt in entry.attempts if attempt.role == "answer"] == [
            ("fast", "rejected"),
            ("mid", "accepted"),
        ]
        assert (entry.policy, entry.kind) == ("cascade", "fix")
        await desk.until(lambda: any("asking mid" in message for message in told(desk)))
        assert any(message.startswith("fast: 1 new type error, asking mid") for message in told(desk))
        assert "is not assignable" in str(desk.vendors.requests[-1].body)


async def test_where_no_answer_is_good_enough_the_best_is_used_and_the_user_is_warned(tmp_path: Path) -> None:
    async with sit_down(tmp_path / "desk") as desk:
        desk.say("```python\nx = 1\n```")
        resolved = await fix(desk, CODE)
        assert resolved.edit is not None
        (entry,) = await desk.history()
        assert [attempt.result for attempt in entry.attempts if attempt.role == "answer"] == ["rejected", "accepted"]
        await desk.until(lambda: any("look at this change twice: lost: f" in message for message in desk.told()))
