"""Every kind of work by its command, through a real client on small real projects."""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pytest_lsp import client_capabilities

from desk import TIERS, sit_down
from features.dismissing import dismissals, take
from projects import GO, PYTHON, TYPESCRIPT, branch, commit, write
from tierwise.rehearsal import Cue, Line
from workbench import Seat, Workbench, block, listen

pytestmark = pytest.mark.asyncio(loop_scope="module")

RULES = '[routing]\nmode = "rules"\n'


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def seat(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Seat]:
    async with sit_down(tmp_path_factory.mktemp("commands") / "desk", config=TIERS + RULES) as desk:
        yield Seat(desk)


@pytest.fixture
def shop(seat: Seat) -> Iterator[Workbench]:
    yield from seat.lay(PYTHON)


@pytest.fixture
def cart(seat: Seat) -> Iterator[Workbench]:
    yield from seat.lay(TYPESCRIPT)


@pytest.fixture
def store(seat: Seat) -> Iterator[Workbench]:
    yield from seat.lay(GO)


async def test_every_kind_has_a_command_and_none_that_is_our_own_question(shop: Workbench) -> None:
    from tierwise import tasks
    from tierwise.features.commands import INWARD

    advertised = shop.desk.result.capabilities.execute_command_provider
    assert advertised is not None
    kinds = {f"tierwise.{kind.name}" for kind in tasks.offered()}
    others = {"tierwise.act", "tierwise.run", "tierwise.undo", "tierwise.clear"}
    assert {name for name in advertised.commands if name in kinds | others} == kinds | others
    assert {name for name in tasks.names() if tasks.load(name).inward} | tasks.SILENT == INWARD


async def test_edits_of_a_python_file_land_exactly(shop: Workbench) -> None:
    prices = PYTHON["shop/prices.py"]
    body = "    return max(0, total - total * percent // 100)\n"
    at = prices.index("def discount"), prices.index("    raise NotImplementedError")
    shop.desk.say(f"```python\n{prices[at[0] : at[1]]}{body}```")
    done = await shop.run("implement", "shop/prices.py", (7, 4, 7, 4))
    wanted = prices.replace("    raise NotImplementedError\n", body)
    assert shop.texts["shop/prices.py"] == wanted
    assert done["applied"] is True
    assert done["tier"] == "mid"

    shop.desk.say("```python\ndef net(gross: int, rate: int) -> int:\n    return gross - gross * rate // 100\n```")
    await shop.run("annotate", "shop/prices.py", (3, 0, 3, 0))
    wanted = wanted.replace("def net(gross, rate):", "def net(gross: int, rate: int) -> int:")
    assert shop.texts["shop/prices.py"] == wanted

    shop.desk.say('```python\n    return f"{name}: {price:d}"\n```')
    line = wanted[: wanted.index('"%s')].count("\n")
    await shop.run("transform", "shop/prices.py", (line, 4, line, 20), instruction="Use an f-string.")
    wanted = wanted.replace('"%s: %d" % (name, price)', 'f"{name}: {price:d}"')
    assert shop.texts["shop/prices.py"] == wanted

    shop.desk.say(block("    return gross - gross * rate // 100\n", "    return gross * (100 - rate) // 100\n"))
    await shop.run("edit", "shop/prices.py", instruction="Multiply once.")
    assert shop.texts["shop/prices.py"] == wanted.replace("gross - gross * rate // 100", "gross * (100 - rate) // 100")
    kinds = [entry.kind for entry in await shop.desk.history(4)]
    assert kinds[:4] == ["edit", "transform", "annotate", "implement"]


async def test_a_local_variable_is_renamed_in_its_function_only(shop: Workbench) -> None:
    shop.desk.say(json.dumps({"names": ["line", "total_cents"]}))
    await shop.run("name", "shop/orders.py", (8, 8, 8, 8))
    assert shop.texts["shop/orders.py"] == PYTHON["shop/orders.py"].replace("x", "total_cents")


