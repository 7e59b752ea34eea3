"""Models whose sight is known: they read the real prompts, and see as much as they are made to."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tierwise.rehearsal import Cue, Line

from .cases import Case

MODELS = {"fast": "claude-haiku-5-5", "mid": "claude-sonnet-5-5", "frontier": "claude-opus-5-5"}
"""Who plays each tier: models with a list price."""

CONFIG = "".join(f'[tiers.{tier}]\nmodels = ["anthropic/{model}"]\n' for tier, model in MODELS.items())

PARTS, SUSPECTS = "The parts to look at:", "The suspects:"

_FILE = re.compile(r"^File: (\S+) \(", re.MULTILINE)
_NUMBERED = re.compile(r"^(\d+)\| (.*)$", re.MULTILINE)
_SUSPECT = re.compile(r"^(\d+)\. line (\d+), (\w+), \w+: ", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Eye:
    """How well a model sees: the share of defects that it finds, and of files in which it takes good code for bad.

    Which ones is settled by their place among all, so that the shares are exact.
    """

    sees: float = 1.0
    invents: float = 0.0


PERFECT, NOISY, BLIND = Eye(), Eye(invents=1.0), Eye(sees=0.0)

CASTS: Mapping[str, Mapping[str, Eye]] = {
    "perfect": {"fast": PERFECT, "mid": PERFECT, "frontier": PERFECT},
    "noisy": {"fast": NOISY, "mid": PERFECT, "frontier": PERFECT},
    "blind": {"fast": BLIND, "mid": PERFECT, "frontier": PERFECT},
}
"""By name: all are perfect; the cheap one suspects something everywhere; the cheap one sees nothing."""


class Cast:
    """A script for rehearsed vendors: answers both stages' questions about the cases with the tiers' eyes."""

    def __init__(self, cases: Sequence[Case], eyes: Mapping[str, Eye]) -> None:
        self._cases = {case.path: (number, case) for number, case in enumerate(cases)}
        self._eyes = {MODELS[tier]: eye for tier, eye in eyes.items()}

    def __call__(self, cue: Cue) -> Line:
        """Answer a question."""
        path = _FILE.search(cue.prompt)
        number, case = self._cases[path[1] if path else ""]
        eye = self._eyes[cue.model]
        lines = {int(line): text for line, text in _NUMBERED.findall(cue.prompt)}
        flawed = _holds(case, lines)
        if PARTS in cue.prompt:
            said = {"suspects": _suspected(eye, number, case, flawed, lines)}
        else:
            suspects = _SUSPECT.findall(cue.prompt.rpartition(SUSPECTS)[2])
            said = {"verdicts": [_verdict(eye, number, case, flawed, lines, suspect) for suspect in suspects]}
        return Line(text=json.dumps(said))


def chosen(share: float, number: int) -> bool:
    """Whether the thing of this number is among a share of all: of the first n, that share, rounded down."""
    return int((number + 1) * share + 1e-9) > int(number * share + 1e-9)


def _holds(case: Case, lines: Mapping[int, str]) -> bool:
    """Whether what is shown has the defect in it: every line that it changed reads as in the flawed text."""
    flawed, clean = case.flawed.split("\n"), case.clean.split("\n")
    return any(
        lines.get(number + 1) == text and (number >= len(clean) or clean[number] != text)
        for number, text in enumerate(flawed)
    )


def _suspected(eye: Eye, number: int, case: Case, flawed: bool, lines: Mapping[int, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    shown = [line for line, text in lines.items() if text.strip()]
    seen = [line for line in shown if line - 1 in case.near]
    if flawed and seen and chosen(eye.sees, number):
        exact = next((line for line in seen if line - 1 in case.lines), seen[0])
        found.append(_said(exact, lines, str(case.concern), case.says))
    other = [line for line in shown if not flawed or line - 1 not in case.near]
    if other and chosen(eye.invents, 2 * number + flawed):
        found.append(_said(other[-1], lines, "bug", "This looks odd."))
    return found


def _said(line: int, lines: Mapping[int, str], concern: str, title: str) -> dict[str, Any]:
    quote = lines[line].strip()
    return {
        "line": line, "quote": quote, "concern": concern, "severity": "warning", "title": title, "why": title,
    }  # fmt: skip


def _verdict(
    eye: Eye, number: int, case: Case, flawed: bool, lines: Mapping[int, str], suspect: tuple[str, str, str]
) -> dict[str, Any]:
    place, concern = int(suspect[1]), suspect[2]
    true = flawed and place - 1 in case.near
    real = chosen(eye.sees, number) if true else chosen(eye.invents, 2 * number + flawed)
    title = case.says if true else "This looks odd."
    said = _said(place, lines, concern, title)
    rest: dict[str, Any] = {"detail": said.pop("why"), "cwe": case.cwe if true else None, "tag": "none", "related": []}
    return {"suspect": int(suspect[0]), "real": real, **said, **rest}
