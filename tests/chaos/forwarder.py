"""A process between the server and a vendor, to be killed: ``python forwarder.py PORT VENDOR``."""

import asyncio
import sys
from contextlib import suppress


async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes until it ends."""
    with suppress(OSError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    writer.close()


async def forward(port: int, vendor: int) -> None:
    """Listen at one port and speak to the other."""

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", vendor)
        await asyncio.gather(pour(reader, back), pour(there, writer))

    async with await asyncio.start_server(meet, "127.0.0.1", port) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(forward(int(sys.argv[1]), int(sys.argv[2])))
