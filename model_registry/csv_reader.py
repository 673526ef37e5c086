"""Strict reading of a CSV table into models: every fault with its line and column, before RegistryError is raised."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError

from model_registry.faults import Fault, RegistryError, worded

Row = TypeVar("Row", bound=BaseModel)
Cell: TypeAlias = str | int | float | None
_INTEGER = re.compile(r"-?\d+")


@dataclass(frozen=True)
class Table(Generic[Row]):
    """The rows of a file, each with the line (1-based) on which it starts."""

    file: str
    rows: tuple[tuple[int, Row], ...] = ()


def whole_numbers(*columns: str) -> Callable[[str, str], Cell]:
    """Return a converter that reads some columns as whole numbers; what is none stays text, which the schema then refuses."""
    return lambda column, value: int(value) if column in columns and _INTEGER.fullmatch(value) else value


def read_table(path: Path, name: str, model: type[Row], convert: Callable[[str, str], Cell]) -> Table[Row]:
    """Return a file's rows as strict models; ``name`` is how messages call the file. Raises RegistryError with every fault.

    ``convert`` turns a cell of a column into data; an empty cell is null.
    """
    columns = tuple(model.model_fields)
    records = _records(_text(path, name), name)
    _, header = next(records, (1, []))
    faults = list(_header_faults(name, header, columns))
    if faults:
        raise RegistryError(faults)
    rows = []
    for line, values in records:
        try:
            rows.append((line, _row(name, line, values, model, convert)))
        except RegistryError as error:
            faults.extend(error.faults)
    if faults:
        raise RegistryError(faults)
    return Table(name, tuple(rows))


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


def _header_faults(name: str, header: list[str], columns: tuple[str, ...]) -> Iterator[Fault]:
    written = ",".join(columns)
    for column in header:
        if column not in columns:
            yield Fault(name, 1, column, f"unknown column: the columns are {written}")
    for column in columns:
        if column not in header:
            yield Fault(name, 1, column, "missing column")
    if sorted(header) == sorted(columns) and header != list(columns):
        yield Fault(name, 1, "", f"columns out of order: write {written}")
    elif set(header) == set(columns) and len(header) > len(columns):
        yield Fault(name, 1, "", f"a column stands twice: write {written}")


def _row(name: str, line: int, values: list[str], model: type[Row], convert: Callable[[str, str], Cell]) -> Row:
    columns = tuple(model.model_fields)
    if len(values) != len(columns):
        message = f"{len(values)} values for {len(columns)} columns: quote a value that holds a comma"
        raise RegistryError([Fault(name, line, "", message)])
    try:
        cells = zip(columns, values, strict=True)
        return model.model_validate({column: convert(column, value) if value else None for column, value in cells})
    except ValidationError as error:
        faults = [Fault(name, line, str(item["loc"][0]), worded(item)) for item in error.errors(include_url=False)]
        raise RegistryError(faults) from error
