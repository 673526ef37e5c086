"""Bytes to serve: weights by precision, what one device holds, the range around it, and the longest context that fits."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_registry.kv_cache import Cache
from model_registry.memory import (
    COMMUNICATION_BYTES,
    FILE_BITS,
    GIB,
    LAYER_BITS,
    PRECISIONS,
    Precision,
    Serving,
    Workload,
    activation_width,
    capacity_bytes,
    longest_context,
    longest_usable_context,
    serve,
    upper_end,
    weights_bytes,
)
from model_registry.parameters import Breakdown, NotModelled
from model_registry.registry import Entry, Registry

LLAMA, DEEPSEEK, GEMMA, GPT_OSS = (
    "meta-llama/Meta-Llama-3-8B",
    "deepseek-ai/DeepSeek-V3-Base",
    "google/gemma-2-9b",
    "openai/gpt-oss-120b",
)
LLAMA_TOTAL = 8_030_261_248
LLAMA_MATRICES = 32 * (2 * 4_096 * 4_096 + 2 * 4_096 * 1_024 + 3 * 4_096 * 14_336)
"""Llama 3 8B, from its config: 32 layers, hidden 4,096, 8 of 32 heads for keys and values, an MLP of 14,336 with a gate."""


def counted(registry: Registry, checkpoint: str) -> Breakdown:
    found = registry[checkpoint].breakdown
    assert isinstance(found, Breakdown), f"{checkpoint}: {found}"
    return found


def weights(registry: Registry, checkpoint: str, precision: Precision) -> int:
    found = weights_bytes(counted(registry, checkpoint), precision)
    assert isinstance(found, int), f"{checkpoint}: {found}"
    return found


def served(entry: Entry, load: Workload) -> Serving:
    found = serve(entry, load)
    assert isinstance(found, Serving), f"{entry.id}: {found}"
    return found


@pytest.fixture(scope="module")
def servable(registry: Registry) -> list[Entry]:
    """Return the checkpoints that are modelled to the end."""
    return [entry for entry in registry.entries if isinstance(serve(entry, Workload(1)), Serving)]


def test_weights_in_bf16_are_two_bytes_a_parameter(registry: Registry) -> None:
    assert weights(registry, LLAMA, "bf16") == 2 * LLAMA_TOTAL


@pytest.mark.parametrize("precision", ["fp8", "int8", "int4", "nf4", "nvfp4"])
def test_only_the_matrices_of_the_layers_lose_bits(registry: Registry, precision: Precision) -> None:
    """Embedding, head (128,256 rows each) and norms of Llama 3 8B stay in 16 bits."""
    kept = LLAMA_TOTAL - LLAMA_MATRICES
    assert kept == 2 * 128_256 * 4_096 + 65 * 4_096
    assert weights(registry, LLAMA, precision) == round(LLAMA_MATRICES * LAYER_BITS[precision] / 8) + 2 * kept


@pytest.mark.parametrize("precision", FILE_BITS)
def test_a_gguf_file_is_counted_whole(registry: Registry, precision: Precision) -> None:
    assert weights(registry, LLAMA, precision) == round(LLAMA_TOTAL * FILE_BITS[precision] / 8)


@pytest.mark.parametrize(("checkpoint", "precision", "published"), [(LLAMA, "q4_k_m", 4_920_734_272), (GPT_OSS, "mxfp4", 65_248_815_744)])
def test_the_weights_are_as_large_as_the_published_files(registry: Registry, checkpoint: str, precision: Precision, published: int) -> None:
    """Meta-Llama-3-8B-Instruct-Q4_K_M.gguf of bartowski; the tensors in the safetensors files of openai/gpt-oss-120b."""
    assert weights(registry, checkpoint, precision) == pytest.approx(published, rel=0.005)


def test_mxfp4_is_for_experts_alone(registry: Registry) -> None:
    """gpt-oss-120b, from its config: 36 layers of 128 experts, each 3 * 2,880 * 2,880 and 3 * 2,880 biases."""
    experts = 36 * 128 * (3 * 2_880 * 2_880 + 3 * 2_880)
    assert weights(registry, GPT_OSS, "mxfp4") == experts * 17 // 32 + 2 * (counted(registry, GPT_OSS).total - experts)


def test_mxfp4_of_a_dense_model_is_refused_by_a_sentence(registry: Registry) -> None:
    reason = NotModelled("MXFP4 is a format of experts, and the model has none")
    assert weights_bytes(counted(registry, LLAMA), "mxfp4") == reason
    assert serve(registry[LLAMA], Workload(1_000, weights="mxfp4")) == reason


def test_a_tied_table_stays_in_16_bits(registry: Registry) -> None:
    """Gemma 2 9B, from its config: 256,000 rows of 3,584 serve as embedding and head."""
    found = counted(registry, GEMMA)
    matrices = found.attention + found.mlp
    assert found.total - matrices == 256_000 * 3_584 + found.norms
    assert weights(registry, GEMMA, "int4") == round(matrices * 4.156 / 8) + 2 * (256_000 * 3_584 + found.norms)


@pytest.mark.parametrize(
    ("checkpoint", "own_head"),
    [
        (GEMMA, 256_000 * 3_584),
        (LLAMA, 0),
        (DEEPSEEK, 0),
        ("google/gemma-3n-E4B", 262_400 * 2_048),
        ("openai-community/gpt2", 50_257 * 768),
    ],
)
def test_fp8_gives_a_tied_head_a_table_of_its_own(registry: Registry, checkpoint: str, own_head: int) -> None:
    """Rows times hidden size, from the configs; not Gemma 3n's per-layer tables, not GPT-2's positions."""
    found = counted(registry, checkpoint)
    matrices = found.attention + found.linear + found.mlp + found.routed + found.shared
    assert weights(registry, checkpoint, "fp8") == round(matrices * 8.002 / 8) + 2 * (found.total - matrices + own_head)


def test_fewer_bits_are_fewer_bytes_for_every_model(registry: Registry) -> None:
    layered: tuple[Precision, ...] = ("int4", "nf4", "int8", "bf16")
    whole = tuple(sorted(FILE_BITS, key=lambda name: FILE_BITS[name]))
    modelled = [entry.id for entry in registry.entries if isinstance(entry.breakdown, Breakdown)]
    for checkpoint in modelled:
        for family in (layered, whole):
            sizes = [weights(registry, checkpoint, precision) for precision in family]
            assert sizes == sorted(set(sizes)), checkpoint


def test_every_precision_has_its_bits_and_no_other(registry: Registry) -> None:
    assert set(PRECISIONS) == LAYER_BITS.keys() | FILE_BITS.keys()
    assert not LAYER_BITS.keys() & FILE_BITS.keys()
    assert all(isinstance(weights_bytes(counted(registry, GPT_OSS), precision), int) for precision in PRECISIONS)


def test_serving_adds_up_what_one_device_holds(registry: Registry) -> None:
    """Llama 3 8B with 8,192 tokens: a GiB of cache, and 2,048 tokens of three MLP widths and four hidden sizes in 16 bits."""
    found = served(registry[LLAMA], Workload(8_192))
    activations = 2_048 * (3 * 14_336 + 4 * 4_096) * 2
    assert vars(found) == {
        "weights_bytes": 2 * LLAMA_TOTAL,
        "vision_bytes": 0,
        "kv_cache_bytes": GIB,
        "state_bytes": 0,
        "activation_bytes": activations,
        "communication_bytes": 0,
    }
    assert found.total_bytes == 2 * LLAMA_TOTAL + GIB + activations
    assert found.low_bytes == round(0.97 * (2 * LLAMA_TOTAL + GIB))
    assert found.high_bytes == round(1.25 * (2 * LLAMA_TOTAL + GIB) + 2 * activations + GIB)


def test_the_lower_end_is_weights_cache_and_state_alone(registry: Registry) -> None:
    found = served(registry["Qwen/Qwen3-Next-80B-A3B-Instruct"], Workload(8_192, devices=2))
    assert found.communication_bytes > 0
    assert found.low_bytes == round(0.97 * (found.weights_bytes + found.kv_cache_bytes + found.state_bytes))


def test_the_upper_end_leaves_a_quarter_twice_the_activations_and_a_gibibyte_more() -> None:
    assert upper_end(18 * GIB, 2 * GIB) == (20 + 4 + 1) * GIB


@pytest.mark.parametrize(
    ("checkpoint", "width"),
    [
        (LLAMA, 3 * 14_336 + 4 * 4_096),
        (DEEPSEEK, 3 * 18_432 + 4 * 7_168),
        ("Qwen/Qwen3-235B-A22B", 3 * 8 * 1_536 + 4 * 4_096),
        (GPT_OSS, 3 * 4 * 2_880 + 4 * 2_880),
        ("ibm-granite/granite-4.0-h-small", 3 * (10 * 768 + 1_536) + 4 * 4_096),
    ],
)
def test_the_widest_layer_is_the_dense_mlp_or_the_experts_of_one_token(registry: Registry, checkpoint: str, width: int) -> None:
    """From the configs; DeepSeek-V3's eight experts and the shared one are as wide together as its dense MLP."""
    assert activation_width(registry[checkpoint]) == width


