"""Capability: the frozen scale, where results place a checkpoint, and that hiding results does not pay."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_registry.other_schemas import Result
from model_registry.registry import Registry
from scoring.candidates import Candidates
from scoring.capability import FEWEST, THIN, Placed, domain, explain, general
from scoring.capability_scale import BEST, FILE, WORST, Scale, curve, item_name, mode_class_of, read_scale, scale
from scoring.errors import CapabilityError
from tests.scoring.making import Facts, registry_of, result

BENCHMARKS = ("mmlu_pro", "mmlu", "gpqa_diamond", "ifeval", "gsm8k", "humaneval", "math_500", "livecodebench", "bbh", "gpqa")
CODE = ("swe_bench_verified", "livecodebench", "humaneval")
scores = st.floats(min_value=5, max_value=95)


def _placed(*rows: Result, facts: Facts | None = None) -> Placed:
    return general(Candidates(registry_of(facts or Facts(), results=rows)))


def _point(*rows: Result) -> float:
    return float(_placed(*rows).point[0])


def _typical(capability: float, count: int = len(BENCHMARKS), better: float = 0.0) -> tuple[Result, ...]:
    """Return the results that a checkpoint of this capability is expected to have, some points better."""
    items = [scale().items[item_name(benchmark, "direct", "en")] for benchmark in BENCHMARKS[:count]]
    expected = [100 * float(curve(np.array(capability), item.a, item.D, item.c)) + better for item in items]
    return tuple(result("a", benchmark, min(100.0, score)) for benchmark, score in zip(BENCHMARKS, expected, strict=False))


def test_the_file_is_read_and_its_numbers_are_possible() -> None:
    found = read_scale(FILE)
    assert set(found.basket) <= set(found.items)
    assert all(item.models >= 5 and item.results >= item.models for item in found.items.values())
    assert found.prior.log10_billions > 0
    assert found.prior.years > 0


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("widening:", "wideness:", "widening"),
        ("  mmlu_pro.tuned: 1\n", "  nothing.tuned: 1\n", "nothing.tuned"),
        ("  bbh.base: {a: ", "  bbh.base: {a: -", "bbh.base"),
    ],
)
def test_a_file_of_another_shape_is_refused_by_name(tmp_path: Path, old: str, new: str, fault: str) -> None:
    path = tmp_path / "capability.yaml"
    path.write_text(FILE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CapabilityError, match=fault):
        read_scale(path)


def test_the_curve_has_its_published_points() -> None:
    """Half-way between guessing and 1 at the difficulty, guessing far below (Birnbaum 1968, with a fixed lower asymptote)."""
    assert curve(np.array([0.3, -50.0, 50.0]), 2.0, 0.3, 0.25).tolist() == pytest.approx([0.625, 0.25, 1.0])


@given(st.lists(st.floats(-4, 4), min_size=2, max_size=6).map(sorted))
def test_the_value_rises_with_capability_and_stays_on_the_scale(ordered: list[float]) -> None:
    own = scale()
    values = own.value(own.basket_score(np.array(ordered)))
    assert np.all(np.diff(values) >= 0)
    assert np.all((values >= 0) & (values <= 1))


def test_the_value_runs_from_20_to_85_per_cent_of_the_basket() -> None:
    assert scale().value(np.array([0.1, WORST, (WORST + BEST) / 2, BEST, 0.9])).tolist() == pytest.approx([0, 0, 0.5, 1, 1])


def test_modes_that_say_nothing_count_as_what_the_checkpoint_does() -> None:
    assert mode_class_of("unspecified", "switchable") == "thinking"
    assert mode_class_of("unspecified", "none") == "direct"
    assert mode_class_of("non_thinking", "switchable") == "direct"
    assert item_name("c_eval", "thinking", "zh") == "c_eval.tuned.zh"
    assert item_name("livecodebench", "thinking", "en") == "livecodebench.thinking"


@given(st.lists(scores, min_size=len(BENCHMARKS), max_size=len(BENCHMARKS)), st.integers(0, len(BENCHMARKS) - 1), st.floats(0.5, 5))
def test_a_better_result_never_lowers_the_value(found: list[float], which: int, better: float) -> None:
    rows = [result("a", benchmark, score) for benchmark, score in zip(BENCHMARKS, found, strict=True)]
    more = [*rows[:which], result("a", BENCHMARKS[which], found[which] + better), *rows[which + 1 :]]
    assert _point(*more) >= _point(*rows)


@given(st.floats(-1.0, 1.0), st.integers(1, len(BENCHMARKS) - 1))
def test_a_result_as_expected_narrows_the_interval_and_raises_what_is_counted(capability: float, count: int) -> None:
    fewer, more = _placed(*_typical(capability, count)), _placed(*_typical(capability, len(BENCHMARKS)))
    width = [float(found.high[0] - found.low[0]) for found in (fewer, more)]
    assert width[1] <= width[0] + 1e-3  # the ends lie on a curve
    alike = _placed(*_typical(0.0, len(BENCHMARKS)))
    assert float(alike.point[0]) > float(_placed(*_typical(0.0, count)).point[0]) - 0.05


def test_the_point_lies_in_its_interval(candidates: Candidates) -> None:
    for found in (general(candidates), domain(candidates, CODE, ("zh",)), general(candidates, reasoning=False)):
        assert np.all((found.low >= 0) & (found.low <= found.point) & (found.point <= found.high) & (found.high <= 1))


def test_without_a_result_it_is_estimated_from_size_and_date_and_unknown() -> None:
    small, large = Facts("a", parameters=10**9), Facts("b", parameters=10**11)
    candidates = Candidates(registry_of(small, large, Facts("c", parameters=None, layers=None, released=None)))
    found = general(candidates)
    assert not found.known.any()
    assert found.point[0] < found.point[1]
    assert found.high[2] - found.low[2] > found.high[1] - found.low[1]
    assert explain(candidates, "maker/a").estimated


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_two_benchmarks_make_it_known_and_three_more_than_thin(count: int) -> None:
    candidates = Candidates(registry_of(Facts(), results=_typical(0.2, count)))
    evidence = explain(candidates, "maker/a")
    assert bool(general(candidates).known[0]) is (count >= FEWEST)
    assert (evidence.thin, evidence.benchmarks, len(evidence.results)) == (count < THIN, count, count)
    assert evidence.low < evidence.point < evidence.high


def test_the_mode_asked_for_speaks_where_it_was_measured() -> None:
    rows = [result("a", benchmark, 80, mode="thinking") for benchmark in BENCHMARKS[:3]]
    rows += [result("a", benchmark, 55, mode="non_thinking") for benchmark in BENCHMARKS[:3]]
    candidates = Candidates(registry_of(Facts(reasoning="switchable"), results=tuple(rows)))
    assert [explain(candidates, "maker/a", asked).mode for asked in (None, True, False)] == ["thinking", "thinking", "direct"]
    assert general(candidates, reasoning=False).point[0] < general(candidates).point[0]
    assert set(explain(candidates, "maker/a").other_modes) == {"direct"}


def test_the_mode_with_more_benchmarks_speaks() -> None:
    rows = [result("a", "mmlu_pro", 80, mode="thinking")] + [result("a", name, 55, mode="non_thinking") for name in BENCHMARKS[:3]]
    assert explain(Candidates(registry_of(Facts(reasoning="switchable"), results=tuple(rows))), "maker/a").mode == "direct"


def test_several_reports_of_one_result_are_no_more_evidence_than_one() -> None:
    vendor = result("a", "mmlu_pro", 60)
    again = vendor.model_copy(update={"reported_by": "independent"})
    once, twice = _placed(vendor), _placed(vendor, again)
    assert (twice.low[0], twice.high[0]) == pytest.approx((once.low[0], once.high[0]))


def test_a_domain_moves_towards_its_own_results_and_little() -> None:
    rows = (*_typical(0.2, 6), result("a", "livecodebench", 90), result("a", "swe_bench_verified", 90))
    candidates = Candidates(registry_of(Facts(), results=rows))
    everything, code = general(candidates), domain(candidates, CODE, ())
    assert everything.point[0] < code.point[0] < everything.point[0] + 0.15
    assert code.known[0]


def test_a_domain_without_results_is_general_capability_and_wider_and_unknown() -> None:
    candidates = Candidates(registry_of(Facts(), results=_typical(0.2, 4)))
    everything, code = general(candidates), domain(candidates, ("swe_bench_verified",), ())
    assert code.point[0] == pytest.approx(everything.point[0])
    assert code.high[0] - code.low[0] > everything.high[0] - everything.low[0]
    assert not code.known[0]


@pytest.mark.parametrize(("languages", "known"), [(("zh",), True), (("en", "zh"), True), (("en",), False), ((), False)])
def test_a_benchmark_in_chinese_counts_only_where_chinese_is_asked_for(languages: tuple[str, ...], known: bool) -> None:  # noqa: FBT001 (a row of the table)
    rows = (*_typical(0.2, 3), result("a", "c_eval", 80, language="zh"))
    assert bool(domain(Candidates(registry_of(Facts(), results=rows)), ("c_eval",), languages).known[0]) is known


def test_no_checkpoint_is_moved_by_others(registry: Registry, candidates: Candidates) -> None:
    """Removing or reordering models changes no other's capability, not by the last bit."""
    positions = np.random.default_rng(1).permutation(len(candidates.ids))[:150].tolist()
    part = Candidates(replace(registry, entries=tuple(registry.entries[position] for position in positions)))
    for whole, fewer in ((general(candidates), general(part)), (domain(candidates, CODE, ("en",)), domain(part, CODE, ("en",)))):
        for name in ("low", "high", "point", "known"):
            assert np.array_equal(getattr(fewer, name), getattr(whole, name)[positions])


def test_hiding_everything_does_not_pay_where_it_is_average() -> None:
    own: Scale = scale()
    candidates = Candidates(registry_of(Facts()))
    expected = float(own.expected(candidates.parameters, candidates.age_anchor_days, np.zeros(1))[0][0])
    assert _point() < _point(*_typical(expected))


def test_a_registered_checkpoint_names_what_its_capability_rests_on(candidates: Candidates) -> None:
    evidence = explain(candidates, "Qwen/Qwen3-8B-Base")
    assert evidence.mode == "base"
    assert {row.checkpoint for row in evidence.results} == {"Qwen/Qwen3-8B-Base"}
    assert not evidence.thin


def test_size_and_date_place_nobody_beyond_the_best_measured() -> None:
    own = scale()
    mean, _ = own.expected(np.array([1e15]), np.array([30_000.0]), np.ones(1))
    assert mean.tolist() == [own.prior.highest]
