"""Seeded defects: sound cases, exact grades, and the real scan between scripted models and the figures."""

import ast
import asyncio
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from desk import environment
from findings.scanning import TIERS, suspects
from tierwise.app.building import Plan, build
from tierwise.core.document import Document
from tierwise.core.text import Position, Span, Text
from tierwise.evaluation.defects.cases import Case, CaseError, cases, chosen, read
from tierwise.evaluation.defects.hunt import Hunt, Tally, lay_out
from tierwise.evaluation.defects.real import real
from tierwise.evaluation.defects.score import marks, summed
from tierwise.evaluation.defects.scripted import CONFIG, NOISY, PERFECT, Cast, Eye
from tierwise.evaluation.defects.scripted import chosen as share
from tierwise.evaluation.defects.ways import ways
from tierwise.findings.finding import Concern, Finding
from tierwise.findings.known import Placed
from tierwise.findings.survey import Survey
from tierwise.findings.units import units_of
from tierwise.rehearsal import Line, Rehearsal
from tierwise.workspace.ignore import Gate
from tierwise.workspace.syntax import Source

PYTHON = chosen(languages=["python"])


def document(case: Case, text: str) -> Document:
    return Document(uri=f"file:///w/{case.path}", version=None, language=case.language, text=Text.of(text))


def finding(case: Case, line: int, concern: Concern) -> Placed:
    unit = units_of(document(case, case.flawed))[0]
    span = Span(Position(line, 0), Position(line, 1))
    said = Finding(concern=concern, severity="warning", title="t", detail="", span=span, quote="q")
    return Placed(uri=unit.uri, unit=unit, span=span, finding=said)


async def hunted(
    home: Path, eyes: Mapping[str, Eye], jobs: int = 4, among: Sequence[Case] = PYTHON
) -> dict[str, Tally]:
    """Let the ways look at the cases, and return what each brought by its name's first words."""
    files = lay_out(among, home / "files")
    (home / "config.toml").write_text(CONFIG, "utf-8")
    async with Rehearsal(Cast(among, eyes)) as vendors:
        env = environment(vendors, home, CONFIG)
        building = await build(Plan.load(env=env, roots=(home / "files",)))
        try:
            compared = ways(building.engine.parts.tiers)
            hunt = Hunt(engine=building.engine, files=files, ways=compared, jobs=jobs)
            return {tally.way.name.partition(" and")[0]: tally for tally in await hunt.run()}
        finally:
            await building.close()


def test_there_are_forty_of_every_kind_in_three_languages() -> None:
    every = cases()
    assert len(every) >= 40
    assert len({case.path for case in every}) == len(every)
    assert {case.concern for case in every} == set(Concern)
    assert {case.language for case in every} == {"python", "typescript", "go"}
    for concern in Concern:
        assert len(chosen(concerns=[concern])) >= 4
    assert all((case.cwe is not None) == (case.concern is Concern.SECURITY) for case in every)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_both_texts_parse_and_the_defect_stands_in_a_unit(case: Case) -> None:
    assert case.clean != case.flawed
    for text in (case.clean, case.flawed):
        assert not Source(text, case.language).root.has_error
    units = units_of(document(case, case.flawed))
    assert any(unit.first <= line <= unit.last for unit in units for line in case.lines)
    assert case.lines <= case.near


def test_defects_for_real_files_are_there_for_every_concern_and_stand_in_what_a_scan_looks_at(tmp_path: Path) -> None:
    every = real()
    assert len(every) >= 40
    assert len({case.path for case in every}) == len(every)
    has_tests = any(case.path.startswith("test/") for case in every)  # some systems keep Python's own in a package
    assert {case.concern for case in every} >= set(Concern) - (set() if has_tests else {Concern.TEST_GAP})
    assert all((case.cwe is not None) == (case.concern is Concern.SECURITY) for case in every)
    for file in lay_out(every, tmp_path.resolve() / "files"):
        case, text = file.case, file.case.flawed if file.flawed else file.case.clean
        assert ast.parse(text)
        seen = Survey(Gate((file.root,))).document(file.path)
        assert seen is not None, case.name
        if file.flawed:
            assert case.clean != case.flawed
            assert any(unit.first <= line <= unit.last for unit in units_of(seen) for line in case.near), case.name


def test_seeds_for_packages_that_come_with_tierwise_fit_their_pinned_versions() -> None:
    names = {case.name for case in real()}
    assert {"cachetools", "anyio.streams.buffered", "h11._connection", "h11._headers"} <= names


@pytest.mark.parametrize("case", PYTHON, ids=lambda case: case.name)
def test_python_cases_name_what_they_use(case: Case) -> None:
    for text in (case.clean, case.flawed):
        checked = subprocess.run(
            [Path(sys.executable).parent / "ruff", "check", "--isolated", "--select", "F821,F401,E9", "-"],
            input=text,
            text=True,
            capture_output=True,
            check=False,
        )
        assert checked.returncode == 0, checked.stdout


def test_a_swap_that_does_not_stand_there_once_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "twice.toml"
    path.write_text('says="x"\nconcern="bug"\npath="a.py"\nclean="a a"\n[[swap]]\nright="a"\nwrong="b"\n')
    with pytest.raises(CaseError, match=r"twice\.toml: this does not stand there once"):
        read(path)


