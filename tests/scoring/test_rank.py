"""The additive score, and that no checkpoint's score depends on another's presence."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_registry.registry import Registry
from scoring.candidates import Candidates, Floats
from scoring.factors import CAUTION, Values, cautious, values
from scoring.gates import apply_gates
from scoring.rank import Scores, enough_known, normalised_weights, score
from scoring.scenario import FACTORS, Scenario, presets
from scoring.variants import advise

TODAY = np.datetime64("2026-11-24", "D")
SUBSETS = 3


@st.composite
def problems(draw: st.DrawFn) -> tuple[Values, Floats]:
    """Return values with intervals and unknowns, and normalised weights."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    shape = (draw(st.integers(1, 40)), draw(st.integers(1, len(FACTORS))))
    ends = np.sort(random.random((2, *shape)), axis=0)
    known = random.random(shape) < 0.7
    raw = random.random(shape[1])
    high = np.where(known, ends[0], ends[1])
    return Values(FACTORS[: shape[1]], ends[0], high, known, cautious(ends[0], high)), raw / raw.sum()


def _scores(candidates: Candidates, scenario: Scenario) -> Scores:
    advice = advise(scenario)
    table = values(candidates, scenario, advice, apply_gates(candidates, scenario, advice), TODAY)
    return score(table, normalised_weights(scenario, table.factors))


def _fewer(registry: Registry, positions: list[int]) -> Candidates:
    return Candidates(replace(registry, entries=tuple(registry.entries[position] for position in positions)))


def _same(part: Scores, whole: Scores, positions: list[int]) -> bool:
    """Tell whether a part of the candidates has bit for bit the scores that it has in the whole."""
    return all(
        np.array_equal(getattr(part, name), getattr(whole, name)[positions])
        for name in ("score", "low", "high", "contributions", "known_weight")
    )


@given(problems())
def test_a_score_is_the_sum_of_its_contributions(problem: tuple[Values, Floats]) -> None:
    scores = score(*problem)
    assert np.allclose(scores.score, scores.contributions.sum(axis=1), rtol=0, atol=1e-12)
    assert np.allclose(scores.score, problem[0].point @ problem[1], rtol=0, atol=1e-12)


@given(problems())
def test_a_score_lies_between_its_ends_and_these_between_zero_and_one(problem: tuple[Values, Floats]) -> None:
    scores = score(*problem)
    assert np.all((scores.low >= 0) & (scores.low <= scores.score))
    assert np.all((scores.score <= scores.high) & (scores.high <= 1 + 1e-12))


@given(problems())
def test_what_is_known_wholly_has_no_interval(problem: tuple[Values, Floats]) -> None:
    table, weights = problem
    scores = score(Values(table.factors, table.low, table.low, np.ones_like(table.known), table.low), weights)
    assert np.array_equal(scores.low, scores.high)
    assert np.allclose(scores.known_weight, 1)


def test_an_unknown_value_counts_at_a_quarter_of_its_interval() -> None:
    assert cautious(np.array([0.2, 0.5]), np.array([0.6, 0.5])).tolist() == pytest.approx([0.3, 0.5])
    assert CAUTION == 0.25


def test_hiding_a_fact_does_not_pay_where_it_is_average() -> None:
    """An unknown openness (0.2 to 0.5) counts less than a described corpus (0.5)."""
    unknown, described = cautious(np.array([0.2, 0.5]), np.array([0.5, 0.5]))
    assert unknown < described


@pytest.mark.parametrize("weights", [{}, dict.fromkeys(FACTORS, 0.0)])
def test_weights_that_are_all_zero_count_equally(weights: dict[str, float]) -> None:
    shares = normalised_weights(Scenario.model_validate({"weights": weights}), FACTORS)
    assert shares.tolist() == [1 / len(FACTORS)] * len(FACTORS)


