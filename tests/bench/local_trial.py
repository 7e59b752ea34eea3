"""Held-out files for the local tier: places in real code, what is predicted there, and what really stands there.

A place is a moment of typing: a random character of a random held-out file (indentation aside, which editors type
themselves), all before it given, the rest of its line cut out and to be predicted. With ``suffix`` the lines below are
given, too, as they are when existing code is changed; without it the file ends at the cursor, as in writing a new one.
The workspace is the whole code base without the held-out file.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

from bench.local_corpora import Source, without_copies
from tierwise.core.text import Position, Text
from tierwise.providers.local.place import Place, find_place
from tierwise.providers.local.predictor import Predictor, Step
from tierwise.workspace.corpus import Corpus
from tierwise.workspace.index import Index, sort_texts
from tierwise.workspace.tokens import is_line_end, split

_LINE_END = re.compile(r"[\r\n]|$")


@dataclass(frozen=True, slots=True)
class Hole:
    """A place in a file: offsets of the line's ``start``, the cursor (``at``) and the line's ``end``."""

    source: int
    start: int
    at: int
    end: int


def index_of(sources: Sequence[Source]) -> Index:
    """Return the index of a code base."""
    return Index(sort_texts([source.path for source in sources], [source.text for source in sources]))


def draw_holes(
    sources: Sequence[Source], count: int, seed: int, share: float = 1.0, tokens: bool = False
) -> list[Hole]:
    """Return random places in a random ``share`` of the files, sorted by file; with ``tokens``, before whole tokens."""
    chance = random.Random(seed)
    held = chance.sample(range(len(sources)), max(1, round(len(sources) * share)))
    held = without_copies(sources, held)
    sizes = [len(sources[number].text) for number in held]
    starts: dict[int, list[int]] = {}
    holes: list[Hole] = []
    while len(holes) < count:
        number = chance.choices(held, sizes)[0]
        text = sources[number].text
        at = chance.randrange(len(text))
        if tokens:
            if number not in starts:
                starts[number] = _token_starts(text)
            at = chance.choice(starts[number])
        start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
        found = _LINE_END.search(text, at)
        end = found.start() if found else at
        in_indentation = not text[start:at].strip() and text[at].isspace()
        if not in_indentation and text[at:end].strip():
            holes.append(Hole(number, start, at, end))
    return sorted(holes, key=lambda hole: (hole.source, hole.at))


def _token_starts(text: str) -> list[int]:
    starts: list[int] = []
    at = 0
    for token in split(text):
        if not is_line_end(token) and not token.isspace():
            starts.append(at)
        at += len(token)
    return starts


@dataclass(frozen=True, slots=True)
class Trial:
    """A place set up: the document as the predictor gets it, and the text that was cut out."""

    text: Text
    position: Position
    uri: str
    rest: str


def set_up(sources: Sequence[Source], hole: Hole, *, suffix: bool) -> Trial:
    """Return the trial of a place."""
    source = sources[hole.source]
    text = source.text[: hole.at] + (source.text[hole.end :] if suffix else "")
    whole = Text.of(text)
    line = Text.of(source.text[: hole.start]).line_count - 1
    return Trial(whole, Position(line, hole.at - hole.start), source.path, source.text[hole.at : hole.end].rstrip())


def place_of(corpus: Corpus, trial: Trial) -> Place:
    """Return the trial's place as the predictor sees it."""
    file, recent = corpus.open(trial.uri)
    file.follow(trial.text, trial.position.line, growth=trial.text.line_count)
    return find_place(file, trial.text, trial.position, recent)


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a trial: every step the predictor would take from ``floor`` on, each with whether it was right.

    A step is right when its text is what follows up to a token's end: half an identifier is wrong.
    """

    situation: str
    steps: tuple[tuple[Step, bool], ...]
    rest: str
    first_right: bool
    seconds: float


def run_trials(
    predictor: Predictor, sources: Sequence[Source], holes: Sequence[Hole], *, suffix: bool, floor: float
) -> Iterator[Run]:
    """Yield what the predictor does at each place."""
    for hole in holes:
        trial = set_up(sources, hole, suffix=suffix)
        started = perf_counter()
        place = place_of(predictor.corpus, trial)
        typed, situation = place.typed.text if place.typed else "", place.situation
        with predictor.corpus.without(trial.uri) as index:
            steps = tuple(predictor.steps(place, index, floor))
        seconds = perf_counter() - started
        yield Run(situation, *_judge(steps, typed, trial.rest), seconds)


def _judge(steps: tuple[Step, ...], typed: str, rest: str) -> tuple[tuple[tuple[Step, bool], ...], str, bool]:
    ends = {0}
    tokens = split(typed + rest)
    for token in tokens:
        ends.add(max(ends) + len(token))
    judged: list[tuple[Step, bool]] = []
    for step in steps:
        if step.ends_line:
            judged.append((step, step.text == rest))
        else:
            judged.append((step, rest.startswith(step.text) and len(typed) + len(step.text) in ends))
    first = bool(steps) and typed + steps[0].text == tokens[0]
    return tuple(judged), rest, first


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Shares of places served (``coverage``), of served texts that were right (``precision``), of the characters left
    to type that were served rightly (``characters``); ``lines`` and ``lines_right`` are those of whole lines only.
    """

    coverage: float
    precision: float
    characters: float
    lines: float
    lines_right: float
    length: float


def calibration_error(runs: Sequence[Run], bins: int = 10) -> float:
    """Return how far the first token's confidence lies from how often it was right, weighted over equal bins."""
    pairs = [(run.steps[0][0].confidence, run.steps[0][1]) for run in runs if run.steps]
    groups: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for confidence, good in pairs:
        groups[min(int(confidence * bins), bins - 1)].append((confidence, good))
    off = (abs(sum(one for one, _ in group) - sum(good for _, good in group)) for group in groups)
    return sum(off) / max(len(pairs), 1)


def score(
    runs: Sequence[Run], floor_of: Callable[[str], float], least: int, tell: Callable[[bool], None] | None = None
) -> Score:
    """Return what serving from each situation's floor on comes to, texts below ``least`` characters left out.

    ``tell`` learns after each place whether what was served there was right.
    """
    served = right = characters = lines = lines_right = length = 0
    for run in runs:
        best, floor = None, floor_of(run.situation)
        for step, good in run.steps:
            if step.confidence >= floor and not step.ends_line and len(step.text.replace(" ", "")) >= least:
                best = (step, good)
        if best is None:
            continue
        if tell is not None:
            tell(best[1])
        served += 1
        right += best[1]
        length += len(best[0].text)
        characters += len(best[0].text) * best[1]
        last, line_good = run.steps[-1]
        if last.ends_line and last.confidence >= floor:
            lines += 1
            lines_right += line_good
    left = sum(len(run.rest) for run in runs)
    return Score(
        coverage=served / len(runs),
        precision=right / max(served, 1),
        characters=characters / left,
        lines=lines / len(runs),
        lines_right=lines_right / max(lines, 1),
        length=length / max(served, 1),
    )
