"""One client's state, and all that a feature may ask of the client."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from enum import IntEnum
from typing import Any

from tierwise.core.document import Document
from tierwise.core.edit import Edit
from tierwise.core.text import Text
from tierwise.workspace.documents import Documents
from tierwise.workspace.problems import Problems

from . import write
from .dialect import Dialect, capabilities, detect
from .newest import Newest
from .positions import Encoding, choose_encoding
from .progress import Progress, Token
from .relay import Relay
from .rpc import Peer, RpcError, as_list, as_object

log = logging.getLogger(__name__)

SECTION = "tierwise"
CONFIGURATION_TIMEOUT = 3.0
"""Seconds an editor gets to say its settings; some never answer."""

_BEFORE_INITIALIZED = frozenset({"window/showMessage", "window/logMessage", "telemetry/event"})


class Level(IntEnum):
    """How serious a message to the user is."""

    ERROR = 1
    WARNING = 2
    INFO = 3
    LOG = 4


class Session:
    """What is known of the client since ``initialize``, its open documents, and the ways to reach it."""

    def __init__(self, peer: Peer, params: Mapping[str, Any], dialect: Dialect | None = None) -> None:
        self.peer = peer
        self.dialect = dialect or detect(params)
        self.relay = Relay({}, {}, {})
        """The features of this session, for those that speak for others."""
        self.client: Mapping[str, Any] = capabilities(params, self.dialect)
        """The client's capabilities."""
        self.client_name = str(as_object(params.get("clientInfo")).get("name", ""))
        plain = self.dialect is Dialect.PLAIN
        said = params.get("initializationOptions")
        self.options: Any = said if plain else as_object(said).get(SECTION)
        """The user's settings as the editor sent them with ``initialize``, unchecked; what clients of the others say
        there is their own, but for a section of ours.
        """
        # Clients of the others count in UTF-16 whatever they offer.
        self.encoding: Encoding = choose_encoding(self.client) if plain else Encoding.UTF16
        self.roots: tuple[str, ...] = _roots(params)
        """URIs of the workspace's folders."""
        self.documents = Documents()
        self.oversized: dict[str, str] = {}
        """Languages of open documents that are too large to be kept, by URI."""
        self.problems = Problems()
        self.documents.listen(self.problems.note)
        self.newest = Newest()
        self.initialized = asyncio.Event()
        """Set when the client has said that it is ready; before, it may not be asked or told anything."""
        self.progresses: dict[Token, Progress] = {}
        self._waiting: list[tuple[str, object]] = []
        self._spawned: set[asyncio.Task[None]] = set()

    def supports(self, *path: str) -> bool:
        """Whether the client's capabilities say yes (or hold anything) at the path."""
        value: Any = self.client
        for name in path:
            value = as_object(value).get(name)
        return bool(value) or isinstance(value, dict)

    def document(self, params: Mapping[str, Any]) -> Document | None:
        """Return the open document that ``params.textDocument.uri`` names."""
        uri = as_object(params.get("textDocument")).get("uri")
        return self.documents.get(uri) if isinstance(uri, str) else None

    def leaves_alone(self, params: Mapping[str, Any]) -> bool:
        """Whether the document that ``params.textDocument.uri`` names is too large to be kept."""
        uri = as_object(params.get("textDocument")).get("uri") if self.oversized else None
        return isinstance(uri, str) and uri in self.oversized

    def notify(self, method: str, params: object) -> None:
        """Tell the client; what may not be said before it is initialized waits until then."""
        if self.initialized.is_set() or method in _BEFORE_INITIALIZED:
            self.peer.notify(method, params)
        else:
            self._waiting.append((method, params))

    async def request(self, method: str, params: object) -> Any:
        """Ask the client; raises ``RpcError``. No limit of time: a user may be asked too."""
        await self.initialized.wait()
        return await self.peer.request(method, params)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run work that no request waits for; what goes wrong in it is logged."""
        task = asyncio.create_task(work)
        self._spawned.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._spawned.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("background work failed: %s", type(error).__name__, exc_info=error)

    async def register(self, method: str, options: Mapping[str, object]) -> None:
        """Ask the client to send a method from now on, where it takes such wishes."""
        section, _, name = method.partition("/")
        if not self.supports(section, name, "dynamicRegistration"):
            return
        registration = {"id": f"tierwise-{method}", "method": method, "registerOptions": options}
        try:
            await self.request("client/registerCapability", {"registrations": [registration]})
        except RpcError as error:
            log.info("the editor does not register %s: code %s", method, error.code)

    def set_initialized(self) -> None:
        """Note that the client is ready and tell it what has waited for that."""
        self.initialized.set()
        for method, params in self._waiting:
            self.peer.notify(method, params)
        self._waiting.clear()

    def show_message(self, text: str, level: Level = Level.INFO) -> None:
        """Show the user a message."""
        self.notify("window/showMessage", {"type": int(level), "message": text})

    async def configuration(self) -> dict[str, Any] | None:
        """Return our whole section of the editor's settings, unchecked; None where the editor has none or is silent.

        Only the top section is asked for: several editors know no others.
        """
        if not self.supports("workspace", "configuration"):
            return None
        try:
            async with asyncio.timeout(CONFIGURATION_TIMEOUT):
                answer = await self.request("workspace/configuration", {"items": [{"section": SECTION}]})
        except TimeoutError:
            log.warning("the editor did not answer workspace/configuration in %s s", CONFIGURATION_TIMEOUT)
            return None
        except RpcError as error:
            log.warning("the editor refused workspace/configuration: code %s", error.code)
            return None
        return next((as_object(section) for section in as_list(answer) if section is not None), None)

    async def apply_edit(self, edits: Sequence[Edit], texts: Mapping[str, Text], label: str) -> str | None:
        """Have the editor apply the edits; return None when it did, or a sentence that says why it did not.

        ``texts`` holds the text of every file in ``edits`` that is not open, for its columns.
        """
        try:
            edit = write.workspace_edit(edits, self.documents, texts, self.client, self.encoding)
            answer = await self.request("workspace/applyEdit", {"label": label, "edit": edit})
        except write.UnwritableError as error:
            return str(error)
        except RpcError as error:
            return f"The editor refused the edit (code {error.code})."
        result = as_object(answer)
        if result.get("applied") is True:
            return None
        reason = result.get("failureReason")
        return f"The editor did not apply the edit: {reason}" if reason else "The editor did not apply the edit."

    @asynccontextmanager
    async def progress(
        self, title: str, token: Token | None = None, *, cancellable: bool = True
    ) -> AsyncGenerator[Progress]:
        """Show that work goes on while the block runs.

        ``token`` is the request's own ``workDoneToken``; without one the client is asked for a progress bar of our own,
        and where it has none nothing is shown. When the user cancels it, the task that runs the block is cancelled.
        """
        progress = Progress(self.notify, token)
        if token is None and self.supports("window", "workDoneProgress"):
            self.spawn(self._make_room(progress))
        self.progresses[progress.token] = progress
        progress.begin(title, cancellable=cancellable)
        try:
            yield progress
        finally:
            del self.progresses[progress.token]
            progress.end()

    async def _make_room(self, progress: Progress) -> None:
        """Have the editor make room. The work does not wait for that: Helix, for one, answers nothing while it waits
        for an action, and would show for ever what it makes room for afterwards.
        """
        try:
            await self.request("window/workDoneProgress/create", {"token": progress.token})
        except RpcError:
            log.info("the editor shows no progress")
        else:
            progress.show()


def _roots(params: Mapping[str, Any]) -> tuple[str, ...]:
    uris = [as_object(folder).get("uri") for folder in as_list(params.get("workspaceFolders"))]
    return tuple(uri for uri in uris or [params.get("rootUri")] if isinstance(uri, str))
