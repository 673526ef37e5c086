"""Which type every layer of a config has, and the shortest way to write that down."""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import TypeAlias

from model_registry.architecture_schema import LayerType
from model_registry.config_reader import ModelConfig, as_count
from model_registry.config_rules import LAYER_LETTERS, LAYER_WORDS

Types: TypeAlias = list[LayerType]
Run: TypeAlias = list[list[object]]

CONSTANT_STATE: frozenset[LayerType] = frozenset({"linear_attention", "mamba", "attention_and_mamba", "convolution"})
"""Layer types that make a model a hybrid."""
WINDOWED: frozenset[LayerType] = frozenset({"sliding_attention", "chunked_attention", "compressed_attention"})
_MOST_LAYERS, _LONGEST_SEARCH = 1024, 160
"""Layers that are told apart at all, and up to which the shortest form is searched; a longer list is written run by run."""


def layer_types(config: ModelConfig) -> Types | None:
    """Return the type of every layer in order, or None when the config and its rules do not tell."""
    layers = config.layers
    if layers is None:
        return None
    found = next((types for reader in _READERS if (types := reader(config, layers)) is not None), None)
    return found if found is not None and len(found) == layers else None


def _read(items: Sequence[object], words: Mapping[object, LayerType]) -> Types | None:
    """Return the types of a list; empty, which fits no model, when a word is not known; None when there is no list."""
    if not items:
        return None
    hashable = [item if isinstance(item, str | int) and not isinstance(item, bool) else None for item in items]
    return [words[item] for item in hashable] if all(item in words for item in hashable) else []


def _by_words(config: ModelConfig, _layers: int) -> Types | None:
    return _read(config.items("layer_types") or config.items("layers_block_type"), LAYER_WORDS)


def _by_letters(config: ModelConfig, layers: int) -> Types | None:
    pattern = config.text.get("hybrid_override_pattern")
    return _read(pattern[: layers + 1], LAYER_LETTERS) if isinstance(pattern, str) else None


def _by_numbers(name: str, one: LayerType, zero: LayerType) -> Callable[[ModelConfig, int], Types | None]:
    return lambda config, _layers: _read(config.items(name), {0: zero, 1: one})


def _by_sparse_flags(config: ModelConfig, _layers: int) -> Types | None:
    flags = config.block("sparse_attention_config").get("sparse_attention_freq")
    return _read(flags, {0: "full_attention", 1: "sparse_attention"}) if isinstance(flags, list) else None


def _by_places(config: ModelConfig, layers: int) -> Types | None:
    """Read two lists of places, counted from one, that must share all layers between them."""
    block = config.block("linear_attn_config")
    if not block:
        return None
    lists = (block.get("kda_layers"), block.get("full_attn_layers"))
    linear, full = ({as_count(place) for place in places} if isinstance(places, list) else set() for places in lists)
    if linear & full or len(linear | full) != layers or not all(place in linear | full for place in range(1, layers + 1)):
        return []
    return ["linear_attention" if place in linear else "full_attention" for place in range(1, layers + 1)]


def _by_ratios(config: ModelConfig, layers: int) -> Types | None:
    """Read DeepSeek-V4's list, which also names its prediction layers at the end."""
    ratios = [as_count(ratio, zero=True) for ratio in config.items("compress_ratios")[:layers]]
    return ["compressed_attention" if ratio else "sliding_attention" for ratio in ratios if ratio is not None] or None


def _by_interval(config: ModelConfig, layers: int) -> Types | None:
    every = config.count("full_attention_interval")
    if every is None or not config.states("linear_num_value_heads"):
        return None
    return _every(layers, every, "full_attention", "linear_attention")


def _by_window_pattern(config: ModelConfig, layers: int) -> Types | None:
    every = config.count("sliding_window_pattern", "_sliding_window_pattern")
    if every is None or config.count("sliding_window") is None:
        return None
    return _every(layers, every, "full_attention", "sliding_attention")


def _by_indexer(config: ModelConfig, layers: int) -> Types | None:
    if not config.count("index_topk") or not config.count("kv_lora_rank"):
        return None
    return _every(layers, 1, "sparse_attention", "sparse_attention")


