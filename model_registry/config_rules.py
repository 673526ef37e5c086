"""What the code behind a ``model_type`` fixes and its config.json leaves out: tables, read in the code, no guesses.

A model type that is not listed has no rules: only what its config states under the common names is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from model_registry.architecture_schema import Activation, Bias, LayerType, Norm, Position

Switches: TypeAlias = Mapping[str, tuple[Bias, ...]]
"""Keys of a config that switch biases: key to the projections that it covers."""


@dataclass(frozen=True)
class Rules:
    """How the code of one model type reads its config. What is not said here is read under the common names."""

    norm: Norm | None = "RMSNorm"
    position: Position | None = "RoPE"
    gated: bool = True
    """The MLP has a gate: silu then means SwiGLU."""
    activation: Activation | None = None
    """The activation whatever the config says; None: by its ``hidden_act``."""
    usual_act: str | None = None
    """The ``hidden_act`` of a config that names none."""
    head_dim_by_division: bool = True
    """A config without a head dimension means the hidden size divided by the heads."""
    kv_heads_as_heads: bool = False
    """A config without KV heads means as many as heads."""
    mlp_over_hidden: int | None = None
    """A config without an MLP width means this many times the hidden size."""
    halved_mlp: bool = False
    """The config's MLP width is that of gate and up projection together."""
    expert_width_key: str = "moe_intermediate_size"
    """Where a config keeps the width of an expert."""
    dense_width_key: str | None = None
    """Where a config keeps the width of the dense layers, when it is not the common name."""
    all_layers_have_experts: bool = False
    dense_beside_experts: bool = False
    """Layers with experts have the dense MLP too."""
    shared: int = 0
    """Shared experts of a config that names none."""
    shared_width: Literal["stated", "expert", "expert times count"] = "expert times count"
    """Width of the shared experts together, where no key states it."""
    window: Literal["never", "all", "alternate", "listed", "from a layer on", "switched"] = "never"
    """Which layers a sliding window holds for: none, all, every other from the first on, those that the config lists; or,
    when ``use_sliding_window`` is on, those from ``max_window_layers`` on, or some that have no rule here."""
    switches: Switches = field(default_factory=dict)
    usual_biases: tuple[Bias, ...] = ()
    """Biases that the registry takes for granted in this model type."""
    qk_norm_key: str | None = None
    """The key that decides whether queries and keys are normalised."""
    position_offset: int | None = None
    """Rows of the learned position table beyond the maximum positions; None: no such table."""


_ATTENTION: tuple[Bias, ...] = ("query_key_value", "attention_output")
_QKV: tuple[Bias, ...] = ("query_key_value",)
_EVERY: tuple[Bias, ...] = ("query_key_value", "attention_output", "mlp")
_LLAMA_SWITCHES: Switches = {"attention_bias": _ATTENTION, "mlp_bias": ("mlp",)}
_ATTENTION_SWITCH: Switches = {"attention_bias": _ATTENTION}
_QKV_SWITCH: Switches = {"attention_bias": _QKV}

_DEEPSEEK = Rules(head_dim_by_division=False)
_QWEN3 = Rules(switches=_ATTENTION_SWITCH, head_dim_by_division=False, window="from a layer on")
_QWEN3_MOE = Rules(switches=_ATTENTION_SWITCH, head_dim_by_division=False, window="switched", all_layers_have_experts=True)
_QWEN3_NEXT = Rules(switches=_ATTENTION_SWITCH, head_dim_by_division=False, shared_width="stated", all_layers_have_experts=True)
_GEMMA = Rules(activation="GeGLU", head_dim_by_division=False, switches=_ATTENTION_SWITCH)
_GEMMA_LISTED = Rules(activation="GeGLU", head_dim_by_division=False, switches=_ATTENTION_SWITCH, window="listed")
_GEMMA4 = Rules(
    activation="GeGLU",
    head_dim_by_division=False,
    switches=_ATTENTION_SWITCH,
    window="listed",
    all_layers_have_experts=True,
    dense_beside_experts=True,
)
_EXPERTS_ONLY = Rules(expert_width_key="intermediate_size", all_layers_have_experts=True, window="all")
_OLMO2 = Rules(switches=_ATTENTION_SWITCH, kv_heads_as_heads=True, window="listed")
_LLAMA4 = Rules(
    position="RoPE+NoPE",
    expert_width_key="intermediate_size",
    dense_width_key="intermediate_size_mlp",
    head_dim_by_division=False,
    shared=1,
    shared_width="expert",
    switches=_ATTENTION_SWITCH,
    window="listed",
)

