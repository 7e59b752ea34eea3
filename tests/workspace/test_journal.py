"""Edits of several files, kept so that they can be taken back."""

from pathlib import Path

from tierwise.core.edit import CreateFile, DeleteFile, RenameFile, TextEdit
from tierwise.core.text import Position, Span, Text
from tierwise.workspace.journal import KEPT, Journal, Leaf, leaves_of

LEAF = Leaf(uri="file:///a", before="old", after="new")


def test_the_last_page_is_found_until_it_is_struck(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    assert journal.last() is None
    journal.write("first", [LEAF])
    second = journal.write("second", [LEAF])
    assert journal.last() == second
    journal.strike(second)
    found = journal.last()
    assert found is not None
    assert (found.label, found.leaves) == ("first", (LEAF,))


def test_it_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    page = Journal(tmp_path / "journal").write("edit", [LEAF])
    assert page.path.stat().st_mode & 0o777 == 0o600
    assert page.path.parent.stat().st_mode & 0o777 == 0o700


def test_the_oldest_pages_go(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    for number in range(KEPT + 5):
        journal.write(str(number), [LEAF])
    assert len(list((tmp_path / "journal").iterdir())) == KEPT


def test_a_damaged_page_is_passed_over(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    kept = journal.write("good", [LEAF])
    (tmp_path / "9999999999999999999.json").write_text('{"label": 1')
    assert journal.last() == kept


def test_a_page_holds_every_file_before_and_after() -> None:
    before = {name: Text.of(name) for name in ("edited", "renamed", "deleted", "moved")}
    edits = (
        CreateFile(uri="made", text="made"),
        TextEdit(uri="edited", version=1, span=Span(Position(0, 0), Position(0, 2)), new_text="ED"),
        TextEdit(uri="moved", version=1, span=Span.at(0, 5), new_text="!"),
        RenameFile(old_uri="renamed", new_uri="new"),
        RenameFile(old_uri="moved", new_uri="there"),
        DeleteFile(uri="deleted"),
    )
    assert {leaf.uri: (leaf.before, leaf.after) for leaf in leaves_of(edits, before)} == {
        "made": (None, "made"),
        "edited": ("edited", "EDited"),
        "moved": ("moved", None),
        "there": (None, "moved!"),
        "renamed": ("renamed", None),
        "new": (None, "renamed"),
        "deleted": ("deleted", None),
    }
