"""Benchmark results on absolute scales."""

from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_registry.other_schemas import Mode, Result
from scoring import capability
from scoring.candidates import Candidates
from scoring.capability import BASE_ENDS, DOMAIN_SPREAD, ENDS, GENERAL, LANGUAGE, UNKNOWN, WIDENING, domain, general, value
from tests.scoring.making import Facts, registry_of, result

TUNED = tuple(mode for mode in get_args(Mode) if mode != "base_few_shot")
scores = st.floats(min_value=0, max_value=100)


def _candidates(*rows: Result) -> Candidates:
    return Candidates(registry_of(Facts(), results=rows))


def _only(found: capability.Interval) -> tuple[float, float, bool]:
    low, high, known = found
    return float(low[0]), float(high[0]), bool(known[0])


@pytest.mark.parametrize("mode", TUNED)
@pytest.mark.parametrize(("score", "expected"), [(0, 0), (20, 0), (52.5, 0.5), (85, 1), (100, 1)])
def test_mmlu_pro_runs_from_20_to_85(score: float, expected: float, mode: Mode) -> None:
    assert value("mmlu_pro", score, mode) == expected


@pytest.mark.parametrize(("score", "expected"), [(18, 0), (44.5, 0.5), (71, 1), (85, 1)])
def test_a_base_taken_few_shot_has_its_own_ends(score: float, expected: float) -> None:
    assert value("mmlu_pro", score, "base_few_shot") == expected


@pytest.mark.parametrize("benchmark", sorted(set(ENDS) - set(BASE_ENDS)))
def test_a_benchmark_without_ends_for_base_uses_the_same_for_every_mode(benchmark: str) -> None:
    assert value(benchmark, 60, "base_few_shot") == value(benchmark, 60, "instruct")


@pytest.mark.parametrize("ends", [*ENDS.values(), *BASE_ENDS.values()])
def test_ends_run_upwards(ends: tuple[float, float]) -> None:
    assert ends[0] < ends[1]


def test_every_special_case_is_of_a_benchmark_with_a_scale() -> None:
    assert {*BASE_ENDS, *WIDENING, *LANGUAGE, *GENERAL} <= set(ENDS)


@given(st.sampled_from(sorted(ENDS)), st.sampled_from(get_args(Mode)), st.lists(scores, min_size=2, max_size=6).map(sorted))
def test_a_higher_score_is_never_worth_less(benchmark: str, mode: Mode, ordered: list[float]) -> None:
    values = [value(benchmark, score, mode) for score in ordered]
    assert all(0 <= less <= more <= 1 for less, more in pairwise(values))


def test_a_result_of_the_anchor_is_a_point() -> None:
    assert _only(general(_candidates(result("a", "mmlu_pro", 52.5)))) == (0.5, 0.5, True)


def test_a_saturated_benchmark_is_an_interval_around_its_point() -> None:
    low, high, known = _only(general(_candidates(result("a", "mmlu", 72))))
    assert (low, high) == pytest.approx((0.39, 0.61))
    assert known


@pytest.mark.parametrize(("score", "expected"), [(0, (0.0, 0.11)), (100, (0.89, 1.0))])
def test_widening_stays_on_the_scale(score: float, expected: tuple[float, float]) -> None:
    low, high, _ = _only(general(_candidates(result("a", "mmlu", score))))
    assert (low, high) == pytest.approx(expected)


def test_the_first_benchmark_with_a_result_wins_even_where_a_later_one_is_better() -> None:
    rows = (result("a", "mmlu", 96), result("a", "gpqa_diamond", 80), result("a", "mmlu_pro", 20))
    assert _only(general(_candidates(*rows))) == (0, 0, True)
    assert _only(general(_candidates(*rows[:2])))[:2] == pytest.approx((0.89, 1))


def test_without_a_result_capability_is_nearly_the_whole_scale() -> None:
    assert _only(general(_candidates())) == (*UNKNOWN, False)


def test_a_result_in_another_language_says_nothing_of_general_capability() -> None:
    assert _only(general(_candidates(result("a", "mmlu_pro", 85, language="zh")))) == (*UNKNOWN, False)


def test_thinking_is_not_taken_where_an_answer_at_once_was_measured() -> None:
    rows = (result("a", "mmlu_pro", 85, mode="thinking"), result("a", "mmlu_pro", 20, mode="non_thinking"))
    assert _only(general(_candidates(*rows))) == (0, 0, True)


def test_the_domain_is_measured_by_its_first_benchmark_with_a_result() -> None:
    rows = (result("a", "livecodebench", 45), result("a", "humaneval", 100))
    found = domain(_candidates(*rows), ("swe_bench_verified", "livecodebench", "humaneval"), ())
    assert _only(found) == (0.5, 0.5, True)


def test_a_domain_that_was_not_measured_lies_around_general_capability() -> None:
    found = domain(_candidates(result("a", "mmlu_pro", 52.5)), ("livecodebench",), ())
    assert _only(found) == (0.5 - DOMAIN_SPREAD, 0.5 + DOMAIN_SPREAD, False)


@pytest.mark.parametrize(("score", "expected"), [(20, (0, DOMAIN_SPREAD)), (85, (1 - DOMAIN_SPREAD, 1))])
def test_around_general_capability_stays_on_the_scale(score: float, expected: tuple[float, float]) -> None:
    found = domain(_candidates(result("a", "mmlu_pro", score)), ("livecodebench",), ())
    assert _only(found) == (*expected, False)


def test_a_domain_of_which_nothing_is_known_is_as_wide_as_the_unknown() -> None:
    assert _only(domain(_candidates(), ("livecodebench",), ())) == (*UNKNOWN, False)


@pytest.mark.parametrize("benchmark", sorted(LANGUAGE))
@pytest.mark.parametrize(("languages", "known"), [(("zh",), True), (("en", "zh"), True), (("en",), False), ((), False)])
def test_a_benchmark_in_chinese_counts_only_where_chinese_is_asked_for(benchmark: str, languages: tuple[str, ...], known: bool) -> None:  # noqa: FBT001 (a row of the table)
    found = domain(_candidates(result("a", benchmark, 80, language="zh")), (benchmark,), languages)
    assert _only(found)[2] is known


def test_a_result_in_a_language_asked_for_comes_before_the_english_one() -> None:
    rows = (result("a", "include", 25), result("a", "include", 90, language="id"))
    assert _only(domain(_candidates(*rows), ("include",), ("id",))) == (1, 1, True)
    assert _only(domain(_candidates(*rows), ("include",), ("th",))) == (0, 0, True)


def test_each_checkpoint_has_its_own_results() -> None:
    registry = registry_of(Facts("a"), Facts("b"), Facts("c"), results=(result("b", "mmlu_pro", 85), result("c", "mmlu_pro", 20)))
    low, high, known = general(Candidates(registry))
    assert (low.tolist(), high.tolist(), known.tolist()) == ([UNKNOWN[0], 1, 0], [UNKNOWN[1], 1, 0], [False, True, True])
