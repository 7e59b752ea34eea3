"""What `tierwise review` says and does about batches that are under way."""

import asyncio
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tierwise.engine import Engine
    from tierwise.ledger.sent import Posted

LEFT = "What was sent in a batch is answered without you: the same command, run again, takes the answers."


def say(sentence: str) -> None:
    """Tell the user something while the command runs."""
    print(sentence, file=sys.stderr)


async def under_way(engine: "Engine", root: Path) -> "list[Posted]":
    """Return what of a workspace's batches is not in the ledger yet."""
    from tierwise.ledger.rows import workspace_at

    post = engine.parts.post
    return await asyncio.to_thread(post.sent.of_workspace, workspace_at(str(root))) if post else []


async def remind(engine: "Engine", root: Path) -> None:
    """Say that something was sent whose answers this run does not take."""
    entries = await under_way(engine, root)
    if entries:
        since = datetime.fromtimestamp(entries[0].at).astimezone().strftime("%Y-%m-%d %H:%M")
        count = "1 question is in a batch" if len(entries) == 1 else f"{len(entries)} questions are in batches"
        say(f"{count} since {since}: `tierwise review --batch` takes what is answered.")


async def call_off(engine: "Engine", root: Path) -> int:
    """Cancel a workspace's batches, book what of them is answered and say so; return the exit code."""
    from tierwise.core.reply import ProviderError
    from tierwise.ledger.rows import workspace_at

    post = engine.parts.post
    try:
        count = await post.cancel(workspace_at(str(root))) if post else 0
    except ProviderError as error:
        say(f"tierwise review: {error}")
        return 1
    await engine.tidy(str(root))
    rest = len({entry.batch for entry in await under_way(engine, root)})
    later = f" {rest} of them still end; what they cost is booked by the next run with --batch." if rest else ""
    say(f"{count} batches were cancelled.{later}" if count else "No batch is under way for this workspace.")
    return 0
