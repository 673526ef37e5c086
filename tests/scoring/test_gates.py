"""Hard needs: each gate with its fact, unknown facts, and memory."""

from typing import Any

import numpy as np
import pytest

from model_registry.memory import Workload, serve, weights_bytes
from model_registry.parameters import Breakdown, NotModelled
from model_registry.registry import Registry
from scoring.candidates import Candidates
from scoring.errors import ScenarioError
from scoring.gates import Gate, Gated, Removal, apply_gates, capacity_bytes, fit_memory
from scoring.scenario import Hardware, Needs, Scenario, TrainingPlan, Use, WeightPrecision
from scoring.variants import advise
from tests.scoring.making import FREE, GIB, Facts, registry_of

FORBIDDING = FREE.model_copy(
    update={"id": "research", "commercial": FREE.commercial.model_copy(update={"allowed": "no", "clause": "3", "quote": "no commerce"})}
)

ACTIVATIONS = 2048 * (3 + 4) * 2
"""Bytes in flight in the narrow layers of the checkpoints made up here."""


def _gated(scenario: Scenario, *facts: Facts) -> Gated:
    candidates = Candidates(registry_of(*facts, licences=(FORBIDDING,)))
    return apply_gates(candidates, scenario, advise(scenario))


def _needs(**needs: Any) -> Scenario:  # noqa: ANN401 (any need)
    return Scenario(needs=Needs(**needs))


def _memory(memory: float, *, tokens: int = 8192, **more: Any) -> Scenario:  # noqa: ANN401 (any field of the hardware)
    return Scenario(longest_input=tokens, hardware=Hardware(memory_gb=memory, **more))


def test_a_scenario_without_needs_removes_nobody() -> None:
    gated = _gated(Scenario(), Facts())
    assert (gated.kept.tolist(), gated.failures, gated.notes) == ([True], {}, {})


FAILING: list[tuple[Scenario, Facts, Gate, str, dict[str, object], str | None]] = [
    (
        Scenario(),
        Facts(licence="research"),
        "licence",
        "non_commercial",
        {"licence": "research", "clause": "3", "quote": "no commerce", "number": 0, "detail": ""},
        "contact_licensor",
    ),
    (Scenario(languages=("fr",)), Facts(), "language", "language_undeclared", {"language": "fr"}, None),
    (
        Scenario(longest_input=65_536),
        Facts(),
        "context",
        "context_too_short",
        {"tokens": 32_768, "need": 65_536},
        "shorter_input",
    ),
    (
        Scenario(output="label", training=TrainingPlan(plan="lora", examples=5000)),
        Facts(base_published=False),
        "base_published",
        "base_not_published",
        {},
        "start_from_instruct",
    ),
    (_needs(tools=True), Facts(tools=False), "tools", "no_tools", {}, "drop_tools"),
    (_needs(image=True), Facts(image=False), "image", "no_image", {}, "drop_image"),
    (_needs(fill_in_middle=True), Facts(), "fill_in_middle", "no_fill_in_middle", {}, "drop_fill_in_middle"),
    (_needs(training_data_open=True), Facts(), "training_data_open", "no_training_data_open", {}, "drop_training_data_open"),
    (
        _needs(training_data_open=True),
        Facts(data="described"),
        "training_data_open",
        "no_training_data_open",
        {},
        "drop_training_data_open",
    ),
    (_needs(reasoning=True), Facts(), "reasoning", "no_reasoning", {}, "drop_reasoning"),
    (_needs(reasoning=False), Facts(reasoning="always"), "reasoning", "no_reasoning", {}, "drop_reasoning"),
    (
        _needs(maximum_parameters=10**9),
        Facts(),
        "maximum_parameters",
        "too_many_parameters",
        {"parameters": 2**32},
        "drop_maximum_parameters",
    ),
]


@pytest.mark.parametrize(("scenario", "facts", "gate", "fact", "values", "fix"), FAILING)
def test_a_gate_removes_with_its_fact_its_values_and_the_nearest_fix(  # noqa: PLR0913, PLR0917 (the columns of the table)
    scenario: Scenario, facts: Facts, gate: Gate, fact: str, values: dict[str, str | int | float], fix: str | None
) -> None:
    gated = _gated(scenario, facts)
    assert gated.removals == (Removal("maker/a", gate, fact, values, fix),)
    assert gated.kept.tolist() == [False]


PASSING = [
    (Scenario(use=Use(kind="research")), Facts(licence="research")),
    (Scenario(languages=("en", "zh")), Facts()),
    (Scenario(longest_input=32_768), Facts()),
    (Scenario(output="label", training=TrainingPlan(plan="lora", examples=5000)), Facts()),
    (Scenario(), Facts(base_published=False)),
    (_needs(tools=True), Facts()),
    (_needs(image=True), Facts(image=True)),
    (_needs(fill_in_middle=True), Facts(fill_in_middle=True)),
    (_needs(training_data_open=True), Facts(data="open")),
    (_needs(reasoning=True), Facts(reasoning="always")),
    (_needs(reasoning=True), Facts(reasoning="switchable")),
    (_needs(reasoning=False), Facts(reasoning="switchable")),
    (_needs(reasoning=False), Facts()),
    (_needs(maximum_parameters=2**32), Facts()),
]


