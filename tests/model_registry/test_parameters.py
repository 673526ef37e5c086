"""What the architecture says about the parameter count."""

import pytest

from model_registry.load import ALLOWED_GAP
from model_registry.parameters import active_parameters, matrix_parameters, unexplained_share
from model_registry.registry import Registry

LLAMA = "meta-llama/Meta-Llama-3-8B"


def test_the_matrices_of_llama_3_8b_leave_only_the_norms(registry: Registry) -> None:
    """8,030,261,248 in all; two norms a layer and the last one are 65 vectors of 4,096."""
    assert matrix_parameters(registry[LLAMA].architecture) == 8_030_261_248 - 65 * 4_096


def test_the_matrices_of_deepseek_v3_leave_less_than_a_hundred_thousandth(registry: Registry) -> None:
    """671,026,419,200 parameters without the prediction layer, 256 routed experts in 58 layers, latent attention."""
    entry = registry["deepseek-ai/DeepSeek-V3-Base"]
    share = unexplained_share(entry.architecture, entry.parameters.total)
    assert share is not None
    assert 0 < share < 1e-5


@pytest.mark.parametrize(
    ("checkpoint", "billions"),
    [("deepseek-ai/DeepSeek-V3-Base", 37.55), ("moonshotai/Kimi-K2-Base", 32.86), ("Qwen/Qwen3-235B-A22B", 22.19)],
)
def test_active_parameters_equal_the_published_figure(registry: Registry, checkpoint: str, billions: float) -> None:
    """The vendors round to 37B, 32B and 22B (A22B); input embedding included."""
    entry = registry[checkpoint]
    active = active_parameters(entry.architecture, entry.parameters.total)
    assert active is not None
    assert round(active / 1e9, 2) == billions


def test_a_dense_model_uses_all_its_parameters(registry: Registry) -> None:
    dense = [entry for entry in registry.entries if entry.architecture.kind == "dense"]
    assert dense
    assert all(active_parameters(entry.architecture, entry.parameters.total) == entry.parameters.total for entry in dense)


def test_a_mixture_uses_a_part_of_its_parameters(registry: Registry) -> None:
    for entry in registry.entries:
        active, total = active_parameters(entry.architecture, entry.parameters.total), entry.parameters.total
        if entry.architecture.moe and active is not None and total is not None:
            assert 0 < active < total, entry.id


def test_every_modelled_entry_is_explained_within_the_allowed_share(registry: Registry) -> None:
    shares = {entry.id: unexplained_share(entry.architecture, entry.parameters.total) for entry in registry.entries}
    modelled = {name: share for name, share in shares.items() if share is not None}
    assert len(modelled) >= 200
    assert {name: share for name, share in modelled.items() if not 0 <= share <= ALLOWED_GAP} == {}


@pytest.mark.parametrize(
    "field",
    [
        "layers",
        "hidden_size",
        "intermediate_size",
        "attention_heads",
        "kv_heads",
        "head_dim",
        "activation",
        "tied_embeddings",
        "embedding_rows",
    ],
)
def test_a_missing_number_leaves_the_count_unknown(registry: Registry, field: str) -> None:
    a = registry[LLAMA].architecture.model_copy(update={field: None})
    assert matrix_parameters(a) is None
    assert unexplained_share(a, 8_030_261_248) is None


@pytest.mark.parametrize("field", ["layers", "intermediate_size", "shared"])
def test_a_missing_number_of_the_experts_leaves_the_count_unknown(registry: Registry, field: str) -> None:
    a = registry["deepseek-ai/DeepSeek-V3-Base"].architecture
    assert a.moe is not None
    assert matrix_parameters(a.model_copy(update={"moe": a.moe.model_copy(update={field: None})})) is None


def test_an_unknown_total_has_no_active_part_and_no_share(registry: Registry) -> None:
    a = registry[LLAMA].architecture
    assert active_parameters(a, None) is None
    assert unexplained_share(a, None) is None


def test_layers_without_a_formula_leave_the_count_unknown(registry: Registry) -> None:
    other = [e for e in registry.entries if set(e.architecture.layer_counts()) & {"linear_attention", "mamba", "compressed_attention"}]
    assert other
    assert {matrix_parameters(entry.architecture) for entry in other} == {None}


def test_a_plain_mlp_has_two_matrices_and_a_gated_one_three(registry: Registry) -> None:
    a = registry[LLAMA].architecture
    gated, plain = matrix_parameters(a), matrix_parameters(a.model_copy(update={"activation": "GELU"}))
    assert gated is not None
    assert plain is not None
    assert gated - plain == 32 * 4_096 * 14_336


def test_a_tied_head_is_counted_once(registry: Registry) -> None:
    a = registry[LLAMA].architecture
    untied, tied = matrix_parameters(a), matrix_parameters(a.model_copy(update={"tied_embeddings": True}))
    assert untied is not None
    assert tied is not None
    assert untied - tied == 128_256 * 4_096
