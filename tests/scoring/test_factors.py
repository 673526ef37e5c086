"""The value functions at their documented points, their order, and the unknown."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_registry.ecosystem import Ecosystem
from model_registry.ecosystem_schema import Tool
from model_registry.other_schemas import Result
from model_registry.schema import Basis, TrainingData
from scoring import factors
from scoring.candidates import Candidates
from scoring.factors import Interval, Values
from scoring.gates import Gated, apply_gates
from scoring.scenario import FACTORS, Hardware, Scenario, TrainingPlan, Use, presets
from scoring.variants import advise
from tests.scoring.making import FREE, SOURCE, Facts, registry_of, result

TRAINED = presets()["edge"].model_copy(update={"training": TrainingPlan(plan="lora")})
TODAY = np.datetime64("2026-11-24", "D")


def _candidates(*facts: Facts, results: tuple[Result, ...] = ()) -> Candidates:
    return Candidates(registry_of(*facts, results=results))


def _gated(scenario: Scenario, *facts: Facts) -> Gated:
    return apply_gates(_candidates(*facts), scenario, advise(scenario))


def _first(interval: Interval) -> tuple[float, float, bool]:
    """Return the value of the first candidate, rounded: (low, high, known)."""
    low, high, known = interval
    return round(float(low[0]), 9), round(float(high[0]), 9), bool(known[0])


@pytest.mark.parametrize(
    ("facts", "results", "expected"),
    [
        (Facts(), (result("a", "include", 60, language="zh"),), (0.8, 0.8, True)),
        (Facts(), (), (0.6, 0.6, True)),
        (Facts(codes=None), (result("a", "include", 60, language="zh"),), (0.5, 0.7, True)),
        (Facts(basis="trained_on"), (), (0.3, 0.3, True)),
        (Facts(codes=("en",)), (), (0.1, 0.1, True)),
        (Facts(codes=("en",), complete=False), (), (0.1, 0.6, False)),
        (Facts(codes=None), (), (0.1, 0.6, False)),
    ],
)
def test_a_language_is_worth_what_is_known_of_it(facts: Facts, results: tuple[Result, ...], expected: tuple[float, float, bool]) -> None:
    assert _first(factors.language_fit(_candidates(facts, results=results), ("zh",))) == expected


def test_a_declaration_by_card_tags_counts_as_declared() -> None:
    basis: Basis = "card_tags"
    assert _first(factors.language_fit(_candidates(Facts(basis=basis)), ("zh",))) == (0.6, 0.6, True)


def test_the_weakest_of_several_languages_counts() -> None:
    found = factors.language_fit(_candidates(Facts(complete=False), results=(result("a", "include", 60, language="zh"),)), ("zh", "fr"))
    assert _first(found) == (0.1, 0.6, False)


@pytest.mark.parametrize(
    ("tokens", "value"),
    [(8192, 0.7), (16_384, 1.0), (32_768, 1.0), (4096, 0.4), (round(8192 * 2**0.5), 0.85)],
)
def test_context_that_was_trained_on_is_worth_its_ratio_to_the_need(tokens: int, value: float) -> None:
    low, high, known = factors.context_effective(_candidates(Facts(trained=tokens, advertised=tokens)), 8192)
    assert (low[0], high[0], known[0]) == (pytest.approx(value, abs=1e-4), pytest.approx(value, abs=1e-4), True)


@pytest.mark.parametrize(
    ("trained", "advertised", "expected"),
    [
        (4096, 32_768, (0.4, 0.85, True)),
        (None, 32_768, (0.4, 0.85, True)),
        (4096, 8192, (0.4, 0.7, True)),
        (None, None, (0.4, 0.85, False)),
    ],
)
def test_context_beyond_the_trained_length_is_an_interval(
    trained: int | None, advertised: int | None, expected: tuple[float, float, bool]
) -> None:
    assert _first(factors.context_effective(_candidates(Facts(trained=trained, advertised=advertised)), 8192)) == expected


@given(st.lists(st.integers(1, 10**8), min_size=2, max_size=8).map(sorted), st.integers(1, 10**8), st.booleans())
def test_more_context_is_never_worth_less(lengths: list[int], need: int, trained: bool) -> None:  # noqa: FBT001 (hypothesis fills it in)
    facts = [Facts(f"m{index}", trained=length if trained else None, advertised=length) for index, length in enumerate(lengths)]
    low, high, _ = factors.context_effective(_candidates(*facts), need)
    assert all(np.diff(low) >= 0)
    assert all(np.diff(high) >= 0)


@given(st.integers(1, 10**8), st.integers(1, 10**8))
def test_a_length_that_was_only_advertised_is_never_worth_more_than_a_trained_one(tokens: int, need: int) -> None:
    facts = Facts("trained", trained=tokens, advertised=tokens), Facts("promised", trained=None, advertised=tokens)
    low, high, _ = factors.context_effective(_candidates(*facts), need)
    assert low[1] <= low[0]
    assert high[1] <= high[0]


@pytest.mark.parametrize(
    ("memory", "weights", "value"),
    [
        (9.0001, ("bf16",), 0.75),
        (9 / 0.85, ("bf16",), 0.875),
        (9 / 0.7, ("bf16",), 1.0),
        (100, ("bf16",), 1.0),
        (100, ("int8",), 0.75),
        (100, ("fp8",), 0.75),
        (100, ("int4",), 0.75),
        (6, ("int8", "int4"), 0.75),
        (2, ("int4",), 0.0),
    ],
)
def test_memory_is_worth_its_precision_and_the_room_left(memory: float, weights: tuple[str, ...], value: float) -> None:
    """16-bit weights and cache take 9 GiB."""
    hardware = Hardware.model_validate({"memory_gb": memory, "weights": weights})
    found = factors.serving_cost_fit(_gated(Scenario(longest_input=8192, hardware=hardware), Facts()))
    assert _first(found)[:2] == pytest.approx((value, value), abs=1e-4)
    assert _first(found)[2]


def test_memory_within_reach_of_the_lower_end_only_may_be_worth_nothing() -> None:
    needed = (round(2**32 * 4.156 / 8) + 2**30) / 2**30
    found = factors.serving_cost_fit(_gated(Scenario(longest_input=8192, hardware=Hardware(memory_gb=needed)), Facts()))
    low, high, known = _first(found)
    assert (low, known) == (0.0, True)
    assert high == pytest.approx(0.5, abs=1e-4)


def test_four_bit_weights_without_room_to_spare_are_worth_a_half() -> None:
    needed = (round(2**32 * 4.156 / 8) + 2**30 + 10**6) / 2**30
    found = factors.serving_cost_fit(_gated(Scenario(longest_input=8192, hardware=Hardware(memory_gb=needed)), Facts()))
    assert _first(found)[:2] == pytest.approx((0.5, 0.5), abs=1e-3)


def test_memory_that_is_not_modelled_is_an_interval() -> None:
    assert _first(factors.serving_cost_fit(_gated(Scenario(hardware=Hardware(memory_gb=9)), Facts(layers=None)))) == (0.2, 0.8, False)


@given(st.lists(st.floats(min_value=0.5, max_value=100), min_size=2, max_size=6).map(sorted))
def test_more_memory_is_never_worth_less(sizes: list[float]) -> None:
    scenarios = [Scenario(longest_input=8192, hardware=Hardware(memory_gb=size)) for size in sizes]
    values = [factors.serving_cost_fit(_gated(scenario, Facts()))[0][0] for scenario in scenarios]
    assert all(less <= more + 1e-12 for less, more in pairwise(values))


@pytest.mark.parametrize(
    ("months", "value"),
    [(0, 1.0), (6, 1.0), (9, 0.85), (12, 0.7), (18, 0.5), (24, 0.3), (30, 0.15), (36, 0.0), (60, 0.0)],
)
def test_freshness_falls_along_its_documented_points(months: float, value: float) -> None:
    today = np.datetime64("2020-01-01", "D") + np.timedelta64(round(months * 30.4375), "D")
    low, high, known = factors.freshness(_candidates(Facts(released="2020-01-01")), today)
    assert (low[0], high[0], known[0]) == (pytest.approx(value, abs=2e-3), pytest.approx(value, abs=2e-3), True)


def test_a_release_in_the_future_is_fresh() -> None:
    assert _first(factors.freshness(_candidates(Facts(released="2027-01")), TODAY)) == (1.0, 1.0, True)


def test_an_unknown_date_may_be_anything() -> None:
    assert _first(factors.freshness(_candidates(Facts(released=None)), TODAY)) == (0.0, 1.0, False)


@pytest.mark.parametrize(("partial", "day"), [("2025", "2025-01-01"), ("2025-03", "2025-03-01")])
def test_a_partial_date_counts_as_its_first_day(partial: str, day: str) -> None:
    low, _, _ = factors.freshness(_candidates(Facts("a", released=partial), Facts("b", released=day)), TODAY)
    assert low[0] == low[1]


@given(st.lists(st.dates(), min_size=2, max_size=8).map(sorted))
def test_the_younger_is_never_worth_less(days: list[object]) -> None:
    low, _, _ = factors.freshness(_candidates(*(Facts(f"m{i}", released=str(day)) for i, day in enumerate(days))), TODAY)
    assert all(np.diff(low) >= 0)


@pytest.mark.parametrize(
    ("tools", "expected"),
    [(True, (0.5, 1.0, True)), (False, (0.0, 0.0, True)), (None, (0.0, 0.8, False))],
)
def test_tool_use_is_the_template_and_what_is_not_measured(tools: bool | None, expected: tuple[float, float, bool]) -> None:  # noqa: FBT001 (a row of the table)
    assert _first(factors.tool_use(_candidates(Facts(tools=tools)))) == expected


ENGINE = Tool(
    id="engine",
    name="Engine",
    version="1",
    kind="serving",
    source="s",
    by="checkpoint",
    note="read",
    tool_parser_source="s",
    tool_parsers={"plain": ("maker/a",)},
)


def _ecosystem(naming: int, silent: int, *, read: bool = True) -> Ecosystem:
    """Return fine-tuning tools that name the checkpoint and tools that do not, and an engine with a parser for it."""
    tools = [
        Tool(
            id=f"t{index}",
            name="T",
            version="1",
            kind="tuning",
            source="s",
            by="checkpoint",
            note="read",
            checkpoints=("maker/a",) if index < naming else (),
        )
        for index in range(naming + silent)
    ]
    return Ecosystem({tool.id: tool for tool in [*tools, ENGINE]}, {"s": SOURCE}, frozenset({"a"} if read else ()))


@pytest.mark.parametrize(
    ("ecosystem", "expected"),
    [
        (Ecosystem(), (0.0, 0.7, False)),
        (_ecosystem(0, 6, read=False), (0.0, 0.7, False)),
        (_ecosystem(0, 6), (0.0, 0.0, True)),
        (_ecosystem(1, 5), (0.4, 0.4, True)),
        (_ecosystem(2, 4), (0.7, 0.7, True)),
        (_ecosystem(3, 3), (0.9, 0.9, True)),
        (_ecosystem(4, 2), (1.0, 1.0, True)),
        (_ecosystem(6, 0), (1.0, 1.0, True)),
        (_ecosystem(1, 1, read=False), (0.4, 0.7, False)),
        (_ecosystem(1, 5, read=False), (0.4, 0.9, False)),
    ],
)
def test_tuning_tools_count_and_what_was_not_read_is_an_interval(ecosystem: Ecosystem, expected: tuple[float, float, bool]) -> None:
    assert _first(factors.finetune_ecosystem(Candidates(registry_of(Facts(), ecosystem=ecosystem)))) == expected


@pytest.mark.parametrize(
    ("tools", "results", "expected"),
    [
        (True, (), (0.8, 1.0, True)),
        (True, (result("a", "bfcl_v3", 50),), (0.9, 0.9, True)),
        (True, (result("a", "tau_bench", 10), result("a", "bfcl_v3", 100)), (1.0, 1.0, True)),
        (False, (result("a", "bfcl_v3", 50),), (0.0, 0.0, True)),
        (None, (), (0.0, 0.8, False)),
    ],
)
def test_a_parser_and_a_result_raise_tool_use(
    tools: bool | None,  # noqa: FBT001 (a row of the table)
    results: tuple[Result, ...],
    expected: tuple[float, float, bool],
) -> None:
    registry = registry_of(Facts(tools=tools), results=results, ecosystem=_ecosystem(0, 0))
    assert _first(factors.tool_use(Candidates(registry))) == expected


def test_a_result_without_a_parser_counts_from_the_template() -> None:
    assert _first(factors.tool_use(_candidates(Facts(), results=(result("a", "bfcl_v3", 50),)))) == (0.75, 0.75, True)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("open", (1.0, 1.0, True)),
        ("described", (0.5, 0.5, True)),
        ("undisclosed", (0.2, 0.2, True)),
        (None, (0.2, 0.5, False)),
    ],
)
def test_openness_is_how_far_the_corpus_is_known(data: TrainingData | None, expected: tuple[float, float, bool]) -> None:
    assert _first(factors.openness(_candidates(Facts(data=data)))) == expected


@pytest.mark.parametrize(("licence", "expected"), [("free", (1.0, 1.0, True)), (None, (0.0, 0.8, False))])
def test_licence_freedom_is_the_verdict_of_the_licence(licence: str | None, expected: tuple[float, float, bool]) -> None:
    assert _first(factors.licence_freedom(_gated(Scenario(), Facts(licence=licence)))) == expected


def test_licence_freedom_depends_on_the_use() -> None:
    conditional = FREE.model_copy(update={"id": "conditional", "hosting": "conditional"})
    candidates = Candidates(registry_of(Facts(licence="conditional"), licences=(conditional,)))
    for api, expected in ((True, 0.5), (False, 1.0)):
        scenario = Scenario(use=Use(offers_model_api=api))
        assert factors.licence_freedom(apply_gates(candidates, scenario, advise(scenario)))[0][0] == expected


def test_variant_fit_is_an_interval_only_where_thinking_is_not_known() -> None:
    advice = advise(Scenario(output="label", training=TrainingPlan(plan="lora", examples=5000)))
    candidates = _candidates(Facts("a", variant="base"), Facts("b"), Facts("c", reasoning="always"), Facts("d", reasoning=None))
    low, high, known = factors.variant_fits(candidates, advice)
    assert (low.tolist(), high.tolist(), known.tolist()) == ([1.0, 0.5, 0.1, 0.1], [1.0, 0.5, 0.1, 0.5], [True] * 3 + [False])


def _values(candidates: Candidates, scenario: Scenario) -> Values:
    advice = advise(scenario)
    return factors.values(candidates, scenario, advice, apply_gates(candidates, scenario, advice), TODAY)


@pytest.mark.parametrize(
    ("scenario", "absent"),
    [
        (TRAINED, set()),
        (TRAINED.model_copy(update={"training": TrainingPlan()}), {"finetune_ecosystem"}),
        (TRAINED.model_copy(update={"languages": ()}), {"language_fit", "tokenizer_efficiency_lang"}),
        (TRAINED.model_copy(update={"evidence": ()}), {"capability_domain"}),
        (TRAINED.model_copy(update={"hardware": Hardware()}), {"serving_cost_fit"}),
    ],
)
def test_a_factor_that_cannot_tell_models_apart_is_left_out(scenario: Scenario, absent: set[str]) -> None:
    assert _values(_candidates(Facts()), scenario).factors == tuple(factor for factor in FACTORS if factor not in absent)


@pytest.mark.parametrize(
    ("checkpoint", "texts", "value"),
    [
        ("openai/gpt-oss-20b", ("zh",), 0.75),
        ("Qwen/Qwen3-8B", ("zh",), 1.0),
        ("meta-llama/Llama-2-7b-hf", ("zh",), 0.0),
        ("meta-llama/Llama-2-7b-hf", ("en",), (1.6 - 2376 / 2017) / 0.8),
        ("meta-llama/Llama-2-7b-hf", ("en", "zh"), 0.0),
    ],
)
def test_a_tokenizer_is_worth_its_tokens_against_the_reference(
    candidates: Candidates, checkpoint: str, texts: tuple[str, ...], value: float
) -> None:
    """English takes o200k 2,017 tokens and Llama 2 2,376; Chinese takes Qwen less than 0.8 times o200k's, Llama 2 more than 1.6."""
    low, high, known = factors.tokenizer_efficiency(candidates, texts)
    position = candidates.ids.index(checkpoint)
    assert (low[position], high[position], known[position]) == (pytest.approx(value), pytest.approx(value), True)


