"""Every kind of work in three real projects: right answers land to the letter, wrong ones are caught and climb."""

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from lsprotocol import types

from desk import TIERS, sit_down
from features.errands import cart, shop, store
from features.errands.errand import Errand, changed, varied
from features.errands.spoiled import Spoiled, mark, spoiled
from projects import PROJECTS, PYTHON, branch, commit, write
from tierwise import tasks
from tierwise.ledger.history import Entry, Tried, history
from tierwise.rehearsal import Cue, Line
from workbench import Seat, Workbench

pytestmark = pytest.mark.asyncio(loop_scope="module")

ERRANDS: Mapping[str, tuple[Errand, ...]] = {
    "python": shop.ERRANDS,
    "typescript": cart.ERRANDS,
    "go": store.ERRANDS,
}

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

ABOVE = {"fast": "mid", "mid": "frontier"}


class Seats:
    """One server for each project, started when its first errand is run."""

    def __init__(self, folder: Path, open_until: AsyncExitStack) -> None:
        self._folder = folder
        self._open_until = open_until
        self._seats: dict[str, Seat] = {}

    async def at(self, project: str) -> Seat:
        if project not in self._seats:
            desk = await self._open_until.enter_async_context(sit_down(self._folder / project, config=CONFIG))
            self._seats[project] = Seat(desk)
        return self._seats[project]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def seats(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Seats]:
    async with AsyncExitStack() as open_until:
        yield Seats(tmp_path_factory.mktemp("errands"), open_until)


def cases() -> list[Any]:
    return [
        pytest.param(name, errand, id=f"{name}-{errand.kind}")
        for name, errands in ERRANDS.items()
        for errand in errands
    ]


def wrong_cases() -> list[Any]:
    """Return every way of going wrong in one project, and in the others those that depend on the language."""
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
        if wrong.syntax or name == "python"
    ]


@pytest.mark.parametrize("project", ERRANDS)
async def test_every_kind_that_can_be_asked_for_has_an_errand_in_each_project(project: str) -> None:
    assert {errand.kind for errand in ERRANDS[project]} == {kind.name for kind in tasks.offered()}


@pytest.mark.parametrize(("project", "errand"), cases())
async def test_a_right_answer_comes_to_exactly_what_it_says(seats: Seats, project: str, errand: Errand) -> None:
    seat = await seats.at(project)
    for bench in seat.lay({**PROJECTS[project], **errand.laid}):
        before = seen(bench)
        done = await run(bench, errand, Line(text=errand.right))
        assert bench.texts == landed(project, errand)
        assert_given(bench, errand, done)
        await tried(bench, before, [*others(errand), ("accepted", "")])


@pytest.mark.parametrize(("project", "errand", "wrong"), wrong_cases())
async def test_a_wrong_answer_is_caught_by_its_check_and_the_next_tier_does_it(
    seats: Seats, project: str, errand: Errand, wrong: Spoiled
) -> None:
    seat = await seats.at(project)
    for bench in seat.lay({**PROJECTS[project], **errand.laid}):
        before = seen(bench)
        await run(bench, errand, wrong.line)
        assert bench.texts == landed(project, errand)
        rejected = [("rejected", wrong.caught)] if wrong.caught else []
        await tried(bench, before, [*others(errand), *rejected, ("accepted", "")])


@pytest.mark.parametrize(
    "errand", [errand for errand in shop.ERRANDS if errand.task.gives == "edit"], ids=lambda one: one.kind
)
async def test_a_file_keeps_its_line_ends(seats: Seats, errand: Errand) -> None:
    """The model answers with plain line ends; a file that it makes by itself has them too."""
    seat = await seats.at("python")
    laid = {**PYTHON, **errand.laid}
    for bench in seat.lay({name: text.replace("\n", "\r\n") for name, text in laid.items()}):
        await run(bench, errand, Line(text=errand.right))
        wanted = landed("python", errand)
        made = wanted.keys() - laid.keys() if errand.kind == "translate" else set()
        ends = {name: "\n" if name in made else "\r\n" for name in wanted}
        assert bench.texts == {name: text.replace("\n", ends[name]) for name, text in wanted.items()}


