"""How fast a model can answer at best: what each step must read from memory, at the memory's bandwidth.

One step of decoding reads every weight that the batch uses once, and the whole cache of every sequence. Bandwidth over
these bytes is a ceiling; measured runs of vLLM, SGLang and llama.cpp reach the share of it that the bands state
(docs/memory.md). Reading the prompt is bound by arithmetic, not by this, and is not promised.
"""

from dataclasses import dataclass

from model_registry.kv_cache import BYTES_16_BIT
from model_registry.memory import CACHE_BYTES, FILE_BITS, LAYER_BITS, Workload
from model_registry.other_schemas import Device
from model_registry.parameters import Breakdown, NotModelled
from model_registry.registry import Entry

SMALL_STEP_BYTES = 3_000_000_000
"""Below about 3 GB a step, launching the work takes longer than reading the weights."""
BANDS = {"dense": (0.30, 0.80), "moe": (0.10, 0.60), "small": (0.05, 0.40)}
"""Shares of the ceiling between which measured runs lie."""


@dataclass(frozen=True)
class DecodeSpeed:
    """Tokens a second over all sequences of the batch."""

    step_bytes: float
    """Bytes that one step reads, over all devices."""
    ceiling: float
    low: float
    high: float


def decode_speed(entry: Entry, load: Workload, device: Device) -> DecodeSpeed | NotModelled:
    """Return the ceiling and the band of it, or NotModelled with the reason."""
    read = step_bytes(entry, load)
    if isinstance(read, NotModelled):
        return read
    if device.bandwidth_gb_s is None:
        return NotModelled("the bandwidth of the device is not known")
    ceiling = load.batch * load.devices * device.bandwidth_gb_s * 1e9 / read
    kind = "small" if read < SMALL_STEP_BYTES else "moe" if entry.architecture.moe else "dense"
    low, high = BANDS[kind]
    return DecodeSpeed(read, ceiling, low * ceiling, high * ceiling)


def step_bytes(entry: Entry, load: Workload) -> float | NotModelled:
    """Return the bytes that one step reads: the weights used, experts as far as the batch touches them, head and caches.

    With E experts of which a token uses K, B sequences touch the share 1 - (1 - K/E)^B of them. The input embedding is
    looked up, not read; a tied table counts as the head.
    """
    counted, cache = entry.breakdown, entry.cache
    if isinstance(counted, NotModelled):
        return counted
    if isinstance(cache, NotModelled):
        return cache
    if isinstance(cache.state_bytes, NotModelled):
        return cache.state_bytes
    weights = _weights_read(entry, counted, load)
    if isinstance(weights, NotModelled):
        return weights
    kept = cache.kv_bytes(load.tokens, element_bytes=CACHE_BYTES[load.cache], devices=load.devices, windows=load.windows)
    return weights + load.batch * (load.devices * kept + cache.state_bytes)


def _weights_read(entry: Entry, counted: Breakdown, load: Workload) -> float | NotModelled:
    moe = entry.architecture.moe
    touched = 1 - (1 - moe.active / moe.experts) ** load.batch if moe else 0.0
    dense = counted.attention + counted.linear + counted.mlp + counted.shared
    kept = counted.total - dense - counted.routed - (counted.embedding if counted.head else counted.looked_up)
    if load.weights in FILE_BITS:
        return (dense + kept + touched * counted.routed) * FILE_BITS[load.weights] / 8
    if load.weights == "mxfp4":
        if not counted.routed:
            return NotModelled("MXFP4 is a format of experts, and the model has none")
        return (dense + kept) * BYTES_16_BIT + touched * counted.routed * LAYER_BITS["mxfp4"] / 8
    return (dense + touched * counted.routed) * LAYER_BITS[load.weights] / 8 + kept * BYTES_16_BIT
