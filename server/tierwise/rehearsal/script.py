"""Who says what: rules that match a request and the line spoken to it, from a TOML file or from code."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, cast

from tierwise.core.reply import Usage

from .faults import FAULTS

TOKEN = re.compile(r"\s*(?:\w{1,8}|[^\w\s]{1,3})|\s+")
"""About how today's tokenizers cut code: a word or its first eight letters with the space before it, or some signs."""

OTHERWISE = "This is a rehearsed answer."


class ScriptError(ValueError):
    """A script file that cannot be played; the message says where and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A request as the script sees it: ``api`` is messages, chat, responses, completions or fim."""

    api: str
    model: str
    prompt: str
    body: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is said and how; the default is a plain, immediate, whole answer.

    ``delay`` is seconds before the first token and ``pause`` seconds before each further one; ``pieces`` are the tokens
    where the script wants to cut them itself. ``fault`` is one of ``faults.FAULTS`` and strikes ``after`` that many
    tokens (None: half of them). ``status`` and ``message`` are for the faults that answer with an error,
    ``headers`` go with every answer.
    ``usage`` is what is reported instead of our own count; ``resolved`` the model named in the answer.
    """

    text: str = OTHERWISE
    pieces: tuple[str, ...] | None = None
    delay: float = 0.0
    pause: float = 0.0
    fault: str | None = None
    after: int | None = None
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    message: str = "rehearsed failure"
    finish: str = "stop"
    """``stop``, ``length`` or ``refusal``."""
    usage: Usage | None = None
    resolved: str | None = None

    def tokens(self) -> tuple[str, ...]:
        """Return the text in the pieces it streams in."""
        return self.pieces if self.pieces is not None else tuple(TOKEN.findall(self.text))


Script = Callable[[Cue], Line]


@dataclass(slots=True, kw_only=True)
class Rule:
    """A line for the requests whose prompt and model contain these texts; ``times`` None serves any number of them."""

    line: Line
    prompt: str = ""
    model: str = ""
    api: str = ""
    times: int | None = None

    def fits(self, cue: Cue) -> bool:
        """Say whether this rule answers the request."""
        return (
            self.times != 0
            and self.prompt in cue.prompt
            and self.model in cue.model
            and (not self.api or self.api == cue.api)
        )


def by_rules(rules: Sequence[Rule], otherwise: Line | None = None) -> Script:
    """Return a script in which the first rule that fits speaks, each as often as its ``times`` allow."""
    fallback = otherwise or Line()

    def script(cue: Cue) -> Line:
        for rule in rules:
            if rule.fits(cue):
                if rule.times is not None:
                    rule.times -= 1
                return rule.line
        return fallback

    return script


def load(path: Path) -> Script:
    """Read a script file: ``[[rule]]`` tables with the fields of ``Rule`` and ``Line``; raises ``ScriptError``.

    A ``[rule.usage]`` table holds the fields of ``Usage``. The last rule, without ``prompt`` and ``model``, answers
    everything else.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ScriptError(f"{path} cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise ScriptError(f"{path} is not TOML: {error}") from error
    tables = cast("list[dict[str, Any]]", data.get("rule", []))
    return by_rules([_rule(table, f"{path}, rule {number}") for number, table in enumerate(tables, 1)])


def _rule(table: dict[str, Any], where: str) -> Rule:
    known = {entry.name for entry in (*fields(Rule), *fields(Line))} - {"line"}
    for name in table:
        if name not in known:
            raise ScriptError(f"{where}: there is no {name!r}; there are: {', '.join(sorted(known))}")
    if (fault := table.get("fault")) is not None and fault not in FAULTS:
        raise ScriptError(f"{where}: there is no fault {fault!r}; there are: {', '.join(FAULTS)}")
    own = {entry.name for entry in fields(Rule)}
    try:
        line = {name: value for name, value in table.items() if name not in own}
        if "usage" in line:
            line["usage"] = Usage(**line["usage"])
        if "pieces" in line:
            line["pieces"] = tuple(line["pieces"])
        return Rule(line=Line(**line), **{name: value for name, value in table.items() if name in own})
    except TypeError as error:
        raise ScriptError(f"{where}: {error}") from error
