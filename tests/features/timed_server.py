"""The real server, which says what it will do by itself: ``test/timers`` answers with what each timer will call.

What waits for seconds or minutes and then ends waits for a moment here; what begins again and again is seen.
"""

import asyncio
import sys
from typing import Any

from tierwise.app import App, learning, money
from tierwise.engine import pool
from tierwise.features import FEATURES
from tierwise.features.suggestions import retention
from tierwise.lsp import Feature, Session
from tierwise.lsp.server import serve
from tierwise.lsp.stdio import stdio

MOMENT = 0.01


async def timers(session: Session, params: object) -> list[str]:
    handles: list[Any] = getattr(asyncio.get_running_loop(), "_scheduled")  # noqa: B009 - it is private to asyncio
    return sorted(handle._callback.__qualname__ for handle in handles if not handle.cancelled())


async def main() -> int:
    learning.EVERY = money.INTERVAL = retention.LOOKS = pool.GRACE = MOMENT
    app = App()
    features = [feature(app) for feature in FEATURES]
    features.append(Feature(name="timers", requests={"test/timers": timers}))
    return await serve(await stdio(), features, app.live)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
