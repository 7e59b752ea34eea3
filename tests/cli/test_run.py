"""Work from the terminal: printed, as a diff, as JSON, or made."""

import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from features.errands import shop
from features.errands.errand import PLANNING
from projects import PYTHON, commit, write
from tierwise.cli import main
from tierwise.settings.paths import CONFIG, DATA_DIR
from tierwise.workspace.journal import Journal


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that is the current folder, and settings whose only models say what ``answers`` tells them."""
    project = tmp_path / "project"
    write(PYTHON, project)
    monkeypatch.chdir(project)
    monkeypatch.setenv(DATA_DIR, str(tmp_path / "data"))
    monkeypatch.setenv(CONFIG, str(tmp_path / "config.toml"))
    tiers = "".join(f'[tiers.{tier}]\nmodels = ["stage/{tier}"]\n' for tier in ("fast", "mid", "frontier"))
    script = tmp_path / "script.toml"
    (tmp_path / "config.toml").write_text(
        f'[providers.stage]\ntype = "fake"\nscript = "{script}"\n{tiers}[routing]\nmode = "rules"\n'
    )
    return project


def answers(root: Path, text: str) -> None:
    """Let every model answer so."""
    (root.parent / "script.toml").write_text(f"[[rule]]\ntext = {json.dumps(text)}\n")


def says(root: Path, lines: Mapping[str, str]) -> None:
    """Let models answer so where these words stand in what they are asked."""
    rules = (f"[[rule]]\nprompt = {json.dumps(words)}\ntext = {json.dumps(text)}\n" for words, text in lines.items())
    (root.parent / "script.toml").write_text("".join(rules))


REFACTORING = {
    PLANNING: shop.PLAN,
    f"Your file: {shop.PRICES}": shop.RENAMED,
    f"Your file: {shop.ORDERS}": shop.REWRITTEN,
}

RENAMED = "<<<<<<< SEARCH\ndef label(name, price):\n=======\ndef label(name, price=0):\n>>>>>>> REPLACE\n"


def test_a_text_is_printed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit(root)
    (root / "shop/prices.py").write_text("TAX = 20\n")
    answers(root, "Name the tax")
    assert main(["run", "commit_message"]) == 0
    assert capsys.readouterr().out == "Name the tax\n"


def test_changes_are_printed_as_a_diff_and_not_made(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers(root, RENAMED)
    assert main(["run", "edit", "shop/prices.py:13", "-i", "Give the price a default."]) == 0
    out = capsys.readouterr().out
    assert "--- a/shop/prices.py\n+++ b/shop/prices.py\n" in out
    assert "-def label(name, price):\n+def label(name, price=0):\n" in out
    assert (root / "shop/prices.py").read_text() == PYTHON["shop/prices.py"]


def test_with_apply_they_are_made_and_line_ends_mark_and_permissions_stay(root: Path) -> None:
    path = root / "shop/prices.py"
    before = b"\xef\xbb\xbf" + PYTHON["shop/prices.py"].replace("\n", "\r\n").encode()
    path.write_bytes(before)
    path.chmod(0o755)
    answers(root, RENAMED)
    assert main(["run", "edit", "shop/prices.py", "-i", "Give the price a default.", "--apply"]) == 0
    assert path.read_bytes() == before.replace(b"name, price)", b"name, price=0)", 1)
    assert path.stat().st_mode & 0o777 == 0o755


def test_a_file_that_was_changed_while_the_model_thought_is_left_alone(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, script = root / "shop/prices.py", root.parent / "script.toml"
    os.mkfifo(script)  # who reads it, because a model is asked, waits for who writes it
    arguments = ["run", "edit", "shop/prices.py", "-i", "Give the price a default.", "--apply"]
    with ThreadPoolExecutor() as beside:
        ended = beside.submit(main, arguments)
        with script.open("w") as asked:
            path.write_text("# mine\n" + PYTHON["shop/prices.py"])
            asked.write(f"[[rule]]\ntext = {json.dumps(RENAMED)}\n")
        assert ended.result() == 1
    assert "prices.py has changed meanwhile: nothing was written" in capsys.readouterr().err
    assert path.read_text() == "# mine\n" + PYTHON["shop/prices.py"]


def test_json_says_who_answered_and_what_changes(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers(root, RENAMED)
    assert main(["run", "edit", "shop/prices.py", "-i", "Give the price a default.", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["kind"], told["tier"], told["model"]) == ("edit", "mid", "stage/mid")
    (file,) = told["files"]
    assert file["before"] == PYTHON["shop/prices.py"]
    assert "price=0" in file["after"]


def test_a_refactoring_over_files_is_printed_as_one_diff_with_its_plan_beside_it(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    says(root, REFACTORING)
    assert main(["run", "refactor_files", "shop/prices.py", "-i", "Rename net to without_tax."]) == 0
    out, err = capsys.readouterr()
    assert err == "Rename net to without_tax.\n\n"
    assert "-def net(gross, rate):\n+def without_tax(gross, rate):\n" in out
    assert "--- a/shop/orders.py\n+++ b/shop/orders.py\n" in out
    assert (root / "shop/prices.py").read_text() == PYTHON["shop/prices.py"]


def test_a_refactoring_that_is_made_is_in_the_journal(root: Path) -> None:
    says(root, REFACTORING)
    (root / shop.TESTS).chmod(0o755)
    assert main(["run", "refactor_files", "shop/prices.py", "-i", "Rename net to without_tax.", "--apply"]) == 0
    assert not (root / shop.TESTS).exists()
    assert (root / "tests/test_order.py").stat().st_mode & 0o777 == 0o755
    assert "without_tax" in (root / "shop/orders.py").read_text()
    assert not (root / shop.API).exists()
    page = Journal(root.parent / "data/journal").last()
    assert page is not None
    assert {leaf.uri.rpartition("/")[2] for leaf in page.leaves} >= {"prices.py", "orders.py", "api.py"}


def test_what_a_model_says_of_its_changes_is_printed_beside_them(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers(root, f"The name was never set.\nNobody noticed.\n\nshop/prices.py\n{RENAMED}That is all.\n")
    assert main(["run", "debug", "shop/prices.py", "-i", "It crashes."]) == 0
    out, err = capsys.readouterr()
    assert err == "The name was never set.\nNobody noticed.\n\n"
    assert out.startswith("--- a/shop/prices.py\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "there is no task kind 'nothing'"),
        (["edit"], "needs an instruction"),
        (["edit", "missing.py", "-i", "x"], "cannot be read"),
        (["commit_message"], "in no git repository"),
        (["edit", "shop/prices.py", "-i", "x"], "No answer passed its checks"),
    ],
)
def test_what_cannot_be_done_is_said(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    answers(root, "I do not know.")
    assert main(["run", *arguments]) == 1
    assert said in capsys.readouterr().err
