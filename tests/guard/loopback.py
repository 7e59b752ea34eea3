"""Keeps this process off the network: whatever is not on the loopback address fails and is written down.

The failure looks like a machine without a network, which code may well take in its stride; so each attempt is also
noted, and the fixture ``no_network`` of ``conftest.py`` fails the test for it.
"""

import errno
import os
import sys
from ipaddress import ip_address

LOG = "TIERWISE_GUARD_LOG"
"""The environment variable with the file to which attempts are appended, also by processes that tests start."""

_installed = False


def install() -> None:
    """Guard this process from now on; nothing can take the guard away again."""
    global _installed  # noqa: PLW0603 - audit hooks are process-wide and cannot be asked for
    if not _installed:
        _installed = True
        sys.addaudithook(_watch)


def is_loopback(host: object) -> bool:
    """Say whether the host is this machine itself."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or host in {"", "localhost"}:
        return True
    try:
        return ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    match event:
        case "socket.connect" | "socket.sendto" | "socket.sendmsg":
            address = arguments[1]
            host = address[0] if isinstance(address, tuple) else None  # other addresses are Unix sockets
        case "socket.getaddrinfo" | "socket.gethostbyname":
            host = arguments[0]
        case _:
            return
    if not is_loopback(host):
        _note(event, host)
        raise OSError(errno.ENETUNREACH, f"tests stay on the loopback address: {event} to {host!r}")


def _note(event: str, host: object) -> None:
    path = os.environ.get(LOG)
    if path:
        with open(path, "a", encoding="utf-8") as log:  # noqa: PTH123 - no import may happen inside an audit hook
            log.write(f"{event} {host!r}\n")
