"""A checkpoint as facts: each column's value with the source it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from pydantic import BaseModel

from model_registry.architecture_schema import Architecture
from model_registry.base_schema import Source, Sourced
from model_registry.columns import COLUMNS
from model_registry.ecosystem import Ecosystem
from model_registry.ecosystem_schema import Tool, ToolKind
from model_registry.kv_cache import Cache
from model_registry.other_schemas import Result
from model_registry.registry import Entry, Registry

_EXPERTS = {
    "experts": "experts",
    "experts_active": "active",
    "expert_intermediate_size": "intermediate_size",
    "expert_layers": "layers",
    "shared_experts": "shared",
    "shared_expert_intermediate_size": "shared_intermediate_size",
}
_NOT_MODELS = frozenset({"blog", "collections", "datasets", "docs", "papers", "spaces"})
"""First words of addresses of the Hub that are no owner of a model."""
_BLOCKS = {"latent_attention": "mla", "linear_attention": "linear", "state_space": "state_space", "indexer": "indexer"}
Value: TypeAlias = str | int | float | bool | tuple[str, ...] | None


@dataclass(frozen=True)
class Fact:
    """A value, where it was read, and what a careful reader must know. ``derived``: computed here from other facts."""

    value: Value
    source: Source | None
    note: str | None = None
    derived: bool = False
    conflicts: tuple[tuple[Value, Source], ...] = ()
    """What other sources say instead."""


def facts(registry: Registry, entry: Entry) -> dict[str, Fact]:
    """Return every column of a checkpoint, in the order of ``COLUMNS``."""
    found = {
        **_identity(registry, entry),
        **_numbers(entry),
        **_architecture(registry, entry),
        **_context(entry),
        **_data(entry),
        **_benchmarks(registry, entry),
        **_measured_tokenizer(registry, entry),
        **_ecosystem(registry.ecosystem, entry),
    }
    return {name: found[name] for name in COLUMNS}


def read_of(entry: Entry, source: Source) -> str | None:
    """Return the other repository of the Hub that a source belongs to: what a checkpoint shares with it was read there."""
    address = urlsplit(source.url)
    owner, _, rest = address.path.strip("/").partition("/")
    repository = f"{owner}/{rest.partition('/')[0]}"
    is_model = address.netloc == "huggingface.co" and rest != "" and owner not in _NOT_MODELS
    return repository if is_model and repository.lower() != entry.id.lower() else None


def best_result(registry: Registry, checkpoint_id: str, benchmark: str, language: str = "en") -> tuple[Result, Source] | None:
    """Return the result of a benchmark: the vendor's first, a competitor's last; then non-thinking modes before thinking."""
    reporters = ("vendor", "independent", "competitor")
    modes = ("base_few_shot", "instruct", "non_thinking", "unspecified", "thinking")
    rows = [pair for pair in registry.results_of(checkpoint_id) if (pair[0].benchmark, pair[0].language) == (benchmark, language)]
    return min(rows, key=lambda pair: (reporters.index(pair[0].reported_by), modes.index(pair[0].mode)), default=None)


def _fact(entry: Entry, block: Sourced, field: str, value: Value = None) -> Fact:
    shown = getattr(block, field) if value is None else value
    others = tuple((conflict.value, entry.release.sources[conflict.source]) for conflict in block.conflicts if conflict.field == field)
    return Fact(shown, entry.source(block, field), block.note, conflicts=others)


def _identity(registry: Registry, entry: Entry) -> dict[str, Fact]:
    base, abilities = entry.size.base, entry.abilities
    return {
        "id": Fact(entry.id, None),
        "release": Fact(entry.release.release, None),
        "developer": Fact(entry.release.developer, None),
        "variant": Fact(entry.checkpoint.variant, None),
        "reasoning": Fact(entry.checkpoint.reasoning, None),
        "size": Fact(entry.size.size, None),
        "released": _fact(entry, entry.released, "date"),
        "base_published": _fact(entry, base, "published"),
        "base_id": Fact(registry.base_of(entry), entry.source(base, "id"), base.note),
        "chat_template": _fact(entry, entry.checkpoint.chat_template, "present"),
        "image": _fact(entry, abilities, "image"),
        "tools": _fact(entry, abilities, "tools"),
        "fill_in_middle": _fact(entry, abilities, "fill_in_middle"),
    }


def _numbers(entry: Entry) -> dict[str, Fact]:
    architecture, parameters = entry.architecture, entry.parameters
    config = entry.source(architecture, "layers")
    counted = Fact(entry.parameters_total, config, parameters.note, derived=True)
    return {
        "parameters": counted if parameters.total is None else _fact(entry, parameters, "total"),
        "parameters_active": Fact(entry.parameters_active, config, None, derived=True),
        "parameters_active_without_embedding": Fact(entry.parameters_active_without_embedding, config, None, derived=True),
        "vision_parameters": _fact(entry, parameters, "vision"),
        "active_label": _fact(entry, parameters, "active_label"),
        "parameters_checkpoint": _fact(entry, entry.checkpoint.stored, "count"),
        "kv_bytes_per_token": Fact(_cache_per_token(entry), config, None, derived=True),
    }


def _architecture(registry: Registry, entry: Entry) -> dict[str, Fact]:
    a = entry.architecture
    plain = (
        *("layers", "hidden_size", "intermediate_size", "attention", "attention_heads", "kv_heads", "head_dim", "position"),
        *("rope_theta", "norm", "activation", "tied_embeddings", "embedding_rows", "sliding_window"),
    )
    source = entry.source(a, "moe")
    return {
        "architecture": _fact(entry, a, "kind"),
        **{name: _fact(entry, a, name) for name in plain},
        **{column: Fact(getattr(a.moe, name) if a.moe else None, source, a.note) for column, name in _EXPERTS.items()},
        **{column: Fact(_written(getattr(a, name)), entry.source(a, name), a.note) for column, name in _BLOCKS.items()},
        **{name: _fact(entry, a, name) for name in ("shared_kv_layers", "prediction_layers", "partial_rotary")},
        "layer_types": Fact(_counted(a.layer_counts()), entry.source(a, "layer_types"), a.note),
        "compressed_attention": Fact(_counted(a.ratio_counts()), entry.source(a, "compressed"), a.note),
        "global_attention": Fact(_global_attention(a), entry.source(a, "global_kv_heads"), a.note),
        **_wiring(registry, entry),
    }


def _written(block: BaseModel | None) -> str | None:
    """Return a block of numbers in one line: ``kv_rank 512, q_rank 1536``."""
    return None if block is None else ", ".join(f"{name} {value}" for name, value in block if value is not None)


def _counted(counts: Mapping[Any, int]) -> str | None:
    """Return counts in one line, in the order of their first layer: ``36 linear_attention, 12 full_attention``."""
    return ", ".join(f"{count} {name}" for name, count in counts.items()) or None


def _global_attention(a: Architecture) -> str | None:
    """Return what the full-attention layers have otherwise than the windowed ones."""
    named = {"heads": a.global_attention_heads, "kv_heads": a.global_kv_heads, "head_dim": a.global_head_dim}
    return ", ".join(f"{name} {value}" for name, value in named.items() if value is not None) or None


def _cache_per_token(entry: Entry) -> int | None:
    cache = entry.cache
    return cache.bytes_per_token if isinstance(cache, Cache) else None


def _wiring(registry: Registry, entry: Entry) -> dict[str, Fact]:
    """Return biases and query-key norms: as the config says, else derived from the code of the model type."""
    a, wiring = entry.architecture, entry.wiring
    coded = None if wiring is None else registry.wiring_sources[wiring.source]
    biases: Value = wiring.biases if wiring else None
    by_code = None if wiring is None or wiring.qk_norm_by_config else wiring.qk_norm is not None
    return {
        "biases": Fact(biases, coded, derived=True) if a.biases is None else Fact(a.biases, entry.source(a, "biases")),
        "qk_norm": Fact(by_code, coded, derived=True) if a.qk_norm is None else Fact(a.qk_norm, entry.source(a, "qk_norm")),
    }


def _context(entry: Entry) -> dict[str, Fact]:
    context = entry.checkpoint.context
    return {f"context_{name}": _fact(entry, context, name) for name in ("trained", "config", "advertised", "method")}


def _data(entry: Entry) -> dict[str, Fact]:
    training, tokenizer, languages = entry.training, entry.tokenizer, entry.languages
    named = " / ".join(part for part in (tokenizer.algorithm, tokenizer.tool) if part) or None
    return {
        "training_tokens": _fact(entry, training, "tokens"),
        "training_data": _fact(entry, training, "data"),
        "training_composition": _fact(entry, training, "composition"),
        "knowledge_cutoff": _fact(entry, training, "cutoff"),
        "languages_declared": _fact(entry, languages, "declared"),
        "languages": _fact(entry, languages, "codes"),
        "card_tags": _fact(entry, languages, "card_tags"),
        "licence": _fact(entry, entry.licence, "id"),
        "licence_revision": _fact(entry, entry.licence, "revision"),
        "tokenizer": Fact(named, entry.source(tokenizer, "tool"), tokenizer.note),
        "tokenizer_algorithm": _fact(entry, tokenizer, "algorithm"),
        "tokenizer_tool": _fact(entry, tokenizer, "tool"),
        "vocabulary": _fact(entry, tokenizer, "vocabulary"),
    }


def _measured_tokenizer(registry: Registry, entry: Entry) -> dict[str, Fact]:
    """Return which measured tokenizer it uses and how many characters a token stands for; never a neighbour's figure."""
    tables = registry.tokenizers
    use = tables.uses.get(entry.id)
    names = ("tokenizer_measured", "characters_per_token_en", "characters_per_token_zh")
    if use is None:
        return dict.fromkeys(names, Fact(None, None))
    ratios = [tables.characters_per_token(use.tokenizer, language) for language in ("en", "zh")]
    values = (use.tokenizer, *(None if ratio is None else round(ratio, 3) for ratio in ratios))
    return {name: Fact(value, use.source, use.reason, derived=name != names[0]) for name, value in zip(names, values, strict=True)}


