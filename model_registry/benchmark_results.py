"""Strict reading of the table of benchmark results, and what must hold between its rows, their sources and the releases."""

import csv
import io
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from model_registry.faults import Fault, RegistryError, worded
from model_registry.other_schemas import Result

COLUMNS = tuple(Result.model_fields)
_DECIMAL = re.compile(r"-?\d+(\.\d+)?")
_INTEGER = re.compile(r"-?\d+")


@dataclass(frozen=True)
class ResultTable:
    """The rows of a file, each with the line (1-based) on which it starts."""

    file: str
    rows: tuple[tuple[int, Result], ...]


def read_results(path: Path, name: str) -> ResultTable:
    """Return a file's results; ``name`` is how messages call the file. Raises RegistryError with every fault found."""
    records = _records(_text(path, name), name)
    _, header = next(records, (1, []))
    faults = list(_header_faults(name, header))
    if faults:
        raise RegistryError(faults)
    rows = []
    for line, values in records:
        try:
            rows.append((line, _result(name, line, values)))
        except RegistryError as error:
            faults.extend(error.faults)
    if faults:
        raise RegistryError(faults)
    return ResultTable(name, tuple(rows))


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


def _text(path: Path, name: str) -> str:
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise RegistryError([Fault(name, 1, "", f"not readable as UTF-8: {error}")]) from error
    before, carriage_return, _ = text.partition("\r")
    if carriage_return:
        raise RegistryError([Fault(name, before.count("\n") + 1, "", "a line ends in CR: end lines with LF alone")])
    return text


def _records(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the values of each record with the line it starts on; raises RegistryError where the text is no CSV."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for values in reader:
            yield line, values
            line = reader.line_num + 1
    except csv.Error as error:
        raise RegistryError([Fault(name, line, "", f"not valid CSV: {error}")]) from error


def _header_faults(name: str, header: list[str]) -> Iterator[Fault]:
    for column in header:
        if column not in COLUMNS:
            yield Fault(name, 1, column, f"unknown column: the columns are {','.join(COLUMNS)}")
    for column in COLUMNS:
        if column not in header:
            yield Fault(name, 1, column, "missing column")
    if sorted(header) == sorted(COLUMNS) and header != list(COLUMNS):
        yield Fault(name, 1, "", f"columns out of order: write {','.join(COLUMNS)}")
    elif set(header) == set(COLUMNS) and len(header) > len(COLUMNS):
        yield Fault(name, 1, "", f"a column stands twice: write {','.join(COLUMNS)}")


def _result(name: str, line: int, values: list[str]) -> Result:
    if len(values) != len(COLUMNS):
        message = f"{len(values)} values for {len(COLUMNS)} columns: quote a value that holds a comma"
        raise RegistryError([Fault(name, line, "", message)])
    try:
        return Result.model_validate({column: _plain(column, value) for column, value in zip(COLUMNS, values, strict=True)})
    except ValidationError as error:
        faults = [Fault(name, line, str(item["loc"][0]), worded(item)) for item in error.errors(include_url=False)]
        raise RegistryError(faults) from error


def _plain(column: str, value: str) -> str | int | float | None:
    """Return a cell as data: empty is null; what is no plain number stays text, which the schema then refuses."""
    if not value:
        return None
    if column == "score" and _DECIMAL.fullmatch(value):
        return float(value)
    return int(value) if column == "shots" and _INTEGER.fullmatch(value) else value
