"""What the syntax at the cursor says of asking there, in every language with a grammar and in some without one."""

import pytest

from drawing import at_cursor
from tierwise.features.suggestions.gate import closed
from tierwise.settings.suggestions import SuggestionSettings
from tierwise.workspace.comments import marker
from tierwise.workspace.cursor import look
from tierwise.workspace.grammars import GRAMMARS

OTHERS = ("kotlin", "swift", "lua", "sql", "css", "yaml", "toml", "json", "haskell", "elixir", "scala", "perl")
QUIET = SuggestionSettings(in_comments=False, in_strings=False)
EAGER = SuggestionSettings()


def asked(drawing: str, language: str, wishes: SuggestionSettings = EAGER) -> bool:
    task = at_cursor(("<?php\n" if language == "php" else "") + drawing, language)
    assert task.document
    assert task.span
    return closed(look(task.document, task.span.start), wishes) is None


@pytest.mark.parametrize("language", [*GRAMMARS, *OTHERS])
def test_in_every_language(language: str) -> None:
    sign = marker(language) if language != "css" else "/*"
    assert asked("x = na‸\n", language), "at the end of a word"
    assert not asked("na‸me = 1\n", language), "inside a word"
    assert asked("foo(‸)\n", language), "before what closes"
    assert not asked("foo(‸a, b)\n", language), "before code"
    assert not asked("return x;‸\n", language) or language in {"yaml", "toml"}, "behind a statement"
    for drawing in (f"{sign} say ‸\n", f"x = 1 {sign} say ‸\n", 'x = "a ‸"\n'):
        assert asked(drawing, language), drawing
        assert not asked(drawing, language, QUIET), drawing


@pytest.mark.parametrize(
    "drawing", ["if (‸) {\n  a();\n}\n", "for (let i = 0; ‸) {\n}\n", "xs.map((‸) => {\n});\n", "const a = `${‸}`;\n"]
)
def test_where_an_editor_or_a_snippet_has_written_the_rest(drawing: str) -> None:
    assert asked(drawing, "typescript")


@pytest.mark.parametrize("drawing", ["if (‸a) {\n", "const {‸ a } = b;\n", "f(‸, {\n"])
def test_not_where_it_goes_on_with_code(drawing: str) -> None:
    assert not asked(drawing, "typescript")