@given(st.lists(st.floats(min_value=0.5, max_value=2.5), min_size=len(FACTORS), max_size=len(FACTORS)), st.sampled_from([2.0, 3.0, 4.0]))
def test_only_the_ratio_of_the_weights_matters(raw: list[float], scale: float) -> None:
    small, large = (
        normalised_weights(Scenario(weights={factor: by * weight for factor, weight in zip(FACTORS, raw, strict=True)}), FACTORS)
        for by in (1, scale)
    )
    assert np.allclose(small, large, rtol=0, atol=1e-15)


@pytest.mark.parametrize("count", range(1, len(FACTORS) + 1))
def test_weights_add_up_to_one_over_the_factors_in_use(count: int) -> None:
    assert normalised_weights(presets()["general"], FACTORS[:count]).sum() == pytest.approx(1)


def test_no_factor_needs_no_weight() -> None:
    assert normalised_weights(presets()["general"], ()).tolist() == []


@pytest.mark.parametrize(("share", "enough"), [(0.0, False), (0.599, False), (0.6, True), (0.6 - 1e-16, True), (1.0, True)])
def test_sixty_per_cent_is_enough_however_it_was_rounded(share: float, enough: bool) -> None:  # noqa: FBT001 (a row of the table)
    one = np.ones((1, 1))
    scores = Scores(FACTORS[:1], one[0], Values(FACTORS[:1], one, one, one > 0, one), one[0], one[0], one[0], np.array([share]))
    assert enough_known(scores).tolist() == [enough]


def test_sixty_per_cent_that_is_summed_from_sliders_is_enough() -> None:
    """27 of 45: 4.5, 5, 2.5, 8, 1 and 6 are known, whose shares add up to 0.5999999999999999."""
    raw = np.array([3.5, 4.5, 9.0, 5.0, 1.5, 4.0, 2.5, 8.0, 1.0, 6.0])
    known = np.array([[False, True, False, True, False, False, True, True, True, True]])
    table = Values(FACTORS, np.zeros((1, 10)), np.ones((1, 10)), known, np.full((1, 10), CAUTION))
    scores = score(table, raw / raw.sum())
    assert scores.known_weight[0] < 0.6
    assert enough_known(scores).tolist() == [True]


@given(problems(), st.randoms())
def test_a_row_scores_the_same_with_any_other_rows_to_the_last_bit(problem: tuple[Values, Floats], random: Random) -> None:
    table, weights = problem
    rows = random.sample(range(len(table.low)), random.randint(1, len(table.low)))
    whole, part = score(table, weights), score(table.rows(rows), weights)
    assert np.array_equal(part.contributions, whole.contributions[rows])
    assert np.array_equal([part.score, part.low, part.high], [whole.score[rows], whole.low[rows], whole.high[rows]])


@pytest.mark.parametrize("name", presets())
def test_the_scores_of_a_part_of_the_registry_are_those_of_the_whole(registry: Registry, candidates: Candidates, name: str) -> None:
    """Adding, hiding or removing a model changes no other's score, interval or contributions: not by the last bit."""
    random = np.random.default_rng(20261124)
    whole = _scores(candidates, presets()[name])
    for _ in range(SUBSETS):
        size = int(random.integers(1, len(candidates.ids)))
        positions = np.sort(random.choice(len(candidates.ids), size, replace=False)).tolist()
        assert _same(_scores(_fewer(registry, positions), presets()[name]), whole, positions)


@pytest.mark.parametrize("name", ["general", "zh_cs_rag", "code_assistant", "edge"])
def test_the_order_of_the_registry_changes_no_score(registry: Registry, candidates: Candidates, name: str) -> None:
    positions = np.random.default_rng(7).permutation(len(candidates.ids)).tolist()
    assert _same(_scores(_fewer(registry, positions), presets()[name]), _scores(candidates, presets()[name]), positions)


def test_a_checkpoint_alone_scores_as_among_all(registry: Registry, candidates: Candidates) -> None:
    whole = _scores(candidates, presets()["general"])
    for position in range(0, len(candidates.ids), 10):
        assert _same(_scores(_fewer(registry, [position]), presets()["general"]), whole, [position])
