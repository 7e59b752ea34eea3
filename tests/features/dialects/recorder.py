"""``recorder.py FILE COMMAND...``: stand between a plugin and its server, and write down what the plugin says.

A plugin is given this as its server, with ``python -m tierwise lsp`` as the command. Each line of the file is a message
without what all have in common; put ``ROOT`` for the URI of the folder it was about before it is kept.
"""

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO


def read(stream: IO[bytes]) -> bytes:
    """Return one message with its header; empty at the end."""
    header = b""
    while not header.endswith(b"\r\n\r\n"):
        byte = stream.read(1)
        if not byte:
            return b""
        header += byte
    length = next(line for line in header.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return header + stream.read(int(length.partition(b":")[2]))


def pass_on(source: IO[bytes], sink: IO[bytes], kept: Path | None = None) -> None:
    """Pass messages on until there are no more."""
    while data := read(source):
        if kept is not None:
            message = json.loads(data.partition(b"\r\n\r\n")[2])
            said = {name: message[name] for name in ("id", "method", "params") if name in message}
            with kept.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(said, ensure_ascii=False) + "\n")
        sink.write(data)
        sink.flush()
    sink.close()


def main() -> None:
    """Start the server and stand between."""
    server = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert server.stdin is not None
    assert server.stdout is not None
    said = (sys.stdin.buffer, server.stdin, Path(sys.argv[1]))
    threading.Thread(target=pass_on, args=said, daemon=True).start()
    pass_on(server.stdout, sys.stdout.buffer)


if __name__ == "__main__":
    main()
