"""The page about the kinds of task, made from their files.

``python -m tierwise.tasks.reference --write`` in a checkout renews ``docs/tasks.md``.
"""

import inspect
import sys
from importlib import import_module
from pathlib import Path

from tierwise.core.task import TaskKind

from . import load, offered

_PROSE = Path(__file__).parent / "page"
"""What stands before and behind the kinds."""

_GIVES = {
    "edit": "changes",
    "text": "a text",
    "report": "a document to read",
    "findings": "diagnostics with fixes",
}


def page() -> str:
    """Return the page as Markdown."""
    kinds = offered()
    head, tail = ((_PROSE / name).read_text("utf-8") for name in ("head.md", "tail.md"))
    return head + "".join(map(_row, kinds)) + "".join(map(_section, kinds)) + tail


def _row(kind: TaskKind) -> str:
    what, _ = _said(kind)
    menu = ", ".join(dict.fromkeys(offer.title for offer in kind.offers)) or "–"
    mark = "*" if kind.wants_instruction else ""
    return f"| `{kind.name}`{mark} | {what} | {kind.belongs} | {_GIVES[kind.gives]} | {menu} |\n"


def _section(kind: TaskKind) -> str:
    what, example = _said(kind)
    checks = ", ".join(f"`{check}`" for check in kind.checks)
    told = f"\n\n{example}" if example else ""
    return f"\n## `tierwise.{kind.name}`\n\n{what}{told}\n\nChecks: {checks}.\n"


def _said(kind: TaskKind) -> tuple[str, str]:
    """Return what the kind's file says it is, and its example."""
    load(kind.name)
    text = inspect.cleandoc(import_module(f".{kind.name}", __package__).__doc__ or "")
    what, _, example = text.partition("\n\n")
    return " ".join(what.split()).replace("``", "`"), " ".join(example.split())


def main(arguments: list[str]) -> int:
    """Print the page, or write it into a checkout."""
    if arguments != ["--write"]:
        sys.stdout.write(page())
        return 0
    root = Path(__file__).parents[3]
    if not (root / "pyproject.toml").is_file():
        sys.stderr.write("The page belongs to a checkout; this is an installed package.\n")
        return 1
    (root / "docs/tasks.md").write_text(page(), "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
