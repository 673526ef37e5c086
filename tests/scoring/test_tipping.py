"""What would change the first place: one slider, several, or a fact of the first."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.candidates import Candidates, Floats
from scoring.factors import context_effective
from scoring.scenario import FACTORS, MAXIMUM_WEIGHT, Factor
from scoring.tipping import JointTipping, evidence_tipping, joint_tipping, tipping, tokens_worth
from tests.scoring.making import Facts, registry_of

STEP = 1e-7
seeds = st.integers(0, 2**32)


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


def _sliders_at(joint: JointTipping, sliders: Floats, factors: tuple[str, ...], share: float) -> Floats:
    """Return the sliders after a share of the joint move."""
    moved = sliders.copy()
    for move in joint.moves:
        moved[factors.index(move.factor)] += share * (move.end - move.start)
    return moved


@given(seeds)
def test_before_the_end_of_a_joint_move_the_winner_holds_and_at_the_end_they_tie(seed: int) -> None:
    points, sliders, winner = _problem(seed)
    names = FACTORS[: sliders.size]
    joint = joint_tipping(points, sliders, names, winner)
    if joint is not None:
        assert int((points @ _sliders_at(joint, sliders, names, 1 - 1e-6)).argmax()) == winner
        scores = points @ _sliders_at(joint, sliders, names, 1)
        assert scores[joint.winner] == pytest.approx(scores.max(), abs=1e-9)
        assert scores[winner] == pytest.approx(scores.max(), abs=1e-9)


@given(seeds)
def test_just_past_the_end_of_a_joint_move_its_winner_is_first(seed: int) -> None:
    """Past: every slider that helps and has room moves a little further."""
    points, sliders, winner = _problem(seed)
    names = FACTORS[: sliders.size]
    joint = joint_tipping(points, sliders, names, winner)
    if joint is not None:
        difference = points[winner] - points[joint.winner]
        past = np.clip(_sliders_at(joint, sliders, names, 1) - 1e-6 * np.sign(difference), 0, MAXIMUM_WEIGHT)
        scores = points @ past
        assert scores[joint.winner] > scores[winner]
        assert scores[joint.winner] == pytest.approx(scores.max(), abs=1e-5)


def _least_distance(difference: Floats, sliders: Floats, gap: float) -> float:
    """Return the optimum of the linear programme, from all its corners: but one slider, each stays or moves as far as it helps.

    Where even the last of the room only ties the two, nothing lies past the tie.
    """
    room = np.where(difference > 0, sliders, MAXIMUM_WEIGHT - sliders)
    closed, best = np.abs(difference), np.inf
    if closed @ room <= gap + 1e-9:
        return best
    for last in range(sliders.size):
        others = [index for index in range(sliders.size) if index != last]
        for full in (chosen for size in range(len(others) + 1) for chosen in combinations(others, size)):
            left = gap - sum(closed[index] * room[index] for index in full)
            if closed[last] > 0 and 0 <= left <= closed[last] * room[last]:
                best = min(best, left / closed[last] + sum(room[index] for index in full))
    return float(best)


@given(seeds)
def test_a_joint_move_is_as_short_as_the_optimum_of_the_linear_programme(seed: int) -> None:
    points, sliders, winner = _problem(seed)
    points, sliders = points[:, :5], sliders[:5]
    winner = int((points @ sliders).argmax())
    joint = joint_tipping(points, sliders, FACTORS[: sliders.size], winner)
    rivals = [rival for rival in range(len(points)) if rival != winner]
    distances = [
        _least_distance(points[winner] - points[rival], sliders, float((points[winner] - points[rival]) @ sliders)) for rival in rivals
    ]
    assert (np.inf if joint is None else joint.distance) == pytest.approx(min(distances), abs=1e-7)


@given(seeds)
def test_no_joint_move_is_longer_than_that_of_one_slider(seed: int) -> None:
    points, sliders, winner = _problem(seed)
    names = FACTORS[: sliders.size]
    tips, joint = tipping(points, sliders, names, winner), joint_tipping(points, sliders, names, winner)
    if tips:
        assert joint is not None
        assert joint.distance <= abs(tips[0].end - tips[0].start) + 1e-9
        assert joint.distance == pytest.approx(sum(abs(move.end - move.start) for move in joint.moves))


def test_where_no_joint_move_is_told_no_sliders_unseat_the_winner() -> None:
    points, sliders = np.array([[0.9, 0.5, 0.4], [0.1, 0.5, 0.2]]), np.array([4.0, 1.0, 2.0])
    assert joint_tipping(points, sliders, FACTORS[:3], 0) is None
    assert all(points[0] @ at >= points[1] @ at for at in product((0.0, 5.0, 10.0), repeat=3))


def test_a_joint_move_by_hand() -> None:
    """Gap 0.8 x 9 - 0.7 x 9 - 0.6 x 0 = 0.9; a unit of the first closes 0.8, more than the others, and 1.125 units do."""
    points = np.array([[0.9, 0.1, 0.1], [0.1, 0.8, 0.7]])
    joint = joint_tipping(points, np.array([9.0, 9.0, 0.0]), FACTORS[:3], 0)
    assert joint is not None
    assert [(move.factor, move.start) for move in joint.moves] == [(FACTORS[0], 9.0)]
    assert [joint.moves[0].end, joint.distance] == pytest.approx([7.875, 1.125])
    assert joint.winner == 1


def test_a_joint_move_takes_a_second_slider_when_the_first_has_no_room_left() -> None:
    """Gap 0.8 x 1 + 0.5 x 8 - 0.2 x 1 = 4.6: the first closes 0.8 and is at zero, 7.6 units of the second close the rest."""
    points = np.array([[0.9, 0.9, 0.1], [0.1, 0.4, 0.3]])
    joint = joint_tipping(points, np.array([1.0, 8.0, 1.0]), FACTORS[:3], 0)
    assert joint is not None
    assert [move.end for move in joint.moves] == pytest.approx([0.0, 0.4])
    assert joint.distance == pytest.approx(8.6)


def test_who_ties_already_needs_no_move() -> None:
    joint = joint_tipping(np.array([[0.9, 0.1], [0.1, 0.9]]), np.array([2.0, 2.0]), FACTORS[:2], 0)
    assert joint == JointTipping((), 0.0, 1)


def test_an_equal_on_everything_is_no_rival_and_neither_is_nobody() -> None:
    assert joint_tipping(np.array([[0.9, 0.1], [0.9, 0.1]]), np.ones(2), FACTORS[:2], 0) is None
    assert joint_tipping(np.array([[0.9, 0.1]]), np.ones(2), FACTORS[:2], 0) is None


@given(seeds)
def test_below_its_tie_on_a_factor_the_winner_is_overtaken_and_above_it_holds(seed: int) -> None:
    points, sliders, winner = _problem(seed)
    names = FACTORS[: sliders.size]
    tips = evidence_tipping(points, sliders, names, winner)
    for tip in tips:
        for step, first in ((1e-7, winner), (-1e-7, tip.rival)):
            changed = points.copy()
            changed[winner, names.index(tip.factor)] = tip.tie + step
            assert int((changed @ sliders).argmax()) == first
    for name in {*names} - {tip.factor for tip in tips}:
        changed = points.copy()
        changed[winner, names.index(name)] = STEP
        assert int((changed @ sliders).argmax()) == winner
    assert [tip.value - tip.tie for tip in tips] == sorted(tip.value - tip.tie for tip in tips)


def test_a_slider_at_zero_has_no_evidence_that_tips_and_neither_has_the_only_one() -> None:
    points = np.array([[0.9, 0.5], [0.8, 0.5]])
    assert [tip.factor for tip in evidence_tipping(points, np.array([1.0, 0.0]), FACTORS[:2], 0)] == [FACTORS[0]]
    assert evidence_tipping(points[:1], np.ones(2), FACTORS[:2], 0) == ()


def test_with_all_sliders_at_zero_the_factors_count_alike() -> None:
    points = np.array([[0.9, 0.5], [0.8, 0.5]])
    assert [tip.tie for tip in evidence_tipping(points, np.zeros(2), FACTORS[:2], 0)] == pytest.approx([0.8, 0.4])


@given(st.integers(1_000, 200_000), st.floats(1.0, 1.99))
def test_the_tokens_of_a_value_are_the_context_that_has_it(need: int, doublings: float) -> None:
    tokens = round(need * doublings)
    low, _, _ = context_effective(Candidates(registry_of(Facts(trained=tokens, advertised=tokens))), need)
    assert tokens_worth(float(low[0]), need) == pytest.approx(tokens, rel=1e-9)


def test_a_value_below_that_of_the_need_has_no_tokens() -> None:
    assert tokens_worth(0.69, 8_000) is None
    assert tokens_worth(0.7, 8_000) == pytest.approx(8_000)


def test_the_context_that_tips_is_told_in_tokens_and_other_factors_have_none() -> None:
    """Ahead by 0.1 on the context alone, which is worth half the weight: it may fall from 1 to 0.9, 2 ** (2/3) times the need."""
    names: tuple[Factor, ...] = ("context_effective", "freshness")
    points = np.array([[1.0, 0.6], [0.9, 0.6]])
    tips = evidence_tipping(points, np.ones(2), names, 0, need=32_000)
    assert [(tip.factor, tip.rival) for tip in tips] == [("context_effective", 1), ("freshness", 1)]
    assert [tip.tie for tip in tips] == pytest.approx([0.9, 0.5])
    assert tips[0].tokens == pytest.approx(32_000 * 2 ** (2 / 3))
    assert tips[1].tokens is None
    assert evidence_tipping(points, np.ones(2), names, 0)[0].tokens is None
