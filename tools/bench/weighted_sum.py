"""Compare the score of 100,000 x 12 with scikit-criteria's weighted sum, in the same run.

Run: pip install -r tools/bench/requirements.txt -c constraints.txt into a virtual environment of its own, then
python -m tools.bench.weighted_sum. Both score the same values in turn, so that a busy moment strikes both; the scores must
agree. Exit status 1 where the ratio is below what is asked of the score.
"""

import statistics
import sys

import numpy as np
import skcriteria
from skcriteria.agg.simple import WeightedSumModel

from scoring.factors import Values
from scoring.rank import score
from scoring.scenario import FACTORS
from tools.bench.main_path import milliseconds

ALTERNATIVES, CRITERIA = 100_000, 12
RATIO, RUNS = 8, 31


def main() -> int:
    """Print both medians and their ratio."""
    random = np.random.default_rng(0)
    points = random.random((ALTERNATIVES, CRITERIA))
    values = Values(FACTORS[:CRITERIA], points, points, np.ones(points.shape, dtype=bool), points)
    weights = random.dirichlet(np.ones(CRITERIA))
    problem = skcriteria.mkdm(points, [max] * CRITERIA, weights=weights)
    other = WeightedSumModel()
    difference = np.abs(score(values, weights).score - other.evaluate(problem).e_.score).max()
    turns = [(milliseconds(lambda: score(values, weights), 1), milliseconds(lambda: other.evaluate(problem), 1)) for _ in range(RUNS)]
    ours, theirs = (statistics.median(times) for times in zip(*turns, strict=True))
    sys.stdout.write(
        f"scores of {ALTERNATIVES} x {CRITERIA} differ by at most {difference:.1e}\n"
        f"score, interval and share known               {ours:9.2f} ms\n"
        f"scikit-criteria {'.'.join(skcriteria.__version__)}, weighted sum and rank  {theirs:9.2f} ms\n"
        f"ratio {theirs / ours:.1f}, at least {RATIO} asked for\n"
    )
    return 0 if theirs >= RATIO * ours else 1


if __name__ == "__main__":
    raise SystemExit(main())
