"""Plain data as registry YAML: blocks in flow style on one line, numbers in plain digits, text quoted unless it is plain."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./+-]*( [A-Za-z0-9_./+-]+)*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def flow(value: object) -> str:
    """Return a value as it stands on a line: ``{date: null, source: hub}``."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return scalar(value)


def scalar(value: object) -> str:
    """Return a scalar so that the strict reader reads the same value."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        digits = f"{Decimal(repr(value)):f}"
        return digits.rstrip("0").rstrip(".") if "." in digits else digits
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return text if _PLAIN.fullmatch(text) and text.lower() not in _WORDS else f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    """Return a character as it stands between double quotes."""
    if character in {'"', "\\"}:
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def block(data: Mapping[str, object], indent: int, *, open_keys: frozenset[str] = frozenset()) -> list[str]:
    """Return a mapping with one key a line; a value under one of ``open_keys`` is opened, the others are in flow style."""
    margin, lines = " " * indent, []
    for key, value in data.items():
        if key in open_keys and isinstance(value, Mapping):
            lines += [f"{margin}{key}:", *block(value, indent + 2, open_keys=open_keys)]
        elif key in open_keys and isinstance(value, list) and value:
            lines += [f"{margin}{key}:", *(line for item in value for line in entry(item, indent + 2, open_keys=open_keys))]
        else:
            lines.append(f"{margin}{key}: {flow(value)}")
    return lines


def entry(item: object, indent: int, *, open_keys: frozenset[str] = frozenset()) -> list[str]:
    """Return an item of a list behind its dash: opened when it holds blocks of its own, else in flow style."""
    margin = " " * indent
    if not isinstance(item, Mapping) or "repeat" in item:
        return [f"{margin}- {flow(item)}"]
    first, *others = block(item, indent + 2, open_keys=open_keys)
    return [f"{margin}- {first.lstrip()}", *others]
