"""A scan asks a fast model about units, a stronger one about suspects, keeps the rest and never asks twice."""

import asyncio
import json
from pathlib import Path

import pytest

from findings.scanning import TIERS, Bench, bench, is_first, marking, suspects, verdicts
from tierwise.core.outcome import Feedback, Signal
from tierwise.findings.answers import Refused
from tierwise.findings.finding import Concern, Finding
from tierwise.findings.plan import Interest, estimate
from tierwise.findings.review import Review
from tierwise.findings.scan import Purse, Report
from tierwise.findings.scope import Extent
from tierwise.findings.units import units_of
from tierwise.rehearsal import Cue, Line, Request
from tierwise.settings.review import ReviewSettings

CODE = "def mean(values):\n    return sum(values) / len(values)  # BUG\n\n\ndef fine(a):\n    return a\n"
HERE = "return sum(values) / len(values)  # BUG"


def words_of(request: Request) -> str:
    return str(request.body["messages"])


def found_in(here: Bench, path: Path) -> list[Finding]:
    survey_document = here.scan(here.plan()).read(path.as_uri())
    assert survey_document is not None
    known = here.store.known((unit.key for unit in units_of(survey_document)), list(Concern))
    return [finding for findings in known.values() for finding in findings]


async def test_a_suspect_of_the_fast_tier_is_confirmed_by_a_stronger_one(tmp_path: Path) -> None:
    async with bench(tmp_path, marking("BUG")) as here:
        path = here.write("a.py", CODE)
        report = await here.run()
        assert [request.model for request in here.vendors.requests] == ["claude-haiku-5-5", "claude-sonnet-5-5"]
        assert (report.looked, report.found, report.left, report.stopped) == (2, 1, (), "")
        (finding,) = found_in(here, path)
        assert (finding.span.start.line, finding.span.start.column, finding.span.end.column) == (1, 4, 4 + len(HERE))
        assert report.bill.dollars > 0


async def test_a_model_that_says_nothing_is_waited_for_as_long_as_the_question_is_allowed(tmp_path: Path) -> None:
    limited = f"{TIERS}[tasks.triage_unit]\ndeadline = 0.3\n"
    async with bench(tmp_path, lambda _cue: Line(fault="silence"), limited) as here:
        here.write("a.py", CODE)
        assert (await here.run()).found == 0
        assert await (await here.vendors.request()).over()


async def test_what_the_second_stage_does_not_find_real_is_dropped(tmp_path: Path) -> None:
    async with bench(tmp_path, marking("BUG", real=lambda _line: False)) as here:
        path = here.write("a.py", CODE)
        assert (await here.run()).found == 0
        assert found_in(here, path) == []


async def test_the_second_stage_corrects_place_concern_severity_and_words(tmp_path: Path) -> None:
    def script(cue: Cue) -> Line:
        if is_first(cue):
            return suspects({"line": 1, "quote": "def mean(values):"})
        return verdicts(
            {
                "line": 2,
                "quote": "len(values)",
                "concern": "error_handling",
                "severity": "information",
                "title": "Empty input",
                "cwe": 369,
                "tag": "deprecated",
                "related": [{"path": "a.py", "quote": "def fine(a):", "message": "see"}],
            }
        )

    async with bench(tmp_path, script) as here:
        path = here.write("a.py", CODE)
        await here.run()
        (finding,) = found_in(here, path)
        assert (finding.concern, finding.severity, finding.title) == ("error_handling", "information", "Empty input")
        assert (finding.span.start.column, finding.span.end.column) == (
            CODE.splitlines()[1].index("len"),
            len("    return sum(values) / len(values)"),
        )
        assert (finding.cwe, finding.tag, finding.related[0].line) == (369, "deprecated", 4)


async def test_a_second_run_asks_about_nothing_and_one_after_a_change_about_the_changed_unit_only(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path, marking("BUG")) as here:
        path = here.write("a.py", CODE)
        await here.run()
        asked = len(here.vendors.requests)
        await here.run()
        assert len(here.vendors.requests) == asked
        path.write_text("# moved down\nX = 1\n\n" + CODE.replace("return a\n", "return a + 1\n"))
        report = await here.run()
        assert report.looked == 2
        assert HERE not in words_of(here.vendors.requests[asked]).split("The parts to look at")[1]
        assert len(found_in(here, path)) == 1


