"""A scan that may take a day goes out in batches, at half the price; nothing that was paid is lost or paid twice."""

import asyncio
from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path

import pytest

from findings.scanning import Bench, bench, is_first, marking
from tierwise.engine.post import Post
from tierwise.findings.plan import Estimate, Interest, Job, Plan, affordable
from tierwise.findings.review import Review
from tierwise.findings.scan import Report
from tierwise.findings.scope import Extent
from tierwise.ledger.history import Entry, history
from tierwise.ledger.rows import workspace_at
from tierwise.providers.catalogue import Catalogue
from tierwise.rehearsal import Cue, Line
from tierwise.settings.review import ReviewSettings

CODE = "def mean{0}(values):\n    return sum(values) / len(values)  # BUG {0}\n"
EVERYTHING = Extent(interest=Interest())


def quick() -> Iterator[float]:
    return repeat(0.01)


def post_of(here: Bench) -> Post:
    post = here.building.engine.parts.post
    assert post is not None
    post.pauses = quick
    return post


def review(here: Bench, **settings: object) -> Review:
    wanted = ReviewSettings.model_validate(settings)
    return Review(engine=here.building.engine, store=here.store, settings=wanted, root=here.root, batch=True)


async def scanned(here: Bench, **settings: object) -> Report:
    post_of(here)
    wanted = review(here, **settings)
    return await (await wanted.scan(await wanted.plan(EVERYTHING))).run()


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(15):
        for pause in quick():
            if happened():
                return
            await asyncio.sleep(pause)


async def sent(here: Bench) -> "asyncio.Task[Report]":
    """Begin a scan whose batch the vendor does not answer; return it when the batch is under way."""
    here.vendors.batches.open.clear()
    work = asyncio.create_task(scanned(here))
    await until(lambda: bool(post_of(here).sent.of_workspace(workspace_at(str(here.root)))))
    return work


async def given_up(work: "asyncio.Task[Report]") -> None:
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work


def booked(here: Bench) -> list[Entry]:
    """Return what has cost anything, as the ledger has it."""
    assert here.building.ledger_path is not None
    return [entry for entry in history(here.building.ledger_path) if entry.cost]


def cost_of(here: Bench) -> float:
    return sum(entry.cost or 0.0 for entry in booked(here))


def models(here: Bench) -> list[tuple[str, int]]:
    """Return of each batch that was ever made the model and the number of its entries."""
    return [
        (next(iter(batch.entries.values()))[1]["model"], len(batch.entries)) for batch in here.vendors.batches.every
    ]


def half(here: Bench) -> float:
    """Return half the list price of all that the vendors have answered in batches."""
    total = 0.0
    for (model, _), batch in zip(models(here), here.vendors.batches.every, strict=True):
        price = Catalogue.load().find("anthropic", "anthropic", model).price
        assert price is not None
        total += sum(price.of(usage) for usage in batch.billed) / 2
    return total


async def test_each_stage_is_one_batch_and_is_booked_at_half_the_price(tmp_path: Path) -> None:
    async with bench(tmp_path, marking("BUG")) as here:
        for number in range(5):
            here.write(f"m{number}.py", CODE.format(number))
        report = await scanned(here)
        assert (report.found, report.looked, report.left) == (5, 5, ())
        assert here.vendors.requests == []
        assert models(here) == [("claude-haiku-5-5", 5), ("claude-sonnet-5-5", 5)]
        assert cost_of(here) == pytest.approx(half(here)) == pytest.approx(report.bill.dollars)
        assert len(booked(here)) == 10
        assert not here.vendors.batches.made  # nothing of the code stays at the vendor
        assert not post_of(here).sent.of_workspace(workspace_at(str(here.root)))
        assert (await scanned(here)).bill.calls == 0


async def test_after_a_restart_the_answers_of_what_was_sent_are_taken_and_paid_once(tmp_path: Path) -> None:
    async with bench(tmp_path, marking("BUG")) as here:
        for number in range(3):
            here.write(f"m{number}.py", CODE.format(number))
        await given_up(await sent(here))
        await here.restart()
        here.vendors.batches.open.set()
        report = await scanned(here)
        assert (report.found, report.looked) == (3, 3)
        assert models(here) == [("claude-haiku-5-5", 3), ("claude-sonnet-5-5", 3)]
        assert cost_of(here) == pytest.approx(half(here))


async def test_what_was_sent_about_code_that_has_changed_since_is_booked_all_the_same(tmp_path: Path) -> None:
    async with bench(tmp_path, marking("BUG")) as here:
        path = here.write("a.py", CODE.format("a"))
        here.write("b.py", CODE.format("b"))
        await given_up(await sent(here))
        await here.restart()
        here.vendors.batches.open.set()
        path.write_text("def other():\n    return 1\n")
        report = await scanned(here)
        assert (report.found, report.looked) == (1, 2)
        assert models(here)[:2] == [("claude-haiku-5-5", 2), ("claude-haiku-5-5", 1)]
        assert cost_of(here) == pytest.approx(half(here))
        assert cost_of(here) > report.bill.dollars
        (lost,) = [entry for entry in booked(here) if entry.policy == "batch"]
        assert (lost.kind, lost.feature, lost.workspace) == ("triage_unit", "diagnostics", workspace_at(str(here.root)))


