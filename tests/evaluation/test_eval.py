"""Measuring tiers on one's own code: sound puzzles, honest grades, budgets kept, runs taken up again."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from checks.projects import LEAN, project
from engine.house import build
from tierwise.checks import Allowed, Site
from tierwise.cli import main
from tierwise.core.exchange import Exchange
from tierwise.core.model import Model, Price, Tier
from tierwise.engine import Engine
from tierwise.evaluation.collecting import collect
from tierwise.evaluation.grading import Grader
from tierwise.evaluation.puzzles import Puzzle, Sort, of_file
from tierwise.evaluation.record import RecordError, mend, read
from tierwise.evaluation.summary import summarise, wilson
from tierwise.evaluation.trial import Plan, Trial
from tierwise.providers import Provider
from tierwise.rehearsal import Line

CODE = '''\
def clamp(value, low, high):
    """Return the value within the bounds."""
    if value < low:
        return low
    return high if value > high else value


def mean(values):
    """Return the arithmetic mean, 0 for none."""
    total = sum(values)
    count = len(values)
    return total / count if count else 0.0


def unused(x):
    y = x * 2 + 1
    return y - 1
'''
TEST = """\
from numbers_ import clamp, mean


def test_clamp():
    assert [clamp(n, 0, 5) for n in (-1, 3, 9)] == [0, 3, 5]


def test_mean():
    assert mean([1, 2, 3]) == 2
    assert mean([]) == 0.0
