"""All flights, by document: which of them are worth going on as the user types."""

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tierwise.core.document import Document
from tierwise.core.task import Task
from tierwise.core.text import Position

from .clock import Clock

if TYPE_CHECKING:
    from .flight import Flight

log = logging.getLogger(__name__)

LINGER = 0.3
"""Seconds a flight goes on without a rider while what is typed agrees with it: editors cancel a request with every key
and send the next one up to 200 ms later (Neovim), and Copilot's server waits as long for a flight that may match."""


class Traffic:
    """Keeps at most the flights that may still serve; ``landed`` is told of every outcome."""

    def __init__(self, clock: Clock, landed: "Callable[[Flight], None]") -> None:
        self._clock = clock
        self._landed = landed
        self._flights: dict[str, list[Flight]] = {}
        self._now: dict[str, tuple[Document, Position]] = {}

    def start(self, flight: "Flight", prepare: Callable[[Task], Awaitable[Task]]) -> None:
        """Let a flight begin."""
        self._flights.setdefault(flight.plan.document.uri, []).append(flight)
        flight.take_off(prepare)

    def serving(self, document: Document, place: Position) -> "list[Flight]":
        """Return the flights whose answers will belong to the place, as far as is known."""
        return [flight for flight in self._of(document.uri) if flight.serves(document, place)]

    def clear(self, document: Document, place: Position) -> None:
        """End the flights that cannot serve the place nor what it leads to."""
        for flight in self._of(document.uri):
            if not flight.may_serve(document, place):
                flight.cancel()

    def changed(self, document: Document, place: Position) -> None:
        """End the flights that a change of their document has made useless; the cursor was left at the place."""
        self._now[document.uri] = (document, place)
        self.clear(document, place)

    def rest(self) -> None:
        """End all flights that nobody asked for by hand."""
        for flight in [flight for flights in self._flights.values() for flight in flights]:
            if not flight.invoked:
                flight.cancel()

    def closed(self, uri: str) -> None:
        """End the flights of a document that is gone."""
        for flight in self._of(uri):
            flight.cancel()
        self._now.pop(uri, None)

    def left(self, flight: "Flight", document: Document | None) -> None:
        """End a flight that its last rider has left.

        Where the document is as it was, the user does not want the answer any more. Where it has changed and the flight
        is still good, the request that wants it is likely to be on its way.
        """
        if flight.riders or flight.over:
            return
        if document is None or document is flight.since:
            flight.cancel()
        else:
            self._clock.later(LINGER, lambda: flight.riders or flight.cancel())

    def heard(self, flight: "Flight") -> None:
        """See ``Tower.heard``: end it where it says something else than what was typed meanwhile."""
        document, place = self._now.get(flight.plan.document.uri, (None, None))
        if document is None or place is None or document is flight.since:
            return
        if document.version != flight.since.version and not flight.may_serve(document, place):
            flight.cancel()

    def landed(self, flight: "Flight") -> None:
        """See ``Tower.landed``."""
        self._landed(flight)

    def _of(self, uri: str) -> "list[Flight]":
        """Return a document's flights; those that are over are let go of here."""
        flights = [flight for flight in self._flights.get(uri, ()) if not flight.over]
        if flights:
            self._flights[uri] = flights
        else:
            self._flights.pop(uri, None)
        return list(flights)
