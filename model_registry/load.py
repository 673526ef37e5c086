"""Files to Registry. Every fault of every file is collected, with its line, before RegistryError is raised."""

import gc
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from model_registry.faults import Fault, RegistryError
from model_registry.licence_schema import Licence
from model_registry.other_schemas import Benchmarks, Devices, Result
from model_registry.parameters import unexplained_share
from model_registry.registry import Entry, Registry
from model_registry.schema import Checkpoint, Release, Size, Source, Sourced
from model_registry.yaml_reader import Document, dotted, read_yaml

Model = TypeVar("Model", bound=BaseModel)
ROOT = Path(__file__).parent
ALLOWED_GAP = 0.005
"""Share of the parameters that norms, biases and other small tensors may make up beyond the counted matrices."""


def load(root: Path = ROOT) -> Registry:
    """Return the registry of a folder; raises RegistryError with every fault found."""
    with _collector_paused():
        return _load(root)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the cycle collector from walking the growing heap again and again: it doubles the time of a load."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _load(root: Path) -> Registry:
    faults: list[Fault] = []
    releases = [(doc, parsed) for doc, parsed in _read_all(root, "releases/*/*.yaml", Release, faults)]
    licences = [(doc, parsed) for doc, parsed in _read_all(root, "licences/*.yaml", Licence, faults)]
    benchmarks = [(doc, parsed) for doc, parsed in _read_all(root, "benchmarks/*.yaml", Benchmarks, faults)]
    devices = [(doc, parsed) for doc, parsed in _read_all(root, "devices.yaml", Devices, faults)]
    if not faults:
        known = {licence.id for _, licence in licences}
        for document, release in releases:
            faults += release_faults(document, release, known)
        faults += _licence_faults(licences) + _duplicate_ids(releases) + _benchmark_faults(benchmarks, releases)
        faults += _device_faults(devices)
    if not releases and not faults:
        faults.append(Fault(str(root), 1, "", "no release files found under releases/<developer>/<release>.yaml"))
    if faults:
        raise RegistryError(faults)
    return Registry(
        entries=tuple(entry for document, release in releases for entry in _entries(document, release)),
        licences={licence.id: licence for _, licence in licences},
        results=tuple((row, file.sources[row.source]) for _, file in benchmarks for row in file.results),
        devices={device.id: device for _, file in devices for device in file.devices},
        device_sources={key: source for _, file in devices for key, source in file.sources.items()},
        digest=digest(root),
    )


def digest(root: Path = ROOT) -> str:
    """Return a short digest of every registry file's bytes."""
    total = hashlib.sha256()
    for path in registry_files(root):
        total.update(path.relative_to(root).as_posix().encode())
        total.update(path.read_bytes())
    return total.hexdigest()[:16]


def registry_files(root: Path = ROOT) -> list[Path]:
    """Return the registry's YAML files, sorted."""
    return sorted(root.rglob("*.yaml"))


def parse(document: Document, model: type[Model]) -> Model:
    """Return a document as a strict model; raises RegistryError with the line of each fault."""
    try:
        return model.model_validate_json(json.dumps(document.data), strict=True)
    except ValidationError as error:
        raise RegistryError(_faults_of(document, error)) from error


def check_file(path: Path, name: str, known_licences: Iterable[str]) -> None:
    """Validate one file by the shape its content has; raises RegistryError."""
    document = read_yaml(path, name)
    keys = set(document.data) if isinstance(document.data, dict) else set()
    if "results" in keys:
        parse(document, Benchmarks)
    elif "devices" in keys:
        parse(document, Devices)
    elif "commercial" in keys:
        parse(document, Licence)
    else:
        faults = release_faults(document, parse(document, Release), set(known_licences))
        if faults:
            raise RegistryError(faults)


def _read_all(root: Path, pattern: str, model: type[Model], faults: list[Fault]) -> Iterator[tuple[Document, Model]]:
    for path in sorted(root.glob(pattern)):
        try:
            document = read_yaml(path, path.relative_to(root.parent).as_posix())
            yield document, parse(document, model)
        except RegistryError as error:
            faults.extend(error.faults)


def _faults_of(document: Document, error: ValidationError) -> Iterator[Fault]:
    items = error.errors(include_url=False)
    places = {item["loc"] for item in items}
    for item in items:
        if item["type"] == "too_short" and any(place != item["loc"] and place[: len(item["loc"])] == item["loc"] for place in places):
            continue  # pydantic counts only the valid items: the faults inside are the reason
        path = tuple(part for part in item["loc"] if isinstance(part, str | int))
        line, found = document.line_of(path)
        where = path if item["type"] == "missing" else found
        own = item["type"] == "value_error"  # a rule of the schema, worded as it is meant to be read
        message = item["msg"].removeprefix("Value error, ") if own else f"{item['msg'][:1].lower()}{item['msg'][1:]}"
        got = item["input"]
        shown = "" if isinstance(got, dict | list) or item["type"] == "missing" else f" (got {got!r})"
        yield Fault(document.file, line, dotted(where), f"{message}{shown}")


def _entries(document: Document, release: Release) -> Iterator[Entry]:
    developer = Path(document.file).parent.name
    for size in release.sizes:
        for checkpoint in size.checkpoints:
            yield Entry(developer, release, size, checkpoint)


