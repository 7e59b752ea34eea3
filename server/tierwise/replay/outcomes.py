"""Recorded outcomes: who solved which task at what cost, read from CSV files."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path

from tierwise.core.task import Fact

SOLVED = ("resolved", "pass_at_1", "passed")
"""Columns that say how well a task was solved, as 0, 1 or a share."""

COST = ("cost_usd", "est_cost_usd")
"""Columns with dollars; the second kind is estimated."""

FACTS = ("repo", "platform", "language", "kind")
"""Columns that a router may see before the first attempt. Difficulty labels are not among them: no editor has them."""


class OutcomesError(ValueError):
    """The files cannot be replayed; the message names the file and what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One model's result on one task: ``solved`` in [0, 1], ``cost`` in dollars, ``seconds`` 0 where unknown."""

    solved: float
    cost: float
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One task: its cheap facts, and each model's result."""

    task: str
    facts: Mapping[str, Fact]
    results: Mapping[str, Result]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """All recorded tasks; ``estimated`` says that costs are not what was paid."""

    tasks: tuple[Recorded, ...]
    estimated: bool = False

    @property
    def models(self) -> tuple[str, ...]:
        """The names of all models, sorted."""
        return tuple(sorted({model for task in self.tasks for model in task.results}))

    def of(self, pool: Sequence[str]) -> "Outcomes":
        """Return the tasks that every model of the pool tried; raises ``OutcomesError``."""
        _check_pool(pool, self.models)
        kept = tuple(task for task in self.tasks if all(model in task.results for model in pool))
        if not kept:
            raise OutcomesError(f"no task was tried by all of {', '.join(pool)}")
        return Outcomes(tasks=kept, estimated=self.estimated)


def read(outcomes: Iterable[Path], tasks: Path | None = None) -> Outcomes:
    """Read files in the formats of SWE-bench boards, LiveCodeBench and runs; raises ``OutcomesError``.

    Columns: ``task_id``, ``model``, one of ``resolved``, ``pass_at_1`` or ``passed``, and ``cost_usd`` or
    ``est_cost_usd``; ``seconds`` where known; several rows of one task and model are averaged where a ``run`` column
    tells them apart. ``tasks`` brings ``task_id`` and ``prompt``, of which only the length is used.
    """
    facts: dict[str, dict[str, Fact]] = {}
    cells: dict[str, dict[str, list[Result]]] = {}
    estimated = False
    for path in outcomes:
        header, rows = _rows(path)
        solved = _one_of(SOLVED, header, path)
        cost = _one_of(COST, header, path)
        estimated |= cost != COST[0]
        for number, row in enumerate(rows, 2):
            if not row["task_id"] or not row["model"]:
                raise OutcomesError(f"{path}, line {number}: it names no {'model' if row['task_id'] else 'task_id'}")
            found = cells.setdefault(row["task_id"], {}).setdefault(row["model"], [])
            if found and "run" not in header:
                raise OutcomesError(f"{path}, line {number}: {row['model']} is there twice for task {row['task_id']}")
            found.append(_result(row, solved, cost, f"{path}, line {number}"))
            facts.setdefault(row["task_id"], {}).update({name: row[name] for name in FACTS if row.get(name)})
    if tasks is not None:
        _, rows = _rows(tasks, ("task_id", "prompt"))
        for row in rows:
            facts.setdefault(row["task_id"], {})["prompt_chars"] = len(row["prompt"])
    return Outcomes(
        tasks=tuple(
            Recorded(task=task, facts=facts[task], results={model: _mean(each) for model, each in models.items()})
            for task, models in sorted(cells.items())
        ),
        estimated=estimated,
    )


def _rows(path: Path, needed: Sequence[str] = ("task_id", "model")) -> tuple[list[str], list[dict[str, str]]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            header = list(reader.fieldnames or ())
            missing = [name for name in needed if name not in header]
            if missing:
                raise OutcomesError(f"{path} has no column {' and no column '.join(missing)}")
            rows = [{name: value or "" for name, value in row.items() if name} for row in reader]
    except OSError as error:
        raise OutcomesError(f"{path} cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise OutcomesError(f"{path} is no CSV file in UTF-8: {error}") from error
    if not rows:
        raise OutcomesError(f"{path} holds no rows")
    return header, rows


def _one_of(names: Sequence[str], header: Sequence[str], path: Path) -> str:
    found = next((name for name in names if name in header), None)
    if found is None:
        raise OutcomesError(f"{path} needs one of the columns {', '.join(names)}; it has {', '.join(header)}")
    return found


def _result(row: Mapping[str, str], solved: str, cost: str, where: str) -> Result:
    try:
        result = Result(solved=float(row[solved]), cost=float(row[cost]), seconds=float(row.get("seconds") or 0.0))
    except ValueError as error:
        raise OutcomesError(f"{where}: {error}") from error
    if not (0.0 <= result.solved <= 1.0 and 0.0 <= result.cost < inf and 0.0 <= result.seconds < inf):
        raise OutcomesError(f"{where}: {solved} must lie in [0, 1], {cost} and seconds must not be negative")
    return result


def _mean(results: Sequence[Result]) -> Result:
    count = len(results)
    return Result(
        solved=sum(each.solved for each in results) / count,
        cost=sum(each.cost for each in results) / count,
        seconds=sum(each.seconds for each in results) / count,
    )


def _check_pool(pool: Sequence[str], known: Sequence[str]) -> None:
    if not pool:
        raise OutcomesError("the pool is empty; name the models to choose from: --pool a,b,c")
    unknown = [model for model in pool if model not in known]
    if unknown:
        raise OutcomesError(f"no outcomes of {', '.join(unknown)}; the files have {', '.join(known)}")
    if len(set(pool)) < len(pool):
        raise OutcomesError(f"the pool names a model twice: {', '.join(pool)}")
