"""Names as a storm has them: found on PYTHONPATH, before the guard's own, by the server that the storm starts.

``*.vendors.test`` is this machine, except for the names in the file that ``STORM_NAMES`` names: those fail for as long
as they stand there, in the way that stands beside them. ``*.invalid`` never exists. Every failed look-up is a line in
the file beside it.
"""

import os
import socket
from pathlib import Path
from typing import Any

import loopback  # pyright: ignore[reportMissingImports] - the guard stands further on in PYTHONPATH

loopback.install()

DOWN = Path(os.environ["STORM_NAMES"])
FAILED = DOWN.with_name(DOWN.name + ".failed")
KINDS = {"unknown": (socket.EAI_NONAME, "Name or service not known")}
KINDS["silent"] = (socket.EAI_AGAIN, "Temporary failure in name resolution")

_look_up = socket.getaddrinfo


def getaddrinfo(host: Any, *arguments: Any, **named: Any) -> Any:
    """Look a name up, as the storm will have it."""
    name = host.decode() if isinstance(host, bytes) else str(host)
    how = "unknown" if name.endswith(".invalid") else _down().get(name)
    if how:
        with FAILED.open("a") as log:
            log.write(f"{name}\n")
        raise socket.gaierror(*KINDS[how])
    return _look_up("127.0.0.1" if name.endswith(".vendors.test") else host, *arguments, **named)


def _down() -> dict[str, str]:
    lines = DOWN.read_text().splitlines() if DOWN.exists() else []
    return {name: how for name, _, how in (line.partition(" ") for line in lines)}


socket.getaddrinfo = getaddrinfo
