"""What strict parsing of a release cannot see: unknown sources, counts that contradict the architecture, impossible values."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import TypeAlias

from model_registry.architecture_schema import Architecture
from model_registry.base_schema import Source, Sourced
from model_registry.faults import Fault
from model_registry.parameters import Breakdown, breakdown
from model_registry.registry import Registry
from model_registry.schema import Checkpoint, Release, Size
from model_registry.wiring_schema import Wiring
from model_registry.yaml_reader import Document, dotted

Path: TypeAlias = tuple[str | int, ...]
NAME_TOLERANCE = 0.35
"""How far the size in a name may be from the count: vendors round, and Gemma names leave the embedding out."""
STALE_DAYS = 180
"""A source that was read longer ago is listed by ``check --stale``."""
EXPLAINED_GAP = 0.001
"""Share by which a checkpoint may differ from the main model without a word."""
_SCALE = {"M": 10**6, "B": 10**9, "T": 10**12}
_SIZE_IN_NAME = re.compile(r"(?<![A-Za-z0-9.])(?:(\d+)x)?(\d+(?:[._]\d+)?)([MBT])(?![A-Za-z0-9])", re.IGNORECASE)


def release_faults(document: Document, release: Release, licences: set[str], wirings: Mapping[str, Wiring]) -> list[Fault]:
    """Return the faults of a release with their lines."""
    found = [*_source_faults(release), *_licence_faults(release, licences), *_date_faults(release)]
    for index, size in enumerate(release.sizes):
        found += [(("sizes", index, *path), message) for path, message in _size_faults(size, wirings)]
    return [Fault(document.file, document.line_of(path)[0], dotted(path), message) for path, message in found]


def stale_sources(registry: Registry, today: date) -> Iterator[tuple[str, Source]]:
    """Yield the sources that were read more than ``STALE_DAYS`` days before ``today``, each with the place that names it."""
    for release in {id(entry.release): entry.release for entry in registry.entries}.values():
        yield from ((f"{release.release}, {key}", source) for key, source in release.sources.items() if _is_stale(source, today))
    for licence in registry.licences.values():
        yield from ((f"licence {licence.id}, {key}", source) for key, source in licence.sources.items() if _is_stale(source, today))


def _is_stale(source: Source, today: date) -> bool:
    return (today - source.read).days > STALE_DAYS


def owners(release: Release) -> Iterator[tuple[Path, Release | Size | Checkpoint]]:
    """Yield the release, its sizes and their checkpoints, each with its place in the file."""
    yield (), release
    for i, size in enumerate(release.sizes):
        yield ("sizes", i), size
        for j, checkpoint in enumerate(size.checkpoints):
            yield ("sizes", i, "checkpoints", j), checkpoint


def blocks(release: Release) -> Iterator[tuple[Path, Sourced]]:
    """Yield every block of facts with its place in the file."""
    for path, owner in owners(release):
        for name in type(owner).model_fields:
            block = getattr(owner, name)
            if isinstance(block, Sourced):
                yield (*path, name), block


def _source_faults(release: Release) -> Iterator[tuple[Path, str]]:
    used = set()
    for path, block in blocks(release):
        named = [
            (("source",), block.source),
            *((("sources", field), key) for field, key in block.sources.items()),
            *((("conflicts", i, "source"), conflict.source) for i, conflict in enumerate(block.conflicts)),
        ]
        for place, key in named:
            used.add(key)
            if key not in release.sources:
                yield (*path, *place), f"names a source that the release does not have (got {key!r})"
    for key in sorted(set(release.sources) - used):
        yield ("sources", key), "is named by no block: remove it or use it"


def _licence_faults(release: Release, licences: set[str]) -> Iterator[tuple[Path, str]]:
    for path, owner in owners(release):
        reference = owner.licence
        if reference and reference.id is not None and reference.id not in licences:
            yield (*path, "licence", "id"), f"no such licence record in licences/ (got {reference.id!r})"


def _date_faults(release: Release) -> Iterator[tuple[Path, str]]:
    today = datetime.now(UTC).date()
    for key, source in release.sources.items():
        if source.read > today:
            yield ("sources", key, "read"), f"lies in the future (got {source.read})"
    for path, owner in owners(release):
        if owner.released and owner.released.date and owner.released.date > today.isoformat():
            yield (*path, "released", "date"), f"lies in the future (got {owner.released.date})"


def _size_faults(size: Size, wirings: Mapping[str, Wiring]) -> Iterator[tuple[Path, str]]:
    yield from _count_faults(("parameters", "total"), size.architecture, size.parameters.total, wirings)
    yield from (((), message) for message in _head_faults(size.architecture))
    if any(checkpoint.variant == "base" for checkpoint in size.checkpoints) and size.base.published is not True:
        yield ("base", "published"), "a base checkpoint is listed, so base.published must be true"
    for index, checkpoint in enumerate(size.checkpoints):
        for path, message in _checkpoint_faults(size, checkpoint, wirings):
            yield ("checkpoints", index, *path), message


def _count_faults(path: Path, a: Architecture, total: int | None, wirings: Mapping[str, Wiring]) -> Iterator[tuple[Path, str]]:
    counted = breakdown(a, wirings.get(a.model_type or ""))
    if isinstance(counted, Breakdown) and total not in {None, counted.total}:
        yield path, f"the architecture counts {counted.total} parameters (got {total})"


def _head_faults(a: Architecture) -> Iterator[str]:
    if a.attention_heads and a.kv_heads and a.attention_heads % a.kv_heads:
        yield f"attention_heads {a.attention_heads} are not a multiple of kv_heads {a.kv_heads}"


def _checkpoint_faults(size: Size, checkpoint: Checkpoint, wirings: Mapping[str, Wiring]) -> Iterator[tuple[Path, str]]:
    own, context, template = checkpoint.architecture, checkpoint.context, checkpoint.chat_template
    if own:
        stated = checkpoint.parameters or size.parameters
        yield from _count_faults(("architecture",), own, stated.total, wirings)
        if (own.layers, own.hidden_size) != (size.architecture.layers, size.architecture.hidden_size):
            yield ("architecture",), "siblings of a size share layers and hidden_size: make it a size of its own"
    if context.advertised and context.trained and context.advertised < context.trained and not context.note:
        message = f"is shorter than the trained length {context.trained}: say why in context.note (got {context.advertised})"
        yield ("context", "advertised"), message
    if checkpoint.variant != "base" and template.present is not True and not template.note:
        yield ("chat_template",), f"a {checkpoint.variant} checkpoint has a chat template, or chat_template.note says why not"
    yield from _stored_faults(size, checkpoint)
    yield from _name_faults(size, checkpoint, wirings)


def _stored_faults(size: Size, checkpoint: Checkpoint) -> Iterator[tuple[Path, str]]:
    total, stored = (checkpoint.parameters or size.parameters).total, checkpoint.stored
    if total and stored.count and not stored.note and not _is_tied_copy(checkpoint.architecture or size.architecture, stored.count - total):
        share = (stored.count - total) / total
        if abs(share) > EXPLAINED_GAP:
            yield ("stored", "count"), f"differs by {share:.2%} from the main model's {total}: say why in stored.note (got {stored.count})"


def _is_tied_copy(a: Architecture, gap: int) -> bool:
    """Tell whether the files hold exactly one more copy of a tied embedding."""
    return (
        bool(a.tied_embeddings) and a.embedding_rows is not None and a.hidden_size is not None and gap == a.embedding_rows * a.hidden_size
    )


def _name_faults(size: Size, checkpoint: Checkpoint, wirings: Mapping[str, Wiring]) -> Iterator[tuple[Path, str]]:
    counted = breakdown(checkpoint.architecture or size.architecture, wirings.get(size.architecture.model_type or ""))
    total = (checkpoint.parameters or size.parameters).total or checkpoint.stored.count
    named = [_named_size(match) for match in _SIZE_IN_NAME.finditer(checkpoint.id.split("/", 1)[1])]
    stated = checkpoint.parameters or size.parameters
    if not named or total is None or stated.note:
        return
    sizes = [total, *([counted.active, counted.total - counted.embedding] if isinstance(counted, Breakdown) else [])]
    if not any(abs(name / count - 1) <= NAME_TOLERANCE for name in named for count in sizes):
        yield ("id",), f"no size in the name is near the count {total}: say why in parameters.note"


def _named_size(match: re.Match[str]) -> float:
    times, digits, unit = match.groups()
    return float(digits.replace("_", ".")) * _SCALE[unit.upper()] * int(times or 1)
