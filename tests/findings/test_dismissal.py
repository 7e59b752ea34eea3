"""Comments that dismiss findings: read in place, written where the grammar takes them for comments."""

import pytest

from tierwise.core.document import Document
from tierwise.core.text import Text
from tierwise.findings.dismissal import dismissing, is_dismissed
from tierwise.findings.finding import Concern
from tierwise.workspace.grammars import language_of

JOINED = "total = (\n    1 +\n    2)\n"
LONG = 'query = """\nselect 1\n"""\n'
ESCAPED = "if a and \\\n        b:\n    pass\n"
MARKUP = "const a = (\n  <p>\n    {b}\n  </p>\n);\n"


def document(name: str, text: str) -> Document:
    return Document(uri=f"file:///w/{name}", version=3, language=language_of(name), text=Text.of(text))


@pytest.mark.parametrize(
    ("name", "text", "line", "wanted"),
    [
        ("a.py", JOINED, 1, "    # tierwise: ignore[bug]\n"),
        ("a.py", ESCAPED, 1, "  # tierwise: ignore[bug]"),
        ("a.py", LONG, 1, None),
        ("a.tsx", MARKUP, 2, None),
        ("a.ts", "let a = 1;\n", 0, "// tierwise: ignore[bug]\n"),
        ("a.go", "func f() {\n\tg()\n}\n", 1, "\t// tierwise: ignore[bug]\n"),
        ("a.lua", "  f()\n", 0, "  -- tierwise: ignore[bug]\n"),
    ],
)
def test_a_comment_stands_above_or_at_the_end_or_nowhere(name: str, text: str, line: int, wanted: str | None) -> None:
    edit = dismissing(document(name, text), line, Concern.BUG)
    assert (edit.new_text if edit else None) == wanted
    if edit is not None:
        assert edit.version == 3
        before = text.split("\n")
        at = edit.span.start
        lines = [
            *before[:line],
            before[line][: at.column] + edit.new_text + before[line][at.column :],
            *before[line + 1 :],
        ]
        changed = document(name, "\n".join(lines))
        assert is_dismissed(line + edit.new_text.count("\n"), Concern.BUG, changed)
        assert not is_dismissed(line + edit.new_text.count("\n"), Concern.SECURITY, changed)
