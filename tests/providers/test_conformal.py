"""The floors of the local tier follow what really was typed, so that the promised precision holds on any code."""

import random
from pathlib import Path

import pytest

from tierwise.core.document import Document
from tierwise.core.text import Position, Text
from tierwise.providers.local.conformal import FARTHEST, Conformal

URI = "file:///w/a.py"


def document(text: str) -> Document:
    return Document(uri=URI, version=None, language="python", text=Text.of(text))


def told(predicted: str, *typed: str) -> float:
    """Return the shift after a text was predicted at the cursor of the first drawing and the others came after it."""
    conformal = Conformal()
    for number, drawing in enumerate(typed):
        at = Text.of(drawing[: drawing.index("‸")]).end
        seen = document(drawing.replace("‸", ""))
        if number == 0:
            conformal.claim(seen, at, predicted, 0.9)
        else:
            conformal.look(seen, at)
    return conformal.shift


@pytest.mark.parametrize(
    "typed",
    [
        ("x = ‸", "x = load(y)‸", "x = load(y)\n‸"),
        ("x = ‸", "x = l‸", "x = lo‸", "x = load(y).‸"),
        ("f(‸)", "f(load(y)‸)", "f(load(y),‸)"),
    ],
    ids=["taken, then a new line", "typed by hand and gone on", "before a closing bracket"],
)
def test_what_came_true_lowers_the_floors(typed: tuple[str, ...]) -> None:
    assert told("load(y)", *typed) < 0


@pytest.mark.parametrize(
    ("predicted", "typed"),
    [
        ("load(y)", ("x = ‸", "x = s‸")),
        ("load(y)", ("x = ‸", "x = load\n‸")),
        ("load", ("x = ‸", "x = load‸", "x = loader‸")),
    ],
    ids=["another word", "the line ended earlier", "half an identifier"],
)
def test_what_did_not_raises_them(predicted: str, typed: tuple[str, ...]) -> None:
    assert told(predicted, *typed) > 0


@pytest.mark.parametrize(
    "typed",
    [
        ("x = ‸", "x = lo‸"),
        ("x = ‸", "x ‸"),
        ("x = ‸", "y = 1\n‸x = "),
        ("a\nb\nx = ‸", "a‸"),
    ],
    ids=["still typing", "gone back before the place", "moved by a line above", "the line is gone"],
)
def test_what_tells_nothing_leaves_them(typed: tuple[str, ...]) -> None:
    assert told("load(y)", *typed) == 0


def test_one_suggestion_counts_once_however_many_keys_it_was_shown_for() -> None:
    conformal = Conformal()
    for end in ("", "l", "lo", "loa"):
        text = "x = " + end
        conformal.look(document(text), Position(0, len(text)))
        conformal.claim(document(text), Position(0, len(text)), "load"[len(end) :], 0.9)
    conformal.look(document("x = loadings"), Position(0, 12))
    once = Conformal()
    once.learn(False, 0.9)
    assert conformal.shift == once.shift


@pytest.mark.parametrize(("kind", "offset"), [("repetitive", 0.08), ("surprising", -0.08)])
def test_the_promise_holds_in_the_long_run_where_the_calibration_is_off(kind: str, offset: float) -> None:
    """Predictions whose confidence is too low or too high by so much: nine of ten still come true."""
    chance, conformal = random.Random(kind), Conformal()
    served: list[bool] = []
    for _ in range(12_000):
        confidence = chance.uniform(0.4, 1.0)
        if confidence < conformal.move(0.8):
            continue
        served.append(chance.random() < min(1.0, confidence + offset))
        conformal.learn(served[-1], 0.9)
    late = served[1_000:]
    assert sum(late) / len(late) == pytest.approx(0.9, abs=0.015)
    assert (conformal.shift < 0) == (offset > 0)


def test_floors_never_leave_their_bounds() -> None:
    conformal = Conformal()
    for _ in range(2_000):
        conformal.learn(True, 0.9)
    assert conformal.shift == -FARTHEST
    assert 0 < conformal.move(0.8) < 0.8
    assert conformal.move(1.0) == 1.0
    for _ in range(2_000):
        conformal.learn(False, 0.9)
    assert 0.8 < conformal.move(0.8) < 1.0


def test_what_was_learned_outlives_the_process(tmp_path: Path) -> None:
    place = tmp_path / "cache" / "w.precision.json"
    first = Conformal(place)
    first.load()
    first.learn(False, 0.9)
    first.save()
    second = Conformal(place)
    second.load()
    assert second.shift == pytest.approx(first.shift)


@pytest.mark.parametrize("content", ["", "[]", '{"shift": "much"}', '{"shift": null}', "\0\xff"])
def test_a_file_that_cannot_be_read_is_as_good_as_none(tmp_path: Path, content: str) -> None:
    place = tmp_path / "w.precision.json"
    place.write_text(content, "latin-1")
    conformal = Conformal(place)
    conformal.load()
    assert conformal.shift == 0


def test_a_file_with_a_wild_number_is_bounded(tmp_path: Path) -> None:
    place = tmp_path / "w.precision.json"
    place.write_text('{"shift": 1e9}')
    conformal = Conformal(place)
    conformal.load()
    assert conformal.shift == FARTHEST
