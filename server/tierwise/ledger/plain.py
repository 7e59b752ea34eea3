"""What the ledger holds as plain JSON values, for the terminal and the protocol alike.

``tierwise report`` and ``tierwise why`` say what each field means.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from tierwise.core.reply import Usage

from .history import Entry, Tried
from .lines import Line
from .report import Counterfactual, Report

SCHEMA = 1
"""The form of what is written here; a field that changes its meaning makes it another."""


def moment(at: float | None) -> str | None:
    """Return a moment, given in seconds since the epoch, as ISO 8601 local time with its offset."""
    return None if at is None else datetime.fromtimestamp(at).astimezone().isoformat(timespec="milliseconds")


def plain_report(made: Report) -> dict[str, Any]:
    """Return a report."""
    compared, beside = made.counterfactual, made.comparison
    return {
        "since": moment(made.since),
        "until": moment(made.until),
        "total": plain_line(made.total),
        "by": {
            "feature": [plain_line(line) for line in made.features],
            "kind": [plain_line(line) for line in made.kinds],
            "tier": [plain_line(line) for line in made.tiers],
            "model": [plain_line(line) for line in made.models],
            "day": [plain_line(line) for line in made.days],
        },
        "counterfactual": _counterfactual(compared) if compared else None,
        "spared": {"estimate": True, "local": asdict(beside.local), "kept": asdict(beside.kept)},
        "single": {"estimate": True, **asdict(beside.single)} if beside.single else None,
        "unwanted": asdict(beside.unwanted),
    }


def plain_line(line: Line) -> dict[str, Any]:
    """Return a line of a report."""
    return {
        "name": line.name,
        "requests": line.requests,
        "answered": line.answered,
        "free": line.free,
        "calls": line.calls,
        "unpriced": line.unpriced,
        "estimated": line.estimated,
        "tokens": _tokens(line.usage),
        "cached": line.cached,
        "cost": line.cost,
        "wasted": {**asdict(line.waste), "total": line.waste.total},
        "shown": line.shown,
        "accepted": line.accepted,
        "acceptance": line.acceptance,
        "first_token": asdict(line.first_token) if line.first_token else None,
        "waited": asdict(line.waited) if line.waited else None,
        "frontier": line.frontier,
    }


def plain_entry(entry: Entry) -> dict[str, Any]:
    """Return a decision with all that came of it."""
    return {
        "task": entry.task,
        "at": moment(entry.at),
        "feature": entry.feature,
        "kind": entry.kind,
        "language": entry.language,
        "workspace": entry.workspace,
        "policy": entry.policy,
        "reason": entry.reason,
        "confidence": entry.confidence,
        "ladder": [asdict(step) for step in entry.ladder],
        "signals": dict(entry.signals),
        "answered": entry.answered,
        "waited": entry.waited,
        "cost": entry.cost,
        "attempts": [_attempt(attempt) for attempt in entry.attempts],
        "feedback": [{"signal": note.signal, "value": note.value, "at": moment(note.at)} for note in entry.feedback],
    }


def _counterfactual(compared: Counterfactual) -> dict[str, Any]:
    return {
        "estimate": True,
        "model": compared.model,
        "price": asdict(compared.price),
        "requests": compared.requests,
        "tokens": _tokens(compared.usage),
        "cost": compared.cost,
        "actual": compared.actual,
        "saved": compared.saved,
        "free": compared.free,
        "unpriced": compared.unpriced,
    }


def _attempt(attempt: Tried) -> dict[str, Any]:
    failure = {"kind": attempt.failure, "message": attempt.message, "status": attempt.status}
    return {
        "role": attempt.role,
        "tier": attempt.tier,
        "model": attempt.model,
        "resolved": attempt.resolved,
        "result": attempt.result,
        "called": attempt.called,
        "started": moment(attempt.started),
        "first_token": attempt.first_token,
        "seconds": attempt.seconds,
        "tokens": asdict(attempt.usage),
        "price": asdict(attempt.price) if attempt.price else None,
        "cost": attempt.cost,
        "checks_cost": attempt.checks_cost,
        "finish": attempt.finish,
        "failure": failure if attempt.failure else None,
        "quality": attempt.quality,
        "verdicts": [asdict(verdict) for verdict in attempt.verdicts],
    }


def _tokens(usage: Usage) -> dict[str, int]:
    return {
        "input": usage.input,
        "output": usage.output,
        "cache_read": usage.cache_read,
        "cache_write": usage.cache_write,
        "reasoning": usage.reasoning,
    }
