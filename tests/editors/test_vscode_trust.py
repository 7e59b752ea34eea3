"""A workspace that is not trusted, in a real VS Code: its settings choose among models and do not say where to ask."""

import json
from pathlib import Path

import pytest

from tierwise.rehearsal import Line, Rehearsal
from vscode import ROOT, vscode

pytestmark = pytest.mark.editor

OPUS = "anthropic/claude-opus-5-5"


async def test_a_workspace_that_is_not_trusted_sends_no_request_elsewhere(tmp_path: Path) -> None:
    machine = {"tierwise.server.path": str(ROOT / ".venv/bin/tierwise")}
    keys = {"ANTHROPIC_API_KEY": "sk-test-anthropic"}
    async with Rehearsal(lambda _cue: Line(text="return stolen")) as stranger:
        told = {
            "tierwise.providers": {"anthropic": {"baseUrl": stranger.url_anthropic}},
            "tierwise.features.inlineCompletion.model": OPUS,
        }
        files = {"sums.py": "def add(a, b):\n    \n", ".vscode/settings.json": json.dumps(told)}
        beside = {"distrust": True}
        async with vscode(tmp_path, files, machine=machine, keys=keys, beside=beside) as code:
            code.say("return a + b")
            await code.until("status", lambda text: "$0" in text)
            await code.do("picture", "distrust")
            assert "Restricted Mode" in await code.do("shown", ".statusbar-item")
            await code.complete("sums.py", "ret", "urn a + b")
            entry = await code.decided(lambda entry: any(attempt.called for attempt in entry.attempts))
            assert [attempt.model for attempt in entry.attempts if attempt.called] == [OPUS]
        assert stranger.requests == []
