"""A new user's first minutes with the extension in a real VS Code, against rehearsed vendors."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from tierwise.rehearsal import Cue, Line
from vscode import MEASURE, MEASURED, MEASURES, STARTING, TYPED, VSCode, vscode

pytestmark = [pytest.mark.editor, pytest.mark.asyncio(loop_scope="module")]

KEY = "sk-test-from-the-secret-store"
FILES = {
    "sums.py": "def add(a, b):\n    \n",
    "words.py": "def shout(text):\n    \n",
    "typed.py": "def double(number):\n    \n",
    "measure.py": MEASURE,
    **MEASURES,
}


def script(cue: Cue) -> Line:
    """Answer each kind of request by a word of its prompt."""
    if "<CURSOR>" in cue.prompt:
        return Line(text="return a + b")
    return Line(text="Return the sum." if "documentation for one definition" in cue.prompt else "It adds.")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def code(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[VSCode]:
    """VS Code with nothing but the extension: no server, no key, and a setting that is wrong."""
    home: Path = tmp_path_factory.mktemp("vscode")
    async with vscode(home, FILES, machine={"tierwise.server.python": "/bin/false"}) as opened:
        opened.say(script)
        yield opened


async def test_a_failed_set_up_is_explained(code: VSCode) -> None:
    told = await code.until("notifications", lambda text: "Correct the setting" in text)
    assert "tierwise.server.python names /bin/false, which is no Python 3.11 or newer." in told
    await code.until("statusColour", lambda colour: colour == "error")
    await code.do("picture", "explained")


async def test_the_server_sets_itself_up_and_without_a_key_the_workspace_completes_itself(code: VSCode) -> None:
    (code.data.parent / "data/Machine/settings.json").write_text("{}")
    await code.until("status", lambda text: "$0" in text, patience=STARTING)
    await code.complete("measure.py", TYPED, MEASURED)
    assert code.vendors.requests == []


async def test_a_key_is_kept_by_the_editor_and_handed_to_the_server(code: VSCode) -> None:
    await code.do("command", "Tierwise: Set a Key")
    await code.do("pick", "Anthropic")
    await code.do("answer", "The key of Anthropic", KEY)
    await code.until("notifications", lambda text: "The key of Anthropic is stored" in text)


async def test_ghost_text_is_typed_through_without_a_new_call_and_accepted_by_tab(code: VSCode) -> None:
    await code.complete("sums.py", "ret", "urn a + b")
    await code.do("picture", "ghost")
    asked = len(code.vendors.requests)
    assert code.vendors.requests[-1].headers["authorization"] == f"Bearer {KEY}"
    await code.do("type", "urn")
    await code.until("ghost", lambda text: text == " a + b")
    assert len(code.vendors.requests) == asked
    await code.do("press", "Tab")
    await code.until("buffer", lambda text: "    return a + b\n" in text)
    assert "fast · claude-haiku-5-5 · " in await code.until("status", lambda text: "haiku" in text)
    await code.decided(lambda entry: any(note.signal == "accepted" for note in entry.feedback))


async def test_ghost_text_is_accepted_word_by_word(code: VSCode) -> None:
    code.say("return text.upper() + mark")
    await code.complete("words.py", "ret", "urn text.upper() + mark")
    asked = len(code.vendors.requests)
    for rest in (" text.upper() + mark", "text.upper() + mark", ".upper() + mark"):
        await code.do("press", "Control+ArrowRight")
        await code.until("ghost", lambda text, rest=rest: text == rest)
    assert "    return text\n" in await code.do("buffer")
    assert len(code.vendors.requests) == asked
    await code.decided(lambda entry: any(note.signal == "partial" for note in entry.feedback))


async def test_a_docstring_is_written_and_a_hover_explains(code: VSCode) -> None:
    code.say(script)
    await code.do("openFile", "sums.py")
    await code.do("goto", 1, 5)
    await code.do("action", "Generate docstring")
    await code.until("buffer", lambda text: 'def add(a, b):\n    """Return the sum."""\n    return' in text)
    await code.do("goto", 1, 6)
    assert "It adds." in await code.do("hover")
    await code.do("picture", "hover")


async def test_a_model_chosen_for_a_feature_answers_the_next_request(code: VSCode) -> None:
    await code.do("clickStatus")
    await code.do("pick", "Model of a feature")
    await code.do("picture", "features")
    await code.do("pick", "Ghost text")
    await code.do("picture", "models")
    await code.do("pick", "anthropic/claude-opus-5-5")
    settings = code.data.parent / "data/User/settings.json"
    await code.until("status", lambda _text: '"tierwise.features.inlineCompletion.model"' in settings.read_text())
    code.say("return number * 2")
    await code.complete("typed.py", "ret", "urn number * 2")
    entry = await code.decided(lambda entry: entry.feature == "inline_completion")
    assert [attempt.model for attempt in entry.attempts] == ["anthropic/claude-opus-5-5"]
