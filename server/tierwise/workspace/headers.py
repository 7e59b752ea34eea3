"""Lines that announce a block: which lines open one, and whether it is a definition's body.

Decided by the line's own words, because the line under the cursor is unfinished and a grammar sees an error in it.
"""

import re

_BY_COLON = frozenset(("python", "yaml", "nim", "gdscript"))
_BY_WORD = frozenset(("ruby", "lua", "shellscript", "elixir", "julia", "pascal"))

_OPENING = re.compile(r"(?:[{(\[]|=>)\s*$")
_COLON = re.compile(r":\s*(?:#.*)?$")
_WORD = re.compile(r"\b(?:then|do|begin|else)\s*$|^\s*(?:def|class|module|function|while|until|case|unless|if)\b")

_MODIFIERS = (
    r"(?:(?:export|default|async|public|private|protected|internal|static|abstract|final|override|virtual|inline|extern"
    r"|const|unsafe|readonly|declare|local|pub(?:\([^)]*\))?)\s+)*"
)
_DEFINITION = re.compile(
    rf"^\s*{_MODIFIERS}(?:def|class|func|fun|fn|function\*?|struct|enum|trait|impl|interface|module|namespace|get|set)"
    r"(?:\s|$|\*)"
)
_CONTROL = re.compile(
    r"^\s*(?:[})]\s*)?(?:if|else|elif|elsif|for|foreach|while|until|unless|switch|case|match|loop|do|try|except|catch"
    r"|finally|with|select|defer|go|begin|rescue|when)\b"
)
_METHOD = re.compile(rf"^\s*{_MODIFIERS}[\w$<>\[\],.*&: ]*[\w$>]\s*\([^;]*\)[^;=]*\{{\s*$")
_CALLBACK = re.compile(r"(?:=>\s*\{?|\bfunction\b[^{]*\{)\s*$")


def opens(line: str, language: str) -> bool:
    """Whether a block begins behind the line."""
    if _OPENING.search(line):
        return True
    if language in _BY_COLON and _COLON.search(line):
        return True
    return language in _BY_WORD and bool(_WORD.search(line))


def starts(line: str) -> bool:
    """Whether the line begins like a header, finished or not."""
    return bool(_DEFINITION.match(line) or _CONTROL.match(line))


def defines(line: str) -> bool:
    """Whether the line begins a definition: a function, a type or a function handed to another."""
    if _DEFINITION.match(line):
        return True
    return not _CONTROL.match(line) and bool(_METHOD.match(line) or _CALLBACK.search(line))


def continues(row: str) -> bool:
    """Whether the row goes on with the statement whose block ended above it."""
    return bool(_CONTINUING.match(row))


_CONTINUING = re.compile(
    r"\s*(?:(?:else|elif|elsif|except|finally|catch|rescue|ensure|when|case|default|until|and|or)\b|[.&|?]|->|[)\]}])"
)
