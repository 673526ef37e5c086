"""Needs as acceptance tests: each file of tests/cases says who asks, what the facts allow and what they rule out.

The conditions are checked against the registry's facts, not against what scoring makes of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from model_registry.memory import GIB, Serving, Workload, serve
from model_registry.registry import Entry, Registry
from model_registry.yaml_reader import read_yaml
from scoring.candidates import Candidates
from scoring.gates import Gate
from scoring.recommend import Ranked, Recommendation, recommend
from scoring.scenario import WeightPrecision, scenario_from
from scoring.variants import Start

TODAY = np.datetime64("2026-11-24", "D")
CASES = sorted((Path(__file__).parent.parent / "cases").glob("*.yaml"))
TOP = 5


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Fits(_Strict):
    """A memory that weights, cache and activations of one sequence of the scenario's length have to fit in."""

    gib: float
    weights: WeightPrecision


class Facts(_Strict):
    """What has to be known and true of a checkpoint; what is not found does not count as true."""

    variant: tuple[str, ...] | None = None
    reasoning: tuple[str, ...] | None = None
    licence_in: tuple[str, ...] | None = None
    commercial: tuple[str, ...] | None = None
    hosting: tuple[str, ...] | None = None
    redistribution: tuple[str, ...] | None = None
    base_published: bool | None = None
    knows: tuple[str, ...] | None = None
    """Languages that the vendor names or in which a result was published."""
    context_at_least: int | None = None
    parameters_at_most: int | None = None
    training_data: tuple[str, ...] | None = None
    image: bool | None = None
    tools: bool | None = None
    fill_in_middle: bool | None = None
    serves_within: Fits | None = None


class RuledOut(_Strict):
    """A checkpoint that must be removed, by which gate and on which fact."""

    id: str
    gate: Gate
    fact: str | None = None


class Acceptable(_Strict):
    """What an answer may be."""

    start: Start | None = None
    kept: tuple[str, ...] = ()
    first_must: Facts = Facts()
    top5_must: Facts = Facts()
    top5_any: tuple[str, ...] = ()
    """Ids or releases of which one at least must be among the first five."""


class Unacceptable(_Strict):
    """What an answer must not be."""

    removed: tuple[RuledOut, ...] = ()
    first_not: tuple[str, ...] = ()


class Case(_Strict):
    """One need."""

    why: str = Field(min_length=80)
    scenario: dict[str, Any]
    acceptable: Acceptable
    unacceptable: Unacceptable

    @model_validator(mode="after")
    def _the_scenario_is_one(self) -> Self:
        scenario_from(self.scenario)
        return self


@dataclass(frozen=True)
class Asked:
    """A case with the product's answer to it."""

    name: str
    case: Case
    registry: Registry
    answer: Recommendation

    @property
    def tokens(self) -> int:
        """Return the longest input."""
        return self.answer.scenario.longest_input

    @property
    def top(self) -> tuple[Ranked, ...]:
        """Return the first five."""
        return self.answer.ranked[:TOP]


def read_case(path: Path) -> Case:
    """Return a case; unknown keys are refused."""
    return Case.model_validate(read_yaml(path, path.name).data)


@pytest.fixture(params=CASES, ids=lambda path: path.stem)
def asked(request: pytest.FixtureRequest, candidates: Candidates) -> Asked:
    """Return a case with its answer on one fixed day."""
    path: Path = request.param
    case = read_case(path)
    return Asked(path.stem, case, candidates.registry, recommend(candidates, scenario_from(case.scenario), TODAY))


def languages_of(registry: Registry, entry: Entry) -> set[str]:
    """Return the languages that the vendor names for a checkpoint, and those with a published result."""
    return {*(entry.languages.codes or ()), *(row.language for row, _ in registry.results_of(entry.id) if row.language)}


def served_gib(entry: Entry, tokens: int, weights: WeightPrecision) -> float | None:
    """Return what one sequence needs, None where it is not modelled."""
    needed = serve(entry, Workload(tokens, weights=weights))
    return needed.total_bytes / GIB if isinstance(needed, Serving) else None


def facts_of(registry: Registry, entry: Entry, tokens: int, wanted: Facts) -> dict[str, Any]:
    """Return the facts of a checkpoint under the names of the conditions."""
    licence = registry.licences.get(entry.licence.id or "")
    context = entry.checkpoint.context
    fits = wanted.serves_within
    return {
        "variant": entry.checkpoint.variant,
        "reasoning": entry.checkpoint.reasoning,
        "licence_in": entry.licence.id,
        "commercial": licence and licence.commercial.allowed,
        "hosting": licence and licence.hosting,
        "redistribution": licence and licence.redistribution,
        "base_published": entry.size.base.published,
        "knows": languages_of(registry, entry),
        "context_at_least": context.advertised or context.config or context.trained,
        "parameters_at_most": entry.parameters_total,
        "training_data": entry.training.data,
        "image": entry.abilities.image,
        "tools": entry.abilities.tools,
        "fill_in_middle": entry.abilities.fill_in_middle,
        "serves_within": fits and served_gib(entry, tokens, fits.weights),
    }