"""
FILES = {"numbers_.py": CODE, "tests/test_numbers.py": TEST, "pytest.ini": LEAN}
BODIES = [Sort.BODY]


def grader(root: Path) -> Grader:
    return Grader(Site(root=root, allowed=Allowed(trusted=(root,), tests=True, unconfined=True, tests_seconds=20)))


def fenced(name: str) -> str:
    """Return a function of the code, as a perfect model answers."""
    start = CODE.index(f"def {name}")
    return f"```python\n{CODE[start:].split(chr(10) * 3, maxsplit=1)[0]}\n```"


PERFECT = {"clamp": fenced("clamp"), "mean": fenced("mean")}
SLOPPY = {"clamp": fenced("clamp"), "mean": "```python\ndef mean(values):\n    return sum(values) / len(values)\n```"}


def models(**by_tier: float) -> dict[str, Tier]:
    """Return tiers whose one model bears their name, by dollars per million tokens."""
    return {
        name: Tier(name=name, models=(Model(name=name, provider="fake", price=price(cost)),))
        for name, cost in by_tier.items()
    }


def price(cost: float) -> Price:
    return Price(input=cost, output=cost, cache_read=cost, cache_write=cost, as_of="2026-11-23")


def engine(path: Path, stock: dict[str, Tier]) -> tuple[Engine, list[str]]:
    """Return an engine whose models are perfect, sloppy, broken and slow, and the names of those asked."""
    house = build(path, {}, (), stock)
    asked: list[str] = []

    def script(cue: object) -> Line:
        model, prompt = cue.model, cue.prompt  # type: ignore[attr-defined]
        asked.append(model)
        name = "clamp" if "def clamp" in prompt.split("The definition to implement:")[-1].split("```")[1] else "mean"
        match model:
            case "perfect":
                return Line(text=PERFECT[name])
            case "sloppy":
                return Line(text=SLOPPY[name])
            case "slow":
                return Line(text=PERFECT[name], delay=0.3)
            case "down":
                return Line(fault="status", status=401)
            case _:
                return Line(text="I cannot help with ((( that.")

    provider = house.engine.parts.pool._open["fake"]  # pyright: ignore[reportPrivateUsage]
    provider._script = script  # type: ignore[attr-defined]
    return house.engine, asked


async def puzzles(root: Path, sorts: list[Sort] = BODIES, wanted: int = 10) -> list[Puzzle]:
    return await collect(root, sorts, wanted, grader(root))


async def trial(tmp_path: Path, stock: dict[str, Tier], **more: object) -> tuple[Trial, list[str]]:
    root = project(tmp_path / "project", FILES)
    house, asked = engine(tmp_path, stock)
    found = await puzzles(root)
    plan = Plan(
        root=root,
        puzzles=found,
        models={name: tier.models[0] for name, tier in stock.items()},
        out=tmp_path / "out.csv",
        **more,  # type: ignore[arg-type]
    )
    return Trial(plan=plan, engine=house, grader=grader(root)), asked


def test_a_file_gives_lines_blocks_bodies_and_docstrings() -> None:
    found = of_file(Path("a.py"), CODE, ())
    by_sort = {sort: [puzzle for puzzle in found if puzzle.sort is sort] for sort in Sort}
    assert [puzzle.place.line for puzzle in by_sort[Sort.BODY]] == [0, 7, 14]
    assert [puzzle.place.line for puzzle in by_sort[Sort.DOCSTRING]] == [0, 7]
    assert "        \n    return high" in by_sort[Sort.BLOCK][0].shown
    line = by_sort[Sort.LINE][0]
    assert line.shown.splitlines()[line.place.line] == "    return "
    assert len({puzzle.id for puzzle in found}) == len(found)


async def test_only_holes_that_the_tests_notice_become_puzzles(tmp_path: Path) -> None:
    root = project(tmp_path, FILES)
    found = await puzzles(root, [Sort.BODY])
    assert sorted(puzzle.place.line for puzzle in found) == [0, 7]
    assert await puzzles(root, [Sort.BODY]) == found


async def test_a_fix_comes_out_of_the_history(tmp_path: Path) -> None:
    import subprocess

    root = project(
        tmp_path, {**FILES, "numbers_.py": CODE.replace(" if count else 0.0", ""), "tests/test_numbers.py": ""}
    )
    (root / "numbers_.py").write_text(CODE)
    (root / "tests/test_numbers.py").write_text(TEST)
    git = ["git", "-C", str(root), "-c", "user.name=t", "-c", "user.email=t@example.com"]
    await asyncio.to_thread(subprocess.run, [*git, "commit", "-qam", "Return 0 as the mean of nothing"], check=True)
    (puzzle,) = await puzzles(root, [Sort.FIX])
    assert puzzle.instruction == "Return 0 as the mean of nothing"
    assert puzzle.truth == CODE


async def test_each_tier_gets_the_grade_it_deserves(tmp_path: Path) -> None:
    stock = models(broken=0.1, sloppy=1.0, slow=5.0, perfect=10.0)
    run, _ = await trial(tmp_path, stock, jobs=4)
    rows = await run.run()
    figures = {figure.tier: figure for figure in summarise(rows, stock)}
    assert {name: figure.solved for name, figure in figures.items()} == {
        "broken": 0.0,
        "sloppy": 0.5,
        "slow": 1.0,
        "perfect": 1.0,
    }
    assert figures["slow"].seconds > 0.3 > figures["perfect"].seconds
    assert figures["perfect"].cost > figures["sloppy"].cost > 0
    assert run.spent == pytest.approx(sum(row.cost_usd for row in rows), abs=1e-6)
    assert sorted(read(tmp_path / "out.csv"), key=str) == sorted(rows, key=str)


async def test_a_run_is_taken_up_where_it_ended(tmp_path: Path) -> None:
    stock = models(perfect=1.0)
    run, asked = await trial(tmp_path, stock)
    rows = await run.run()
    out = tmp_path / "out.csv"
    lines = out.read_text().splitlines(keepends=True)
    out.write_text("".join(lines[:-1]) + lines[-1][:20])  # the process died while it wrote the last row
    assert mend(out) == rows[:-1]
    asked.clear()
    done = frozenset((row.task_id, row.tier) for row in mend(out))
    again = Trial(
        plan=Plan(root=run.plan.root, puzzles=run.plan.puzzles, models=run.plan.models, out=out, done=done),
        engine=run.engine,
        grader=run.grader,
    )
    await again.run()
    assert len(asked) == 1
    assert len(read(out)) == len(rows)


async def test_no_more_is_spent_than_the_budget_and_the_estimate_is_near(tmp_path: Path) -> None:
    stock = models(perfect=1000.0)
    run, asked = await trial(tmp_path, stock, budget=0.0)
    estimate = await run.estimate()
    assert await run.run() == []
    assert (asked, run.skipped, run.spent) == ([], 2, 0.0)
    run, _ = await trial(tmp_path / "b", stock, budget=2 * estimate)
    await run.run()
    assert 0.2 < run.spent / estimate < 5


@dataclass(slots=True)
class Counted:
    """A provider that counts how many answers are being written at a time."""

    inner: Provider
    now: int = 0
    most: int = 0

    async def ask(self, exchange: Exchange) -> None:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await self.inner.ask(exchange)
        finally:
            self.now -= 1

    async def warm(self) -> None:
        """Nothing."""

    async def close(self) -> None:
        """Nothing."""


@pytest.mark.parametrize(("jobs", "most"), [(1, 1), (3, 3), (20, 8)])
async def test_as_many_answers_at_a_time_as_were_allowed_and_no_more(tmp_path: Path, jobs: int, most: int) -> None:
    """Two puzzles for four tiers are eight answers."""
    stock = models(**dict.fromkeys(("slow", "perfect", "sloppy", "broken"), 1.0))
    run, asked = await trial(tmp_path, stock, jobs=jobs)
    opened = run.engine.parts.pool._open  # pyright: ignore[reportPrivateUsage]
    counted = opened["fake"] = Counted(opened["fake"])
    provider = counted.inner
    script = provider._script  # type: ignore[attr-defined]
    provider._script = lambda cue: replace(script(cue), delay=0.2)  # type: ignore[attr-defined]
    run.grader = Ungraded(run.grader.site)
    assert len(await run.run()) == len(asked) == 8
    assert counted.most == most


class Ungraded(Grader):
    """Takes no time, so that all that is asked at a time is seen at a time."""

    async def fault(self, puzzle: Puzzle, text: str) -> str:
        return ""


async def test_parallel_answers_together_stay_within_the_budget(tmp_path: Path) -> None:
    """What is under way is reserved: none of them may count on the same dollars."""
    stock = models(**dict.fromkeys(("perfect", "sloppy", "broken"), 1000.0))
    run, _ = await trial(tmp_path, stock, jobs=6)
    one = await run.estimate() / 6
    run.plan = replace(run.plan, budget=2.5 * one)
    run.grader = Ungraded(run.grader.site)
    assert len(await run.run()) == 2
    assert run.skipped == 4


async def test_an_answer_that_passes_the_tests_with_a_type_error_is_not_solved(tmp_path: Path) -> None:
    typed = CODE.replace("def mean(values):", "def mean(values: list[float]) -> float:")
    files = {**FILES, "numbers_.py": typed, "pyproject.toml": "[tool.pyright]\n"}
    root = project(tmp_path, files)
    (puzzle,) = [each for each in await puzzles(root) if each.place.line == 7]
    assert await grader(root).fault(puzzle, typed) == ""
    wrong = typed.replace(
        "return total / count if count else 0.0", "note: str = count\n    return total / count if count else 0.0"
    )
    assert "new type error" in await grader(root).fault(puzzle, wrong)
    broken = typed.replace("total / count", "total")
    assert await grader(root).fault(puzzle, broken) == "the tests fail"


async def test_a_vendor_that_is_down_is_no_bad_grade(tmp_path: Path) -> None:
    run, _ = await trial(tmp_path, models(down=1.0))
    assert await run.run() == []
    assert run.skipped == 2


def test_a_file_that_holds_something_else_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("a,b\n1,2\n")
    with pytest.raises(RecordError, match="name another file"):
        mend(tmp_path / "mine.csv")
    assert (tmp_path / "mine.csv").read_text() == "a,b\n1,2\n"
    assert read(tmp_path / "none.csv") == []


def test_where_outcomes_could_not_be_kept_nobody_is_asked(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="cannot be written"):
        mend(tmp_path / "no such folder" / "out.csv")


def test_intervals_are_those_of_wilson() -> None:
    """The values of Newcombe (1998), table I, method 3, for 81 of 263 and 15 of 148."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=1e-4)


