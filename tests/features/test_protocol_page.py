"""The page for writers of clients names what the server has beyond the protocol: all of it, and nothing else."""

import re
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from lsprotocol import types

from ledger.outcomes import HAIKU, accepted, failed, outcome
from tierwise.app.app import App
from tierwise.features import FEATURES
from tierwise.ledger.file import connect
from tierwise.ledger.history import history
from tierwise.ledger.plain import plain_entry, plain_report
from tierwise.ledger.report import report
from tierwise.ledger.rows import record_of, write_record
from tierwise.lsp import Dialect

PAGE = (Path(__file__).parents[2] / "docs/protocol.md").read_text("utf-8")
SERVED = [feature for feature in (make(App()) for make in FEATURES) if feature.dialect is Dialect.PLAIN]

SAID = {"tierwise/status"}
"""Notifications that the server sends."""


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def own(names: set[str]) -> set[str]:
    """Return the methods that the protocol does not have, without those that never leave the server."""
    return {name for name in names if name not in types.METHOD_TO_TYPES and not name.startswith("$/")}


def named(text: str, pattern: str) -> set[str]:
    return set(re.findall(rf"`({pattern})`", text))


@pytest.mark.parametrize(
    ("title", "served"),
    [
        ("Requests", own({name for feature in SERVED for name in feature.requests})),
        ("Notifications", own({name for feature in SERVED for name in feature.notifications}) | SAID),
    ],
)
def test_the_methods_of_the_page_are_the_server_s(title: str, served: set[str]) -> None:
    rows = {row.split("|")[1].strip().strip("`") for row in section(title).splitlines() if row.startswith("| `")}
    assert rows == served
    assert named(PAGE, r"tierwise/\w+") <= own({name for feature in SERVED for name in feature.requests}) | SAID


def test_the_commands_of_the_page_are_the_server_s() -> None:
    assert named(section("Commands"), r"tierwise\.[a-z_]+") == {name for feature in SERVED for name in feature.commands}


def test_every_field_of_a_report_and_a_decision_is_on_the_page() -> None:
    made = outcome(failed(), accepted())
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite3"
        with closing(connect(path)) as connection:
            write_record(record_of(made), connection)
        (entry,) = history(path)
        told = plain_entry(entry)
        lines = plain_report(report(path, frontier=HAIKU))
    for title, said in (("Decisions", told), ("Decisions", told["attempts"][0]), ("The report", lines)):
        part = PAGE.split(f"\n### {title}\n", 1)[1].split("\n## ", 1)[0]
        assert set(said) <= named(part, r"[a-z_]+"), title
    assert set(lines["total"]) <= named(section("Requests"), r"[a-z_0-9]+")


def test_what_is_announced_is_on_the_page() -> None:
    announced = {
        name for feature in SERVED for name in feature.capabilities({}).get("experimental", {}).get("tierwise", {})
    }
    assert announced == named(PAGE.split("\n## ", 1)[0], r"(?!true)[a-z]+") - {"null"}
