"""Work that follows what happens: at once, not too often, and never by itself."""

import asyncio

from tierwise.engine.seldom import Seldom

EVER = 3600.0


def scheduled() -> int:
    return sum(not handle.cancelled() for handle in getattr(asyncio.get_running_loop(), "_scheduled"))  # noqa: B009


async def turns(count: int = 5) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_it_is_done_at_once_and_not_again_too_soon() -> None:
    done: list[int] = []

    async def work() -> None:
        done.append(len(done))

    seldom = Seldom(work, EVER)
    for _ in range(3):
        seldom.stir()
        await turns()
    assert done == [0]
    seldom.stop()


async def test_what_stirs_meanwhile_is_followed_afterwards() -> None:
    done: list[int] = []

    async def work() -> None:
        done.append(len(done))
        if len(done) == 1:
            seldom.stir()

    seldom = Seldom(work, 0.0)
    seldom.stir()
    await turns(10)
    assert done == [0, 1]


async def test_when_nothing_stirs_any_more_no_timer_is_left() -> None:
    async def work() -> None:
        return

    seldom = Seldom(work, 0.001)
    assert scheduled() == 0
    seldom.stir()
    await turns()
    assert scheduled() == 1
    await asyncio.sleep(0.01)
    await turns()
    assert scheduled() == 0


async def test_work_that_failed_is_begun_anew_by_what_stirs_next() -> None:
    done: list[int] = []

    async def work() -> None:
        done.append(len(done))
        raise OSError

    seldom = Seldom(work, EVER)
    for _ in range(2):
        seldom.stir()
        await turns()
    assert done == [0, 1]
