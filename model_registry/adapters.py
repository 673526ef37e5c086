"""The matrices that low-rank adapters attach to, and how many parameters the adapters have.

An adapter of rank r beside a matrix from a to b inputs and outputs has r * (a + b) parameters (LoRA, arXiv 2106.09685).
Routed experts get none: fine-tuning libraries leave them alone unless asked; gates of attention get none either. Codes that
fuse projections into one matrix have slightly fewer parameters than is counted here for the parts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from model_registry.architecture_schema import Architecture, CompressedAttention, LatentAttention, LayerType
from model_registry.layer_parameters import GATED, MissingNumberError, layer_sequence, need
from model_registry.parameters import NotModelled
from model_registry.wiring_schema import Wiring

Targets: TypeAlias = Literal["query_value", "attention", "all"]
"""Adapters on the projections of queries and values, on all of attention, or on every matrix of the layers."""
_WINDOWED: frozenset[LayerType] = frozenset({"sliding_attention", "chunked_attention"})
_QUERY_VALUE = frozenset({"query", "value", "query_up", "key_value_up"})


@dataclass(frozen=True)
class Matrix:
    """One kind of matrix: in which part of a layer, its name, inputs, outputs, and how many there are."""

    part: Literal["attention", "linear", "mlp"]
    name: str
    inputs: int
    outputs: int
    count: int


def adapter_parameters(a: Architecture, wiring: Wiring | None, rank: int, targets: Targets = "all") -> int | NotModelled:
    """Return the trainable parameters of adapters of one rank, or NotModelled with the reason."""
    if wiring is None:
        return NotModelled(f"no formula for model_type {a.model_type}")
    try:
        chosen = [matrix for matrix in matrices(a, wiring) if _targeted(matrix, targets)]
    except MissingNumberError as error:
        return NotModelled(str(error))
    return sum(rank * (m.inputs + m.outputs) * m.count for m in chosen)


def _targeted(matrix: Matrix, targets: Targets) -> bool:
    if targets == "query_value":
        return matrix.part == "attention" and matrix.name in _QUERY_VALUE
    return targets == "all" or matrix.part == "attention"


def matrices(a: Architecture, wiring: Wiring) -> Iterator[Matrix]:
    """Yield the matrices of all layers, routed experts left out. Raises MissingNumberError."""
    layers = need(a, "layers")
    doubled = 2 if wiring.two_sub_layers else 1
    if a.compressed:
        yield from _compressed(a, a.compressed, layers)
    else:
        types = layer_sequence(a) or ["full_attention"] * layers
        own = types[: layers - (a.shared_kv_layers or 0)]
        for layer in dict.fromkeys(types):
            yield from _mixer(a, layer, doubled * types.count(layer), doubled * own.count(layer))
    yield from _feed_forward(a, wiring, layers)


def _mixer(a: Architecture, layer: LayerType, count: int, own: int) -> Iterator[Matrix]:
    """Yield the matrices of ``count`` mixers, of which ``own`` have keys and values of their own."""
    hidden = need(a, "hidden_size")
    if layer == "linear_attention":
        yield from _linear(a, count)
    elif layer == "convolution":
        yield Matrix("linear", "in", hidden, 3 * hidden, count)
        yield Matrix("linear", "out", hidden, hidden, count)
    elif layer not in {"mamba", "mlp", "experts"}:
        yield from _latent(a, a.mla, count) if a.mla and layer not in _WINDOWED else _attention(a, layer, count, own)
    if layer in {"mamba", "attention_and_mamba"}:
        yield from _state_space(a, count)


def _attention(a: Architecture, layer: LayerType, count: int, own: int) -> Iterator[Matrix]:
    windowed, hidden = layer in _WINDOWED, need(a, "hidden_size")
    heads = (None if windowed else a.global_attention_heads) or need(a, "attention_heads")
    kv_heads = (None if windowed else a.global_kv_heads) or need(a, "kv_heads")
    dim = (None if windowed else a.global_head_dim) or need(a, "head_dim")
    value_dim = a.value_dim or dim
    if a.query_rank is None:
        yield Matrix("attention", "query", hidden, heads * dim, count)
    else:
        yield Matrix("attention", "query_down", hidden, a.query_rank, count)
        yield Matrix("attention", "query_up", a.query_rank, heads * dim, count)
    yield Matrix("attention", "key", hidden, kv_heads * dim, own)
    if windowed or not a.keys_as_values:
        yield Matrix("attention", "value", hidden, kv_heads * value_dim, own)
    yield Matrix("attention", "output", heads * value_dim, hidden, count)


def _latent(a: Architecture, mla: LatentAttention, count: int) -> Iterator[Matrix]:
    hidden, heads = need(a, "hidden_size"), need(a, "attention_heads")
    query_out = heads * (mla.nope_dim + mla.rope_dim)
    if mla.q_rank is None:
        yield Matrix("attention", "query", hidden, query_out, count)
    else:
        yield Matrix("attention", "query_down", hidden, mla.q_rank, count)
        yield Matrix("attention", "query_up", mla.q_rank, query_out, count)
    yield Matrix("attention", "key_value_down", hidden, mla.kv_rank + mla.rope_dim, count)
    yield Matrix("attention", "key_value_up", mla.kv_rank, heads * (mla.nope_dim + mla.value_dim), count)
    yield Matrix("attention", "output", heads * mla.value_dim, hidden, count)


def _compressed(a: Architecture, block: CompressedAttention, layers: int) -> Iterator[Matrix]:
    hidden, width, rank = need(a, "hidden_size"), need(a, "attention_heads") * need(a, "head_dim"), need(a, "query_rank")
    groups, output_rank = need(block, "output_groups"), need(block, "output_rank")
    yield Matrix("attention", "query_down", hidden, rank, layers)
    yield Matrix("attention", "query_up", rank, width, layers)
    yield Matrix("attention", "key_value", hidden, need(a, "head_dim"), layers)
    yield Matrix("attention", "output_down", width // groups, groups * output_rank, layers)
    yield Matrix("attention", "output_up", groups * output_rank, hidden, layers)


def _linear(a: Architecture, count: int) -> Iterator[Matrix]:
    hidden, linear = need(a, "hidden_size"), a.linear
    values = need(linear, "value_heads") * need(linear, "value_dim")
    gated = linear is not None and linear.kind == "gated DeltaNet"
    keys = need(linear, "key_heads") * need(linear, "key_dim") if gated else values
    yield Matrix("linear", "query", hidden, keys, count)
    yield Matrix("linear", "key", hidden, keys, count)
    yield Matrix("linear", "value", hidden, values, count)
    if linear is not None and linear.kind != "KDA":
        yield Matrix("linear", "gate", hidden, values, count)
    yield Matrix("linear", "output", values, hidden, count)


def _state_space(a: Architecture, count: int) -> Iterator[Matrix]:
    hidden, block = need(a, "hidden_size"), a.state_space
    inner, state = need(block, "inner_size"), need(block, "state_size")
    first = 2 * inner
    if block is not None and block.kind == "Mamba-2":
        first += 2 * need(block, "groups") * state + need(block, "heads")
    yield Matrix("linear", "in", hidden, first, count)
    yield Matrix("linear", "out", inner, hidden, count)


def _feed_forward(a: Architecture, wiring: Wiring, layers: int) -> Iterator[Matrix]:
    expert_layers = 0 if a.moe is None else need(a.moe, "layers")
    if wiring.single_mixer:
        dense = a.layer_counts().get("mlp", 0)
    elif wiring.two_sub_layers:
        dense = 2 * layers
    else:
        dense = layers if wiring.dense_beside_experts else layers - expert_layers
    wide = a.shared_kv_layers or 0 if a.shared_kv_intermediate_size else 0
    if dense:
        yield from _mlp(a, need(a, "intermediate_size"), dense - wide)
    if a.shared_kv_intermediate_size:
        yield from _mlp(a, a.shared_kv_intermediate_size, wide)
    if a.moe and a.moe.shared_intermediate_size:
        yield from _mlp(a, a.moe.shared_intermediate_size, expert_layers)


def _mlp(a: Architecture, width: int, count: int) -> Iterator[Matrix]:
    hidden = need(a, "hidden_size")
    if a.activation in GATED:
        yield Matrix("mlp", "gate", hidden, width, count)
    yield Matrix("mlp", "up", hidden, width, count)
    yield Matrix("mlp", "down", width, hidden, count)
