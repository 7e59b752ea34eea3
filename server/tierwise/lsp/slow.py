"""The slow lane: messages for pygls, which queue in order until it has been imported in the background."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from tierwise.core.garbage import loading_alone

from .inflight import Inflight
from .rpc import Code, Id, Peer
from .session import Session

if TYPE_CHECKING:
    from . import Feature
    from .typed import Typed

log = logging.getLogger(__name__)


class SlowLane:
    """Everything that no plain handler takes."""

    def __init__(self, peer: Peer, inflight: Inflight) -> None:
        self._peer = peer
        self._inflight = inflight
        self._typed: Typed | None = None
        self._broken = False
        self._queue: list[dict[str, Any]] = []

    async def load(self, features: Sequence["Feature"], session: Session, initialize: dict[str, Any]) -> None:
        """Import pygls in a thread, have the features register, then hand over what has queued."""
        try:
            make = await asyncio.to_thread(_import_typed, initialize)
            typed = make(self._peer, self._inflight, session)
            typed.open(initialize, features)
            self._typed = typed
        except Exception:
            log.exception("pygls could not be started")
            self._broken = True
        queued, self._queue = self._queue, []
        for message in queued:
            self._pass_on(message)

    def request(self, request: Id, message: dict[str, Any]) -> None:
        """Take a request."""
        self._inflight.hold(request, partial(self._cancel, request))
        self.hear(message)

    def hear(self, message: dict[str, Any]) -> None:
        """Take a notification or an answer."""
        if self._typed is None and not self._broken:
            self._queue.append(message)
        else:
            self._pass_on(message)

    def close(self) -> None:
        """End pygls' threads."""
        if self._typed is not None:
            self._typed.close()

    def _pass_on(self, message: dict[str, Any]) -> None:
        request = message.get("id")
        if "method" in message and request is not None and request not in self._inflight:
            return  # cancelled while it queued
        if self._typed is not None:
            self._typed.hear(message)
        elif "method" in message and request is not None and self._inflight.settle(request):
            self._peer.refuse(request, Code.INTERNAL_ERROR, "this part of the server could not be started")

    def _cancel(self, request: Id) -> None:
        if self._typed is not None:
            self._typed.cancel(request)


def _import_typed(initialize: dict[str, Any]) -> "Callable[[Peer, Inflight, Session], Typed]":
    with loading_alone():
        from .typed import Typed, converter_for

        return partial(Typed, converter=converter_for(initialize))