def release_faults(document: Document, release: Release, licences: set[str]) -> list[Fault]:
    """Return what strict parsing cannot see: unknown sources and licences, counts that contradict the architecture."""
    faults: list[Fault] = []

    def fault(path: tuple[str | int, ...], message: str) -> None:
        line, _ = document.line_of(path)
        faults.append(Fault(document.file, line, dotted(path), message))

    for path, block in _blocks(release):
        overrides = ((("sources", field), key) for field, key in block.sources.items())
        for place, key in ((("source",), block.source), *overrides):
            if key not in release.sources:
                fault((*path, *place), f"names a source that the release does not have (got {key!r})")
    for path, owner in _owners(release):
        reference = owner.licence
        if reference and reference.id is not None and reference.id not in licences:
            fault((*path, "licence", "id"), f"no such licence record in licences/ (got {reference.id!r})")
    used = {key for _, block in _blocks(release) for key in (block.source, *block.sources.values())}
    for key in sorted(set(release.sources) - used):
        fault(("sources", key), "is named by no block: remove it or use it")
    for index, size in enumerate(release.sizes):
        for message in _size_faults(size):
            fault(("sizes", index), message)
    return faults


def _size_faults(size: Size) -> Iterator[str]:
    gap = unexplained_share(size.architecture, size.parameters.total)
    if gap is not None and not 0 <= gap <= ALLOWED_GAP:
        yield f"parameters.total {size.parameters.total} differs by {gap:.2%} from the matrices of the architecture"
    total = size.parameters.total
    for checkpoint in size.checkpoints:
        count = checkpoint.stored.count
        if checkpoint.parameters is None and total and count and count < total and not checkpoint.stored.note:
            yield f"{checkpoint.id} stores {count} parameters, fewer than the main model's {total}: say why in stored.note"
    has_base = any(checkpoint.variant == "base" for checkpoint in size.checkpoints)
    if has_base and size.base.published is not True:
        yield "a base checkpoint is listed, so base.published must be true"


def _owners(release: Release) -> Iterator[tuple[tuple[str | int, ...], Release | Size | Checkpoint]]:
    yield (), release
    for i, size in enumerate(release.sizes):
        yield ("sizes", i), size
        for j, checkpoint in enumerate(size.checkpoints):
            yield ("sizes", i, "checkpoints", j), checkpoint


def _blocks(release: Release) -> Iterator[tuple[tuple[str | int, ...], Sourced]]:
    for path, owner in _owners(release):
        for name in type(owner).model_fields:
            block = getattr(owner, name)
            if isinstance(block, Sourced):
                yield (*path, name), block


def _licence_faults(licences: list[tuple[Document, Licence]]) -> list[Fault]:
    faults = []
    for document, licence in licences:
        if licence.id != Path(document.file).stem:
            faults.append(Fault(document.file, document.line_of(("id",))[0], "id", f"must equal the file name (got {licence.id!r})"))
        if licence.source not in licence.sources:
            faults.append(Fault(document.file, document.line_of(("source",))[0], "source", f"no such source (got {licence.source!r})"))
    return faults


def _duplicate_ids(releases: list[tuple[Document, Release]]) -> list[Fault]:
    faults: list[Fault] = []
    first: dict[str, str] = {}
    for document, release in releases:
        for i, size in enumerate(release.sizes):
            for j, checkpoint in enumerate(size.checkpoints):
                path = ("sizes", i, "checkpoints", j, "id")
                line, _ = document.line_of(path)
                if checkpoint.id in first:
                    faults.append(Fault(document.file, line, dotted(path), f"{checkpoint.id} stands already in {first[checkpoint.id]}"))
                first.setdefault(checkpoint.id, f"{document.file}:{line}")
    return faults


def _benchmark_faults(files: list[tuple[Document, Benchmarks]], releases: list[tuple[Document, Release]]) -> list[Fault]:
    faults: list[Fault] = []
    known = {c.id for _, release in releases for size in release.sizes for c in size.checkpoints}
    first: dict[tuple[str, str, str, str], str] = {}
    for document, file in files:
        for index, row in enumerate(file.results):
            line, _ = document.line_of(("results", index))
            where = f"results[{index}]"
            faults += [Fault(document.file, line, where, message) for message in _row_faults(row, file.sources, known)]
            key = (row.checkpoint, row.benchmark, row.language, row.mode)
            if key in first:
                faults.append(Fault(document.file, line, where, f"the same result stands already in {first[key]}"))
            first.setdefault(key, f"{document.file}:{line}")
    return faults


def _row_faults(row: Result, sources: dict[str, Source], known: set[str]) -> Iterator[str]:
    if row.source not in sources:
        yield f"names a source that the file does not have (got {row.source!r})"
    if row.checkpoint not in known:
        yield f"no such checkpoint in releases/ (got {row.checkpoint!r})"


def _device_faults(files: list[tuple[Document, Devices]]) -> list[Fault]:
    faults: list[Fault] = []
    for document, file in files:
        seen: set[str] = set()
        for index, device in enumerate(file.devices):
            line, _ = document.line_of(("devices", index))
            where = f"devices[{index}]"
            missing = sorted(set(device.sources) - set(file.sources))
            if missing:
                faults.append(Fault(document.file, line, where, f"names sources that the file does not have (got {', '.join(missing)})"))
            if device.id in seen:
                faults.append(Fault(document.file, line, where, f"duplicate device (got {device.id!r})"))
            seen.add(device.id)
    return faults
