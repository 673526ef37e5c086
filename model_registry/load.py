"""Files to Registry. Every fault of every file is collected, with its line, before RegistryError is raised."""

import gc
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from model_registry.benchmark_results import ResultTable, read_results, repeated_results, unknown_references
from model_registry.ecosystem import Ecosystem, Known, ecosystem_faults, ecosystem_of
from model_registry.ecosystem_schema import EcosystemFile
from model_registry.faults import Fault, RegistryError, worded
from model_registry.licence_schema import Licence
from model_registry.other_schemas import BenchmarkSources, Devices
from model_registry.registry import Entry, Registry
from model_registry.release_checks import release_faults
from model_registry.schema import Release
from model_registry.tokenizer_schema import MeasuredTokenizer
from model_registry.tokenizer_tables import Tokenizers, assembled, check_table, disagreements, read_tables
from model_registry.wiring_schema import Wiring, Wirings
from model_registry.yaml_reader import Document, dotted, read_yaml

Model = TypeVar("Model", bound=BaseModel)
ROOT = Path(__file__).parent


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
    sources = list(_read_all(root, "benchmarks/sources.yaml", BenchmarkSources, faults))
    results = list(_results(root, faults))
    devices = [(doc, parsed) for doc, parsed in _read_all(root, "devices.yaml", Devices, faults)]
    wirings = list(_read_all(root, "wirings.yaml", Wirings, faults))
    ecosystem = list(_read_all(root, "ecosystem.yaml", EcosystemFile, faults))
    wired = _wired(wirings)
    tokenizers = _tokenizers(root, faults, {checkpoint.id for _, r in releases for size in r.sizes for checkpoint in size.checkpoints})
    if not faults:
        known = {licence.id for _, licence in licences}
        for document, release in releases:
            faults += release_faults(document, release, known, wired)
        faults += _licence_faults(licences) + _duplicate_ids(releases) + _benchmark_faults(sources, results, releases)
        faults += _device_faults(devices) + _wiring_faults(wirings)
        faults += [fault for document, file in ecosystem for fault in ecosystem_faults(document, file, _known(releases))]
    if not releases and not faults:
        faults.append(Fault(str(root), 1, "", "no release files found under releases/<developer>/<release>.yaml"))
    if faults:
        raise RegistryError(faults)
    of_results = {key: source for _, file in sources for key, source in file.sources.items()}
    return Registry(
        entries=tuple(entry for document, release in releases for entry in _entries(document, release, wired)),
        licences={licence.id: licence for _, licence in licences},
        results=tuple((row, of_results[row.source]) for table in results for _, row in table.rows),
        devices={device.id: device for _, file in devices for device in file.devices},
        device_sources={key: source for _, file in devices for key, source in file.sources.items()},
        wiring_sources={key: source for _, file in wirings for key, source in file.sources.items()},
        tokenizers=tokenizers,
        ecosystem=ecosystem_of(ecosystem[0][1]) if ecosystem else Ecosystem(),
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
    """Return the registry's YAML and CSV files, sorted."""
    return sorted([*root.rglob("*.yaml"), *root.rglob("*.csv")])


def parse(document: Document, model: type[Model]) -> Model:
    """Return a document as a strict model; raises RegistryError with the line of each fault."""
    try:
        return model.model_validate_json(json.dumps(document.data), strict=True)
    except ValidationError as error:
        raise RegistryError(_faults_of(document, error)) from error


def wirings_of(root: Path = ROOT) -> dict[str, Wiring]:
    """Return the wiring of each model type; raises RegistryError."""
    faults: list[Fault] = []
    files = list(_read_all(root, "wirings.yaml", Wirings, faults))
    if faults:
        raise RegistryError(faults)
    return _wired(files)


def check_file(path: Path, name: str, known_licences: Iterable[str]) -> None:
    """Validate one file by the shape its content has; raises RegistryError."""
    if path.suffix == ".csv":
        _check_table(path, name)
        return
    document = read_yaml(path, name)
    keys = set(document.data) if isinstance(document.data, dict) else set()
    if "wirings" in keys:
        parse(document, Wirings)
    elif "tools" in keys:
        parse(document, EcosystemFile)
    elif keys == {"sources"}:
        parse(document, BenchmarkSources)
    elif "devices" in keys:
        parse(document, Devices)
    elif "commercial" in keys:
        parse(document, Licence)
    elif "measured_with" in keys:
        parse(document, MeasuredTokenizer)
    else:
        faults = release_faults(document, parse(document, Release), set(known_licences), wirings_of(ROOT))
        if faults:
            raise RegistryError(faults)


def _check_table(path: Path, name: str) -> None:
    if path.parent.name == "tokenizers":
        check_table(path, name)
        return
    faults = list(repeated_results(read_results(path, name)))
    if faults:
        raise RegistryError(faults)


def _results(root: Path, faults: list[Fault]) -> Iterator[ResultTable]:
    for path in root.glob("benchmarks/results.csv"):
        try:
            yield read_results(path, path.relative_to(root.parent).as_posix())
        except RegistryError as error:
            faults.extend(error.faults)


def _tokenizers(root: Path, faults: list[Fault], known: set[str]) -> Tokenizers:
    """Return the measured tokenizers; faults are added, those between files only when each file is sound."""
    files = list(_read_all(root, "tokenizers/*.yaml", MeasuredTokenizer, faults))
    folder = root / "tokenizers"
    try:
        tables = read_tables(folder, folder.relative_to(root.parent).as_posix())
    except RegistryError as error:
        faults.extend(error.faults)
        return Tokenizers()
    for document, tokenizer in files:
        if tokenizer.id != Path(document.file).stem:
            faults.append(Fault(document.file, document.line_of(("id",))[0], "id", f"must equal the file name (got {tokenizer.id!r})"))
    measured = {tokenizer.id: tokenizer for _, tokenizer in files}
    if faults:
        return Tokenizers()
    faults.extend(disagreements(measured, *tables, known))
    return Tokenizers() if faults else assembled(measured, *tables)


def _read_all(root: Path, pattern: str, model: type[Model], faults: list[Fault]) -> Iterator[tuple[Document, Model]]:
    for path in sorted(root.glob(pattern)):
        try:
            document = read_yaml(path, path.relative_to(root.parent).as_posix())
            yield document, parse(document, model)
        except RegistryError as error:
            faults.extend(error.faults)


def _wired(files: list[tuple[Document, Wirings]]) -> dict[str, Wiring]:
    return {model_type: wiring for _, file in files for wiring in file.wirings for model_type in wiring.model_types}


def _faults_of(document: Document, error: ValidationError) -> Iterator[Fault]:
    items = error.errors(include_url=False)
    places = {item["loc"] for item in items}
    for item in items:
        if item["type"] == "too_short" and any(place != item["loc"] and place[: len(item["loc"])] == item["loc"] for place in places):
            continue  # pydantic counts only the valid items: the faults inside are the reason
        path = tuple(part for part in item["loc"] if isinstance(part, str | int))
        line, found = document.line_of(path)
        where = path if item["type"] == "missing" else found
        yield Fault(document.file, line, dotted(where), worded(item))


def _entries(document: Document, release: Release, wirings: Mapping[str, Wiring]) -> Iterator[Entry]:
    developer = Path(document.file).parent.name
    for size in release.sizes:
        for checkpoint in size.checkpoints:
            model_type = (checkpoint.architecture or size.architecture).model_type
            yield Entry(developer, release, size, checkpoint, wirings.get(model_type or ""))


def _known(releases: list[tuple[Document, Release]]) -> Known:
    pairs = [(checkpoint, size) for _, release in releases for size in release.sizes for checkpoint in size.checkpoints]
    types = {(checkpoint.architecture or size.architecture).model_type for checkpoint, size in pairs}
    return Known(
        checkpoints=frozenset(checkpoint.id for checkpoint, _ in pairs),
        model_types=frozenset(model_type for model_type in types if model_type is not None),
        releases=frozenset(release.release for _, release in releases),
    )


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


def _benchmark_faults(
    sources: list[tuple[Document, BenchmarkSources]], tables: list[ResultTable], releases: list[tuple[Document, Release]]
) -> list[Fault]:
    faults: list[Fault] = []
    known = {checkpoint.id for _, release in releases for size in release.sizes for checkpoint in size.checkpoints}
    keys = {key for _, file in sources for key in file.sources}
    for table in tables:
        faults += [*repeated_results(table), *unknown_references(table, keys, known)]
    used = {row.source for table in tables for _, row in table.rows}
    for document, file in sources:
        for key in sorted(set(file.sources) - used):
            line, _ = document.line_of(("sources", key))
            faults.append(Fault(document.file, line, f"sources.{key}", "is named by no result: remove it or use it"))
    return faults


def _device_faults(files: list[tuple[Document, Devices]]) -> list[Fault]:
    faults: list[Fault] = []
    for document, file in files:
        seen: set[str] = set()
        for index, device in enumerate(file.devices):
            line, _ = document.line_of(("devices", index))
            where = f"devices[{index}]"
            missing = sorted({key for keys in device.sources.values() for key in keys} - set(file.sources))
            if missing:
                faults.append(Fault(document.file, line, where, f"names sources that the file does not have (got {', '.join(missing)})"))
            if device.id in seen:
                faults.append(Fault(document.file, line, where, f"duplicate device (got {device.id!r})"))
            seen.add(device.id)
    return faults


def _wiring_faults(files: list[tuple[Document, Wirings]]) -> list[Fault]:
    faults: list[Fault] = []
    seen: set[str] = set()
    for document, file in files:
        for index, wiring in enumerate(file.wirings):
            line, _ = document.line_of(("wirings", index))
            where = f"wirings[{index}]"
            if wiring.source not in file.sources:
                faults.append(Fault(document.file, line, where, f"names a source that the file does not have (got {wiring.source!r})"))
            twice = [model_type for model_type in wiring.model_types if model_type in seen]
            faults += [Fault(document.file, line, where, f"model_type wired twice (got {model_type!r})") for model_type in twice]
            seen.update(wiring.model_types)
        unused = sorted(set(file.sources) - {wiring.source for wiring in file.wirings})
        for key in unused:
            line, _ = document.line_of(("sources", key))
            faults.append(Fault(document.file, line, f"sources.{key}", "is named by no wiring: remove it or use it"))
    return faults
