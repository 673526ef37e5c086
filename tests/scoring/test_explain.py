"""Reasons as codes and numbers."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.explain import TOLD, Statement, gap, statements
from scoring.factors import Values
from scoring.rank import Scores
from scoring.scenario import FACTORS


def _scores(contributions: list[list[float]]) -> Scores:
    table = np.array(contributions, dtype=np.float64)
    total = table.sum(axis=1)
    count = table.shape[1]
    values = Values(FACTORS[:count], table, table, np.ones(table.shape, dtype=bool), table)
    return Scores(FACTORS[:count], np.ones(count), values, total, total, total, np.ones(len(table)))


cells = st.floats(min_value=0, max_value=1)
tables = st.integers(1, len(FACTORS)).flatmap(lambda n: st.lists(st.lists(cells, min_size=n, max_size=n), min_size=2, max_size=5))


@given(tables)
def test_a_gap_adds_up_to_the_difference_of_the_scores(contributions: list[list[float]]) -> None:
    scores = _scores(contributions)
    assert sum(gap(scores, 0, 1).values()) == pytest.approx(scores.score[0] - scores.score[1], abs=1e-12)


@given(tables)
def test_a_gap_turned_round_is_its_negative(contributions: list[list[float]]) -> None:
    scores = _scores(contributions)
    assert gap(scores, 0, 1) == {factor: -value for factor, value in gap(scores, 1, 0).items()}


def test_the_three_strongest_factors_are_told_and_then_the_gap_the_largest_part_first() -> None:
    scores = _scores([[0.1, 0.4, 0.0, 0.3, 0.2], [0.1, 0.1, 0.1, 0.1, 0.2]])
    assert [(told.code, told.values["factor"]) for told in statements(scores, [0, 1])] == [
        ("strength", FACTORS[1]),
        ("strength", FACTORS[3]),
        ("strength", FACTORS[4]),
        ("ahead", FACTORS[1]),
        ("ahead", FACTORS[3]),
        ("behind", FACTORS[2]),
    ]


def test_a_statement_carries_its_number() -> None:
    assert statements(_scores([[0.5], [0.25]]), [0, 1]) == (
        Statement("strength", {"factor": FACTORS[0], "contribution": 0.5}),
        Statement("ahead", {"factor": FACTORS[0], "difference": 0.25}),
    )


def test_the_gap_is_the_one_to_the_second_in_the_order() -> None:
    told = statements(_scores([[0.125], [0.5], [0.25]]), [1, 2, 0])
    assert told[-1] == Statement("ahead", {"factor": FACTORS[0], "difference": 0.25})


def test_a_factor_that_contributes_nothing_is_no_strength() -> None:
    assert [told.values["factor"] for told in statements(_scores([[0.5, 0.0, 0.0]]), [0])] == [FACTORS[0]]


def test_what_is_the_same_for_both_is_not_told() -> None:
    codes = [told.code for told in statements(_scores([[0.2, 0.2], [0.2, 0.2]]), [0, 1])]
    assert codes == ["strength", "strength"]


def test_the_only_one_has_strengths_and_no_gap() -> None:
    assert {told.code for told in statements(_scores([[0.2, 0.1]]), [0])} == {"strength"}


def test_nobody_has_nothing_to_tell() -> None:
    assert statements(_scores([[0.2]]), []) == ()


@given(tables)
def test_strengths_fall_and_are_three_at_most(contributions: list[list[float]]) -> None:
    told = [float(item.values["contribution"]) for item in statements(_scores(contributions), [0]) if item.code == "strength"]
    assert len(told) <= TOLD
    assert all(more >= less > 0 for more, less in pairwise(told))