async def test_the_same_code_in_another_file_costs_nothing(tmp_path: Path) -> None:
    async with bench(tmp_path, marking("BUG")) as here:
        here.write("a.py", CODE)
        await here.run()
        asked = len(here.vendors.requests)
        copy = here.write("deep/b.py", "# a copy\n\n\n" + CODE)
        await here.run()
        assert len(here.vendors.requests) == asked
        assert len(found_in(here, copy)) == 1


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Line(text="Looks good to me!"), Refused.PROSE),
        (suspects({"quote": "launch_missiles()"}), Refused.INVENTED),
        (suspects({"quote": HERE, "concern": "mood"}), Refused.UNKNOWN),
        (suspects({"quote": HERE, "title": ""}), Refused.MALFORMED),
        (Line(text=json.dumps({"suspects": ["all of it"]})), Refused.MALFORMED),
        (suspects(*({"quote": f"invented_{number}"} for number in range(20))), Refused.FLOOD),
        (suspects(*({"quote": f"invented_{number}"} for number in range(300))), Refused.PROSE),
    ],
)
async def test_what_a_model_invents_is_dropped_and_counted(tmp_path: Path, reply: Line, why: Refused) -> None:
    async with bench(tmp_path, lambda _cue: reply) as here:
        here.write("a.py", CODE)
        report = await here.run()
        assert report.found == 0
        assert report.refused[why] >= 1
        assert len(here.vendors.requests) == 1


async def test_a_unit_whose_answer_was_prose_is_asked_about_again_in_the_next_run(tmp_path: Path) -> None:
    async with bench(tmp_path, lambda _cue: Line(text="Looks good to me!")) as here:
        path = here.write("a.py", CODE)
        assert (await here.run()).left == (path.as_uri(),)
        here.vendors.script = marking("BUG")
        assert (await here.run()).found == 1


async def test_the_same_said_twice_is_one_finding(tmp_path: Path) -> None:
    def script(cue: Cue) -> Line:
        if is_first(cue):
            return suspects({"line": 2, "quote": HERE}, {"line": 2, "quote": "len(values)", "severity": "error"})
        return verdicts({"line": 2, "quote": "len(values)"})

    async with bench(tmp_path, script) as here:
        here.write("a.py", CODE)
        assert (await here.run()).found == 1
        assert words_of(here.vendors.requests[1]).count("line 2, bug") == 1


async def test_the_budget_stops_a_scan_which_says_what_it_did_not_look_at(tmp_path: Path) -> None:
    async with bench(tmp_path, marking("nothing")) as here:
        for number in range(10):
            here.write(f"m{number}.py", f"def f{number}():\n    return {number}\n")
        one = (await here.scan(here.plan(paths=[here.root / "m0.py"])).run()).bill.dollars
        report = await here.run(purse=Purse(dollars=one * 3), width=1)
        assert report.bill.calls == 3
        assert len(report.left) == 6
        assert "limit of $" in report.stopped


async def test_several_questions_at_once_do_not_overshoot_the_budget(tmp_path: Path) -> None:
    async with bench(tmp_path, marking("nothing")) as here:
        for number in range(20):
            here.write(f"m{number}.py", f"def f{number}():\n    return {number}\n")
        one = (await here.scan(here.plan(paths=[here.root / "m0.py"])).run()).bill.tokens
        report = await here.run(purse=Purse(tokens=int(one * 6.5)), width=4)
        assert report.bill.calls <= 7


async def test_a_scan_gives_up_where_every_answer_is_prose(tmp_path: Path) -> None:
    async with bench(tmp_path, lambda _cue: Line(text="Looks good to me!")) as here:
        for number in range(10):
            here.write(f"m{number}.py", f"def f{number}():\n    return {number}\n")
        report = await here.run(width=1)
        assert (report.stopped, len(here.vendors.requests)) == ("the model's answers cannot be read", 3)


async def test_a_scan_gives_up_where_nobody_answers(tmp_path: Path) -> None:
    async with bench(tmp_path, lambda _cue: Line(fault="status", status=401)) as here:
        for number in range(10):
            here.write(f"m{number}.py", f"def f{number}():\n    return {number}\n")
        report = await here.run(width=1)
        assert report.stopped.startswith("nobody answers: ")
        assert len(report.left) == 10
        assert len(here.vendors.requests) < 10


