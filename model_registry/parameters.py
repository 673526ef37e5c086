"""What the architecture's numbers say about the parameter count.

The large matrices (embedding, head, attention, MLP, experts, router) are counted in closed form; biases, norms and other
small tensors are not, so the count is a lower bound that a published total exceeds by a fraction of a per cent.
Architectures with layers that have no formula here (linear attention, state space, compressed attention) give None.
"""

from model_registry.schema import Architecture

_GATED = frozenset({"SwiGLU", "GeGLU", "clamped SwiGLU", "SiTU"})
_PLAIN_LAYERS = frozenset({"full_attention", "sliding_attention", "chunked_attention", "sparse_attention"})


def matrix_parameters(a: Architecture) -> int | None:
    """Return the parameters of the main model's large matrices, or None when a number or a formula is missing."""
    parts = (_embedding(a), _attention(a), _feed_forward(a))
    return None if None in parts else sum(part for part in parts if part is not None)


def active_parameters(a: Architecture, total: int | None) -> int | None:
    """Return the parameters that one token uses, input embedding included.

    A dense model uses all. In a mixture: total - layers * (experts - active) * 3 * hidden * expert width, exact when
    the experts are gated MLPs without biases (biases are below 0.01 %).
    """
    if total is None:
        return None
    if a.moe is None:
        return total if a.kind == "dense" or a.activation in _GATED else None
    moe = a.moe
    if moe.layers is None or moe.intermediate_size is None or a.hidden_size is None:
        return None
    return total - moe.layers * (moe.experts - moe.active) * 3 * a.hidden_size * moe.intermediate_size


def unexplained_share(a: Architecture, total: int | None) -> float | None:
    """Return (total - matrices) / total: small and not negative when total and architecture agree; None when unknown."""
    matrices = matrix_parameters(a)
    return None if matrices is None or total is None else (total - matrices) / total


def _embedding(a: Architecture) -> int | None:
    if a.embedding_rows is None or a.hidden_size is None or a.tied_embeddings is None:
        return None
    return a.embedding_rows * a.hidden_size * (1 if a.tied_embeddings else 2)


def _attention(a: Architecture) -> int | None:
    if a.layers is None or a.hidden_size is None or a.attention_heads is None or set(a.layer_counts()) - _PLAIN_LAYERS:
        return None
    if a.attention == "hybrid" or a.indexer or a.global_kv_heads or a.global_head_dim:
        return None
    if a.mla:
        return a.layers * _latent(a)
    if a.kv_heads is None or a.head_dim is None:
        return None
    return a.layers * a.hidden_size * a.head_dim * 2 * (a.attention_heads + a.kv_heads)


def _latent(a: Architecture) -> int:
    """Return one MLA layer's projections (DeepSeek-V2, arXiv 2405.04434, section 2.1)."""
    mla, hidden, heads = a.mla, a.hidden_size, a.attention_heads
    if mla is None or hidden is None or heads is None:
        message = "latent attention needs an mla block, hidden_size and attention_heads"
        raise ValueError(message)
    query_out = heads * (mla.nope_dim + mla.rope_dim)
    query = hidden * query_out if mla.q_rank is None else mla.q_rank * (hidden + query_out)
    key_value = hidden * (mla.kv_rank + mla.rope_dim) + mla.kv_rank * heads * (mla.nope_dim + mla.value_dim)
    return query + key_value + heads * mla.value_dim * hidden


def _feed_forward(a: Architecture) -> int | None:
    if a.layers is None or a.hidden_size is None or a.activation is None:
        return None
    matrices = 3 if a.activation in _GATED else 2
    moe = a.moe
    expert_layers = 0 if moe is None else moe.layers
    if expert_layers is None:
        return None
    dense_layers = a.layers - expert_layers
    if dense_layers and a.intermediate_size is None:
        return None
    dense = dense_layers * matrices * a.hidden_size * (a.intermediate_size or 0)
    if moe is None:
        return dense
    if moe.intermediate_size is None or moe.shared is None or (moe.shared and moe.shared_intermediate_size is None):
        return None
    width = moe.experts * moe.intermediate_size + (moe.shared_intermediate_size or 0)
    return dense + expert_layers * (matrices * a.hidden_size * width + moe.experts * a.hidden_size)
