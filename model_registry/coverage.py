"""How much is known: for each column, the checkpoints with a value, a checked silence, no finding, and no such thing."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from model_registry.base_schema import UNDISCLOSED
from model_registry.columns import COLUMNS
from model_registry.facts import Fact, facts
from model_registry.registry import Entry, Registry

State: TypeAlias = Literal["known", "undisclosed", "not_found", "not_applicable"]

MANDATORY = (
    *("id", "release", "developer", "variant", "reasoning", "released", "parameters", "architecture", "layers", "hidden_size"),
    *("attention", "attention_heads", "embedding_rows", "context_config", "licence", "tokenizer"),
)
"""The columns without which a checkpoint cannot be compared."""


@dataclass(frozen=True)
class Coverage:
    """One column: how many checkpoints are in which state."""

    column: str
    known: int
    undisclosed: int
    not_found: int
    not_applicable: int

    @property
    def answered(self) -> float:
        """Return the share of checkpoints that are known or undisclosed among those to which the column applies; 1 if none."""
        applicable = self.known + self.undisclosed + self.not_found
        return (self.known + self.undisclosed) / applicable if applicable else 1.0


def coverage(registry: Registry) -> tuple[Coverage, ...]:
    """Return the coverage of every column, in export order."""
    counts: dict[str, Counter[State]] = {name: Counter() for name in COLUMNS}
    for entry in registry.entries:
        for name, fact in facts(registry, entry).items():
            counts[name][state(entry, name, fact)] += 1
    return tuple(
        Coverage(name, found["known"], found["undisclosed"], found["not_found"], found["not_applicable"]) for name, found in counts.items()
    )


def state(entry: Entry, column: str, fact: Fact) -> State:
    """Return whether a fact is known, undisclosed, not found, or of a kind that this checkpoint cannot have."""
    if fact.value == UNDISCLOSED:
        return "undisclosed"
    if fact.value is not None:
        return "known"
    return "not_applicable" if _CANNOT_HAVE.get(column, _never)(entry) else "not_found"


def _never(_entry: Entry) -> bool:
    return False


def _no_experts(entry: Entry) -> bool:
    return entry.architecture.moe is None


def _no_shared_experts(entry: Entry) -> bool:
    moe = entry.architecture.moe
    return moe is None or moe.shared == 0


def _absent(name: str) -> Callable[[Entry], bool]:
    """Return a rule for a block that a model does not have when its file does not state it."""
    return lambda entry: getattr(entry.architecture, name) is None


def _full_layers_alike(entry: Entry) -> bool:
    a = entry.architecture
    return a.global_kv_heads is a.global_head_dim is a.global_attention_heads is None


def _layers_alike(entry: Entry) -> bool:
    return not entry.architecture.layer_types and entry.architecture.attention != "hybrid"


def _latent_attention(entry: Entry) -> bool:
    return entry.architecture.mla is not None


def _no_rotary_position(entry: Entry) -> bool:
    return entry.architecture.position in {"ALiBi", "learned", "NoPE"}


def _no_window(entry: Entry) -> bool:
    a = entry.architecture
    windowed = {"sliding_attention", "chunked_attention", "compressed_attention"}
    return not windowed & set(a.layer_counts()) and (a.attention != "hybrid" or bool(a.layer_types))


def _only_experts(entry: Entry) -> bool:
    moe = entry.architecture.moe
    return moe is not None and moe.layers is not None and (moe.layers == entry.architecture.layers or entry.architecture.kind == "hybrid")


def _no_base(entry: Entry) -> bool:
    return entry.size.base.published is False


def _no_extension(entry: Entry) -> bool:
    context = entry.checkpoint.context
    return context.trained is not None and context.advertised is not None and context.advertised <= context.trained


def _no_towers(entry: Entry) -> bool:
    return entry.abilities.image is False


_CANNOT_HAVE: dict[str, Callable[[Entry], bool]] = {
    "experts": _no_experts,
    "experts_active": _no_experts,
    "expert_intermediate_size": _no_experts,
    "expert_layers": _no_experts,
    "shared_experts": _no_experts,
    "shared_expert_intermediate_size": _no_shared_experts,
    "latent_attention": _absent("mla"),
    "linear_attention": _absent("linear"),
    "state_space": _absent("state_space"),
    "indexer": _absent("indexer"),
    "compressed_attention": _absent("compressed"),
    "layer_types": _layers_alike,
    "global_attention": _full_layers_alike,
    "shared_kv_layers": _absent("shared_kv_layers"),
    "partial_rotary": _absent("partial_rotary"),
    "prediction_layers": _absent("prediction_layers"),
    "active_label": _no_experts,
    "kv_heads": _latent_attention,
    "head_dim": _latent_attention,
    "rope_theta": _no_rotary_position,
    "sliding_window": _no_window,
    "intermediate_size": _only_experts,
    "base_id": _no_base,
    "context_method": _no_extension,
    "vision_parameters": _no_towers,
}
