"""What the measurements of the language server share: a client that adds little time of its own, and statistics."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, Self

SERVER = str(Path(__file__).parent / "keystroke_server.py")
KINDS = ("floor", "pygls", "tierwise")


def framed(message: object) -> bytes:
    """Return a message as it goes over the wire."""
    body = json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


class PipeClient:
    """A blocking client on a server's pipes; started at ``started``."""

    def __init__(self, kind: str) -> None:
        self.started = perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, SERVER, kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in, self._out = self._process.stdin.fileno(), self._process.stdout.fileno()
        self._buffer = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def write(self, data: bytes) -> None:
        """Write all of it."""
        while data:
            data = data[os.write(self._in, data) :]

    def read(self) -> bytes:
        """Return the next message's body."""
        while (end := self._buffer.find(b"\r\n\r\n")) < 0:
            self._fill()
        length = int(self._buffer[:end].split(b"\r\n")[0].split(b":")[1])
        stop = end + 4 + length
        while len(self._buffer) < stop:
            self._fill()
        body, self._buffer = self._buffer[end + 4 : stop], self._buffer[stop:]
        return body

    def ask(self, request: int, method: str, params: object) -> Any:
        """Ask and return the answer."""
        self.write(framed({"jsonrpc": "2.0", "id": request, "method": method, "params": params}))
        return json.loads(self.read())

    def tell(self, method: str, params: object) -> None:
        """Say a notification."""
        self.write(framed({"jsonrpc": "2.0", "method": method, "params": params}))

    def memory(self) -> float:
        """Return the server's resident memory in MB (Linux)."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))

    def _fill(self) -> None:
        data = os.read(self._out, 1 << 20)
        if not data:
            raise EOFError("the server is gone")
        self._buffer += data


def percentile(samples: Sequence[float], share: float) -> float:
    """Return the sample below which that share of them lies."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def row(name: str, samples: Sequence[float], note: str = "") -> str:
    """Return a line with the median and the 99th percentile, in milliseconds."""
    middle, tail = percentile(samples, 0.5) * 1e3, percentile(samples, 0.99) * 1e3
    return f"{name:<28} p50 {middle:8.3f} ms   p99 {tail:8.3f} ms   {note}"
