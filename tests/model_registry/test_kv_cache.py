"""KV cache and constant state: published figures to the byte, hand-computed ones from configs, and a second implementation."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kvfit import UnsupportedArchitecture, estimate_cache  # type: ignore[import-untyped]  # carries no types

from model_registry.kv_cache import Cache, CacheTerm, cache_of
from model_registry.layer_parameters import layer_sequence
from model_registry.memory import GIB
from model_registry.parameters import NotModelled
from model_registry.registry import Entry, Registry
from tools.transformers_config import config_of

LLAMA, DEEPSEEK, GEMMA, FLASH = (
    "meta-llama/Meta-Llama-3-8B",
    "deepseek-ai/DeepSeek-V3-Base",
    "google/gemma-3-27b-pt",
    "deepseek-ai/DeepSeek-V4-Flash",
)
MODELLED = DEEPSEEK, GEMMA, "Qwen/Qwen2.5-7B", LLAMA, FLASH
MAMBA_MARKS = {"mamba": "M", "full_attention": "*", "experts": "E", "mlp": "-"}
TOKEN_COUNTS = (1, 127, 1_000, 4_097, 131_072)


def cache(registry: Registry, checkpoint: str) -> Cache:
    found = registry[checkpoint].cache
    assert isinstance(found, Cache), f"{checkpoint}: {found}"
    return found


def changed(registry: Registry, checkpoint: str, **update: object) -> Cache | NotModelled:
    entry = registry[checkpoint]
    return cache_of(entry.architecture.model_copy(update=update), entry.wiring)


def modelled(registry: Registry) -> list[tuple[Entry, Cache]]:
    return [(entry, entry.cache) for entry in registry.entries if isinstance(entry.cache, Cache)]


@pytest.mark.parametrize(
    ("checkpoint", "bytes_a_token"),
    [(DEEPSEEK, 70_272), ("Qwen/Qwen2.5-72B", 327_680), ("meta-llama/Llama-3.1-405B", 516_096)],
)
def test_bytes_a_token_equal_the_published_figure(registry: Registry, checkpoint: str, bytes_a_token: int) -> None:
    """From the configs: 61 * (512 + 64) * 2; 80 * 2 * 8 * 128 * 2; 126 * 2 * 8 * 128 * 2."""
    assert cache(registry, checkpoint).bytes_per_token == bytes_a_token
    assert cache(registry, checkpoint).kv_bytes(1_000) == 1_000 * bytes_a_token


@pytest.mark.parametrize(
    ("checkpoint", "tokens", "gib"), [(DEEPSEEK, 131_072, 8.58), (GEMMA, 131_072, 10.41), ("Qwen/Qwen2.5-7B", 32_768, 1.75)]
)
def test_the_cache_of_a_long_sequence_equals_the_published_figure(registry: Registry, checkpoint: str, tokens: int, gib: float) -> None:
    """Gemma 3 with its sliding window honoured: 10 full layers of 62."""
    assert round(cache(registry, checkpoint).kv_bytes(tokens) / GIB, 2) == gib


def test_a_runtime_that_ignores_the_window_keeps_six_times_as_much(registry: Registry) -> None:
    """Gemma 3 27B: 62 layers of 2 * 16 * 128 in 16 bits are 8 KiB a token and layer, so 1 GiB a layer at 131,072 tokens."""
    assert cache(registry, GEMMA).kv_bytes(131_072, windows=False) == 62 * GIB
    assert cache(registry, GEMMA).kv_bytes(131_072) == 10 * GIB + 52 * 1_024 * 8_192


def test_a_window_is_honoured_once_it_is_full(registry: Registry) -> None:
    """Gemma 3 27B, from its config: 62 layers, 10 of them full; 16 KV heads of 128; window 1,024."""
    found, a_vector_pair = cache(registry, GEMMA), 2 * 16 * 128 * 2
    assert found.kv_bytes(1_024) == 62 * 1_024 * a_vector_pair
    assert found.kv_bytes(2_048) == (10 * 2_048 + 52 * 1_024) * a_vector_pair
    assert found.bytes_per_token == 10 * a_vector_pair
    assert (found.windowed, cache(registry, LLAMA).windowed) == (True, False)


def test_a_model_whose_layers_are_all_windowed_stops_growing(registry: Registry) -> None:
    """StarCoder2 3B, from its config: 30 layers, 2 KV heads of 128, window 4,096."""
    found = cache(registry, "bigcode/starcoder2-3b")
    assert found.bytes_per_token == 0
    assert found.kv_bytes(16_384) == found.kv_bytes(4_096) == 30 * 4_096 * 2 * 2 * 128 * 2


def test_the_bytes_a_token_are_the_slope_once_every_window_is_full(registry: Registry) -> None:
    start, step = 2**20, 7 * 128
    for entry, found in modelled(registry):
        assert (entry.architecture.sliding_window or 0) < start
        assert found.kv_bytes(start + step) - found.kv_bytes(start) == step * found.bytes_per_token, entry.id


def test_an_empty_sequence_has_no_cache(registry: Registry) -> None:
    assert {found.kv_bytes(0) for _, found in modelled(registry)} == {0}


def test_an_entry_that_stands_for_several_tokens_is_kept_from_its_first_token_on() -> None:
    term = CacheTerm(elements=10, ratio=4, window=3)
    assert [term.kept(tokens) for tokens in (0, 1, 4, 5, 8, 9, 100)] == [0, 1, 1, 2, 2, 3, 3]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"layers": None}, "layers is not known"),
        ({"kv_heads": None}, "kv_heads is not known"),
        ({"head_dim": None}, "head_dim is not known"),
        ({"kind": "hybrid"}, "layer_types is not known"),
        ({"attention": "hybrid"}, "layer_types is not known"),
        ({"sliding_window": 4096}, "layer_types is not known"),
    ],
)
def test_a_cache_that_is_not_modelled_names_what_is_missing(registry: Registry, change: dict[str, object], reason: str) -> None:
    """A missing number, a hybrid or a window without its layer types: no guess."""
    assert changed(registry, "Qwen/Qwen2.5-7B", **change) == NotModelled(reason)


def test_a_windowed_layer_without_its_window_is_not_modelled(registry: Registry) -> None:
    assert changed(registry, GEMMA, sliding_window=None) == NotModelled("sliding_window is not known")


def test_a_layer_type_without_a_formula_is_refused_by_name(registry: Registry) -> None:
    assert changed(registry, FLASH, compressed=None) == NotModelled("no cache formula for compressed_attention layers")


def test_every_refusal_of_the_registry_is_a_sentence_that_names_a_field_or_type(registry: Registry) -> None:
    refused = {entry.id: entry.cache.reason for entry in registry.entries if isinstance(entry.cache, NotModelled)}
    assert refused["mistralai/Mistral-Large-4-1T-A52B"] == "no formula for model_type mistral_large4"
    assert all(reason.endswith(" is not known") or reason.startswith("no formula for model_type ") for reason in refused.values())


def test_compressed_attention_keeps_a_window_and_an_entry_for_every_ratio(registry: Registry) -> None:
    """DeepSeek-V4-Flash, from its config: 43 layers, one head of 512; 21 layers of ratio 4 with index keys of 128, 20 of 128."""
    window, fours, large = 43 * 128 * 512, 21 * 250 * (512 + 128), 20 * 8 * 512
    assert cache(registry, FLASH).kv_bytes(1_000) == 2 * (window + fours + large)
    assert cache(registry, FLASH).bytes_per_token == 2 * (21 * 640 // 4 + 20 * 512 // 128)


def test_compressed_layers_without_the_window_held_keep_every_key_once_more(registry: Registry) -> None:
    more = cache(registry, FLASH).kv_bytes(1_000, windows=False) - cache(registry, FLASH).kv_bytes(1_000)
    assert more == 43 * (1_000 - 128) * 512 * 2


def test_an_indexer_adds_its_keys_to_the_latent(registry: Registry) -> None:
    """DeepSeek-V3.2, from its config: 61 layers, an index key of 128 beside the 512 + 64 of the latent."""
    assert cache(registry, "deepseek-ai/DeepSeek-V3.2").bytes_per_token == 61 * (512 + 64 + 128) * 2


def test_only_layers_with_an_indexer_of_their_own_keep_index_keys(registry: Registry) -> None:
    """GLM-5.2: 78 latent layers of 512 + 64, 21 of them with an indexer of 128."""
    assert cache(registry, "zai-org/GLM-5.2").bytes_per_token == 2 * (78 * 576 + 21 * 128)


def test_only_sparse_layers_keep_index_keys_and_keep_every_token_beside_them(registry: Registry) -> None:
    """MiniMax-M3, from its config: 60 layers, 57 sparse; 4 KV heads of 128, one index key of 128 for the four index heads."""
    assert cache(registry, "MiniMaxAI/MiniMax-M3").bytes_per_token == 2 * (60 * 2 * 4 * 128 + 57 * 128)


@pytest.mark.parametrize(
    ("checkpoint", "full", "sliding", "window"),
    [
        ("google/gemma-3n-E4B", 4 * 2 * 2 * 256, 16 * 2 * 2 * 256, 512),
        ("google/gemma-3n-E2B", 4 * 2 * 2 * 256, 16 * 2 * 2 * 256, 512),
        ("google/gemma-4-E2B", 3 * 2 * 1 * 512, 12 * 2 * 1 * 256, 512),
        ("google/gemma-4-E4B", 4 * 2 * 2 * 512, 20 * 2 * 2 * 256, 512),
        ("google/gemma-4-31B", 10 * 2 * 4 * 512, 50 * 2 * 16 * 256, 1_024),
    ],
)
def test_layers_that_read_earlier_keys_and_values_cache_nothing(
    registry: Registry, checkpoint: str, full: int, sliding: int, window: int
) -> None:
    """From the configs: the last 15 of 35, 10 of 30, 20 of 35, 18 of 42 and none of 60 layers share; Gemma 4's full heads are 512 wide."""
    assert cache(registry, checkpoint).kv_bytes(10_000) == 2 * (10_000 * full + window * sliding)


