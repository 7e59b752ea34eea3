"""What came of ladders of several tiers: where answers passed, and which checks turned them down."""

import json
from collections import Counter
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any

_CLIMBS = """
    SELECT r.kind, count(*) AS requests,
           total(r.answered AND r.tier = json_extract(r.ladder, '$[0].tier')) AS first,
           total(r.answered AND r.tier <> json_extract(r.ladder, '$[0].tier')) AS climbed,
           total(NOT r.answered) AS unanswered,
           total(EXISTS (SELECT 1 FROM attempts a WHERE a.request = r.id AND a.result = 'rejected')) AS rejected
    FROM requests r
    WHERE r.at >= :since AND r.at < :until AND json_array_length(r.ladder) > 1
    GROUP BY r.kind ORDER BY requests DESC, r.kind
"""

_REJECTED = """
    SELECT a.verdicts FROM requests r JOIN attempts a ON a.request = r.id
    WHERE r.at >= :since AND r.at < :until AND a.result = 'rejected'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Climbs:
    """Requests of one kind that had several tiers to climb.

    ``first`` were answered by the first of them, ``climbed`` by a later one, ``unanswered`` by none; of them all,
    ``rejected`` had an answer that its checks turned down.
    """

    kind: str
    requests: int
    first: int
    climbed: int
    unanswered: int
    rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """How many answers a check has turned down; one answer may be turned down by several."""

    check: str
    answers: int


def climbs(connection: Connection, *, since: float, until: float) -> tuple[Climbs, ...]:
    """Return what came of the ladders, by kind of task, the most frequent first."""
    rows = connection.execute(_CLIMBS, {"since": since, "until": until})
    return tuple(
        Climbs(
            kind=row["kind"],
            requests=row["requests"],
            first=int(row["first"]),
            climbed=int(row["climbed"]),
            unanswered=int(row["unanswered"]),
            rejected=int(row["rejected"]),
        )
        for row in rows
    )


def vetoes(connection: Connection, *, since: float, until: float) -> tuple[Veto, ...]:
    """Return which checks turned answers down, the most frequent first."""
    counted: Counter[str] = Counter()
    for row in connection.execute(_REJECTED, {"since": since, "until": until}):
        counted.update(_to_blame(json.loads(row["verdicts"])))
    return tuple(Veto(check=check, answers=answers) for check, answers in counted.most_common())


def _to_blame(verdicts: list[dict[str, Any]]) -> set[str]:
    """Return the checks that failed; where none did, those whose marks made the answer too poor."""
    judged = [verdict for verdict in verdicts if not verdict["skipped"]]
    failed = {str(verdict["check"]) for verdict in judged if not verdict["passed"]}
    return failed or {str(verdict["check"]) for verdict in judged if verdict["score"] < 1.0}
