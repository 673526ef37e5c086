"""The nearest fixes: which single relaxation of a need brings back how many checkpoints."""

from collections.abc import Iterator
from dataclasses import dataclass

from scoring.candidates import Candidates
from scoring.gates import Gate, Gated, fit_memory
from scoring.scenario import Hardware, Scenario


@dataclass(frozen=True)
class Relaxation:
    """One change to the needs and the number of checkpoints it would bring back."""

    gate: Gate
    change: str
    adds: int


def relaxations(candidates: Candidates, scenario: Scenario, gated: Gated) -> tuple[Relaxation, ...]:
    """Return the relaxations that bring anyone back, the most fruitful first.

    Only checkpoints that fail a single gate count: a second failure would keep them out.
    """
    alone = {item: found[0].gate for item, found in gated.failures.items() if len({removal.gate for removal in found}) == 1}
    found = [*_memory(candidates, scenario, alone), *_dropped(gated, alone)]
    return tuple(sorted((r for r in found if r.adds), key=lambda r: -r.adds))


def _memory(candidates: Candidates, scenario: Scenario, alone: dict[str, Gate]) -> Iterator[Relaxation]:
    hardware = scenario.hardware
    waiting = [index for index, item in enumerate(candidates.ids) if alone.get(item) == "memory"]
    if not waiting:
        return
    changes: list[tuple[str, Hardware]] = [("twice_the_devices", hardware.model_copy(update={"count": 2 * hardware.count}))]
    if "int4" not in hardware.weights:
        changes.append(("int4", hardware.model_copy(update={"weights": (*hardware.weights, "int4")})))
    for change, altered in changes:
        fits = fit_memory(candidates, scenario.model_copy(update={"hardware": altered})).fits
        yield Relaxation("memory", change, sum(bool(fits[index]) for index in waiting))
    if scenario.longest_input > 1:
        shorter = scenario.model_copy(update={"longest_input": max(1, scenario.longest_input // 2)})
        fits = fit_memory(candidates, shorter).fits
        yield Relaxation("memory", "half_the_input", sum(bool(fits[index]) for index in waiting))


def _dropped(gated: Gated, alone: dict[str, Gate]) -> Iterator[Relaxation]:
    counts: dict[tuple[Gate, str], int] = {}
    for item, gate in alone.items():
        fixes = {removal.fix for removal in gated.failures[item]}
        if gate == "memory" or None in fixes:
            continue
        for fix in fixes:
            key = (gate, str(fix))
            counts[key] = counts.get(key, 0) + 1
    for (gate, change), adds in counts.items():
        yield Relaxation(gate, change, adds)
