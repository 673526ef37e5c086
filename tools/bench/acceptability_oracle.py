"""Rank acceptabilities of small problems by pysensmcda, an independent implementation of SMAA-2: the golden file of a test.

Run in a virtual environment of its own, for it needs an older pandas than the app:
pip install -r tools/bench/requirements-acceptability.txt, then python tools/bench/acceptability_oracle.py. It writes
tests/scoring/acceptability.json: each problem with its shares of the first, the first three and the first five places.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from pysensmcda.sampling import ordered_simplex, uniform_simplex
from pysensmcda.smaa import exact_acceptability, kbr_acceptability, simulate

OUTPUT = Path(__file__).parents[2] / "tests" / "scoring" / "acceptability.json"
DRAWS = 60_000
PLACES = (1, 3, 5)
PROBLEMS = (
    ("around", 12, 5, 0.0),
    ("around", 15, 6, 0.2),
    ("around", 8, 4, 0.6),
    ("order", 10, 5, 0.0),
    ("order", 9, 4, 0.3),
    ("any", 10, 4, 0.0),
)
"""Reading of the weights, alternatives, criteria, share of unknown cells."""


def additive(matrix: Any, weights: Any, _types: Any, **_options: Any) -> Any:  # noqa: ANN401 - the caller's own types
    """Return the weighted sums."""
    return matrix @ weights


def problem(reading: str, alternatives: int, criteria: int, unknown: float, random: np.random.Generator) -> dict[str, Any]:
    """Return a random problem with its acceptabilities."""
    low = random.uniform(0.1, 0.9, (alternatives, criteria)).round(3)
    high = np.where(random.random(low.shape) < unknown, np.minimum(1, low + 0.5).round(3), low)
    sliders = random.permutation(np.linspace(2, 9, criteria)).round(2)
    if reading == "around":
        weights = sliders * 2 ** random.uniform(-1, 1, (DRAWS, criteria))
        weights /= weights.sum(axis=1, keepdims=True)
    elif reading == "order":
        weights = ordered_simplex(criteria, DRAWS, order=np.argsort(-sliders), seed=random)
    else:
        weights = uniform_simplex(criteria, DRAWS, seed=random)
    samples = random.uniform(low, high, (DRAWS, *low.shape)) if unknown else None
    found = simulate(additive, low, np.ones(criteria), weights=weights, matrix_samples=samples)
    shares = {str(places): kbr_acceptability(found, places).round(6).tolist() for places in PLACES}
    exact = exact_acceptability(low, np.ones(criteria), scaling="none").acceptability.round(9).tolist() if reading == "any" else None
    return {
        "reading": reading,
        "low": low.tolist(),
        "high": high.tolist(),
        "sliders": sliders.tolist(),
        "draws": DRAWS,
        "shares": shares,
        "first_exact": exact,
    }


def main() -> int:
    """Write the golden file."""
    random = np.random.default_rng(20261124)
    found = [problem(*parameters, random) for parameters in PROBLEMS]
    OUTPUT.write_text("[\n" + ",\n".join(json.dumps(item) for item in found) + "\n]\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
