"""A config.json as the fields of an Architecture: pure, from the raw JSON and the tables of ``config_rules``.

What the config does not state and no rule of its model type gives is null; nothing is filled in from class defaults.
"""

from collections.abc import Mapping

from model_registry.architecture_schema import Bias
from model_registry.config_layers import CONSTANT_STATE, WINDOWED, Types, expert_layers, layer_types, run_length
from model_registry.config_reader import Json, ModelConfig, as_count, as_number, first_number, read_config
from model_registry.config_rules import ACTIVATIONS, NAMES

Fields = dict[str, object]
"""Fields of an Architecture without its source, as plain data."""

_POSITION_SWITCHES: Mapping[str, Mapping[object, str]] = {
    "alibi": {True: "ALiBi", False: "RoPE"},
    "mla_use_nope": {True: "NoPE"},
    "position_embedding_type": {"rope": "RoPE", "nope": "NoPE", "alibi": "ALiBi"},
}
_DELTA_NET = {
    "key_heads": "linear_num_key_heads",
    "value_heads": "linear_num_value_heads",
    "key_dim": "linear_key_head_dim",
    "value_dim": "linear_value_head_dim",
    "convolution": "linear_conv_kernel_dim",
}
_STATE_SPACE: tuple[tuple[str, Mapping[str, str]], ...] = (
    (
        "Mamba-2",
        {
            "heads": "mamba_num_heads",
            "head_dim": "mamba_head_dim",
            "state_size": "ssm_state_size",
            "groups": "n_groups",
            "convolution": "conv_kernel",
        },
    ),
    (
        "Mamba-2",
        {
            "heads": "mamba_n_heads",
            "head_dim": "mamba_d_head",
            "state_size": "mamba_d_state",
            "groups": "mamba_n_groups",
            "convolution": "mamba_d_conv",
        },
    ),
)
_INDEXED_RATIO = 4
"""The ratio whose layers have an indexer in DeepSeek-V4's code."""


class ConfigError(Exception):
    """A config from which no valid architecture can be written; the message names the missing number."""


def architecture_fields(config: Json) -> Fields:
    """Return the fields of an Architecture, unknown ones null; raises ConfigError when a block cannot be written."""
    c = read_config(config)
    types = layer_types(c)
    blocks = {"moe": _experts(c, types), "mla": _latent(c), **_constant_state(c, types), **_further_blocks(c)}
    hybrid = bool(CONSTANT_STATE & set(types or ())) or bool(types is None and (blocks["linear"] or blocks["state_space"]))
    fields: Fields = {
        "kind": "hybrid" if hybrid else "moe" if blocks["moe"] else "dense",
        "model_type": c.model_type,
        "layers": c.layers,
        "hidden_size": c.named("hidden_size"),
        "intermediate_size": _dense_width(c, blocks["moe"], types),
        **_heads(c, types, hybrid=hybrid),
        **_position(c),
        "norm": c.rules.norm if c.rules else None,
        "activation": _activation(c),
        "tied_embeddings": _tied(c),
        "embedding_rows": c.named("embedding_rows"),
    }
    optional = {**blocks, **_layers(c, types, hybrid=hybrid), **_head_variants(c, types), **_extras(c)}
    return {**fields, **{name: value for name, value in optional.items() if value is not None}, **_not_found(types, hybrid=hybrid)}


def context_length(config: Json) -> int | None:
    """Return the config's maximum positions, or None when it does not state them."""
    return read_config(config).named("context")


def takes_images(config: Json) -> bool | None:
    """Return True when the config has a vision tower, False when its known model type has none, None when that cannot be told."""
    if isinstance(config.get("vision_config"), dict):
        return True
    return None if read_config(config).rules is None else False


def has_rules(config: Json) -> bool:
    """Tell whether the model type is one whose code the tables describe."""
    return read_config(config).rules is not None


