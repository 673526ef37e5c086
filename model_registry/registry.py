"""The loaded registry: checkpoints with what they inherit, licences, benchmark results, devices."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from model_registry.architecture_schema import Architecture
from model_registry.base_schema import Source, Sourced
from model_registry.ecosystem import Ecosystem
from model_registry.kv_cache import Cache, cache_of
from model_registry.licence_schema import Licence
from model_registry.other_schemas import LANGUAGE_GROUPS, Device, Result
from model_registry.parameters import Breakdown, NotModelled, active_of, breakdown
from model_registry.schema import (
    Abilities,
    Checkpoint,
    Languages,
    LicenceReference,
    Parameters,
    Release,
    Released,
    Size,
    Tokenizer,
    Training,
)
from model_registry.tokenizer_tables import Tokenizers
from model_registry.wiring_schema import Wiring


@dataclass(frozen=True)
class Entry:
    """One checkpoint, with every block resolved through checkpoint, size and release."""

    developer: str
    release: Release
    size: Size
    checkpoint: Checkpoint
    wiring: Wiring | None
    """How the code of its architecture is wired; None when no wiring names its model type."""

    @property
    def id(self) -> str:
        """Return the repository id."""
        return self.checkpoint.id

    @property
    def name(self) -> str:
        """Return the id without its owner: ``Qwen3-8B-Base``."""
        return self.checkpoint.id.split("/", 1)[1]

    @property
    def licence(self) -> LicenceReference:
        """Return the licence block in force."""
        return self.checkpoint.licence or self.size.licence or self.release.licence

    @property
    def training(self) -> Training:
        """Return the training block in force."""
        return self.checkpoint.training or self.size.training or self.release.training

    @property
    def tokenizer(self) -> Tokenizer:
        """Return the tokenizer block in force."""
        return self.checkpoint.tokenizer or self.size.tokenizer or self.release.tokenizer

    @property
    def languages(self) -> Languages:
        """Return the languages block in force."""
        return self.checkpoint.languages or self.size.languages or self.release.languages

    @property
    def abilities(self) -> Abilities:
        """Return the abilities block in force."""
        return self.checkpoint.abilities or self.size.abilities or self.release.abilities

    @property
    def released(self) -> Released:
        """Return the release date block in force."""
        return self.checkpoint.released or self.size.released or self.release.released

    @property
    def architecture(self) -> Architecture:
        """Return the architecture block in force."""
        return self.checkpoint.architecture or self.size.architecture

    @property
    def parameters(self) -> Parameters:
        """Return the parameter block in force."""
        return self.checkpoint.parameters or self.size.parameters

    @cached_property
    def breakdown(self) -> Breakdown | NotModelled:
        """Return the parameters by component, or the reason why they are not modelled."""
        return breakdown(self.architecture, self.wiring)

    @cached_property
    def cache(self) -> Cache | NotModelled:
        """Return what a sequence keeps on the device, or the reason why it is not modelled."""
        return cache_of(self.architecture, self.wiring)

    @property
    def parameters_total(self) -> int | None:
        """Return the main model's parameters: as stated, else as counted from the architecture, else None."""
        counted = self.breakdown
        return self.parameters.total or (counted.total if isinstance(counted, Breakdown) else None)

    @property
    def parameters_active(self) -> int | None:
        """Return the parameters that one token uses, input embedding included, or None when that cannot be told exactly."""
        counted = self.breakdown
        return counted.active if isinstance(counted, Breakdown) else active_of(self.architecture, self.parameters.total)

    @property
    def parameters_active_without_embedding(self) -> int | None:
        """Return the active parameters without the input embedding's table, or None when not modelled."""
        return self.breakdown.active_without_embedding if isinstance(self.breakdown, Breakdown) else None

    @property
    def parameters_stored(self) -> int | None:
        """Return the main model's count, else the checkpoint's total, else that of a sibling of the size, else None."""
        siblings = [checkpoint.stored.count for checkpoint in self.size.checkpoints if checkpoint.stored.count]
        return self.parameters_total or self.checkpoint.stored.count or max(siblings, default=None)

    def source(self, block: Sourced, field_name: str) -> Source:
        """Return the source that a field of one of this entry's blocks rests on."""
        return self.release.sources[block.source_of(field_name)]


@dataclass(frozen=True)
class Registry:
    """Everything that was read, immutable."""

    entries: tuple[Entry, ...]
    licences: dict[str, Licence]
    results: tuple[tuple[Result, Source], ...]
    devices: dict[str, Device]
    device_sources: dict[str, Source]
    wiring_sources: dict[str, Source]
    tokenizers: Tokenizers
    ecosystem: Ecosystem
    """Which tools fine-tune and serve which checkpoints."""
    digest: str
    _by_id: dict[str, Entry] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the entries by id."""
        object.__setattr__(self, "_by_id", {entry.id: entry for entry in self.entries})

    def __contains__(self, checkpoint_id: str) -> bool:
        """Tell whether a checkpoint is registered."""
        return checkpoint_id in self._by_id

    def __getitem__(self, checkpoint_id: str) -> Entry:
        """Return an entry; raises KeyError."""
        return self._by_id[checkpoint_id]

    @cached_property
    def _results_by_id(self) -> dict[str, tuple[tuple[Result, Source], ...]]:
        grouped: dict[str, list[tuple[Result, Source]]] = {}
        for pair in self.results:
            grouped.setdefault(pair[0].checkpoint, []).append(pair)
        return {key: tuple(pairs) for key, pairs in grouped.items()}

    def results_of(self, checkpoint_id: str) -> tuple[tuple[Result, Source], ...]:
        """Return the benchmark results of a checkpoint, each with its source."""
        return self._results_by_id.get(checkpoint_id, ())

    def language_results(self, checkpoint_id: str) -> tuple[tuple[Result, Source], ...]:
        """Return a checkpoint's results in another language than English, groups of languages last, by language and benchmark."""
        rows = [pair for pair in self.results_of(checkpoint_id) if pair[0].language != "en"]
        rows.sort(key=lambda pair: (pair[0].language in LANGUAGE_GROUPS, pair[0].language, pair[0].benchmark, pair[0].mode))
        return tuple(rows)

    @cached_property
    def version(self) -> str:
        """Return the data version: the newest day on which a source was read, ``2026.11.24``."""
        return max(source.read for source in self._sources()).strftime("%Y.%m.%d")

    def _sources(self) -> Iterator[Source]:
        for entry in self.entries:
            yield from entry.release.sources.values()
        for licence in self.licences.values():
            yield from licence.sources.values()

    def siblings(self, entry: Entry) -> tuple[Entry, ...]:
        """Return the other checkpoints of the same release, in the file's order."""
        return tuple(other for other in self.entries if other.release is entry.release and other.id != entry.id)

    def base_of(self, entry: Entry) -> str | None:
        """Return the id of the Base of this entry's size, when one was published."""
        bases = [checkpoint.id for checkpoint in entry.size.checkpoints if checkpoint.variant == "base"]
        return entry.size.base.id or (bases[0] if bases else None)

    def nearest(self, checkpoint_id: str, count: int = 3) -> list[str]:
        """Return the registered ids that look most like a mistyped one, the likeliest first."""
        wanted = _folded(checkpoint_id)
        by_name = {_folded(name): entry.id for entry in self.entries for name in (entry.id, entry.name)}
        names = difflib.get_close_matches(wanted, by_name, n=2 * count, cutoff=0.4)
        return list(dict.fromkeys(by_name[name] for name in names))[:count]


def _folded(text: str) -> str:
    return re.sub(r"[^a-z0-9/.]", "", text.lower())
