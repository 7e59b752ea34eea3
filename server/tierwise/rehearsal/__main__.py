"""``python -m tierwise.rehearsal --port 0 --script FILE``: the server in a process of its own.

Prints one line of JSON, its addresses by vendor, and serves until it is told to end.
"""

import argparse
import asyncio
import json
import signal
import sys
from contextlib import suppress
from pathlib import Path

from .script import Script, ScriptError, load
from .server import Rehearsal


async def serve(script: Script | None, port: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows ends the process instead
            loop.add_signal_handler(name, ended.set)
    async with Rehearsal(script, port=port) as vendors:
        sys.stdout.write(json.dumps(vendors.urls()) + "\n")
        sys.stdout.flush()
        await ended.wait()


def main() -> int:
    """Read the command line and serve; returns 2 where the script cannot be played."""
    parser = argparse.ArgumentParser(prog="python -m tierwise.rehearsal", description="A rehearsal of model vendors.")
    parser.add_argument("--port", type=int, default=0, help="the loopback port; 0 picks a free one")
    parser.add_argument("--script", type=Path, help="a TOML file that says who says what")
    arguments = parser.parse_args()
    try:
        script = load(arguments.script) if arguments.script else None
    except ScriptError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    asyncio.run(serve(script, arguments.port))
    return 0


if __name__ == "__main__":
    sys.exit(main())
