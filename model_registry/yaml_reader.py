"""Strict reading of registry YAML: plain data with the line of every key, and YAML's traps refused.

Refused, each with its line: duplicate keys, anchors and aliases, tags, merge keys, ``no``/``yes``/``on``/``off``
(which older readers turn into booleans), numbers with a trailing zero after the point (``3.10`` would be 3.1),
exponents (``15e12``) and other number spellings that two readers read differently. Quote what is text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias, cast

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from model_registry.faults import Fault, RegistryError

KeyPath: TypeAlias = tuple[str | int, ...]
Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"

_INTEGER = re.compile(r"-?(0|[1-9]\d*)$")
_DECIMAL = re.compile(r"-?(0|[1-9]\d*)\.\d*[1-9]$")
_TRAILING_ZERO = re.compile(r"-?\d+\.\d*0$")
_ODD_NUMBER = re.compile(
    r"[-+]?(\d[\d_]*(\.\d*)?[eE][-+]?\d+|0[xob][\da-fA-F_]+|0\d[\d_.]*|(?=[\d.]*_)\d[\d_]*(\.[\d_]*)?"
    r"|\d[\d_]*(:[0-5]?\d)+(\.[\d_]*)?|\.(inf|Inf|INF|nan|NaN|NAN)|\+\d[\d.]*|\.\d+|\d+\.)$"
)
_BOOLEAN_WORDS = frozenset({"yes", "no", "on", "off", "y", "n"})
_WORDS: dict[str, Plain] = {"true": True, "false": False, "null": None}
_UNTAGGED = "untagged"


class _Loader(yaml.CSafeLoader):
    """Composes nodes without guessing types: plain scalars are read by the rules of this module."""

    def resolve(self, *_: object) -> str:
        """Return the same tag for every node that has none of its own; no tag of a file can be this one."""
        return _UNTAGGED


@dataclass(frozen=True)
class Document:
    """A file's content as plain data, with the line (1-based) on which each path starts."""

    file: str
    data: Plain
    lines: dict[KeyPath, int] = field(default_factory=dict)

    def line_of(self, path: KeyPath) -> tuple[int, KeyPath]:
        """Return the line of the nearest known path at or above ``path``, and that path."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]], path[:length]
        return 1, ()


def read_yaml(path: Path, name: str) -> Document:
    """Return a file's content; ``name`` is how messages call the file. Raises RegistryError on any refused form."""
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = min(mark.line + 1, max(1, len(text.splitlines()))) if mark else 1
        raise RegistryError([Fault(name, line, "", f"not valid YAML: {error.problem or error.context}")]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RegistryError([Fault(name, 1, "", f"not readable as UTF-8 YAML: {' '.join(str(error).split())}")]) from error
    shared = list(_anchors_and_aliases(text, name))
    if shared:
        raise RegistryError(shared)
    reader = _Reader(name)
    data = reader.plain(root, ()) if root is not None else None
    if reader.faults:
        raise RegistryError(reader.faults)
    return Document(name, data, reader.lines)


def _anchors_and_aliases(text: str, name: str) -> Iterator[Fault]:
    """Yield a fault for each; the composed nodes no longer show them, so the events are read, where there can be any."""
    if "&" not in text and "*" not in text:
        return
    for event in yaml.parse(text, Loader=_Loader):
        anchor = getattr(event, "anchor", None)
        if anchor is not None and event.start_mark is not None:
            message = f"anchors and aliases are not allowed: write the value again (got {anchor!r})"
            yield Fault(name, event.start_mark.line + 1, "", message)


class _Reader:
    """Turns YAML nodes into plain data, collecting lines and faults."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[KeyPath, int] = {}
        self.faults: list[Fault] = []

    def plain(self, node: Node, path: KeyPath) -> Plain:
        """Return the node's data; what is refused becomes a fault and None."""
        self.lines.setdefault(path, node.start_mark.line + 1)
        if node.tag != _UNTAGGED:
            return self._refuse(node, path, f"tags are not allowed (got {node.tag})")
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.plain(child, (*path, index)) for index, child in enumerate(node.value)]
        return self._scalar(cast("ScalarNode", node), path)

    def _mapping(self, node: MappingNode, path: KeyPath) -> dict[str, Plain]:
        result: dict[str, Plain] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode) or key_node.tag != _UNTAGGED:
                self._refuse(key_node, path, "a key must be plain text, without a tag")
                continue
            key = str(key_node.value)
            here = (*path, key)
            if key in result:
                self._refuse(key_node, here, f"duplicate key, first on line {self.lines[here]}")
                continue
            if key == "<<" and not key_node.style:
                self._refuse(key_node, here, "merge keys are not allowed: write the fields again")
                continue
            if key.lower() in _BOOLEAN_WORDS and not key_node.style:
                self._refuse(key_node, here, f"{key} reads as a truth value in older YAML: quote it")
            self.lines[here] = key_node.start_mark.line + 1
            result[key] = self.plain(value_node, here)
        return result

    def _scalar(self, node: ScalarNode, path: KeyPath) -> Plain:
        text = str(node.value)
        if node.style:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return float(text)
        trap = _trap(text)
        return self._refuse(node, path, trap) if trap else text

    def _refuse(self, node: Node, path: KeyPath, message: str) -> Plain:
        """Note a fault; the value in its place is None."""
        self.faults.append(Fault(self.file, node.start_mark.line + 1, dotted(path), message))
        return None


def _trap(text: str) -> str | None:
    """Return why an unquoted scalar is refused, or None when it is plain text."""
    if text in {"", "~"}:
        return "empty value: write null"
    if text.lower() in _BOOLEAN_WORDS or (text.lower() in _WORDS and text not in _WORDS):
        return f"unquoted {text} reads as a truth value or null in some YAML: quote it, or write true, false or null"
    if _TRAILING_ZERO.fullmatch(text):
        return f"unquoted {text} would be read as {float(text):g}: quote it if it is text, drop the zero if it is a number"
    if _ODD_NUMBER.fullmatch(text):
        return f"unquoted {text} is read differently by different readers: write the number in plain digits, or quote it"
    return None


def dotted(path: KeyPath) -> str:
    """Return a path as people write it: ``sizes[0].architecture.layers``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text
