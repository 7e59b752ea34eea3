"""Every kind of work in three real projects: right answers land to the letter, wrong ones are caught and climb."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio

from desk import TIERS
from features.errands.doing import ERRANDS, Seats, assert_given, at_first, landed, others, run, seen, tried
from features.errands.errand import Errand, varied
from features.errands.spoiled import Spoiled, mark, spoiled
from projects import PROJECTS
from tierwise import tasks

pytestmark = pytest.mark.asyncio(loop_scope="module")

CONFIG = f"""{TIERS}
[routing]
mode = "cascade"
triage = false
[checks]
types = false  # what a compiler finds depends on what is installed
[ledger]
answers = false
[[rules]]
name = "let the mid tier try first what has nobody above it"
when.kinds = ["debug", "migrate", "optimise"]
ladder = ["mid", "frontier"]
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def seats(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Seats]:
    async with AsyncExitStack() as open_until:
        yield Seats(tmp_path_factory.mktemp("errands"), CONFIG, open_until)


def cases() -> list[Any]:
    return [
        pytest.param(name, errand, id=f"{name}-{errand.kind}")
        for name, errands in ERRANDS.items()
        for errand in errands
    ]


def wrong_cases() -> list[Any]:
    """Return every way of going wrong in each project."""
    return [
        pytest.param(
            name,
            varied(PROJECTS[name], errand, f"{mark(errand)} {number}"),
            wrong,
            id=f"{name}-{errand.kind}-{wrong.name}",
        )
        for name, errands in ERRANDS.items()
        for errand in errands
        if errand.task.gives == "edit"
        for number, wrong in enumerate(spoiled(errand))
    ]


@pytest.mark.parametrize("project", ERRANDS)
async def test_every_kind_that_can_be_asked_for_has_an_errand_in_each_project(project: str) -> None:
    assert {errand.kind for errand in ERRANDS[project]} == {kind.name for kind in tasks.offered()}


@pytest.mark.parametrize(("project", "errand"), cases())
async def test_a_right_answer_comes_to_exactly_what_it_says(seats: Seats, project: str, errand: Errand) -> None:
    seat = await seats.at(project)
    for bench in seat.lay({**PROJECTS[project], **errand.laid}):
        before = seen(bench)
        done = await run(bench, errand)
        assert bench.texts == landed(project, errand)
        assert_given(bench, errand, done)
        await tried(bench, errand, before, [*others(errand), ("accepted", "")])


@pytest.mark.parametrize(("project", "errand", "wrong"), wrong_cases())
async def test_a_wrong_answer_is_caught_by_its_check_and_the_next_tier_does_it(
    seats: Seats, project: str, errand: Errand, wrong: Spoiled
) -> None:
    seat = await seats.at(project)
    for bench in seat.lay({**PROJECTS[project], **errand.laid}):
        before = seen(bench)
        await run(bench, errand, at_first(errand, wrong.line))
        assert bench.texts == landed(project, errand)
        rejected = [("rejected", wrong.caught)] if wrong.caught else []
        await tried(bench, errand, before, [*others(errand), *rejected, ("accepted", "")])


@pytest.mark.parametrize(("project", "errand"), [case for case in cases() if case.values[1].task.gives == "edit"])
async def test_a_file_keeps_its_line_ends(seats: Seats, project: str, errand: Errand) -> None:
    """The model answers with plain line ends; a file that it makes by itself has them too."""
    seat = await seats.at(project)
    laid = {**PROJECTS[project], **errand.laid}
    for bench in seat.lay({name: text.replace("\n", "\r\n") for name, text in laid.items()}):
        await run(bench, errand)
        wanted = landed(project, errand)
        made = wanted.keys() - laid.keys() if errand.kind == "translate" else set()
        ends = {name: "\n" if name in made else "\r\n" for name in wanted}
        assert bench.texts == {name: text.replace("\n", ends[name]) for name, text in wanted.items()}
