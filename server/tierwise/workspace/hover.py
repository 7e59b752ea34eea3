"""What is known of a name without asking any model: signature, documentation, where it is defined, who uses it."""

from pathlib import Path, PurePath

from .grammars import language_of
from .ignore import Gate
from .usage import Found, Usage

MOST_DEFINITIONS = 3
MOST_USERS = 5
LONGEST_DOC = 1_200
"""Characters of documentation shown; what is longer is read in the file."""


def describe(usage: Usage, name: str, path: str, root: str = "", gate: Gate | None = None) -> str:
    """Return Markdown about the name as it is used in the file ``path``, or an empty string where nothing is known.

    Paths are shown relative to ``root``. A ``gate`` leaves out what other files say that it does not admit.
    """
    found = usage.definitions(name, near=path)
    if gate is not None:
        found = [one for one in found if one.path == path or gate.admits(Path(one.path))]
    if not found:
        return ""
    # A definition in the same file is what the name means there; others only share its name.
    local = [one for one in found if one.path == path]
    shown = (local or found)[:MOST_DEFINITIONS]
    parts = [_definition(one, root) for one in shown]
    users = usage.users(name)
    parts.append(_users(users, root))
    return "\n\n".join(part for part in parts if part)


def _definition(found: Found, root: str) -> str:
    symbol = found.symbol
    doc = symbol.doc if len(symbol.doc) <= LONGEST_DOC else symbol.doc[:LONGEST_DOC].rsplit("\n", 1)[0] + "\n…"
    inside = f" of `{symbol.container}`" if symbol.container else ""
    where = f"{symbol.kind}{inside}, defined in `{_shown(found.path, root)}:{symbol.position.line + 1}`"
    parts = (f"```{language_of(found.path)}\n{symbol.signature}\n```", doc, where)
    return "\n\n".join(part for part in parts if part)


def _users(users: list[tuple[str, int]], root: str) -> str:
    total = sum(count for _, count in users)
    if total < 2:
        return ""  # the definition itself
    listed = ", ".join(f"`{_shown(path, root)}` ({count})" for path, count in users[:MOST_USERS])
    more = f" and {len(users) - MOST_USERS} more files" if len(users) > MOST_USERS else ""
    return f"Named {total} times: {listed}{more}"


def _shown(path: str, root: str) -> str:
    pure = PurePath(path)
    return pure.relative_to(root).as_posix() if root and pure.is_relative_to(root) else path