async def test_a_function_is_renamed_in_all_files_that_use_it(shop: Workbench) -> None:
    shop.desk.say(json.dumps({"names": ["without_tax"]}))
    await shop.run("name", "shop/prices.py", (3, 4, 3, 4))
    assert "def without_tax(gross, rate):" in shop.texts["shop/prices.py"]
    assert "import without_tax\n" in shop.texts["shop/orders.py"]
    assert "x += without_tax(line, 20)" in shop.texts["shop/orders.py"]
    assert shop.applied[0].edit.change_annotations
    entry, *_ = await shop.desk.history()
    assert entry.attempts[-1].tier == "fast"


async def test_tests_go_into_a_new_file_where_the_project_keeps_them(shop: Workbench) -> None:
    code = "from shop.prices import net\n\n\ndef test_net():\n    assert net(100, 20) == 80\n"
    shop.desk.say(block("", code, "tests/test_prices.py"))
    done = await shop.run("tests", "shop/prices.py", (3, 4, 3, 4))
    assert shop.texts["tests/test_prices.py"] == code
    assert [shop.name(uri) for uri in done["files"]] == ["tests/test_prices.py"]
    asked = str(shop.desk.vendors.requests[0].body)
    assert "new file tests/test_prices.py" in asked
    assert "pytest" in asked
    assert "test_an_empty_order_costs_nothing" in asked


async def test_the_values_of_text_commands_are_returned(shop: Workbench) -> None:
    commit(shop.desk.root, "prices: begin with cents")
    (shop.desk.root / "shop/prices.py").write_text(PYTHON["shop/prices.py"] + "TAX = 20\n")
    shop.desk.say("prices: name the tax")
    assert await shop.run("commit_message") == "prices: name the tax"
    asked = str(shop.desk.vendors.requests[0].body)
    assert "prices: begin with cents" in asked
    assert "+TAX = 20" in asked

    shop.desk.say(json.dumps({"identifiers": ["discount", "nowhere"], "globs": ["shop/*.py", "lib/*"]}))
    found = json.loads(await shop.run("search", instruction="Where are rebates computed?"))
    assert found == {"identifiers": ["discount"], "globs": ["shop/*.py"]}

    shop.desk.say('Here: {"class": "bug report", "confidence": 0.9, "reason": "It crashes."}')
    said = json.loads(await shop.run("classify", instruction="It crashes on start."))
    assert said["class"] == "bug report"


async def test_a_pull_request_is_described_from_its_branch(shop: Workbench) -> None:
    commit(shop.desk.root)
    branch(shop.desk.root, "feature")
    (shop.desk.root / "shop/prices.py").write_text("TAX = 20\n")
    commit(shop.desk.root, "Name the tax")
    shop.desk.say("Name the tax\n\nIt had no name.")
    assert await shop.run("pr_description") == "Name the tax\n\nIt had no name."
    assert "Name the tax" in str(shop.desk.vendors.requests[0].body)


@pytest.mark.parametrize(("kind", "tier"), [("ask", "mid"), ("summarise", "mid"), ("architecture", "frontier")])
async def test_reports_are_written_to_a_file_and_shown(shop: Workbench, kind: str, tier: str) -> None:
    shop.desk.say("# The shop\n\nSee `shop/prices.py:4`.")
    done = await shop.run(kind, "shop/prices.py", instruction="How are prices made?")
    assert shop.shown == [Path(done["uri"].removeprefix("file://"))]
    text = shop.shown[0].read_text()
    assert text.startswith("# The shop\n\nSee `shop/prices.py:4`.\n\n---\n")
    assert f"· {tier} ·" in text


async def test_a_report_streams_into_its_document_while_it_is_written(shop: Workbench) -> None:
    shop.desk.say(Line(pieces=("# Begin\n", *["word "] * 8, "end"), pause=0.25))
    asked = asyncio.create_task(shop.run("ask", "shop/prices.py", instruction="What is it?"))
    await shop.desk.until(lambda: shop.shown)
    early = shop.shown[0].read_text()
    assert early.startswith("# Begin\n")
    assert "end" not in early
    await asked
    assert "end" in shop.shown[0].read_text()
    assert len(shop.shown) == 1


