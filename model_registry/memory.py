"""Bytes to serve a model: weights and KV cache, from the architecture's own numbers.

Sources of the formulas: KV cache of multi-head, grouped and multi-query attention: two vectors of kv_heads * head_dim a
layer and token; of latent attention: one latent and one rotary key (DeepSeek-V2, arXiv 2405.04434, section 2.1.4).
Layer types without a formula here are refused: the functions answer None, never a guess.
"""

from typing import Literal, TypeAlias

from model_registry.architecture_schema import Architecture, LayerType
from model_registry.layer_parameters import layer_sequence

Precision: TypeAlias = Literal["bf16", "fp8", "int8", "int4"]

GIB = 2**30
BITS: dict[Precision, float] = {"bf16": 16.0, "fp8": 8.002, "int8": 8.1875, "int4": 4.156}
"""Bits a weight, scales included: FP8 in blocks of 128, GPTQ int8 and GPTQ/AWQ int4 in groups of 128."""
HIGH_FACTOR, HIGH_FIXED = 1.25, GIB
"""The upper end of the range: 1.25 times the formula and 1 GiB, for activations, fragmentation and the runtime."""
_CACHED: frozenset[LayerType] = frozenset({"full_attention", "sparse_attention", "attention_and_mamba"})
_WINDOWED: frozenset[LayerType] = frozenset({"sliding_attention", "chunked_attention"})
_UNCACHED: frozenset[LayerType] = frozenset({"linear_attention", "mamba", "convolution", "mlp", "experts"})
"""Layers without attention: nothing, or a state that does not grow with the tokens."""
_BYTES_BF16 = 2


def upper_end(low_bytes: float) -> int:
    """Return the upper end of the range whose lower end is the formula's weights and KV cache (bytes)."""
    return round(HIGH_FACTOR * low_bytes + HIGH_FIXED)


def kv_cache_bytes(a: Architecture, tokens: int) -> int | None:
    """Return the bf16 KV cache of one sequence of ``tokens``; None when a number or a formula is missing.

    Windowed layers keep at most their window (the runtime must honour it). The constant state of linear and
    state-space layers is not counted.
    """
    if a.compressed:
        return _compressed_cache_bytes(a, tokens)
    counts = _layer_counts(a)
    if counts is None:
        return None
    cached, windowed = counts
    full, window = _vector_elements(a, full=True), _vector_elements(a, full=False)
    if (cached and full is None) or (windowed and (window is None or a.sliding_window is None)):
        return None
    elements = cached * tokens * (full or 0) + windowed * min(tokens, a.sliding_window or 0) * (window or 0)
    if a.indexer:
        indexers = a.indexer.layers or a.layer_counts().get("sparse_attention") or cached
        elements += indexers * tokens * a.indexer.head_dim
    return _BYTES_BF16 * elements


def _compressed_cache_bytes(a: Architecture, tokens: int) -> int | None:
    """Return the cache of compressed attention (DeepSeek-V4): a window of keys, and one entry for every ``ratio`` tokens.

    The one key-value head serves as key and value, so a token leaves one vector; indexed layers keep an index key with
    each entry.
    """
    if a.compressed is None or a.head_dim is None or a.sliding_window is None or a.indexer is None:
        return None
    elements = 0
    for ratio, layers in a.ratio_counts().items():
        entries = -(-tokens // ratio) if ratio else 0
        width = a.head_dim + (a.indexer.head_dim if ratio == a.compressed.indexed_ratio else 0)
        elements += layers * (min(tokens, a.sliding_window) * a.head_dim + entries * width)
    return _BYTES_BF16 * elements


def kv_bytes_per_token(a: Architecture) -> int | None:
    """Return the bytes that one more token adds once every window is full (bf16), over whole entries; None when not modelled."""
    window, step = a.sliding_window or 0, max(a.ratio_counts(), default=1)
    shorter, longer = kv_cache_bytes(a, window + step), kv_cache_bytes(a, window + 2 * step)
    return None if longer is None or shorter is None else (longer - shorter) // step


def weight_bytes(a: Architecture, parameters: int, precision: Precision) -> int:
    """Return the bytes of the weights; embedding and head stay in 16 bits when their size is known."""
    rows, hidden = a.embedding_rows or 0, a.hidden_size or 0
    embedding = min(parameters, rows * hidden * (1 if a.tied_embeddings else 2))
    return round((parameters - embedding) * BITS[precision] / 8) + embedding * _BYTES_BF16


def _layer_counts(a: Architecture) -> tuple[int, int] | None:
    """Return (layers that cache every token, layers that cache a window), or None when unknown or not modelled."""
    if a.layers is None:
        return None
    types = layer_sequence(a)
    if not types and (a.attention == "hybrid" or a.kind == "hybrid" or a.sliding_window):
        return None
    own = (types or ["full_attention"] * a.layers)[: a.layers - (a.shared_kv_layers or 0)]
    if set(own) - _CACHED - _WINDOWED - _UNCACHED:
        return None
    return sum(layer in _CACHED for layer in own), sum(layer in _WINDOWED for layer in own)


def _vector_elements(a: Architecture, *, full: bool) -> int | None:
    """Return the elements that one token leaves in one layer's cache, index keys apart."""
    if a.mla and full:
        return a.mla.kv_rank + a.mla.rope_dim
    heads = (a.global_kv_heads if full else None) or a.kv_heads
    dim = (a.global_head_dim if full else None) or a.head_dim
    return None if heads is None or dim is None else heads * (dim + (a.value_dim or dim))