def test_a_uniform_model_may_share_keys_and_values_too(registry: Registry) -> None:
    """Hunyuan-Large, from its config: 32 of 64 layers read those of another; 8 KV heads of 80."""
    assert cache(registry, "tencent/Tencent-Hunyuan-Large").bytes_per_token == 32 * 2 * 8 * 80 * 2
    shared = changed(registry, LLAMA, shared_kv_layers=8)
    assert isinstance(shared, Cache)
    assert shared.bytes_per_token == 24 * 2 * 8 * 128 * 2


def test_a_layer_with_two_attentions_keeps_two_latents(registry: Registry) -> None:
    """LongCat-Flash, from its config and code: 28 layers, each with two attentions of 512 + 64."""
    entry = registry["meituan-longcat/LongCat-Flash-Chat"]
    assert cache(registry, entry.id).bytes_per_token == 28 * 2 * 576 * 2
    assert entry.wiring is not None
    single = cache_of(entry.architecture, entry.wiring.model_copy(update={"two_sub_layers": False}))
    assert isinstance(single, Cache)
    assert 2 * single.bytes_per_token == cache(registry, entry.id).bytes_per_token


def test_value_heads_may_be_narrower_than_key_heads(registry: Registry) -> None:
    """MiMo-V2-Flash, from its config: 48 layers, 9 full with 4 KV heads, 39 sliding with 8; keys of 192, values of 128."""
    found = cache(registry, "XiaomiMiMo/MiMo-V2-Flash")
    assert found.bytes_per_token == 9 * 4 * (192 + 128) * 2
    assert found.kv_bytes(128) == 128 * (9 * 4 + 39 * 8) * (192 + 128) * 2