FINDING = {
    "path": "shop/prices.py",
    "code": "    return gross - gross * rate // 100",
    "severity": "error",
    "title": "Rounds the wrong way",
    "detail": "CWE-682: floors the tax.",
    "replacement": "    return gross - round(gross * rate / 100)",
}


async def test_a_report_that_breaks_off_says_so_where_it_ends(shop: Workbench) -> None:
    shop.desk.say(Line(text="# Prices\n\nThey are in cents, and taxes are taken off.", fault="error_event"))
    with pytest.raises(JsonRpcException):
        await shop.run("architecture", "shop/prices.py", instruction="How is it built?")
    (path,) = shop.shown
    begun, _, below = path.read_text().partition("\n\n---\n")
    assert begun.startswith("# Prices\n\nThey")
    assert "taken off" not in begun
    assert below.startswith("Broken off: ")


async def test_findings_become_diagnostics_with_fixes(shop: Workbench) -> None:
    document = shop.open("shop/prices.py")
    lost = {**FINDING, "code": "not there at all"}
    shop.desk.say(json.dumps({"summary": "One flaw.", "findings": [FINDING, lost]}))
    done = await shop.run("audit", "shop/prices.py", instruction="Audit it.")
    assert done == {"findings": 1, "summary": "One flaw."}
    await shop.desk.until(lambda: shop.desk.client.diagnostics.get(document.uri))
    (diagnostic,) = shop.desk.client.diagnostics[document.uri]
    assert diagnostic.source == "tierwise"
    assert diagnostic.range.start.line == 4
    offered = await shop.desk.actions(document, (4, 4), problems=(diagnostic,))
    fix = next(action for action in offered if action.title == "Fix: Rounds the wrong way")
    assert fix.edit is not None
    shop.take(fix.edit)
    assert "round(gross * rate / 100)" in shop.texts["shop/prices.py"]


async def test_a_reported_finding_that_is_dismissed_stays_away(shop: Workbench) -> None:
    document = shop.open("shop/prices.py")
    shop.desk.say(json.dumps({"summary": "One flaw.", "findings": [FINDING]}))
    await shop.run("audit", "shop/prices.py")
    await shop.desk.until(lambda: shop.desk.client.diagnostics.get(document.uri))
    (diagnostic,) = shop.desk.client.diagnostics[document.uri]
    (dismiss,) = (await dismissals(shop.desk.client, document.uri, diagnostic)).values()
    await take(shop.desk.client, dismiss)
    await shop.desk.until(lambda: not shop.desk.client.diagnostics[document.uri])
    assert await shop.run("audit", "shop/prices.py") == {"findings": 0, "summary": "One flaw."}


async def test_a_review_sees_the_diff_and_the_files(shop: Workbench) -> None:
    commit(shop.desk.root)
    (shop.desk.root / "shop/prices.py").write_text(PYTHON["shop/prices.py"] + "TAX = 20\n")
    shop.desk.say(json.dumps({"summary": "Fine.", "findings": []}))
    assert await shop.run("review") == {"findings": 0, "summary": "Fine."}
    asked = str(shop.desk.vendors.requests[0].body)
    assert "+TAX = 20" in asked
    assert "def discount" in asked


async def test_an_endpoint_and_a_query_see_what_is_there(shop: Workbench) -> None:
    new = '\n\n@app.get("/orders")\ndef list_orders():\n    return [Order([])]\n'
    shop.desk.say(block("    return find(id)\n", "    return find(id)\n" + new))
    await shop.run("endpoint", "shop/api.py", instruction="List all orders.")
    assert shop.texts["shop/api.py"] == PYTHON["shop/api.py"] + new

    shop.desk.say("```\n    x = 0\n    rows = db.execute('SELECT total FROM orders WHERE customer = ?', (who,))\n```")
    await shop.run("query", "shop/orders.py", (8, 8, 8, 13), instruction="Totals of a customer.")
    assert "CREATE TABLE orders" in str(shop.desk.vendors.requests[-1].body)


