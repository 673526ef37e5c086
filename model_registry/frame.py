"""Registry to one tidy table: a row a checkpoint, a column a fact."""

import json
from typing import Any

import pandas as pd

from model_registry.columns import COLUMNS
from model_registry.facts import facts
from model_registry.registry import Registry

_DTYPES = {"count": "Int64", "number": "Float64", "flag": "boolean", "text": "string", "date": "string", "list": "object"}
_MAY_BE_UNDISCLOSED = frozenset({"training_tokens", "languages_declared", "knowledge_cutoff"})
_LISTS = tuple(name for name, column in COLUMNS.items() if column.kind == "list")


def frame(registry: Registry) -> pd.DataFrame:
    """Return one row a checkpoint with the columns of ``COLUMNS``; empty = not found, the word ``undisclosed`` kept.

    Counts are nullable integers, except the columns in which a vendor's silence is recorded: those hold objects.
    """
    rows = [{name: fact.value for name, fact in facts(registry, entry).items()} for entry in registry.entries]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype({name: _dtype(name) for name in COLUMNS})


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the table as plain objects: None for empty, lists for lists."""
    return [{str(name): _plain(value) for name, value in row.items()} for row in table.to_dict("records")]


def to_csv(table: pd.DataFrame) -> str:
    """Return the table as CSV; lists are joined by spaces, an empty list is the word ``none``."""
    flat = table.copy()
    for name in _LISTS:
        flat[name] = [" ".join(items) or "none" if isinstance(items, tuple) else None for items in flat[name]]
    return flat.to_csv(index=False, lineterminator="\n")


def to_json(table: pd.DataFrame) -> str:
    """Return the table as a JSON list of objects."""
    return json.dumps(records(table), ensure_ascii=False, indent=1) + "\n"


def to_parquet(table: pd.DataFrame) -> bytes:
    """Return the table as Parquet; columns that may say ``undisclosed`` become text."""
    flat = table.copy()
    for name in _MAY_BE_UNDISCLOSED:
        flat[name] = flat[name].map(lambda value: None if pd.isna(value) else str(value)).astype("string")
    for name in _LISTS:
        flat[name] = pd.Series([list(items) if isinstance(items, tuple) else None for items in flat[name]], index=flat.index)
    content: bytes = flat.to_parquet(index=False)
    return content


def _dtype(name: str) -> str:
    return "object" if name in _MAY_BE_UNDISCLOSED else _DTYPES[COLUMNS[name].kind]


def _plain(value: object) -> object:
    if isinstance(value, tuple | list):
        return list(value)
    return None if pd.isna(value) else value  # type: ignore[call-overload]
