"""`tierwise review`: defects by file, as text, JSON and SARIF, with exit codes for machines."""

import asyncio
import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from desk import environment
from findings.scanning import TIERS, marking
from tierwise.cli._batches import LEFT
from tierwise.rehearsal import Rehearsal

CODE = "def mean(values):\n    return sum(values) / len(values)  # BUG\n\n\ndef fine(a):\n    return a\n"


@dataclass(slots=True)
class Terminal:
    """A folder, vendors and a way to run the command."""

    root: Path
    vendors: Rehearsal
    env: dict[str, str]

    async def begin(self, *arguments: str, stdin: int = subprocess.DEVNULL) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tierwise", "review", *arguments),
            cwd=self.root,
            env=self.env,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    async def __call__(self, *arguments: str, stdin: int = subprocess.DEVNULL) -> tuple[int, str, str]:
        process = await self.begin(*arguments, stdin=stdin)
        out, wrong = await asyncio.wait_for(process.communicate(), 30)
        assert process.returncode is not None
        return process.returncode, out.decode(), wrong.decode()


@pytest.fixture
async def review(tmp_path: Path) -> AsyncGenerator[Terminal]:
    """A folder with one file and vendors that find the line marked BUG."""
    root = tmp_path / "project"
    root.mkdir()
    (root / "a.py").write_text(CODE)
    (tmp_path / "config.toml").write_text(TIERS)
    async with Rehearsal(marking("BUG")) as vendors:
        yield Terminal(root, vendors, environment(vendors, tmp_path, TIERS))


async def test_findings_are_printed_and_make_it_fail_and_a_second_run_is_free(review: Terminal) -> None:
    code, out, told = await review()
    assert code == 1
    assert out.startswith("a.py:2:5: error: ")
    assert "2 units in 1 files, 0 of them known." in told
    asked = len(review.vendors.requests)
    code, out, told = await review("a.py")
    assert (code, len(review.vendors.requests)) == (1, asked)
    assert "2 of them known" in told


async def test_sarif_names_place_rule_and_fingerprint(review: Terminal) -> None:
    code, out, _ = await review("--sarif")
    log: dict[str, Any] = json.loads(out)
    (result,) = log["runs"][0]["results"]
    assert (code, log["version"], result["ruleId"], result["level"]) == (1, "2.1.0", "bug", "error")
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "a.py", "uriBaseId": "ROOT"}
    assert (place["region"]["startLine"], place["region"]["startColumn"]) == (2, 5)
    (review.root / "a.py").write_text("X = 1\n\n\n" + CODE)
    _, moved, _ = await review("--sarif")
    again = json.loads(moved)["runs"][0]["results"][0]
    assert again["partialFingerprints"] == result["partialFingerprints"]


async def test_the_estimate_asks_nobody_and_finds_nothing(review: Terminal) -> None:
    code, out, _ = await review("--estimate", "--json")
    told = json.loads(out)
    assert (code, told["run"], review.vendors.requests) == (0, None, [])
    assert told["estimate"]["dollars"] > 0


async def test_a_spent_budget_is_an_exit_code_of_its_own(review: Terminal) -> None:
    code, out, _ = await review("--budget", "0", "--json")
    told = json.loads(out)
    assert (code, told["left"], told["stopped"]) == (3, ["a.py"], "the limit of $0 is reached")
    assert review.vendors.requests == []


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], cwd=root, check=True)


def commit(root: Path) -> None:
    git(root, "add", ".")
    git(root, "commit", "-qm", "as it is")


async def test_only_what_is_not_committed_is_looked_at(review: Terminal) -> None:
    git(review.root, "init", "-q")
    commit(review.root)
    (review.root / "a.py").write_text(CODE + "\n\n\n\n\ndef new():\n    return 1  # BUG\n")
    code, out, _ = await review("--diff", "--json")
    told = json.loads(out)
    assert (code, told["looked"]) == (1, 2)  # the new function, and `fine`, which the hunk shows beside it
    assert [each["line"] for each in told["findings"]] == [13]


async def test_of_a_branch_only_what_it_changed_is_looked_at(review: Terminal) -> None:
    git(review.root, "init", "-qb", "main")
    commit(review.root)
    git(review.root, "checkout", "-qb", "topic")
    (review.root / "b.py").write_text("def new():\n    return 1  # BUG\n")
    commit(review.root)
    code, out, _ = await review("--branch", "--json")
    told = json.loads(out)
    assert (code, told["looked"]) == (1, 1)
    assert [each["line"] for each in told["findings"]] == [2]
    code, _, said = await review("--branch", "nope")
    assert code == 2
    assert "There is no branch 'nope'" in said


async def test_a_place_that_does_not_exist_is_wrong_usage(review: Terminal) -> None:
    code, _, told = await review("nowhere")
    assert code == 2
    assert "nowhere" in told


async def test_an_audit_asks_the_strongest_tier_about_holes_only(review: Terminal) -> None:
    review.vendors.script = marking("BUG", concern="security")
    code, out, _ = await review("--profile", "audit", "--json")
    assert code == 1
    assert [finding["concern"] for finding in json.loads(out)["findings"]] == ["security"]
    assert {request.model for request in review.vendors.requests} == {"claude-opus-5-5"}
    asked = str(review.vendors.requests[0].body)
    assert "follow it to where it is" in asked
    assert "- security:" in asked
    assert "- performance:" not in asked


@pytest.fixture
def interruptible() -> Generator[None]:
    """A shell has what it starts in the background ignore SIGINT, and so would all that these tests start."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
async def test_batches_outlive_the_command_that_sent_them_and_the_next_one_takes_their_answers(
    review: Terminal,
) -> None:
    batches = review.vendors.batches
    batches.open.clear()
    batches.looks = 0
    first = await review.begin("--batch")
    assert first.stderr is not None
    said = await asyncio.wait_for(first.stderr.readline(), 30)
    assert said == b"A batch of 1 question to anthropic/claude-haiku-5-5 is under way; that may take a day.\n"
    first.send_signal(signal.SIGINT)
    _, rest = await asyncio.wait_for(first.communicate(), 30)
    assert (first.returncode, rest.decode()) == (130, f"{LEFT}\n")
    code, _, told = await review("--estimate")
    assert code == 0
    assert told.startswith("1 question is in a batch since ")
    batches.open.set()
    code, out, _ = await review("--batch", "--json")
    assert (code, len(json.loads(out)["findings"])) == (1, 1)
    assert ([len(batch.entries) for batch in batches.every], review.vendors.requests) == ([1, 1], [])
    code, _, told = await review("--cancel-batches")
    assert (code, told) == (0, "No batch is under way for this workspace.\n")


async def test_at_a_terminal_it_is_asked_before_more_is_spent_than_the_limit(review: Terminal) -> None:
    (review.root.parent / "config.toml").write_text(TIERS + "[budget]\nask_above = 0.0\n")
    ours, theirs = pty.openpty()
    try:
        os.write(ours, b"n\n")
        code, _, told = await review(stdin=theirs)
        assert (code, review.vendors.requests) == (0, [])
        assert "Go on? [y/N]" in told
        os.write(ours, b"y\n")
        code, _, told = await review(stdin=theirs)
        assert (code, len(review.vendors.requests)) == (1, 2)
    finally:
        os.close(ours)
        os.close(theirs)