def _experts(c: ModelConfig, types: Types | None) -> Fields | None:
    experts = c.named("experts")
    if experts is None or experts == 1 or c.text.get("enable_moe_block") is False:
        return None
    active = c.named("active")
    if active is None:
        message = f"the config names {experts} experts but not how many a token uses: write this release by hand"
        raise ConfigError(message)
    width = c.count(c.rules.expert_width_key if c.rules else "moe_intermediate_size")
    shared, shared_width = _shared(c, width)
    block: Fields = {"experts": experts, "active": active, "intermediate_size": width}
    block |= {"shared": shared, "shared_intermediate_size": shared_width, "layers": expert_layers(c, types)}
    further = {
        "latent_size": c.count("routed_expert_hidden_size", "moe_latent_size"),
        "hash_routed_layers": c.count("num_hash_layers"),
        "zero_experts": c.count("zero_expert_num"),
    }
    return block | {name: value for name, value in further.items() if value is not None}


def _shared(c: ModelConfig, width: int | None) -> tuple[int | None, int | None]:
    """Return how many shared experts there are and how wide they are together."""
    stated = c.named("shared", zero=True)
    shared = stated if stated is not None else c.rules.shared if c.rules and not c.states(*NAMES["shared"]) else None
    stated_width = c.named("shared_width")
    if shared in {None, 0} and stated_width is not None:
        shared = 1
    if not shared:
        return shared, None
    if stated_width is not None:
        return shared, stated_width if shared == 1 else None
    kind = c.rules.shared_width if c.rules else "stated"
    return shared, {"stated": None, "expert": width, "expert times count": width and width * shared}[kind]


def _latent(c: ModelConfig) -> Fields | None:
    block: Fields = {"kv_rank": c.count("kv_lora_rank"), "rope_dim": c.count("qk_rope_head_dim", zero=True)}
    block |= {"nope_dim": c.count("qk_nope_head_dim"), "value_dim": c.count("v_head_dim")}
    return None if None in block.values() else {**block, "q_rank": c.count("q_lora_rank")}


def _constant_state(c: ModelConfig, types: Types | None) -> Fields:
    """Return the blocks of layers with a constant state, as far as there can be such layers."""
    seen = set(types) if types is not None else {"linear_attention", "mamba", "attention_and_mamba"}
    linear = _linear(c) if "linear_attention" in seen else None
    return {"linear": linear, "state_space": _state_space(c) if seen & {"mamba", "attention_and_mamba"} else None}


def _linear(c: ModelConfig) -> Fields | None:
    if c.states("linear_num_value_heads"):
        return {"kind": "gated DeltaNet", **{name: c.count(key) for name, key in _DELTA_NET.items()}}
    block = c.block("linear_attn_config")
    if "kda_layers" not in block:
        return None
    heads, dim = as_count(block.get("num_heads")), as_count(block.get("head_dim"))
    convolution = as_count(block.get("short_conv_kernel_size"))
    return {"kind": "KDA", "key_heads": heads, "value_heads": heads, "key_dim": dim, "value_dim": dim, "convolution": convolution}


def _state_space(c: ModelConfig) -> Fields | None:
    for kind, keys in _STATE_SPACE:
        numbers = {name: c.count(key) for name, key in keys.items()}
        heads, dim = numbers["heads"], numbers.pop("head_dim")
        if heads is not None:
            return {"kind": kind, "inner_size": heads * dim if dim else None, **numbers}
    return None


def _further_blocks(c: ModelConfig) -> Fields:
    sparse = c.block("sparse_attention_config")
    heads = c.count("index_n_heads") or as_count(sparse.get("sparse_num_index_heads"))
    dim = c.count("index_head_dim") or as_count(sparse.get("sparse_index_dim"))
    rows, size = c.count("vocab_size_per_layer_input"), c.count("hidden_size_per_layer_input")
    inputs, rank = c.count("altup_num_inputs"), c.count("laurel_rank")
    indexer: Fields = {"heads": heads, "head_dim": dim, "top_k": c.count("index_topk")}
    if own := c.items("indexer_types").count("full") or c.items("compress_ratios")[: c.layers].count(_INDEXED_RATIO):
        indexer["layers"] = own
    return {
        "indexer": indexer if heads and dim else None,
        "per_layer_embedding": {"rows": rows, "size": size} if rows and size else None,
        "alternating_updates": {"inputs": inputs, "low_rank": rank} if inputs and rank else None,
        "compressed": _compressed(c),
    }


