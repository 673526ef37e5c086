"""A draft into an existing release file: its text stays as it is but for the lines that come in."""

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from model_registry.architecture_schema import Architecture
from model_registry.draft import Block, Draft, opened, opened_item
from model_registry.load import parse
from model_registry.release_checks import EXPLAINED_GAP
from model_registry.schema import Release, Size
from model_registry.yaml_reader import Document, KeyPath, Plain

_NOT_NUMBERS = frozenset({"source", "sources", "note", "conflicts"})
"""Fields of an architecture that say where it was read, not what it is."""
_OVERRIDES = {"licence": "id", "tokenizer": "vocabulary"}
"""Blocks that a draft states anew when this field of theirs is known and differs from what would be inherited."""


class DraftError(Exception):
    """A draft that cannot be written as asked; the message is one line that names the file, the reason and the way out."""


@dataclass(frozen=True)
class _Insertion:
    line: int
    """Lines of the file that stay above."""
    lines: tuple[str, ...]


def merged(text: str, document: Document, drafted: Draft) -> str:
    """Return a release file's text with a checkpoint more; raises DraftError, RegistryError when the file itself is broken."""
    release = parse(document, Release)
    for i, size in enumerate(release.sizes):
        for j, checkpoint in enumerate(size.checkpoints):
            if checkpoint.id.lower() == drafted.id.lower():
                line, _ = document.line_of(("sizes", i, "checkpoints", j, "id"))
                message = f"{drafted.id} stands already in {document.file}:{line}: edit it there"
                raise DraftError(message)
    lines = text.splitlines(keepends=True)
    place = next((i for i, size in enumerate(release.sizes) if _same(size.architecture, drafted.size["architecture"])), None)
    item = _new_size(release, drafted) if place is None else _new_checkpoint(release, release.sizes[place], drafted)
    list_path: KeyPath = ("sizes",) if place is None else ("sizes", place, "checkpoints")
    insertions = [_sources(document, lines, _sources_used(drafted, item)), _item(document, lines, list_path, item, drafted.checks)]
    return _with(lines, insertions)


def without(data: Plain, drafted: Draft) -> Plain:
    """Return a release file's content without a draft: what it was before the draft came in."""
    left = copy.deepcopy(data)
    if not isinstance(left, dict):
        return left
    sources, sizes = left.get("sources"), left.get("sizes")
    if isinstance(sources, dict):
        left["sources"] = {key: source for key, source in sources.items() if key not in drafted.sources}
    for size in sizes if isinstance(sizes, list) else ():
        checkpoints = size.get("checkpoints") if isinstance(size, dict) else None
        if isinstance(size, dict) and isinstance(checkpoints, list):
            size["checkpoints"] = [item for item in checkpoints if not (isinstance(item, dict) and item.get("id") == drafted.id)]
    if isinstance(sizes, list):
        left["sizes"] = [size for size in sizes if isinstance(size, dict) and size.get("checkpoints")]
    return left


def source_suffix(document: Document, repository_id: str) -> str:
    """Return an ending for the keys of a draft's sources that no source of the file has."""
    sources = document.data.get("sources") if isinstance(document.data, dict) else None
    keys = set(sources) if isinstance(sources, dict) else set()
    name = repository_id.rsplit("/", maxsplit=1)[-1].lower()
    endings = (f"-{name}", *(f"-{name}-{number}" for number in range(2, len(keys) + 3)))
    return next(ending for ending in endings if not any(key.endswith(ending) for key in keys))


def _same(known: Architecture, drafted: object) -> bool:
    """Tell whether two architectures agree in all that both state, and both state at least layers and hidden size."""
    fields = {**drafted, "source": "draft", "sources": {}} if isinstance(drafted, dict) else {}
    other = Architecture.model_validate_json(json.dumps(fields))
    if None in {known.layers, known.hidden_size, other.layers, other.hidden_size}:
        return False
    return _agree(known.model_dump(exclude=set(_NOT_NUMBERS)), other.model_dump(exclude=set(_NOT_NUMBERS)))


def _agree(one: object, other: object) -> bool:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return all(_agree(one.get(key), other.get(key)) for key in one.keys() | other.keys())
    return one is None or other is None or one == other


