"""Where in an editor a kind of work is offered: facts a menu can check in no time."""

from dataclasses import dataclass
from enum import StrEnum


class On(StrEnum):
    """What must be at the cursor."""

    SELECTION = "selection"
    """Selected text."""
    LINES = "lines"
    """Selected text of more than one line."""
    DEFINITION = "definition"
    """The line that begins a definition."""
    STUB = "stub"
    """The line that begins a definition whose body is missing or a placeholder."""
    INSIDE = "inside"
    """A line of a definition, its first one included."""
    WORD = "word"
    """An identifier."""
    LINE = "line"
    """A line that is not blank."""
    DIAGNOSTIC = "diagnostic"
    """A problem that some server reported; the offer is made for each."""
    CONFLICT = "conflict"
    """A merge conflict."""
    FILE = "file"
    """Any place in any file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One entry of the menu of code actions.

    ``action`` is the protocol's kind (``quickfix``, ``refactor.extract``, ``source.…``). ``pattern`` is a regular
    expression that must be found in the selection or, where nothing is selected, in the cursor's line. ``languages``
    empty means all. ``instruction`` is what the task is told where the user says nothing else; ``{line}`` and
    ``{selected}`` in it stand for what is at the cursor. ``otherwise`` is the reason shown for a disabled entry, where
    somebody asks for this very action and it cannot be done.
    """

    title: str
    action: str
    on: On
    pattern: str = ""
    languages: tuple[str, ...] = ()
    instruction: str = ""
    preferred: bool = False
    otherwise: str = ""