def _compressed(c: ModelConfig) -> Fields | None:
    stated = [as_count(ratio, zero=True) for ratio in c.items("compress_ratios")][: c.layers or 0]
    ratios = [ratio for ratio in stated if ratio is not None]
    if _INDEXED_RATIO not in ratios or len(ratios) != c.layers:
        return None
    groups, rank = c.count("o_groups"), c.count("o_lora_rank")
    return {"ratios": run_length(ratios), "indexed_ratio": _INDEXED_RATIO, "output_groups": groups, "output_rank": rank}


def _dense_width(c: ModelConfig, moe: object, types: Types | None) -> int | None:
    """Return the width of the dense MLP; null where every layer has experts instead."""
    rules = c.rules
    if types and "experts" in types and "mlp" not in types:
        return None
    if isinstance(moe, dict) and not (rules and rules.dense_beside_experts):
        if moe["layers"] is None or moe["layers"] == c.layers or c.named("intermediate_size") is None:
            return None
        if rules and rules.expert_width_key == "intermediate_size" and not rules.dense_width_key:
            return None
    own = c.count(rules.dense_width_key) if rules and rules.dense_width_key else None
    width = own or c.named("intermediate_size")
    if width is None and rules and rules.mlp_over_hidden:
        hidden = c.named("hidden_size")
        return hidden and hidden * rules.mlp_over_hidden
    return width // 2 if width and rules and rules.halved_mlp else width


def _heads(c: ModelConfig, types: Types | None, *, hybrid: bool) -> Fields:
    heads, latent = c.count("swa_num_attention_heads") or c.named("attention_heads"), _latent(c) is not None
    kv_heads = None if latent else c.count("swa_num_key_value_heads") or _kv_heads(c)
    mixed = hybrid or "compressed_attention" in (types or ())
    attention = "hybrid" if mixed else "MLA" if latent else _attention(heads, kv_heads)
    return {"attention": attention, "attention_heads": heads, "kv_heads": kv_heads, "head_dim": None if latent else _head_dim(c)}


def _kv_heads(c: ModelConfig) -> int | None:
    heads = c.named("attention_heads")
    if c.text.get("multi_query_attention") is True:
        return c.count("multi_query_group_num")
    if c.states("multi_query", "new_decoder_architecture") and c.text.get("new_decoder_architecture") is not True:
        return 1 if c.text.get("multi_query") is True else heads
    return c.named("kv_heads") or (heads if c.rules and c.rules.kv_heads_as_heads and c.value(*NAMES["kv_heads"]) is None else None)


def _attention(heads: int | None, kv_heads: int | None) -> str | None:
    if heads is None or kv_heads is None or kv_heads > heads:
        return None
    return "MHA" if kv_heads == heads else "MQA" if kv_heads == 1 else "GQA"


def _head_dim(c: ModelConfig) -> int | None:
    stated = c.count("swa_head_dim") or c.named("head_dim")
    hidden, heads = c.named("hidden_size"), c.named("attention_heads")
    if stated or not c.rules or not c.rules.head_dim_by_division or not hidden or not heads:
        return stated
    return hidden // heads or None


def _position(c: ModelConfig) -> Fields:
    switched = next((words[c.text[key]] for key, words in _POSITION_SWITCHES.items() if _is_key(c.text.get(key), words)), None)
    position = switched or (c.rules.position if c.rules else None)
    return {"position": position, "rope_theta": None if position in {"ALiBi", "NoPE", "learned"} else _rope_theta(c)}


def _is_key(value: object, words: Mapping[object, str]) -> bool:
    return isinstance(value, str | bool) and value in words


def _rope_theta(c: ModelConfig) -> float | None:
    """Return the base of the rotary embedding, that of the full-attention layers where they have their own."""
    nested = c.block("rope_parameters") or c.block("rope_scaling")
    full = nested.get("full_attention")
    inner = full.get("rope_theta") if isinstance(full, dict) else None
    return first_number([*(c.text.get(name) for name in NAMES["rope_theta"]), nested.get("rope_theta"), inner])


def _partial_rotary(c: ModelConfig) -> float | None:
    """Return the share of a head that is rotated, or None when it is all or not stated."""
    stated = [*(c.text.get(name) for name in NAMES["partial_rotary"]), c.block("rope_parameters").get("partial_rotary_factor")]
    rotated, dim = c.count("rotary_dim", "qk_rope_head_dim"), _head_dim(c)
    divided = rotated / dim if rotated and dim and _latent(c) is None else None
    share = first_number([*stated, divided])
    return share if share is not None and share < 1 else None


