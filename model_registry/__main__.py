"""Command line of the registry: check, show, export, memory, finetune, draft, coverage, schema.

Exit 0 done, 1 the answer is no, 2 bad usage or input.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from model_registry.base_schema import Source
from model_registry.command_line import ANSWER_IS_NO, BAD_INPUT, DONE, Parser, registry_is_broken
from model_registry.coverage import coverage
from model_registry.draft_command import add_draft
from model_registry.facts import Fact, facts, read_of
from model_registry.faults import RegistryError
from model_registry.frame import frame, to_csv, to_json, to_parquet
from model_registry.json_schema import schema_texts
from model_registry.load import ROOT, check_file, load
from model_registry.memory_command import add_memory
from model_registry.readme import table, with_coverage
from model_registry.registry import Entry
from model_registry.release_checks import STALE_DAYS, stale_sources


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except RegistryError as error:
        return registry_is_broken(error)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m model_registry", description="Facts about open-weight base models.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="validate the registry, or the named files")
    check.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    check.add_argument("--stale", action="store_true", help=f"list the sources read more than {STALE_DAYS} days ago")
    check.set_defaults(run=_check)
    show = commands.add_parser("show", help="every fact of a checkpoint with its source")
    show.add_argument("id", metavar="ID")
    show.add_argument("--json", action="store_true")
    show.set_defaults(run=_show)
    export = commands.add_parser("export", help="the flat table, one row a checkpoint")
    export.add_argument("--format", choices=("csv", "json", "parquet"), default="csv")
    export.add_argument("--output", type=Path, metavar="FILE")
    export.set_defaults(run=_export)
    add_memory(commands)
    add_draft(commands)
    covered = commands.add_parser("coverage", help="how many checkpoints are known, undisclosed, not found, by column")
    covered.add_argument("--readme", type=Path, metavar="FILE", help="put the table into the README instead of printing it")
    covered.set_defaults(run=_coverage)
    schema = commands.add_parser("schema", help="write the JSON Schemas that editors use, or check that they are current")
    schema.add_argument("--check", action="store_true")
    schema.set_defaults(run=_schema)
    return parser


def _check(options: argparse.Namespace) -> int:
    if options.stale:
        return _stale()
    if options.paths:
        return max(_check_one(path) for path in options.paths)
    try:
        load()
    except RegistryError as error:
        sys.stdout.write(f"{error}\n")
        return ANSWER_IS_NO
    return DONE


def _stale() -> int:
    """List what was read too long ago; a list that is not empty is no fault."""
    for place, source in stale_sources(load(), datetime.now(UTC).date()):
        sys.stdout.write(f"{place}: {source.url}: read {source.read}\n")
    return DONE


def _coverage(options: argparse.Namespace) -> int:
    registry = load()
    rows, checkpoints, releases = coverage(registry), len(registry.entries), len({entry.release.release for entry in registry.entries})
    if options.readme is None:
        sys.stdout.write(table(rows, checkpoints, releases))
        return DONE
    try:
        text = options.readme.read_text(encoding="utf-8")
        options.readme.write_text(with_coverage(text, rows, checkpoints, releases), encoding="utf-8")
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{options.readme}: {error}\n")
        return BAD_INPUT
    return DONE


def _check_one(path: Path) -> int:
    if not path.is_file():
        sys.stderr.write(f"{path}: no such file; name registry files, or nothing to check them all\n")
        return BAD_INPUT
    try:
        check_file(path, str(path), {licence.stem for licence in (ROOT / "licences").glob("*.yaml")})
    except RegistryError as error:
        sys.stdout.write(f"{error}\n")
        return ANSWER_IS_NO
    return DONE


def _show(options: argparse.Namespace) -> int:
    registry = load()
    if options.id not in registry:
        near = ", ".join(registry.nearest(options.id))
        sys.stderr.write(f"{options.id}: no such checkpoint in the registry" + (f"; nearest: {near}\n" if near else "\n"))
        return BAD_INPUT
    entry = registry[options.id]
    found = facts(registry, entry)
    if options.json:
        document = {name: _as_json(entry, fact) for name, fact in found.items()}
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write("\n".join(_line(name, fact) for name, fact in found.items()) + "\n")
    return DONE


def _as_json(entry: Entry, fact: Fact) -> dict[str, object]:
    shown = None if fact.source is None else _source(entry, fact.source)
    others = [{"value": value, "url": other.url} for value, other in fact.conflicts]
    return {"value": fact.value, "derived": fact.derived, "note": fact.note, "source": shown, "conflicts": others}


def _source(entry: Entry, source: Source) -> dict[str, object]:
    at = {"url": source.url, "read": source.read.isoformat(), "via": source.via, "title": source.title}
    return {**at, "read_of": read_of(entry, source)}


def _line(name: str, fact: Fact) -> str:
    value = "-" if fact.value is None else " ".join(fact.value) if isinstance(fact.value, tuple) else str(fact.value)
    where = "" if fact.source is None else f"  [{'computed from ' if fact.derived else ''}{fact.source.url}, {fact.source.read}]"
    return f"{name:26} {value}{where if fact.value is not None else ''}"


def _export(options: argparse.Namespace) -> int:
    table = frame(load())
    data = to_parquet(table) if options.format == "parquet" else (to_json if options.format == "json" else to_csv)(table).encode()
    if options.output is None:
        sys.stdout.buffer.write(data)
        return DONE
    try:
        options.output.write_bytes(data)
    except OSError as error:
        sys.stderr.write(f"{options.output}: cannot be written ({error.strerror}); choose another --output\n")
        return BAD_INPUT
    return DONE


def _schema(options: argparse.Namespace) -> int:
    stale = [path for path, text in schema_texts().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if options.check:
        for path in stale:
            sys.stdout.write(f"{path.name}: not current; run: python -m model_registry schema\n")
        return ANSWER_IS_NO if stale else DONE
    for path, text in schema_texts().items():
        path.write_text(text, encoding="utf-8")
    return DONE


if __name__ == "__main__":
    raise SystemExit(main())
