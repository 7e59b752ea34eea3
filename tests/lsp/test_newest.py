"""Newest wins: older work under the same key ends at once and answers empty."""

import asyncio

import pytest

from tierwise.lsp.newest import Newest


class Line:
    """Somebody who waits on a connection, and notes how it ended."""

    def __init__(self) -> None:
        self.closed = False
        self.release = asyncio.Event()

    async def talk(self) -> str:
        try:
            await self.release.wait()
            return "said"
        finally:
            self.closed = True


async def test_the_older_answers_empty_and_its_connection_is_closed() -> None:
    newest, older, newer = Newest(), Line(), Line()
    first = asyncio.create_task(newest.run("a", "empty", older.talk()))
    await asyncio.sleep(0)
    second = asyncio.create_task(newest.run("a", "empty", newer.talk()))
    assert await first == "empty"
    assert older.closed
    newer.release.set()
    assert await second == "said"


async def test_other_keys_are_left_alone() -> None:
    newest, one, other = Newest(), Line(), Line()
    tasks = [asyncio.create_task(newest.run(line, "empty", line.talk())) for line in (one, other)]
    await asyncio.sleep(0)
    one.release.set()
    other.release.set()
    assert await asyncio.gather(*tasks) == ["said", "said"]


async def test_in_a_burst_only_the_last_is_answered() -> None:
    newest, lines = Newest(), [Line() for _ in range(5)]
    tasks = [asyncio.create_task(newest.run("a", "empty", line.talk())) for line in lines]
    await asyncio.sleep(0)
    lines[-1].release.set()
    assert await asyncio.gather(*tasks) == ["empty"] * 4 + ["said"]
    assert all(line.closed for line in lines)


async def test_a_cancellation_from_outside_is_not_swallowed() -> None:
    newest, line = Newest(), Line()
    task = asyncio.create_task(newest.run("a", "empty", line.talk()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert line.closed


async def test_cancelled_and_overtaken_at_once_counts_as_cancelled() -> None:
    newest, line = Newest(), Line()
    task = asyncio.create_task(newest.run("a", "empty", line.talk()))
    await asyncio.sleep(0)
    newer = asyncio.create_task(newest.run("a", "empty", asyncio.sleep(0, "said")))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await newer == "said"


async def test_work_that_keeps_its_cancellation_to_itself_answers_empty_all_the_same() -> None:
    async def stubborn() -> str:
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            pass
        return "late"

    newest = Newest()
    task = asyncio.create_task(newest.run("a", "empty", stubborn()))
    await asyncio.sleep(0)
    assert await newest.run("a", "empty", asyncio.sleep(0, "said")) == "said"
    assert await task == "empty"
    assert task.cancelling() == 0


async def test_a_failure_goes_through_and_frees_the_key() -> None:
    async def fail() -> str:
        raise ValueError

    newest = Newest()
    with pytest.raises(ValueError):  # noqa: PT011 - the type is all there is
        await newest.run("a", "empty", fail())
    assert await newest.run("a", "empty", asyncio.sleep(0, "said")) == "said"
