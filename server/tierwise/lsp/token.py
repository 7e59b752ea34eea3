"""Only who knows a secret is served: the first message must be ``initialize`` and bring the token along.

Where: ``initializationOptions.token``, which every editor can send, whatever the transport. It is taken out before the
message goes on.
"""

import json
import logging
import stat
from hmac import compare_digest
from pathlib import Path
from typing import Any, cast

from .wire import Connection, Fault, Receiver

log = logging.getLogger(__name__)

SHORTEST = 16
"""Characters; what is shorter can be guessed over a local socket."""


class TokenError(ValueError):
    """The token's file cannot be used; the message is for the user."""


def read_token(path: Path) -> str:
    """Return the token that the file holds; raises ``TokenError`` and ``OSError``."""
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise TokenError(f"{path} can be read by others: chmod 600 {path}")
    token = path.read_text("utf-8").strip()
    if len(token) < SHORTEST:
        raise TokenError(f"the token in {path} is shorter than {SHORTEST} characters; write a longer one")
    return token


class Guarded:
    """A connection that ends before anything is done for a client without the token."""

    def __init__(self, connection: Connection, token: str) -> None:
        self._connection = connection
        self._token = token
        self._trusted = False

    async def run(self, receive: Receiver) -> None:
        """See ``Connection.run``."""

        def listen(message: bytes | Fault) -> None:
            if self._trusted:
                receive(message)
                return
            introduced = None if isinstance(message, Fault) else _introduced(message, self._token)
            if introduced is None:
                log.warning("a client without the token was turned away")
                self._connection.close()
                return
            self._trusted = True
            receive(introduced)

        await self._connection.run(listen)

    def send(self, body: bytes) -> None:
        """See ``Connection.send``."""
        self._connection.send(body)

    def close(self) -> None:
        """See ``Connection.close``."""
        self._connection.close()

    async def hang_up(self) -> None:
        """See ``Connection.hang_up``."""
        await self._connection.hang_up()


def _introduced(body: bytes, token: str) -> bytes | None:
    """Return the message without its token, or None where it is not an ``initialize`` with the right one."""
    try:
        message: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    match message:
        case {"method": "initialize", "params": {"initializationOptions": {"token": str(given), **rest}}}:
            if not compare_digest(given.encode("utf-8", "replace"), token.encode()):
                return None
            params = cast("dict[str, Any]", message["params"])
            params["initializationOptions"] = rest
            return json.dumps(message).encode()
        case _:
            return None