def test_linear_layers_keep_no_token(registry: Registry) -> None:
    """Qwen3-Next, from its config: 12 full layers of 48 with 2 KV heads of 256; Kimi-Linear: 7 latent layers of 27."""
    assert cache(registry, "Qwen/Qwen3-Next-80B-A3B-Instruct").bytes_per_token == 12 * 2 * 2 * 256 * 2
    assert cache(registry, "moonshotai/Kimi-Linear-48B-A3B-Base").bytes_per_token == 7 * (512 + 64) * 2


@pytest.mark.parametrize(
    ("checkpoint", "state_bytes"),
    [
        ("Qwen/Qwen3-Next-80B-A3B-Instruct", 36 * (4 * 32 * 128 * 128 + 2 * 3 * (2 * 16 * 128 + 32 * 128))),
        ("Qwen/Qwen3.5-27B", 48 * (4 * 48 * 128 * 128 + 2 * 3 * (2 * 16 * 128 + 48 * 128))),
        ("moonshotai/Kimi-Linear-48B-A3B-Base", 20 * (4 * 32 * 128 * 128 + 2 * 3 * 3 * 32 * 128)),
        ("ibm-granite/granite-4.0-h-small", 36 * (4 * 8192 * 128 + 2 * 3 * (8192 + 2 * 1 * 128))),
        ("nvidia/NVIDIA-Nemotron-Nano-12B-v2", 28 * (4 * 10240 * 128 + 2 * 3 * (10240 + 2 * 8 * 128))),
        ("tiiuae/Falcon-H1-7B-Base", 44 * (4 * 3072 * 256 + 2 * 3 * (3072 + 2 * 1 * 256))),
        ("ai21labs/AI21-Jamba-Mini-1.5", 28 * (4 * 8192 * 16 + 2 * 3 * 8192)),
        ("MiniMaxAI/MiniMax-Text-01", 70 * 4 * 64 * 128 * 128),
        ("LiquidAI/LFM2-2.6B", 22 * 2 * (3 - 1) * 2048),
    ],
)
def test_the_constant_state_follows_from_the_config(registry: Registry, checkpoint: str, state_bytes: int) -> None:
    """Layers times (recurrent state in 32 bits, then what the short convolution holds back in 16).

    Configs: gated DeltaNet heads times key times value dimension, convolution 4 over keys, queries and values; KDA the same with
    square heads; Mamba-2 inner width times state, convolution 4 over inner width, B and C of each group; Mamba-1 over the inner
    width alone; lightning attention square heads without a convolution; LFM2 a convolution of 3 over the hidden size.
    """
    assert cache(registry, checkpoint).state_bytes == state_bytes