SCRIPT = """\
[[rule]]
model = "good"
prompt = "def clamp(value, low, high):\\n    \\"\\"\\"Return the value within the bounds.\\"\\"\\"\\n    raise"
text = '''{clamp}'''
[[rule]]
model = "good"
text = '''{mean}'''
[[rule]]
text = "no ((("
"""
CONFIG = """\
[providers.fake]
type = "fake"
script = "{script}"
[models."fake/good".price]
input = 2.0
output = 10.0
[models."fake/bad".price]
input = 0.2
output = 1.0
[tiers.fast]
models = ["fake/bad"]
[tiers.frontier]
models = ["fake/good"]
"""


@pytest.fixture
def evaluate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    root = project(tmp_path / "project", FILES)
    (tmp_path / "script.toml").write_text(SCRIPT.format(**PERFECT))
    (tmp_path / "config.toml").write_text(CONFIG.format(script=tmp_path / "script.toml"))
    monkeypatch.setenv("TIERWISE_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("TIERWISE_DATA_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, code: int = 0) -> str:
        arguments = (str(root), "--sorts", "body", "--tiers", "fast,frontier", "--unconfined", *arguments)
        assert main(["eval", *arguments]) == code
        told = capsys.readouterr()
        return told.out if code == 0 else told.err

    return run


