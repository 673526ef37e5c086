"""The spec table: filters, column groups, and cells as people read them (sorting stays by the exact value)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pandas.io.formats.style import Styler

from model_registry.base_schema import UNDISCLOSED
from model_registry.columns import COLUMNS, Group
from model_registry.registry import Registry
from texts import numbers
from texts.catalogue import Catalogue

GROUPS: tuple[Group, ...] = ("parameters", "architecture", "layers", "context", "data", "licence", "memory", "identity")
NAME = "name"
LEADING = ("variant", "released")
_HIDDEN = frozenset({"id", "release", "tokenizer", "languages", "base_id", "size"})
_CODED = {"variant": "variant", "reasoning": "reasoning", "architecture": "architecture", "training_data": "training_data"}
_TOKENS = frozenset({"sliding_window", "context_trained", "context_config", "context_advertised"})
_SHORT = frozenset({"parameters", "parameters_active", "parameters_checkpoint", "training_tokens"})
UNKNOWN = "–"
SILENT = -1.0
"""Stands for "not disclosed" in a column of numbers, so that sorting keeps it below every number; never shown."""


@dataclass(frozen=True)
class Filters:
    """What the visitor asked to see; empty = everything."""

    text: str = ""
    developers: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    least_billions: float = 0.0
    most_billions: float = 0.0


def filtered(table: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    """Return the rows that pass every filter, in table order. A size limit keeps rows of unknown size out."""
    keep = pd.Series(data=True, index=table.index)
    for word in filters.text.lower().split():
        where = table["id"] + " " + table["release"] + " " + table["developer"] + " " + table["licence"].fillna("")
        keep &= where.str.lower().str.contains(word, regex=False)
    for column, wanted in (
        ("developer", filters.developers),
        ("variant", filters.variants),
        ("architecture", filters.kinds),
        ("licence", filters.licences),
    ):
        if wanted:
            keep &= table[column].isin(wanted)
    size = table["parameters"].fillna(table["parameters_checkpoint"]).astype("Float64") / 1e9
    if filters.least_billions:
        keep &= (size >= filters.least_billions).fillna(value=False)
    if filters.most_billions:
        keep &= (size <= filters.most_billions).fillna(value=False)
    return table[keep]


def newest_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows by release date, the newest first; undated ones last, equals in table order."""
    return rows.sort_values("released", ascending=False, kind="stable", na_position="last").reset_index(drop=True)


def columns(groups: tuple[str, ...]) -> list[str]:
    """Return the columns to show for the groups chosen, name, variant and date first."""
    chosen = [name for name, column in COLUMNS.items() if column.group in groups and name not in _HIDDEN]
    return [NAME, *LEADING, *(name for name in chosen if name not in LEADING)]


def styled(t: Catalogue, registry: Registry, rows: pd.DataFrame, shown: list[str]) -> Styler:
    """Return the rows with headers in words and cells in short form; the values behind stay exact and sortable."""
    named = pd.DataFrame({header(t, name): _values(registry, rows, name) for name in shown}, index=rows.index)
    return named.style.format({header(t, name): _formatter(t, name) for name in shown}, na_rep=UNKNOWN)


def header(t: Catalogue, name: str) -> str:
    """Return a column's name in words."""
    return t("recommend.model_column") if name == NAME else t(f"column.{name}")


def _values(registry: Registry, rows: pd.DataFrame, name: str) -> "pd.Series[Any]":
    if name == NAME:
        return pd.Series([registry[item].name for item in rows["id"]], index=rows.index, dtype="object")
    values = rows[name]
    if COLUMNS[name].kind in {"count", "number"}:
        return pd.to_numeric(values.astype("object").replace(UNDISCLOSED, SILENT), errors="coerce").astype("float64")
    return values.astype("object").where(values.notna(), None)


def _formatter(t: Catalogue, name: str) -> Callable[[Any], str]:
    if name in _CODED:
        return lambda value: t(f"{_CODED[name]}.{value}")
    if name != NAME and COLUMNS[name].kind == "flag":
        return lambda value: t(f"model.{str(bool(value)).lower()}")
    if name != NAME and COLUMNS[name].kind in {"count", "number"}:
        return lambda value: t("models.undisclosed") if value == SILENT else _number(t, name, value)
    return lambda value: t("models.undisclosed") if value == UNDISCLOSED else str(value)


def _number(t: Catalogue, name: str, value: float) -> str:
    if name in _TOKENS:
        return numbers.tokens(value, t.language)
    return numbers.count(value, t.language) if name in _SHORT else numbers.exact(value)
