"""Fit the local tier's calibration anew: ``PYTHONPATH=tests python -m bench.fit_local`` (some four
minutes on two cores; ``--floors`` keeps the trees: one and a half).

Trees are fitted on some code bases, the floors on places of others that the trees have not seen. None of them is
one that ``test_local.py`` measures.
"""

import json
import random
import sys
from collections.abc import Iterator, Sequence
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.boosting import Recipe, fit
from bench.local_corpora import FITTED, fetch, read
from bench.local_trial import Run, draw_holes, index_of, place_of, run_trials, score, set_up
from tierwise.providers.local.calibration import Calibration
from tierwise.providers.local.evidence import LINE_END
from tierwise.providers.local.features import NAMES, weigh
from tierwise.providers.local.forest import Forest, Trees
from tierwise.providers.local.predictor import WORTH_SHOWING, Predictor
from tierwise.workspace.corpus import Corpus
from tierwise.workspace.tokens import bare, split

TARGET = Path(__file__).parents[2] / "server/tierwise/providers/local/calibration.json"

FOR_FLOORS = ("weblate", "ansible-core", "django-oscar", "celery", "viem", "eslint")
"""Code bases whose places the floors are fitted on, with trees fitted on the others."""

PLACES = 4000
"""Places drawn from each code base."""

FLOOR_PLACES = 4000
TOKENS = 10
"""Tokens followed at each place at most."""

SUFFIX = 0.7
"""The share of places with the lines below given."""

PRECISIONS = (0.7, 0.75, 0.8, 0.85, 0.875, 0.9, 0.925, 0.95, 0.97, 0.98)
_WRONG_TURN = 0.4
"""How often the truth is followed where the first candidate was wrong: served predictions rarely get there."""

Rows = tuple[NDArray[np.float32], NDArray[np.bool_]]


def collect(name: str) -> Rows:
    """Return weighed candidates of a code base and whether each was right."""
    sources = read(name)
    corpus = Corpus(index_of(sources))
    chance = random.Random(name)
    samples: list[list[float]] = []
    answers: list[bool] = []
    for hole in draw_holes(sources, PLACES, seed=7):
        trial = set_up(sources, hole, suffix=chance.random() < SUFFIX)
        place = place_of(corpus, trial)
        typed = place.typed.text if place.typed else ""
        with corpus.without(trial.uri) as index:
            for truth in _truth(corpus, typed + trial.rest):
                tokens, rows = weigh(place, index)
                samples += rows
                answers += [token == truth for token in tokens]
                if truth not in tokens or truth == LINE_END:
                    break
                if tokens[0] != truth and chance.random() > _WRONG_TURN:
                    break
                place.take(truth)
    print(f"{name}: {len(sources)} files, {len(samples)} candidates, {np.mean(answers):.3f} right", flush=True)
    return np.array(samples, np.float32), np.array(answers)


def _truth(corpus: Corpus, text: str) -> Iterator[int]:
    tokens = split(text)[:TOKENS]
    for token in tokens:
        word, space = bare(token)
        yield corpus.vocabulary.find(word) << 1 | space
    if len(tokens) < TOKENS:
        yield LINE_END


def play(name: str, trees: Trees) -> list[Run]:
    """Return what a predictor with these trees does after any keystroke, which is when editors ask."""
    sources = read(name)
    predictor = Predictor(Corpus(index_of(sources)), Calibration(forest=Forest(trees), floors={}))
    runs: list[Run] = []
    for suffix in (True, False):
        holes = draw_holes(sources, FLOOR_PLACES, seed=8, tokens=False)
        runs += run_trials(predictor, sources, holes, suffix=suffix, floor=0.3)
    return runs


def bundled_trees() -> Trees:
    """Return the trees of the file that is there."""
    return Trees(**json.loads(TARGET.read_text("utf-8"))["trees"])


def fit_floors(groups: Sequence[Sequence[Run]]) -> list[tuple[float, float]]:
    """Return for each precision the least confidence at which what is served reaches it, in the mean of code bases."""
    candidates = np.arange(0.3, 0.9951, 0.005)
    reached = np.maximum.accumulate([_mean_precision(groups, floor) for floor in candidates.tolist()])
    floors: list[tuple[float, float]] = []
    for precision in PRECISIONS:
        if reached[-1] >= precision:
            at = int(np.searchsorted(reached, precision))
            floors.append((precision, round(float(candidates[at]), 3)))
    return floors


def _mean_precision(groups: Sequence[Sequence[Run]], floor: float) -> float:
    scores = [score(runs, lambda _: floor, WORTH_SHOWING) for runs in groups]
    return float(np.mean([one.precision for one in scores if one.coverage]))


def main() -> None:
    """Fit, and write the file; with ``--floors`` the trees stay as they are."""
    floors_only = "--floors" in sys.argv[1:]
    fetch(FOR_FLOORS if floors_only else FITTED)
    with Pool(2) as pool:
        if floors_only:
            trees = bundled_trees()
        else:
            seen = pool.map(collect, [name for name in FITTED if name not in FOR_FLOORS], chunksize=1)
            trees = fit(
                np.concatenate([part[0] for part in seen]), np.concatenate([part[1] for part in seen]), Recipe()
            )
        played = pool.starmap(play, [(name, trees) for name in FOR_FLOORS], chunksize=1)
        situations = sorted({run.situation for runs in played for run in runs})
        floors = {
            name: fit_floors([[run for run in runs if run.situation == name] for runs in played]) for name in situations
        }
    print(floors)
    kept = {
        "about": "Fitted by tests/bench/fit_local.py; see calibration.py for what the numbers mean.",
        "trees_from": [name for name in FITTED if name not in FOR_FLOORS],
        "floors_from": list(FOR_FLOORS),
        "features": list(NAMES),
        "floors": floors,
        "trees": {"start": trees.start, "features": trees.features, "cuts": trees.cuts, "leaves": trees.leaves},
    }
    TARGET.write_text(json.dumps(kept, separators=(",", ":")).replace('],"', '],\n"') + "\n", "utf-8")


if __name__ == "__main__":
    main()
