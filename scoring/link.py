"""A scenario as link parameters and back. Links carry codes, never labels; a bad value falls back and is named."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from scoring.scenario import FACTORS, GENERAL, Scenario, presets


@dataclass(frozen=True)
class BadValue:
    """A link value that was not understood: its parameter and what it said."""

    name: str
    value: str


@dataclass(frozen=True)
class _Parameter:
    name: str
    path: tuple[str, ...]
    read: Callable[[str], object]


def _text(value: str) -> str:
    return value


def _number(value: str) -> int:
    return int(value)


def _decimal(value: str) -> float:
    return float(value)


def _flag(value: str) -> bool:
    return {"1": True, "0": False}[value]


def _codes(value: str) -> list[str]:
    return [code for code in value.split(",") if code]


_PARAMETERS = (
    _Parameter("l", ("languages",), _codes),
    _Parameter("ctx", ("longest_input",), _number),
    _Parameter("out", ("output",), _text),
    _Parameter("plan", ("training", "plan"), _text),
    _Parameter("ex", ("training", "examples"), _number),
    _Parameter("tok", ("training", "tokens"), _number),
    _Parameter("gpu", ("hardware", "device"), _text),
    _Parameter("n", ("hardware", "count"), _number),
    _Parameter("mem", ("hardware", "memory_gb"), _decimal),
    _Parameter("q", ("hardware", "weights"), _codes),
    _Parameter("batch", ("hardware", "batch"), _number),
    _Parameter("use", ("use", "kind"), _text),
    _Parameter("mau", ("use", "monthly_users"), _number),
    _Parameter("rev", ("use", "annual_revenue_usd"), _number),
    _Parameter("mrev", ("use", "monthly_revenue_usd"), _number),
    _Parameter("api", ("use", "offers_model_api"), _flag),
    _Parameter("copies", ("use", "redistributes_weights"), _flag),
    _Parameter("distil", ("use", "trains_on_outputs"), _flag),
    _Parameter("ask", ("use", "may_contact_licensor"), _flag),
    _Parameter("terr", ("use", "territory"), _codes),
    _Parameter("tools", ("needs", "tools"), _flag),
    _Parameter("think", ("needs", "reasoning"), _flag),
    _Parameter("img", ("needs", "image"), _flag),
    _Parameter("fim", ("needs", "fill_in_middle"), _flag),
    _Parameter("open", ("needs", "training_data_open"), _flag),
    _Parameter("maxp", ("needs", "maximum_parameters"), _number),
    *(_Parameter(f"w_{factor}", ("weights", factor), _decimal) for factor in FACTORS),
)
_NONE = "-"
"""How a link says that a number is not given although the preset has one."""
NAMES = frozenset({"domain", *(parameter.name for parameter in _PARAMETERS)})
"""Every link name of a scenario."""


def scenario_from_link(parameters: Mapping[str, str]) -> tuple[Scenario, tuple[BadValue, ...]]:
    """Return the scenario of a link and the values that were not understood (each fell back to its default)."""
    known = presets()
    bad: list[BadValue] = []
    domain = parameters.get("domain", GENERAL)
    if domain not in known:
        bad.append(BadValue("domain", domain))
        domain = GENERAL
    scenario = known[domain]
    for parameter in _PARAMETERS:
        text = parameters.get(parameter.name)
        if text is None:
            continue
        try:
            value = None if text == _NONE else parameter.read(text)
            scenario = replaced(scenario, parameter.path, value)
        except (ValueError, KeyError, ValidationError):
            bad.append(BadValue(parameter.name, text))
    return scenario, tuple(bad)


def link_of(scenario: Scenario, *, full: bool) -> dict[str, str]:
    """Return the link parameters of a scenario: all of them, or only those that differ from its domain's preset."""
    preset = presets().get(scenario.domain, presets()[GENERAL])
    link = {"domain": scenario.domain}
    for parameter in _PARAMETERS:
        value = _at(scenario, parameter.path)
        if full or value != _at(preset, parameter.path):
            link[parameter.name] = _written(value)
    return link


def replaced(scenario: Scenario, path: tuple[str, ...], value: object) -> Scenario:
    """Return the scenario with one field changed, validated. A device and plain memory exclude each other."""
    data: dict[str, Any] = scenario.model_dump(mode="json")
    target = data
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    if value is not None and path == ("hardware", "memory_gb"):
        target["device"] = None
    if value is not None and path == ("hardware", "device"):
        target["memory_gb"] = None
    return Scenario.model_validate(_tuples(data))


def _tuples(data: dict[str, Any]) -> dict[str, Any]:
    """Return the data with lists as tuples, as strict validation of Python objects asks."""
    return {
        key: _tuples(value) if isinstance(value, dict) else tuple(value) if isinstance(value, list) else value
        for key, value in data.items()
    }


def _at(scenario: Scenario, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - a field of any type
    value: Any = scenario
    for key in path:
        value = value.get(key, 0.0) if isinstance(value, dict) else getattr(value, key)
    return value


def _written(value: object) -> str:
    if value is None:
        return _NONE
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, float):
        return repr(value).removesuffix(".0")  # the shortest text that reads back as the same number
    return str(value)
