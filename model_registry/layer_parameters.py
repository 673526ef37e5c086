"""What one layer of each kind holds, in closed form.

Sources of the formulas: attention and gated MLP by the layers' definitions (arXiv 1706.03762, 2002.05202); latent attention
DeepSeek-V2 (arXiv 2405.04434, section 2.1); gated DeltaNet arXiv 2412.06464; Kimi delta attention arXiv 2510.26692;
lightning attention arXiv 2501.08313; Mamba arXiv 2312.00752, Mamba-2 arXiv 2405.21060; AltUp arXiv 2301.13310, LAuReL
arXiv 2411.07501; and the code that each wiring names, against which the counts are checked.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TypeAlias

from model_registry.architecture_schema import Architecture, Bias, CompressedAttention, Indexer, LayerType, MixtureOfExperts
from model_registry.wiring_schema import Wiring

Parts: TypeAlias = dict[str, int]
"""Parameters by component."""
GATED = frozenset({"SwiGLU", "GeGLU", "clamped SwiGLU", "SiTU"})
"""Activations of MLPs with a gate: three matrices instead of two."""
_WINDOWED: frozenset[LayerType] = frozenset({"sliding_attention", "chunked_attention"})
_NO_MIXER: frozenset[LayerType] = frozenset({"mlp", "experts"})
_MLA_TYPES: frozenset[LayerType] = frozenset({"full_attention", "sparse_attention"})


class MissingNumberError(Exception):
    """A number that a formula needs is not known, or a layer has no formula."""


def need(block: object, name: str) -> int:
    """Return a number of a block; raises MissingNumberError when the number or the block is not known."""
    value = None if block is None else getattr(block, name)
    if value is None:
        message = f"{name} is not known"
        raise MissingNumberError(message)
    return int(value)


def layer_parts(a: Architecture, wiring: Wiring) -> Iterator[tuple[int, Parts]]:
    """Yield (how often, parameters by component) for the mixers, the feed-forward parts and the norms of all layers."""
    layers = need(a, "layers")
    doubled = 2 if wiring.two_sub_layers else 1
    if a.compressed:
        yield from _compressed(a, a.compressed)
    else:
        for (layer_type, shares), count in _mixers(a, layers).items():
            yield doubled * count, _mixer(a, wiring, layer_type, shares=shares)
        if a.indexer:
            yield a.indexer.layers or a.layer_counts().get("sparse_attention") or layers, _indexer(a, a.indexer)
    yield from _feed_forward(a, wiring, layers)
    yield doubled * layers, {"norms": (a.layer_norms or wiring.norms) * norm_width(a, wiring)}
    if a.residual_streams:
        yield 2 * layers, {"other": _stream_mixing(a, wiring)}
    if a.per_layer_embedding:
        size = a.per_layer_embedding.size
        yield layers, {"other": 2 * need(a, "hidden_size") * size, "norms": need(a, "hidden_size")}
    if a.alternating_updates:
        yield layers, _alternating_updates(a)


def norm_width(a: Architecture, wiring: Wiring) -> int:
    """Return the parameters of one normalisation of the hidden size."""
    return need(a, "hidden_size") * (2 if wiring.norm_biases else 1)


def _mixers(a: Architecture, layers: int) -> Counter[tuple[LayerType, bool]]:
    """Return how many layers have which mixer, and whether they read the keys and values of earlier layers."""
    types = layer_sequence(a)
    if not types and a.attention == "hybrid":
        message = "layer_types is not known"
        raise MissingNumberError(message)
    types = types or ["full_attention"] * layers
    first_shared = layers - (a.shared_kv_layers or 0)
    return Counter((layer_type, index >= first_shared) for index, layer_type in enumerate(types) if layer_type not in _NO_MIXER)


def layer_sequence(a: Architecture) -> list[LayerType]:
    """Return the type of every layer in order; empty when ``layer_types`` is not given."""
    return [layer_type for block in a.layer_types or () for _ in range(block.repeat) for layer_type, n in block.run for _ in range(n)]


def _mixer(a: Architecture, wiring: Wiring, layer_type: LayerType, *, shares: bool) -> Parts:
    if layer_type == "mamba":
        return _state_space(a, wiring)
    if layer_type == "linear_attention":
        return _linear(a, wiring)
    if layer_type == "convolution":
        hidden = need(a, "hidden_size")
        return {"linear": 4 * hidden * hidden + need(a, "convolution_kernel") * hidden}
    if layer_type == "attention_and_mamba":
        return {**_attention(a, wiring, layer_type, shares=shares), **_state_space(a, wiring)}
    if layer_type == "compressed_attention":
        message = "the compressed block is not known"
        raise MissingNumberError(message)
    if a.mla and layer_type in _MLA_TYPES:
        return _latent(a, wiring)
    return _attention(a, wiring, layer_type, shares=shares)


def _biases(a: Architecture, wiring: Wiring) -> frozenset[Bias]:
    return frozenset(wiring.biases if a.biases is None else a.biases)


def _normalises_queries(a: Architecture, wiring: Wiring) -> bool:
    if wiring.qk_norm_by_config and a.qk_norm is None:
        message = "qk_norm is not known"
        raise MissingNumberError(message)
    return wiring.qk_norm is not None and a.qk_norm is not False


def _attention(a: Architecture, wiring: Wiring, layer_type: LayerType, *, shares: bool) -> Parts:
    """Return one layer of multi-head, grouped or multi-query attention."""
    windowed, biases = layer_type in _WINDOWED, _biases(a, wiring)
    heads = need(a, "attention_heads") if windowed else a.global_attention_heads or need(a, "attention_heads")
    kv_heads = need(a, "kv_heads") if windowed else a.global_kv_heads or need(a, "kv_heads")
    dim = need(a, "head_dim") if windowed else a.global_head_dim or need(a, "head_dim")
    value_dim, hidden = a.value_dim or dim, need(a, "hidden_size")
    keys = 0 if shares else kv_heads * dim
    values = 0 if shares or (a.keys_as_values and not windowed) else kv_heads * value_dim
    projected, rank = heads * dim + keys + values, a.query_rank
    query = hidden * heads * dim if rank is None else rank * (hidden + heads * dim)
    count = query + hidden * (keys + values + heads * value_dim)
    count += projected if "query_key_value" in biases else 0
    count += hidden if "attention_output" in biases else 0
    count += _gate_and_sinks(a, wiring, layer_type, heads, value_dim)
    norms = rank or 0
    if _normalises_queries(a, wiring):
        norms += heads * dim + keys if wiring.qk_norm == "projection" else dim + (0 if shares else dim)
    return {"attention": count, "norms": norms}


def _gate_and_sinks(a: Architecture, wiring: Wiring, layer_type: LayerType, heads: int, value_dim: int) -> int:
    gate = {"none": 0, "head": heads, "element": heads * value_dim}[a.attention_gate or wiring.attention_gate] * need(a, "hidden_size")
    return gate + (heads if wiring.sinks and wiring.sinks_on in {"all", layer_type} else 0)


def _latent(a: Architecture, wiring: Wiring) -> Parts:
    """Return one layer of multi-head latent attention, its indexer apart."""
    mla, hidden, heads = a.mla, need(a, "hidden_size"), need(a, "attention_heads")
    if mla is None:
        message = "the mla block is not known"
        raise MissingNumberError(message)
    query_out = heads * (mla.nope_dim + mla.rope_dim)
    query = hidden * query_out if mla.q_rank is None else mla.q_rank * (hidden + query_out)
    key_value = hidden * (mla.kv_rank + mla.rope_dim) + mla.kv_rank * heads * (mla.nope_dim + mla.value_dim)
    output = heads * mla.value_dim * hidden
    extra = _gate_and_sinks(a, wiring, "full_attention", heads, mla.value_dim)
    return {"attention": query + key_value + output + extra, "norms": (mla.q_rank or 0) + mla.kv_rank}


def _indexer(a: Architecture, indexer: Indexer) -> Parts:
    """Return one indexer of sparse attention: queries, one key and what normalises and weighs them.

    Beside latent attention (DeepSeek-V3.2) queries come from the latent, the key's norm has a bias, heads are weighed;
    beside grouped attention (MiniMax-M3) queries come from the hidden state and both have a norm.
    """
    hidden, heads, dim = need(a, "hidden_size"), indexer.heads, indexer.head_dim
    if a.mla:
        return {"attention": need(a.mla, "q_rank") * heads * dim + hidden * dim + 2 * dim + hidden * heads}
    return {"attention": hidden * (heads + 1) * dim + 2 * dim}


def _linear(a: Architecture, wiring: Wiring) -> Parts:
    linear = a.linear
    if linear is None:
        message = "the linear block is not known"
        raise MissingNumberError(message)
    if linear.kind not in wiring.linear_kinds:
        message = f"no formula for {linear.kind} layers of model_type {a.model_type}"
        raise MissingNumberError(message)
    formulas: dict[str, Callable[[Architecture, Wiring], int]] = {
        "gated DeltaNet": _gated_delta,
        "KDA": _kimi_delta,
        "lightning": _lightning,
    }
    return {"linear": formulas[linear.kind](a, wiring)}


def _gated_delta(a: Architecture, _wiring: Wiring) -> int:
    hidden, linear = need(a, "hidden_size"), a.linear
    keys = need(linear, "key_heads") * need(linear, "key_dim")
    value_heads, value_dim = need(linear, "value_heads"), need(linear, "value_dim")
    values = value_heads * value_dim
    mixed = 2 * keys + values
    projections = hidden * (mixed + values + 2 * value_heads) + values * hidden
    return projections + need(linear, "convolution") * mixed + 2 * value_heads + value_dim


def _kimi_delta(a: Architecture, wiring: Wiring) -> int:
    hidden, linear = need(a, "hidden_size"), a.linear
    heads, dim = need(linear, "value_heads"), need(linear, "value_dim")
    width = heads * dim
    gate = hidden * width if wiring.linear_gate == "full" else dim * (hidden + width)
    small = need(linear, "convolution") * 3 * width + width + heads + dim
    return 4 * hidden * width + hidden * heads + 2 * gate + small


def _lightning(a: Architecture, wiring: Wiring) -> int:
    hidden, linear = need(a, "hidden_size"), a.linear
    dim = need(linear, "value_dim")
    width = need(linear, "value_heads") * dim
    return 5 * hidden * width + width + (2 * dim if wiring.linear_qk_norm else 0)


def _state_space(a: Architecture, wiring: Wiring) -> Parts:
    block, hidden = a.state_space, need(a, "hidden_size")
    if block is None:
        message = "the state_space block is not known"
        raise MissingNumberError(message)
    normalised = wiring.state_space_norms if block.normalised is None else block.normalised
    inner, state, kernel = need(block, "inner_size"), need(block, "state_size"), need(block, "convolution")
    if block.kind == "Mamba-1":
        rank = need(block, "step_rank")
        inside = rank + 2 * state if normalised else 0
        count = 3 * hidden * inner + inner * (kernel + 1) + inner * (rank + 2 * state) + rank * inner + inner
        return {"linear": count + inner * (state + 1) + inside}
    heads, groups = need(block, "heads"), need(block, "groups")
    mixed = inner + 2 * groups * state
    count = hidden * (inner + mixed + heads) + inner * hidden + mixed * (kernel + 1) + 3 * heads
    return {"linear": count + (inner if normalised else 0)}


def _feed_forward(a: Architecture, wiring: Wiring, layers: int) -> Iterator[tuple[int, Parts]]:
    expert_layers = 0 if a.moe is None else need(a.moe, "layers")
    dense_layers = _dense_layers(a, wiring, layers, expert_layers)
    if dense_layers:
        yield from _dense(a, wiring, dense_layers)
    if a.moe:
        biased = wiring.routing_biases is not None if a.routing_biases is None else a.routing_biases
        yield expert_layers, _experts(a, a.moe, wiring)
        yield expert_layers - (a.moe.hash_routed_layers or 0), {"routing_biases": _choices(a.moe) if biased else 0}


def _dense_layers(a: Architecture, wiring: Wiring, layers: int, expert_layers: int) -> int:
    """Return how many dense MLPs there are."""
    if wiring.two_sub_layers:
        return 2 * layers
    if wiring.single_mixer:
        return a.layer_counts().get("mlp", 0)
    return layers if wiring.dense_beside_experts else layers - expert_layers


def _dense(a: Architecture, wiring: Wiring, layers: int) -> Iterator[tuple[int, Parts]]:
    wide = a.shared_kv_layers or 0 if a.shared_kv_intermediate_size else 0
    width = need(a, "intermediate_size")
    yield layers - wide, {"mlp": _mlp(a, wiring, width)}
    if a.shared_kv_intermediate_size:
        yield wide, {"mlp": _mlp(a, wiring, a.shared_kv_intermediate_size)}


def _matrices(a: Architecture) -> int:
    if a.activation is None:
        message = "activation is not known"
        raise MissingNumberError(message)
    return 3 if a.activation in GATED else 2


def _mlp(a: Architecture, wiring: Wiring, width: int) -> int:
    hidden, matrices = need(a, "hidden_size"), _matrices(a)
    bias = (matrices - 1) * width + hidden if "mlp" in _biases(a, wiring) else 0
    return matrices * hidden * width + bias + wiring.activation_parameters


def _experts(a: Architecture, moe: MixtureOfExperts, wiring: Wiring) -> Parts:
    hidden, matrices, biases = need(a, "hidden_size"), _matrices(a), _biases(a, wiring)
    width, outside = need(moe, "intermediate_size"), moe.latent_size or hidden
    one = matrices * outside * width + ((matrices - 1) * width + outside if "experts" in biases else 0)
    choices = _choices(moe)
    scales = hidden + moe.experts if wiring.router_scales else 0
    shared_width = need(moe, "shared_intermediate_size") if need(moe, "shared") else 0
    return {
        "routed": moe.experts * one,
        "routed_active": moe.active * one,
        "shared": matrices * hidden * shared_width + (hidden if wiring.shared_expert_gate else 0),
        "router": choices * hidden + (choices if "router" in biases else 0) + scales,
        "norms": wiring.expert_norms * norm_width(a, wiring),
        "other": 2 * hidden * moe.latent_size if moe.latent_size else 0,
    }


def _choices(moe: MixtureOfExperts) -> int:
    """Return what a router chooses from: the experts and those that compute nothing."""
    return moe.experts + (moe.zero_experts or 0)


def _stream_mixing(a: Architecture, wiring: Wiring) -> int:
    """Return one mixing of residual streams: rows over all streams, a base and scales (arXiv 2409.19606)."""
    streams = need(a, "residual_streams")
    rows, scales = (streams * (2 + streams), 3) if wiring.stream_mixing == "full" else (2 * streams, 2)
    return rows * streams * need(a, "hidden_size") + rows + scales


def _alternating_updates(a: Architecture) -> Parts:
    block, hidden = a.alternating_updates, need(a, "hidden_size")
    if block is None:
        message = "the alternating_updates block is not known"
        raise MissingNumberError(message)
    n = block.inputs
    return {"other": hidden + n * n + n * n * n + n * hidden + 2 * hidden * block.low_rank, "norms": 2 * hidden}


def _compressed(a: Architecture, block: CompressedAttention) -> Iterator[tuple[int, Parts]]:
    """Yield the layers of compressed attention (DeepSeek-V4): one shared key-value head, grouped output, compressors, sinks."""
    hidden, heads, dim, rank = need(a, "hidden_size"), need(a, "attention_heads"), need(a, "head_dim"), need(a, "query_rank")
    output_rank = need(block, "output_rank")
    output = output_rank * heads * dim + need(block, "output_groups") * output_rank * hidden
    common = rank * (hidden + heads * dim) + hidden * dim + output + heads
    for ratio, layers in a.ratio_counts().items():
        indexed = ratio == block.indexed_ratio
        compressor = (ratio + 2 * hidden) * (2 if indexed else 1) * dim if ratio else 0
        selection = _compressed_indexer(a, ratio, rank) if indexed else 0
        yield layers, {"attention": common + compressor + selection, "norms": rank + dim + (dim if ratio else 0)}


def _compressed_indexer(a: Architecture, ratio: int, rank: int) -> int:
    heads, dim, hidden = need(a.indexer, "heads"), need(a.indexer, "head_dim"), need(a, "hidden_size")
    return (ratio + 2 * hidden) * 2 * dim + dim + rank * heads * dim + hidden * heads
