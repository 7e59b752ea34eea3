"""The server's own tables, for features that say one thing in the words of another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import CommandHandler, NotificationHandler, RequestHandler, Session


@dataclass(frozen=True, slots=True)
class Relay:
    """Calls what answers a method, hears a notification or runs a command, as if the client had asked for it."""

    requests: "Mapping[str, RequestHandler]"
    notifications: "Mapping[str, Sequence[NotificationHandler]]"
    commands: "Mapping[str, CommandHandler]"

    async def ask(self, session: "Session", method: str, params: dict[str, Any]) -> object:
        """Return the answer to a request."""
        return await self.requests[method](session, params)

    def tell(self, session: "Session", method: str, params: dict[str, Any]) -> None:
        """Say a notification."""
        for hear in self.notifications.get(method, ()):
            hear(session, params)

    async def run(self, session: "Session", command: str, *arguments: object) -> object:
        """Return what a command returns."""
        return await self.commands[command](session, list(arguments))
