"""The ways in which a model's answer is wrong, and which check must see it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from features.errands.errand import Errand, said
from tierwise.rehearsal import Line
from tierwise.workspace import grammars, syntax
from workbench import block

MARKS: Mapping[str, str] = {"py": "#", "ts": "//", "go": "//", "rs": "//"}
"""How a comment begins, by the ending of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoiled:
    """A wrong answer; ``caught`` is the check that vetoes or marks it down, empty where it must land as if right."""

    name: str
    line: Line
    caught: str = ""


def spoiled(errand: Errand) -> Iterator[Spoiled]:
    """Yield every way in which a model spoils this errand."""
    form = errand.task.form
    text = errand.right
    yield Spoiled(name="cut off", line=Line(text=text[: len(text) * 2 // 3], finish="length"), caught="complete")
    yield Spoiled(name="line ends mixed up", line=Line(text=_mixed(text)))
    match form:
        case "blocks" | "explored" | "plan":
            yield from _blocks(errand)
        case "names":
            yield _wrong("prose around", f"Sure:\n{text}\nGood luck.")
            yield _wrong("no names", '{"names": ["1x", "a b", ""]}', "applies")
            yield _wrong("broken", text.replace("]", ""), "applies")
        case "docstring":
            yield _wrong("prose around", f'Sure, here it is:\n\n"""{text}"""\n\nGood luck.')
            yield _wrong("nothing in it", '""""""', "applies")
        case _:
            yield from _code(errand)


def _blocks(errand: Errand) -> Iterator[Spoiled]:
    text = errand.right
    yield _wrong("prose around", f"Sure, here it is.\n\n{text}\nThis is better.")
    yield _wrong("broken", said(errand, f"((({errand.new}"), "parses")
    yield _wrong("wrong search block", block("nobody wrote this\n", errand.new, errand.target), "applies")
    yield _wrong("other file touched", text + block("version = 1\n", "version = 2\n", "lib/other.txt"), "applies")
    yield _wrong("a note in place of code", said(errand, f"{mark(errand)} ... rest unchanged ...\n"), "complete")
    if errand.victim:
        yield _wrong("lost function", block(errand.victim, "", errand.target), "complete")


def _code(errand: Errand) -> Iterator[Spoiled]:
    text, code = errand.right, errand.right.partition("\n")[2].rpartition("```")[0]
    yield _wrong("prose around", f"Sure, here it is:\n\n{text}\n\nThis is better.")
    yield _wrong("prose without a fence", f"Sure, here it is:\n{code}This is better.", "parses")
    yield _wrong("broken", text.replace(code, f"((({code}"), "parses")
    yield _wrong(
        "a note in place of code", text.replace(code, f"{mark(errand)} ... rest unchanged ...\n"), _loss(errand)
    )
    if syntax.names(errand.old, grammars.language_of(errand.target)):
        yield _wrong("lost function", text.replace(code, f"{mark(errand)} gone\n"), _loss(errand))


def _loss(errand: Errand) -> str:
    return "same_code" if errand.kind == "comment" else "complete"


def mark(errand: Errand) -> str:
    """Return how a comment begins in the file that the errand changes."""
    changed = next(iter(errand.lands), "") if errand.kind == "translate" else errand.target
    return MARKS[changed.rpartition(".")[2]]


def _wrong(name: str, text: str, caught: str = "") -> Spoiled:
    return Spoiled(name=name, line=Line(text=text), caught=caught)


def _mixed(text: str) -> str:
    """Return the text with every other line ending in another way than the rest."""
    lines = text.split("\n")
    ends = ("\r\n" if number % 2 else "\n" for number in range(len(lines) - 1))
    return "".join(line + end for line, end in zip(lines, ends, strict=False)) + lines[-1]