async def test_entries_that_failed_or_expired_are_asked_by_themselves_at_the_list_price(tmp_path: Path) -> None:
    mark = marking("BUG")

    def script(cue: Cue) -> Line:
        batched = "stream" not in cue.body
        if batched and is_first(cue) and "mean0" in cue.prompt:
            return Line(fault="status", status=500)
        if batched and is_first(cue) and "mean1" in cue.prompt:
            return Line(fault="silence")
        return mark(cue)

    async with bench(tmp_path, script) as here:
        for number in range(3):
            here.write(f"m{number}.py", CODE.format(number))
        report = await scanned(here)
        assert (report.found, report.left) == (3, ())
        assert [request.model for request in here.vendors.requests] == ["claude-haiku-5-5"] * 2
        firsts = [entry for entry in booked(here) if entry.kind == "triage_unit"]
        tries = sorted(
            [(tried.failure or "", tried.price.input if tried.price else None) for tried in entry.attempts]
            for entry in firsts
        )
        assert tries == [[("", 0.05)], [("overloaded", 0.05), ("", 0.1)], [("overloaded", 0.05), ("", 0.1)]]


async def test_where_a_vendor_has_no_batches_all_is_asked_one_by_one(tmp_path: Path) -> None:
    async with bench(tmp_path, marking("BUG")) as here:
        here.vendors.batches.served = False
        here.write("a.py", CODE.format("a"))
        report = await scanned(here)
        assert (report.found, len(here.vendors.requests)) == (1, 2)
        assert "The batch did not answer" in booked(here)[0].reason


async def test_no_more_is_sent_than_the_estimate_allows(tmp_path: Path) -> None:
    async with bench(tmp_path, marking("BUG")) as here:
        for number in range(6):
            here.write(f"m{number}.py", CODE.format(number))
        wanted = review(here)
        told = await wanted.estimate(await wanted.plan(EVERYTHING))
        assert told.dollars is not None
        nothing = await scanned(here, budget=0.0)
        assert (nothing.bill.calls, len(nothing.left)) == (0, 6)
        assert "limit of this run" in nothing.stopped
        report = await scanned(here, budget=told.dollars / 2)
        assert models(here)[0] == ("claude-haiku-5-5", 3)
        assert report.bill.dollars < told.dollars / 2
        assert report.looked + len(report.left) == 6


async def test_a_scan_that_is_given_up_while_it_prepares_sends_nothing(tmp_path: Path) -> None:
    async with bench(tmp_path, marking("BUG")) as here:
        for number in range(3):
            here.write(f"m{number}.py", CODE.format(number))
        post = post_of(here)
        post.join(1)  # somebody who never gets ready
        work = asyncio.create_task(scanned(here))
        await until(lambda: len(post.letters) == 3)
        await given_up(work)
        post.leave()
        await asyncio.sleep(0.05)
        assert here.vendors.batches.every == []


async def test_a_batch_that_is_called_off_is_booked_for_what_was_answered(tmp_path: Path) -> None:
    async with bench(tmp_path, marking("BUG")) as here:
        here.write("a.py", CODE.format("a"))
        await given_up(await sent(here))
        workspace = workspace_at(str(here.root))
        assert await post_of(here).cancel(workspace) == 1
        await here.building.engine.tidy(str(here.root))
        assert post_of(here).sent.of_workspace(workspace) == []
        assert cost_of(here) == 0.0


async def test_the_same_question_in_two_runs_at_once_is_sent_and_paid_once(tmp_path: Path) -> None:
    async with bench(tmp_path, marking("BUG", real=lambda _line: False)) as here:
        here.write("a.py", CODE.format("a"))
        first = await sent(here)
        second = asyncio.create_task(scanned(here))
        await asyncio.sleep(0.05)
        here.vendors.batches.open.set()
        await asyncio.gather(first, second)
        assert [count for model, count in models(here) if model == "claude-haiku-5-5"] == [1]
        assert cost_of(here) == pytest.approx(half(here))


def test_jobs_are_taken_from_the_front_until_money_or_tokens_are_used_up() -> None:
    jobs = tuple(Job(uri="file:///a", keys=frozenset(), characters=100, value=1.0) for _ in range(10))
    planned = Plan(jobs=jobs, units=10, known=0, documents=1, skipped={}, places={})
    told = Estimate(calls=10, tokens=1000, dollars=1.0)
    assert affordable(planned, told, None, None) == 10
    assert affordable(planned, told, 0.55, None) == 5
    assert affordable(planned, told, 0.55, 300) == 3
    assert affordable(planned, told, 0.0, None) == 0