async def test_changed_lines_come_first_and_can_be_all_that_is_looked_at(tmp_path: Path) -> None:
    async with bench(tmp_path, marking("nothing")) as here:
        here.write("a.py", "def popular():\n    pass\n")
        for number in range(8):
            here.write(f"use{number}.py", f"def u{number}():\n    popular()\n")
        changed = here.write("z.py", "def old():\n    pass\n\n\ndef new():\n    pass\n")
        interest = Interest(changed={changed: frozenset({5})})
        jobs = here.plan(interest=interest).jobs
        assert [Path(job.uri).name for job in jobs[:2]] == ["z.py", "a.py"]
        only = here.plan(interest=Interest(changed={changed: frozenset({5})}, only=True))
        assert (only.units, [Path(job.uri).name for job in only.jobs]) == (1, ["z.py"])


async def test_lively_files_much_used_names_and_files_with_findings_come_before_others(tmp_path: Path) -> None:
    async with bench(tmp_path, marking("BUG")) as here:
        found = here.write("found.py", "def a():\n    pass  # BUG\n")
        await here.run()
        found.write_text(found.read_text() + "\n\ndef fresh():\n    pass\n")
        here.write("plain.py", "def plain():\n    pass\n")
        here.write("used.py", "def used():\n    pass\n")
        for number in range(40):
            here.write(f"by{number}.py", f"import used\nX{number} = used.used()\n")
        lively = here.write("lively.py", "def lively():\n    pass\n")
        jobs = here.plan(interest=Interest(churn={lively: 200})).jobs
        order = [Path(job.uri).name for job in jobs]
        assert order[:3] == ["lively.py", "used.py", "found.py"]
        assert order.index("plain.py") > 2


async def test_limits_of_a_day_and_of_a_workspace_count_what_earlier_runs_took(tmp_path: Path) -> None:
    async with bench(tmp_path, marking("BUG")) as here:

        async def scanned(**limits: int) -> Report:
            settings = ReviewSettings.model_validate(limits)
            review = Review(engine=here.building.engine, store=here.store, settings=settings, root=here.root)
            return await (await review.scan(await review.plan(Extent(interest=Interest())))).run()

        here.write("a.py", CODE)
        took = (await scanned()).bill.tokens
        assert here.store.taken(str(here.root)) == (took, took)
        here.write("b.py", CODE.replace("mean", "middle"))
        for limit in ("tokens_day", "tokens_workspace"):
            stopped = await scanned(**{limit: took})
            assert (stopped.bill.tokens, len(stopped.left)) == (0, 1)
            assert "tokens is reached" in stopped.stopped
        here.store.take("/elsewhere", 1_000)
        assert (await scanned(tokens_day=took + 1_000)).bill.tokens == 0
        assert (await scanned(tokens_workspace=took + 1_000)).looked == 1


async def test_the_estimate_is_made_before_anybody_is_asked(tmp_path: Path) -> None:
    async with bench(tmp_path, marking("nothing")) as here:
        path = here.write("a.py", CODE)
        planned = here.plan()
        document = here.scan(planned).read(path.as_uri())
        assert document is not None
        told = estimate(planned, here.building.engine, here.asker(), document, units_of(document))
        assert told.dollars is not None
        assert told.dollars > 0
        assert here.vendors.requests == []
        await here.run()
        assert estimate(here.plan(), here.building.engine, here.asker(), None, ()).dollars == 0.0


async def test_what_users_make_of_a_finding_teaches_the_learned_policy_about_who_confirmed_it(tmp_path: Path) -> None:
    learned = TIERS + '[routing]\nmode = "learned"\n'
    async with bench(tmp_path, marking("BUG"), learned) as here:
        path = here.write("a.py", CODE)
        await here.run()
        (finding,) = found_in(here, path)
        learning, engine = here.building.learning, here.building.engine
        assert learning is not None
        learning.policy.refit()
        assert not learning.policy.memory.gates
        here.store.dismiss(finding.ident, finding.concern)
        assert here.store.kept_of(finding.task) == 0.0
        engine.note(Feedback(task_id=finding.task, signal=Signal.REJECTED, value=0.0, at=1.0))
        await asyncio.sleep(0)
        learning.policy.refit()
        assert list(learning.policy.memory.gates) == ["confirm_finding|claude-sonnet-5-5"]
