"""Hard needs: who stays, who is removed, by which gate, on which fact, and what would bring them back.

A need that the facts cannot decide never removes and never passes in silence: the checkpoint stays with a note.
"""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar, get_args

import numpy as np

from model_registry.memory import GIB, HIGH_ACTIVATIONS, HIGH_FACTOR, HIGH_FIXED, LOW_FACTOR
from model_registry.memory import capacity_bytes as device_bytes
from model_registry.registry import Registry
from scoring.candidates import Candidates, Flags, Floats
from scoring.errors import ScenarioError
from scoring.licence_use import LicenceVerdict, judge
from scoring.scenario import Hardware, Scenario, Use, WeightPrecision
from scoring.variants import Advice

Gate: TypeAlias = Literal[
    "licence",
    "language",
    "context",
    "memory",
    "base_published",
    "tools",
    "image",
    "fill_in_middle",
    "reasoning",
    "training_data_open",
    "maximum_parameters",
]
Item = TypeVar("Item")
UNSETTLED = frozenset(
    f"{need}_unknown"
    for need in ("context", "memory", "base", "tools", "image", "fill_in_middle", "reasoning", "training_data_open", "maximum_parameters")
) | {"memory_tight"}
"""Notes of hard needs that the facts do not decide: such a checkpoint is listed apart, not ranked."""
PRECISIONS: tuple[WeightPrecision, ...] = get_args(WeightPrecision)


@dataclass(frozen=True)
class Removal:
    """A checkpoint that a hard need removes: the gate, the fact that decides as a code with values, the nearest fix."""

    id: str
    gate: Gate
    fact: str
    values: dict[str, str | int | float]
    fix: str | None = None


@dataclass(frozen=True)
class MemoryFit:
    """How each checkpoint fits: the best acceptable precision and its bytes; arrays over all candidates."""

    capacity_bytes: float | None
    """Memory of all devices together."""
    precision: list[WeightPrecision | None]
    low_bytes: Floats
    """Lower end over all devices, at that precision; at the smallest acceptable one when none fits; NaN where unknown."""
    formula_bytes: Floats
    high_bytes: Floats
    fits: Flags
    """Everyone whose lower end is within the memory: a removal is certain."""
    unknown: Flags


@dataclass(frozen=True)
class Gated:
    """The outcome: a mask of who stays, the removals, and notes of what could not be decided."""

    kept: Flags
    failures: dict[str, tuple[Removal, ...]]
    """Every need that each removed checkpoint fails, the first one first."""
    notes: dict[str, tuple[str, ...]]
    memory: MemoryFit
    licences: tuple[LicenceVerdict, ...]

    @property
    def removals(self) -> tuple[Removal, ...]:
        """Return one removal a removed checkpoint: the first need that it fails."""
        return tuple(found[0] for found in self.failures.values())


def capacity_bytes(registry: Registry, hardware: Hardware) -> float | None:
    """Return the memory of the hardware in bytes, None when there is no limit. Raises ScenarioError."""
    if hardware.memory_gb is not None:
        return hardware.memory_gb * GIB * hardware.count
    if hardware.device is None:
        return None
    device = registry.devices.get(hardware.device)
    if device is None:
        near = difflib.get_close_matches(hardware.device, registry.devices, n=3, cutoff=0.3)
        message = f"hardware.device: no such device (got {hardware.device!r}); try {', '.join(near) or 'memory_gb instead'}"
        raise ScenarioError(message)
    return float(device_bytes(device) * hardware.count)


def judge_all(candidates: Candidates, use: Use) -> tuple[LicenceVerdict, ...]:
    """Return each checkpoint's licence verdict for a use; equal licence and modality are judged once."""
    registry = candidates.registry
    known: dict[tuple[str | None, bool | None], LicenceVerdict] = {}
    verdicts = []
    for entry in candidates.entries:
        key = (entry.licence.id, entry.abilities.image)
        if key not in known:
            licence = registry.licences.get(key[0]) if key[0] else None
            known[key] = judge(licence, use, multimodal=key[1])
        verdicts.append(known[key])
    return tuple(verdicts)