def test_a_tokenizer_that_was_not_measured_is_an_interval(candidates: Candidates) -> None:
    low, high, known = factors.tokenizer_efficiency(candidates, ("zh",))
    unmeasured = [index for index, name in enumerate(candidates.ids) if name not in candidates.registry.tokenizers.uses]
    assert unmeasured
    assert {(low[i], high[i], bool(known[i])) for i in unmeasured} == {(0.2, 0.8, False)}


def test_a_language_that_was_not_measured_leaves_every_tokenizer_unknown(candidates: Candidates) -> None:
    low, high, known = factors.tokenizer_efficiency(candidates, ("ms",))
    assert (set(low), set(high), bool(known.any())) == ({0.2}, {0.8}, False)


def test_code_is_measured_on_python() -> None:
    assert factors.texts_of(presets()["code_assistant"]) == (*presets()["code_assistant"].languages, "python")


@pytest.mark.parametrize("name", presets())
def test_every_value_of_every_checkpoint_lies_between_zero_and_one(candidates: Candidates, name: str) -> None:
    values = _values(candidates, presets()[name])
    assert values.low.shape == values.high.shape == values.known.shape == (len(candidates.ids), len(values.factors))
    assert np.all((values.low >= 0) & (values.low <= values.high) & (values.high <= 1))


def test_rows_keep_the_factors_and_choose_the_candidates() -> None:
    values = _values(_candidates(Facts("a"), Facts("b", tools=None), Facts("c")), Scenario())
    part = values.rows([1, 0])
    assert part.factors == values.factors
    assert np.array_equal(part.high, values.high[[1, 0]])
    assert np.array_equal(part.known, values.known[[1, 0]])
