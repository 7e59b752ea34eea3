"""Made-up worlds of tasks and models, in which the right way to route is known."""

import csv
from math import exp
from pathlib import Path
from random import Random

MODELS = {"small": (0.2, 0.03), "middle": (0.7, 0.4), "large": (1.0, 0.8), "silly": (-1.5, 0.05)}
"""Ability and mean dollars a task; ``silly`` costs more than ``small`` and solves far less."""


def rows(tasks: int = 200, seed: int = 1, slope: float = 2.5) -> list[dict[str, str]]:
    """Return outcomes of an item-response world: harder tasks are solved by fewer models and cost every model more."""
    luck = Random(seed)
    found: list[dict[str, str]] = []
    for number in range(tasks):
        repo = luck.choice(("easy", "hard"))
        difficulty = luck.gauss(-0.3 if repo == "easy" else 0.5, 1.0)
        size = luck.gauss(0.0, 0.4)
        for model, (ability, mean) in MODELS.items():
            solved = luck.random() < 1 / (1 + exp(-slope * (ability - difficulty)))
            cost = mean * exp(0.3 * difficulty + size + luck.gauss(0.0, 0.4) - 0.2)
            found.append(
                {
                    "task_id": f"task-{number}",
                    "repo": repo,
                    "model": model,
                    "cost_usd": f"{cost:.6f}",
                    "resolved": str(int(solved)),
                }
            )
    return found


def write(path: Path, content: list[dict[str, str]]) -> Path:
    """Write rows as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(content[0]))
        writer.writeheader()
        writer.writerows(content)
    return path
