"""The ceiling of decoding: bytes a step by hand for a dense model and a mixture, and the bands."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_registry.decode_speed import BANDS, SMALL_STEP_BYTES, DecodeSpeed, decode_speed, step_bytes
from model_registry.kv_cache import Cache
from model_registry.memory import GIB, PRECISIONS, Workload
from model_registry.parameters import Breakdown, NotModelled
from model_registry.registry import Entry, Registry

LLAMA, GPT_OSS = "meta-llama/Meta-Llama-3-8B", "openai/gpt-oss-120b"
LLAMA_READ = 8_030_261_248 - 128_256 * 4_096
"""Llama 3 8B, from its config, without the input embedding, which is looked up."""
EXPERTS = 36 * 128 * (3 * 2_880 * 2_880 + 3 * 2_880)
"""gpt-oss-120b, from its config: 36 layers of 128 experts with biases, of which a token uses 4."""


def read(entry: Entry, load: Workload) -> float:
    found = step_bytes(entry, load)
    assert isinstance(found, float | int), f"{entry.id}: {found}"
    return found


def speed(registry: Registry, checkpoint: str, load: Workload, device: str) -> DecodeSpeed:
    found = decode_speed(registry[checkpoint], load, registry.devices[device])
    assert isinstance(found, DecodeSpeed), f"{checkpoint}: {found}"
    return found


@pytest.fixture(scope="module")
def readable(registry: Registry) -> list[Entry]:
    """Return the checkpoints that are modelled to the end."""
    return [entry for entry in registry.entries if not isinstance(step_bytes(entry, Workload(1)), NotModelled)]


def test_a_dense_model_reads_its_weights_and_its_cache_once_a_step(registry: Registry) -> None:
    """Llama 3 8B with 8,192 tokens on an RTX 4090 of 1,008 GB/s (devices.yaml): at most 62.7 tokens a second."""
    found = speed(registry, LLAMA, Workload(8_192), "rtx-4090")
    assert found.step_bytes == 2 * LLAMA_READ + GIB
    assert found.ceiling == pytest.approx(1_008e9 / (2 * LLAMA_READ + GIB))
    assert round(found.ceiling, 1) == 62.7
    assert [found.low, found.high] == pytest.approx([0.30 * found.ceiling, 0.80 * found.ceiling])


@pytest.mark.parametrize("batch", [1, 2, 8, 64, 1_000])
def test_a_mixture_reads_the_experts_that_the_batch_touches(registry: Registry, batch: int) -> None:
    """The share of experts is 1 - (1 - 4/128)^B."""
    entry = registry[GPT_OSS]
    assert isinstance(entry.breakdown, Breakdown)
    assert isinstance(entry.cache, Cache)
    others = entry.breakdown.total - EXPERTS - 201_088 * 2_880
    touched = 1 - (1 - 4 / 128) ** batch
    expected = 2 * (others + touched * EXPERTS) + batch * entry.cache.kv_bytes(4_096)
    assert read(entry, Workload(4_096, batch)) == pytest.approx(expected)
    found = speed(registry, GPT_OSS, Workload(4_096, batch), "h100-sxm")
    assert found.ceiling == pytest.approx(batch * 3_350e9 / expected)
    assert [found.low, found.high] == pytest.approx([0.10 * found.ceiling, 0.60 * found.ceiling])


def test_one_token_reads_exactly_the_active_experts(registry: Registry) -> None:
    """gpt-oss-120b: the 5.13 B active parameters without the input embedding, in 16 bits."""
    entry = registry[GPT_OSS]
    assert isinstance(entry.breakdown, Breakdown)
    assert isinstance(entry.cache, Cache)
    assert read(entry, Workload(1)) - entry.cache.kv_bytes(1) == pytest.approx(2 * entry.breakdown.active_without_embedding)


def test_the_weights_in_few_bits_are_read_in_few_bits(registry: Registry) -> None:
    """Llama 3 8B: matrices of the layers in INT4, head and norms in 16 bits; a GGUF file in its own bits."""
    matrices = 32 * (2 * 4_096 * 4_096 + 2 * 4_096 * 1_024 + 3 * 4_096 * 14_336)
    kept = LLAMA_READ - matrices
    assert read(registry[LLAMA], Workload(8_192, weights="int4")) == pytest.approx(matrices * 4.156 / 8 + 2 * kept + GIB)
    assert read(registry[LLAMA], Workload(8_192, weights="q4_k_m")) == pytest.approx(LLAMA_READ * 4.894 / 8 + GIB)


def test_only_experts_are_read_in_mxfp4(registry: Registry) -> None:
    entry = registry[GPT_OSS]
    saved = read(entry, Workload(1_000)) - read(entry, Workload(1_000, weights="mxfp4"))
    assert saved == pytest.approx(EXPERTS * 4 / 128 * (16 - 4.25) / 8)


def test_mxfp4_of_a_dense_model_is_refused_by_a_sentence(registry: Registry) -> None:
    reason = NotModelled("MXFP4 is a format of experts, and the model has none")
    assert decode_speed(registry[LLAMA], Workload(1_000, weights="mxfp4"), registry.devices["rtx-4090"]) == reason


def test_a_tied_table_is_read_as_the_head(registry: Registry) -> None:
    """Gemma 2 9B has one table for both."""
    entry = registry["google/gemma-2-9b"]
    assert isinstance(entry.breakdown, Breakdown)
    assert isinstance(entry.cache, Cache)
    assert read(entry, Workload(100)) == 2 * entry.breakdown.total + entry.cache.kv_bytes(100)


def test_per_layer_tables_are_looked_up_not_read(registry: Registry) -> None:
    """Gemma 3n E4B, from its config: 262,144 rows of 256 for each of 35 layers, beside a tied table of 262,400 rows."""
    entry = registry["google/gemma-3n-E4B"]
    assert isinstance(entry.breakdown, Breakdown)
    assert isinstance(entry.cache, Cache)
    assert read(entry, Workload(100)) == 2 * (entry.breakdown.total - 262_144 * 256 * 35) + entry.cache.kv_bytes(100)


def test_every_sequence_reads_its_own_cache_and_state(registry: Registry) -> None:
    """Qwen3.5-27B is dense: a larger batch reads more cache and state, and the weights once."""
    entry = registry["Qwen/Qwen3.5-27B"]
    assert isinstance(entry.cache, Cache)
    assert isinstance(entry.cache.state_bytes, int)
    one, many = read(entry, Workload(4_096)), read(entry, Workload(4_096, batch=5))
    assert entry.cache.state_bytes > 0
    assert many - one == 4 * (entry.cache.kv_bytes(4_096) + entry.cache.state_bytes)


def test_a_cache_in_fp8_or_with_windows_is_read_as_it_is_kept(registry: Registry) -> None:
    entry = registry["google/gemma-3-27b-pt"]
    assert isinstance(entry.cache, Cache)
    plain = read(entry, Workload(131_072))
    assert plain - read(entry, Workload(131_072, cache="fp8")) == entry.cache.kv_bytes(131_072) / 2
    assert read(entry, Workload(131_072, windows=False)) - plain == 52 * (131_072 - 1_024) * 8_192


def test_several_devices_read_at_once(registry: Registry) -> None:
    alone, four = (speed(registry, LLAMA, Workload(8_192, devices=devices), "rtx-4090") for devices in (1, 4))
    assert four.ceiling == pytest.approx(4 * alone.ceiling)


@pytest.mark.parametrize(
    ("checkpoint", "load", "band"),
    [
        (LLAMA, Workload(100), "dense"),
        (GPT_OSS, Workload(100), "moe"),
        (GPT_OSS, Workload(100, weights="mxfp4"), "moe"),
        ("Qwen/Qwen3-0.6B", Workload(100), "small"),
        ("allenai/OLMoE-1B-7B-0924", Workload(100), "small"),
        (LLAMA, Workload(100, weights="q2_k"), "small"),
    ],
)
def test_the_band_depends_on_the_experts_and_on_how_little_is_read(registry: Registry, checkpoint: str, load: Workload, band: str) -> None:
    found = speed(registry, checkpoint, load, "rtx-4090")
    low, high = BANDS[band]
    assert [found.low, found.high] == pytest.approx([low * found.ceiling, high * found.ceiling])
    assert (found.step_bytes < SMALL_STEP_BYTES) == (band == "small")


def test_a_device_without_a_bandwidth_is_refused(registry: Registry) -> None:
    device = registry.devices["rtx-4090"].model_copy(update={"bandwidth_gb_s": None})
    assert decode_speed(registry[LLAMA], Workload(1_000), device) == NotModelled("the bandwidth of the device is not known")


@pytest.mark.parametrize(
    ("checkpoint", "reason"),
    [
        ("moonshotai/Kimi-K3", "no formula for model_type kimi_k3"),
        ("ai21labs/AI21-Jamba-Large-1.5", "inner_size is not known"),
        ("inceptionai/Jais-2-70B-Chat", "kv_heads is not known"),
    ],
)
def test_what_is_not_modelled_is_refused_with_its_name(registry: Registry, checkpoint: str, reason: str) -> None:
    assert decode_speed(registry[checkpoint], Workload(1_000), registry.devices["rtx-4090"]) == NotModelled(reason)


loads = st.builds(
    Workload,
    tokens=st.integers(1, 300_000),
    batch=st.integers(1, 512),
    weights=st.sampled_from([precision for precision in PRECISIONS if precision != "mxfp4"]),
    cache=st.sampled_from(["bf16", "fp8"]),
)


@given(data=st.data(), load=loads)
def test_a_larger_batch_reads_more_and_answers_no_slower_in_all(readable: list[Entry], data: st.DataObject, load: Workload) -> None:
    entry = data.draw(st.sampled_from(readable))
    here, further = read(entry, load), read(entry, replace(load, batch=load.batch + 1))
    assert here <= further
    assert (load.batch + 1) / further >= (1 - 1e-9) * load.batch / here


@given(data=st.data(), load=loads)
def test_a_step_never_reads_more_than_all_weights_and_caches(readable: list[Entry], data: st.DataObject, load: Workload) -> None:
    entry = data.draw(st.sampled_from(readable))
    assert isinstance(entry.breakdown, Breakdown)
    assert isinstance(entry.cache, Cache)
    assert isinstance(entry.cache.state_bytes, int)
    kept = load.batch * (entry.cache.kv_bytes(load.tokens) + entry.cache.state_bytes)
    assert 0 < read(entry, load) <= 2 * entry.breakdown.total * (1 + 1e-9) + kept