async def run(bench: Workbench, errand: Errand, first: Line) -> Any:
    """Run the errand; the first model that is asked says ``first``, those after it what is right."""
    await bench.run("clear")
    prepare(bench.desk.root, errand)
    asked: list[str] = []

    def script(cue: Cue) -> Line:
        if "You judge the answer" in cue.prompt:
            return Line(text='{"score": 1.0, "reason": ""}')
        for words, text in errand.first.items():
            if words in cue.prompt:
                return Line(text=text)
        asked.append(cue.model)
        return first if len(asked) == 1 else Line(text=errand.right)

    bench.desk.say(script)
    return await bench.run(errand.kind, errand.file, place(bench, errand), **more(errand))


def prepare(root: Path, errand: Errand) -> None:
    """Give the folder the history that the errand is about."""
    if not errand.history:
        return
    commit(root)
    branched = errand.history == "branched"
    if branched:
        branch(root, "more")
    write({errand.file: (root / errand.file).read_text() + "\n"}, root)
    if branched:
        commit(root, "Say more")


def place(bench: Workbench, errand: Errand) -> tuple[int, int, int, int] | None:
    """Return where the cursor stands or what is selected."""
    if not errand.file or not (errand.at or errand.chosen):
        return None
    text = bench.texts[errand.file]
    ends = "\r\n" if "\r\n" in text else "\n"
    start = text.index((errand.at or errand.chosen).replace("\n", ends))
    end = start + len(errand.chosen.replace("\n", ends))
    points = [(text.count("\n", 0, at), at - text.rfind("\n", 0, at) - 1) for at in (start, end)]
    return (*points[0], *points[1])


def more(errand: Errand) -> dict[str, Any]:
    return {**errand.more, **({"instruction": errand.said} if errand.said else {})}


def landed(project: str, errand: Errand) -> Mapping[str, str]:
    """Return the texts that all files have afterwards."""
    texts = {**PROJECTS[project], **errand.laid, **changed(PROJECTS[project], errand)}
    return {name: text for name, text in texts.items() if text is not None}


def assert_given(bench: Workbench, errand: Errand, done: Any) -> None:
    """Check what the command returned and showed besides edits."""
    if errand.value is not None:
        same = errand.task.form == "json_reply" or errand.kind == "search"
        assert (json.loads(done) == json.loads(errand.value)) if same else done == errand.value
    if errand.report is not None:
        assert bench.shown == [Path(done["uri"].removeprefix("file://"))]
        assert bench.shown[0].read_text().startswith(f"{errand.report}\n\n---\n")
    if errand.found is not None:
        assert done["findings"] == len(errand.found)
        told = bench.desk.client.diagnostics[(bench.desk.root / errand.file).as_uri()]
        assert [(item.range.start.line, title(item)) for item in told] == list(errand.found)


def title(item: types.Diagnostic) -> str:
    return str(item.message).partition("\n")[0]


def seen(bench: Workbench) -> set[str]:
    return {entry.task for entry in recent(bench)}


def recent(bench: Workbench) -> tuple[Entry, ...]:
    path = bench.desk.data / "ledger.sqlite3"
    return history(path, last=8) if path.exists() else ()


def others(errand: Errand) -> list[tuple[str, str]]:
    """Return what becomes of the answers of those who are asked before the one that the errand is about."""
    return [("accepted", "")] * len(errand.first)


async def tried(bench: Workbench, before: set[str], wanted: list[tuple[str, str]]) -> None:
    """Wait until the ledger has this errand's answers: what became of each, the check that failed, and who was next."""
    with suppress(TimeoutError):  # the assertion says more
        await bench.desk.until(lambda: len(answers(bench, before)) >= len(wanted))
    attempts = answers(bench, before)
    assert [(attempt.result, fault(attempt)) for attempt in attempts] == wanted
    if len(attempts) > 1 and attempts[-2].result == "rejected":
        assert attempts[-1].tier == ABOVE[attempts[-2].tier]


def answers(bench: Workbench, before: set[str]) -> list[Tried]:
    """Return the answers to all that is not among the tasks from before, the oldest first."""
    entries = [entry for entry in reversed(recent(bench)) if entry.task not in before]
    return [attempt for entry in entries for attempt in entry.attempts if attempt.role == "answer"]


def fault(attempt: Tried) -> str:
    """Return the first check that the answer failed, or an empty string."""
    return next((verdict.check for verdict in attempt.verdicts if not verdict.passed and not verdict.skipped), "")