def test_a_finding_counts_by_its_lines_and_once() -> None:
    case = next(case for case in PYTHON if case.name == "order_search")
    line = min(case.lines)
    right, beside = finding(case, line, Concern.SECURITY), finding(case, max(case.lines) + 2, Concern.BUG)
    far = finding(case, 0, Concern.SECURITY)
    graded = marks(case, True, [right, beside, far])
    assert (graded.found, graded.named, graded.false, graded.repeated) == (True, True, 1, 1)
    assert not marks(case, True, [beside]).named
    clean = marks(case, False, [right])
    assert (clean.found, clean.false) == (False, 1)


def test_figures_of_known_marks() -> None:
    case = PYTHON[0]
    hit, miss = marks(case, True, [finding(case, min(case.lines), case.concern)]), marks(case, True, [])
    cry = marks(case, False, [finding(case, 0, Concern.BUG), finding(case, 1, Concern.BUG)])
    total = summed([hit, miss, hit, hit, cry], calls=5, tokens=50, dollars=0.6, seconds=1.0)
    assert (total.flawed, total.clean, total.true, total.false, total.crying) == (4, 1, 3, 2, 1)
    assert (total.precision, total.recall) == (0.6, 0.75)
    assert total.f1 == pytest.approx(2 / 3)
    assert total.per_true == pytest.approx(0.2)
    assert total.by_concern == {str(case.concern): (3, 4)}
    nothing = summed([miss], calls=1, tokens=1, dollars=None, seconds=0.0)
    assert (nothing.precision, nothing.recall, nothing.f1, nothing.per_true) == (None, 0.0, 0.0, None)


async def test_a_strong_second_stage_gives_noisy_triage_the_precision_it_should(tmp_path: Path) -> None:
    strong = Eye(sees=0.75, invents=0.25)
    told = await hunted(tmp_path, {"fast": NOISY, "mid": strong, "frontier": PERFECT})
    count = len(PYTHON)
    assert all(tally.missing == 0 for tally in told.values())
    cheap, best, both = (told[name].sum() for name in ("one stage, fast", "one stage, frontier", "two stages, fast"))
    assert (cheap.true, cheap.false, cheap.precision) == (count, 2 * count, pytest.approx(1 / 3))
    assert (best.true, best.false, best.precision, best.recall) == (count, 0, 1.0, 1.0)
    confirmed = sum(share(0.75, number) for number in range(count))
    fooled = sum(share(0.25, number) for number in range(2 * count))
    assert (confirmed, fooled) == (int(count * 0.75), int(count * 2 * 0.25))
    assert (both.true, both.false) == (confirmed, fooled)
    assert both.precision == pytest.approx(confirmed / (confirmed + fooled))
    assert both.calls == 4 * count  # two files of each case, two questions about each
    assert cheap.calls == 2 * count
    assert cheap.dollars is not None
    assert both.dollars is not None
    assert best.dollars is not None
    assert cheap.dollars < both.dollars < best.dollars


async def test_what_a_blind_first_stage_overlooks_no_second_one_sees(tmp_path: Path) -> None:
    told = await hunted(tmp_path, {"fast": Eye(sees=0.5), "mid": PERFECT, "frontier": PERFECT})
    both = told["two stages, fast"].sum()
    assert both.recall == int(len(PYTHON) * 0.5) / len(PYTHON)
    assert both.precision == 1.0


async def test_an_audit_is_measured_on_holes_and_on_real_files(tmp_path: Path) -> None:
    few = [case for case in real() if case.name in {"shlex", "secrets", "bisect"}]
    told = await hunted(tmp_path, {"fast": NOISY, "mid": PERFECT, "frontier": PERFECT}, among=few)
    audit, both = told["audit, frontier"].sum(), told["two stages, fast"].sum()
    assert (audit.flawed, audit.true, audit.false) == (2, 2, 0)
    assert (both.flawed, both.true, both.false) == (3, 3, 0)
    assert audit.by_concern == {"security": (2, 2)}


async def defects(home: Path, vendors: Rehearsal, *arguments: str) -> tuple[int, Any]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tierwise", "defects", "--json", *arguments),
        env=environment(vendors, home, TIERS),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    out, wrong = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode, json.loads(out) if out else wrong.decode()


async def test_live_asks_only_after_yes_and_stops_at_the_budget(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(TIERS)
    few = ("--live", "--concerns", "documentation", "--languages", "go")
    async with Rehearsal(lambda _cue: suspects()) as vendors:
        code, told = await defects(tmp_path, vendors, *few)
        assert (code, told["cases"], told["ways"], vendors.requests) == (0, 1, [], [])
        assert told["estimate"]["dollars"] > 0
        code, told = await defects(tmp_path, vendors, *few, "--yes", "--budget", "0")
        assert (code, vendors.requests) == (1, [])
        assert [way["missing"] for way in told["ways"]] == [2, 2, 2]
        code, told = await defects(tmp_path, vendors, *few, "--yes")
        assert (code, len(vendors.requests)) == (0, 6)
        assert [(way["recall"], way["crying"]) for way in told["ways"]] == [(0.0, 0)] * 3


async def test_unreadable_answers_are_missing_and_in_no_figure(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(TIERS)
    async with Rehearsal(lambda _cue: Line(text="I see nothing.")) as vendors:
        code, told = await defects(tmp_path, vendors, "--live", "--yes", "--concerns", "test_gap", "--languages", "go")
        assert code == 1
        assert [(way["missing"], way["recall"]) for way in told["ways"]] == [(2, None)] * 3


async def test_no_such_case_is_wrong_usage(tmp_path: Path) -> None:
    async with Rehearsal() as vendors:
        code, told = await defects(tmp_path, vendors, "--languages", "cobol")
        assert code == 2
        assert "no such case" in told
