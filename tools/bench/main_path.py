"""Measure the main path: reading the registry, scoring, and a whole recommendation.

Run: python -m tools.bench.main_path. Medians of several runs, in milliseconds.
"""

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

from model_registry.frame import frame
from model_registry.load import load
from scoring.candidates import Candidates
from scoring.factors import Values
from scoring.rank import score
from scoring.recommend import recommend
from scoring.scenario import FACTORS, scenario_from

ALTERNATIVES, CRITERIA = 500, 12


def milliseconds(function: Callable[[], object], runs: int) -> float:
    """Return the median time of a call."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        function()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def main() -> int:
    """Print a line a step."""
    random = np.random.default_rng(0)
    low = random.random((ALTERNATIVES, CRITERIA))
    values = Values(FACTORS, low, np.minimum(1, low + 0.1), np.ones(low.shape, dtype=bool), low)
    weights = np.full(CRITERIA, 1 / CRITERIA)
    candidates = Candidates(load())
    scenario = scenario_from({"domain": "classify_extract"})
    recommend(candidates, scenario)
    steps: dict[str, tuple[Callable[[], object], int]] = {
        "registry: read, validate and frame": (lambda: frame(load()), 5),
        f"score {ALTERNATIVES} x {CRITERIA}": (lambda: score(values, weights), 200),
        f"recommend over {len(candidates.ids)} checkpoints": (lambda: recommend(candidates, scenario), 20),
    }
    for name, (function, runs) in steps.items():
        sys.stdout.write(f"{name:45} {milliseconds(function, runs):9.2f} ms\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