@pytest.mark.parametrize(("tokens", "batch", "in_flight"), [(100, 1, 100), (100, 8, 800), (2_048, 1, 2_048), (8_192, 64, 2_048)])
def test_activations_grow_until_the_prefill_is_full(registry: Registry, tokens: int, batch: int, in_flight: int) -> None:
    assert served(registry[LLAMA], Workload(tokens, batch)).activation_bytes == in_flight * 59_392 * 2
    assert served(registry[LLAMA], Workload(tokens, batch, prefill_tokens=50)).activation_bytes == 50 * 59_392 * 2


def test_logits_of_the_whole_prompt_take_six_bytes_a_token_and_row(registry: Registry) -> None:
    plain, full = (served(registry[LLAMA], Workload(8_192, full_logits=logits)) for logits in (False, True))
    assert full.activation_bytes - plain.activation_bytes == 2_048 * 128_256 * 6


def test_every_sequence_of_the_batch_has_its_own_cache_and_state(registry: Registry) -> None:
    entry = registry["Qwen/Qwen3-Next-80B-A3B-Instruct"]
    one, many = served(entry, Workload(4_096)), served(entry, Workload(4_096, batch=16))
    assert one.state_bytes > 0
    assert (many.kv_cache_bytes, many.state_bytes) == (16 * one.kv_cache_bytes, 16 * one.state_bytes)
    assert many.weights_bytes == one.weights_bytes


