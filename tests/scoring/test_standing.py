"""How an order stands: all its parts in one call."""

import numpy as np
import pytest

from scoring.factors import Values
from scoring.scenario import Factor
from scoring.standing import standing, unranked

NAMES: tuple[Factor, ...] = ("context_effective", "freshness")
POINTS = np.array([[1.0, 0.6], [0.9, 0.65], [0.8, 0.6]])
VALUES = Values(NAMES, POINTS, POINTS, np.ones(POINTS.shape, dtype=bool), POINTS)
SLIDERS = np.array([4.0, 2.0])


def test_a_standing_has_all_its_parts() -> None:
    found = standing(VALUES, POINTS, SLIDERS, 32_000)
    assert found.shares.first.sum() == pytest.approx(1)
    assert found.sharers[0] == 0
    assert {tip.factor for tip in found.tipping} == {*NAMES}
    assert found.joint is not None
    assert found.joint.winner == 1
    assert found.evidence[0].tokens == pytest.approx(32_000 * 2 ** ((0.925 - 0.7) / 0.3))
    assert (found.dominated.surely, found.dominated.at_points) == ((None, None, 0), (None, None, 0))


def test_a_context_that_was_not_trained_on_has_no_tokens() -> None:
    low = POINTS.copy()
    low[0, 0] = 0.4
    found = standing(Values(NAMES, low, POINTS, VALUES.known, POINTS), POINTS, SLIDERS, 32_000)
    assert {tip.tokens for tip in found.evidence} == {None}


def test_sliders_that_are_all_at_zero_have_no_tipping_points() -> None:
    found = standing(VALUES, POINTS, np.zeros(2), 32_000)
    assert (found.tipping, found.joint) == ((), None)
    assert found.evidence


def test_one_alone_is_first_and_nothing_unseats_it() -> None:
    found = standing(VALUES.rows([0]), POINTS[:1], SLIDERS, 32_000)
    assert (found.shares.first.tolist(), found.sharers, found.tipping, found.joint, found.evidence) == ([1.0], (0,), (), None, ())


def test_nobody_stands_like_those_listed_apart() -> None:
    found = standing(VALUES.rows([]), POINTS[:0], SLIDERS, 32_000)
    assert (found.sharers, found.tipping, found.joint, found.evidence, found.dominated.surely) == ((), (), None, (), ())
    assert unranked(2).dominated.at_points == (None, None)
