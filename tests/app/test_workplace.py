"""The workspace as the local tier knows it."""

import asyncio
import time
from pathlib import Path

import pytest

from tierwise.app import workplace
from tierwise.app.workplace import Workplace
from tierwise.core.document import Document
from tierwise.core.text import Span, Text
from tierwise.workspace.documents import Change, Documents


async def test_a_name_that_cannot_be_looked_up_in_time_is_one_that_nobody_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loop, where the index lives, may have no turn to give on a busy machine: no request fails for that."""
    monkeypatch.setattr(workplace, "LOOK_UP", 0.05)
    here = Workplace([tmp_path])
    asked = asyncio.get_running_loop().run_in_executor(None, here.usage.definitions, "total_of")
    time.sleep(0.3)  # noqa: ASYNC251 - that the loop is held up is what this is about
    assert await asked == []


async def test_what_is_typed_instead_of_a_prediction_is_learned_and_kept(tmp_path: Path) -> None:
    """The editor's changes settle predictions; the next session begins where this one ended."""
    here, documents = Workplace([tmp_path / "w"]), Documents()
    here.follow(documents)
    await asyncio.to_thread(here.open)
    text = "".join(f"def {name}(request):\n    return render_page(request, title)\n\n" for name in "abcdefgh")
    uri = (tmp_path / "w/a.py").as_uri()
    documents.open(Document(uri=uri, version=1, language="python", text=Text.of(text + "def i(request):\n    return ")))
    document = documents.get(uri)
    assert document is not None
    assert here.predictor.predict(document, document.text.end, 0.5)
    span = Span(document.text.end, document.text.end)
    documents.replace(uri, 2, Change(span=span, new_text="None", text=document.text.replace(span, "None")))
    moved = here.predictor.conformal.shift
    assert moved > 0
    here.close()
    again = Workplace([tmp_path / "w"])
    await asyncio.to_thread(again.open)
    again.close()
    assert again.predictor.conformal.shift == pytest.approx(moved, abs=1e-4)