def _activation(c: ModelConfig) -> str | None:
    if c.rules is None or c.rules.activation:
        return c.rules.activation if c.rules else None
    act = c.value(*NAMES["act"]) or c.rules.usual_act
    found = ACTIVATIONS[c.rules.gated].get(act) if isinstance(act, str) else None
    return "clamped SwiGLU" if found == "SwiGLU" and as_number(c.text.get("swiglu_limit")) else found


def _tied(c: ModelConfig) -> bool | None:
    stated = (c.text.get("tie_word_embeddings"), c.whole.get("tie_word_embeddings"))
    return next((value for value in stated if isinstance(value, bool)), None)


def _layers(c: ModelConfig, types: Types | None, *, hybrid: bool) -> Fields:
    """Return the layer types where not every layer is plain attention, and the window where layers use it."""
    varied = types is not None and (hybrid or set(types) != {"full_attention"})
    unread = types is None and (c.rules is None or c.rules.window != "never") and c.text.get("use_sliding_window") is not False
    windowed = unread or bool(WINDOWED & set(types or ()))
    chunked = types is not None and "chunked_attention" in types
    window = c.count("attention_chunk_size") if chunked else c.count("sliding_window")
    return {"sliding_window": window if windowed else None, "layer_types": run_length(types) if types and varied else None}


def _not_found(types: Types | None, *, hybrid: bool) -> Fields:
    """Return layer types that are not found, which is said only in a hybrid."""
    return {"layer_types": None} if hybrid and types is None else {}


def _head_variants(c: ModelConfig, types: Types | None) -> Fields:
    """Return what the heads of full-attention layers and values have, where it differs."""
    split = "sliding_attention" in (types or ())
    own = {
        "global_attention_heads": (c.named("attention_heads"), c.count("swa_num_attention_heads")),
        "global_kv_heads": (c.count("num_global_key_value_heads") or _kv_heads(c), c.count("swa_num_key_value_heads") or _kv_heads(c)),
        "global_head_dim": (c.count("global_head_dim") or c.named("head_dim"), c.count("swa_head_dim") or c.named("head_dim")),
    }
    found: Fields = {name: full for name, (full, sliding) in own.items() if split and full and sliding and full != sliding}
    value_dim = c.count("v_head_dim") if _latent(c) is None else None
    return found | {"value_dim": value_dim if value_dim != _head_dim(c) else None}


def _extras(c: ModelConfig) -> Fields:
    shared_layers, rules = c.count("num_kv_shared_layers"), c.rules
    width, positions = c.named("intermediate_size"), c.named("context")
    doubled = shared_layers and width and c.text.get("use_double_wide_mlp") is True
    learned = rules is not None and rules.position_offset is not None and positions is not None
    key = rules.qk_norm_key if rules else "use_qk_norm"
    return {
        "query_rank": c.count("q_lora_rank") if _latent(c) is None else None,
        "shared_kv_layers": shared_layers,
        "shared_kv_intermediate_size": 2 * width if doubled and width else None,
        "keys_as_values": True if c.text.get("attention_k_eq_v") is True else None,
        "residual_streams": c.count("hc_mult"),
        "convolution_kernel": c.count("conv_L_cache"),
        "position_rows": positions + (rules.position_offset or 0) if learned and rules and positions else None,
        "biases": _biases(c),
        "qk_norm": stated if key and isinstance(stated := c.text.get(key), bool) else None,
        "partial_rotary": _partial_rotary(c),
        "prediction_layers": c.named("prediction_layers", zero=True),
    }


def _biases(c: ModelConfig) -> list[Bias] | None:
    """Return the projections with a bias where the config's switches decide otherwise than usual."""
    if c.rules is None:
        return None
    stated = {key: covers for key, covers in c.rules.switches.items() if isinstance(c.text.get(key), bool)}
    decided = {bias for covers in stated.values() for bias in covers}
    on = {bias for key, covers in stated.items() if c.text[key] for bias in covers}
    usual = set(c.rules.usual_biases)
    found = (usual - decided) | on
    order: tuple[Bias, ...] = ("query_key_value", "attention_output", "mlp")
    return [bias for bias in order if bias in found] if stated and found != usual else None