def _ecosystem(ecosystem: Ecosystem, entry: Entry) -> dict[str, Fact]:
    return {"tuning_tools": _tools(ecosystem, entry, "tuning"), "serving_engines": _tools(ecosystem, entry, "serving")}


def _tools(ecosystem: Ecosystem, entry: Entry, kind: ToolKind) -> Fact:
    """Return the tools that support a checkpoint: an empty list where every one was read, None where nothing is known."""
    tools = ecosystem.of_kind(kind)
    found, undecided = ecosystem.tools_for(entry, kind), ecosystem.undecided(entry, kind)
    if not found and (undecided or not tools):
        return Fact(None, None)
    first = next((tool for tool in tools if tool.id in found), tools[0])
    return Fact(found, ecosystem.sources[first.source], _tools_note(ecosystem, entry, tools, undecided))


def _tools_note(ecosystem: Ecosystem, entry: Entry, tools: tuple[Tool, ...], undecided: tuple[str, ...]) -> str:
    """Return which versions were read, which are not decided, and which may ask to run the repository's own code."""
    asks = [tool.name for tool in tools if ecosystem.needs_remote_code(entry, tool)]
    parts = (
        f"read in {', '.join(f'{tool.name} {tool.version}' for tool in tools if tool.id not in undecided)}",
        f"not known of {', '.join(undecided)}" if undecided else None,
        f"{', '.join(asks)} may refuse it without the repository's own code" if asks else None,
    )
    return "; ".join(part for part in parts if part)


def _benchmarks(registry: Registry, entry: Entry) -> dict[str, Fact]:
    found: dict[str, Fact] = {}
    for benchmark in ("mmlu_pro", "mmlu"):
        pair = best_result(registry, entry.id, benchmark)
        found[benchmark] = Fact(pair[0].score, pair[1], _conditions(pair[0])) if pair else Fact(None, None)
    return found


def _conditions(row: Result) -> str:
    """Return what a score's reader must know: mode, shots, place, note."""
    parts = (row.mode, f"{row.shots}-shot" if row.shots is not None else None, row.place, row.note)
    return ", ".join(part for part in parts if part)