MEETS: dict[str, Callable[[Any, Any], bool]] = {
    "knows": lambda value, wanted: set(wanted) <= value,
    "context_at_least": lambda value, wanted: value is not None and value >= wanted,
    "parameters_at_most": lambda value, wanted: value is not None and value <= wanted,
    "serves_within": lambda value, wanted: value is not None and value <= wanted.gib,
}


def met(value: object, wanted: object) -> bool:
    """Tell whether a fact is the wanted one, or one of them."""
    return value in wanted if isinstance(wanted, tuple) else value is wanted


def unmet(asked: Asked, place: int, wanted: Facts) -> list[str]:
    """Return a sentence for each condition that the checkpoint in a place does not meet."""
    entry = asked.registry[asked.top[place].id]
    facts = facts_of(asked.registry, entry, asked.tokens, wanted)
    asked_for = [(name, value) for name, value in wanted if value is not None]
    return [
        f"{asked.name}: place {place + 1}, {entry.id}: {name} is {facts[name]!r}, needed {value!r}"
        for name, value in asked_for
        if not MEETS.get(name, met)(facts[name], value)
    ]


def test_there_are_at_least_ten_needs() -> None:
    assert len(CASES) >= 10


def test_the_case_names_checkpoints_and_releases_of_the_registry(asked: Asked) -> None:
    ids = {entry.id for entry in asked.registry.entries}
    releases = {entry.release.release for entry in asked.registry.entries}
    case = asked.case
    named = {*case.acceptable.kept, *case.unacceptable.first_not, *(out.id for out in case.unacceptable.removed)}
    assert named <= ids, f"{asked.name}: not in the registry: {sorted(named - ids)}"
    unknown = set(case.acceptable.top5_any) - ids - releases
    assert not unknown, f"{asked.name}: neither checkpoint nor release: {sorted(unknown)}"


def test_it_starts_from_the_right_kind(asked: Asked) -> None:
    wanted = asked.case.acceptable.start
    start = asked.answer.advice.start
    assert wanted in {None, start}, f"{asked.name}: advised to start from {start}, needed {wanted}"


def test_what_the_facts_allow_is_kept(asked: Asked) -> None:
    failures = asked.answer.gated.failures
    lost = [
        f"{asked.name}: {name} was removed by {removal.gate} ({removal.fact}, {removal.values})"
        for name in asked.case.acceptable.kept
        for removal in failures.get(name, ())
    ]
    assert not lost, "\n".join(lost)


def test_what_the_facts_rule_out_is_removed_for_that_reason(asked: Asked) -> None:
    failures = asked.answer.gated.failures
    wrong = []
    for out in asked.case.unacceptable.removed:
        found = [(removal.gate, removal.fact) for removal in failures.get(out.id, ())]
        if not any(gate == out.gate and out.fact in {None, fact} for gate, fact in found):
            wrong.append(f"{asked.name}: {out.id} should be removed by {out.gate} ({out.fact}); found {found or 'kept'}")
    assert not wrong, "\n".join(wrong)


def test_nothing_removed_is_ranked(asked: Asked) -> None:
    gone = {removal.id for removal in asked.answer.removed}
    listed = {item.id for item in (*asked.answer.ranked, *asked.answer.thin)}
    assert not gone & listed, f"{asked.name}: removed and still listed: {sorted(gone & listed)}"


def test_the_first_place_meets_the_need(asked: Asked) -> None:
    assert asked.answer.ranked, f"{asked.name}: nothing is ranked"
    faults = unmet(asked, 0, asked.case.acceptable.first_must)
    first = asked.answer.ranked[0].id
    if first in asked.case.unacceptable.first_not:
        faults.append(f"{asked.name}: {first} must not come first")
    assert not faults, "\n".join(faults)


def test_the_first_five_meet_the_need(asked: Asked) -> None:
    wanted = asked.case.acceptable
    faults = [fault for place in range(len(asked.top)) for fault in unmet(asked, place, wanted.top5_must)]
    names = {name for item in asked.top for name in (item.id, asked.registry[item.id].release.release)}
    if wanted.top5_any and not names & set(wanted.top5_any):
        faults.append(f"{asked.name}: none of {wanted.top5_any} among the first five: {[item.id for item in asked.top]}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("place", [(), ("acceptable",), ("acceptable", "first_must"), ("unacceptable",)])
def test_a_case_with_an_unknown_key_is_refused(place: tuple[str, ...]) -> None:
    data: dict[str, Any] = {
        "why": "A need that is written down in a sentence or two, so that a reader can judge whether the conditions follow.",
        "scenario": {"domain": "general"},
        "acceptable": {"first_must": {"variant": ["base"]}},
        "unacceptable": {},
    }
    assert Case.model_validate(data).acceptable.first_must.variant == ("base",)
    part = data
    for key in place:
        part = part[key]
    part["frist"] = []
    with pytest.raises(ValidationError, match="frist"):
        Case.model_validate(data)
