"""The real server with a probe of its event loop; the argument is the file that the measurements go to: pairs of when
(seconds since the start) and by how much (seconds) the loop was late.
"""

import asyncio
import json
import sys
from pathlib import Path

from tierwise.app import App
from tierwise.cli.lsp import SWITCH
from tierwise.features import FEATURES
from tierwise.lsp.server import serve
from tierwise.lsp.stdio import stdio

TICK = 0.001
"""Seconds between two looks at the clock."""


async def main(report: Path) -> int:
    late: list[tuple[float, float]] = []

    async def probe() -> None:
        loop = asyncio.get_running_loop()
        start = loop.time()
        while True:
            due = loop.time() + TICK
            await asyncio.sleep(TICK)
            late.append((due - start, loop.time() - due))

    probing = asyncio.create_task(probe())
    sys.setswitchinterval(SWITCH)
    app = App()
    code = await serve(await stdio(), [feature(app) for feature in FEATURES], app.live)
    probing.cancel()
    await asyncio.to_thread(report.write_text, json.dumps(late), "utf-8")
    return code


if __name__ == "__main__":
    sys.exit(asyncio.run(main(Path(sys.argv[1]))))
