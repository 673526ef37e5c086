"""Who is dominated, by whom, and that nothing else is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.candidates import Floats
from scoring.dominance import dominated, dominates
from scoring.factors import Values, cautious
from scoring.scenario import FACTORS

seeds = st.integers(0, 2**32)


def _problem(seed: int) -> tuple[Values, Floats, Floats]:
    """Return values on a coarse scale, so that many tie, best first; their points; and sliders."""
    random = np.random.default_rng(seed)
    shape = (int(random.integers(1, 12)), int(random.integers(1, 5)))
    ends = np.sort(random.integers(0, 5, (2, *shape)) / 4, axis=0)
    low, high = ends[0], np.where(random.random(shape) < 0.7, ends[0], ends[1])
    sliders = random.integers(0, 3, shape[1]).astype(np.float64)
    order = np.argsort(-(cautious(low, high) @ (sliders if sliders.sum() else np.ones_like(sliders))), kind="stable")
    low, high = low[order], high[order]
    return Values(FACTORS[: shape[1]], low, high, low == high, cautious(low, high)), cautious(low, high), sliders


def _better(one: Floats, other: Floats) -> bool:
    return all(a >= b for a, b in zip(one, other, strict=True)) and any(a > b for a, b in zip(one, other, strict=True))


@given(seeds)
def test_the_table_is_that_of_the_definition(seed: int) -> None:
    values, _, _ = _problem(seed)
    expected = [[_better(low, high) for high in values.high] for low in values.low]
    assert dominates(values.low, values.high).tolist() == expected


@given(seeds)
def test_who_is_dominated_is_named_with_the_first_that_dominates_it(seed: int) -> None:
    values, points, sliders = _problem(seed)
    weighted = sliders > 0 if sliders.sum() else np.ones(sliders.size, dtype=bool)
    found = dominated(values, points, sliders)
    for position in range(len(points)):
        surely = [by for by in range(len(points)) if _better(values.low[by, weighted], values.high[position, weighted])]
        at_points = [by for by in range(len(points)) if _better(points[by, weighted], points[position, weighted])]
        assert found.surely[position] == (surely[0] if surely else None)
        assert found.at_points[position] == (at_points[0] if at_points else None)


@given(seeds)
def test_surely_dominated_is_dominated_at_the_points_too(seed: int) -> None:
    values, points, sliders = _problem(seed)
    found = dominated(values, points, sliders)
    pairs = zip(found.surely, found.at_points, strict=True)
    assert all(at_points is not None for surely, at_points in pairs if surely is not None)


@given(seeds)
def test_who_is_named_is_ranked_ahead_and_is_not_dominated(seed: int) -> None:
    values, points, sliders = _problem(seed)
    found = dominated(values, points, sliders).at_points
    assert all(by < position and found[by] is None for position, by in enumerate(found) if by is not None)


@given(seeds)
def test_no_weights_put_a_dominated_one_first(seed: int) -> None:
    values, points, sliders = _problem(seed)
    found = dominated(values, points, sliders).at_points
    weights = np.random.default_rng(seed + 1).random((20, sliders.size)) * (sliders if sliders.sum() else 1)
    scores = weights @ points.T
    assert all(np.all(scores[:, by] >= scores[:, position]) for position, by in enumerate(found) if by is not None)


def test_equals_do_not_dominate_each_other() -> None:
    points = np.full((3, 2), 0.5)
    assert dominated(Values(FACTORS[:2], points, points, points > 0, points), points, np.ones(2)).at_points == (None, None, None)


@pytest.mark.parametrize(("sliders", "expected"), [([1.0, 1.0], None), ([1.0, 0.0], 0), ([0.0, 0.0], None)])
def test_a_factor_without_weight_does_not_count(sliders: list[float], expected: int | None) -> None:
    points = np.array([[0.9, 0.1], [0.5, 0.8]])
    values = Values(FACTORS[:2], points, points, points > 0, points)
    assert dominated(values, points, np.array(sliders)).at_points == (None, expected)


def test_nobody_is_dominated_among_nobody() -> None:
    empty = np.zeros((0, 2))
    assert dominated(Values(FACTORS[:2], empty, empty, empty > 0, empty), empty, np.ones(2)).surely == ()
