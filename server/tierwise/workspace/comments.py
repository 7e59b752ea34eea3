"""How languages mark comments and strings: enough to tell code from prose where there is no grammar."""

import re
from functools import cache

_BY_MARKER = {
    "#": "python shellscript ruby yaml toml perl r julia elixir makefile dockerfile coffeescript nix powershell",
    "--": "lua sql haskell elm ada vhdl",
    ";": "clojure lisp scheme ini",
    "%": "latex erlang matlab",
    '"': "vim",
}
_MARKERS = {language: sign for sign, languages in _BY_MARKER.items() for language in languages.split()}
PROSE = frozenset(("", "plaintext", "markdown", "latex", "restructuredtext", "asciidoc", "git-commit"))
"""Languages that people read as text: nothing in them is chatter, and nothing is in a comment."""

_CHARACTERS = frozenset(("rust", "haskell", "ocaml"))
"""Languages where an apostrophe encloses one character, or is part of a name."""

_WITH_BACKTICKS = frozenset(("javascript", "javascriptreact", "typescript", "typescriptreact", "go"))

_DOUBLE, _BACKTICK = r'"(?:\\.|[^"\\\n])*"', r"`(?:\\.|[^`\\])*(?:`{end})"
_SINGLE, _CHARACTER = r"'(?:\\.|[^'\\\n])*'", r"'(?:\\.[^'\n]*|[^'\\\n])'"
_TRIPLE = r'"""(?:\\.|[^\\])*?(?:"""{end})' + r"|'''(?:\\.|[^\\])*?(?:'''{end})"
_BRACKET = r"[()\[\]{}]"
_BLOCK = r"/\*.*?(?:\*/|\Z)"


def marker(language: str) -> str:
    """Return what begins a comment up to the end of the line."""
    return _MARKERS.get(language, "//")


def quotes(language: str) -> str:
    """Return the marks that open a string."""
    return '"`' if language in _CHARACTERS else "\"'`"


@cache
def opaque(language: str) -> re.Pattern[str]:
    """Return a pattern of whole comments and strings, and of each bracket outside them.

    A quotation mark without its partner matches nothing, so that an apostrophe does not swallow the code behind it.
    """
    return _compiled(language, (_BRACKET,))


@cache
def wholes(language: str) -> re.Pattern[str]:
    """Return a pattern of whole comments and strings; those of several lines may be open at the end of the text."""
    return _compiled(language, ())


def _compiled(language: str, further: tuple[str, ...]) -> re.Pattern[str]:
    sign = re.escape(marker(language))
    strings = [_DOUBLE, _CHARACTER if language in _CHARACTERS else _SINGLE]
    end = "" if further else r"|\Z"
    if language == "python":
        strings.insert(0, _TRIPLE.format(end=end))
    if language in _WITH_BACKTICKS:
        strings.append(_BACKTICK.format(end=end))
    blocks = [_BLOCK] if marker(language) == "//" else []
    line = rf"{sign}[^\n]*" if len(marker(language)) > 1 else rf"(?<!\S){sign}[^\n]*"
    # Most characters begin none of these: one look at them spares trying all.
    signs = ("()[]{}" if further else "") + "\"'`" + marker(language)[0]
    first = f"(?=[{re.escape(signs)}])"
    whole = "|".join((*further, *blocks, line, *strings))
    return re.compile(f"{first}(?:{whole})", re.DOTALL)
