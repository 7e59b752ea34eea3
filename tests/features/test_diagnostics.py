"""Findings over the protocol: pulled, held, pushed, looked for on demand and on save, dismissed."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pytest_lsp import client_capabilities

from desk import PATIENCE, TIERS, Desk, sit_down
from features.dismissing import dismissals, take
from findings.scanning import marking
from tierwise.findings.finding import Concern
from tierwise.findings.store import Store, Tally
from tierwise.ledger.history import history
from tierwise.rehearsal import Line

CODE = "def mean(values):\n    return sum(values) / len(values)  # BUG\n\n\ndef fine(a):\n    return a\n"
ALWAYS = TIERS + "[budget]\nask_above = 1000.0\n"


def able(*, pulls: bool) -> types.ClientCapabilities:
    """Return what a client can do that pulls diagnostics, or cannot."""
    capabilities = client_capabilities("visual-studio-code")
    assert capabilities.text_document is not None
    capabilities.text_document.diagnostic = types.DiagnosticClientCapabilities() if pulls else None
    return capabilities


@pytest.fixture
async def seat(tmp_path: Path) -> AsyncGenerator[Desk]:
    """A client that pulls."""
    async with sit_down(tmp_path / "desk", config=ALWAYS, capabilities=able(pulls=True)) as desk:
        desk.say(marking("BUG"))
        yield desk


def write(desk: Desk, name: str, text: str = CODE) -> str:
    path = desk.root / name
    path.write_text(text, "utf-8")
    return path.as_uri()


async def run(desk: Desk, command: str, *arguments: Any) -> Any:
    params = types.ExecuteCommandParams(command=command, arguments=list(arguments))
    return await desk.client.workspace_execute_command_async(params)


async def pull(desk: Desk, uri: str, previous: str | None = None) -> Any:
    return await desk.client.text_document_diagnostic_async(
        types.DocumentDiagnosticParams(text_document=types.TextDocumentIdentifier(uri=uri), previous_result_id=previous)
    )


async def pull_all(desk: Desk, *previous: tuple[str, str], token: str | None = None) -> list[Any]:
    known = [types.PreviousResultId(uri=uri, value=value) for uri, value in previous]
    params = types.WorkspaceDiagnosticParams(previous_result_ids=known, partial_result_token=token)
    return list((await desk.client.workspace_diagnostic_async(params)).items)


async def test_pulls_are_announced_and_cost_nothing(seat: Desk) -> None:
    provider = seat.result.capabilities.diagnostic_provider
    assert isinstance(provider, types.DiagnosticOptions)
    assert provider.workspace_diagnostics
    document = seat.open("a.py", CODE)
    assert not (await pull(seat, document.uri)).items
    assert await pull_all(seat) == []
    assert seat.vendors.requests == []


async def test_a_scan_finds_with_exact_ranges_and_the_next_pull_is_unchanged(seat: Desk) -> None:
    uri = write(seat, "a.py")
    told = await run(seat, "tierwise.scan", {"scope": "workspace"})
    assert (told["found"], told["looked"], told["stopped"]) == (1, 2, "")
    assert told["cost"] > 0
    report = await pull(seat, uri)
    (found,) = report.items
    line = CODE.splitlines()[1]
    assert found.range == types.Range(types.Position(1, 4), types.Position(1, len(line)))
    assert (found.source, found.code, found.severity) == ("tierwise", "bug", types.DiagnosticSeverity.Error)
    again = await pull(seat, uri, report.result_id)
    assert (again.kind, again.result_id) == ("unchanged", report.result_id)


async def test_findings_move_with_their_code_and_go_when_it_changes(seat: Desk) -> None:
    uri = write(seat, "a.py")
    await run(seat, "tierwise.scan", {"uri": uri})
    document = seat.open("a.py", CODE)
    asked = len(seat.vendors.requests)
    seat.change(document, 2, "X = 1\n\n\n" + CODE)
    assert [item.range.start.line for item in (await pull(seat, uri)).items] == [4]
    seat.change(document, 3, CODE.replace("len(values)", "max(1, len(values))"))
    assert not (await pull(seat, uri)).items
    assert len(seat.vendors.requests) == asked


async def test_a_workspace_pull_is_held_until_there_is_news(seat: Desk) -> None:
    assert await pull_all(seat) == []
    held = asyncio.create_task(pull_all(seat))
    await asyncio.sleep(0.3)
    assert not held.done()
    uri = write(seat, "a.py")
    await run(seat, "tierwise.scan", {})
    (item,) = await asyncio.wait_for(held, 10)
    assert (item.uri, len(item.items)) == (uri, 1)
    later = asyncio.create_task(pull_all(seat, (uri, item.result_id)))
    await asyncio.sleep(0.3)
    assert not later.done()
    await run(seat, "tierwise.dismiss", item.items[0].data)
    (gone,) = await asyncio.wait_for(later, 10)
    assert (gone.uri, len(gone.items)) == (uri, 0)


async def test_another_server_knows_at_once_what_one_found_and_sends_it_in_parts(tmp_path: Path) -> None:
    async with sit_down(tmp_path / "desk", config=ALWAYS, capabilities=able(pulls=True)) as first:
        first.say(marking("BUG"))
        uri = write(first, "a.py")
        await run(first, "tierwise.scan", {})
    async with sit_down(tmp_path / "desk", config=ALWAYS, capabilities=able(pulls=True)) as second:
        (item,) = await pull_all(second)
        assert (item.uri, len(item.items)) == (uri, 1)
        assert second.vendors.requests == []


async def test_what_is_dismissed_is_gone_for_good_by_command_and_by_comment(seat: Desk) -> None:
    uri = write(seat, "a.py")
    await run(seat, "tierwise.scan", {})
    (found,) = (await pull(seat, uri)).items
    commented = write(seat, "b.py", CODE.replace("# BUG", "# BUG tierwise: ignore[bug]"))
    await run(seat, "tierwise.scan", {})
    assert not (await pull(seat, commented)).items
    await run(seat, "tierwise.dismiss", found.data)
    assert not (await pull(seat, uri)).items


async def test_nothing_is_asked_on_save_unless_the_user_wishes_it(tmp_path: Path) -> None:
    for when, asked in (("command", 0), ("save", 2)):
        config = f'{ALWAYS}[review]\nwhen = "{when}"\n'
        async with sit_down(tmp_path / when, config=config) as desk:
            desk.say(marking("BUG"))
            write(desk, "a.py")
            document = desk.open("a.py", CODE)
            desk.client.text_document_did_save(types.DidSaveTextDocumentParams(text_document=document))
            if asked:
                await desk.until(lambda desk=desk, asked=asked: len(desk.vendors.requests) == asked)
            else:
                await asyncio.sleep(0.3)
                assert desk.vendors.requests == []


async def test_a_client_that_cannot_pull_is_pushed_to(tmp_path: Path) -> None:
    async with sit_down(tmp_path / "desk", config=ALWAYS, capabilities=able(pulls=False)) as desk:
        assert desk.result.capabilities.diagnostic_provider is None
        desk.say(marking("BUG"))
        uri = write(desk, "a.py")
        document = desk.open("a.py", CODE)
        await run(desk, "tierwise.scan", {})
        await desk.until(lambda: len(desk.client.diagnostics.get(uri, ())) == 1)
        desk.change(document, 2, "def mean(values):\n    return 0\n")
        await desk.until(lambda: not desk.client.diagnostics.get(uri))


async def test_a_client_that_pulls_open_files_only_is_told_of_the_others(seat: Desk) -> None:
    """What was pushed of a file is taken back when it is opened: it is pulled then."""
    seat.say(marking("BUG"))
    one, two = write(seat, "one.py"), write(seat, "two.py", CODE.replace("mean", "average"))
    document = seat.open("one.py", CODE)
    await run(seat, "tierwise.scan", {"scope": "workspace"})
    await seat.until(lambda: len(seat.client.diagnostics.get(two, ())) == 1)
    assert not seat.client.diagnostics.get(one)
    assert len((await pull(seat, document.uri)).items) == 1
    seat.open("two.py", CODE.replace("mean", "average"))
    await seat.until(lambda: not seat.client.diagnostics.get(two))
    assert len((await pull(seat, two)).items) == 1


async def test_an_estimate_above_the_limit_is_asked_for_and_no_means_no(tmp_path: Path) -> None:
    async with sit_down(tmp_path / "desk", config=TIERS + "[budget]\nask_above = 0.0\n") as desk:
        questions: list[str] = []

        @desk.client.feature(types.WINDOW_SHOW_MESSAGE_REQUEST)
        def answer(params: types.ShowMessageRequestParams) -> types.MessageActionItem:
            questions.append(params.message)
            return types.MessageActionItem(title="Not now")

        write(desk, "a.py")
        assert (await run(desk, "tierwise.scan", {}))["stopped"] == "You said no."
        assert "2 units costs about $" in questions[0]
        assert desk.vendors.requests == []


async def test_a_switched_off_concern_is_not_shown(tmp_path: Path) -> None:
    config = ALWAYS + '[review.concerns]\nbug = "off"\n'
    async with sit_down(tmp_path / "desk", config=ALWAYS, capabilities=able(pulls=True)) as desk:
        desk.say(marking("BUG"))
        uri = write(desk, "a.py")
        await run(desk, "tierwise.scan", {})
    async with sit_down(tmp_path / "desk", config=config, capabilities=able(pulls=True)) as desk:
        assert not (await pull(desk, uri)).items


async def test_a_wrong_scope_is_an_error_that_names_the_right_ones(seat: Desk) -> None:
    with pytest.raises(JsonRpcException, match="file, diff, branch, workspace"):
        await run(seat, "tierwise.scan", {"scope": "galaxy"})


async def test_a_quick_fix_dismisses_a_finding_for_good_and_the_store_counts_it(seat: Desk) -> None:
    uri = write(seat, "a.py")
    seat.open("a.py", CODE)
    await run(seat, "tierwise.scan", {"uri": uri})
    (found,) = (await pull(seat, uri)).items
    offered = await dismissals(seat.client, uri, found)
    assert set(offered) == {"Dismiss", "Dismiss with a comment"}
    await take(seat.client, offered["Dismiss"])
    assert not (await pull(seat, uri)).items
    store = Store(seat.data / "findings.sqlite3")
    assert store.tallies() == {Concern.BUG: Tally(found=1, dismissed=1)}
    store.close()
    assert len(seat.vendors.requests) == 2  # nobody was asked again


async def test_a_quick_fix_adds_the_comment_and_only_that_place_is_hidden(seat: Desk) -> None:
    edits: list[Any] = []

    @seat.client.feature(types.WORKSPACE_APPLY_EDIT)
    def apply(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        edits.extend(edit for change in params.edit.document_changes or () for edit in getattr(change, "edits", ()))
        return types.ApplyWorkspaceEditResult(applied=True)

    uri, other = write(seat, "a.py"), write(seat, "b.py")
    document = seat.open("a.py", CODE)
    await run(seat, "tierwise.scan", {})
    (found,) = (await pull(seat, uri)).items
    await take(seat.client, (await dismissals(seat.client, uri, found))["Dismiss with a comment"])
    (edit,) = edits
    assert (edit.range.start, edit.new_text) == (types.Position(1, 0), "    # tierwise: ignore[bug]\n")
    first, rest = CODE.split("\n", 1)
    seat.change(document, 2, f"{first}\n{edit.new_text}{rest}")
    await run(seat, "tierwise.scan", {"uri": uri})
    assert not (await pull(seat, uri)).items
    assert len((await pull(seat, other)).items) == 1
    store = Store(seat.data / "findings.sqlite3")
    assert store.tallies() == {Concern.BUG: Tally(found=1, dismissed=1)}  # the same code in both files is one finding
    store.close()


async def test_what_another_server_says_has_nothing_to_dismiss(seat: Desk) -> None:
    document = seat.open("a.py", CODE)
    theirs = types.Diagnostic(
        range=types.Range(types.Position(1, 4), types.Position(1, 10)),
        message="no",
        source="pyright",
        data={"ident": "x"},
    )
    assert await dismissals(seat.client, document.uri, theirs) == {}


async def test_an_idle_user_s_open_file_is_looked_at_and_shown(tmp_path: Path) -> None:
    config = ALWAYS + '[review]\nwhen = "idle"\nidle_seconds = 1\n'
    async with sit_down(tmp_path / "desk", config=config, capabilities=able(pulls=False)) as desk:
        desk.say(marking("BUG"))
        uri = write(desk, "a.py")
        desk.open("a.py", CODE)
        await desk.until(lambda: len(desk.client.diagnostics.get(uri, ())) == 1)
        assert [request.model for request in desk.vendors.requests] == ["claude-haiku-5-5", "claude-sonnet-5-5"]


async def test_the_next_key_ends_an_idle_scan_at_the_vendor_and_rest_begins_another(tmp_path: Path) -> None:
    config = ALWAYS + '[review]\nwhen = "idle"\nidle_seconds = 1\n'
    async with sit_down(tmp_path / "desk", config=config, capabilities=able(pulls=False)) as desk:
        desk.say(Line(text="{}", delay=60.0))
        write(desk, "a.py")
        document = desk.open("a.py", CODE)
        first = await asyncio.wait_for(desk.vendors.request(0), PATIENCE)
        desk.say(marking("BUG"))
        desk.change(document, 2, CODE + "\n")
        assert (await asyncio.wait_for(first.over(), PATIENCE)).ended == "closed"
        await desk.until(lambda: len(desk.client.diagnostics.get(document.uri, ())) == 1)


async def test_an_idle_scan_that_would_have_to_ask_asks_nobody(tmp_path: Path) -> None:
    config = TIERS + '[budget]\nask_above = 0.0\n[review]\nwhen = "idle"\nidle_seconds = 1\n'
    async with sit_down(tmp_path / "desk", config=config) as desk:
        write(desk, "a.py")
        desk.open("a.py", CODE)
        await asyncio.sleep(2.5)
        assert desk.vendors.requests == []


async def test_an_audit_asks_the_strongest_tier_and_its_findings_stand_beside_the_others(seat: Desk) -> None:
    uri = write(seat, "a.py", CODE.replace("return a\n", "return eval(a)  # HOLE\n"))
    await run(seat, "tierwise.scan", {"uri": uri})
    seat.vendors.requests.clear()
    seat.say(marking("HOLE", concern="security"))
    told = await run(seat, "tierwise.scan", {"uri": uri, "profile": "audit"})
    assert (told["found"], told["looked"]) == (1, 2)
    assert [request.model for request in seat.vendors.requests] == ["claude-opus-5-5"] * 2
    assert [item.code for item in (await pull(seat, uri)).items] == ["bug", "security"]
    for profile in ("audit", "standard"):
        assert (await run(seat, "tierwise.scan", {"uri": uri, "profile": profile}))["calls"] == 0
    with pytest.raises(JsonRpcException, match="standard, audit"):
        await run(seat, "tierwise.scan", {"uri": uri, "profile": "glance"})


async def test_a_scan_that_may_take_a_day_goes_out_in_batches_and_shows_what_they_bring(seat: Desk) -> None:
    seat.vendors.batches.looks = 0
    uri = write(seat, "slow.py")
    told = await run(seat, "tierwise.scan", {"uri": uri, "batch": True})
    assert told["found"] == len((await pull(seat, uri)).items) == 1
    assert [batch.vendor for batch in seat.vendors.batches.every] == ["anthropic", "anthropic"]
    assert seat.vendors.requests == []
    with pytest.raises(JsonRpcException, match="true or false"):
        await run(seat, "tierwise.scan", {"uri": uri, "batch": "please"})


def opinions(seat: Desk) -> list[tuple[str, str, float]]:
    """Return what users made of findings, as the ledger has it: the kind of task, the signal and its value."""
    entries = history(seat.data / "ledger.sqlite3", last=100)
    return [(entry.kind, note.signal, note.value) for entry in reversed(entries) for note in entry.feedback]


async def test_whoever_confirmed_a_finding_is_told_that_it_was_dismissed_or_that_its_code_was_changed(
    seat: Desk,
) -> None:
    two = CODE + "\n\ndef last(values):\n    return values[len(values)]  # BUG too\n"
    document = seat.open("a.py", two)
    write(seat, "a.py", two)
    await run(seat, "tierwise.scan", {"uri": document.uri})
    first, second = (await pull(seat, document.uri)).items
    await run(seat, "tierwise.dismiss", first.data)
    await seat.until(lambda: opinions(seat) == [("confirm_finding", "retained", 0.5)])
    await run(seat, "tierwise.dismiss", second.data)
    await seat.until(lambda: opinions(seat)[1:] == [("confirm_finding", "rejected", 0.0)])

    other = CODE.replace("sum(values)", "total")
    right = seat.open("b.py", other)
    write(seat, "b.py", other)
    await run(seat, "tierwise.scan", {"uri": right.uri})
    assert len((await pull(seat, right.uri)).items) == 1
    for version, text in (
        (2, other.replace("def fine(a)", "def fine(b)").replace("return a", "return b")),
        (3, other.replace("len(values)  # BUG", "max(1, len(values))")),
    ):
        seat.change(right, version, text)
        seat.client.text_document_did_save(types.DidSaveTextDocumentParams(text_document=right))
    await seat.until(lambda: opinions(seat)[2:] == [("confirm_finding", "accepted", 1.0)])


async def test_a_scan_that_is_cancelled_keeps_what_it_has_found_and_leaves_the_vendor(seat: Desk) -> None:
    mark = marking("BUG")
    seat.say(lambda cue: replace(mark(cue), delay=60.0) if "slow" in cue.prompt else mark(cue))
    uri = write(seat, "quick.py")
    write(seat, "late.py", "def slow():\n    return 1\n")
    params = types.ExecuteCommandParams(command="tierwise.scan", arguments=[{}])
    asked = seat.client.protocol.send_request_async("workspace/executeCommand", params, "scan")
    scan = asyncio.create_task(asked)
    found = await pull(seat, uri)
    for _ in range(500):
        if found.items:
            break
        await asyncio.sleep(0.05)
        found = await pull(seat, uri)
    seat.client.cancel_request(types.CancelParams(id="scan"))
    with pytest.raises(JsonRpcException):
        await asyncio.wait_for(scan, PATIENCE)
    (slow,) = [request for request in seat.vendors.requests if "def slow" in str(request.body)]
    assert (await asyncio.wait_for(slow.over(), PATIENCE)).ended == "closed"
    assert len((await pull(seat, uri)).items) == 1


async def test_a_finding_has_a_fix_that_goes_through_the_cascade(seat: Desk) -> None:
    document = seat.open("a.py", CODE)
    write(seat, "a.py")
    await run(seat, "tierwise.scan", {"uri": document.uri})
    (found,) = (await pull(seat, document.uri)).items
    offered = await seat.actions(document, (1, 4), problems=(found,), only=["quickfix"])
    fix = next(action for action in offered if "Fix" in action.title)
    before = len(seat.vendors.requests)
    wrong, right = "mean_of(values)", "sum(values) / max(1, len(values))"
    seat.say(
        lambda cue: Line(text=f"```\ndef mean(values):\n    return {right if 'opus' in cue.model else wrong}\n```")
    )
    resolved = await seat.client.code_action_resolve_async(fix)
    assert f"return {right}" in str(resolved.edit)
    asked = seat.vendors.requests[before:]
    assert "Suspicious" in str(asked[0].body)
    assert [each.model for each in asked if "haiku" not in each.model] == ["claude-sonnet-5-5", "claude-opus-5-5"]
