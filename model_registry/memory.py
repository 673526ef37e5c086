"""Bytes to serve a model: weights and KV cache, from the architecture's own numbers.

Sources of the formulas: KV cache of multi-head, grouped and multi-query attention: two vectors of kv_heads * head_dim a
layer and token; of latent attention: one latent and one rotary key (DeepSeek-V2, arXiv 2405.04434, section 2.1.4).
Layer types without a formula here are refused: the functions answer None, never a guess.
"""

from typing import Literal, TypeAlias

from model_registry.schema import Architecture, LayerType

Precision: TypeAlias = Literal["bf16", "fp8", "int8", "int4"]

GIB = 2**30
BITS: dict[Precision, float] = {"bf16": 16.0, "fp8": 8.002, "int8": 8.1875, "int4": 4.156}
"""Bits a weight, scales included: FP8 in blocks of 128, GPTQ int8 and GPTQ/AWQ int4 in groups of 128."""
HIGH_FACTOR, HIGH_FIXED = 1.25, GIB
"""The upper end of the range: 1.25 times the formula and 1 GiB, for activations, fragmentation and the runtime."""
_CACHED: frozenset[LayerType] = frozenset({"full_attention", "sparse_attention"})
_WINDOWED: frozenset[LayerType] = frozenset({"sliding_attention", "chunked_attention"})
_CONSTANT: frozenset[LayerType] = frozenset({"linear_attention", "mamba"})
_BYTES_BF16 = 2


def upper_end(low_bytes: float) -> int:
    """Return the upper end of the range whose lower end is the formula's weights and KV cache (bytes)."""
    return round(HIGH_FACTOR * low_bytes + HIGH_FIXED)


def kv_cache_bytes(a: Architecture, tokens: int) -> int | None:
    """Return the bf16 KV cache of one sequence of ``tokens``; None when a number or a formula is missing.

    Windowed layers keep at most their window (the runtime must honour it). The constant state of linear and
    state-space layers is not counted.
    """
    counts = _layer_counts(a)
    if counts is None:
        return None
    cached, windowed = counts
    full, window = _vector_elements(a, full=True), _vector_elements(a, full=False)
    if (cached and full is None) or (windowed and (window is None or a.sliding_window is None)):
        return None
    elements = cached * tokens * (full or 0) + windowed * min(tokens, a.sliding_window or 0) * (window or 0)
    return _BYTES_BF16 * elements


def kv_bytes_per_token(a: Architecture) -> int | None:
    """Return the bytes that one more token adds once every window is full (bf16); None when not modelled."""
    window = a.sliding_window or 0
    longer, shorter = kv_cache_bytes(a, window + 2), kv_cache_bytes(a, window + 1)
    return None if longer is None or shorter is None else longer - shorter


def weight_bytes(a: Architecture, parameters: int, precision: Precision) -> int:
    """Return the bytes of the weights; embedding and head stay in 16 bits when their size is known."""
    rows, hidden = a.embedding_rows or 0, a.hidden_size or 0
    embedding = min(parameters, rows * hidden * (1 if a.tied_embeddings else 2))
    return round((parameters - embedding) * BITS[precision] / 8) + embedding * _BYTES_BF16


def _layer_counts(a: Architecture) -> tuple[int, int] | None:
    """Return (layers that cache every token, layers that cache a window), or None when unknown or not modelled."""
    if a.layers is None:
        return None
    counts = a.layer_counts()
    if not counts:
        return None if a.kind == "hybrid" or a.sliding_window else (a.layers, 0)
    if set(counts) - _CACHED - _WINDOWED - _CONSTANT:
        return None
    return sum(counts.get(t, 0) for t in _CACHED), sum(counts.get(t, 0) for t in _WINDOWED)


def _vector_elements(a: Architecture, *, full: bool) -> int | None:
    """Return the elements that one token leaves in one layer's cache."""
    if a.mla:
        return a.mla.kv_rank + a.mla.rope_dim + (a.indexer.head_dim if a.indexer else 0)
    if a.indexer:
        return None
    heads = (a.global_kv_heads if full else None) or a.kv_heads
    dim = (a.global_head_dim if full else None) or a.head_dim
    return None if heads is None or dim is None else 2 * heads * dim
