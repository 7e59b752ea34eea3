"""Code actions: the menu costs nothing, the work is done when chosen."""

import asyncio
from ast import literal_eval
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcRequestCancelled
from pytest_lsp import client_capabilities

from desk import TIERS, Desk, sit_down
from tierwise.rehearsal import Cue, Line

CODE = "class A:\n    def add(self, a, b):\n        return a + b\n"
BROKEN = "def f(a):\n    retrun a\n"


def problem(message: str, line: int, start: int, end: int) -> types.Diagnostic:
    place = types.Range(types.Position(line, start), types.Position(line, end))
    return types.Diagnostic(range=place, message=message, source="checker")


def applied(text: str, edit: types.WorkspaceEdit | None) -> str:
    """Return the text after the edit, which must be versioned."""
    assert edit is not None
    assert edit.document_changes is not None
    (change,) = edit.document_changes
    assert isinstance(change, types.TextDocumentEdit)
    assert change.text_document.version == 1
    lines = text.split("\n")
    for part in change.edits:
        assert isinstance(part, types.TextEdit)
        start, end = part.range.start, part.range.end
        head = "\n".join([*lines[: start.line], lines[start.line][: start.character]])
        tail = "\n".join([lines[end.line][end.character :], *lines[end.line + 1 :]])
        lines = (head + part.new_text + tail).split("\n")
    return "\n".join(lines)


async def chosen(
    desk: Desk,
    document: types.TextDocumentIdentifier,
    start: tuple[int, int],
    title: str,
    end: tuple[int, int] | None = None,
) -> types.CodeAction:
    """Return the entry of the menu of that title."""
    offered = await desk.actions(document, start, end)
    return next(action for action in offered if action.title == title)


async def test_they_are_advertised_with_their_kinds(desk: Desk) -> None:
    provider = desk.result.capabilities.code_action_provider
    assert isinstance(provider, types.CodeActionOptions)
    assert provider.resolve_provider
    assert list(provider.code_action_kinds or ()) == [
        "quickfix",
        "refactor.extract",
        "refactor.inline",
        "refactor.rewrite",
        "source",
    ]


async def test_the_menu_asks_no_model(desk: Desk) -> None:
    document = desk.open("a.py", CODE)
    offered = await desk.actions(document, (1, 8), problems=(problem("bad", 2, 8, 14),))
    assert [action.title for action in offered] == [
        "Fix with Tierwise: bad",
        "Add type annotations",
        "Generate docstring",
        "Suggest a better name",
        "Optimise this",
        "Write tests for this",
        "Write tests for this file",
    ]
    assert all(action.edit is None for action in offered)
    assert desk.vendors.requests == []


async def test_the_menu_marks_what_is_preferred_and_says_why_something_cannot_be_done(desk: Desk) -> None:
    offered = await desk.actions(desk.open("a.py", "def f(a):\n    ...\n"), (0, 4))
    assert [action.title for action in offered if action.is_preferred] == ["Implement this"]
    offered = await desk.actions(desk.open("b.py", CODE), (1, 8), only=["refactor.extract.variable"])
    assert [(action.title, action.disabled and action.disabled.reason) for action in offered] == [
        ("Extract variable", "Select the expression to extract.")
    ]


async def test_what_changes_nothing_comes_with_its_command(desk: Desk) -> None:
    """The client's library reads an action that has a command as the bare command."""
    place = types.Range(types.Position(0, 0), types.Position(0, 0))
    context = types.CodeActionContext(diagnostics=[], only=["source"])
    params = types.CodeActionParams(text_document=desk.open("a.py", CODE), range=place, context=context)
    offered = await desk.client.text_document_code_action_async(params) or []
    assert [(type(action).__name__, action.title) for action in offered] == [
        ("Command", "Audit the security of this file"),
        ("Command", "Summarise this file"),
        ("CodeAction", "Write tests for this file"),
    ]


async def test_only_the_wanted_kinds_are_offered(desk: Desk) -> None:
    document = desk.open("a.py", CODE)
    offered = await desk.actions(document, (1, 8), problems=(problem("bad", 2, 8, 14),), only=["refactor"])
    assert {action.kind for action in offered} == {"refactor.rewrite"}


async def test_a_docstring_is_written_by_the_fast_tier_where_it_belongs(desk: Desk) -> None:
    desk.say("Return the sum.")
    document = desk.open("a.py", CODE)
    action = await chosen(desk, document, (1, 8), "Generate docstring")
    resolved = await desk.client.code_action_resolve_async(action)
    assert applied(CODE, resolved.edit) == (
        'class A:\n    def add(self, a, b):\n        """Return the sum."""\n        return a + b\n'
    )
    (entry,) = await desk.history()
    assert (entry.kind, entry.attempts[0].tier) == ("docstring", "fast")


async def test_an_existing_docstring_is_replaced(desk: Desk) -> None:
    desk.say("New.")
    code = 'def f():\n    """Old.\n\n    More.\n    """\n    return 1\n'
    action = await chosen(desk, desk.open("a.py", code), (0, 5), "Generate docstring")
    resolved = await desk.client.code_action_resolve_async(action)
    assert applied(code, resolved.edit) == 'def f():\n    """New."""\n    return 1\n'


async def test_a_fix_is_told_the_diagnostic(desk: Desk) -> None:
    desk.say("```python\ndef f(a):\n    return a\n```")
    document = desk.open("a.py", BROKEN)
    action, *_ = await desk.actions(document, (1, 4), problems=(problem("invalid syntax", 1, 4, 10),))
    resolved = await desk.client.code_action_resolve_async(action)
    assert applied(BROKEN, resolved.edit) == "def f(a):\n    return a\n"
    (entry,) = await desk.history()
    assert (entry.kind, entry.attempts[-1].result) == ("fix", "accepted")
    assert "line 2: invalid syntax [checker]" in str(desk.vendors.requests[0].body)