def test_a_layer_of_attention_beside_mamba_keeps_both(registry: Registry) -> None:
    """Falcon-H1 7B, from its config: all of 44 layers, 2 KV heads of 128."""
    found = cache(registry, "tiiuae/Falcon-H1-7B-Base")
    assert found.bytes_per_token == 44 * 2 * 2 * 128 * 2
    assert found.state_bytes != 0


def test_only_layers_with_a_state_have_one(registry: Registry) -> None:
    stateful = {"linear_attention", "mamba", "attention_and_mamba", "convolution"}
    for entry, found in modelled(registry):
        assert (found.state_bytes == 0) == (not stateful & set(entry.architecture.layer_counts())), entry.id


def test_a_state_without_its_numbers_is_refused_and_the_cache_still_known(registry: Registry) -> None:
    """Jamba Large 1.5: nine full layers of 72 with 8 KV heads of 128; the width of its Mamba layers was not found."""
    found = cache(registry, "ai21labs/AI21-Jamba-Large-1.5")
    assert found.state_bytes == NotModelled("inner_size is not known")
    assert found.bytes_per_token == 9 * 2 * 8 * 128 * 2


@pytest.mark.parametrize(
    ("block", "reason"), [("linear", "the linear block is not known"), ("state_space", "the state_space block is not known")]
)
def test_a_state_without_its_block_is_refused_by_name(registry: Registry, block: str, reason: str) -> None:
    name = {"linear": "Qwen/Qwen3-Next-80B-A3B-Instruct", "state_space": "tiiuae/Falcon-H1-7B-Base"}[block]
    found = changed(registry, name, **{block: None})
    assert isinstance(found, Cache)
    assert found.state_bytes == NotModelled(reason)