@pytest.mark.parametrize(("scenario", "facts"), PASSING)
def test_who_meets_the_need_stays_without_a_note(scenario: Scenario, facts: Facts) -> None:
    gated = _gated(scenario, facts)
    assert (gated.kept.tolist(), gated.notes) == ([True], {})


UNKNOWN = [
    (Scenario(), Facts(licence=None), "licence_unknown"),
    (Scenario(languages=("fr",)), Facts(complete=False), "language_unknown"),
    (Scenario(languages=("fr",)), Facts(codes=None), "language_unknown"),
    (Scenario(), Facts(trained=None, advertised=None), "context_unknown"),
    (_memory(1), Facts(parameters=None), "memory_unknown"),
    (_memory(12), Facts(layers=None), "memory_unknown"),
    (Scenario(output="label", training=TrainingPlan(plan="lora", examples=5000)), Facts(base_published=None), "base_unknown"),
    (_needs(tools=True), Facts(tools=None), "tools_unknown"),
    (_needs(image=True), Facts(image=None), "image_unknown"),
    (_needs(fill_in_middle=True), Facts(fill_in_middle=None), "fill_in_middle_unknown"),
    (_needs(training_data_open=True), Facts(data=None), "training_data_open_unknown"),
    (_needs(maximum_parameters=1), Facts(parameters=None), "maximum_parameters_unknown"),
]


@pytest.mark.parametrize(("scenario", "facts", "note"), UNKNOWN)
def test_an_unknown_fact_never_removes_and_leaves_a_note(scenario: Scenario, facts: Facts, note: str) -> None:
    gated = _gated(scenario, facts)
    assert (gated.kept.tolist(), gated.notes) == ([True], {"maker/a": (note,)})


@pytest.mark.parametrize(("scenario", "facts", "note"), [row for row in UNKNOWN if row[2] not in {"licence_unknown", "context_unknown"}])
def test_an_unknown_fact_that_nobody_asked_for_leaves_no_note(scenario: Scenario, facts: Facts, note: str) -> None:
    assert note not in _gated(Scenario(), facts).notes.get("maker/a", ())
    assert note in _gated(scenario, facts).notes["maker/a"]


def test_every_need_that_fails_is_listed_and_the_first_one_is_reported() -> None:
    scenario = Scenario(languages=("fr", "de"), longest_input=65_536, needs=Needs(image=True))
    gated = _gated(scenario, Facts(licence="research"))
    facts = [removal.fact for removal in gated.failures["maker/a"]]
    assert facts == ["non_commercial", "language_undeclared", "language_undeclared", "context_too_short", "no_image"]
    assert [removal.gate for removal in gated.removals] == ["licence"]


def test_each_candidate_is_judged_by_its_own_facts() -> None:
    gated = _gated(_needs(image=True), Facts("a"), Facts("b", image=True), Facts("c", image=None))
    assert gated.kept.tolist() == [False, True, True]
    assert (list(gated.failures), gated.notes) == (["maker/a"], {"maker/c": ("image_unknown",)})


@pytest.mark.parametrize(
    ("facts", "tokens"),
    [
        (Facts(trained=4096, config=8192, advertised=16_384), 16_384),
        (Facts(trained=4096, config=8192, advertised=None), 8192),
        (Facts(trained=4096, advertised=None), 4096),
    ],
)
def test_the_longest_promised_context_counts(facts: Facts, tokens: int) -> None:
    assert _gated(Scenario(longest_input=tokens), facts).kept.tolist() == [True]
    assert _gated(Scenario(longest_input=tokens + 1), facts).kept.tolist() == [False]


@pytest.mark.parametrize(
    ("hardware", "expected"),
    [
        (Hardware(), None),
        (Hardware(count=4), None),
        (Hardware(memory_gb=1.5), 1.5 * GIB),
        (Hardware(memory_gb=24, count=2), 48 * GIB),
        (Hardware(device="card-12"), 12 * GIB),
        (Hardware(device="card-12", count=8), 96 * GIB),
        (Hardware(device="card-exact"), 12 * GIB - 1),
    ],
)
def test_the_capacity_is_that_of_the_device_or_of_the_plain_memory(hardware: Hardware, expected: float | None) -> None:
    assert capacity_bytes(registry_of(Facts()), hardware) == expected


def test_an_unknown_device_is_refused_with_the_nearest_ones(registry: Registry) -> None:
    with pytest.raises(ScenarioError) as caught:
        capacity_bytes(registry, Hardware(device="rtx4090"))
    assert str(caught.value).startswith("hardware.device: no such device (got 'rtx4090'); try rtx-4090")


