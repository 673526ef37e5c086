"""KV cache and weights: published figures to the byte, and what must hold for any model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_registry.memory import BITS, GIB, kv_bytes_per_token, kv_cache_bytes, upper_end, weight_bytes
from model_registry.registry import Entry, Registry

MODELLED = "deepseek-ai/DeepSeek-V3-Base", "google/gemma-3-27b-pt", "Qwen/Qwen2.5-7B", "meta-llama/Meta-Llama-3-8B"


def entry_with(registry: Registry, **values: object) -> Entry:
    return next(entry for entry in registry.entries if all(getattr(entry.architecture, name) == value for name, value in values.items()))


@pytest.mark.parametrize(
    ("checkpoint", "bytes_a_token"),
    [
        ("deepseek-ai/DeepSeek-V3-Base", 70_272),
        ("Qwen/Qwen2.5-72B", 327_680),
        ("meta-llama/Llama-3.1-405B", 516_096),
    ],
)
def test_bytes_a_token_equal_the_published_figure(registry: Registry, checkpoint: str, bytes_a_token: int) -> None:
    """From the configs: 61 * (512 + 64) * 2; 80 * 2 * 8 * 128 * 2; 126 * 2 * 8 * 128 * 2."""
    assert kv_bytes_per_token(registry[checkpoint].architecture) == bytes_a_token


@pytest.mark.parametrize(
    ("checkpoint", "tokens", "gib"),
    [
        ("deepseek-ai/DeepSeek-V3-Base", 131_072, 8.58),
        ("google/gemma-3-27b-pt", 131_072, 10.41),
        ("Qwen/Qwen2.5-7B", 32_768, 1.75),
    ],
)
def test_the_cache_of_a_long_sequence_equals_the_published_figure(registry: Registry, checkpoint: str, tokens: int, gib: float) -> None:
    """Gemma 3 with its sliding window honoured: 10 full layers of 62."""
    cache = kv_cache_bytes(registry[checkpoint].architecture, tokens)
    assert cache is not None
    assert round(cache / GIB, 2) == gib


def test_a_window_is_honoured_once_it_is_full(registry: Registry) -> None:
    """Gemma 3 27B, from its config: 62 layers, 10 of them full; 16 KV heads of 128; window 1,024."""
    a = registry["google/gemma-3-27b-pt"].architecture
    a_vector_pair = 2 * 16 * 128 * 2
    assert kv_cache_bytes(a, 1_024) == 62 * 1_024 * a_vector_pair
    assert kv_cache_bytes(a, 2_048) == (10 * 2_048 + 52 * 1_024) * a_vector_pair
    assert kv_bytes_per_token(a) == 10 * a_vector_pair


def test_the_bytes_a_token_are_the_slope_once_every_window_is_full(registry: Registry) -> None:
    for entry in registry.entries:
        a, start, step = entry.architecture, 2**20, 7 * 128
        here, further = kv_cache_bytes(a, start), kv_cache_bytes(a, start + step)
        slope = kv_bytes_per_token(a)
        assert (here is None) == (further is None) == (slope is None)
        if here is not None and further is not None and slope is not None and (a.sliding_window or 0) < start:
            assert further - here == step * slope, entry.id


@given(tokens=st.lists(st.integers(0, 2_000_000), min_size=2, max_size=2).map(sorted), checkpoint=st.sampled_from(MODELLED))
def test_the_cache_never_shrinks_with_more_tokens(registry: Registry, tokens: list[int], checkpoint: str) -> None:
    a = registry[checkpoint].architecture
    fewer, more = kv_cache_bytes(a, tokens[0]), kv_cache_bytes(a, tokens[1])
    assert fewer is not None
    assert more is not None
    assert 0 <= fewer <= more
    assert (fewer == more) == (tokens[0] == tokens[1])


def test_an_empty_sequence_has_no_cache(registry: Registry) -> None:
    assert {kv_cache_bytes(registry[name].architecture, 0) for name in MODELLED} == {0}


@pytest.mark.parametrize(
    "change",
    [
        {"layers": None},
        {"kv_heads": None},
        {"head_dim": None},
        {"kind": "hybrid"},
        {"sliding_window": 4096},
    ],
)
def test_a_cache_that_is_not_modelled_is_none(registry: Registry, change: dict[str, object]) -> None:
    """A missing number, a hybrid or a window without its layer types: no guess."""
    a = registry["Qwen/Qwen2.5-7B"].architecture.model_copy(update=change)
    assert kv_cache_bytes(a, 1_000) is None
    assert kv_bytes_per_token(a) is None


def test_a_windowed_layer_without_its_window_is_not_modelled(registry: Registry) -> None:
    a = registry["google/gemma-3-27b-pt"].architecture.model_copy(update={"sliding_window": None})
    assert kv_cache_bytes(a, 1_000) is None


def test_a_layer_type_without_a_formula_is_not_modelled(registry: Registry) -> None:
    a = registry["deepseek-ai/DeepSeek-V4-Flash"].architecture.model_copy(update={"compressed": None})
    assert "compressed_attention" in a.layer_counts()
    assert kv_cache_bytes(a, 1_000) is None


def test_compressed_attention_keeps_a_window_and_an_entry_for_every_ratio(registry: Registry) -> None:
    """DeepSeek-V4-Flash, from its config: 43 layers, one head of 512; 21 layers of ratio 4 with index keys of 128, 20 of 128."""
    a = registry["deepseek-ai/DeepSeek-V4-Flash"].architecture
    window, fours, large = 43 * 128 * 512, 21 * 250 * (512 + 128), 20 * 8 * 512
    assert kv_cache_bytes(a, 1_000) == 2 * (window + fours + large)
    assert kv_bytes_per_token(a) == 2 * (21 * 640 // 4 + 20 * 512 // 128)


def test_layers_that_read_earlier_keys_and_values_cache_nothing(registry: Registry) -> None:
    a = registry["meta-llama/Meta-Llama-3-8B"].architecture
    shared = a.model_copy(update={"shared_kv_layers": 8})
    assert kv_bytes_per_token(shared) == 24 * 2 * 8 * 128 * 2
    assert kv_bytes_per_token(a) == 32 * 2 * 8 * 128 * 2


def test_only_layers_with_an_indexer_of_their_own_keep_index_keys(registry: Registry) -> None:
    """GLM-5.2: 78 latent layers of 512 + 64, 21 of them with an indexer of 128."""
    assert kv_bytes_per_token(registry["zai-org/GLM-5.2"].architecture) == 2 * (78 * 576 + 21 * 128)


def test_linear_layers_keep_no_token(registry: Registry) -> None:
    entry = next(
        e
        for e in registry.entries
        if {"linear_attention", "full_attention"} == set(e.architecture.layer_counts()) and not e.architecture.mla
    )
    a = entry.architecture
    assert a.kv_heads is not None
    assert a.head_dim is not None
    assert kv_bytes_per_token(a) == a.layer_counts()["full_attention"] * 2 * a.kv_heads * a.head_dim * 2


def test_weights_in_bf16_are_two_bytes_a_parameter(registry: Registry) -> None:
    entry = registry["meta-llama/Meta-Llama-3-8B"]
    assert weight_bytes(entry.architecture, 8_030_261_248, "bf16") == 2 * 8_030_261_248


def test_fewer_bits_are_fewer_bytes_for_every_model(registry: Registry) -> None:
    for entry in registry.entries:
        if (count := entry.parameters_stored) is not None:
            sizes = [weight_bytes(entry.architecture, count, precision) for precision in ("int4", "int8", "bf16")]
            assert sizes == sorted(set(sizes)), entry.id
            assert sizes[0] < weight_bytes(entry.architecture, count, "fp8") < sizes[1]


def test_embedding_and_head_stay_in_16_bits(registry: Registry) -> None:
    a = registry["meta-llama/Meta-Llama-3-8B"].architecture
    kept = 2 * 128_256 * 4_096
    assert weight_bytes(a, 8_030_261_248, "int4") == round((8_030_261_248 - kept) * BITS["int4"] / 8) + 2 * kept


def test_a_tied_head_is_counted_once(registry: Registry) -> None:
    a = registry["meta-llama/Meta-Llama-3-8B"].architecture
    tied, untied = a.model_copy(update={"tied_embeddings": True}), a
    assert weight_bytes(tied, 8_030_261_248, "int8") < weight_bytes(untied, 8_030_261_248, "int8")


def test_the_upper_end_leaves_a_quarter_and_a_gibibyte_more() -> None:
    assert upper_end(16 * GIB) == 21 * GIB


def test_an_indexer_adds_its_keys_to_the_latent(registry: Registry) -> None:
    """DeepSeek-V3.2 caches an index key of 128 beside the 512 + 64 of the latent."""
    entry = next(e for e in registry.entries if e.architecture.indexer and e.architecture.mla and e.release.release == "DeepSeek-V3.2")
    assert kv_bytes_per_token(entry.architecture) == 61 * (512 + 64 + 128) * 2