async def test_a_conflict_is_resolved_and_markers_never_stay(shop: Workbench) -> None:
    shop.texts["shop/orders.py"] = conflict = "a = 1\n<<<<<<< ours\nb = 2\n=======\nb = 3\n>>>>>>> theirs\nc = 4\n"
    shop.desk.say("```\n<<<<<<< ours\nb = 2\n=======\n```")
    with pytest.raises(JsonRpcException, match="conflict markers"):
        await shop.run("merge", "shop/orders.py", (2, 0, 2, 0))
    shop.desk.say("```\nb = 5\n```")
    await shop.run("merge", "shop/orders.py", (2, 0, 2, 0))
    assert shop.texts["shop/orders.py"] == "a = 1\nb = 5\nc = 4\n" != conflict


async def test_a_translation_becomes_a_new_file(shop: Workbench) -> None:
    shop.desk.say("```go\npackage shop\n```")
    await shop.run("translate", "shop/prices.py", instruction="Into Go.")
    assert shop.texts["shop/prices.go"] == "package shop\n"


async def test_a_traceback_leads_to_the_file_that_is_fixed(shop: Workbench) -> None:
    trace = 'Traceback:\n  File "shop/orders.py", line 11, in total\n  File "shop/prices.py", line 5, in net\nTypeError'
    shop.desk.say("```\ndef net(gross, rate):\n    return gross - int(gross * rate / 100)\n```")
    await shop.run("fix", "shop/orders.py", instruction=trace)
    assert "int(gross * rate / 100)" in shop.texts["shop/prices.py"]


async def test_a_typescript_project_is_worked_on(cart: Workbench) -> None:
    cart.desk.say("```ts\n  return `Hello ${name}!`;\n```")
    await cart.run("transform", "src/cart.ts", (14, 2, 14, 30), instruction="Use a template literal.")
    assert cart.texts["src/cart.ts"] == TYPESCRIPT["src/cart.ts"].replace("'Hello ' + name + '!'", "`Hello ${name}!`")

    code = TYPESCRIPT["src/till.test.ts"].replace("pay", "total").replace("till", "cart").replace("'0.00'", "0")
    cart.desk.say(block("", code, "src/cart.test.ts"))
    await cart.run("tests", "src/cart.ts", (5, 0, 5, 0))
    assert cart.texts["src/cart.test.ts"] == code
    assert "vitest" in str(cart.desk.vendors.requests[-1].body)

    cart.desk.say(json.dumps({"names": ["sumOf"]}))
    await cart.run("name", "src/cart.ts", (5, 18, 5, 18))
    assert "import { sumOf, type Line }" in cart.texts["src/till.ts"]
    assert "return sumOf(lines)" in cart.texts["src/till.ts"]


async def test_a_go_project_is_worked_on(store: Workbench) -> None:
    store.desk.say("```go\nfunc (s *Store) Put(key, value string) {\n\ts.items[key] = value\n}\n```")
    line = GO["store.go"][: GO["store.go"].index("func (s *Store) Put")].count("\n")
    await store.run("implement", "store.go", (line, 6, line, 6))
    assert store.texts["store.go"] == GO["store.go"].replace('panic("not implemented")', "s.items[key] = value")
    assert "TestGetMissing" in str(store.desk.vendors.requests[-1].body)


PLAN = {
    "need": [],
    "plan": "Rename net to without_tax.",
    "changes": [
        {"path": "shop/prices.py", "what": "Rename the function net to without_tax."},
        {"path": "shop/orders.py", "what": "Import and call without_tax."},
        {"path": "shop/tax.py", "what": "A new module with RATE = 20."},
    ],
    "rename": [{"old": "tests/test_orders.py", "new": "tests/test_order.py"}],
    "delete": ["shop/api.py"],
}
PRICES = block("def net(gross, rate):\n", "def without_tax(gross, rate):\n", "shop/prices.py")
ORDERS = block("from shop.prices import net\n", "from shop.prices import without_tax\n", "shop/orders.py") + block(
    "            x += net(line, 20)\n", "            x += without_tax(line, 20)\n", "shop/orders.py"
)
TAX = block("", "RATE = 20\n", "shop/tax.py")


