"""The table: its columns and their order, its size, and what each export keeps."""

import csv
import io
import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from model_registry.columns import COLUMNS
from model_registry.frame import frame, records, to_csv, to_json, to_parquet
from model_registry.registry import Registry

FIRST_COLUMNS = [
    "id",
    "release",
    "developer",
    "variant",
    "reasoning",
    "released",
    "parameters",
    "parameters_active",
    "parameters_checkpoint",
    "architecture",
    "layers",
    "hidden_size",
    "intermediate_size",
    "attention",
    "attention_heads",
    "kv_heads",
    "head_dim",
    "position",
    "rope_theta",
    "norm",
    "activation",
    "tied_embeddings",
    "vocabulary",
    "embedding_rows",
    "experts",
    "experts_active",
    "expert_intermediate_size",
    "sliding_window",
    "context_trained",
    "context_config",
    "context_advertised",
    "training_tokens",
    "languages_declared",
    "licence",
    "tokenizer",
    "tokenizer_algorithm",
    "tokenizer_tool",
    "kv_bytes_per_token",
    "base_published",
]
MAY_BE_UNDISCLOSED = ("training_tokens", "languages_declared", "knowledge_cutoff")


@pytest.fixture(scope="module")
def table(registry: Registry) -> pd.DataFrame:
    return frame(registry)


def test_the_first_39_columns_stand_in_their_documented_order(table: pd.DataFrame) -> None:
    assert len(FIRST_COLUMNS) == 39
    assert list(table.columns[:39]) == FIRST_COLUMNS


def test_the_columns_are_those_of_the_dictionary(table: pd.DataFrame) -> None:
    assert list(table.columns) == list(COLUMNS)


def test_there_is_a_row_a_checkpoint(table: pd.DataFrame, registry: Registry) -> None:
    assert list(table["id"]) == [entry.id for entry in registry.entries]
    assert table["id"].is_unique


def test_the_registry_is_wide_enough_to_compare(table: pd.DataFrame, registry: Registry) -> None:
    assert len(table) >= 100
    assert table["release"].nunique() >= 30
    assert len(registry.licences) >= 20
    assert table["licence"].nunique() >= 20


@pytest.mark.parametrize("name", sorted(set(COLUMNS) - set(MAY_BE_UNDISCLOSED)))
def test_a_column_has_the_type_of_its_kind(table: pd.DataFrame, name: str) -> None:
    expected = {"count": "Int64", "number": "Float64", "flag": "boolean", "text": "string", "date": "string", "list": "object"}
    assert str(table[name].dtype) == expected[COLUMNS[name].kind]


@pytest.mark.parametrize("name", MAY_BE_UNDISCLOSED)
def test_silence_of_the_vendor_and_a_gap_are_two_things(table: pd.DataFrame, name: str) -> None:
    values = list(table[name])
    assert "undisclosed" in values
    assert any(pd.isna(value) for value in values)


def test_counts_beyond_32_bits_are_exact(table: pd.DataFrame) -> None:
    row = table.set_index("id").loc["meta-llama/Meta-Llama-3-8B"]
    assert (row["parameters"], row["training_tokens"]) == (8_030_261_248, 15_000_000_000_000)


def test_records_hold_only_plain_values(table: pd.DataFrame) -> None:
    plain = (str, int, float, bool, list, type(None))
    wrong = {(name, type(value)) for row in records(table) for name, value in row.items() if not isinstance(value, plain)}
    assert wrong == set()


def expected(registry: Registry) -> list[dict[str, Any]]:
    return [
        {
            "id": entry.id,
            "training_tokens": entry.training.tokens,
            "languages_declared": entry.languages.declared,
            "knowledge_cutoff": entry.training.cutoff,
            "layers": entry.architecture.layers,
            "rope_theta": entry.architecture.rope_theta,
            "tied_embeddings": entry.architecture.tied_embeddings,
            "licence": entry.licence.id,
            "languages": list(entry.languages.codes) if entry.languages.codes is not None else None,
        }
        for entry in registry.entries
    ]


def test_json_gives_back_every_value(table: pd.DataFrame, registry: Registry) -> None:
    rows = json.loads(to_json(table))
    assert [list(row) for row in rows] == [list(COLUMNS)] * len(rows)
    wanted = expected(registry)
    assert [{name: row[name] for name in wanted[0]} for row in rows] == wanted


def test_json_has_no_not_a_number(table: pd.DataFrame) -> None:
    assert "NaN" not in to_json(table)


def test_csv_gives_back_every_value_and_leaves_a_gap_empty(table: pd.DataFrame, registry: Registry) -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(table))))
    assert list(rows[0]) == list(COLUMNS)

    def cell(value: object) -> str:
        if isinstance(value, list):
            return " ".join(value)
        return "" if value is None else str(value)

    wanted = [{name: cell(value) for name, value in row.items()} for row in expected(registry)]
    assert [{name: row[name] for name in wanted[0]} for row in rows] == wanted


def test_parquet_gives_back_every_value_with_its_type(table: pd.DataFrame, registry: Registry) -> None:
    found = pd.read_parquet(io.BytesIO(to_parquet(table)))
    assert list(found.columns) == list(COLUMNS)

    def cell(name: str, value: object) -> object:
        return str(value) if name in MAY_BE_UNDISCLOSED and value is not None else value

    def plain(value: object) -> object:
        if isinstance(value, np.ndarray):
            return value.tolist()
        return None if value is None or value is pd.NA or value != value else value  # noqa: PLR0124 -- only NaN differs from itself

    wanted = [{name: cell(name, value) for name, value in row.items()} for row in expected(registry)]
    assert [{name: plain(row[name]) for name in wanted[0]} for row in found.to_dict("records")] == wanted


def test_an_export_leaves_the_table_as_it_was(table: pd.DataFrame) -> None:
    before = table.copy(deep=True)
    to_csv(table)
    to_json(table)
    to_parquet(table)
    pd.testing.assert_frame_equal(table, before)
