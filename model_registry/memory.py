"""Bytes to serve a model: weights, KV cache, constant state and the peak of activations, as a range.

The formula counts the architecture's own numbers. The lower end is what has to be there (weights, cache and state) less three
per cent; the upper end leaves a quarter more, twice the activations and a gibibyte for the runtime, fragmentation and buffers.
Published measurements lie inside (docs/memory.md). What is not modelled is refused by name: the functions answer NotModelled,
never a guess.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from model_registry.kv_cache import BYTES_16_BIT, Cache
from model_registry.other_schemas import Device
from model_registry.parameters import Breakdown, NotModelled
from model_registry.registry import Entry

GIB = 2**30
Precision: TypeAlias = Literal[
    "bf16", "fp8", "int8", "int4", "nf4", "mxfp4", "nvfp4", "q8_0", "q6_k", "q5_k_m", "q4_k_m", "q4_k_s", "q3_k_l", "q3_k_s", "q2_k"
]
"""Formats of the weights: 16 bits, FP8 in blocks of 128, GPTQ/AWQ in groups of 128, bitsandbytes NF4, MXFP4, NVFP4, GGUF kinds."""
CachePrecision: TypeAlias = Literal["bf16", "fp8"]
PRECISIONS: tuple[Precision, ...] = get_args(Precision)
LAYER_BITS: dict[Precision, float] = {
    "bf16": 16.0,
    "fp8": 8.002,
    "int8": 8.1875,
    "int4": 4.156,
    "nf4": 4.5,
    "mxfp4": 4.25,
    "nvfp4": 4.5,
}
"""Bits a weight of the matrices in the layers, scales included; embedding, head, norms and routers stay in 16 bits.

MXFP4 is a format of experts: everything else stays in 16 bits too.
"""
FILE_BITS: dict[Precision, float] = {
    "q8_0": 8.501,
    "q6_k": 6.563,
    "q5_k_m": 5.704,
    "q4_k_m": 4.894,
    "q4_k_s": 4.667,
    "q3_k_l": 4.298,
    "q3_k_s": 3.643,
    "q2_k": 3.159,
}
"""Bits a weight of a whole GGUF file."""
CACHE_BYTES: dict[CachePrecision, int] = {"bf16": BYTES_16_BIT, "fp8": 1}
LOW_FACTOR = 0.97
"""The lower end: three per cent less than what has to be there, as far down as published measurements go."""
HIGH_FACTOR, HIGH_ACTIVATIONS, HIGH_FIXED = 1.25, 2.0, GIB
"""The upper end: 1.25 times what stays, twice the activations, and 1 GiB for the runtime, its graphs and its buffers."""
PREFILL_TOKENS = 2048
"""Tokens whose activations stand in memory at once: runtimes read a long prompt in pieces."""
COMMUNICATION_BYTES = 400_000_000
"""Buffers of the communication library on each of several devices (NCCL, about 0.4 GB)."""
_LOGIT_BYTES = 6
"""Logits of one token and vocabulary entry in 16 and in 32 bits, where a runtime computes them for the whole prompt."""


@dataclass(frozen=True)
class Workload:
    """What is served at once, and how."""

    tokens: int
    """Tokens of one sequence: prompt and answer together."""
    batch: int = 1
    """Sequences at once."""
    weights: Precision = "bf16"
    cache: CachePrecision = "bf16"
    devices: int = 1
    """Devices that share the model by tensor parallelism."""
    windows: bool = True
    """The runtime keeps only the window in windowed layers."""
    prefill_tokens: int = PREFILL_TOKENS
    """Tokens of a prompt that are read at once."""
    full_logits: bool = False
    """The runtime computes the logits of the whole prompt (Transformers before version 4.45)."""


@dataclass(frozen=True)
class Serving:
    """What one device holds (bytes)."""

    weights_bytes: int
    vision_bytes: int
    kv_cache_bytes: int
    state_bytes: int
    activation_bytes: int
    communication_bytes: int

    @property
    def total_bytes(self) -> int:
        """Return the formula's sum."""
        return sum(vars(self).values())

    @property
    def low_bytes(self) -> int:
        """Return the lower end of the range: what has to be there, without activations."""
        return round(LOW_FACTOR * (self.total_bytes - self.activation_bytes - self.communication_bytes))

    @property
    def high_bytes(self) -> int:
        """Return the upper end of the range."""
        return upper_end(self.total_bytes, self.activation_bytes)


