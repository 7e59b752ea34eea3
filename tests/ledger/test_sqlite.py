import asyncio
import itertools
import logging
import os
import sqlite3
import stat
import sys
import time
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ledger.outcomes import CODE, accepted, attempt, outcome
from tierwise.core.document import Document
from tierwise.core.outcome import Feedback, Signal
from tierwise.core.text import Text
from tierwise.ledger import sqlite
from tierwise.ledger import writer as writing
from tierwise.ledger.file import BUSY_SECONDS, LedgerError, connect, reading
from tierwise.ledger.migrations import MIGRATIONS
from tierwise.ledger.report import report
from tierwise.ledger.sqlite import open as open_ledger


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "ledger.sqlite3"


@asynccontextmanager
async def kept(path, **options):
    ledger = open_ledger(path, **options)
    try:
        yield ledger
    finally:
        await ledger.close()


def tasks(path):
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT task FROM requests ORDER BY id")]


async def until(condition, seconds=20.0):
    """Wait for something that another thread brings about; the limit only ends a test that failed."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came about"
        await asyncio.sleep(0.005)


async def test_a_recorded_outcome_can_be_read_at_once(path):
    async with kept(path) as ledger:
        await ledger.record(outcome(accepted(), id="one"))
        assert tasks(path) == ["one"]


async def test_outcomes_recorded_together_are_all_there(path):
    async with kept(path) as ledger:
        await asyncio.gather(*(ledger.record(outcome(accepted(), id=str(number))) for number in range(500)))
        assert sorted(map(int, tasks(path))) == list(range(500))


async def test_closing_writes_what_still_waits(path):
    ledger = open_ledger(path)
    waiting = [asyncio.ensure_future(ledger.record(outcome(accepted(), id=str(number)))) for number in range(50)]
    await asyncio.sleep(0)
    ledger.note(Feedback(task_id="0", signal=Signal.ACCEPTED, value=1.0, at=time.time()))
    await ledger.close()
    await asyncio.gather(*waiting)
    assert len(tasks(path)) == 50
    assert report(path).total.accepted == 1


async def test_an_outcome_recorded_twice_counts_once(path):
    twice = outcome(accepted(), attempt(), id="one")
    async with kept(path) as ledger:
        await ledger.record(twice)
        await ledger.record(twice)
    assert tasks(path) == ["one"]
    assert report(path).total.calls == 2


async def test_a_caller_that_is_cancelled_while_recording_loses_nothing(path):
    async with kept(path) as ledger:
        recording = asyncio.ensure_future(ledger.record(outcome(accepted(), id="one")))
        await asyncio.sleep(0)
        recording.cancel()
        with pytest.raises(asyncio.CancelledError):
            await recording
    assert tasks(path) == ["one"]


async def test_what_comes_after_closing_is_said_to_be_lost_and_breaks_nothing(path, caplog):
    ledger = open_ledger(path)
    await ledger.close()
    await ledger.record(outcome(accepted()))
    ledger.note(Feedback(task_id="x", signal=Signal.SHOWN, value=1.0, at=1.0))
    await ledger.close()
    assert tasks(path) == []
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 2


async def test_neither_prompt_code_instruction_reply_nor_evidence_is_in_the_file(path):
    async with kept(path) as ledger:
        await ledger.record(outcome(attempt(), accepted()))
        written = b"".join(part.read_bytes() for part in path.parent.iterdir())
    written += path.read_bytes()
    assert b"inline_completion" in written
    assert CODE.startswith("def unmistakable")
    assert b"unmistakable" not in written
    assert b"secret_place" not in written


async def test_evidence_is_there_for_a_user_who_wants_it(path):
    async with kept(path, keep_text=True) as ledger:
        await ledger.record(outcome(attempt()))
    assert b"unmistakable_evidence" in path.read_bytes()
    assert b"unmistakable_reply" not in path.read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
async def test_only_the_owner_may_read_the_ledger(path):
    async with kept(path) as ledger:
        await ledger.record(outcome(accepted()))
        for part in path.parent.iterdir():
            assert stat.S_IMODE(part.stat().st_mode) == 0o600, part
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def with_tests_on_path():
    return {**os.environ, "PYTHONPATH": os.pathsep.join((str(Path(__file__).parents[1]), *sys.path))}


class TestProcesses:
    """Real processes share the file, and die."""

    @staticmethod
    async def start(path, name, count, **options):
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "ledger.recorder", str(path), name, str(count)),
            stdout=asyncio.subprocess.PIPE,
            env=with_tests_on_path(),
            **options,
        )

    async def test_what_was_recorded_survives_being_killed_right_after(self, path):
        safe = []
        for life in range(8):
            process = await self.start(path, f"life{life}", 100_000)
            assert process.stdout is not None
            said = b""
            for _ in range(1 + 37 * life % 101):
                said += await process.stdout.readline()
            process.kill()
            said += await process.stdout.read()
            safe += said.decode().split("\n")[:-1]
            await process.wait()
        there = tasks(path)
        assert set(safe) <= set(there)
        assert len(there) == len(set(there))
        assert len(there) <= len(safe) + 8, "at most one more for each life: written, and killed before it was said"
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert connection.execute("SELECT count(*) FROM attempts").fetchone() == (len(there),)

    async def test_several_editors_write_to_one_file_at_once(self, path):
        editors = [await self.start(path, name, 300) for name in ("vim", "emacs", "zed")]
        said = [(await editor.communicate())[0].decode().split() for editor in editors]
        assert [len(lines) for lines in said] == [300, 300, 300]
        assert sorted(tasks(path)) == sorted(itertools.chain.from_iterable(said))

    @pytest.mark.skipif(sys.platform == "win32", reason="limits are POSIX")
    async def test_a_full_disk_delays_no_request_and_costs_no_outcome(self, path, tmp_path):
        connect(path).close()
        script = tmp_path / "fill.py"
        script.write_text(FULL_DISK, "utf-8")
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(script),
            str(path),
            stdout=asyncio.subprocess.PIPE,
            env=with_tests_on_path(),
        )
        out, _ = await process.communicate()
        problem, *_ = out.decode().splitlines()
        assert process.returncode == 0
        assert "ledger" in problem
        assert "free some space" in problem or "check the file" in problem
        assert len(tasks(path)) == 400

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
    async def test_a_read_only_file_is_named_and_breaks_no_request(self):
        with TemporaryDirectory(prefix="tierwise-read-only-") as folder:
            path = Path(folder) / "ledger.sqlite3"
            connect(path).close()
            path.chmod(0o444)
            path.parent.chmod(0o555)
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-c", READ_ONLY, str(path)),
                stdout=asyncio.subprocess.PIPE,
                env=with_tests_on_path(),
            )
            out, _ = await process.communicate()
            path.parent.chmod(0o755)
        assert "may not be written; make the file and its folder writable" in out.decode()
        assert process.returncode == 0


FULL_DISK = """
import asyncio, resource, sys, time
from pathlib import Path
from ledger.outcomes import accepted, outcome
from tierwise.ledger.sqlite import open as open_ledger

