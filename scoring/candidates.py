"""The registry as arrays that gates and value functions read: one position a checkpoint, NaN or None for unknown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self, TypeAlias, TypeVar, cast, get_args

import numpy as np
import numpy.typing as npt

from model_registry.facts import best_result
from model_registry.kv_cache import BYTES_16_BIT, Cache
from model_registry.memory import COMMUNICATION_BYTES, LAYER_BITS, PREFILL_TOKENS, activation_width, weights_bytes
from model_registry.other_schemas import Result
from model_registry.parameters import NotModelled
from model_registry.registry import Entry, Registry
from model_registry.schema import Reasoning
from scoring.scenario import WeightPrecision

Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Answer = TypeVar("Answer")
REFERENCE_TOKENIZER = "gpt-oss"
"""o200k, an open tokenizer for many languages: what others' token counts are compared with. Part of the scale's version."""
GUESSING: dict[str, float] = dict.fromkeys(
    ("c_eval", "cmmlu", "mmlu", "mmmlu", "include", "belebele", "mlogiqa", "global_mmlu_lite", "kmmlu", "jmmlu", "ammlu", "m_mmlu"), 25.0
)
"""Score of guessing (per cent) in tests with four answers."""
ABOVE_GUESSING = 15.0
"""Points above guessing from which on a result in a language is evidence of the language."""
ALL_TOOLS = 6
"""Fine-tuning tools of which nothing is known where none was read."""
_DAYS_A_MONTH = 30.4375
_REMEMBERED = 256


@dataclass(frozen=True, eq=False)
class Candidates:
    """Checkpoints with what scoring asks of them. Build once a registry; answers are remembered, arrays are read only."""

    registry: Registry

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Return the checkpoints, in registry order."""
        return self.registry.entries

    @cached_property
    def ids(self) -> list[str]:
        """Return their ids."""
        return [entry.id for entry in self.entries]

    @cached_property
    def context_tokens(self) -> Floats:
        """Return the usable context: advertised, else the config's, else the trained length (tokens)."""
        contexts = [entry.checkpoint.context for entry in self.entries]
        return _numbers([c.advertised or c.config or c.trained for c in contexts])

    @cached_property
    def trained_tokens(self) -> Floats:
        """Return the trained context length (tokens)."""
        return _numbers([entry.checkpoint.context.trained for entry in self.entries])

    @cached_property
    def parameters(self) -> Floats:
        """Return the main model's parameters, else the checkpoint's total."""
        return _numbers([entry.parameters_stored for entry in self.entries])

    @cached_property
    def age_anchor_days(self) -> Floats:
        """Return release dates as days since 1970 (a month counts as its first day)."""
        days = [None if entry.released.date is None else _first_day(entry.released.date) for entry in self.entries]
        return _numbers([None if day is None else int(day.astype(int)) for day in days])

    def months_old(self, today: np.datetime64) -> Floats:
        """Return the age in months on a day."""
        return np.maximum(0.0, (int(today.astype("datetime64[D]").astype(int)) - self.age_anchor_days) / _DAYS_A_MONTH)

    def weights_bytes(self, precision: WeightPrecision) -> Floats:
        """Return the bytes of the weights at a precision, a vision tower included; NaN where they are not modelled."""
        return self._weights[precision]

    @cached_property
    def _weights(self) -> dict[WeightPrecision, Floats]:
        return {precision: _numbers([_weights(entry, precision) for entry in self.entries]) for precision in get_args(WeightPrecision)}

    def least_weights_bytes(self, precision: WeightPrecision) -> Floats:
        """Return what the weights take at least: as modelled, else every stored parameter in the precision's bits."""
        known = self.weights_bytes(precision)
        return np.where(np.isnan(known), self.parameters * LAYER_BITS[precision] / 8, known)

    def cache_bytes(self, tokens: int, devices: int) -> Floats:
        """Return KV cache and state of one sequence, summed over the devices that share it (bytes); NaN = not modelled."""
        return self._remembered(("cache", tokens, devices), lambda: self._cache_terms.bytes(tokens, devices))

    @cached_property
    def _cache_terms(self) -> "CacheTerms":
        return CacheTerms.of(self.entries)

    def activation_bytes(self, tokens: int, batch: int, devices: int) -> Floats:
        """Return the activations, summed over the devices (bytes); NaN where they are not modelled."""
        return devices * BYTES_16_BIT * min(tokens * batch, PREFILL_TOKENS) * self._activation_widths

    @staticmethod
    def communication_bytes(devices: int) -> int:
        """Return the communication buffers, summed over the devices."""
        return devices * COMMUNICATION_BYTES if devices > 1 else 0

    @cached_property
    def _activation_widths(self) -> Floats:
        return _numbers([_known(activation_width(entry)) for entry in self.entries])

    def tokens(self, text: str) -> Floats:
        """Return how many tokens each checkpoint needs for a measured text; NaN where its tokenizer was not measured."""
        tables = self.registry.tokenizers
        return self._remembered(("tokens", text), lambda: _numbers([tables.tokens_for(entry.id, text) for entry in self.entries]))

    def reference_tokens(self, text: str) -> float:
        """Return how many tokens the reference tokenizer needs for a text; NaN where the text was not measured."""
        return float(self.registry.tokenizers.counts.get(REFERENCE_TOKENIZER, {}).get(text, np.nan))

    def results(self, benchmark: str, language: str) -> list[Result | None]:
        """Return each checkpoint's result of a benchmark in a language."""
        return self._remembered(
            ("result", benchmark, language), lambda: [self._result(entry, benchmark, language) for entry in self.entries]
        )

    def best_of(self, benchmarks: tuple[str, ...]) -> Floats:
        """Return each checkpoint's English score in the first of some benchmarks that it has a result of (per cent); NaN = none."""
        found = np.full(len(self.entries), np.nan)
        for benchmark in reversed(benchmarks):
            scores = _numbers([None if row is None else row.score for row in self.results(benchmark, "en")])
            found = np.where(np.isnan(scores), found, scores)
        return found

    @cached_property
    def tuning_tools(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return how many fine-tuning tools support each checkpoint, and of how many that is not known."""
        ecosystem = self.registry.ecosystem
        named = [len(ecosystem.tools_for(entry, "tuning")) for entry in self.entries]
        unread = 0 if ecosystem.of_kind("tuning") else ALL_TOOLS
        undecided = [unread or len(ecosystem.undecided(entry, "tuning")) for entry in self.entries]
        return np.array(named, dtype=np.int64), np.array(undecided, dtype=np.int64)

    def _result(self, entry: Entry, benchmark: str, language: str) -> Result | None:
        found = best_result(self.registry, entry.id, benchmark, language)
        return found[0] if found else None

    @cached_property
    def _memory(self) -> dict[tuple[str | int, ...], object]:
        return {}

    def _remembered(self, key: tuple[str | int, ...], compute: Callable[[], Answer]) -> Answer:
        """Return what was computed for a key before, or compute it. The oldest answers are dropped."""
        if key not in self._memory:
            if len(self._memory) >= _REMEMBERED:
                self._memory.pop(next(iter(self._memory)), None)
            self._memory[key] = compute()
        return cast("Answer", self._memory[key])

    @cached_property
    def flags(self) -> dict[str, Floats]:
        """Return yes/no facts as 1, 0 or NaN."""
        return {
            "image": _numbers([entry.abilities.image for entry in self.entries]),
            "tools": _numbers([entry.abilities.tools for entry in self.entries]),
            "tool_parser": _numbers([self.registry.ecosystem.names_tool_parser(entry) for entry in self.entries]),
            "fill_in_middle": _numbers([entry.abilities.fill_in_middle for entry in self.entries]),
            "training_data_open": _numbers([_is_open(entry) for entry in self.entries]),
            "base_published": _numbers([entry.size.base.published for entry in self.entries]),
            "is_base": _numbers([entry.checkpoint.variant == "base" for entry in self.entries]),
            "can_think": _numbers([_differs(entry.checkpoint.reasoning, "none") for entry in self.entries]),
            "can_answer_at_once": _numbers([_differs(entry.checkpoint.reasoning, "always") for entry in self.entries]),
        }

    def language_status(self, language: str) -> list[str]:
        """Return for each checkpoint: ``measured``, ``declared``, ``trained_on``, ``undeclared`` or ``unknown``.

        ``measured`` = declared and with a published result in the language; ``evidenced`` = a result without a
        declaration; ``undeclared`` = outside the vendor's whole list.
        """
        return self._remembered(("language", language), lambda: [self._status(entry, language) for entry in self.entries])

    def _status(self, entry: Entry, language: str) -> str:
        block = entry.languages
        tested = any(row.language == language and shows_ability(row) for row, _ in self.registry.results_of(entry.id))
        if language in (block.codes or ()):
            if tested:
                return "measured"
            return "trained_on" if block.basis == "trained_on" else "declared"
        if tested:
            return "evidenced"
        return "undeclared" if block.complete else "unknown"


@dataclass(frozen=True, eq=False)
class CacheTerms:
    """The cache formulas of all checkpoints as arrays, one position a term."""

    checkpoint: npt.NDArray[np.int64]
    elements: Floats
    ratio: Floats
    window: Floats
    heads: Floats
    state: Floats
    """Constant state, one position a checkpoint; NaN where cache or state are not modelled."""

    @classmethod
    def of(cls, entries: tuple[Entry, ...]) -> Self:
        """Return the terms of some checkpoints."""
        rows = [
            (index, term.elements, term.ratio, np.inf if term.window is None else term.window, term.heads)
            for index, entry in enumerate(entries)
            if isinstance(entry.cache, Cache)
            for term in entry.cache.terms
        ]
        columns = np.array(rows, dtype=np.float64).reshape(-1, 5).T
        states = [_known(entry.cache.state_bytes) if isinstance(entry.cache, Cache) else None for entry in entries]
        return cls(columns[0].astype(np.int64), columns[1], columns[2], columns[3], columns[4], _numbers(states))

    def bytes(self, tokens: int, devices: int) -> Floats:
        """Return cache and state of one sequence over all devices; what cannot be split is on each of them."""
        kept = np.minimum(np.ceil(tokens / self.ratio), self.window)
        copies = devices * np.ceil(self.heads / devices) / self.heads
        summed = np.bincount(self.checkpoint, weights=self.elements * kept * copies * BYTES_16_BIT, minlength=len(self.state))
        return summed + self.state


def _weights(entry: Entry, precision: WeightPrecision) -> int | None:
    counted = entry.breakdown
    main = None if isinstance(counted, NotModelled) else _known(weights_bytes(counted, precision))
    return None if main is None else main + (entry.parameters.vision or 0) * BYTES_16_BIT


def _known(value: int | NotModelled) -> int | None:
    return None if isinstance(value, NotModelled) else value


def shows_ability(row: Result) -> bool:
    """Tell whether a result is clearly above guessing among its answers."""
    return row.score >= GUESSING.get(row.benchmark, 0.0) + ABOVE_GUESSING


def _first_day(date: str) -> np.datetime64:
    """Return the first day that a partial ISO date can mean."""
    return np.datetime64((date + "-01-01")[:10], "D") if "-" not in date else np.datetime64((date + "-01")[:10], "D")


def _is_open(entry: Entry) -> bool | None:
    data = entry.training.data
    return None if data is None else data == "open"


def _differs(reasoning: Reasoning | None, other: Reasoning) -> bool | None:
    return None if reasoning is None else reasoning != other


def _numbers(values: Sequence[float | bool | None]) -> Floats:
    return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)
