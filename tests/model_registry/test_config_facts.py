"""A config as architecture fields: the names that different codes use, what is derived and what stays null."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_registry.architecture_schema import Architecture
from model_registry.config_facts import ConfigError, architecture_fields, context_length, has_rules, takes_images
from model_registry.config_layers import run_length
from model_registry.config_rules import NAMES, RULES, code_url

LLAMA: dict[str, Any] = {
    "model_type": "llama",
    "hidden_act": "silu",
    "hidden_size": 4096,
    "intermediate_size": 11008,
    "num_attention_heads": 32,
    "num_hidden_layers": 32,
    "num_key_value_heads": 8,
    "rope_theta": 10000.0,
    "tie_word_embeddings": False,
    "vocab_size": 32000,
}
EXPERTS: dict[str, Any] = {**LLAMA, "model_type": "qwen3_moe", "num_experts": 8, "num_experts_per_tok": 2, "moe_intermediate_size": 512}


def read(config: dict[str, Any]) -> Architecture:
    """Return a config as the schema takes it."""
    return Architecture.model_validate_json(json.dumps({**architecture_fields(config), "source": "config"}), strict=True)


def test_a_dense_config_states_everything() -> None:
    found = read(LLAMA)
    assert (found.kind, found.attention, found.kv_heads, found.head_dim) == ("dense", "GQA", 8, 128)
    assert (found.norm, found.activation, found.position, found.rope_theta) == ("RMSNorm", "SwiGLU", "RoPE", 10000)
    assert (found.tied_embeddings, found.embedding_rows, found.layer_types, found.sliding_window) == (False, 32000, None, None)


def test_what_a_config_does_not_state_is_null() -> None:
    found = read({"model_type": "llama"})
    blank = (found.layers, found.hidden_size, found.intermediate_size, found.attention, found.kv_heads, found.head_dim, found.rope_theta)
    assert set(blank) == {None}
    assert (found.activation, found.tied_embeddings, found.embedding_rows) == (None, None, None)


def test_an_unknown_model_type_is_read_under_the_common_names_only() -> None:
    found = read({**LLAMA, "model_type": "never-heard-of"})
    assert (found.layers, found.attention, found.embedding_rows, found.tied_embeddings) == (32, "GQA", 32000, False)
    assert (found.head_dim, found.norm, found.activation, found.position) == (None, None, None, None)
    assert has_rules(LLAMA)
    assert not has_rules({"model_type": "never-heard-of"})


@pytest.mark.parametrize("value", ["32", 32.0, True, 0, -1, 10**40, [], {}, [32, 16], None])
def test_a_number_of_the_wrong_kind_counts_as_not_stated(value: object) -> None:
    assert read({**LLAMA, "num_hidden_layers": value}).layers is None


@pytest.mark.parametrize("value", [32, [32, 32]])
def test_a_list_of_equal_numbers_counts_as_one(value: object) -> None:
    assert read({**LLAMA, "num_hidden_layers": value}).layers == 32


def test_chatglm_has_names_of_its_own() -> None:
    config = {
        "model_type": "chatglm",
        "add_bias_linear": False,
        "add_qkv_bias": True,
        "ffn_hidden_size": 13696,
        "hidden_size": 4096,
        "kv_channels": 128,
        "multi_query_attention": True,
        "multi_query_group_num": 2,
        "num_attention_heads": 32,
        "num_layers": 28,
        "padded_vocab_size": 65024,
        "seq_length": 32768,
    }
    found = read(config)
    assert (found.layers, found.intermediate_size, found.head_dim, found.embedding_rows) == (28, 13696, 128, 65024)
    assert (found.attention, found.kv_heads, found.biases) == ("GQA", 2, ("query_key_value",))
    assert context_length(config) == 32768


def test_gpt_2_has_names_of_its_own_and_an_mlp_of_four_times_its_width() -> None:
    config = {"model_type": "gpt2", "activation_function": "gelu_new", "n_embd": 768, "n_head": 12, "n_layer": 12, "n_positions": 1024}
    found = read({**config, "vocab_size": 50257})
    assert (found.layers, found.hidden_size, found.intermediate_size, found.head_dim) == (12, 768, 3072, 64)
    assert (found.attention, found.kv_heads, found.position, found.position_rows) == ("MHA", 12, "learned", 1024)
    assert (found.norm, found.activation, found.tied_embeddings, found.rope_theta) == ("LayerNorm", "GELU", None, None)


def test_qwen_1_states_the_width_of_gate_and_up_projection_together() -> None:
    found = read(
        {
            **LLAMA,
            "model_type": "qwen",
            "intermediate_size": 22016,
            "num_key_value_heads": None,
            "rope_theta": None,
            "rotary_emb_base": 10000,
        }
    )
    assert (found.intermediate_size, found.attention, found.rope_theta) == (11008, "MHA", 10_000)


@pytest.mark.parametrize(
    ("config", "attention", "kv_heads"),
    [
        ({"multi_query": True, "new_decoder_architecture": False}, "MQA", 1),
        ({"multi_query": True, "new_decoder_architecture": True, "num_kv_heads": 8}, "GQA", 8),
        ({"multi_query": False}, "MHA", 71),
        ({}, None, None),
    ],
)
def test_falcon_says_in_two_switches_how_many_kv_heads_it_has(config: dict[str, Any], attention: str | None, kv_heads: int | None) -> None:
    found = read(
        {"model_type": "falcon", "hidden_size": 4544, "num_attention_heads": 71, "num_hidden_layers": 32, "alibi": False, **config}
    )
    assert (found.attention, found.kv_heads, found.position, found.intermediate_size) == (attention, kv_heads, "RoPE", 4 * 4544)


def test_alibi_has_no_rope_theta() -> None:
    found = read({**LLAMA, "model_type": "falcon", "alibi": True})
    assert (found.position, found.rope_theta) == ("ALiBi", None)


def test_old_llama_configs_without_kv_heads_have_as_many_as_heads() -> None:
    config = {key: value for key, value in LLAMA.items() if key != "num_key_value_heads"}
    assert (read(config).attention, read(config).kv_heads) == ("MHA", 32)
    assert read({**config, "model_type": "mistral"}).kv_heads is None
    assert read({**config, "num_key_value_heads": "many"}).kv_heads is None


@pytest.mark.parametrize(
    ("config", "theta"),
    [
        ({"rope_theta": None, "rope_parameters": {"rope_theta": 1000000, "rope_type": "default"}}, 1_000_000),
        ({"rope_theta": None, "rope_scaling": {"rope_theta": 500000.0}}, 500_000),
        (
            {"rope_theta": None, "rope_parameters": {"full_attention": {"rope_theta": 1e6}, "sliding_attention": {"rope_theta": 1e4}}},
            1_000_000,
        ),
        ({"rope_theta": None, "rotary_emb_base": 10000}, 10_000),
        ({"rope_theta": "10000"}, None),
        ({"rope_theta": float("inf")}, None),
    ],
)
def test_rope_theta_is_found_in_each_of_its_places(config: dict[str, Any], theta: float | None) -> None:
    assert read({**LLAMA, **config}).rope_theta == theta


@pytest.mark.parametrize(
    ("config", "share"),
    [
        ({"partial_rotary_factor": 0.5}, 0.5),
        ({"partial_rotary_factor": 1.0}, None),
        ({"rotary_pct": 0.25}, 0.25),
        ({"head_dim": 128, "rotary_dim": 64}, 0.5),
        ({"rope_parameters": {"partial_rotary_factor": 0.25}}, 0.25),
        ({}, None),
    ],
)
def test_the_rotated_share_is_told_where_it_is_not_all(config: dict[str, Any], share: float | None) -> None:
    assert read({**LLAMA, **config}).partial_rotary == share


@pytest.mark.parametrize(
    ("config", "layers"),
    [
        ({"decoder_sparse_step": 1, "mlp_only_layers": []}, 32),
        ({"decoder_sparse_step": 2, "mlp_only_layers": []}, 16),
        ({"decoder_sparse_step": 1, "mlp_only_layers": [0, 1, 40]}, 30),
        ({"decoder_sparse_step": 2, "mlp_only_layers": [0, 1]}, 15),
        ({"first_k_dense_replace": 3, "moe_layer_freq": 1}, 29),
        ({"first_k_dense_replace": 1, "moe_layer_freq": 2}, 15),
        ({"moe_layer_freq": [0, *[1] * 31]}, 31),
        ({"mlp_layer_types": [*["dense"] * 3, *["sparse"] * 29]}, 29),
        ({"interleave_moe_layer_step": 2}, 16),
        ({"model_type": "never-heard-of"}, None),
        ({}, 32),
    ],
)
def test_layers_with_experts_are_counted(config: dict[str, Any], layers: int | None) -> None:
    found = read({**EXPERTS, **config})
    assert found.moe is not None
    assert found.moe.layers == layers
    assert found.intermediate_size == (11008 if layers not in {None, 32} else None)


def test_experts_whose_use_is_not_stated_are_refused() -> None:
    with pytest.raises(ConfigError, match="names 8 experts but not how many a token uses"):
        architecture_fields({**EXPERTS, "num_experts_per_tok": None})


@pytest.mark.parametrize(
    ("config", "shared", "width"),
    [
        ({"model_type": "deepseek_v3", "n_shared_experts": 2}, 2, 1024),
        ({"model_type": "deepseek_v3", "n_shared_experts": None}, None, None),
        ({"model_type": "qwen2_moe", "shared_expert_intermediate_size": 5632}, 1, 5632),
        ({"model_type": "qwen3_moe"}, 0, None),
        ({"model_type": "nemotron_h", "n_shared_experts": 1, "moe_shared_expert_intermediate_size": 3712}, 1, 3712),
        ({"model_type": "never-heard-of", "n_shared_experts": 2}, 2, None),
        ({"model_type": "never-heard-of"}, None, None),
    ],
)
def test_shared_experts_and_their_width(config: dict[str, Any], shared: int | None, width: int | None) -> None:
    moe = read({**EXPERTS, **config}).moe
    assert moe is not None
    assert (moe.shared, moe.shared_intermediate_size) == (shared, width)


def test_llama_4_keeps_the_width_of_its_dense_layers_apart() -> None:
    config = {"model_type": "llama4_text", "num_local_experts": 16, "interleave_moe_layer_step": 2, "intermediate_size_mlp": 16384}
    found = read({"model_type": "llama4", "text_config": {**LLAMA, **config, "num_experts_per_tok": 1}})
    assert (found.model_type, found.intermediate_size, found.position) == ("llama4", 16384, "RoPE+NoPE")
    assert found.moe is not None
    assert (found.moe.intermediate_size, found.moe.shared, found.moe.shared_intermediate_size) == (11008, 1, 11008)


def test_a_multimodal_config_is_read_inside() -> None:
    config = {"model_type": "mistral3", "text_config": {**LLAMA, "model_type": "mistral"}, "vision_config": {"hidden_size": 7}}
    found = read({**config, "tie_word_embeddings": True})
    assert (found.model_type, found.hidden_size, found.norm) == ("mistral3", 4096, "RMSNorm")
    assert found.tied_embeddings is False
    assert takes_images(config) is True
    assert takes_images(LLAMA) is False
    assert takes_images({"model_type": "never-heard-of"}) is None


@pytest.mark.parametrize(
    ("config", "types", "window"),
    [
        ({"model_type": "mistral", "sliding_window": 4096}, [[1, [["sliding_attention", 32]]]], 4096),
        ({"model_type": "mistral", "sliding_window": None}, None, None),
        ({"model_type": "llama", "sliding_window": 4096}, None, None),
        ({"model_type": "gemma2", "sliding_window": 4096}, [[16, [["sliding_attention", 1], ["full_attention", 1]]]], 4096),
        ({"model_type": "qwen2", "sliding_window": 4096, "use_sliding_window": False}, None, None),
        (
            {"model_type": "qwen2", "sliding_window": 4096, "use_sliding_window": True, "max_window_layers": 28},
            [[1, [["full_attention", 28], ["sliding_attention", 4]]]],
            4096,
        ),
        ({"model_type": "gemma3_text", "sliding_window": 512}, None, 512),
        (
            {"model_type": "gemma3_text", "sliding_window": 512, "sliding_window_pattern": 6},
            [[5, [["sliding_attention", 5], ["full_attention", 1]]], [1, [["sliding_attention", 2]]]],
            512,
        ),
        ({"model_type": "never-heard-of", "sliding_window": 512}, None, 512),
        ({"model_type": "never-heard-of", "sliding_window": 512, "use_sliding_window": False}, None, None),
        ({"layer_types": ["full_attention"] * 32}, None, None),
        ({"layer_types": ["full_attention"] * 31}, None, None),
        ({"layer_types": [*["full_attention"] * 31, "surprise"]}, None, None),
        ({"layer_types": [["full_attention"]] * 32}, None, None),
        (
            {"model_type": "mimo_v2_flash", "sliding_window": 128, "hybrid_layer_pattern": [0, 1] * 16},
            [[16, [["full_attention", 1], ["sliding_attention", 1]]]],
            128,
        ),
    ],
)
def test_the_window_is_told_only_where_layers_use_it(config: dict[str, Any], types: list[Any] | None, window: int | None) -> None:
    found = read({**LLAMA, **config})
    shown = [[block.repeat, [list(run) for run in block.run]] for block in found.layer_types or ()] or None
    assert (shown, found.sliding_window) == (types, window)


def test_sliding_layers_with_heads_of_their_own_leave_the_others_to_the_global_fields() -> None:
    config = {"model_type": "mimo_v2_flash", "head_dim": 192, "v_head_dim": 128, "swa_num_key_value_heads": 16, "sliding_window": 128}
    found = read({**LLAMA, **config, "hybrid_layer_pattern": [0, 1] * 16})
    assert (found.kv_heads, found.global_kv_heads, found.head_dim, found.value_dim, found.global_head_dim) == (16, 8, 192, 128, None)


def test_mamba_layers_are_read_from_letters() -> None:
    config = {"model_type": "nemotron_h", "hybrid_override_pattern": "M-*-" * 8, "mamba_num_heads": 64, "mamba_head_dim": 64}
    found = read({**LLAMA, **config, "ssm_state_size": 128, "n_groups": 8, "conv_kernel": 4, "mlp_hidden_act": "relu2", "hidden_act": None})
    assert (found.kind, found.attention, found.activation, found.position) == ("hybrid", "hybrid", "ReLU2", "NoPE")
    assert found.state_space is not None
    assert (found.state_space.kind, found.state_space.inner_size, found.state_space.groups) == ("Mamba-2", 4096, 8)
    assert found.layer_counts() == {"mamba": 8, "mlp": 16, "full_attention": 8}


def test_a_pattern_of_experts_without_mlps_has_no_dense_width() -> None:
    config = {**EXPERTS, "model_type": "nemotron_h", "hybrid_override_pattern": "ME*E" * 8, "n_shared_experts": 1}
    found = read(config)
    assert found.moe is not None
    assert (found.moe.layers, found.intermediate_size) == (16, None)
    assert read({**config, "hybrid_override_pattern": "ME*-" * 8}).intermediate_size == 11008


def test_a_hybrid_whose_layers_are_not_told_says_that_they_are_not_found() -> None:
    config = {**LLAMA, "model_type": "never-heard-of", "linear_num_value_heads": 32, "linear_num_key_heads": 16}
    fields = architecture_fields(config)
    assert (fields["kind"], fields["layer_types"]) == ("hybrid", None)
    assert "layer_types" not in architecture_fields(LLAMA)


def test_delta_attention_names_its_layers_by_place() -> None:
    block = {"full_attn_layers": [4, 8], "kda_layers": [1, 2, 3, 5, 6, 7], "head_dim": 128, "num_heads": 32, "short_conv_kernel_size": 4}
    latent = {"kv_lora_rank": 512, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128, "mla_use_nope": True}
    found = read({**LLAMA, "model_type": "kimi_linear", "num_hidden_layers": 8, "linear_attn_config": block, **latent})
    assert (found.kind, found.attention, found.position, found.rope_theta, found.kv_heads) == ("hybrid", "hybrid", "NoPE", None, None)
    assert found.layer_counts() == {"linear_attention": 6, "full_attention": 2}
    assert found.linear is not None
    assert (found.linear.kind, found.linear.value_heads) == ("KDA", 32)
    with_gap = {**block, "kda_layers": [1, 2, 3, 5, 6, 9]}
    assert read({**LLAMA, "num_hidden_layers": 8, "linear_attn_config": with_gap}).layer_types is None


@pytest.mark.parametrize(
    ("config", "biases"),
    [
        ({"attention_bias": False}, None),
        ({"attention_bias": True, "mlp_bias": True}, ("query_key_value", "attention_output", "mlp")),
        ({"model_type": "glm4", "attention_bias": True}, None),
        ({"model_type": "glm4", "attention_bias": False}, ()),
        ({"model_type": "glm4_moe", "attention_bias": True}, ("query_key_value",)),
        ({"model_type": "seed_oss", "attention_bias": True, "attention_out_bias": True}, ("query_key_value", "attention_output")),
        ({"model_type": "gpt_oss", "attention_bias": True}, None),
        ({"model_type": "never-heard-of", "attention_bias": True}, None),
    ],
)
def test_biases_are_told_where_the_config_decides_otherwise_than_usual(config: dict[str, Any], biases: tuple[str, ...] | None) -> None:
    assert read({**LLAMA, **config}).biases == biases


@pytest.mark.parametrize(
    ("model_type", "expected"), [("glm4_moe", True), ("llama4_text", None), ("minimax_m2", None), ("never-heard-of", True)]
)
def test_normalised_queries_are_told_where_the_config_decides(model_type: str, expected: bool | None) -> None:  # noqa: FBT001 -- a parametrized value, never passed by hand
    assert read({**LLAMA, "model_type": model_type, "use_qk_norm": True}).qk_norm is expected


@pytest.mark.parametrize(
    ("config", "activation"),
    [
        ({"hidden_act": "gelu_pytorch_tanh"}, "GeGLU"),
        ({"swiglu_limit": 7.0}, "clamped SwiGLU"),
        ({"hidden_act": "surprise"}, None),
        ({"hidden_act": ["silu"]}, None),
        ({"model_type": "gemma", "hidden_act": "gelu"}, "GeGLU"),
        ({"model_type": "opt", "activation_function": "relu", "hidden_act": None}, "ReLU"),
    ],
)
def test_the_activation_is_the_gate_of_the_code_and_the_function_of_the_config(config: dict[str, Any], activation: str | None) -> None:
    assert read({**LLAMA, **config}).activation == activation


@pytest.mark.parametrize("model_type", sorted(RULES))
def test_the_code_of_every_rule_stands_where_its_address_says(model_type: str) -> None:
    """The installed release of transformers has the file; it is looked up, not imported."""
    url, package = code_url(model_type), importlib.util.find_spec("transformers")
    assert package is not None
    assert package.origin is not None
    assert url is None or (Path(package.origin).parents[1] / url.partition("/src/")[2]).is_file()


@given(st.lists(st.sampled_from(["sliding_attention", "full_attention", "mamba"]), min_size=1, max_size=40))
def test_the_short_form_of_layer_types_stands_for_the_same_layers(types: list[Any]) -> None:
    blocks: list[Any] = run_length(types)
    assert [t for block in blocks for _ in range(block["repeat"]) for t, count in block["run"] for _ in range(count)] == types


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ("S", [(1, "S1")]),
        ("SSSS", [(1, "S4")]),
        ("SFSFSF", [(3, "S1F1")]),
        ("SSSSSF" * 4 + "SS", [(4, "S5F1"), (1, "S2")]),
        ("SSSF" * 23 + "F", [(23, "S3F1"), (1, "F1")]),
        ("FFF" + "S" * 57, [(1, "F3S57")]),
    ],
)
def test_the_short_form_is_the_one_that_the_registry_writes(types: str, expected: list[tuple[int, str]]) -> None:
    words: dict[str, Any] = {"S": "sliding_attention", "F": "full_attention"}
    letters = {word: letter for letter, word in words.items()}
    blocks: list[Any] = run_length([words[letter] for letter in types])
    assert [(block["repeat"], "".join(f"{letters[word]}{count}" for word, count in block["run"])) for block in blocks] == expected


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 200)
    | st.integers()
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(["silu", "mamba"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
OTHER_KEYS = [
    *(
        "text_config",
        "vision_config",
        "layer_types",
        "hybrid_override_pattern",
        "hybrid_layer_pattern",
        "attn_type_list",
        "compress_ratios",
    ),
    *("linear_attn_config", "sparse_attention_config", "rope_parameters", "rope_scaling", "sliding_window", "sliding_window_pattern"),
    *("kv_lora_rank", "q_lora_rank", "qk_rope_head_dim", "qk_nope_head_dim", "v_head_dim", "index_topk", "index_n_heads", "index_head_dim"),
    *("linear_num_value_heads", "full_attention_interval", "mamba_num_heads", "mamba_head_dim", "multi_query", "alibi", "mla_use_nope"),
    *("first_k_dense_replace", "moe_layer_freq", "mlp_only_layers", "decoder_sparse_step", "moe_intermediate_size", "use_sliding_window"),
    *(
        "num_kv_shared_layers",
        "swa_num_key_value_heads",
        "global_head_dim",
        "attention_bias",
        "use_qk_norm",
        "partial_rotary_factor",
        "rotary_dim",
    ),
    *("max_window_layers", "hidden_size_per_layer_input", "vocab_size_per_layer_input", "position_embedding_type", "layers_block_type"),
]
KEYS = sorted({*OTHER_KEYS, *(key for keys in NAMES.values() for key in keys)})
VALUES = st.integers(1, 64) | st.booleans() | st.lists(st.integers(0, 4), max_size=12) | JSON
CONFIGS = st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=8), VALUES, max_size=30)
TYPED = st.builds(lambda config, name: {**config, "model_type": name}, CONFIGS, st.sampled_from(sorted(RULES)) | JSON)


@given(TYPED | CONFIGS | st.builds(lambda outer, inner: {**outer, "text_config": inner}, TYPED, TYPED))
def test_whatever_the_config_it_is_valid_or_refused(config: dict[str, Any]) -> None:
    try:
        fields = architecture_fields(config)
    except ConfigError:
        return
    Architecture.model_validate_json(json.dumps({**fields, "source": "config"}), strict=True)
    context_length(config)
    takes_images(config)
