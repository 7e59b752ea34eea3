"""Serve an editor: over standard input and output, or over a socket.

Imports nothing heavy before the client's first request is answered.
"""

import argparse
import asyncio
import logging
import sys
from pathlib import Path

from tierwise.app import App
from tierwise.core.garbage import leave
from tierwise.features import FEATURES
from tierwise.lsp import Dialect
from tierwise.lsp.log import guard_loop, start_log
from tierwise.lsp.network import OpenDoorError, tcp, ws
from tierwise.lsp.server import serve
from tierwise.lsp.stdio import stdio
from tierwise.lsp.token import Guarded, read_token
from tierwise.lsp.wire import Connection
from tierwise.settings.paths import log_file

SWITCH = 0.001
"""Seconds after which a thread that thinks must let the event loop have the interpreter; Python's own 5 ms are felt by
somebody who types while several threads import and index.
"""


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the transports."""
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--stdio", action="store_true", help="standard input and output (the default)")
    how.add_argument("--tcp", metavar="[HOST:]PORT", help="listen on a socket; port 0 takes a free one")
    how.add_argument("--ws", metavar="[HOST:]PORT", help="listen for a WebSocket")
    how.add_argument("--socket", metavar="PATH", type=Path, help="listen at a Unix socket that only you can open")
    parser.add_argument(
        "--token-file",
        metavar="PATH",
        type=Path,
        help="serve only a client whose initializationOptions.token is what this file holds",
    )
    parser.add_argument(
        "--without-token",
        action="store_true",
        help="listen on a socket without one: other users of this machine could use your models and keys",
    )
    parser.add_argument(
        "--public", action="store_true", help="let other machines connect: they could use your models and keys"
    )
    parser.add_argument(
        "--dialect",
        choices=tuple(map(str, Dialect)),
        help="what the client speaks beside the protocol, where it does not say so itself (docs/compatibility.md)",
    )
    parser.add_argument("--log-level", choices=("debug", "info", "warning", "error"), default="info")


def run(args: argparse.Namespace) -> int:
    """Serve one client until it leaves."""
    sys.setswitchinterval(SWITCH)
    listener = start_log(logging.getLevelNamesMapping()[args.log_level.upper()], log_file())
    try:
        return asyncio.run(_serve(args))
    except (OpenDoorError, OSError, ValueError) as error:
        print(f"tierwise lsp: {error}", file=sys.stderr)
        return 2
    finally:
        listener.stop()


async def _serve(args: argparse.Namespace) -> int:
    guard_loop(asyncio.get_running_loop())
    app = App()
    dialect = Dialect(args.dialect) if args.dialect else None
    try:
        return await serve(await _connection(args), [feature(app) for feature in FEATURES], app.live, dialect)
    finally:
        leave()


async def _connection(args: argparse.Namespace) -> Connection:
    if args.public and args.token_file is None:
        raise OpenDoorError("--public lets other machines connect, so it needs --token-file")
    if (args.tcp or args.ws) and args.token_file is None and not args.without_token:
        raise OpenDoorError(
            "other users of this machine can connect to a port: name a --token-file, or say --without-token; "
            "--socket is for you alone"
        )
    token = read_token(args.token_file) if args.token_file else None
    connection = await _transport(args)
    return Guarded(connection, token) if token else connection


async def _transport(args: argparse.Namespace) -> Connection:
    if args.socket:
        from tierwise.lsp.unix import unix

        return await unix(args.socket)
    if args.tcp:
        return await tcp(*_address(args.tcp), public=args.public)
    if args.ws:
        return await ws(*_address(args.ws), public=args.public)
    return await stdio()


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not port.isdecimal() or int(port) > 65_535:
        raise ValueError(f"{text!r} is no address: write HOST:PORT, or PORT for this machine alone")
    return host.strip("[]") or "127.0.0.1", int(port)
