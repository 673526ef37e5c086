"""How firm the order is: shares over draws, and tipping points."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.candidates import Floats
from scoring.factors import Values, cautious
from scoring.robustness import DRAWS, firmness, tipping, word
from scoring.scenario import FACTORS, MAXIMUM_WEIGHT

STEP = 1e-7
seeds = st.integers(0, 2**32)


def _known(points: Floats) -> Values:
    return Values(FACTORS[: points.shape[1]], points, points, np.ones(points.shape, dtype=bool), points)


def _random_values(seed: int) -> Values:
    random = np.random.default_rng(seed)
    shape = (int(random.integers(1, 12)), int(random.integers(1, 8)))
    ends = np.sort(random.random((2, *shape)), axis=0)
    known = random.random(shape) < 0.6
    high = np.where(known, ends[0], ends[1])
    return Values(FACTORS[: shape[1]], ends[0], high, known, cautious(ends[0], high))


@given(seeds)
@settings(max_examples=30)
def test_the_shares_of_first_places_add_up_to_one(seed: int) -> None:
    values = _random_values(seed)
    shares = firmness(values, np.linspace(1, 2, values.low.shape[1]), draws=500)
    assert shares.first.sum() == pytest.approx(1)
    assert np.all((shares.first >= 0) & (shares.first <= shares.top3) & (shares.top3 <= 1))


@given(seeds)
@settings(max_examples=30)
def test_the_shares_of_top_places_add_up_to_the_places(seed: int) -> None:
    values = _random_values(seed)
    shares = firmness(values, np.ones(values.low.shape[1]), draws=500)
    assert shares.top3.sum() == pytest.approx(min(3, values.low.shape[0]), abs=0.02)


def test_who_is_better_on_every_factor_is_first_in_every_draw() -> None:
    points = np.vstack([np.full(4, 0.9), np.random.default_rng(1).uniform(0, 0.8, (20, 4))])
    shares = firmness(_known(points), np.array([1.0, 5.0, 0.0, 10.0]))
    assert (shares.first[0], shares.top3[0], shares.draws) == (1.0, 1.0, DRAWS)


def test_an_unknown_that_may_dominate_takes_its_share() -> None:
    """Known 0.75 against an interval from 0 to 1: ahead in three draws of four."""
    values = Values(
        FACTORS[:1], np.array([[0.75], [0.0]]), np.array([[0.75], [1.0]]), np.array([[True], [False]]), np.array([[0.75], [0.25]])
    )
    assert firmness(values, np.ones(1)).first[0] == pytest.approx(0.75, abs=0.03)


def test_each_slider_is_read_between_half_and_twice() -> None:
    """The two tie at equal weights; a factor exp(U(-ln 2, ln 2)) on each side leaves both half of the draws."""
    shares = firmness(_known(np.array([[1.0, 0.0], [0.0, 1.0]])), np.array([3.0, 3.0]))
    assert shares.first[0] == pytest.approx(0.5, abs=0.04)


@pytest.mark.parametrize(("ratio", "share"), [(4.1, 1.0), (0.24, 0.0)])
def test_more_than_four_times_the_weight_is_never_overtaken(ratio: float, share: float) -> None:
    """Half of one slider against twice the other is a factor of four."""
    shares = firmness(_known(np.array([[1.0, 0.0], [0.0, 1.0]])), np.array([ratio, 1.0]))
    assert shares.first[0] == share


def test_sliders_at_zero_count_equally() -> None:
    values = _random_values(3)
    zero, ones = (firmness(values, np.full(values.low.shape[1], slider)) for slider in (0.0, 1.0))
    assert np.array_equal(zero.first, ones.first)


def test_a_slider_at_zero_stays_at_zero() -> None:
    shares = firmness(_known(np.array([[0.6, 0.0], [0.5, 1.0]])), np.array([1.0, 0.0]))
    assert shares.first.tolist() == [1.0, 0.0]


def test_only_the_ratio_of_the_sliders_matters() -> None:
    values = _random_values(4)
    small, large = (firmness(values, np.linspace(1, 2, values.low.shape[1]) * by) for by in (1.0, 4.0))
    assert np.allclose(small.first, large.first, atol=1 / DRAWS)


def test_the_same_question_has_the_same_answer() -> None:
    values = _random_values(5)
    sliders = np.ones(values.low.shape[1])
    one, other = firmness(values, sliders), firmness(values, sliders)
    assert np.array_equal(one.first, other.first)
    assert np.array_equal(one.top3, other.top3)


@pytest.mark.parametrize("draws", [1, 499, 501])
def test_any_number_of_draws_is_drawn(draws: int) -> None:
    shares = firmness(_random_values(6), np.ones(_random_values(6).low.shape[1]), draws=draws)
    assert (shares.draws, round(shares.first.sum() * draws)) == (draws, draws)


@pytest.mark.parametrize(
    ("share", "expected"),
    [(1.0, "clear"), (0.80, "clear"), (0.7999, "likely"), (0.50, "likely"), (0.4999, "open"), (0.0, "open")],
)
def test_a_share_has_its_word(share: float, expected: str) -> None:
    assert word(share) == expected


def _problem(seed: int) -> tuple[Floats, Floats, int]:
    """Return points, sliders and the winner of a random problem."""
    random = np.random.default_rng(seed)
    points = random.random((int(random.integers(2, 10)), int(random.integers(2, 8))))
    sliders = random.uniform(0.5, 9.5, (points.shape[1],))
    return points, sliders, int((points @ sliders).argmax())


def _winner_at(points: Floats, sliders: Floats, factor: int, value: float) -> int:
    moved = sliders.copy()
    moved[factor] = value
    return int((points @ moved).argmax())


@given(seeds)
def test_just_past_its_tipping_point_a_slider_changes_the_winner_and_just_before_it_does_not(seed: int) -> None:
    points, sliders, winner = _problem(seed)
    names = FACTORS[: sliders.size]
    for tip in tipping(points, sliders, names, winner):
        factor, step = names.index(tip.factor), np.copysign(STEP, tip.end - tip.start)
        assert _winner_at(points, sliders, factor, tip.end + step) == tip.winner
        assert _winner_at(points, sliders, factor, tip.end - step) == winner


@given(seeds)
def test_where_no_tipping_point_is_told_the_whole_slider_keeps_the_winner(seed: int) -> None:
    points, sliders, winner = _problem(seed)
    names = FACTORS[: sliders.size]
    tips = tipping(points, sliders, names, winner)
    for factor, name in enumerate(names):
        if not [tip for tip in tips if tip.factor == name and tip.end > tip.start]:
            assert _winner_at(points, sliders, factor, MAXIMUM_WEIGHT - STEP) == winner
        if not [tip for tip in tips if tip.factor == name and tip.end < tip.start]:
            assert _winner_at(points, sliders, factor, STEP) == winner


@given(seeds)
def test_tipping_points_lie_on_the_sliders_and_the_smallest_move_comes_first(seed: int) -> None:
    points, sliders, winner = _problem(seed)
    tips = tipping(points, sliders, FACTORS[: sliders.size], winner)
    assert all(0 < tip.end < MAXIMUM_WEIGHT and tip.winner != winner for tip in tips)
    moves = [abs(tip.end - tip.start) for tip in tips]
    assert moves == sorted(moves)


def test_a_tipping_point_by_hand() -> None:
    """0.8 a + 0.2 b against 0.4 a + 0.9 b with b at 2: they tie at 0.4 a = 1.4, a = 3.5; with a at 5, at b = 2 / 0.7."""
    points = np.array([[0.8, 0.2], [0.4, 0.9]])
    tips = tipping(points, np.array([5.0, 2.0]), FACTORS[:2], 0)
    assert [(tip.factor, tip.start, tip.winner) for tip in tips] == [(FACTORS[1], 2.0, 1), (FACTORS[0], 5.0, 1)]
    assert [tip.end for tip in tips] == pytest.approx([2 / 0.7, 3.5])


def test_who_is_better_on_every_factor_has_no_tipping_point() -> None:
    assert tipping(np.array([[0.9, 0.9], [0.1, 0.8]]), np.array([1.0, 1.0]), FACTORS[:2], 0) == ()


@pytest.mark.parametrize("slider", [0.3, 1.0, 7.0, 10.0])
def test_the_only_slider_above_zero_tips_nothing_by_itself(slider: float) -> None:
    """All tie with it at zero; there the weights count equally, and the slider cannot go further down."""
    points = np.array([[0.7, 0.1], [0.3, 0.2], [0.1, 0.9]])
    assert FACTORS[0] not in [tip.factor for tip in tipping(points, np.array([slider, 0.0]), FACTORS[:2], 0)]


def test_a_tie_at_the_upper_end_of_a_slider_tips_nothing() -> None:
    """They tie with the first slider at 10: 0.1 a = 0.5 b with b at 2."""
    points = np.array([[0.4, 0.7], [0.5, 0.2]])
    assert FACTORS[0] not in [tip.factor for tip in tipping(points, np.array([5.0, 2.0]), FACTORS[:2], 0)]