def fit_memory(candidates: Candidates, scenario: Scenario) -> MemoryFit:
    """Return how serving fits the hardware, at the best acceptable precision whose formula is within it.

    The sums of memory.py over all candidates at once; test_gates holds both to the same bytes.
    """
    hardware, tokens = scenario.hardware, scenario.longest_input
    capacity = capacity_bytes(candidates.registry, hardware)
    limit = np.inf if capacity is None else capacity
    wanted = [precision for precision in PRECISIONS if precision in hardware.weights]
    caches = candidates.cache_bytes(tokens, hardware.count) * hardware.batch
    resident = np.stack([candidates.weights_bytes(precision) for precision in wanted]) + caches
    activations = candidates.activation_bytes(tokens, hardware.batch, hardware.count)
    stays = resident + candidates.communication_bytes(hardware.count)
    formula = stays + activations
    within = np.nan_to_num(formula, nan=np.inf) <= limit
    best = np.where(within.any(axis=0), within.argmax(axis=0), len(wanted) - 1)
    at = (best, np.arange(formula.shape[1]))
    low = LOW_FACTOR * resident[at]
    too_large = np.nan_to_num(LOW_FACTOR * candidates.least_weights_bytes(wanted[-1]), nan=0.0) > limit
    unknown = np.isnan(formula[at]) & ~too_large
    fits = (low <= limit) | unknown | (capacity is None)
    precision = [None if np.isnan(value) else wanted[index] for index, value in zip(best, formula[at], strict=True)]
    high = HIGH_FACTOR * stays[at] + HIGH_ACTIVATIONS * activations + hardware.count * HIGH_FIXED
    return MemoryFit(capacity, precision, low, formula[at], high, fits, unknown)


def apply_gates(candidates: Candidates, scenario: Scenario, advice: Advice) -> Gated:
    """Return who meets the hard needs. A checkpoint is reported under the first gate that removes it."""
    memory = fit_memory(candidates, scenario)
    licences = judge_all(candidates, scenario.use)
    failures: dict[str, list[Removal]] = {}
    notes: dict[str, list[str]] = {}
    findings: Iterable[tuple[int, Removal | str]] = (
        *_licence_gate(candidates, licences),
        *_language_gate(candidates, scenario),
        *_context_gate(candidates, scenario),
        *_memory_gate(candidates, scenario, memory),
        *_base_gate(candidates, advice),
        *_need_gates(candidates, scenario, advice),
    )
    for index, finding in findings:
        if isinstance(finding, Removal):
            failures.setdefault(finding.id, []).append(finding)
        else:
            notes.setdefault(candidates.ids[index], []).append(finding)
    kept = np.array([checkpoint_id not in failures for checkpoint_id in candidates.ids], dtype=bool)
    return Gated(kept, _frozen(failures), _frozen(notes), memory, licences)


def settled(candidates: Candidates, gated: Gated) -> Flags:
    """Return whose hard needs are all decided by facts; an undeclared language or an unread licence is weighed, not decided."""
    return np.array([not set(gated.notes.get(name, ())) & UNSETTLED for name in candidates.ids], dtype=bool)


def _frozen(lists: dict[str, list[Item]]) -> dict[str, tuple[Item, ...]]:
    return {key: tuple(items) for key, items in lists.items()}


def _licence_gate(candidates: Candidates, licences: tuple[LicenceVerdict, ...]) -> Iterator[tuple[int, Removal | str]]:
    for index, verdict in enumerate(licences):
        if verdict.verdict == "forbidden" and verdict.decisive:
            reason = verdict.decisive
            values: dict[str, str | int | float] = {
                "licence": verdict.licence_id or "",
                "clause": reason.clause or "",
                "quote": reason.quote or "",
                "number": reason.number or 0,
                "detail": reason.detail or "",
            }
            fix = "contact_licensor" if reason.licensor_can_lift else None
            yield index, Removal(candidates.ids[index], "licence", reason.code, values, fix)
        elif verdict.verdict == "unknown":
            yield index, "licence_unknown"


