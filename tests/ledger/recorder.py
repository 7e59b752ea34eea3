"""An editor's process, for tests that kill it: records outcomes, and says of each, in a line, that it is safe now.

Arguments: the ledger's file, a name for the tasks, and how many outcomes to record.
"""

import asyncio
import sys
from pathlib import Path

from ledger.outcomes import accepted, outcome
from tierwise.ledger.sqlite import open as open_ledger


async def record(path: Path, name: str, count: int) -> None:
    ledger = open_ledger(path)
    for number in range(count):
        task = f"{name}-{number}"
        await ledger.record(outcome(accepted(), id=task))
        sys.stdout.write(f"{task}\n")
        sys.stdout.flush()
    await ledger.close()


if __name__ == "__main__":
    asyncio.run(record(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