def typist(orders: str = ORDERS, plan: object = PLAN) -> Any:
    """Return a script: the frontier plans, the others type."""

    def script(cue: Cue) -> Line:
        if "You plan refactorings" in cue.prompt:
            return Line(text=json.dumps(plan))
        if "Your file: shop/prices.py" in cue.prompt:
            return Line(text=PRICES)
        if "Your file: shop/orders.py" in cue.prompt:
            return Line(text=ORDERS if "opus" in cue.model else orders)
        return Line(text=TAX)

    return script


async def test_a_refactoring_over_files_is_planned_typed_and_given_as_one_edit(shop: Workbench) -> None:
    shop.desk.say(typist())
    done = await shop.run("refactor_files", "shop/prices.py", instruction="Rename net to without_tax.")
    assert done["plan"] == "Rename net to without_tax."
    assert len(shop.applied) == 1
    assert shop.applied[0].edit.change_annotations
    assert "def without_tax" in shop.texts["shop/prices.py"]
    assert "+= without_tax(line" in shop.texts["shop/orders.py"]
    assert shop.texts["shop/tax.py"] == "RATE = 20\n"
    assert "tests/test_order.py" in shop.texts
    assert "shop/api.py" not in shop.texts
    entries = await shop.desk.history(4)
    tiers = {(entry.kind, entry.attempts[-1].tier) for entry in entries[:4]}
    assert tiers == {("refactor_files", "frontier"), ("carry_out", "mid")}
    assert (done["tier"], done["model"]) == ("frontier", "anthropic/claude-opus-5-5")
    assert done["cost"] == pytest.approx(sum(entry.cost or 0.0 for entry in entries[:4]))


async def test_what_a_model_says_of_its_changes_is_shown(shop: Workbench) -> None:
    """The cause of a bug, the price of speed, what is left to do by hand."""
    changes = block("def net(gross, rate):\n", "def net(gross, rate=20):\n", "shop/prices.py")
    shop.desk.say(f"It has no default.\nNobody saw it.\n\n{changes}Good luck.\n")
    done = await shop.run("debug", "shop/prices.py", instruction="It crashes.")
    assert done["said"] == "It has no default.\nNobody saw it."
    await shop.desk.until(lambda: f"Tierwise: {done['said']}" in shop.desk.told())
    document = types.TextDocumentIdentifier(uri=(shop.desk.root / "shop/prices.py").as_uri())
    faster = block("def label(name, price):\n", "def label(name, price=0):\n", "shop/prices.py")
    shop.desk.say(f"It costs memory.\n\n{faster}")
    offered = await shop.desk.actions(document, (12, 5))
    action = next(action for action in offered if action.title == "Optimise this")
    assert (await shop.desk.client.code_action_resolve_async(action)).edit is not None
    await shop.desk.until(lambda: "Tierwise: It costs memory." in shop.desk.told())


async def test_a_refactoring_is_undone_even_after_it_was_saved_and_edited_elsewhere(shop: Workbench) -> None:
    shop.desk.say(typist())
    await shop.run("refactor_files", "shop/prices.py", instruction="Rename net to without_tax.")
    shop.texts["shop/orders.py"] = "# mine\n" + shop.texts["shop/orders.py"]
    write(shop.texts, shop.desk.root)
    await shop.run("undo")
    assert shop.texts == {**PYTHON, "shop/orders.py": "# mine\n" + PYTHON["shop/orders.py"]}
    with pytest.raises(JsonRpcException, match="no edit of several files"):
        await shop.run("undo")