def upper_end(formula_bytes: float, activation_bytes: float) -> int:
    """Return the upper end of the range around a formula, activations included in it (bytes)."""
    return round(HIGH_FACTOR * (formula_bytes - activation_bytes) + HIGH_ACTIVATIONS * activation_bytes + HIGH_FIXED)


def weights_bytes(counted: Breakdown, precision: Precision) -> int | NotModelled:
    """Return the bytes of the main model's weights, or NotModelled where the format does not apply.

    FP8 checkpoints of models with a tied head carry a head of their own.
    """
    if precision in FILE_BITS:
        return round(counted.total * FILE_BITS[precision] / 8)
    experts = counted.routed
    if precision == "mxfp4" and not experts:
        return NotModelled("MXFP4 is a format of experts, and the model has none")
    matrices = experts if precision == "mxfp4" else counted.attention + counted.linear + counted.mlp + experts + counted.shared
    own_head = counted.embedding - counted.looked_up if precision == "fp8" and not counted.head else 0
    return round(matrices * LAYER_BITS[precision] / 8) + (counted.total - matrices + own_head) * BYTES_16_BIT


def activation_width(entry: Entry) -> int | NotModelled:
    """Return the numbers that one token leaves in flight in the widest layer: three MLP widths and four hidden sizes."""
    a = entry.architecture
    width = mlp_width(entry)
    if width is None or a.hidden_size is None:
        return NotModelled("the width of the MLP is not known")
    return 3 * width + 4 * a.hidden_size


def mlp_width(entry: Entry) -> int | None:
    """Return the widest MLP that one token passes: the dense one, or the experts it uses and the shared ones together."""
    a, widths = entry.architecture, []
    if a.intermediate_size is not None:
        widths.append(a.intermediate_size)
    if a.moe and a.moe.intermediate_size is not None:
        widths.append(a.moe.active * a.moe.intermediate_size + (a.moe.shared_intermediate_size or 0))
    return max(widths, default=None)


def serve(entry: Entry, load: Workload) -> Serving | NotModelled:
    """Return what each device holds to serve a checkpoint under a workload, or NotModelled with the reason."""
    counted, cache, width = entry.breakdown, entry.cache, activation_width(entry)
    if isinstance(counted, NotModelled):
        return counted
    if isinstance(cache, NotModelled):
        return cache
    if isinstance(cache.state_bytes, NotModelled):
        return cache.state_bytes
    if isinstance(width, NotModelled):
        return width
    weights = weights_bytes(counted, load.weights)
    if isinstance(weights, NotModelled):
        return weights
    return Serving(
        weights_bytes=weights // load.devices,
        vision_bytes=(entry.parameters.vision or 0) * BYTES_16_BIT // load.devices,
        kv_cache_bytes=_kv_cache(cache, load),
        state_bytes=load.batch * cache.state_bytes // load.devices,
        activation_bytes=_activations(entry, load, width),
        communication_bytes=COMMUNICATION_BYTES if load.devices > 1 else 0,
    )


def _kv_cache(cache: Cache, load: Workload) -> int:
    one = cache.kv_bytes(load.tokens, element_bytes=CACHE_BYTES[load.cache], devices=load.devices, windows=load.windows)
    return load.batch * one


def _activations(entry: Entry, load: Workload, width: int) -> int:
    """Return the peak of one layer's activations, and of the logits where they are computed for the whole prompt."""
    in_flight = min(load.batch * load.tokens, load.prefill_tokens)
    logits = in_flight * (entry.architecture.embedding_rows or 0) * _LOGIT_BYTES if load.full_logits else 0
    return in_flight * width * BYTES_16_BIT + logits


def capacity_bytes(device: Device) -> int:
    """Return the memory of one device that a model may use: the usable share of unified memory, else what it is sold with."""
    if device.usable_gib is not None:
        return round(device.usable_gib * GIB)
    return device.memory_bytes or round(device.memory_gib * GIB)


def longest_usable_context(entry: Entry) -> int | None:
    """Return the longest context that is stated for a checkpoint: advertised, else in its config, else trained (tokens)."""
    context = entry.checkpoint.context
    return context.advertised or context.config or context.trained


def longest_context(needed: Callable[[int], int], capacity: float, most: int) -> int:
    """Return the most tokens, up to ``most``, whose need (bytes, growing with the tokens) is within the capacity; 0 = none."""
    if needed(1) > capacity:
        return 0
    low, high = 1, most + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if needed(middle) <= capacity else (low, middle)
    return low