@pytest.mark.parametrize(("devices", "share"), [(1, 1), (2, 2), (4, 4), (8, 8), (16, 8), (64, 8)])
def test_eight_heads_are_split_over_at_most_eight_devices(registry: Registry, devices: int, share: int) -> None:
    """Llama 3 8B has 8 KV heads: each of sixteen devices still holds one."""
    assert cache(registry, LLAMA).kv_bytes(8_192, devices=devices) == GIB // share


@pytest.mark.parametrize("checkpoint", [DEEPSEEK, "google/gemma-2b", FLASH, "zai-org/GLM-5.2"])
def test_what_has_one_head_is_whole_on_every_device(registry: Registry, checkpoint: str) -> None:
    """Latent attention, multi-query attention, compressed entries and index keys."""
    assert cache(registry, checkpoint).kv_bytes(9_999, devices=8) == cache(registry, checkpoint).kv_bytes(9_999)


def test_each_kind_of_layer_is_split_by_its_own_heads(registry: Registry) -> None:
    """Gemma 4 12B, from its config: 8 full layers with one head of 512, 40 sliding with 8 heads of 256, window 1,024."""
    full, sliding = 5_000 * 8 * 2 * 512 * 2, 1_024 * 40 * 2 * 8 * 256 * 2
    assert cache(registry, "google/gemma-4-12B").kv_bytes(5_000, devices=4) == full + sliding // 4


def test_index_keys_are_not_split_beside_heads_that_are(registry: Registry) -> None:
    """MiniMax-M3: 4 KV heads over 4 devices, its one index key on each."""
    assert cache(registry, "MiniMaxAI/MiniMax-M3").kv_bytes(100, devices=4) == 100 * 2 * (60 * 2 * 128 + 57 * 128)


def test_a_cache_in_eight_bits_is_half(registry: Registry) -> None:
    for entry, found in modelled(registry):
        assert 2 * found.kv_bytes(5_000, element_bytes=1) == found.kv_bytes(5_000), entry.id


@given(data=st.data(), tokens=st.lists(st.integers(0, 2_000_000), min_size=2, max_size=2).map(sorted), windows=st.booleans())
def test_the_cache_never_shrinks_with_more_tokens(registry: Registry, data: st.DataObject, tokens: list[int], windows: bool) -> None:  # noqa: FBT001 - hypothesis names it
    entry, found = data.draw(st.sampled_from(modelled(registry)))
    fewer, more = (found.kv_bytes(count, windows=windows) for count in tokens)
    assert 0 <= fewer <= more, entry.id
    assert found.kv_bytes(tokens[1]) <= found.kv_bytes(tokens[1], windows=False)


@given(tokens=st.lists(st.integers(0, 2_000_000), min_size=2, max_size=2).map(sorted), checkpoint=st.sampled_from(MODELLED[:4]))
def test_every_token_grows_the_cache_of_a_model_with_full_layers(registry: Registry, tokens: list[int], checkpoint: str) -> None:
    fewer, more = (cache(registry, checkpoint).kv_bytes(count) for count in tokens)
    assert (fewer == more) == (tokens[0] == tokens[1])


@given(data=st.data(), tokens=st.integers(0, 300_000), devices=st.lists(st.integers(1, 64), min_size=2, max_size=2).map(sorted))
def test_more_devices_never_keep_more_each_and_together_keep_all(
    registry: Registry, data: st.DataObject, tokens: int, devices: list[int]
) -> None:
    entry, found = data.draw(st.sampled_from(modelled(registry)))
    few, many = (found.kv_bytes(tokens, devices=count) for count in devices)
    assert many <= few, entry.id
    assert devices[1] * (many + 1) > found.kv_bytes(tokens)


def second_opinion(entry: Entry, tokens: int, element_bytes: int = 2) -> tuple[str, float] | None:
    """Return the kind of cache and the bytes that kvfit 0.3.0 answers, or None where it refuses the type."""
    config = kvfit_config(entry)
    if config is None:
        return None
    try:
        found = estimate_cache(config, context_tokens=tokens, kv_bytes=float(element_bytes))
    except UnsupportedArchitecture:
        return None
    return str(found.architecture), float(found.total_bytes)


