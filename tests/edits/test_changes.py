"""Changes of several files in the three forms models write them in."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierwise import edits
from tierwise.core.document import Document
from tierwise.core.edit import Candidate, CreateFile, DeleteFile, RenameFile
from tierwise.core.task import Task
from tierwise.core.text import Text
from tierwise.engine.shape import applied, texts

FILES = {"app.py": "import os\n\ndef main():\n    return os.name\n", "lib/text.py": "SIZE = 1\n"}


def task(root: Path, files: Mapping[str, str] = FILES, *, on_disk: bool = True) -> Task:
    """Return a task over files of a folder; the first one is its document."""
    documents: list[Document] = []
    for name, text in files.items():
        path = root / name
        if on_disk:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        documents.append(Document(uri=path.as_uri(), version=None, language="python", text=Text.of(text)))
    first, *others = documents
    return Task(id="t", kind="k", feature="f", document=first, files=tuple(others), facts={"root": str(root)})


def read(form: str, reply: str, asked: Task) -> Candidate:
    return edits.load(form).read(reply, asked)


def after(candidate: Candidate, asked: Task) -> dict[str, str]:
    """Return the new texts by the name from the root."""
    reach = str(asked.facts["root"])
    return {
        uri.partition(reach)[2].lstrip("/"): str(text) for uri, text in applied(candidate.edits, texts(asked)).items()
    }


def block(search: str, new: str, path: str = "") -> str:
    head = f"{path}\n" if path else ""
    return f"{head}<<<<<<< SEARCH\n{search}=======\n{new}>>>>>>> REPLACE\n"


def test_blocks_change_several_files(tmp_path: Path) -> None:
    asked = task(tmp_path)
    reply = block("import os\n", "import sys\n", "app.py") + block("SIZE = 1\n", "SIZE = 2\n", "lib/text.py")
    assert after(read("blocks", reply, asked), asked) == {
        "app.py": FILES["app.py"].replace("import os", "import sys"),
        "lib/text.py": "SIZE = 2\n",
    }


def test_prose_fences_and_marked_paths_around_blocks_are_left_out(tmp_path: Path) -> None:
    asked = task(tmp_path)
    inner = block("SIZE = 1\n", "SIZE = 2\n")
    reply = f"Sure. This raises the size:\n\n**`lib/text.py`**\n```python\n{inner}```\nDone."
    assert after(read("blocks", reply, asked), asked) == {"lib/text.py": "SIZE = 2\n"}


def test_without_a_path_the_document_is_meant(tmp_path: Path) -> None:
    asked = task(tmp_path)
    assert list(after(read("blocks", block("import os\n", ""), asked), asked)) == ["app.py"]


def test_a_later_block_may_build_on_an_earlier_one(tmp_path: Path) -> None:
    asked = task(tmp_path)
    reply = block("SIZE = 1\n", "SIZE = 1\nWIDTH = 1\n", "lib/text.py") + block("WIDTH = 1\n", "WIDTH = 9\n")
    assert after(read("blocks", reply, asked), asked) == {"lib/text.py": "SIZE = 1\nWIDTH = 9\n"}


def test_a_file_is_made_renamed_and_deleted(tmp_path: Path) -> None:
    asked = task(tmp_path, {**FILES, "old.py": "x = 1\n"})
    reply = block("", "y = 1\n", "new/y.py") + "RENAME lib/text.py -> lib/words.py\nDELETE old.py\n"
    candidate = read("blocks", reply, asked)
    assert candidate.edits == (
        CreateFile(uri=(tmp_path / "new/y.py").as_uri(), text="y = 1\n"),
        RenameFile(old_uri=(tmp_path / "lib/text.py").as_uri(), new_uri=(tmp_path / "lib/words.py").as_uri()),
        DeleteFile(uri=(tmp_path / "old.py").as_uri()),
    )


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("Nothing to do.", "holds no change"),
        ("app.py\n<<<<<<< SEARCH\nimport os\n=======\nimport sys\n", "no line >>>>>>> REPLACE"),
        ("app.py\n<<<<<<< SEARCH\nimport os\n>>>>>>> REPLACE\n", "no line ======="),
        ("app.py\n<<<<<<< SEARCH\na\n<<<<<<< SEARCH\n", "not closed"),
        (block("import re\n", "import sys\n", "app.py"), "block 1: the text to search for does not stand"),
        (block("x\n", "y\n", "other.py"), "other.py was not part of the request; its files are: app.py, lib/text.py"),
        (block("", "y\n", "lib/text.py"), "the text to search for is empty"),
        ("RENAME app.py -> lib/text.py", "exists already"),
        ("DELETE app.py\n" + block("import os\n", "", "app.py"), "after it was renamed or deleted"),
    ],
)
def test_what_is_wrong_with_blocks_is_said_in_words_a_model_can_act_on(tmp_path: Path, reply: str, said: str) -> None:
    with pytest.raises(edits.MalformedError, match=said):
        read("blocks", reply, task(tmp_path))


@pytest.mark.parametrize(
    "path", ["../out.py", "/etc/out.py", ".env", "build/x.py", "link/x.py", ".git/hooks/pre-commit"]
)
def test_no_file_is_made_outside_the_roots_through_a_link_or_where_it_is_ignored_or_secret(
    tmp_path: Path, path: str
) -> None:
    root = tmp_path / "project"
    asked = task(root)
    (root / ".gitignore").write_text("build/\n")
    (root / "link").symlink_to(tmp_path)
    with pytest.raises(edits.MalformedError, match=r"outside the workspace|may not be touched"):
        read("blocks", block("", "x\n", path), asked)


def test_without_a_workspace_folder_no_file_is_made(tmp_path: Path) -> None:
    asked = replace(task(tmp_path), facts={})
    with pytest.raises(edits.MalformedError, match="no workspace folder"):
        read("blocks", block("", "x\n", "new.py"), asked)


def test_line_ends_and_the_missing_last_one_stay_as_they_were(tmp_path: Path) -> None:
    asked = task(tmp_path, {"a.py": "a = 1\r\nb = 2\r\nc = 3"})
    reply = block("a = 1\n", "a = 9\nx = 0\n") + block("c = 3\n", "c = 4\n")
    assert after(read("blocks", reply, asked), asked) == {"a.py": "a = 9\r\nx = 0\r\nb = 2\r\nc = 4"}


def test_a_reply_in_crlf_does_not_mix_line_ends(tmp_path: Path) -> None:
    asked = task(tmp_path, {"a.py": "a = 1\nb = 2\n"})
    reply = block("a = 1\n", "a = 9\n").replace("\n", "\r\n")
    assert after(read("blocks", reply, asked), asked) == {"a.py": "a = 9\nb = 2\n"}


DIFF = """\
Here is the change:
```diff
--- a/app.py
+++ b/app.py
@@ -40,4 +40,4 @@ def main
 import os

-def main():
+def start():
     return os.name
--- /dev/null
+++ b/new.py
@@ -0,0 +1,1 @@
+x = 1
--- a/lib/text.py
+++ /dev/null
@@ -1 +0,0 @@
-SIZE = 1
```
"""


def test_a_diff_is_read_whatever_its_line_numbers_say(tmp_path: Path) -> None:
    asked = task(tmp_path)
    candidate = read("diff", DIFF, asked)
    assert after(candidate, asked) == {
        "app.py": FILES["app.py"].replace("main", "start"),
        "new.py": "x = 1\n",
    }
    assert DeleteFile(uri=(tmp_path / "lib/text.py").as_uri()) in candidate.edits


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("no diff", "holds no diff"),
        ("--- a/app.py\n+++ b/app.py\n", "no hunk"),
        ("--- a/app.py\n+++ b/app.py\n@@ -1 +1 @@\n-import re\n+import sys\n", "app.py: the text to search for"),
        ("--- a/app.py\n+++ b/app.py\n@@\n+import sys\n", "unchanged lines around"),
    ],
)
def test_what_is_wrong_with_a_diff_is_said(tmp_path: Path, reply: str, said: str) -> None:
    with pytest.raises(edits.MalformedError, match=said):
        read("diff", reply, task(tmp_path))


def test_a_line_number_decides_between_equal_places(tmp_path: Path) -> None:
    asked = task(tmp_path, {"a.py": "x\nsame\ny\nsame\n"})
    reply = "--- a/a.py\n+++ b/a.py\n@@ -4,1 +4,1 @@\n-same\n+other\n"
    assert after(read("diff", reply, asked), asked) == {"a.py": "x\nsame\ny\nother\n"}


def test_json_lists_the_same_changes(tmp_path: Path) -> None:
    asked = task(tmp_path)
    said = {
        "edits": [{"path": "app.py", "search": "import os\n", "replace": "import sys\n"}],
        "create": [{"path": "new.py", "text": "x = 1\n"}],
        "rename": [],
        "delete": ["lib/text.py"],
    }
    candidate = read("json_edits", f"```json\n{json.dumps(said)}\n```", asked)
    assert after(candidate, asked)["app.py"].startswith("import sys\n")
    assert [type(edit).__name__ for edit in candidate.edits] == ["CreateFile", "TextEdit", "DeleteFile"]


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("I cannot.", "one JSON object"),
        ('{"edits": [', "ends or breaks"),
        ('{"edits": 1}', "must be a list"),
        ('{"edits": [{"path": "app.py"}]}', "edit 1: search is missing"),
        ("{}", "changes nothing"),
        ("{} {}", "not several"),
    ],
)
def test_what_is_wrong_with_json_is_said(tmp_path: Path, reply: str, said: str) -> None:
    with pytest.raises(edits.MalformedError, match=said):
        read("json_edits", reply, task(tmp_path))


lines = st.lists(st.sampled_from(["a", "  b", "c = 1", "", "\té😀", "}"]), min_size=1, max_size=12)
ends = st.sampled_from(["\n", "\r\n"])


@given(lines, lines, ends, st.booleans(), st.data())
def test_a_quoted_region_is_replaced_exactly_and_nothing_else(
    old: list[str], new: list[str], end: str, final: bool, data: st.DataObject
) -> None:
    """Marks make every line the only one of its text, so that the place is never in doubt."""
    marked = [f"{line}  # {number}" for number, line in enumerate(old)]
    first = data.draw(st.integers(0, len(marked) - 1))
    stop = data.draw(st.integers(first + 1, len(marked)))
    fresh = [f"{line} new {number}" for number, line in enumerate(new)]
    end = end if len(marked) > 1 or final else "\n"
    text = end.join(marked) + (end if final else "")
    document = Document(uri="file:///a.py", version=1, language="python", text=Text.of(text))
    asked = Task(id="t", kind="k", feature="f", document=document)
    reply = block("".join(f"{line}\n" for line in marked[first:stop]), "".join(f"{line}\n" for line in fresh))
    changed = applied(read("blocks", reply, asked).edits, texts(asked))["file:///a.py"]
    assert str(changed) == end.join([*marked[:first], *fresh, *marked[stop:]]) + (end if final else "")


@given(st.text(max_size=200), st.sampled_from(["blocks", "diff", "json_edits"]))
def test_no_reply_brings_anything_but_a_candidate_or_the_reason_why_not(reply: str, form: str) -> None:
    document = Document(uri="file:///a.py", version=1, language="python", text=Text.of("x = 1\n"))
    with suppress(edits.MalformedError):
        assert isinstance(read(form, reply, Task(id="t", kind="k", feature="f", document=document)), Candidate)