RULES: Mapping[str, Rules] = {
    "llama": Rules(switches=_LLAMA_SWITCHES, kv_heads_as_heads=True),
    **dict.fromkeys(("mistral", "ministral", "ministral3", "mistral3"), Rules(window="all")),
    "mixtral": _EXPERTS_ONLY,
    "qwen": Rules(halved_mlp=True, kv_heads_as_heads=True, usual_act="silu"),
    "qwen2": Rules(window="from a layer on"),
    "qwen2_moe": Rules(
        window="switched", shared=1, shared_width="stated", all_layers_have_experts=True, switches={"qkv_bias": _QKV}, usual_biases=_QKV
    ),
    "qwen3": _QWEN3,
    "qwen3_moe": _QWEN3_MOE,
    **dict.fromkeys(("qwen3_next", "qwen3_5", "qwen3_5_text", "qwen3_5_moe", "qwen3_5_moe_text"), _QWEN3_NEXT),
    **dict.fromkeys(("deepseek_v2", "deepseek_v3", "deepseek_v32", "kimi_k2", "kimi_k25", "glm4_moe_lite", "glm_moe_dsa"), _DEEPSEEK),
    "deepseek_v4": Rules(head_dim_by_division=False, all_layers_have_experts=True, window="listed"),
    "gpt_oss": Rules(
        activation="clamped SwiGLU",
        head_dim_by_division=False,
        expert_width_key="intermediate_size",
        all_layers_have_experts=True,
        window="listed",
    ),
    "gemma": _GEMMA,
    "gemma2": Rules(activation="GeGLU", head_dim_by_division=False, switches=_ATTENTION_SWITCH, window="alternate"),
    **dict.fromkeys(("gemma3", "gemma3_text", "gemma3n", "gemma3n_text"), _GEMMA_LISTED),
    **dict.fromkeys(("gemma4", "gemma4_text", "gemma4_unified"), _GEMMA4),
    **dict.fromkeys(("llama4", "llama4_text"), _LLAMA4),
    "granite": Rules(switches=_LLAMA_SWITCHES, kv_heads_as_heads=True),
    "granitemoe": Rules(expert_width_key="intermediate_size", all_layers_have_experts=True, switches=_ATTENTION_SWITCH),
    "glm": Rules(switches=_QKV_SWITCH, usual_biases=_QKV),
    "glm4": Rules(switches=_QKV_SWITCH, usual_biases=_QKV),
    "glm4_moe": Rules(switches=_QKV_SWITCH, qk_norm_key="use_qk_norm"),
    "chatglm": Rules(
        usual_act="silu",
        kv_heads_as_heads=True,
        switches={"add_qkv_bias": _QKV, "add_bias_linear": _EVERY},
    ),
    "seed_oss": Rules(
        head_dim_by_division=False,
        switches={"attention_bias": _QKV, "attention_out_bias": ("attention_output",), "mlp_bias": ("mlp",)},
        usual_biases=_QKV,
    ),
    "smollm3": Rules(position="RoPE+NoPE", switches=_LLAMA_SWITCHES, window="switched"),
    "phi3": Rules(window="all", kv_heads_as_heads=True),
    "phi": Rules(norm="LayerNorm", gated=False, kv_heads_as_heads=True, qk_norm_key="qk_layernorm"),
    "olmo": Rules(norm="non-parametric LayerNorm", kv_heads_as_heads=True, switches=_ATTENTION_SWITCH),
    "olmo2": _OLMO2,
    "olmo3": _OLMO2,
    "olmoe": Rules(expert_width_key="intermediate_size", all_layers_have_experts=True, kv_heads_as_heads=True, switches=_ATTENTION_SWITCH),
    "stablelm": Rules(norm="LayerNorm", switches={"use_qkv_bias": _QKV}, qk_norm_key="qk_layernorm"),
    "starcoder2": Rules(norm="LayerNorm", gated=False, switches={"use_bias": _EVERY}, usual_biases=_EVERY, window="all"),
    "hunyuan_v1_dense": Rules(switches=_ATTENTION_SWITCH, qk_norm_key="use_qk_norm"),
    "ernie4_5": Rules(switches={"use_bias": _EVERY}),
    "exaone4": Rules(position=None, window="listed"),
    "internlm2": Rules(kv_heads_as_heads=True, switches={"bias": _ATTENTION}),
    "apertus": Rules(gated=False, switches=_ATTENTION_SWITCH),
    "minimax_m2": Rules(expert_width_key="intermediate_size", all_layers_have_experts=True),
    **dict.fromkeys(("minimax_m3", "minimax_m3_vl"), Rules(head_dim_by_division=False, shared_width="stated")),
    **dict.fromkeys(("kimi_linear", "kimi_k3"), Rules(position=None, head_dim_by_division=False)),
    "step3p7": Rules(head_dim_by_division=False, window="listed"),
    "mimo_v2_flash": Rules(head_dim_by_division=False, window="listed"),
    "nemotron_h": Rules(position="NoPE", gated=False, head_dim_by_division=False, window="never"),
    "baichuan": Rules(position=None, kv_heads_as_heads=True),
    "falcon": Rules(norm="LayerNorm", position=None, gated=False, usual_act="gelu", mlp_over_hidden=4, switches={"bias": _EVERY}),
    "gpt2": Rules(norm="LayerNorm", position="learned", gated=False, kv_heads_as_heads=True, mlp_over_hidden=4, position_offset=0),
    "gpt_neox": Rules(norm="LayerNorm", gated=False, kv_heads_as_heads=True),
    "bloom": Rules(norm="LayerNorm", position="ALiBi", gated=False, usual_act="gelu", kv_heads_as_heads=True, mlp_over_hidden=4),
    "opt": Rules(norm="LayerNorm", position="learned", gated=False, kv_heads_as_heads=True, position_offset=2),
}

