"""Bytes to fine-tune: each part by hand for Llama 3 8B, and what must hold for any model."""

from dataclasses import replace
from typing import Literal, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_registry.memory import COMMUNICATION_BYTES, GIB
from model_registry.parameters import Breakdown, NotModelled
from model_registry.registry import Entry, Registry
from model_registry.training_memory import TUNING_PARTS, Training, Tuning, tune

LLAMA = "meta-llama/Meta-Llama-3-8B"
TOTAL, HIDDEN, MLP, LAYERS, ROWS = 8_030_261_248, 4_096, 14_336, 32, 128_256
"""Llama 3 8B, from its config."""
MATRICES = LAYERS * (2 * HIDDEN * HIDDEN + 2 * HIDDEN * 1_024 + 3 * HIDDEN * MLP)
FULL, LORA, QLORA = (Training(method, sequence=2_048) for method in ("full", "lora", "qlora"))

Stage: TypeAlias = Literal[0, 1, 2, 3]
NEXT_STAGE: dict[Stage, Stage] = {0: 1, 1: 2, 2: 3}


def tuned(entry: Entry, plan: Training) -> Tuning:
    found = tune(entry, plan)
    assert isinstance(found, Tuning), f"{entry.id}: {found}"
    return found


@pytest.fixture(scope="module")
def tunable(registry: Registry) -> list[Entry]:
    """Return the checkpoints that are modelled to the end."""
    return [entry for entry in registry.entries if isinstance(tune(entry, LORA), Tuning)]


def test_full_fine_tuning_keeps_18_bytes_a_parameter(registry: Registry) -> None:
    """Weights in 16 bits, gradients in 32, master copy and two moments in 32 (arXiv 1910.02054)."""
    found = tuned(registry[LLAMA], FULL)
    assert (found.weights_bytes, found.gradient_bytes, found.optimiser_bytes) == (2 * TOTAL, 4 * TOTAL, 12 * TOTAL)
    assert found.weights_bytes + found.gradient_bytes + found.optimiser_bytes == 18 * TOTAL
    assert (found.adapter_bytes, found.trainable_parameters) == (0, TOTAL)


@pytest.mark.parametrize(("stage", "bytes_a_parameter"), [(0, 18), (1, 2 + 4 + 12 / 8), (2, 2 + (4 + 12) / 8), (3, 18 / 8)])
def test_each_stage_of_zero_shares_one_thing_more(registry: Registry, stage: Stage, bytes_a_parameter: float) -> None:
    """On eight devices; Llama's total is divisible by eight."""
    plan = replace(FULL, zero=stage, devices=8)
    found = tuned(registry[LLAMA], plan)
    assert found.weights_bytes + found.gradient_bytes + found.optimiser_bytes == bytes_a_parameter * TOTAL
    assert found.communication_bytes == COMMUNICATION_BYTES


def test_activations_are_not_shared_between_devices(registry: Registry) -> None:
    alone, shared = tuned(registry[LLAMA], FULL), tuned(registry[LLAMA], replace(FULL, zero=3, devices=8))
    assert (alone.activation_bytes, alone.logits_bytes) == (shared.activation_bytes, shared.logits_bytes)
    assert alone.communication_bytes == 0


@pytest.mark.parametrize(("sequence", "batch"), [(2_048, 1), (1_024, 4), (8_192, 2)])
def test_checkpointing_keeps_the_inputs_of_the_layers_and_one_layer(registry: Registry, sequence: int, batch: int) -> None:
    """A layer with a gated MLP keeps 22 bytes a hidden unit and 8 a unit of the MLP."""
    one_layer = 22 * HIDDEN + 8 * MLP
    plan = replace(LORA, sequence=sequence, batch=batch)
    assert tuned(registry[LLAMA], plan).activation_bytes == sequence * batch * (2 * LAYERS * HIDDEN + one_layer)
    assert tuned(registry[LLAMA], replace(plan, checkpointing=False)).activation_bytes == sequence * batch * LAYERS * one_layer


def test_a_mixture_keeps_the_experts_that_a_token_uses(registry: Registry) -> None:
    """Qwen3-30B-A3B, from its config: 48 layers, hidden 2,048, eight experts of 768 a token."""
    kept = 2 * 48 * 2_048 + 22 * 2_048 + 8 * 8 * 768
    assert tuned(registry["Qwen/Qwen3-30B-A3B"], LORA).activation_bytes == 2_048 * kept


def test_an_mlp_without_a_gate_keeps_less(registry: Registry) -> None:
    """Pythia-1B, from its config: 16 layers, hidden 2,048, MLP 8,192, GELU."""
    kept = 2 * 16 * 2_048 + 16 * 2_048 + 4 * 8_192
    assert tuned(registry["EleutherAI/pythia-1b"], LORA).activation_bytes == 2_048 * kept


def test_a_fused_loss_drops_sixteen_bytes_a_token_and_row(registry: Registry) -> None:
    plain, fused = tuned(registry[LLAMA], LORA), tuned(registry[LLAMA], replace(LORA, fused_loss=True))
    assert plain.logits_bytes == 2_048 * 16 * ROWS
    assert plain.total_bytes - fused.total_bytes == 2_048 * 16 * ROWS
    assert fused.logits_bytes == 0


