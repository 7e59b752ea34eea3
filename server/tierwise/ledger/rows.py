"""Outcomes and feedback as rows.

No text of the user's or of a model's is kept: no prompt, code, instruction or reply, and a check's evidence, which may
quote the code, only where the user asked for it. The document is kept as a hash of its URI.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import blake2b
from sqlite3 import Connection

from tierwise.core.beginning import beginning
from tierwise.core.decision import BACKGROUND, Decision, Role
from tierwise.core.model import IN_PROCESS
from tierwise.core.outcome import Attempt, Feedback, Outcome, Verdict
from tierwise.core.reply import FailureKind
from tierwise.core.task import Fact, Task

Row = dict[str, str | float | int | None]

LONGEST = 500
"""Characters kept of a reason, message or signal: a sentence or two, and never a file that strayed into one."""

_encode: Callable[[object], str] = json.JSONEncoder(separators=(",", ":"), default=str).encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One outcome, ready to be written: the request's row and its attempts', which lack only the request's number."""

    request: Row
    attempts: tuple[Row, ...]


def record_of(outcome: Outcome, *, keep_text: bool = False) -> Record:
    """Return the outcome as rows; its moment is its first attempt's start, or now where there was none.

    ``keep_text`` keeps the checks' evidence, which may quote code; why a check could not run never does.
    """
    attempts = outcome.attempts
    at = min((attempt.started for attempt in attempts), default=0.0) or time.time()
    return Record(
        request=_request(outcome, at),
        attempts=tuple(_attempt(number, attempt, outcome.task, keep_text) for number, attempt in enumerate(attempts)),
    )


def write_record(record: Record, connection: Connection) -> None:
    """Insert the rows; an outcome that is already there changes nothing."""
    request = record.request
    statement = _insert("requests", tuple(request), "ON CONFLICT (task, at) DO NOTHING")
    cursor = connection.execute(statement, request)
    if cursor.rowcount:
        for row in record.attempts:
            connection.execute(_insert("attempts", ("request", *row)), {"request": cursor.lastrowid, **row})


def workspace_of(task: Task) -> str:
    """Return what the ledger knows the task's workspace by: a name that was given, else a hash of its root."""
    name, root = task.facts.get("workspace"), task.facts.get("root")
    return _words(str(name)) if name else workspace_at(str(root)) if root else ""


def workspace_at(root: str) -> str:
    """Return what the ledger knows the workspace of this root by."""
    return _hash(root)


def write_feedback(feedback: Feedback, connection: Connection) -> None:
    """Insert what the user did."""
    row: Row = {"task": feedback.task_id, "signal": feedback.signal, "value": feedback.value, "at": feedback.at}
    connection.execute(_insert("feedback", tuple(row)), row)


@cache
def _insert(table: str, columns: tuple[str, ...], clause: str = "") -> str:
    """Return the statement that inserts a row of these columns."""
    places = ", ".join(f":{column}" for column in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places}) {clause}"  # noqa: S608 - our own names


def _request(outcome: Outcome, at: float) -> Row:
    task, decision = outcome.task, outcome.decision
    main = main_of(outcome.attempts)
    called = outcome.attempts[main] if main is not None else None
    answer = outcome.answer
    begun = answer.started - at if answer else 0.0
    return {
        "task": task.id,
        "at": at,
        "day": date.fromtimestamp(at).isoformat(),  # noqa: DTZ012 - the user's own day is meant
        "feature": _words(task.feature),
        "kind": _words(task.kind),
        "language": _words(task.language),
        "workspace": workspace_of(task),
        "document": _hash(task.document.uri) if task.document else "",
        "policy": decision.policy,
        "reason": _words(decision.reason),
        "confidence": decision.confidence,
        "ladder": _ladder(decision),
        "signals": _signals(decision.signals),
        "answered": answer is not None,
        "main": main,
        "tier": called.tier if called else "",
        "model": called.model.ref if called else "",
        "priced": all(attempt.cost is not None for attempt in outcome.attempts),
        "first_token": begun + answer.first_token if answer and answer.first_token is not None else None,
        "waited": max(map(_end, outcome.attempts)) - at if answer else None,
    }