def _by_rules(config: ModelConfig, layers: int) -> Types | None:
    """Read what the code decides about the window. A model type without rules, or whose config must list them, has no answer."""
    if config.rules is None or config.rules.window == "listed":
        return None
    window, kind = config.count("sliding_window"), config.rules.window
    off = config.text.get("use_sliding_window") is not True
    if window is None or kind == "never" or (off and kind in {"from a layer on", "switched"}):
        return _every(layers, 1, "full_attention", "full_attention")
    if kind == "from a layer on":
        first = config.count("max_window_layers", zero=True)
        plain = _every(layers, 1, "full_attention", "full_attention")
        return None if first is None else [*plain[:first], *_every(len(plain[first:]), 1, "sliding_attention", "sliding_attention")]
    every = {"all": layers + 1, "alternate": 2}.get(kind)
    return None if every is None else _every(layers, every, "full_attention", "sliding_attention")


def _every(layers: int, every: int, marked: LayerType, other: LayerType) -> Types:
    return [marked if i % every == 0 else other for i in range(1, layers + 1)] if layers <= _MOST_LAYERS else []


_READERS: tuple[Callable[[ModelConfig, int], Types | None], ...] = (
    _by_ratios,
    _by_indexer,
    _by_words,
    _by_letters,
    _by_numbers("hybrid_layer_pattern", "sliding_attention", "full_attention"),
    _by_numbers("attn_type_list", "full_attention", "linear_attention"),
    _by_sparse_flags,
    _by_places,
    _by_interval,
    _by_window_pattern,
    _by_rules,
)


def expert_layers(config: ModelConfig, types: Types | None) -> int | None:
    """Return how many layers have experts, or None when the config and its rules do not tell."""
    layers = config.layers
    if layers is None:
        return None
    if types and "experts" in types:
        return types.count("experts")
    listed = [config.items("mlp_layer_types"), config.items("moe_layer_freq")]
    flags = next((items for items in listed if len(items) == layers), None)
    if flags is not None:
        return sum(flag in {"sparse", 1} for flag in flags if isinstance(flag, str | int)) or None
    first_dense = config.count("first_k_dense_replace", zero=True)
    if first_dense is not None:
        every = config.count("moe_layer_freq") or 1
        return len(range(-(-first_dense // every) * every, layers, every)) or None
    step = config.count("decoder_sparse_step", "interleave_moe_layer_step")
    if step is not None:
        dense = {as_count(place, zero=True) for place in config.items("mlp_only_layers")}
        return layers // step - sum(1 for place in dense if place is not None and place < layers and (place + 1) % step == 0) or None
    return layers if config.rules and config.rules.all_layers_have_experts else None


def run_length(types: Sequence[LayerType] | Sequence[int]) -> list[dict[str, object]]:
    """Return the shortest list of ``{repeat, run}`` blocks that stands for a value of every layer, as the registry writes them."""
    if len(types) > _LONGEST_SEARCH:
        return [_block(1, types)]
    best: list[tuple[int, list[dict[str, object]]]] = [(0, [])]
    for end in range(1, len(types) + 1):
        best.append(min((_with_last(best[start], types[start:end]) for start in range(end)), key=lambda pair: (pair[0], len(pair[1]))))
    return best[-1][1]


def _with_last(before: tuple[int, list[dict[str, object]]], types: Sequence[object]) -> tuple[int, list[dict[str, object]]]:
    """Return cost and blocks when these types become one more block."""
    period = next(p for p in range(1, len(types) + 1) if len(types) % p == 0 and list(types[:p]) * (len(types) // p) == list(types))
    block = _block(1, types) if period == 1 else _block(len(types) // period, types[:period])
    run = block["run"]
    return before[0] + 1 + (len(run) if isinstance(run, list) else 0), [*before[1], block]


def _block(repeat: int, types: Sequence[object]) -> dict[str, object]:
    run: Run = [[layer_type, len(list(group))] for layer_type, group in groupby(types)]
    return {"repeat": repeat, "run": run}
