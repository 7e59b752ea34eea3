"""The local tier on held-out files of real code bases, with nothing fitted on them: how often, how right, how fast.

Places are moments of typing (``local_trial.py`` says how they are drawn). Texts of fewer than two characters other than
spaces are never served and count as silence. A served text is right when it is exactly what follows up to a token's
end. With "floors following", each place is served at floors that earlier places moved, as a session moves them.
``BENCH_PLACES`` sets the places per code base.
"""

import os
import random
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from itertools import product
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import pytest

from bench.local_corpora import MEASURED, Source, read
from bench.local_trial import Run, calibration_error, draw_holes, index_of, run_trials, score
from bench.plain_local import Plain
from tierwise.core.document import Document
from tierwise.core.text import Position, Span, Text
from tierwise.providers.local.calibration import bundled
from tierwise.providers.local.conformal import Conformal
from tierwise.providers.local.predictor import WORTH_SHOWING, Predictor
from tierwise.workspace.corpus import Corpus
from tierwise.workspace.ignore import Gate
from tierwise.workspace.index import Index, sort_texts
from tierwise.workspace.open_file import OpenFile
from tierwise.workspace.saved import load
from tierwise.workspace.upkeep import find_changes

pytestmark = pytest.mark.bench

PLACES = int(os.environ.get("BENCH_PLACES", "1500"))
SEED = 20_261
LOWEST = 0.3
"""The confidence down to which predictions are followed, below every floor."""

MILLION = 1_000_000
IDENTIFIER = re.compile(r"[^\W\d]\w{2,}")
HEAD = f"    {'':34}{'served':>8}{'right':>8}{'chars':>8}{'length':>8}{'lines':>8}{'right':>8}"


def available(name: str, *, tests: bool = False) -> list[Source]:
    """Return a code base's files, or skip where it was not fetched."""
    try:
        return read(name, tests=tests)
    except FileNotFoundError as error:
        pytest.skip(str(error))


def line(title: str, runs: Sequence[Run], floor_of: Callable[[str], float], conformal: Conformal | None = None) -> str:
    s = score(runs, floor_of, WORTH_SHOWING, partial(conformal.learn, precision=0.9) if conformal else None)
    shares = f"{s.coverage:8.1%}{s.precision:8.1%}{s.characters:8.1%}"
    return f"    {title:34}{shares}{s.length:8.1f}{s.lines:8.1%}{s.lines_right:8.1%}"


def plain_floor(runs: Sequence[Run], precision: float) -> float:
    """Return the least floor at which the baseline is as precise as wanted on these very places, which flatters it."""
    floors = [number / 100 for number in range(30, 100)]
    return next((at for at in floors if score(runs, lambda _, at=at: at, WORTH_SHOWING).precision >= precision), 1.0)


@pytest.mark.parametrize("name", MEASURED)
def test_served_and_right(name: str) -> None:
    sources = available(name)
    started = perf_counter()
    index = index_of(sources)
    seconds = perf_counter() - started
    calibration = bundled()
    print(
        f"\n{name}: {len(sources)} files, {len(index.tokens):,} tokens, "
        f"indexed in {seconds:.1f} s, {PLACES} places each"
    )
    print(HEAD)
    for tokens, suffix in product((False, True), (True, False)):
        where = ("before a token" if tokens else "any keystroke") + (", code below" if suffix else ", at the end")
        holes = draw_holes(sources, PLACES, SEED, tokens=tokens)
        runs = list(run_trials(Predictor(Corpus(index)), sources, holes, suffix=suffix, floor=LOWEST))
        plain = list(run_trials(Plain(Corpus(index)), sources, holes, suffix=suffix, floor=LOWEST))
        first = sum(run.first_right for run in runs) / len(runs)
        print(f"  {where}: next token right {first:.1%}, calibration error {calibration_error(runs):.3f}")
        for precision in (0.8, 0.9, 0.95):
            print(line(f"at {precision:.0%}", runs, lambda s, at=precision: calibration.floor(at, s)))
        conformal = Conformal()
        moved = line(
            "at 90%, floors following", runs, lambda s, c=conformal: c.move(calibration.floor(0.9, s)), conformal
        )
        print(moved + f"   moved by {conformal.shift:+.2f}")
        floor = plain_floor(plain, 0.9)
        print(line("floor: suffix array + n-grams, 90%", plain, lambda _, at=floor: at))


