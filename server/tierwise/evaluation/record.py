"""Outcomes in the CSV format that tuning and replays read, written row by row so that a run can be taken up again."""

import csv
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One tier's answer to one puzzle; money in dollars, ``resolved`` 0 or 1, ``seconds`` until the answer."""

    task_id: str
    repo: str
    kind: str
    language: str
    model: str
    vendor: str
    tier: str
    cost_usd: float
    api_calls: int
    resolved: int
    seconds: float
    run_date: str
    scaffold: str
    reason: str


class RecordError(Exception):
    """The file holds something else than such outcomes; the message says what to do."""


NAMES = tuple(field.name for field in fields(Row))


def read(path: Path) -> list[Row]:
    """Return the rows that are there; none where there is no file. Raises ``RecordError``."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != NAMES:
            raise RecordError(f"{path} holds something else than outcomes of `tierwise eval`: name another file.")
        try:
            return [
                _row(row) for row in reader if None not in row.values()
            ]  # a row that a crash cut short is not there
        except ValueError as error:
            raise RecordError(f"{path}: {error}") from None


def mend(path: Path) -> list[Row]:
    """Return the rows that are there, and leave no half row behind that a crash cut short.

    Raises ``RecordError``, also where rows could not be added: nobody shall be paid for answers that are lost.
    """
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise RecordError(f"{path} cannot be written: name another file with --out.")
    rows = read(path)
    if path.exists() and not path.read_bytes().endswith(b"\n"):
        whole = path.with_suffix(".part")
        whole.unlink(missing_ok=True)
        for row in rows:
            append(whole, row)
        whole.replace(path)
    return rows


def append(path: Path, row: Row) -> None:
    """Write one row, with the heading before the first; what is written survives a crash."""
    fresh = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, NAMES)
        if fresh:
            writer.writeheader()
        writer.writerow(asdict(row))


def _row(row: dict[str, str]) -> Row:
    return Row(
        task_id=row["task_id"],
        repo=row["repo"],
        kind=row["kind"],
        language=row["language"],
        model=row["model"],
        vendor=row["vendor"],
        tier=row["tier"],
        cost_usd=float(row["cost_usd"]),
        api_calls=int(row["api_calls"]),
        resolved=int(row["resolved"]),
        seconds=float(row["seconds"]),
        run_date=row["run_date"],
        scaffold=row["scaffold"],
        reason=row["reason"],
    )