def test_a_cache_in_fp8_is_half_and_the_state_stays(registry: Registry) -> None:
    entry = registry["Qwen/Qwen3-Next-80B-A3B-Instruct"]
    plain, small = served(entry, Workload(4_096)), served(entry, Workload(4_096, cache="fp8"))
    assert (2 * small.kv_cache_bytes, small.state_bytes) == (plain.kv_cache_bytes, plain.state_bytes)


def test_a_runtime_without_windows_needs_the_whole_cache(registry: Registry) -> None:
    entry = registry["google/gemma-3-27b-pt"]
    assert served(entry, Workload(131_072, windows=False)).kv_cache_bytes == 62 * GIB
    assert served(entry, Workload(131_072)).kv_cache_bytes == 10 * GIB + 52 * 1_024 * 8_192


def test_devices_share_weights_and_heads_and_need_buffers(registry: Registry) -> None:
    one, two = (served(registry[LLAMA], Workload(8_192, devices=devices)) for devices in (1, 2))
    assert (2 * two.weights_bytes, 2 * two.kv_cache_bytes) == (one.weights_bytes, one.kv_cache_bytes)
    assert (one.communication_bytes, two.communication_bytes) == (0, COMMUNICATION_BYTES)
    assert two.activation_bytes == one.activation_bytes


def test_sixteen_devices_do_not_split_eight_heads_further(registry: Registry) -> None:
    assert served(registry[LLAMA], Workload(8_192, devices=16)).kv_cache_bytes == GIB // 8


def test_a_latent_is_whole_on_every_device(registry: Registry) -> None:
    assert served(registry[DEEPSEEK], Workload(131_072, devices=16)).kv_cache_bytes == 131_072 * 70_272


def test_a_vision_tower_is_counted_in_16_bits_whatever_the_weights(registry: Registry) -> None:
    """Devstral Small 2, from its stored count: 438,958,080 parameters beside the language model."""
    entry = registry["mistralai/Devstral-Small-2-24B-Instruct-2512"]
    assert served(entry, Workload(1_000, weights="int4")).vision_bytes == 2 * 438_958_080
    assert served(entry, Workload(1_000, devices=4)).vision_bytes == 438_958_080 // 2


@pytest.mark.parametrize(
    ("checkpoint", "reason"),
    [
        ("moonshotai/Kimi-K3", "no formula for model_type kimi_k3"),
        ("thinkingmachines/Inkling", "no formula for model_type inkling_mm_model"),
        ("ai21labs/AI21-Jamba-Large-1.5", "inner_size is not known"),
        ("facebook/opt-350m", "tied_embeddings is not known"),
    ],
)
def test_what_is_not_modelled_is_refused_with_its_name(registry: Registry, checkpoint: str, reason: str) -> None:
    assert serve(registry[checkpoint], Workload(1_000)) == NotModelled(reason)