def test_lora_keeps_frozen_weights_and_16_bytes_an_adapter_parameter(registry: Registry) -> None:
    """Rank 16 on every matrix of Llama 3 8B: 41,943,040 parameters."""
    found = tuned(registry[LLAMA], LORA)
    assert (found.weights_bytes, found.gradient_bytes, found.optimiser_bytes) == (2 * TOTAL, 0, 0)
    assert (found.trainable_parameters, found.adapter_bytes) == (41_943_040, 16 * 41_943_040)
    fewer = tuned(registry[LLAMA], replace(LORA, targets="query_value", rank=8))
    assert fewer.trainable_parameters == 6_815_744 // 2


def test_qlora_keeps_the_matrices_in_nf4_and_the_rest_in_16_bits(registry: Registry) -> None:
    """4.5 bits a weight, 4.127 with double quantisation (arXiv 2305.14314), which only the lower end expects."""
    found = tuned(registry[LLAMA], QLORA)
    assert found.weights_bytes == round(MATRICES * 4.5 / 8) + 2 * (TOTAL - MATRICES)
    assert found.saved_bytes == round(MATRICES * (4.5 - 4.127) / 8) + 2_048 * 6 * ROWS
    assert found.low_bytes == round(0.93 * (found.total_bytes - found.saved_bytes))
    assert tuned(registry[LLAMA], LORA).saved_bytes == 2_048 * 6 * ROWS
    assert tuned(registry[LLAMA], replace(LORA, fused_loss=True)).saved_bytes == 0


def test_the_formula_adds_up_its_parts_and_the_range_stands_round_it(registry: Registry) -> None:
    found = tuned(registry[LLAMA], LORA)
    assert found.total_bytes == sum(vars(found)[f"{part}_bytes"] for part in TUNING_PARTS)
    assert {f"{part}_bytes" for part in TUNING_PARTS} == {name for name in vars(found) if name.endswith("_bytes")} - {"saved_bytes"}
    assert found.low_bytes == round(0.93 * (found.total_bytes - 2_048 * 6 * ROWS))
    passes = found.activation_bytes + found.logits_bytes
    assert found.high_bytes == round(1.3 * (found.total_bytes - passes) + 2.5 * passes + 2 * GIB)


def test_qlora_needs_less_than_lora_and_lora_less_than_all(tunable: list[Entry]) -> None:
    assert len(tunable) >= 700
    for entry in tunable:
        small, middle, large = (tuned(entry, plan).total_bytes for plan in (QLORA, LORA, FULL))
        assert small < middle < large, entry.id


def test_a_vision_tower_is_there_in_16_bits_whatever_the_method(registry: Registry) -> None:
    """Devstral Small 2, from its stored count: 438,958,080 parameters beside the language model."""
    entry = registry["mistralai/Devstral-Small-2-24B-Instruct-2512"]
    assert {tuned(entry, plan).vision_bytes for plan in (FULL, LORA, QLORA)} == {2 * 438_958_080}
    assert tuned(entry, replace(QLORA, zero=3, devices=4)).vision_bytes == 438_958_080 // 2


@pytest.mark.parametrize("plan", [FULL, LORA, QLORA], ids=lambda plan: plan.method)
def test_what_is_not_modelled_is_refused_with_its_name(registry: Registry, plan: Training) -> None:
    assert tune(registry["moonshotai/Kimi-K3"], plan) == NotModelled("no formula for model_type kimi_k3")
    assert tune(registry["facebook/opt-350m"], plan) == NotModelled("tied_embeddings is not known")


def test_whatever_is_counted_can_be_tuned(registry: Registry, tunable: list[Entry]) -> None:
    counted = {entry.id for entry in registry.entries if isinstance(entry.breakdown, Breakdown)}
    assert {entry.id for entry in tunable} == counted


plans = st.builds(
    Training,
    method=st.sampled_from(["full", "lora", "qlora"]),
    sequence=st.integers(1, 100_000),
    batch=st.integers(1, 64),
    rank=st.integers(1, 256),
    targets=st.sampled_from(["query_value", "attention", "all"]),
    checkpointing=st.booleans(),
    fused_loss=st.booleans(),
    zero=st.sampled_from([0, 1, 2]),
    devices=st.integers(1, 64),
)


@given(data=st.data(), plan=plans)
def test_the_formula_lies_inside_its_range(tunable: list[Entry], data: st.DataObject, plan: Training) -> None:
    found = tuned(data.draw(st.sampled_from(tunable)), plan)
    assert 0 < found.low_bytes <= found.total_bytes <= found.high_bytes


@given(data=st.data(), plan=plans, more=st.integers(1, 64))
def test_sharing_more_never_needs_more_each_but_for_the_buffers(
    tunable: list[Entry], data: st.DataObject, plan: Training, more: int
) -> None:
    entry = data.draw(st.sampled_from(tunable))
    here = tuned(entry, plan)
    for changed in (replace(plan, zero=NEXT_STAGE[plan.zero]), replace(plan, devices=plan.devices + more)):
        further = tuned(entry, changed)
        assert further.total_bytes - further.communication_bytes <= here.total_bytes - here.communication_bytes


@given(data=st.data(), plan=plans, more=st.integers(1, 64))
def test_longer_sequences_larger_batches_and_ranks_never_need_less(
    tunable: list[Entry], data: st.DataObject, plan: Training, more: int
) -> None:
    entry = data.draw(st.sampled_from(tunable))
    here = tuned(entry, plan)
    for grown in (
        replace(plan, sequence=plan.sequence + more),
        replace(plan, batch=plan.batch + more),
        replace(plan, rank=plan.rank + more),
        replace(plan, checkpointing=False),
    ):
        assert tuned(entry, grown).total_bytes >= here.total_bytes
