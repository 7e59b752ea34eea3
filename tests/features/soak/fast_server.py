"""The real server on a clock that runs faster; its one argument says how much."""

import asyncio
import sys

from tierwise.app import App
from tierwise.features import FEATURES, suggestions
from tierwise.features.suggestions.clock import Clock
from tierwise.lsp.server import serve
from tierwise.lsp.stdio import stdio


async def main(speed: float) -> int:
    app, clock = App(), Clock(speed)
    features = [
        feature(app, clock) if feature is suggestions.feature else feature(app)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
        for feature in FEATURES
    ]
    return await serve(await stdio(), features, app.live)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(float(sys.argv[1]))))
