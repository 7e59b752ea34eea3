"""What features need of whoever builds the server."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from tierwise.core.model import Model
from tierwise.core.text import Span

from .pause import Pause

if TYPE_CHECKING:
    from tierwise.engine import Engine, Observer
    from tierwise.engine.budget import Budget
    from tierwise.lsp import Session
    from tierwise.settings.model import Settings
    from tierwise.workspace.ignore import Gate
    from tierwise.workspace.usage import Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """Something wrong with a setting: where it was written (``path`` None: in the editor's settings) and its fix."""

    path: Path | None
    span: Span | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Where money is written down, under the settings as they are now.

    ``ledger`` is its file, None where none is kept. ``find`` returns the model that ``provider/name`` means, None where
    its provider cannot be asked. ``frontier`` returns the model that what was spent is compared with, None where none
    with a price is known; it reads the ledger, so it belongs in a thread, and raises ``LedgerError``.
    """

    ledger: Path | None
    budget: "Budget"
    find: Callable[[str], Model | None]
    frontier: Callable[[], Model | None]


class House(Protocol):
    """The engine and the settings as they are now; both are replaced, not changed, when settings change."""

    pause: Pause

    async def engine(self) -> "Engine":
        """Return the engine; waits while the house is still being built."""
        ...

    async def settings(self) -> "Settings":
        """Return the settings that the engine was built from; waits as ``engine`` does."""
        ...

    def watch(self, observer: "Observer") -> None:
        """Let the observer hear everything that any engine does from now on."""
        ...

    async def configure(self, session: "Session", editor: Mapping[str, Any]) -> tuple[Complaint, ...]:
        """Take the editor's settings, read the files again, put everything to use; return what was wrong."""
        ...

    async def describe(self, name: str, uri: str, root: str, gate: "Gate | None" = None) -> str:
        """Return what the workspace itself says of a name that stands in a document: Markdown, empty for nothing.

        A ``gate`` leaves out what other files say that it does not admit.
        """
        ...

    def definitions(self, name: str) -> "Sequence[Found]":
        """Return where the workspace defines a name, as far as it is read; call it in a thread, never on the loop."""
        ...

    def touched(self, uri: str) -> None:
        """Take note that a file of the workspace was made, changed, saved or deleted."""
        ...

    async def books(self) -> Books:
        """Return where money is written down; waits as ``engine`` does."""
        ...
