"""Real editing replayed: what suggestions cost per 1,000 characters typed, and how much is served without a call.

``BENCH_HISTORY=/path/to/repository make bench`` points it at any repository, ``BENCH_COMMITS`` says how many commits to
look at; without it, this one is taken.
"""

import asyncio
import os
import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bench.history_typed import Addition, additions
from bench.timeless import LoopClock, run
from bench.typists import Typist
from features.suggestions.stage import Stage
from tierwise.core.text import Position
from tierwise.rehearsal import Cue, Line
from tierwise.settings.suggestions import SuggestionSettings

REPOSITORY = Path(os.environ.get("BENCH_HISTORY", Path(__file__).parents[2]))
COMMITS = int(os.environ.get("BENCH_COMMITS", "100"))
KEYS = 8_000
BACKEND = 0.3
"""Seconds that the model takes."""
LOOKS = 0.6
"""Seconds between two keys from which on the user looks at what is shown."""


@dataclass
class Truth:
    """Says the rest of the line as it will be written, in so many of a hundred places, else something else."""

    share: int
    rest: str = ""

    def __call__(self, cue: Cue) -> Line:
        draw = random.Random(cue.prompt)
        right = draw.randrange(100) < self.share and self.rest.strip()
        return Line(text=self.rest if right else f"other_{draw.randrange(999)}()", delay=BACKEND)


@dataclass
class Editing:
    """Writes additions with suggestions at hand; what is right and seen is taken."""

    stage: Stage
    truth: Truth
    draw: random.Random
    typist: Typist
    keys: int = 0
    characters: int = 0
    seen: set[str] = field(default_factory=set[str])

    async def write(self, addition: Addition) -> None:
        lines = addition.before.splitlines(keepends=True)
        before, after = "".join(lines[: addition.at]), "".join(lines[addition.at :])
        self.stage.open(before + "‸\n" + after, addition.language)
        self.stage.cursor = Position(addition.at, 0)
        for line in addition.lines:
            await self._line(line.rstrip("\r\n"))
            if self.keys > KEYS:
                break

    async def _line(self, line: str) -> None:
        indent = line[: len(line) - len(line.lstrip())]
        if indent:
            self.stage.insert(indent)
        done = len(indent)
        while done < len(line):
            done += await self._key(line, done)
        self.stage.insert("\n")
        self.keys += 1
        await self.stage.passes(self.typist.gap("\n", self.draw))

    async def _key(self, line: str, done: int) -> int:
        """Type one key, ask, and take what is right where it is seen; return how many characters that made."""
        self.truth.rest = line[done + 1 :]
        self.stage.insert(line[done])
        self.keys += 1
        self.characters += 1
        stops = self.draw.random() < self.typist.stops_after(line[done])
        gap = self.draw.uniform(1.0, 4.0) if stops else self.typist.gap(line[done], self.draw)
        asked = asyncio.create_task(self.stage.ask())
        await self.stage.passes(gap)
        if gap < LOOKS or not asked.done():
            return 1
        found = asked.result()
        self.seen.update(rest.answer.task_id for rest in found)
        if found and line[done + 1 :].startswith(found[0].text):
            taken = found[0].text
            self.stage.insert(taken)
            self.characters += len(taken)
            return 1 + len(taken)
        return 1


@pytest.mark.bench
@pytest.mark.parametrize("share", [20, 50], ids=["a model right in 20 of 100 places", "right in 50 of 100"])
def test_what_a_thousand_characters_cost(share: int) -> None:
    run(lambda: _replayed(share))


async def _replayed(share: int) -> None:
    draw = random.Random(5)
    truth = Truth(share)
    stage = Stage(timed=LoopClock(), wishes=SuggestionSettings(ahead="never"))
    stage.script.say = truth
    editing = Editing(stage, truth, draw, Typist.somebody(draw))
    for addition in additions(REPOSITORY, COMMITS):
        await editing.write(addition)
        if editing.keys > KEYS:
            break
    await asyncio.sleep(1.0)
    await (await stage.engine()).settle()
    attempts, tally = stage.book.attempts, stage.suggester.tally
    if not editing.characters:
        pytest.skip(f"{REPOSITORY} has no history to type")
    thousand = editing.characters / 1_000
    tokens, spent = sum(one.usage.total for one in attempts), sum(one.cost or 0.0 for one in attempts)
    unseen = [outcome for outcome in stage.book.outcomes if outcome.task.id not in editing.seen]
    wasted = sum(outcome.cost or 0.0 for outcome in unseen)
    print(f"\n\n{editing.characters} characters in {editing.keys} keys, from {REPOSITORY.name}; right in {share} %")
    print(f"calls per 1,000 characters        {len(attempts) / thousand:8.1f}  ({len(unseen)} answers never seen)")
    print(f"tokens per 1,000 characters       {tokens / thousand:8.0f}")
    print(f"requests                          {tally.requests:8}")
    print(f"  served without a call           {tally.remembered / tally.requests:8.1%}")
    print(f"  nothing to ask, or overtaken    {1 - (tally.remembered + len(attempts)) / tally.requests:8.1%}")
    print(f"dollars per 1,000 characters      {spent / thousand:8.4f}  at $1 / $5 a million tokens")
    print(f"  of them for what was never seen {wasted / thousand:8.4f}")
    assert attempts
