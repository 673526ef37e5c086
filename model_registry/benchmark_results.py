"""Strict reading of the table of benchmark results, and what must hold between its rows, their sources and the releases."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TypeAlias

from model_registry.csv_reader import Cell, Table, read_table, whole_numbers
from model_registry.faults import Fault
from model_registry.other_schemas import Result

ResultTable: TypeAlias = Table[Result]
_DECIMAL = re.compile(r"-?\d+(\.\d+)?")
_SHOTS = whole_numbers("shots")


def read_results(path: Path, name: str) -> ResultTable:
    """Return a file's results; ``name`` is how messages call the file. Raises RegistryError with every fault found."""
    return read_table(path, name, Result, _cell)


def repeated_results(table: ResultTable) -> Iterator[Fault]:
    """Yield a fault for each row whose checkpoint, benchmark, language, mode and kind of reporter stand already above it."""
    first: dict[tuple[str, str, str, str, str], int] = {}
    for line, row in table.rows:
        key = (row.checkpoint, row.benchmark, row.language, row.mode, row.reported_by)
        if key in first:
            yield Fault(table.file, line, "", f"the same result stands already on line {first[key]}: keep one, name the other in its note")
        first.setdefault(key, line)


def unknown_references(table: ResultTable, sources: Collection[str], checkpoints: Collection[str]) -> Iterator[Fault]:
    """Yield a fault for each source and each checkpoint that a row names and nobody has."""
    for line, row in table.rows:
        if row.source not in sources:
            yield Fault(table.file, line, "source", f"no such source in sources.yaml (got {row.source!r})")
        if row.checkpoint not in checkpoints:
            yield Fault(table.file, line, "checkpoint", f"no such checkpoint in releases/ (got {row.checkpoint!r})")


def _cell(column: str, value: str) -> Cell:
    """Return a cell as data; what is no plain number stays text, which the schema then refuses."""
    if column == "score" and _DECIMAL.fullmatch(value):
        return float(value)
    return _SHOTS(column, value)