def test_the_command_estimates_asks_and_reports(evaluate: Callable[..., str], tmp_path: Path) -> None:
    assert "add it to checks.trusted_workspaces" in evaluate(code=2)
    assert "Nothing was asked" in evaluate("--trust")
    assert not (tmp_path / "outcomes.csv").exists()
    told = json.loads(evaluate("--trust", "--yes", "--json"))
    assert told["puzzles"] == {"body": 2}
    assert [(each["tier"], each["solved"]) for each in told["tiers"]] == [("fast", 0.0), ("frontier", 1.0)]
    assert told["replay"]["tasks"] == 2
    assert "S99" in told["replay"]["saved"]["tierwise"]
    again = json.loads(evaluate("--trust", "--yes", "--json"))
    assert (again["spent"], again["estimate"]) == (0.0, 0.0)
    assert "Saved at 99 %" in evaluate("--trust")


def test_a_tier_or_a_sort_that_does_not_exist_is_refused(evaluate: Callable[..., str]) -> None:
    assert "there is no tier fats; there are" in evaluate("--trust", "--tiers", "fats,frontier", code=2)
    assert "--sorts takes line, block" in evaluate("--trust", "--sorts", "lines", code=2)


def test_what_it_writes_is_what_tune_and_replay_read(
    evaluate: Callable[..., str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evaluate("--trust", "--yes", "--json")
    outcomes, policy = str(tmp_path / "outcomes.csv"), str(tmp_path / "policy.json")
    assert main(["tune", "--outcomes", outcomes, "--out", policy]) == 0
    assert "Proposal: do without fake/bad" not in capsys.readouterr().out
    pool = ("--pool", "fake/bad,fake/good", "--policy", policy, "--seeds", "1", "--json")
    assert main(["replay", "--outcomes", outcomes, *pool]) == 0
    assert json.loads(capsys.readouterr().out)["policy"] == "tuned"


@pytest.mark.parametrize(
    ("option", "value"), [("--jobs", "0"), ("--jobs", "two"), ("--tasks", "-1"), ("--budget", "nan")]
)
def test_numbers_that_cannot_be_are_refused(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as told:
        main(["eval", ".", option, value])
    assert told.value.code == 2
    assert value in capsys.readouterr().err


def test_the_estimate_is_told_before_anybody_is_asked(
    evaluate: Callable[..., str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    root = str(tmp_path / "project")
    arguments = ("--sorts", "body", "--tiers", "fast,frontier", "--unconfined", "--trust", "--yes")
    assert main(["eval", root, *arguments]) == 0
    first, *answers = capsys.readouterr().err.splitlines()
    assert first.startswith("4 answers are asked for, about $0.0")
    assert len(answers) == 4