async def main(path):
    # No file may grow past this: what SQLite is told is what a full disk tells it.
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
    ledger = open_ledger(path)
    for number in range(400):
        await ledger.record(outcome(accepted(), id=str(number)))
    assert ledger.problem, "the limit was never reached"
    print(ledger.problem)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await ledger.close()

asyncio.run(main(Path(sys.argv[1])))
"""


READ_ONLY = """
import asyncio, os, sys
import concurrent.futures.thread  # while this process may still read it
from pathlib import Path
from ledger.outcomes import accepted, outcome
from tierwise.ledger import sqlite

async def main(path):
    if os.geteuid() == 0:
        os.setuid(65534)  # root may write everywhere, nobody nowhere
    sqlite.CLOSING = 0.1
    ledger = sqlite.open(path)
    await ledger.record(outcome(accepted()))
    print(ledger.problem)
    await ledger.close()

asyncio.run(main(Path(sys.argv[1])))
"""


class TestTrouble:
    """Nothing that is wrong with the file breaks or holds up a request."""

    @pytest.fixture(autouse=True)
    def hurry(self, monkeypatch):
        """Give up soon at the end, where a test leaves the trouble as it is."""
        monkeypatch.setattr(sqlite, "CLOSING", 0.3)

    async def test_a_lock_held_briefly_is_waited_for(self, path, caplog):
        async with kept(path) as ledger:
            await ledger.record(outcome(accepted(), id="before"))
            with closing(sqlite3.connect(path, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                asyncio.get_running_loop().call_later(0.05, other.rollback)
                await ledger.record(outcome(accepted(), id="after"))
                assert tasks(path) == ["before", "after"]
        assert caplog.records == []

    async def test_a_lock_held_long_is_told_of_once_and_everything_is_written_after_it(self, path, caplog):
        async with kept(path) as ledger:
            await ledger.record(outcome(accepted(), id="before"))
            with closing(sqlite3.connect(path, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                await ledger.record(outcome(accepted(), id="during"))
                assert tasks(path) == ["before"]
                await until(lambda: ledger.problem is not None)
                await ledger.record(outcome(accepted(), id="later"))
                ledger.note(Feedback(task_id="later", signal=Signal.SHOWN, value=1.0, at=time.time()))
                assert "locked by another program" in str(ledger.problem)
            await until(lambda: len(tasks(path)) == 3)
            await until(lambda: ledger.problem is None)
        assert tasks(path) == ["before", "during", "later"]
        assert report(path).total.shown == 1
        assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]

    async def test_a_place_that_cannot_be_written_is_named_and_tried_again(self, path, caplog):
        path.mkdir(parents=True)
        async with kept(path) as ledger:
            for number in range(20):
                await ledger.record(outcome(accepted(), id=str(number)))
            assert str(path) in str(ledger.problem)
            path.rmdir()
            await ledger.record(outcome(accepted(), id="20"))
            await until(lambda: ledger.problem is None)
        assert tasks(path) == [str(number) for number in range(21)]
        assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]

    async def test_a_folder_that_may_not_be_made_is_named(self, tmp_path):
        (tmp_path / "file").write_text("in the way")
        async with kept(tmp_path / "file" / "ledger.db") as ledger:
            await ledger.record(outcome(accepted()))
            assert "check the file and its folder" in str(ledger.problem)

    async def test_what_waits_in_memory_is_bounded_and_the_loss_said(self, path, caplog, monkeypatch):
        monkeypatch.setattr(writing, "BACKLOG", 5)
        path.mkdir(parents=True)
        async with kept(path) as ledger:
            for number in range(8):
                await ledger.record(outcome(accepted(), id=str(number)))
            await until(lambda: any("oldest" in record.message for record in caplog.records))
            path.rmdir()
        assert tasks(path)[-1] == "7"
        assert len(tasks(path)) <= 5 + 2

    async def test_what_cannot_be_written_in_time_at_the_end_is_said_to_be_lost(self, path, caplog):
        path.mkdir(parents=True)
        async with kept(path) as ledger:
            await ledger.record(outcome(accepted()))
        assert "1 entries of the ledger are lost" in caplog.text

    async def test_a_damaged_file_is_set_aside_and_a_new_one_begun(self, path, caplog):
        path.parent.mkdir()
        path.write_bytes(b"this was a ledger once" * 100)
        async with kept(path) as ledger:
            await ledger.record(outcome(accepted(), id="one"))
            await until(lambda: tasks(path) == ["one"])
            assert ledger.problem is None
        aside = [part for part in path.parent.iterdir() if "damaged" in part.name]
        assert [part.read_bytes() for part in aside] == [b"this was a ledger once" * 100]
        assert str(aside[0]) in caplog.text

    async def test_damage_behind_the_first_page_is_noticed_too(self, path):
        async with kept(path) as ledger:
            await asyncio.gather(*(ledger.record(outcome(accepted(), id=str(number))) for number in range(300)))
        with path.open("r+b") as file:
            file.seek(4096)
            file.write(b"\xff" * (path.stat().st_size - 4096))
        async with kept(path) as ledger:
            await ledger.record(outcome(accepted(), id="one"))
            await until(lambda: tasks(path) == ["one"])
            assert ledger.problem is None

    async def test_damage_done_while_it_is_open_breaks_no_request_and_not_the_next_start(self, path):
        async with kept(path) as ledger:
            await ledger.record(outcome(accepted()))
            path.write_bytes(os.urandom(path.stat().st_size))
            for _ in range(10):
                await ledger.record(outcome(accepted()))
        async with kept(path) as ledger:
            await ledger.record(outcome(accepted(), id="next"))
            await until(lambda: "next" in tasks(path))
            assert ledger.problem is None

    async def test_a_file_that_was_deleted_is_made_anew(self, path):
        async with kept(path) as ledger:
            await ledger.record(outcome(accepted(), id="one"))
            for part in path.parent.iterdir():
                part.unlink()
            await ledger.record(outcome(accepted(), id="two"))
            assert tasks(path) == ["two"]

    async def test_a_newer_schema_is_left_alone_and_the_fix_named(self, path, caplog):
        connect(path).close()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        before = path.read_bytes()
        async with kept(path) as ledger:
            await ledger.record(outcome(accepted()))
            assert "upgrade this Tierwise" in str(ledger.problem)
            with pytest.raises(LedgerError, match="written by a newer Tierwise"):
                report(path)
            assert path.read_bytes() == before

    @pytest.mark.parametrize("mark", [0, 42])
    async def test_another_programs_database_is_left_alone(self, path, mark):
        path.parent.mkdir()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"PRAGMA application_id = {mark}")
            connection.execute("CREATE TABLE theirs (a)")
            connection.commit()
        before = path.read_bytes()
        async with kept(path) as ledger:
            await ledger.record(outcome(accepted()))
            assert "another program's database" in str(ledger.problem)
            with pytest.raises(LedgerError, match="another program's database"):
                report(path)
        assert path.read_bytes() == before

    async def test_an_outcome_with_values_no_database_takes_harms_no_other(self, path, caplog):
        async with kept(path) as ledger:
            await asyncio.gather(
                ledger.record(outcome(accepted(), id="good")),
                ledger.record(outcome(accepted(seconds=float("nan")), id="bad")),
                ledger.record(outcome(accepted(), id="fine")),
            )
        assert tasks(path) == ["good", "fine"]
        assert "could not be written and is lost" in caplog.text

    async def test_lone_surrogates_in_a_reason_are_no_such_values(self, path):
        async with kept(path) as ledger:
            await ledger.record(outcome(accepted(), id="one", reason="\ud800", signals={"odd": "\udc80"}))
        assert tasks(path) == ["one"]

    async def test_nor_are_they_in_a_language_that_an_editor_says(self, path):
        made = outcome(accepted(), id="one")
        document = Document(uri="file:///a", version=1, language="\ud800", text=Text.of(""))
        async with kept(path) as ledger:
            await ledger.record(replace(made, task=replace(made.task, document=document)))
        assert tasks(path) == ["one"]


async def test_a_reader_waits_while_somebody_else_makes_the_file(path):
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as maker:
        maker.execute("BEGIN IMMEDIATE")

        def count():
            with reading(path) as connection:
                return connection.execute("SELECT count(*) FROM requests").fetchone()[0]

        reader = asyncio.get_running_loop().run_in_executor(None, count)
        await asyncio.sleep(2 * BUSY_SECONDS)
        assert not reader.done()
        maker.execute("COMMIT")
        assert await reader == 0