def _attempt(number: int, attempt: Attempt, task: Task, keep_text: bool) -> Row:
    usage, listed, reply, failure = attempt.usage, attempt.model.price, attempt.reply, attempt.failure
    price = listed.at(usage.input + usage.cache_read + usage.cache_write) if listed else None
    return {
        "number": number,
        "role": attempt.role,
        "tier": attempt.tier,
        "provider": attempt.model.provider,
        "model": attempt.model.name,
        "resolved": reply.resolved if reply else "",
        "started": attempt.started,
        "first_token": attempt.first_token,
        "seconds": attempt.seconds,
        "input": usage.input,
        "output": usage.output,
        "cache_read": usage.cache_read,
        "cache_write": usage.cache_write,
        "reasoning": usage.reasoning,
        "estimated": usage.estimated,
        "price_input": price.input if price else None,
        "price_output": price.output if price else None,
        "price_cache_read": price.cache_read if price else None,
        "price_cache_write": price.cache_write if price else None,
        "price_date": price.as_of if price else None,
        "price_long": price is not listed,
        "cost": attempt.cost,
        "checks_cost": sum((verdict.cost for verdict in attempt.verdicts), 0.0),
        "result": _result(attempt),
        "called": is_called(attempt),
        "finish": reply.finish if reply else None,
        "failure": failure.kind if failure else None,
        "message": _words(failure.message) if failure else None,
        "status": failure.status if failure else None,
        "quality": attempt.quality,
        "verdicts": _verdicts(attempt.verdicts, keep_text),
        "beginning": beginning(task.kind, task, attempt.model) if _is_of_task(attempt) else "",
    }


def main_of(attempts: tuple[Attempt, ...]) -> int | None:
    """Return the number of the attempt that answered, else of the last that was to answer, else of the last.

    A refresh stands for no request: an all-frontier world would have its own. Nor does a shadow: it would have none.
    """
    numbers = [at for at in range(len(attempts) - 1, -1, -1) if attempts[at].role not in BACKGROUND]
    answered = (number for number in numbers if attempts[number].accepted)
    tried = (number for number in numbers if attempts[number].role is Role.ANSWER)
    return next(answered, next(tried, numbers[0] if numbers else None))


def _is_of_task(attempt: Attempt) -> bool:
    """Whether the attempt's prompt was made of the task itself and went to a vendor that may keep its beginning."""
    return attempt.role in _OF_TASK and attempt.model.provider != IN_PROCESS


def _end(attempt: Attempt) -> float:
    """Return the moment when the attempt had its answer and its checks behind it."""
    return attempt.started + attempt.seconds + sum(verdict.seconds for verdict in attempt.verdicts)


_OF_TASK = frozenset({Role.ANSWER, Role.REFRESH})
_QUIET_ENDS = {FailureKind.CANCELLED: "cancelled", FailureKind.SILENT: "silent"}


def is_called(attempt: Attempt) -> bool:
    """Whether a provider was called: an answer may be there without, and the local tier may have nothing to say."""
    return attempt.usage.total > 0 or (attempt.reply is None and not _is_silent(attempt))


def _is_silent(attempt: Attempt) -> bool:
    """Whether nobody was called: the local tier looked at what is there and had nothing to say."""
    return attempt.failure is not None and attempt.failure.kind is FailureKind.SILENT


def _result(attempt: Attempt) -> str:
    if attempt.accepted:
        return "accepted"
    if attempt.failure:
        return _QUIET_ENDS.get(attempt.failure.kind, "failed")
    return "rejected" if attempt.role is Role.ANSWER else "used"


def _ladder(decision: Decision) -> str:
    return _encode(
        [
            {
                "tier": rung.tier,
                "role": rung.role,
                "accept_at": rung.accept_at,
                "models": [model.ref for model in rung.models],
            }
            for rung in decision.ladder
        ]
    )


def _signals(signals: Mapping[str, Fact]) -> str:
    return _encode({name: value[:LONGEST] if isinstance(value, str) else value for name, value in signals.items()})


def _verdicts(verdicts: Iterable[Verdict], keep_text: bool) -> str:
    return _encode(
        [
            {
                "check": verdict.check,
                "passed": verdict.passed,
                "score": verdict.score,
                "hard": verdict.hard,
                "cost": verdict.cost,
                "seconds": verdict.seconds,
                "skipped": verdict.skipped,
                "reason": verdict.reason[:LONGEST] if keep_text or verdict.skipped else "",
            }
            for verdict in verdicts
        ]
    )


def _words(text: str) -> str:
    """Return the text cut to size, without the lone surrogates that no database takes."""
    return text[:LONGEST].encode("utf-8", "replace").decode("utf-8")


def _hash(uri: str) -> str:
    return blake2b(uri.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
