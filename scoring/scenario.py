"""Scenario: needs, use, plan and weights as one object, the same for a YAML file, a link and a preset."""

import difflib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from model_registry.base_schema import LanguageCode
from model_registry.faults import RegistryError
from model_registry.yaml_reader import read_yaml
from scoring.errors import ScenarioError

Output: TypeAlias = Literal[
    "chat", "generation", "label", "span", "score", "code", "math", "tool_calls", "creative", "translation", "embedding"
]
WeightPrecision: TypeAlias = Literal["bf16", "fp8", "int8", "int4"]
Plan: TypeAlias = Literal["none", "lora", "full", "continued_pretraining"]
Factor: TypeAlias = Literal[
    "capability_domain",
    "capability_general",
    "language_fit",
    "licence_freedom",
    "openness_provenance",
    "serving_cost_fit",
    "tokenizer_efficiency_lang",
    "context_effective",
    "variant_fit",
    "finetune_ecosystem",
    "tool_use",
    "freshness",
]
FACTORS: tuple[Factor, ...] = get_args(Factor)
GENERAL = "general"
PRESETS_FILE = Path(__file__).with_name("presets.yaml")
MAXIMUM_WEIGHT = 10

Amount: TypeAlias = Annotated[int, Field(ge=0)]
Weight: TypeAlias = Annotated[float, Field(ge=0, le=MAXIMUM_WEIGHT)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)


class TrainingPlan(_Model):
    """What will be trained, and on how much."""

    plan: Plan = "none"
    examples: Amount | None = None
    """Labelled examples at hand."""
    tokens: Amount | None = None
    """Tokens of own text for continued pre-training."""


class Hardware(_Model):
    """What it must fit in: a listed device or plain memory; neither = no limit."""

    device: str | None = None
    count: Annotated[int, Field(ge=1, le=1024)] = 1
    memory_gb: Annotated[float, Field(gt=0, le=1_000_000)] | None = None
    """Memory in GiB instead of a listed device."""
    weights: Annotated[tuple[WeightPrecision, ...], Field(min_length=1)] = ("bf16", "int8", "int4")
    """Precisions of the weights that are acceptable."""
    batch: Annotated[int, Field(ge=1, le=4096)] = 1

    @model_validator(mode="after")
    def _one_way_to_say_how_much(self) -> Self:
        if self.device is not None and self.memory_gb is not None:
            message = "give a device or memory_gb, not both"
            raise ValueError(message)
        return self


class Use(_Model):
    """What it is for, in the terms that licences ask about."""

    kind: Literal["internal", "product", "research"] = "internal"
    monthly_users: Amount | None = None
    annual_revenue_usd: Amount | None = None
    monthly_revenue_usd: Amount | None = None
    offers_model_api: bool = False
    redistributes_weights: bool = False
    trains_on_outputs: bool = False
    may_contact_licensor: bool = True
    territory: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], ...] = ()
    """ISO 3166 alpha-2 codes of the places where it is used or the company sits, or EU."""


class Needs(_Model):
    """Hard needs beside language, context, licence and size."""

    tools: bool = False
    reasoning: bool | None = None
    """True: it must be able to think first; false: it must be able not to; null: either."""
    image: bool = False
    fill_in_middle: bool = False
    training_data_open: bool = False
    maximum_parameters: Annotated[int, Field(gt=0)] | None = None


class Scenario(_Model):
    """Everything that an answer depends on beside the registry."""

    domain: str = GENERAL
    languages: tuple[LanguageCode, ...] = ()
    longest_input: Annotated[int, Field(ge=1, le=100_000_000)] = 4096
    """Tokens."""
    output: Output = "chat"
    training: TrainingPlan = TrainingPlan()
    hardware: Hardware = Hardware()
    use: Use = Use()
    needs: Needs = Needs()
    weights: dict[Factor, Weight] = {}
    evidence: tuple[str, ...] = ()
    """Benchmarks that speak for the domain, the better first; part of the preset."""


@cache
def presets() -> dict[str, Scenario]:
    """Return the presets by id, the general-purpose one first."""
    document = read_yaml(PRESETS_FILE, PRESETS_FILE.name)
    data = document.data
    if not isinstance(data, dict):
        message = f"{PRESETS_FILE.name}: must be a mapping of preset ids"
        raise ScenarioError(message)
    return {name: _validated({"domain": name, **_mapping(values, name)}) for name, values in data.items()}


def scenario_from(data: object) -> Scenario:
    """Return a scenario from plain data; what is left out comes from its domain's preset. Raises ScenarioError."""
    given = _mapping(data, "scenario")
    known = presets()
    domain = GENERAL if given.get("domain") is None else given["domain"]
    if not isinstance(domain, str) or domain not in known:
        near = difflib.get_close_matches(str(domain), known, n=3)
        message = f"domain: no such preset (got {domain!r}); try {', '.join(near or known)}"
        raise ScenarioError(message)
    if "evidence" in given:
        message = "evidence: belongs to the presets and cannot be set; remove it"
        raise ScenarioError(message)
    return _validated(merge(known[domain].model_dump(mode="json"), {**given, "domain": domain}))


def read_scenario(path: Path) -> Scenario:
    """Return the scenario of a YAML file. Raises ScenarioError naming the file."""
    if not path.is_file():
        message = f"{path}: no such file"
        raise ScenarioError(message)
    try:
        data = read_yaml(path, str(path)).data
    except RegistryError as error:
        raise ScenarioError(str(error.faults[0])) from error
    try:
        return scenario_from({} if data is None else data)
    except ScenarioError as error:
        message = f"{path}: {error}"
        raise ScenarioError(message) from error


def merge(base: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``base`` with what ``given`` says; mappings are merged, hardware is replaced when it names its memory."""
    result = dict(base)
    for key, value in given.items():
        if isinstance(value, Mapping) and isinstance(result.get(key), Mapping):
            old = dict(result[key])
            if key == "hardware" and value.get("memory_gb") is not None:
                old["device"] = None
            if key == "hardware" and value.get("device") is not None:
                old["memory_gb"] = None
            result[key] = {**old, **value}
        else:
            result[key] = value
    return result


def _mapping(data: object, name: str) -> dict[str, Any]:
    if isinstance(data, dict):
        return data
    message = f"{name}: must be a mapping of keys to values (got {data!r})"
    raise ScenarioError(message)


def _validated(data: Mapping[str, Any]) -> Scenario:
    try:
        return Scenario.model_validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        raise ScenarioError(_sentence(error)) from error


def _sentence(error: ValidationError) -> str:
    """Return the first fault of a scenario as one line with its way out."""
    item = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in item["loc"] if part != "[key]")
    if item["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(item["loc"][-1]), _field_names(), n=2)
        return f"{place}: no such key" + (f"; did you mean {' or '.join(near)}?" if near else "")
    message = item["msg"].removeprefix("Value error, ")
    return f"{place}: {message[:1].lower()}{message[1:]} (got {item['input']!r})"


def _field_names() -> list[str]:
    models: tuple[type[BaseModel], ...] = (Scenario, TrainingPlan, Hardware, Use, Needs)
    return [name for model in models for name in model.model_fields]