def kvfit_config(entry: Entry) -> dict[str, Any] | None:
    """Return the registry's numbers under the names that kvfit reads; it needs no network for a config at hand."""
    config, a = config_of(entry), entry.architecture
    if config is None:
        return None
    sequence = layer_sequence(a)
    if a.model_type == "nemotron_h":
        config["hybrid_override_pattern"] = "".join(MAMBA_MARKS[layer] for layer in sequence)
    if a.mla and a.model_type == "mistral3":
        config["model_type"] = "deepseek_v3"  # its text model's own type, with latent attention, is another than mistral
    if a.compressed:
        config["head_dim"] = a.head_dim
        config["compress_ratios"] = [
            ratio for block in a.compressed.ratios for _ in range(block.repeat) for ratio, layers in block.run for _ in range(layers)
        ]
    if a.indexer and a.model_type == "glm_moe_dsa":
        own = a.indexer.layers or len(sequence)
        config["indexer_types"] = ["full"] * own + ["shared"] * (len(sequence) - own)
        del config["layer_types"]
    if a.indexer and a.model_type == "minimax_m3_vl":
        # The four index heads share one key (k_proj of the indexer in transformers 5.23.0 has index_head_dim outputs).
        frequency = [int(layer == "sparse_attention") for layer in sequence]
        sparse = {"use_sparse_attention": True, "sparse_attention_freq": frequency, "sparse_num_index_heads": 1}
        config |= {"model_type": "minimax_m3", "sparse_attention_config": {**sparse, "sparse_index_dim": a.indexer.head_dim}}
    return config


KINDS = {
    "standard-mha",
    "standard-gqa-mqa",
    "standard-full-sliding-hybrid",
    "gpt-oss-alternating-gqa",
    "gemma4-global-sliding-hybrid",
    "deepseek-mla",
    "deepseek-v3.2-dsa",
    "glm-dsa-mla",
    "minimax-m3-sparse-indexed-gqa",
    "deepseek-v4-compressed-hybrid",
    "qwen-gated-delta-hybrid",
    "nemotron-h-mamba2-attention",
}
"""Kinds of cache, as kvfit names them, that both answer."""
TYPES = (
    "llama mistral mistral3 mixtral qwen2 qwen2_moe qwen3 qwen3_moe qwen3_next qwen3_5 qwen3_5_moe qwen3_5_moe_text olmo olmo2 olmoe "
    "gemma gemma2 gemma3 gemma3_text gemma4 granite internlm2 internlm3 phi3 cohere cohere2 starcoder2 stablelm falcon opt gpt_oss "
    "deepseek_v2 deepseek_v3 deepseek_v32 deepseek_v4 kimi_k2 kimi_k25 glm_moe_dsa minimax_m3_vl nemotron_h"
)
"""Values of model_type that both answer."""


def test_a_second_implementation_counts_the_same_bytes(registry: Registry) -> None:
    """Cache and state in 16 bits against kvfit 0.3.0, for every checkpoint that both answer and several lengths."""
    kinds: Counter[str] = Counter()
    types, attentions = set(), set()
    for entry, found in modelled(registry):
        for tokens in TOKEN_COUNTS:
            if (answer := second_opinion(entry, tokens)) and isinstance(found.state_bytes, int):
                assert found.kv_bytes(tokens) + found.state_bytes == answer[1], f"{entry.id} at {tokens}: {answer[0]}"
                kinds[answer[0]] += 1
                types.add(entry.architecture.model_type)
                attentions.add(entry.architecture.attention)
    assert kinds.keys() >= KINDS
    assert types >= set(TYPES.split())
    assert attentions >= {"MHA", "GQA", "MQA", "MLA", "hybrid"}
    assert kinds.total() >= 400 * len(TOKEN_COUNTS)


def test_a_second_implementation_counts_the_same_bytes_in_eight_bits(registry: Registry) -> None:
    """Against kvfit 0.3.0 where nothing but the cache is kept: it writes convolution inputs in the cache's precision too."""
    compared = 0
    for entry, found in modelled(registry):
        if found.state_bytes == 0 and (answer := second_opinion(entry, 10_000, element_bytes=1)):
            assert found.kv_bytes(10_000, element_bytes=1) == answer[1], entry.id
            compared += 1
    assert compared >= 350
