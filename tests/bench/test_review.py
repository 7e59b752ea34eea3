"""What a scan costs: calls of a second run, time to the first result, and memory (with the vendors' own)."""

import resource
import time
from pathlib import Path

import pytest

from findings.scanning import Bench, bench, marking
from tierwise.findings.scan import Scan

FILES = 2_000

pytestmark = pytest.mark.bench


def fill(here: Bench) -> None:
    for number in range(FILES):
        mark = "" if number % 10 else "  # BUG"
        functions = "\n\n".join(
            f"def f{number}_{each}(a, b):\n    total = a + {number}\n    return total * b{mark if each == 0 else ''}\n"
            for each in range(4)
        )
        here.write(f"package{number % 40}/m{number}.py", functions)


async def test_a_second_run_after_three_changes_asks_about_those_only(tmp_path: Path) -> None:
    async with bench(tmp_path, marking("BUG", real=lambda line: "total" in line)) as here:
        fill(here)
        start = time.perf_counter()
        planned = here.plan()
        planning = time.perf_counter() - start
        firsts: list[float] = []
        scan: Scan = here.scan(planned, width=8, step=lambda _done, _uri: firsts.append(time.perf_counter()))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.perf_counter()
        report = await scan.run()
        whole = time.perf_counter() - start
        peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
        first = len(here.vendors.requests)
        answered = min(request.ended_at for request in here.vendors.requests if request.ended_at is not None)
        start = time.perf_counter()
        again = here.plan()
        replanning = time.perf_counter() - start
        assert again.jobs == ()
        for number in (0, 10, 20):
            path = here.root / f"package{number % 40}/m{number}.py"
            path.write_text(path.read_text().replace("return total * b  # BUG", "return total + b  # BUG"))
        second = await here.run()
        asked = len(here.vendors.requests) - first
        print(
            f"\n{FILES} files, {planned.units} units: planned in {planning:.2f} s, again in {replanning:.2f} s"
            f"\nfirst run: {first} calls, {report.found} found in {whole:.1f} s, {peak / 1e6:.0f} MB more at the peak"
            f"\nfirst result {1000 * (firsts[0] - answered):.0f} ms after the first answer"
            f"\nsecond run after 3 changes: {asked} calls about {second.looked} units"
        )
        assert second.looked == 3
        assert asked == 6  # three first questions, three second ones
