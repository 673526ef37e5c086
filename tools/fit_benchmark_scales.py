"""Fit the two ends of each benchmark's scale so that results of different tests and modes mean the same.

Run: python -m tools.fit_benchmark_scales. The anchor is MMLU-Pro as post-trained models take it: 20 per cent is 0 and 85
is 1. First the anchor's ends for a Base taken few-shot are fitted on sizes whose Base and post-trained checkpoint both
have a result; then every other benchmark, by mode, on checkpoints that have it and the anchor. All lines are least
squares. What it prints is frozen by hand in ``scoring/capability.py``.
"""

import sys

import numpy as np
import numpy.typing as npt

from model_registry.facts import best_result
from model_registry.load import load
from model_registry.registry import Registry
from scoring.capability import ANCHOR, ENDS, LANGUAGE, value

FEWEST = 8
"""Pairs that a fit needs."""
_ALIKE = frozenset({"instruct", "non_thinking"})
Points = npt.NDArray[np.float64]


def base_pairs(registry: Registry) -> Points:
    """Return (anchor score of a Base, anchor value of the post-trained checkpoint of its size) rows."""
    rows = []
    for entry in registry.entries:
        own = best_result(registry, entry.id, ANCHOR)
        if entry.checkpoint.variant != "base" or own is None:
            continue
        tuned = [best_result(registry, checkpoint.id, ANCHOR) for checkpoint in entry.size.checkpoints if checkpoint.variant != "base"]
        found = next((pair[0] for pair in tuned if pair and pair[0].mode in _ALIKE), None)
        if found:
            rows.append((own[0].score, value(ANCHOR, found.score, found.mode)))
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def pairs(registry: Registry, benchmark: str, *, base: bool) -> Points:
    """Return (score, anchor value) rows of the checkpoints that have both in the same mode."""
    language = LANGUAGE.get(benchmark, "en")
    rows = []
    for entry in registry.entries:
        own, anchor = best_result(registry, entry.id, benchmark, language), best_result(registry, entry.id, ANCHOR)
        if own and anchor and own[0].mode == anchor[0].mode and (own[0].mode == "base_few_shot") is base:
            rows.append((own[0].score, value(ANCHOR, anchor[0].score, anchor[0].mode)))
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def fit(points: Points) -> tuple[float, float, float]:
    """Return (score at value 0, score at value 1, standard deviation of what is left, in value)."""
    slope, intercept = np.polyfit(points[:, 0], points[:, 1], 1)
    scatter = float(np.std(points[:, 1] - (slope * points[:, 0] + intercept), ddof=2))
    return float(-intercept / slope), float((1 - intercept) / slope), scatter


def main() -> int:
    """Print a line a fit."""
    registry = load()
    fits = {f"{ANCHOR}, base": base_pairs(registry)}
    for benchmark in ENDS:
        for base in (False, True):
            fits[f"{benchmark}, {'base' if base else 'post-trained'}"] = pairs(registry, benchmark, base=base)
    for name, points in fits.items():
        if len(points) < FEWEST:
            sys.stdout.write(f"{name:34} {len(points):4} pairs: not fitted\n")
            continue
        low, high, scatter = fit(points)
        sys.stdout.write(f"{name:34} {len(points):4} pairs  0 at {low:6.1f}  1 at {high:6.1f}  scatter {scatter:.3f}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
