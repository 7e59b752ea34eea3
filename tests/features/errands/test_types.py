"""Answers whose types are wrong: the project's own checker catches them, and the next tier is told why."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio

import compilers
from desk import TIERS
from features.errands import cart, shop, store
from features.errands.doing import ERRANDS, Seats, at_first, landed, recorded, run, seen, tried
from features.errands.errand import Errand, said
from projects import PROJECTS, PYTHON
from tierwise.rehearsal import Line
from workbench import block

pytestmark = pytest.mark.asyncio(loop_scope="module")

CONFIG = f"""{TIERS}
[routing]
mode = "cascade"
triage = false
[checks]
types_seconds = 60
[ledger]
answers = false
"""

CHECKED: Mapping[str, Mapping[str, str]] = {
    "python": {"pyrightconfig.json": "{}"},
    "typescript": {"tsconfig.json": compilers.STRICT},
    "go": {},
}
"""What lets a project be checked, by its name."""

MARKS = {"python": (), "typescript": compilers.TSC, "go": compilers.GO}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def seats(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Seats]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", compilers.path())
        async with AsyncExitStack() as open_until:
            yield Seats(tmp_path_factory.mktemp("types"), CONFIG, open_until)


def case(project: str, kind: str, reply: str) -> Any:
    errand = next(errand for errand in ERRANDS[project] if errand.kind == kind)
    return pytest.param(project, errand, reply, id=f"{project}-{kind}", marks=MARKS[project])


def wrong(project: str, kind: str, right: str, otherwise: str) -> Any:
    """Return the case of an answer in which something else stands in place of what is right."""
    errand = next(errand for errand in ERRANDS[project] if errand.kind == kind)
    assert right in errand.new
    return case(project, kind, said(errand, errand.new.replace(right, otherwise)))


@pytest.mark.parametrize(
    ("project", "errand", "reply"),
    [
        wrong("python", "edit", "round(gross * rate / 100)", "len(100)"),
        wrong("typescript", "fix", "line.count, 0", "line.count, ''"),
        wrong("go", "fix", "return value, nil", "return ok, nil"),
    ],
)
async def test_a_wrong_type_climbs_and_the_next_tier_is_told_why(
    seats: Seats, project: str, errand: Errand, reply: str
) -> None:
    seat = await seats.at(project)
    for bench in seat.lay({**PROJECTS[project], **CHECKED[project]}):
        before = seen(bench)
        await run(bench, errand, at_first(errand, Line(text=reply)))
        assert bench.texts == {**landed(project, errand), **CHECKED[project]}
        await tried(bench, errand, before, [("rejected", "types"), ("accepted", "")])
        assert "1 new type error" in str(bench.desk.vendors.requests[-1].body)


@pytest.mark.parametrize(
    ("project", "errand", "reply"),
    [
        case("python", "refactor_files", block(PYTHON[shop.ORDERS], f"{PYTHON[shop.ORDERS]}\n", shop.ORDERS)),
        case(
            "typescript",
            "refactor_files",
            block("  return total(lines).toFixed(2);\n", "  return total(lines).toFixed(3);\n", cart.TILL),
        ),
        case("go", "refactor_files", block("\t\tt.Fatal(err)\n", "\t\tt.Error(err)\n", store.TESTS)),
    ],
)
async def test_a_file_that_no_longer_fits_the_others_is_done_again(
    seats: Seats, project: str, errand: Errand, reply: str
) -> None:
    """Each part is well by itself; a checker that looks at all of them finds the name that is gone."""
    seat = await seats.at(project)
    for bench in seat.lay({**PROJECTS[project], **CHECKED[project]}):
        before = seen(bench)
        await run(bench, errand, at_first(errand, Line(text=reply)))
        assert bench.texts == {**landed(project, errand), **CHECKED[project]}
        assert len(bench.applied) == 1
        attempts = await recorded(bench, before, 4)
        assert [attempt.tier for attempt in attempts] == ["frontier", "mid", "mid", "frontier"]
        asked = str(bench.desk.vendors.requests[-1].body)
        assert f"Your file: {errand.into}" in asked
        assert "It failed the check types: 1 new type error" in asked
