"""Recorded outcomes as files: three formats, and what is said of files that cannot be used."""

from pathlib import Path

import pytest

from replay.worlds import rows, write
from tierwise.replay.outcomes import OutcomesError, read


def test_a_swe_file_gives_tasks_facts_costs_and_who_solved_them(tmp_path: Path) -> None:
    path = write(tmp_path / "o.csv", rows(tasks=3))
    found = read([path])
    assert len(found.tasks) == 3
    assert found.models == ("large", "middle", "silly", "small")
    assert not found.estimated
    assert set(found.tasks[0].facts) == {"repo"}


def test_the_prompt_s_length_is_a_fact_and_its_text_is_not(tmp_path: Path) -> None:
    outcomes = write(tmp_path / "o.csv", rows(tasks=1))
    tasks = write(tmp_path / "t.csv", [{"task_id": "task-0", "prompt": "secret words"}])
    assert read([outcomes], tasks).tasks[0].facts["prompt_chars"] == 12


def test_a_livecodebench_file_is_marked_as_estimated_and_its_difficulty_label_is_not_shown(tmp_path: Path) -> None:
    row = {"task_id": "q", "platform": "leetcode", "difficulty": "hard", "model": "m", "pass_at_1": "0.3"}
    path = write(tmp_path / "o.csv", [{**row, "est_cost_usd": "0.002"}])
    found = read([path])
    assert found.estimated
    assert found.tasks[0].results["m"].solved == 0.3
    assert found.tasks[0].facts == {"platform": "leetcode"}


def test_several_runs_of_one_model_are_averaged(tmp_path: Path) -> None:
    row = {"task_id": "h", "model": "m", "cost_usd": "0.1", "seconds": "2"}
    path = write(tmp_path / "o.csv", [{**row, "run": "1", "passed": "1"}, {**row, "run": "2", "passed": "0"}])
    result = read([path]).tasks[0].results["m"]
    assert (result.solved, result.cost, result.seconds) == (0.5, pytest.approx(0.1), 2.0)


@pytest.mark.parametrize("gone", ["task_id", "model", "resolved", "cost_usd"])
def test_a_missing_column_is_named(tmp_path: Path, gone: str) -> None:
    content = [{name: value for name, value in row.items() if name != gone} for row in rows(tasks=1)]
    with pytest.raises(OutcomesError, match=gone):
        read([write(tmp_path / "o.csv", content)])


def test_a_model_that_is_there_twice_is_named_with_its_line(tmp_path: Path) -> None:
    content = rows(tasks=1)
    with pytest.raises(OutcomesError, match=r"line 6: small is there twice for task task-0"):
        read([write(tmp_path / "o.csv", [*content, content[0]])])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("resolved", "2"),
        ("cost_usd", "-1"),
        ("cost_usd", "free"),
        ("cost_usd", "nan"),
        ("cost_usd", ""),
        ("seconds", "-2"),
        ("seconds", "inf"),
        ("task_id", ""),
        ("model", ""),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_line(tmp_path: Path, column: str, value: str) -> None:
    content = [{**row, "seconds": "1.5"} for row in rows(tasks=1)]
    content[1][column] = value
    with pytest.raises(OutcomesError, match="line 3"):
        read([write(tmp_path / "o.csv", content)])


def test_pools_are_checked(tmp_path: Path) -> None:
    found = read([write(tmp_path / "o.csv", rows(tasks=2))])
    with pytest.raises(OutcomesError, match="empty"):
        found.of(())
    with pytest.raises(OutcomesError, match="no outcomes of ghost; the files have large, middle"):
        found.of(("small", "ghost"))
    with pytest.raises(OutcomesError, match="twice"):
        found.of(("small", "small"))


def test_only_tasks_that_the_whole_pool_tried_are_replayed(tmp_path: Path) -> None:
    found = read([write(tmp_path / "o.csv", rows(tasks=2)[:-1])])
    assert len(found.of(("small", "large")).tasks) == 2
    assert len(found.of(("small", "silly")).tasks) == 1


@pytest.mark.parametrize("content", [b"", b"task_id,model\n", b"\xff\xfe\x00"])
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "o.csv"
    path.write_bytes(content)
    with pytest.raises(OutcomesError, match=r"o\.csv"):
        read([path])


def test_a_row_that_ends_early_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "o.csv"
    path.write_text("task_id,model,cost_usd,resolved\na,m,0.1,1\nb,m,0.1\n")
    with pytest.raises(OutcomesError, match="line 3"):
        read([path])


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutcomesError, match="cannot be read"):
        read([tmp_path / "none.csv"])
