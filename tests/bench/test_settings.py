"""What settings cost at the start and when they change."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tierwise.settings.sources import load

pytestmark = pytest.mark.bench

RUNS = 9
TIMED = "from time import perf_counter as t; a = t(); {}; b = t(); {}; print(b - a, t() - b)"
NEEDED = "from pydantic import BaseModel, ConfigDict, Field, AfterValidator, SecretStr, model_validator"


def imports(floor: str, ours: str) -> tuple[float, float]:
    """Return the median milliseconds that each statement takes in a fresh interpreter, one after the other."""
    command = [sys.executable, "-c", TIMED.format(floor, ours)]
    outputs = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(RUNS)]
    pairs = [tuple(map(float, output.split())) for output in outputs]
    return statistics.median(pair[0] for pair in pairs) * 1e3, statistics.median(pair[1] for pair in pairs) * 1e3


def test_importing_and_building_the_model():
    floor, model = imports(NEEDED, "from tierwise.settings.model import Settings; Settings()")
    both, sources = imports(f"{NEEDED}; import tierwise.settings.model", "import tierwise.settings.sources")
    nothing, paths = imports("import pathlib, os, typing", "import tierwise.settings.paths")
    print(f"\nimport: pydantic {floor:.1f} ms, then our model {model:.1f} ms, then the sources {sources:.1f} ms")
    print(f"import: paths alone {paths:.1f} ms after {nothing:.1f} ms of standard library (no pydantic)")
    assert both > floor


def test_loading(tmp_path: Path):
    config = tmp_path / "config.toml"
    right = "".join(f'[[rules]]\nname = "{number}"\nwhen.files_over = {number}\ntier = "mid"\n' for number in range(50))
    for name, text in (("no settings", ""), ("50 rules", right), ("50 mistakes", right.replace('"mid"', '"mist"'))):
        config.write_text(text)
        took: list[float] = []
        problems = 0
        for _ in range(50):
            start = time.perf_counter()
            problems = len(load(env={"TIERWISE_CONFIG": str(config)}).problems)
            took.append((time.perf_counter() - start) * 1e3)
        print(f"load, {name}: median {statistics.median(took):.2f} ms, worst {max(took):.2f} ms")
        assert problems == (50 if "mistakes" in name else 0)
