"""What can go wrong on the way, each as vendors and gateways really do it."""

import asyncio
import random
import socket
import struct
from typing import cast

FAULTS = {
    "status": "answer with an error status, in the vendor's own format",
    "error_200": "answer 200 with an error object instead of a stream",
    "error_event": "begin to stream, then send an error event",
    "html": "answer 200 with a web page, as a proxy's login does",
    "redirect": "send the request elsewhere",
    "reset": "reset the connection before any answer",
    "reset_midway": "reset the connection in the middle of the answer",
    "hangup": "close the connection in the middle of the answer",
    "cut": "end the answer in the middle, politely",
    "empty": "answer 200 with a stream without events",
    "silence": "take the request and never answer",
    "stall": "begin to answer and never go on",
    "drip": "send the answer byte by byte",
    "garbage": "stream bytes that are no events at all",
    "broken_json": "stream an event whose data is not JSON",
    "strange_json": "stream an event of another shape than the interface's",
    "invalid_utf8": "stream an event whose text is not UTF-8",
}
"""The faults by name, with what they do."""

MIDWAY = frozenset(
    {"error_event", "reset_midway", "hangup", "cut", "stall", "broken_json", "strange_json", "invalid_utf8"}
)
"""Those that strike after some tokens."""

PAGE = b"<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in to the network</h1></body></html>"


def reset(transport: asyncio.Transport) -> None:
    """Close so that the peer gets a TCP reset instead of an orderly end."""
    sock = cast("socket.socket | None", transport.get_extra_info("socket"))
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def garbage(seed: int) -> bytes:
    """Return some kilobytes of the same noise for the same seed."""
    return random.Random(seed).randbytes(4096)
