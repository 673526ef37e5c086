"""Readings of the weights: their ranges, their orders, and what is sure in all of them."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.readings import Reading, effective, surely_positive, weights

READINGS: tuple[Reading, ...] = get_args(Reading)
SLIDERS = np.array([3.0, 0.0, 8.0, 3.0, 1.0])
DRAWS = 20_000
seeds = st.integers(0, 2**32)


def _drawn(reading: Reading, draws: int = DRAWS) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.asarray(weights(reading, SLIDERS, draws, np.random.default_rng(5)), dtype=np.float64)


@pytest.mark.parametrize("reading", READINGS)
def test_a_slider_at_zero_weighs_nothing_and_every_other_something(reading: Reading) -> None:
    drawn = _drawn(reading)
    assert drawn.shape == (DRAWS, SLIDERS.size)
    assert np.array_equal(drawn > 0, np.tile(SLIDERS > 0, (DRAWS, 1)))


def test_around_is_between_half_and_twice_and_evenly_so_in_its_logarithm() -> None:
    powers = np.log2(_drawn("around")[:, SLIDERS > 0] / SLIDERS[SLIDERS > 0])
    assert np.all(np.abs(powers) <= 1 + 1e-6)
    assert np.allclose(powers.mean(axis=0), 0, atol=0.02)
    assert np.allclose(powers.std(axis=0), 1 / np.sqrt(3), atol=0.02)


def test_order_keeps_the_order_and_equal_sliders_come_in_either() -> None:
    drawn = _drawn("order")
    assert np.all(drawn[:, 2] >= np.maximum(drawn[:, 0], drawn[:, 3]))
    assert np.all(np.minimum(drawn[:, 0], drawn[:, 3]) >= drawn[:, 4])
    assert (drawn[:, 0] > drawn[:, 3]).mean() == pytest.approx(0.5, abs=0.02)


def test_order_has_the_mean_of_rank_order_centroids() -> None:
    """The means of sorted uniform weights of four: 1/4 (1/4), 1/4 (1/4 + 1/3) and so on."""
    drawn = _drawn("order")
    means = (drawn / drawn.sum(axis=1, keepdims=True)).mean(axis=0)
    steps = np.cumsum([1 / 4, 1 / 3, 1 / 2, 1]) / 4
    assert means.tolist() == pytest.approx([(steps[1] + steps[2]) / 2, 0, steps[3], (steps[1] + steps[2]) / 2, steps[0]], abs=0.01)


def test_any_is_uniform_on_the_simplex() -> None:
    drawn = _drawn("any")
    shares = (drawn / drawn.sum(axis=1, keepdims=True))[:, SLIDERS > 0]
    assert np.allclose(shares.mean(axis=0), 1 / 4, atol=0.01)
    assert np.allclose(shares.var(axis=0), 3 / 80, atol=0.003)


def test_sliders_that_are_all_at_zero_count_as_equal() -> None:
    assert effective(np.zeros(3)).tolist() == [1, 1, 1]
    assert effective(SLIDERS) is SLIDERS


@pytest.mark.parametrize("reading", READINGS)
@given(seeds)
def test_what_is_surely_positive_is_positive_in_every_draw(reading: Reading, seed: int) -> None:
    difference = np.random.default_rng(seed).uniform(-0.3, 1, (30, SLIDERS.size))
    sure = surely_positive(reading, SLIDERS, difference)
    assert np.all((_drawn(reading, 200) @ difference[sure].T) > 0)


def test_around_is_sure_just_when_the_worst_of_half_and_twice_is_positive() -> None:
    """0.5 x 2 d - 2 x 1 x 0.1 is above zero from d = 0.2 on."""
    sliders = np.array([2.0, 1.0])
    assert surely_positive("around", sliders, np.array([[0.21, -0.1], [0.19, -0.1]])).tolist() == [True, False]


@pytest.mark.parametrize("reading", ["order", "any"])
def test_other_readings_are_sure_only_without_a_drawback(reading: Reading) -> None:
    sliders = np.array([2.0, 1.0, 0.0])
    difference = np.array([[0.9, -0.01, 0], [0.9, 0, -1], [0, 0, 1]])
    assert surely_positive(reading, sliders, difference).tolist() == [False, True, False]