async def test_an_undo_that_would_lose_work_takes_nothing_back(shop: Workbench) -> None:
    shop.desk.say(typist())
    await shop.run("refactor_files", "shop/prices.py", instruction="Rename net to without_tax.")
    shop.texts["shop/tax.py"] = "RATE = 19\n"
    write(shop.texts, shop.desk.root)
    before = dict(shop.texts)
    with pytest.raises(JsonRpcException, match=r"tax.py was made by the edit and changed since"):
        await shop.run("undo")
    assert shop.texts == before


async def test_a_file_that_nobody_types_well_stops_the_whole(shop: Workbench) -> None:
    broken = block("from shop.prices import net\n", "from shop.prices import (without_tax\n", "shop/orders.py")
    shop.desk.say(typist(orders=broken))
    with pytest.raises(JsonRpcException, match=r"shop/orders.py: No answer passed its checks"):
        await shop.run("refactor_files", "shop/prices.py", instruction="Rename net to without_tax.")
    assert shop.applied == []
    assert shop.texts == PYTHON


async def test_the_model_may_ask_for_further_files_but_not_for_ever(shop: Workbench) -> None:
    plans = iter([{"need": ["shop/api.py"]}, PLAN])
    shop.desk.say(lambda cue: Line(text=json.dumps(next(plans))) if "You plan" in cue.prompt else typist()(cue))
    await shop.run("refactor_files", "shop/prices.py", instruction="Rename net.")
    assert shop.applied
    shop.desk.say("NEED shop/api.py")
    with pytest.raises(JsonRpcException, match="ever more files"):
        await shop.run("debug", "shop/prices.py", instruction="Totals are off.")


async def test_an_edit_that_the_editor_refuses_is_told_and_leaves_no_trace_to_undo(shop: Workbench) -> None:
    shop.desk.say(typist())
    shop.refuses = True
    with pytest.raises(JsonRpcException, match="not now"):
        await shop.run("refactor_files", "shop/prices.py", instruction="Rename net.")
    with pytest.raises(JsonRpcException, match="no edit of several files"):
        await shop.run("undo")


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("I would rather not.", "holds no change"),
        (block("def nothing():\n", "x\n"), "does not stand in the file"),
        (block("x = 1\n", "x = 2\n", "shop/api.py"), "was not part of the request"),
        (block("def net(gross, rate):\n", "def net(gross, rate:\n"), "line 4"),
        (block("", "x = 1\n", "../outside.py"), "outside the workspace"),
        (block("", "x = 1\n", "build/x.py"), "may not be touched"),
        ("<<<<<<< SEARCH\ndef net", "ends inside"),
    ],
)
async def test_a_wrong_answer_is_caught_and_nothing_is_changed(shop: Workbench, reply: str, said: str) -> None:
    shop.desk.say(reply)
    with pytest.raises(JsonRpcException, match=said):
        await shop.run("edit", "shop/prices.py", instruction="Change it.")
    assert shop.applied == []


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("edit", "shop/prices.py", "needs an instruction"),
        ("edit", "", "needs an instruction"),
        ("merge", "shop/prices.py", "no merge conflict here"),
        ("commit_message", "", "in no git repository"),
        ("docstring", "", "no definition"),
    ],
)
async def test_what_cannot_be_done_is_said_before_a_model_is_asked(
    shop: Workbench, kind: str, name: str, said: str
) -> None:
    with pytest.raises(JsonRpcException, match=said):
        await shop.run(kind, name)
    assert shop.desk.vendors.requests == []


async def test_a_file_of_secrets_is_sent_to_nobody(shop: Workbench) -> None:
    shop.texts[".env"] = "KEY=1\n"
    with pytest.raises(JsonRpcException, match="secrets"):
        await shop.run("edit", ".env", instruction="Sort it.")
    assert shop.desk.vendors.requests == []


