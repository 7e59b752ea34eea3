"""The package as a library: light to import, documented by an example that runs."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest

import tierwise
from desk import TIERS, environment
from tierwise.rehearsal import Line, Rehearsal

ROOT = Path(__file__).parents[2]
CODE = "def add(a, b):\n    return a + b\n"


def example() -> str:
    """Return the script in the documentation."""
    page = (ROOT / "docs/library.md").read_text("utf-8")
    found = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert found is not None
    return found[1]


async def test_the_example_in_the_documentation_runs(tmp_path: Path) -> None:
    (tmp_path / "shapes.py").write_text(CODE)
    (tmp_path / "config.toml").write_text(TIERS)
    async with Rehearsal(lambda _cue: Line(text="Return the sum.")) as vendors:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", example(), str(tmp_path), "shapes.py", "1",
            env=environment(vendors, tmp_path, TIERS), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    told = out.decode()
    assert "asking: fast anthropic/claude-haiku-5-5" in told
    assert '    """Return the sum."""' in told
    assert re.search(r"cost: \$0\.0000\d+", told)
    assert "ledger: docstring cascade 1" in told
    assert (tmp_path / "shapes.py").read_text() == CODE


def test_importing_it_imports_nothing_heavy() -> None:
    heavy = ("pydantic", "openai", "anthropic", "tierwise.")
    code = f"import sys, tierwise; print([name for name in sys.modules if name.startswith({heavy})])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_it_has_what_it_says_and_nothing_else() -> None:
    for name in ("Explanation", "Observer", "Outcome", "Request", "Router", "Signal", "new_texts", "open"):
        assert name in dir(tierwise)
        assert getattr(tierwise, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        tierwise.nothing  # type: ignore[attr-defined]  # noqa: B018


async def test_what_cannot_be_asked_is_an_error_and_a_wrong_setting_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(CODE)
    async with tierwise.open(tmp_path, settings={"tiers": {"fast": {"modles": []}}}, env={}) as router:
        assert any("modles" in problem for problem in router.problems)
        assert "docstring" in router.kinds
        assert "judge" not in router.kinds
        for kind, path, line in (("dance", "a.py", 1), ("docstring", "b.py", 1), ("docstring", "a.py", 99)):
            with pytest.raises(tierwise.UndoableError):
                await router.task(kind, path, tierwise.Request(line=line))


async def test_without_models_the_outcome_has_no_answer_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(CODE)
    async with tierwise.open(tmp_path, env={"TIERWISE_DATA_DIR": str(tmp_path)}) as router:
        outcome = await router.run("refactor", "a.py")
        assert outcome.candidate is None
        assert "tierwise doctor" in outcome.decision.reason
        assert tierwise.new_texts(outcome) == {}
