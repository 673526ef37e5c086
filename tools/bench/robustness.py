"""Measure the firmness of an order: shares of places over draws, tipping points, dominance.

Run: python -m tools.bench.robustness. Medians of several runs, in milliseconds, beside what is asked of each.
"""

import sys
from collections.abc import Callable

import numpy as np

from scoring.candidates import Floats
from scoring.dominance import dominated
from scoring.factors import Values, cautious
from scoring.robustness import firmness, first_shares
from scoring.scenario import FACTORS, Factor
from scoring.tipping import evidence_tipping, joint_tipping, tipping
from tools.bench.main_path import milliseconds

ALTERNATIVES, CRITERIA, DRAWS, UNKNOWN = 300, 12, 10_000, 0.2
NAMES: tuple[Factor, ...] = (FACTORS * 2)[:CRITERIA]
"""As many names as criteria: more than the scenario's factors, for round numbers."""


def problem(unknown: float) -> Values:
    """Return random values of which a share is unknown (0.2 to 0.8)."""
    random = np.random.default_rng(0)
    low = random.random((ALTERNATIVES, CRITERIA))
    known = random.random(low.shape) >= unknown
    ends = np.where(known, low, 0.2), np.where(known, low, 0.8)
    return Values(NAMES, *ends, known, cautious(*ends))


def main() -> int:
    """Print a line a step."""
    sliders = np.linspace(1, 9, CRITERIA)
    known, gaps = problem(0.0), problem(UNKNOWN)
    points = cautious(gaps.low, gaps.high)
    winner = int((points @ sliders).argmax())

    def tip(values: Floats) -> object:
        moves = (tipping(values, sliders, NAMES, winner), joint_tipping(values, sliders, NAMES, winner))
        return (*moves, evidence_tipping(values, sliders, NAMES, winner, 32_768))

    size = f"{DRAWS} x {ALTERNATIVES} x {CRITERIA}"
    steps: dict[str, tuple[Callable[[], object], int | None]] = {
        f"first places, {size}, all known": (lambda: first_shares(known, sliders, DRAWS), 10),
        f"top 1, 3, 5, {size}, all known": (lambda: firmness(known, sliders, DRAWS), None),
        f"top 1, 3, 5, {size}, {UNKNOWN:.0%} unknown": (lambda: firmness(gaps, sliders, DRAWS), 80),
        "the same, order of the sliders only": (lambda: firmness(gaps, sliders, DRAWS, "order"), None),
        "the same, any weights": (lambda: firmness(gaps, sliders, DRAWS, "any"), None),
        f"tipping: one slider, joint, evidence, {CRITERIA} x {ALTERNATIVES - 1}": (lambda: tip(points), 2),
        f"dominated, {ALTERNATIVES} x {ALTERNATIVES} x {CRITERIA}": (lambda: dominated(gaps, points, sliders), None),
    }
    for name, (function, asked) in steps.items():
        told = "" if asked is None else f"  (asked: {asked})"
        sys.stdout.write(f"{name:52} {milliseconds(function, 31):9.2f} ms{told}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