ACTIVATIONS: Mapping[bool, Mapping[str, Activation]] = {
    True: {
        **dict.fromkeys(("silu", "swish"), "SwiGLU"),
        **dict.fromkeys(("gelu", "gelu_new", "gelu_fast", "gelu_pytorch_tanh"), "GeGLU"),
        "swigluoai": "clamped SwiGLU",
        "situ": "SiTU",
    },
    False: {
        **dict.fromkeys(("gelu", "gelu_new", "gelu_fast", "gelu_pytorch_tanh"), "GELU"),
        "relu": "ReLU",
        "relu2": "ReLU2",
        "xielu": "xIELU",
    },
}
"""``hidden_act`` to the registry's word, with a gate and without."""

LAYER_WORDS: Mapping[object, LayerType] = {
    "full_attention": "full_attention",
    "attention": "full_attention",
    "sliding_attention": "sliding_attention",
    "chunked_attention": "chunked_attention",
    "linear_attention": "linear_attention",
    "mamba": "mamba",
    "conv": "convolution",
    "moe": "experts",
    "mlp": "mlp",
}
"""Words of a config's ``layer_types`` and ``layers_block_type``."""

LAYER_LETTERS: Mapping[object, LayerType] = {"M": "mamba", "*": "full_attention", "-": "mlp", "E": "experts"}
"""Letters of a ``hybrid_override_pattern``."""

NAMES: Mapping[str, tuple[str, ...]] = {
    "layers": ("num_hidden_layers", "n_layer", "n_layers", "num_layers"),
    "hidden_size": ("hidden_size", "n_embd", "d_model"),
    "intermediate_size": ("dense_intermediate_size", "intermediate_size", "ffn_hidden_size", "n_inner", "ffn_dim"),
    "attention_heads": ("num_attention_heads", "n_head", "n_heads", "num_heads"),
    "kv_heads": ("num_key_value_heads", "num_kv_heads"),
    "head_dim": ("head_dim", "attention_head_dim", "kv_channels"),
    "embedding_rows": ("padded_vocab_size", "vocab_size"),
    "experts": ("n_routed_experts", "num_local_experts", "num_experts", "moe_num_experts"),
    "active": ("num_experts_per_tok", "num_experts_per_token", "experts_per_token", "top_k_experts", "moe_topk", "moe_k"),
    "shared": ("n_shared_experts", "num_shared_experts", "num_shared_expert", "moe_num_shared_experts"),
    "shared_width": (
        "shared_expert_intermediate_size",
        "moe_shared_expert_intermediate_size",
        "shared_intermediate_size",
        "share_expert_dim",
    ),
    "prediction_layers": ("num_nextn_predict_layers", "mtp_num_hidden_layers"),
    "context": ("max_position_embeddings", "n_positions", "seq_length", "max_sequence_length"),
    "act": ("hidden_act", "hidden_activation", "mlp_hidden_act", "activation_function", "activation"),
    "rope_theta": ("rope_theta", "rotary_emb_base"),
    "partial_rotary": ("partial_rotary_factor", "rotary_pct"),
}
"""A fact to the keys under which configs state it, the first that is stated counts."""

TEXT_CONFIGS = ("text_config", "llm_config", "language_config")
"""Where a multimodal config keeps its language model."""

CODE_RELEASE, CODE_READ = "5.23.0", date(2026, 11, 24)
"""The release of transformers whose code was read for these tables, and the day."""

CODE: Mapping[str, str | None] = {
    **dict.fromkeys(("qwen", "baichuan", "chatglm", "internlm2", "kimi_k3"), None),
    "mistral3": "mistral",
    "kimi_k2": "deepseek_v3",
    "kimi_k25": "deepseek_v3",
    "minimax_m3": "minimax_m3_vl",
    "qwen3_5_text": "qwen3_5",
    "qwen3_5_moe_text": "qwen3_5_moe",
    "gemma3_text": "gemma3",
    "gemma3n_text": "gemma3n",
    "gemma4_text": "gemma4",
    "llama4_text": "llama4",
}
"""Where the code of a model type stands when not under its own name; None: it comes with the weights."""


def code_url(model_type: str) -> str | None:
    """Return the address of the code that was read for a model type, or None when the weights bring their own."""
    name = CODE.get(model_type, model_type)
    root = f"https://github.com/huggingface/transformers/blob/v{CODE_RELEASE}/src/transformers/models"
    return None if name is None or model_type not in RULES else f"{root}/{name}/modeling_{name}.py"
