"""The client's requests that are not answered yet: each is answered exactly once, whatever becomes of its work."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from .rpc import Code, Id, Peer, RpcError

log = logging.getLogger(__name__)


class Inflight:
    """Requests by id, with the way to cancel each."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._open: dict[Id, Callable[[], object]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def __contains__(self, request: object) -> bool:
        return request in self._open

    def start(self, request: Id, method: str, work: Callable[[], Awaitable[object]]) -> None:
        """Run the work as a task and answer the request with what comes of it."""
        task = asyncio.get_running_loop().create_task(self._answer(request, method, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._open[request] = task.cancel

    def hold(self, request: Id, cancel: Callable[[], object]) -> None:
        """Keep a request that somebody else will answer."""
        self._open[request] = cancel

    def settle(self, request: Id) -> bool:
        """Strike a request off; return False where it was answered already and must not be again."""
        return self._open.pop(request, None) is not None

    def cancel(self, request: Id) -> None:
        """Answer a request as cancelled, at once, and stop its work; one that is answered already is left alone."""
        stop = self._open.pop(request, None)
        if stop is not None:
            self._peer.refuse(request, Code.REQUEST_CANCELLED, "the request was cancelled")
            stop()

    @property
    def tasks(self) -> set[asyncio.Task[None]]:
        """The work that has not ended, that of cancelled requests included."""
        return set(self._tasks)

    def cancel_all(self) -> None:
        """Cancel every request."""
        for request in tuple(self._open):
            self.cancel(request)

    async def _answer(self, request: Id, method: str, work: Callable[[], Awaitable[object]]) -> None:
        try:
            result = await work()
            if self.settle(request):
                self._peer.answer(request, result)
        except asyncio.CancelledError:
            # Cancelled by its own progress bar or by the end of what it waited for, not by ``cancel``.
            if self.settle(request):
                self._peer.refuse(request, Code.REQUEST_CANCELLED, "the request was cancelled")
        except RpcError as error:
            if self.settle(request):
                self._peer.refuse(request, error.code, error.message, error.data)
        except Exception as error:
            log.exception("%s failed", method)
            self.settle(request)
            self._peer.refuse(request, Code.INTERNAL_ERROR, f"{method} failed: {type(error).__name__}")