async def test_an_answer_that_does_not_parse_climbs_and_the_next_tier_is_told_why(tmp_path: Path) -> None:
    config = '[[rules]]\nname = "cascade"\nwhen.kinds = ["fix"]\nladder = ["fast", "mid"]\n'
    async with sit_down(tmp_path / "desk", config=config) as desk:
        good, bad = "```\ndef f(a):\n    return a\n```", "```\ndef f(a:\n    return a\n```"
        desk.say(lambda cue: Line(text=good if "sonnet" in cue.model else bad))
        document = desk.open("a.py", BROKEN)
        action, *_ = await desk.actions(document, (1, 4), problems=(problem("invalid syntax", 1, 4, 10),))
        resolved = await desk.client.code_action_resolve_async(action)
        assert applied(BROKEN, resolved.edit) == "def f(a):\n    return a\n"
        (entry,) = await desk.history()
        assert [(attempt.tier, attempt.result) for attempt in entry.attempts] == [
            ("fast", "rejected"),
            ("mid", "accepted"),
        ]
        assert "An earlier answer was rejected" in str(desk.vendors.requests[-1].body)


async def test_where_no_answer_passes_its_checks_the_user_is_told_which_and_nothing_is_edited(desk: Desk) -> None:
    desk.say("```\ndef f(a:\n```")
    action, *_ = await desk.actions(desk.open("a.py", BROKEN), (1, 4), problems=(problem("bad", 1, 4, 10),))
    with pytest.raises(JsonRpcException, match="No answer passed its checks"):
        await desk.client.code_action_resolve_async(action)


async def test_a_menu_of_an_older_version_is_refused(desk: Desk) -> None:
    document = desk.open("a.py", CODE)
    action = await chosen(desk, document, (1, 8), "Generate docstring")
    desk.change(document, 2, "\n" + CODE)
    with pytest.raises(JsonRpcException, match="has changed"):
        await desk.client.code_action_resolve_async(action)
    assert desk.vendors.requests == []


async def test_a_cancelled_action_closes_its_connection(desk: Desk) -> None:
    desk.say(Line(delay=30))
    action = await chosen(desk, desk.open("a.py", CODE), (1, 8), "Generate docstring")
    asked = asyncio.create_task(
        desk.client.protocol.send_request_async(types.CODE_ACTION_RESOLVE, action, msg_id="resolve")
    )
    request = await desk.vendors.request(0)
    desk.client.cancel_request(types.CancelParams(id="resolve"))
    with pytest.raises(JsonRpcRequestCancelled):
        await asked
    await desk.until(lambda: request.ended == "closed")


async def test_a_client_that_cannot_resolve_gets_a_command_that_applies_the_edit(tmp_path: Path) -> None:
    capabilities = client_capabilities("visual-studio-code")
    assert capabilities.text_document is not None
    assert capabilities.text_document.code_action is not None
    capabilities.text_document.code_action.resolve_support = None
    async with sit_down(tmp_path / "desk", capabilities=capabilities) as desk:
        applied_edits: list[types.ApplyWorkspaceEditParams] = []

        @desk.client.feature(types.WORKSPACE_APPLY_EDIT)
        def apply(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
            applied_edits.append(params)
            return types.ApplyWorkspaceEditResult(applied=True)

        desk.say("Return the sum.")
        document = desk.open("a.py", CODE)
        place = types.Range(types.Position(1, 8), types.Position(1, 8))
        data = {"kind": "docstring", "uri": document.uri, "version": 1, "range": place}
        await desk.client.workspace_execute_command_async(types.ExecuteCommandParams("tierwise.act", [data]))
        assert "Return the sum." in applied(CODE, applied_edits[0].edit)


async def test_actions_run_as_commands_where_the_user_says_so(tmp_path: Path) -> None:
    async with sit_down(tmp_path / "desk", config=TIERS + "[actions]\nresolve = false\n") as desk:
        document = desk.open("a.py", CODE)
        await desk.status()
        place = types.Range(types.Position(1, 8), types.Position(1, 8))
        params = types.CodeActionParams(document, place, types.CodeActionContext(diagnostics=[]))
        offered = await desk.client.text_document_code_action_async(params) or []
        # lsprotocol takes every action with a command for a bare command, whose name is then the object in words
        (command,) = [literal_eval(str(each.command)) for each in offered if each.title == "Generate docstring"]
        assert command["command"] == "tierwise.act"
        assert command["arguments"][0]["kind"] == "docstring"


async def test_without_any_model_the_user_is_told_what_to_do(tmp_path: Path) -> None:
    async with sit_down(tmp_path / "desk", keys=False, config=None) as desk:
        action = await chosen(desk, desk.open("a.py", CODE), (1, 8), "Suggest a better name")
        with pytest.raises(JsonRpcException, match="tierwise doctor"):
            await desk.client.code_action_resolve_async(action)


async def test_with_the_tier_s_first_model_down_the_next_one_answers(desk: Desk) -> None:
    def script(cue: Cue) -> Line:
        return Line(fault="status", status=503) if "claude" in cue.model else Line(text="Return the sum.")

    desk.say(script)
    action = await chosen(desk, desk.open("a.py", CODE), (1, 8), "Generate docstring")
    resolved = await desk.client.code_action_resolve_async(action)
    assert "Return the sum." in applied(CODE, resolved.edit)
    (entry,) = await desk.history()
    assert [attempt.result for attempt in entry.attempts] == ["failed", "accepted"]
