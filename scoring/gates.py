"""Hard needs: who stays, who is removed, by which gate, on which fact, and what would bring them back.

A need that the facts cannot decide never removes and never passes in silence: the checkpoint stays with a note.
"""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar

import numpy as np

from model_registry.memory import GIB, Precision
from model_registry.registry import Registry
from scoring.candidates import Candidates, Flags, Floats
from scoring.errors import ScenarioError
from scoring.licence_use import LicenceVerdict, judge
from scoring.scenario import Hardware, Scenario, Use
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
PRECISIONS: tuple[Precision, ...] = ("bf16", "fp8", "int8", "int4")


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
    precision: list[Precision | None]
    low_bytes: Floats
    """Formula at that precision; at the smallest acceptable one when none fits; NaN where unknown."""
    fits: Flags
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
    return (device.memory_bytes or device.memory_gib * GIB) * hardware.count


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
    """Return how weights and KV cache fit the hardware, at the best of the acceptable precisions."""
    capacity = capacity_bytes(candidates.registry, scenario.hardware)
    cache = candidates.kv_bytes(scenario.longest_input) * scenario.hardware.batch
    wanted = [precision for precision in PRECISIONS if precision in scenario.hardware.weights]
    sizes = np.stack([candidates.weights_bytes(precision) for precision in wanted])
    totals = sizes + cache
    limit = np.inf if capacity is None else capacity
    fitting = np.nan_to_num(totals, nan=np.inf) <= limit
    best = np.where(fitting.any(axis=0), fitting.argmax(axis=0), len(wanted) - 1)
    low = totals[best, np.arange(totals.shape[1])]
    smallest = sizes[-1]
    too_large = np.nan_to_num(smallest, nan=0.0) > limit  # the weights alone are more than there is
    unknown = np.isnan(low) & ~too_large
    fits = fitting.any(axis=0) | (unknown & (capacity is not None)) | (capacity is None)
    precision: list[Precision | None] = [wanted[index] if not np.isnan(value) else None for index, value in zip(best, low, strict=True)]
    return MemoryFit(capacity, precision, low, fits, unknown)


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
        *_need_gates(candidates, scenario),
    )
    for index, finding in findings:
        if isinstance(finding, Removal):
            failures.setdefault(finding.id, []).append(finding)
        else:
            notes.setdefault(candidates.ids[index], []).append(finding)
    kept = np.array([checkpoint_id not in failures for checkpoint_id in candidates.ids], dtype=bool)
    return Gated(kept, _frozen(failures), _frozen(notes), memory, licences)


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
    smallest: Precision = [precision for precision in PRECISIONS if precision in scenario.hardware.weights][-1]
    weights = candidates.weights_bytes(smallest)
    for index, fits in enumerate(memory.fits):
        if memory.unknown[index]:
            yield index, "memory_unknown"
        elif not fits:
            needed = memory.low_bytes[index]
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


def _need_gates(candidates: Candidates, scenario: Scenario) -> Iterator[tuple[int, Removal | str]]:
    needs, flags = scenario.needs, candidates.flags
    asked: tuple[tuple[bool, Gate, Floats], ...] = (
        (needs.tools, "tools", flags["tools"]),
        (needs.image, "image", flags["image"]),
        (needs.fill_in_middle, "fill_in_middle", flags["fill_in_middle"]),
        (needs.training_data_open, "training_data_open", flags["training_data_open"]),
        (needs.reasoning is True, "reasoning", flags["can_think"]),
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
