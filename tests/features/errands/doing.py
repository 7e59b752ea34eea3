"""Errands run through a real client, and what must have come of them: in the files, in the editor and in the ledger."""

import json
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

from lsprotocol import types

from desk import sit_down
from features.errands import cart, shop, store
from features.errands.errand import Errand, changed
from projects import PROJECTS, branch, commit, write
from tierwise.ledger.history import Entry, Tried, history
from tierwise.rehearsal import Cue, Line
from workbench import Seat, Workbench

ERRANDS: Mapping[str, tuple[Errand, ...]] = {
    "python": shop.ERRANDS,
    "typescript": cart.ERRANDS,
    "go": store.ERRANDS,
}

ABOVE = {"fast": "mid", "mid": "frontier"}


Say = Callable[[Cue, str], Line]
"""What a model says to a request, where this text is right."""


class Seats:
    """One server for each project, started when its first errand is run."""

    def __init__(self, folder: Path, config: str, open_until: AsyncExitStack) -> None:
        self._folder = folder
        self._config = config
        self._open_until = open_until
        self._seats: dict[str, Seat] = {}

    async def at(self, project: str) -> Seat:
        if project not in self._seats:
            desk = await self._open_until.enter_async_context(sit_down(self._folder / project, config=self._config))
            self._seats[project] = Seat(desk)
        return self._seats[project]


def rightly(_cue: Cue, right: str) -> Line:
    """Say what is right."""
    return Line(text=right)


def at_first(errand: Errand, line: Line) -> Say:
    """Let the first model that is asked for what the errand is about say this, and those after it what is right."""
    asked: list[str] = []

    def say(cue: Cue, right: str) -> Line:
        if right == errand.right:
            asked.append(cue.model)
        return line if right == errand.right and len(asked) == 1 else Line(text=right)

    return say


async def run(bench: Workbench, errand: Errand, say: Say = rightly) -> Any:
    """Run the errand with models that are told what is right and say what they say."""
    await bench.run("clear")
    prepare(bench.desk.root, errand)

    def script(cue: Cue) -> Line:
        if "You judge the answer" in cue.prompt:
            return Line(text='{"score": 1.0, "reason": ""}')
        return say(cue, next((text for words, text in errand.first.items() if words in cue.prompt), errand.right))

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


async def tried(bench: Workbench, errand: Errand, before: set[str], wanted: list[tuple[str, str]]) -> None:
    """Wait until the ledger has this errand's answers: what became of each, the check that failed, and who was next."""
    attempts = await recorded(bench, before, len(wanted))
    assert errand.kind in {entry.kind for entry in recent(bench) if entry.task not in before}
    assert [(attempt.result, fault(attempt)) for attempt in attempts] == wanted
    if len(attempts) > 1 and attempts[-2].result == "rejected":
        assert attempts[-1].tier == ABOVE[attempts[-2].tier]


async def recorded(bench: Workbench, before: set[str], number: int) -> list[Tried]:
    """Return this errand's answers as soon as there are so many in the ledger, else those that there are."""
    with suppress(TimeoutError):  # the caller's assertion says more
        await bench.desk.until(lambda: len(answers(bench, before)) >= number)
    return answers(bench, before)


def answers(bench: Workbench, before: set[str]) -> list[Tried]:
    """Return the answers to all that is not among the tasks from before, the oldest first."""
    entries = [entry for entry in reversed(recent(bench)) if entry.task not in before]
    return [attempt for entry in entries for attempt in entry.attempts if attempt.role == "answer"]


def fault(attempt: Tried) -> str:
    """Return the first check that the answer failed, or an empty string."""
    return next((verdict.check for verdict in attempt.verdicts if not verdict.passed and not verdict.skipped), "")
