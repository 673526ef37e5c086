"""The registry's architecture as a transformers config: one set of numbers under every name that a config class may use.

Config classes read the names they know and ignore the others, so one dictionary serves them all; only names that mean
different things in different classes are set by model type.
"""

from typing import Any

from model_registry.architecture_schema import Architecture, LayerType
from model_registry.layer_parameters import layer_sequence
from model_registry.registry import Entry

EXPERT_WIDTH_IS_INTERMEDIATE = frozenset(
    {
        "mixtral",
        "gpt_oss",
        "minimax_m2",
        "phimoe",
        "granitemoe",
        "granitemoehybrid",
        "jamba",
        "olmoe",
        "flex_olmo",
        "llama4_text",
        "minimax",
        "hunyuan_v1_moe",
    }
)
"""Model types whose ``intermediate_size`` is the width of one expert."""
SANDWICH = 4
"""Normalisations of a layer that normalises before and after both of its parts."""
OWN_CODE = {"kimi_k2": "deepseek_v3"}
"""Types of other names whose configs name a class that transformers carries."""
TEXT_TYPE = {
    "mistral3": "mistral",
    "ministral3": "ministral3",
    "qwen3_5": "qwen3_5_text",
    "qwen3_5_moe": "qwen3_5_moe_text",
    "gemma3": "gemma3_text",
    "gemma3n": "gemma3n_text",
    "gemma4": "gemma4_text",
    "gemma4_unified": "gemma4_unified_text",
    "llama4": "llama4_text",
    "kimi_k25": "deepseek_v3",
    **OWN_CODE,
    "minimax_text_01": "minimax",
    "minimax_m1": "minimax",
    "hunyuan": "hunyuan_v1_moe",
    "exaone4_5": "exaone4",
}
"""Config type of the language model alone."""
COUNTS_FULL_LAYERS = frozenset({"mimo_v2_flash"})
"""Model types whose number of KV heads is that of the full-attention layers, the sliding ones have twice as many."""
_DERIVED = {
    "falcon": frozenset({"head_dim"}),
    "longcat_flash": frozenset({"num_hidden_layers"}),
    "falcon_h1": frozenset({"layers_block_type", "layer_types"}),
    "jamba": frozenset({"layers_block_type", "layer_types"}),
}
"""Names that a config class computes itself and refuses to be told."""
_NAMES: dict[LayerType, str] = {
    "sparse_attention": "full_attention",
    "convolution": "conv",
    "experts": "moe",
    "chunked_attention": "chunked_attention",
}


def config_of(entry: Entry) -> dict[str, Any] | None:
    """Return a config dictionary of a checkpoint's language model.

    None when the registry lacks a needed number, or the library's class has other weights than the checkpoint.
    """
    a = entry.architecture
    if (
        class_differs(a)
        or a.model_type is None
        or None in {a.layers, a.hidden_size, a.attention_heads, a.embedding_rows, a.tied_embeddings}
    ):
        return None
    model_type = TEXT_TYPE.get(a.model_type, a.model_type)
    found = {
        "model_type": model_type,
        "max_position_embeddings": _positions(a, model_type),
        "pad_token_id": 0,
        **_sizes(a),
        **_switches(a),
        **_layers(a, model_type),
        **_blocks(a),
        **_experts(a, model_type),
    }
    derived = _DERIVED.get(model_type, frozenset())
    known = {name: value for name, value in found.items() if value is not None and name not in derived}
    return {**known, "q_lora_rank": None} if a.mla and a.mla.q_rank is None else known


def class_differs(a: Architecture) -> bool:
    """Tell whether the class of a type has other weights than the checkpoint.

    Ling 2.5 has lightning attention and Ling 3.0 tiny a low-rank query, the class of their type neither; the class of
    LongCat-Flash allocates gates for experts that compute nothing; Step 3.7's has one head count for all layers; Hunyuan's
    gives every layer its own keys and values.
    """
    other_linear = a.linear is not None and a.linear.kind == "lightning"
    low_rank = a.mla is not None and a.mla.q_rank is not None
    return (
        (a.model_type == "bailing_hybrid" and (other_linear or low_rank))
        or (a.model_type == "hunyuan" and a.shared_kv_layers is not None)
        or a.model_type in {"longcat_flash", "step3p7"}
    )