def test_a_model_is_served_exactly_when_weights_cache_and_state_are_modelled(registry: Registry, servable: list[Entry]) -> None:
    for entry in registry.entries:
        cache = entry.cache
        known = isinstance(entry.breakdown, Breakdown) and isinstance(cache, Cache) and isinstance(cache.state_bytes, int)
        assert isinstance(serve(entry, Workload(1_000)), Serving) == (known and isinstance(activation_width(entry), int)), entry.id
    assert len(servable) >= 700


workloads = st.builds(
    Workload,
    tokens=st.integers(1, 300_000),
    batch=st.integers(1, 256),
    weights=st.sampled_from([precision for precision in PRECISIONS if precision != "mxfp4"]),
    cache=st.sampled_from(["bf16", "fp8"]),
    devices=st.integers(1, 64),
    windows=st.booleans(),
    full_logits=st.booleans(),
)


@given(data=st.data(), load=workloads)
def test_the_formula_lies_inside_its_range(servable: list[Entry], data: st.DataObject, load: Workload) -> None:
    found = served(data.draw(st.sampled_from(servable)), load)
    assert 0 < found.low_bytes <= found.total_bytes <= found.high_bytes


@given(data=st.data(), load=workloads, more=st.integers(1, 64))
def test_more_devices_never_need_more_each_but_for_their_buffers(
    servable: list[Entry], data: st.DataObject, load: Workload, more: int
) -> None:
    entry = data.draw(st.sampled_from(servable))
    few, many = served(entry, load), served(entry, replace(load, devices=load.devices + more))
    assert many.total_bytes - many.communication_bytes <= few.total_bytes - few.communication_bytes


@given(data=st.data(), load=workloads, more=st.integers(1, 10_000))
def test_more_tokens_and_sequences_never_need_less(servable: list[Entry], data: st.DataObject, load: Workload, more: int) -> None:
    entry = data.draw(st.sampled_from(servable))
    here = served(entry, load)
    for grown in (replace(load, tokens=load.tokens + more), replace(load, batch=load.batch + more)):
        further = served(entry, grown)
        assert (further.total_bytes, further.low_bytes, further.high_bytes) >= (here.total_bytes, here.low_bytes, here.high_bytes)
        assert further.high_bytes >= here.high_bytes


@pytest.mark.parametrize(
    ("device", "capacity"),
    [("apple-m3-ultra-512", 384 * GIB), ("dgx-spark-gb10", round(121.63 * GIB)), ("h100-sxm", 85_520_809_984), ("rtx-4090", 24 * GIB)],
)
def test_the_capacity_is_what_a_model_may_use(registry: Registry, device: str, capacity: int) -> None:
    """The usable share of unified memory first, then the exact bytes, then what the device is sold with (devices.yaml)."""
    assert capacity_bytes(registry.devices[device]) == capacity


def test_the_context_is_the_advertised_one_else_the_configs_else_the_trained(registry: Registry) -> None:
    entry = registry["google/gemma-3-27b-pt"]
    for advertised, config, trained, expected in [(3, 2, 1, 3), (None, 2, 1, 2), (None, None, 1, 1), (None, None, None, None)]:
        context = entry.checkpoint.context.model_copy(update={"advertised": advertised, "config": config, "trained": trained})
        changed = replace(entry, checkpoint=entry.checkpoint.model_copy(update={"context": context}))
        assert longest_usable_context(changed) == expected


@given(steps=st.lists(st.integers(0, 5), min_size=1, max_size=40), capacity=st.integers(0, 120))
def test_the_longest_context_is_the_last_that_fits(steps: list[int], capacity: int) -> None:
    needs = [sum(steps[: count + 1]) for count in range(len(steps))]
    fitting = [tokens for tokens, need in enumerate(needs, start=1) if need <= capacity]
    assert longest_context(lambda tokens: needs[tokens - 1], capacity, len(needs)) == max(fitting, default=0)


def test_the_longest_context_of_a_model_fits_and_the_next_does_not(registry: Registry) -> None:
    """Llama 3.1 8B in INT8 on 16 GiB: the limit lies well inside its 131,072 tokens."""
    entry, capacity = registry["meta-llama/Llama-3.1-8B"], 16 * GIB

    def needed(tokens: int) -> int:
        return served(entry, Workload(tokens, weights="int8")).high_bytes

    longest = longest_context(needed, capacity, 131_072)
    assert 2_048 < longest < 131_072
    assert needed(longest) <= capacity < needed(longest + 1)
