"""Settings are taken in at once; wrong ones are shown where they were written and hurt nothing else."""

from pathlib import Path

from lsprotocol import types

from desk import TIERS, Desk, sit_down

CODE = "def add(a, b):\n    return a + b\n"


async def hover_model(desk: Desk, name: str = "a.py") -> str:
    """Return the model that explains a symbol of a new file."""
    before = len(desk.vendors.requests)
    await desk.hover(desk.open(name, CODE.replace("a + b", f"a + b  # {name}")), 0, 5)
    assert len(desk.vendors.requests) == before + 1
    return desk.vendors.requests[-1].model


async def test_a_feature_s_model_in_the_editor_s_settings_is_used(tmp_path: Path) -> None:
    settings = {"features": {"hover": {"model": "anthropic/claude-opus-5-5"}}}
    async with sit_down(tmp_path / "desk", settings=settings) as desk:
        await desk.status()
        assert await hover_model(desk) == "claude-opus-5-5"
        (entry,) = await desk.history()
        assert entry.policy == "override"
        assert entry.reason == "You set features.hover to anthropic/claude-opus-5-5."


async def test_a_change_of_the_editor_s_settings_applies_without_restart(desk: Desk) -> None:
    assert await hover_model(desk, "a.py") == "claude-haiku-5-5"
    changed = {"tierwise": {"features": {"hover": {"tier": "mid"}}}}
    desk.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings=changed))
    for attempt in range(50):
        if await hover_model(desk, f"b{attempt}.py") == "claude-sonnet-5-5":
            return
    raise AssertionError("the change was not applied")


async def test_a_feature_that_is_switched_off_asks_nobody(tmp_path: Path) -> None:
    config = TIERS + "[features.hover]\nenabled = false\n"
    async with sit_down(tmp_path / "desk", config=config) as desk:
        await desk.hover(desk.open("a.py", CODE), 0, 5)
        assert desk.vendors.requests == []


async def test_a_wrong_line_of_the_settings_file_is_marked_there_and_the_rest_works(tmp_path: Path) -> None:
    config = TIERS + '[features.hover]\nmodell = "x"\ntier = "mid"\n'
    async with sit_down(tmp_path / "desk", config=config) as desk:
        uri = (tmp_path / "desk" / "config.toml").as_uri()
        await desk.until(lambda: desk.client.diagnostics.get(uri))
        (diagnostic,) = desk.client.diagnostics[uri]
        assert diagnostic.range.start.line == config.count("\n") - 2
        assert "model" in diagnostic.message
        assert await hover_model(desk) == "claude-sonnet-5-5"


async def test_a_corrected_project_file_loses_its_marks_when_saved(desk: Desk) -> None:
    path = desk.root / ".tierwise.toml"
    path.write_text('[features.hover]\ntier = "cheap"\n')
    saved = types.DidSaveTextDocumentParams(text_document=types.TextDocumentIdentifier(uri=path.as_uri()))
    desk.client.text_document_did_save(saved)
    await desk.until(lambda: desk.client.diagnostics.get(path.as_uri()))
    path.write_text('[features.hover]\ntier = "mid"\n')
    desk.client.text_document_did_save(saved)
    await desk.until(lambda: not desk.client.diagnostics.get(path.as_uri()))
    assert await hover_model(desk) == "claude-sonnet-5-5"


async def test_a_project_s_file_can_name_no_endpoint(desk: Desk) -> None:
    path = desk.root / ".tierwise.toml"
    path.write_text('[providers.anthropic]\nbase_url = "http://127.0.0.1:9/"\n')
    saved = types.DidSaveTextDocumentParams(text_document=types.TextDocumentIdentifier(uri=path.as_uri()))
    desk.client.text_document_did_save(saved)
    await desk.until(lambda: desk.client.diagnostics.get(path.as_uri()))
    assert await hover_model(desk) == "claude-haiku-5-5"


async def test_a_wrong_setting_of_the_editor_is_told_once(tmp_path: Path) -> None:
    async with sit_down(tmp_path / "desk", settings={"features": {"hover": {"tier": "cheap"}}}) as desk:
        await desk.until(desk.told)
        desk.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings=None))
        await hover_model(desk)
        assert len([message for message in desk.told() if "cheap" in message]) == 1


async def test_the_learned_mode_routes_by_the_rules_until_it_knows_enough(tmp_path: Path) -> None:
    config = TIERS + '[routing]\nmode = "learned"\n'
    async with sit_down(tmp_path / "desk", config=config) as desk:
        assert await hover_model(desk) == "claude-haiku-5-5"
        (entry,) = await desk.history()
        assert entry.policy == "rules"


async def test_settings_told_twice_leave_what_was_suggested(desk: Desk) -> None:
    desk.say("return a + b")
    document = desk.open("a.py", "def add(a, b):\n    \n")
    assert await desk.complete(document, 1, 4, invoked=False)
    same = types.DidChangeConfigurationParams(settings={"tierwise": {}})
    desk.client.workspace_did_change_configuration(same)
    asked = len(desk.vendors.requests)
    for _ in range(20):
        assert await desk.complete(document, 1, 4, invoked=False)
    assert len(desk.vendors.requests) == asked