def _positions(a: Architecture, model_type: str) -> int:
    """Return the longest sequence as a config states it: OPT keeps two more rows than positions."""
    rows = a.position_rows or 2048
    return rows - 2 if model_type == "opt" and a.position_rows else rows


def _sizes(a: Architecture) -> dict[str, Any]:
    kv_heads = a.attention_heads if a.mla else a.kv_heads
    full_kv = a.global_kv_heads or kv_heads
    dense = a.intermediate_size
    return {
        "vocab_size": a.embedding_rows,
        **dict.fromkeys(("hidden_size", "n_embd", "d_model", "word_embed_proj_dim"), a.hidden_size),
        **dict.fromkeys(("num_hidden_layers", "n_layer", "n_layers", "num_layers"), a.layers),
        **dict.fromkeys(("num_attention_heads", "n_head", "n_heads"), a.attention_heads),
        "tie_word_embeddings": a.tied_embeddings,
        "num_key_value_heads": full_kv if a.model_type in COUNTS_FULL_LAYERS else kv_heads,
        "num_kv_heads": full_kv,
        "num_global_key_value_heads": a.global_kv_heads,
        "global_head_dim": a.global_head_dim,
        "head_dim": a.head_dim or (a.mla and a.mla.rope_dim),
        "v_head_dim": a.value_dim,
        **dict.fromkeys(
            ("intermediate_size", "ffn_hidden_size", "ffn_dim", "n_inner", "intermediate_size_mlp", "shared_intermediate_size"), dense
        ),
    }


def _switches(a: Architecture) -> dict[str, Any]:
    found: dict[str, Any] = {
        "use_qk_norm": a.qk_norm,
        "attention_k_eq_v": a.keys_as_values,
        "num_kv_shared_layers": a.shared_kv_layers or 0,
        "use_double_wide_mlp": a.shared_kv_intermediate_size is not None,
        "block_auto_adjust_ff_dim": False,
        "use_post_norm": a.layer_norms in {None, SANDWICH},
        "qk_layernorm": a.qk_norm,
        "use_parallel_residual": a.layer_norms == 1,
        "gating": "per-element" if a.attention_gate == "element" else "per-head",
        "num_ln_in_parallel_attn": a.layer_norms or 1,
        "new_decoder_architecture": a.kv_heads not in {1, a.attention_heads},
        "multi_query": a.kv_heads == 1,
    }
    if a.biases is not None:
        bias = "query_key_value" in a.biases
        found |= {"attention_bias": bias, "use_qkv_bias": bias, "qkv_bias": bias, "mlp_bias": "mlp" in a.biases}
    return found


