"""Typed look-ups in a config.json of unknown honesty: a value of the wrong type or size counts as not stated."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from model_registry.config_rules import NAMES, RULES, TEXT_CONFIGS, Rules

Json: TypeAlias = Mapping[str, object]

_LARGEST = 10**15
"""No number of an architecture is larger."""
_MOST_ITEMS = 4096
"""No list of an architecture is longer."""


@dataclass(frozen=True)
class ModelConfig:
    """A config.json: the part that describes the language model, the whole, and the rules of its model type."""

    text: Json
    whole: Json
    model_type: str | None
    rules: Rules | None

    def value(self, *names: str) -> object:
        """Return the first value that is stated under one of the names, else None."""
        return next((self.text[name] for name in names if self.text.get(name) is not None), None)

    def count(self, *names: str, zero: bool = False) -> int | None:
        """Return the first whole number above zero (or not below it) under one of the names; equal items count as one."""
        found = (as_count(self.text.get(name), zero=zero) for name in names)
        return next((number for number in found if number is not None), None)

    def named(self, fact: str, *, zero: bool = False) -> int | None:
        """Return the whole number that is stated under the common names of a fact, else None."""
        return self.count(*NAMES[fact], zero=zero)

    @property
    def layers(self) -> int | None:
        """Return the number of layers, counted where the config only lists them; else None."""
        return self.named("layers") or len(self.items("layers_block_type")) or None

    def items(self, name: str) -> list[object]:
        """Return a list of the config, empty when there is none or it is longer than any list of layers."""
        found = self.text.get(name)
        return found if isinstance(found, list) and len(found) <= _MOST_ITEMS else []

    def block(self, name: str) -> Json:
        """Return a mapping of the config, empty when there is none."""
        found = self.text.get(name)
        return found if isinstance(found, dict) else {}

    def states(self, *names: str) -> bool:
        """Tell whether one of the names stands in the config, whatever its value."""
        return any(name in self.text for name in names)


def read_config(config: Json) -> ModelConfig:
    """Return a config with its language model unwrapped and its rules looked up, by the inner model type first."""
    inner = next((config[name] for name in TEXT_CONFIGS if isinstance(config.get(name), dict)), config)
    text = inner if isinstance(inner, dict) else config
    types = [found for part in (text, config) if (found := as_word(part.get("model_type")))]
    rules = next((RULES[name] for name in types if name in RULES), None)
    return ModelConfig(text=text, whole=config, model_type=types[-1] if types else None, rules=rules)


def as_count(value: object, *, zero: bool = False) -> int | None:
    """Return a whole number within reason, or the one that all items of a list are; else None."""
    if isinstance(value, list) and value and len(value) <= _MOST_ITEMS:
        counts = [as_count(item, zero=zero) for item in value]
        return counts[0] if len(set(counts)) == 1 else None
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if (0 if zero else 1) <= value <= _LARGEST else None


def as_number(value: object) -> float | None:
    """Return a finite number above zero and within reason, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _LARGEST:
        return None
    return float(value) if math.isfinite(value) else None


def as_word(value: object) -> str | None:
    """Return a short plain word such as a model type, else None."""
    plain = isinstance(value, str) and 0 < len(value) <= 80 and value.isascii() and all(c.isalnum() or c in "_-." for c in value)  # noqa: PLR2004 - longer than any model type
    return value if plain and isinstance(value, str) else None


def first_number(values: Iterable[object]) -> float | None:
    """Return the first of the values that is a number above zero, else None."""
    return next((number for value in values if (number := as_number(value)) is not None), None)