@pytest.mark.parametrize("name", MEASURED)
def test_words_in_a_list_hold_the_wanted_one(name: str) -> None:
    sources = available(name)
    predictor, chance = Predictor(Corpus(index_of(sources))), random.Random(SEED)
    print(f"\n{name}: an identifier of three letters or more, the rest of its line unwritten")
    for begun in (0, 1, 2):
        among = first = listed = 0
        for _ in range(PLACES // 3):
            source = chance.choice([source for source in sources if IDENTIFIER.search(source.text)])
            wanted = chance.choice(list(IDENTIFIER.finditer(source.text)))
            text = Text.of(source.text)
            place = text.position(wanted.start() + begun)
            end = Position(place.line, len(text.line(place.line)))
            text = text.replace(Span(place, end), "")
            words = [word.text for word in predictor.words(document(source, text), place)]
            among += wanted[0] in words
            first += words[:1] == [wanted[0]]
            listed += len(words)
        share = PLACES // 3
        print(f"    {begun} letters typed: in the list {among / share:.0%}, at its top {first / share:.0%}", end="")
        print(f", {listed / share:.1f} words listed")


def percentiles(seconds: Sequence[float]) -> str:
    cut = quantiles(seconds, n=100)
    return f"p50 {median(seconds) * 1000:6.3f} ms   p99 {cut[98] * 1000:6.3f} ms"


def everything() -> list[Source]:
    """All measured code bases with their tests: about five million tokens, at 4.1 characters each."""
    sources = [source for name in MEASURED for source in available(name, tests=True)]
    random.Random(SEED).shuffle(sources)
    left = 5 * MILLION * 4.1
    return [source for source in sources if (left := left - len(source.text)) > 0]


def test_an_answer_takes_about_a_millisecond_in_five_million_tokens() -> None:
    sources = everything()
    predictor = Predictor(Corpus(Index(sort_texts([s.path for s in sources], [s.text for s in sources]))))
    assert predictor.corpus.index
    tokens = len(predictor.corpus.index.tokens)
    chance = random.Random(SEED)
    chosen = chance.sample([source for source in sources if 8_000 < len(source.text) < 120_000], 60)
    edits: list[float] = []
    answers: list[float] = []
    for source in chosen:
        text = Text.of(source.text)
        number = chance.randrange(text.line_count)
        typed = text.line(number)
        text = text.replace(Span(Position(number, 0), Position(number, len(typed))), "")
        predictor.predict(document(source, text), Position(number, 0))
        for column, character in enumerate(typed[:40]):
            started = perf_counter()
            text = text.replace(Span.at(number, column), character)
            edited = perf_counter()
            predictor.predict(document(source, text), Position(number, column + 1))
            answers.append(perf_counter() - edited)
            edits.append(edited - started)
    print(f"\n{tokens:,} tokens, {len(answers)} keystrokes in {len(chosen)} files")
    print(f"    floor: the edit itself   {percentiles(edits)}")
    print(f"    prediction after the key {percentiles(answers)}")


def document(source: Source, text: Text) -> Document:
    return Document(uri=source.path, version=None, language="", text=text)


def test_an_edit_is_folded_in_at_once() -> None:
    sources = available("stdlib")
    index = index_of(sources)
    print()
    for lines in (500, 5_000, 50_000):
        whole = "\n".join(source.text for source in sources[:200]).split("\n")[:lines]
        text, file = Text.of("\n".join(whole)), OpenFile(index.vocabulary)
        while not file.is_whole(text, lines // 2):
            file.follow(text, lines // 2, typing=False)
        seconds: list[float] = []
        for number in range(200):
            text = text.replace(Span.at(lines // 2, 0), "some_name = other.call()\n"[number % 25])
            started = perf_counter()
            file.follow(text, lines // 2, typing=False)
            seconds.append(perf_counter() - started)
        print(f"    a key in {lines:6} lines folded in: {percentiles(seconds)}")


def test_building_and_starting_warm(tmp_path: Path) -> None:
    sources = everything()
    root, target = tmp_path / "workspace", tmp_path / "bench.index"
    spread(sources, root)
    million = tmp_path / "million"
    left = MILLION * 4.1
    spread([source for source in sources if (left := left - len(source.text)) > 0], million)
    floor = peak_of("import numpy")
    for folder in (million, root):
        arguments = [str(target), "8000000", str(folder)]
        command = f"import sys; sys.argv[1:] = {arguments!r}; from tierwise.workspace.build import main; main()"
        started = perf_counter()
        peak = peak_of(command)
        content, stamps = load(target)
        print(
            f"\n    {len(content.tokens):,} tokens of {len(stamps)} files read, sorted and saved by a process "
            f"of its own in {perf_counter() - started:.2f} s, peak {peak:.0f} MB (numpy alone {floor:.0f} MB)",
            end="",
        )
    before, started = resident(), perf_counter()
    content, stamps = load(target)
    index = Index(content)
    loaded = perf_counter()
    changes = list(find_changes(Gate([root]), stamps))
    checked = perf_counter()
    print(
        f"\n    warm start: {len(index.tokens):,} tokens ({target.stat().st_size / 1e6:.0f} MB on disk) loaded in "
        f"{(loaded - started) * 1000:.0f} ms, {len(stamps)} files checked in {(checked - loaded) * 1000:.0f} ms "
        f"({len(changes)} changed), {resident() - before:.0f} MB more resident"
    )


def test_a_million_tokens_in_memory() -> None:
    sources = everything()
    left = MILLION * 4.1
    texts = [source.text for source in sources if (left := left - len(source.text)) > 0]
    started = perf_counter()
    content = sort_texts([str(number) for number in range(len(texts))], texts)
    seconds = perf_counter() - started
    print(f"\n    {len(content.tokens):,} tokens numbered and sorted in {seconds:.2f} s", end="")
    print(f", {held(content.tokens, content.order, content.firsts):.0f} MB of arrays, {len(content.words):,} words")


def spread(sources: Sequence[Source], root: Path) -> None:
    """Write the files out as a workspace, twenty to a folder."""
    for number, source in enumerate(sources):
        path = root / f"package{number // 20}" / f"{number}{Path(source.path).suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source.text, "utf-8", newline="")


def held(*arrays: object) -> float:
    return sum(getattr(array, "nbytes", 0) for array in arrays) / 1e6


def peak_of(code: str) -> float:
    """Return the peak of resident memory of a Python process that runs the code, in MB (Linux)."""
    script = f"{code}\nimport sys\nsys.stderr.write(open('/proc/self/status').read())"
    told = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return next(int(line.split()[1]) / 1024 for line in told.stderr.splitlines() if line.startswith("VmHWM"))


def resident() -> float:
    """Return this process's resident memory in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6