def _layers(a: Architecture, model_type: str) -> dict[str, Any]:
    sequence = layer_sequence(a)
    if not sequence and model_type == "granitemoehybrid":
        sequence = ["full_attention"] * (a.layers or 0)
    if not sequence:
        return {"sliding_window": a.sliding_window}
    names = [_NAMES.get(layer_type, layer_type) for layer_type in sequence]
    full = [layer_type == "full_attention" for layer_type in sequence]
    found: dict[str, Any] = {}
    if any(full):
        found |= {"attn_layer_period": len(full) // sum(full), "attn_layer_offset": full.index(True)}
    if a.global_attention_heads:
        found["num_attention_heads_per_layer"] = [a.global_attention_heads if is_full else a.attention_heads for is_full in full]
    if model_type in {"granitemoehybrid", "jamba", "nemotron_h"}:
        names = ["attention" if name == "full_attention" else name for name in names]
    return {**found, "layer_types": names, "layers_block_type": names, "sliding_window": a.sliding_window}


def _blocks(a: Architecture) -> dict[str, Any]:
    found: dict[str, Any] = {"hidden_size_per_layer_input": 0}
    if a.mla:
        found |= {"kv_lora_rank": a.mla.kv_rank, "qk_rope_head_dim": a.mla.rope_dim, "qk_nope_head_dim": a.mla.nope_dim}
        found |= {"v_head_dim": a.mla.value_dim, "q_lora_rank": a.mla.q_rank, "first_k_dense_replace": 0}
    if a.linear:
        linear = a.linear
        found |= {"linear_num_key_heads": linear.key_heads, "linear_num_value_heads": linear.value_heads}
        found |= {
            "linear_key_head_dim": linear.key_dim,
            "linear_value_head_dim": linear.value_dim,
            "linear_conv_kernel_dim": linear.convolution,
        }
        found |= {"linear_num_heads": linear.value_heads, "linear_head_dim": linear.value_dim}
    if a.indexer:
        found |= {"index_n_heads": a.indexer.heads, "index_head_dim": a.indexer.head_dim, "index_topk": a.indexer.top_k}
    if a.state_space:
        found |= _state_space(a)
    if a.per_layer_embedding:
        found |= {"vocab_size_per_layer_input": a.per_layer_embedding.rows, "hidden_size_per_layer_input": a.per_layer_embedding.size}
    if a.alternating_updates:
        found |= {"altup_num_inputs": a.alternating_updates.inputs, "laurel_rank": a.alternating_updates.low_rank}
    return found


def _state_space(a: Architecture) -> dict[str, Any]:
    block = a.state_space
    if block is None or block.inner_size is None or a.hidden_size is None:
        return {}
    head_dim = block.inner_size // block.heads if block.heads else None
    found = {
        "mamba_d_state": block.state_size,
        "ssm_state_size": block.state_size,
        "mamba_n_groups": block.groups,
        "n_groups": block.groups,
    }
    found |= {"mamba_n_heads": block.heads, "mamba_num_heads": block.heads, "mamba_d_head": head_dim, "mamba_head_dim": head_dim}
    found |= {"mamba_d_conv": block.convolution, "conv_kernel": block.convolution, "mamba_d_ssm": block.inner_size}
    return {**found, "mamba_expand": block.inner_size // a.hidden_size, "mamba_dt_rank": block.step_rank}


def _experts(a: Architecture, model_type: str) -> dict[str, Any]:
    moe = a.moe
    if moe is None or a.layers is None:
        return {"granitemoehybrid": {"num_local_experts": 0}, "jamba": {"num_experts": 1, "num_experts_per_tok": 1}}.get(model_type, {})
    dense = a.layers - (moe.layers or a.layers)
    single = moe.shared_intermediate_size // moe.shared if moe.shared and moe.shared_intermediate_size else None
    found = {
        **dict.fromkeys(("num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts"), moe.experts),
        **dict.fromkeys(("num_experts_per_tok", "num_experts_per_token", "moe_topk", "moe_k"), moe.active),
        **dict.fromkeys(("moe_intermediate_size", "expert_ffn_hidden_size"), moe.intermediate_size),
        **dict.fromkeys(("n_shared_experts", "num_shared_experts", "moe_num_shared_experts"), moe.shared),
        **dict.fromkeys(("shared_expert_intermediate_size", "shared_intermediate_size"), moe.shared_intermediate_size),
        "moe_shared_expert_intermediate_size": single,
        "first_k_dense_replace": dense,
        **dict.fromkeys(("interleave_moe_layer_step", "expert_layer_period"), a.layers // (moe.layers or a.layers)),
        "expert_layer_offset": 1,
        "num_dense_layers": dense,
        "moe_layer_start_index": dense,
        "moe_layer_end_index": a.layers - 1,
        "mlp_layer_types": ["dense"] * dense + ["sparse"] * (a.layers - dense),
        "moe_latent_size": moe.latent_size,
        "enable_moe_block": True,
        "zero_expert_num": moe.zero_experts,
        "n_group": 1,
        "topk_group": 1,
        "num_expert_group": 1,
    }
    if model_type in EXPERT_WIDTH_IS_INTERMEDIATE:
        found["intermediate_size"] = moe.intermediate_size
    return found