def test_a_device_like_no_other_is_answered_with_the_way_out(registry: Registry) -> None:
    with pytest.raises(ScenarioError, match="try memory_gb instead"):
        capacity_bytes(registry, Hardware(device="§§§§"))


@pytest.mark.parametrize(
    ("memory", "precision"),
    [(100, "bf16"), (9.01, "bf16"), (8.99, "int8"), (5.1, "int8"), (5.09, "int4"), (3.0, "int4")],
)
def test_the_best_precision_that_fits_is_taken(memory: float, precision: str) -> None:
    """8 GiB in bf16, 4.094 in int8, 2.078 in int4, and 1 GiB of KV cache; less three per cent may do for the smallest."""
    fit = fit_memory(Candidates(registry_of(Facts())), _memory(memory))
    assert (fit.fits.tolist(), fit.precision) == ([True], [precision])


def test_below_the_smallest_precision_nothing_fits() -> None:
    gated = _gated(_memory(2.98), Facts())
    expected = Removal(
        "maker/a",
        "memory",
        "too_large",
        {"needed_bytes": round(2**32 * 4.156 / 8) + GIB + ACTIVATIONS, "capacity_bytes": 2.98 * GIB, "precision": "int4"},
        "more_devices",
    )
    assert gated.removals == (expected,)


def test_precisions_that_are_not_acceptable_are_not_tried() -> None:
    gated = _gated(_memory(8, weights=("bf16",)), Facts())
    assert (gated.removals[0].values["precision"], gated.removals[0].fix) == ("bf16", "int4")


def test_the_order_of_the_acceptable_precisions_does_not_matter() -> None:
    fit = fit_memory(Candidates(registry_of(Facts())), _memory(100, weights=("int4", "int8", "bf16")))
    assert fit.precision == ["bf16"]


def test_the_cache_grows_with_the_requests_at_once() -> None:
    one, four = (fit_memory(Candidates(registry_of(Facts())), _memory(100, batch=batch)).low_bytes[0] for batch in (1, 4))
    assert four - one == pytest.approx(0.97 * 3 * GIB)


def test_memory_without_a_limit_fits_everything_at_the_best_precision() -> None:
    fit = fit_memory(Candidates(registry_of(Facts(parameters=10**13), Facts("b", layers=None))), Scenario())
    assert (fit.capacity_bytes, fit.fits.tolist(), fit.precision) == (None, [True, True], ["bf16", None])


def test_weights_that_are_too_large_remove_even_where_the_cache_is_unknown() -> None:
    gated = _gated(_memory(2), Facts(layers=None))
    assert (gated.removals[0].fact, gated.removals[0].values["needed_bytes"]) == ("too_large", round(2**32 * 4.156 / 8))


def test_a_cache_that_is_unknown_leaves_a_note_where_the_weights_would_fit() -> None:
    fit = fit_memory(Candidates(registry_of(Facts(layers=None))), _memory(3))
    assert (fit.unknown.tolist(), fit.fits.tolist(), fit.precision) == ([True], [True], [None])


def test_every_real_checkpoint_that_is_kept_fits_or_is_noted(candidates: Candidates) -> None:
    scenario = Scenario(longest_input=8192, hardware=Hardware(device="rtx-4090"))
    gated = apply_gates(candidates, scenario, advise(scenario))
    for index in np.flatnonzero(gated.kept).tolist():
        fits = gated.memory.low_bytes[index] <= 24 * GIB
        assert fits or "memory_unknown" in gated.notes[candidates.ids[index]]


def test_weights_follow_the_memory_formula(candidates: Candidates) -> None:
    entry = candidates.registry["Qwen/Qwen3-8B"]
    assert isinstance(entry.breakdown, Breakdown)
    assert candidates.weights_bytes("int4")[candidates.ids.index(entry.id)] == weights_bytes(entry.breakdown, "int4")


@pytest.mark.parametrize(("tokens", "batch", "count", "precision"), [(8_192, 1, 1, "bf16"), (300, 3, 2, "fp8"), (100_000, 16, 8, "int4")])
def test_all_at_once_is_the_same_as_one_by_one(
    candidates: Candidates, tokens: int, batch: int, count: int, precision: WeightPrecision
) -> None:
    """The arrays of scoring and the sums of the registry give the same bytes, and refuse the same checkpoints."""
    hardware = Hardware(memory_gb=24, count=count, batch=batch, weights=(precision,))
    fit = fit_memory(candidates, Scenario(longest_input=tokens, hardware=hardware))
    for index, entry in enumerate(candidates.entries):
        one = serve(entry, Workload(tokens, batch, precision, devices=count))
        if isinstance(one, NotModelled):
            assert np.isnan(fit.formula_bytes[index]), entry.id
        else:
            for mine, theirs in ((fit.low_bytes, one.low_bytes), (fit.formula_bytes, one.total_bytes), (fit.high_bytes, one.high_bytes)):
                assert mine[index] == pytest.approx(count * theirs, rel=1e-9, abs=10 * count), entry.id