def _new_checkpoint(release: Release, size: Size, drafted: Draft) -> Block:
    inherited = {name: getattr(size, name) or getattr(release, name) for name in _OVERRIDES}
    return {**drafted.checkpoint, "stored": _stored(size, drafted), **_differing(inherited, drafted)}


def _stored(size: Size, drafted: Draft) -> Block:
    """Return the count of the files, with a note where it differs from the main model's."""
    stored, total = drafted.checkpoint["stored"], size.parameters.total
    block = dict(stored) if isinstance(stored, dict) else {}
    count = block.get("count")
    if not total or not isinstance(count, int) or abs(count / total - 1) <= EXPLAINED_GAP:
        return block
    return {**block, "note": f"Differs from the main model's {total}; the reason was not looked up."}


def _new_size(release: Release, drafted: Draft) -> Block:
    inherited = {name: getattr(release, name) for name in _OVERRIDES}
    return {**drafted.size, **_differing(inherited, drafted), "checkpoints": [drafted.checkpoint]}


def _differing(inherited: Mapping[str, object], drafted: Draft) -> Block:
    found: Block = {}
    for name, field in _OVERRIDES.items():
        block = drafted.shared[name]
        value = block.get(field) if isinstance(block, dict) else None
        if value is not None and value != getattr(inherited[name], field):
            found[name] = block
    return found


def _sources_used(drafted: Draft, item: object) -> Block:
    """Return the draft's sources that the item that comes in rests on."""
    return {key: source for key, source in drafted.sources.items() if key in _texts(item)}


def _texts(value: object) -> set[str]:
    if isinstance(value, Mapping):
        return {text for inner in value.values() for text in _texts(inner)}
    if isinstance(value, list | tuple):
        return {text for inner in value for text in _texts(inner)}
    return {value} if isinstance(value, str) else set()


def _sources(document: Document, lines: Sequence[str], sources: Block) -> _Insertion:
    first = min((path for path in document.lines if path[:1] == ("sources",) and len(path) == 2), key=document.lines.__getitem__)  # noqa: PLR2004 - the sources' own keys
    if document.lines[first] == document.lines["sources",]:
        raise _by_hand(document, "its sources stand on one line")
    indent = _indent(lines[document.lines[first] - 1])
    return _Insertion(
        _end(document, lines, ("sources",), indent), tuple(line for key, value in sources.items() for line in _source(key, value, indent))
    )


def _source(key: str, value: object, indent: int) -> list[str]:
    return opened({key: value}, indent)


def _item(document: Document, lines: Sequence[str], path: KeyPath, item: Block, checks: Sequence[str]) -> _Insertion:
    first = lines[document.lines[*path, 0] - 1]
    if not first.lstrip().startswith("- "):
        raise _by_hand(document, f"its {path[-1]} are not one below the other behind dashes")
    indent = _indent(first)
    told = [f"{' ' * indent}# check: {check}" for check in checks]
    return _Insertion(_end(document, lines, path, indent), (*told, *opened_item(item, indent)))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _end(document: Document, lines: Sequence[str], path: KeyPath, indent: int) -> int:
    """Return how many lines stand above the end of a block, comments of its own indentation included."""
    last = max(line for place, line in document.lines.items() if place[: len(path)] == path)
    end = min((line - 1 for line in document.lines.values() if line > last), default=len(lines))
    while end > last and (not lines[end - 1].strip() or (lines[end - 1].lstrip().startswith("#") and _indent(lines[end - 1]) < indent)):
        end -= 1
    return end


def _with(lines: Sequence[str], insertions: Sequence[_Insertion]) -> str:
    newline = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    result = [line if line.endswith("\n") else f"{line}{newline}" for line in lines]
    for insertion in sorted(insertions, key=lambda found: found.line, reverse=True):
        result[insertion.line : insertion.line] = [f"{line}{newline}" for line in insertion.lines]
    return "".join(result)


def _by_hand(document: Document, reason: str) -> DraftError:
    return DraftError(f"{document.file}: {reason}: draft without --into and copy the checkpoint by hand")