async def test_an_edit_meets_what_was_typed_meanwhile(shop: Workbench) -> None:
    document = shop.open("shop/prices.py")
    shop.desk.say(Line(text=block("def net(gross, rate):\n", "def net(gross, rate=20):\n"), delay=0.8))
    asked = asyncio.create_task(shop.run("edit", "shop/prices.py", instruction="Give rate a default."))
    await shop.desk.vendors.request(0)
    shop.texts["shop/prices.py"] = "# typed\n" + PYTHON["shop/prices.py"]
    shop.opened["shop/prices.py"] = 2
    shop.desk.change(document, 2, shop.texts["shop/prices.py"])
    await asked
    wanted = "# typed\n" + PYTHON["shop/prices.py"].replace("(gross, rate):", "(gross, rate=20):")
    assert shop.texts["shop/prices.py"] == wanted


async def test_a_cancelled_command_closes_its_connection(shop: Workbench) -> None:
    document = shop.open("shop/prices.py")
    shop.desk.say(Line(delay=30))
    params = types.ExecuteCommandParams("tierwise.edit", [{"uri": document.uri, "instruction": "Wait."}])
    asked = asyncio.create_task(
        shop.desk.client.protocol.send_request_async(types.WORKSPACE_EXECUTE_COMMAND, params, msg_id="command")
    )
    request = await shop.desk.vendors.request(0)
    shop.desk.client.cancel_request(types.CancelParams(id="command"))
    with pytest.raises(JsonRpcException):
        await asked
    await shop.desk.until(lambda: request.ended == "closed")


async def test_an_action_of_the_user_s_own_is_offered_and_run(tmp_path: Path) -> None:
    own = (
        '[own_actions.log]\ntitle = "Log this"\nprompt = "Add a log line {{here}}."\non = "definition"\ntier = "fast"\n'
    )
    async with sit_down(tmp_path / "desk", config=TIERS + RULES + own) as desk:
        made = listen(desk, PYTHON)
        document = made.open("shop/prices.py")
        await desk.status()
        desk.say("```python\ndef net(gross, rate):\n    log(gross)\n    return gross - gross * rate // 100\n```")
        offered = await desk.actions(document, (3, 5))
        action = next(action for action in offered if action.title == "Log this")
        resolved = await desk.client.code_action_resolve_async(action)
        assert resolved.edit is not None
        made.take(resolved.edit)
        assert "    log(gross)\n" in made.texts["shop/prices.py"]
        (entry,) = await desk.history()
        assert (entry.kind, entry.attempts[0].tier) == ("log", "fast")


async def test_titles_say_tier_and_price_where_the_user_wants_it(tmp_path: Path) -> None:
    config = TIERS + RULES + "[actions]\nshow_cost = true\n"
    async with sit_down(tmp_path / "desk", config=config) as desk:
        made = Workbench(desk, PYTHON)
        document = made.open("shop/prices.py")
        await desk.status()
        titles = [action.title for action in await desk.actions(document, (3, 5))]
        assert any(title.startswith("Generate docstring · fast, about $0.0") for title in titles)


async def test_progress_names_tier_and_model(tmp_path: Path) -> None:
    async with sit_down(tmp_path / "desk", config=TIERS + RULES) as desk:
        made = listen(desk, PYTHON)
        desk.say(block("def net(gross, rate):\n", "def net(gross, rate=20):\n"))
        await made.run("edit", "shop/prices.py", instruction="Give rate a default.")
        (reports,) = desk.client.progress_reports.values()
        told = [getattr(report, "message", None) or getattr(report, "title", "") for report in reports]
        assert told[0] == "Tierwise: Edit with an instruction"
        assert "mid" in told
        assert "mid: anthropic/claude-sonnet-5-5" in told


async def test_a_client_without_documents_to_show_is_told_where_the_report_is(tmp_path: Path) -> None:
    capabilities = client_capabilities("visual-studio-code")
    assert capabilities.window is not None
    capabilities.window.show_document = None
    async with sit_down(tmp_path / "desk", config=TIERS + RULES, capabilities=capabilities) as desk:
        made = Workbench(desk, PYTHON)
        desk.say("It is a shop.")
        done = await made.run("ask", instruction="What is it?")
        path = done["uri"].removeprefix("file://")
        await desk.until(lambda: f"The report is in {path}" in desk.told())
