"""How firm the order is: shares of places over draws."""

import json
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import robustness
from scoring.candidates import Floats
from scoring.factors import Values, cautious
from scoring.readings import Reading
from scoring.robustness import CLEAR, DRAWS, contenders, firmness, first_shares, nothing, sharers, word
from scoring.scenario import FACTORS

READINGS: tuple[Reading, ...] = get_args(Reading)
GOLDEN = json.loads(Path(__file__).with_name("acceptability.json").read_text(encoding="utf-8"))
"""Shares by pysensmcda, made by tools/bench/acceptability_oracle.py."""
seeds = st.integers(0, 2**32)
readings = st.sampled_from(READINGS)


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
    assert np.all((shares.first >= 0) & (shares.first <= shares.top3) & (shares.top3 <= shares.top5) & (shares.top5 <= 1))


@given(seeds)
@settings(max_examples=30)
def test_the_shares_of_top_places_add_up_to_the_places(seed: int) -> None:
    values = _random_values(seed)
    shares = firmness(values, np.ones(values.low.shape[1]), draws=500)
    assert shares.top3.sum() == pytest.approx(min(3, values.low.shape[0]), abs=0.02)
    assert shares.top5.sum() == pytest.approx(min(5, values.low.shape[0]), abs=0.02)


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
    assert np.array_equal(one.top5, other.top5)


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


def _places_by_sorting(scores: Floats) -> list[Floats]:
    """Return how often each is first, among the first three and the first five, straight from the definition."""
    found = [np.bincount(scores.argmax(axis=1), minlength=scores.shape[1]).astype(np.float64)]
    for places in (3, 5):
        last = np.sort(scores, axis=1)[:, -min(places, scores.shape[1])]
        found.append((scores >= last[:, None]).sum(axis=0).astype(np.float64))
    return found


@given(seeds)
def test_places_are_counted_as_by_sorting_whatever_ties(seed: int) -> None:
    """Scores in steps of a quarter tie all the time."""
    random = np.random.default_rng(seed)
    scores = (random.integers(0, 5, (40, int(random.integers(1, 14)))) / 4).astype(np.float32)
    expected = _places_by_sorting(scores.astype(np.float64))
    assert np.array_equal(robustness._places(scores), expected)  # noqa: SLF001 (ties hardly ever happen in draws)


@pytest.mark.parametrize("equals", [2, 4, 7])
def test_of_equals_the_one_ranked_first_is_first_and_all_are_among_the_first(equals: int) -> None:
    points = np.vstack([np.tile([0.8, 0.9, 0.7], (equals, 1)), np.full((30, 3), 0.1)])
    shares = firmness(_known(points), np.array([3.0, 5.0, 1.0]))
    assert shares.first[:equals].tolist() == [1.0] + [0.0] * (equals - 1)
    assert shares.top5[:equals].tolist() == [1.0] * equals


@given(seeds, readings)
@settings(max_examples=30)
def test_shares_of_first_places_alone_are_those_of_the_whole(seed: int, reading: Reading) -> None:
    values = _random_values(seed)
    sliders = np.linspace(0, 9, values.low.shape[1])
    assert np.array_equal(first_shares(values, sliders, 300, reading), firmness(values, sliders, 300, reading).first)


@given(seeds, readings)
@settings(max_examples=30)
def test_whom_the_draws_leave_out_could_not_have_been_among_the_first_five(seed: int, reading: Reading) -> None:
    """Without leaving anyone out, known values give the same shares to the last draw."""
    random = np.random.default_rng(seed)
    values = _known(random.random((40, 5)) * random.random((40, 1)))
    sliders = random.uniform(0, 10, 5).round()
    pruned = firmness(values, sliders, 500, reading)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(robustness, "contenders", lambda *_: np.arange(40))
        whole = firmness(values, sliders, 500, reading)
    assert np.array_equal([pruned.first, pruned.top3, pruned.top5], [whole.first, whole.top3, whole.top5])


def test_whoever_five_others_surely_beat_is_left_out_and_whoever_four_beat_is_not() -> None:
    points = np.vstack([np.full((4, 3), 0.9), np.full((1, 3), 0.5), np.full((1, 3), 0.2)])
    for reading in READINGS:
        assert contenders(_known(points), np.ones(3), reading).tolist() == [0, 1, 2, 3, 4]


def test_whoever_might_be_good_is_not_left_out() -> None:
    low = np.vstack([np.full((6, 2), 0.9), np.full((1, 2), 0.1)])
    high = np.vstack([np.full((6, 2), 0.9), np.ones((1, 2))])
    assert contenders(Values(FACTORS[:2], low, high, low == high, low), np.ones(2)).tolist() == list(range(7))


@pytest.mark.parametrize("problem", GOLDEN, ids=lambda problem: f"{problem['reading']}-{len(problem['low'])}x{len(problem['sliders'])}")
def test_shares_agree_with_an_independent_implementation_within_three_standard_errors(problem: dict[str, Any]) -> None:
    low, high = np.array(problem["low"]), np.array(problem["high"])
    values = Values(FACTORS[: low.shape[1]], low, high, low == high, low)
    shares = firmness(values, np.array(problem["sliders"]), reading=problem["reading"])
    for places, own in (("1", shares.first), ("3", shares.top3), ("5", shares.top5)):
        theirs = np.array(problem["shares"][places])
        probability = np.clip(theirs, 1 / DRAWS, 1 - 1 / DRAWS)
        error = np.sqrt(probability * (1 - probability) * (1 / DRAWS + 1 / problem["draws"]))
        assert np.all(np.abs(own - theirs) <= 3 * error)


def test_any_weights_give_the_exact_volumes_within_three_standard_errors() -> None:
    (problem,) = [problem for problem in GOLDEN if problem["first_exact"]]
    exact = np.array(problem["first_exact"])
    shares = firmness(_known(np.array(problem["low"])), np.array(problem["sliders"]), reading="any")
    assert np.all(np.abs(shares.first - exact) <= 3 * np.sqrt(exact * (1 - exact) / DRAWS) + 1e-6)


def test_the_product_in_pieces_is_the_product() -> None:
    random = np.random.default_rng(2)
    left, right = (random.random(shape, dtype=np.float32) for shape in ((301, 11), (11, 4_000)))
    assert np.allclose(robustness._product(left, right), left @ right, atol=1e-5)  # noqa: SLF001 (the cut is its whole point)


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([0.9, 0.1], (0,)),
        ([0.8, 0.2], (0,)),
        ([0.1, 0.6, 0.3], (1, 2)),
        ([0.4, 0.4, 0.2], (0, 1)),
        ([0.1] * 10, tuple(range(8))),
        ([0.0, 0.0], ()),
        ([], ()),
    ],
)
def test_the_fewest_who_hold_eighty_per_cent_share_the_first_place(shares: list[float], expected: tuple[int, ...]) -> None:
    assert sharers(np.array(shares)) == expected


@given(seeds)
def test_one_fewer_would_hold_less_than_eighty_per_cent(seed: int) -> None:
    first = np.random.default_rng(seed).dirichlet(np.full(12, 0.5))
    found = list(sharers(first))
    assert first[found].sum() >= CLEAR - 1e-6
    assert first[found[:-1]].sum() < CLEAR


def test_nothing_is_shared_by_those_that_are_not_ranked() -> None:
    shares = nothing(2)
    assert (shares.first.tolist(), shares.top3.tolist(), shares.top5.tolist(), shares.draws) == ([0, 0], [0, 0], [0, 0], 0)