def _language_gate(candidates: Candidates, scenario: Scenario) -> Iterator[tuple[int, Removal | str]]:
    for language in scenario.languages:
        for index, status in enumerate(candidates.language_status(language)):
            if status == "undeclared":
                yield index, Removal(candidates.ids[index], "language", "language_undeclared", {"language": language})
            elif status == "unknown":
                yield index, "language_unknown"


def _context_gate(candidates: Candidates, scenario: Scenario) -> Iterator[tuple[int, Removal | str]]:
    need = scenario.longest_input
    for index, tokens in enumerate(candidates.context_tokens):
        if np.isnan(tokens):
            yield index, "context_unknown"
        elif tokens < need:
            values: dict[str, str | int | float] = {"tokens": int(tokens), "need": need}
            yield index, Removal(candidates.ids[index], "context", "context_too_short", values, "shorter_input")


def _memory_gate(candidates: Candidates, scenario: Scenario, memory: MemoryFit) -> Iterator[tuple[int, Removal | str]]:
    if memory.capacity_bytes is None:
        return
    smallest = [precision for precision in PRECISIONS if precision in scenario.hardware.weights][-1]
    weights = candidates.least_weights_bytes(smallest)
    for index, fits in enumerate(memory.fits):
        if memory.unknown[index]:
            yield index, "memory_unknown"
        elif fits and memory.formula_bytes[index] > memory.capacity_bytes:
            yield index, "memory_tight"
        elif not fits:
            needed = memory.formula_bytes[index]
            values: dict[str, str | int | float] = {
                "needed_bytes": float(weights[index] if np.isnan(needed) else needed),
                "capacity_bytes": float(memory.capacity_bytes),
                "precision": smallest,
            }
            fix = "int4" if "int4" not in scenario.hardware.weights else "more_devices"
            yield index, Removal(candidates.ids[index], "memory", "too_large", values, fix)


def _base_gate(candidates: Candidates, advice: Advice) -> Iterator[tuple[int, Removal | str]]:
    if advice.start != "base":
        return
    for index, published in enumerate(candidates.flags["base_published"]):
        if published == 0:
            yield index, Removal(candidates.ids[index], "base_published", "base_not_published", {}, "start_from_instruct")
        elif np.isnan(published):
            yield index, "base_unknown"


def _need_gates(candidates: Candidates, scenario: Scenario, advice: Advice) -> Iterator[tuple[int, Removal | str]]:
    needs, flags = scenario.needs, candidates.flags
    asked: tuple[tuple[bool, Gate, Floats], ...] = (
        (needs.tools, "tools", flags["tools"]),
        (needs.image, "image", flags["image"]),
        (needs.fill_in_middle, "fill_in_middle", flags["fill_in_middle"]),
        (needs.training_data_open, "training_data_open", flags["training_data_open"]),
        (needs.reasoning is True and not advice.thinking_is_trained, "reasoning", flags["can_think"]),
        (needs.reasoning is False, "reasoning", flags["can_answer_at_once"]),
    )
    for wanted, gate, values in asked:
        if not wanted:
            continue
        for index, value in enumerate(values):
            if value == 0:
                yield index, Removal(candidates.ids[index], gate, f"no_{gate}", {}, f"drop_{gate}")
            elif np.isnan(value):
                yield index, f"{gate}_unknown"
    if needs.maximum_parameters is not None:
        for index, parameters in enumerate(candidates.parameters):
            if np.isnan(parameters):
                yield index, "maximum_parameters_unknown"
            elif parameters > needs.maximum_parameters:
                count: dict[str, str | int | float] = {"parameters": int(parameters)}
                yield index, Removal(candidates.ids[index], "maximum_parameters", "too_many_parameters", count, "drop_maximum_parameters")
