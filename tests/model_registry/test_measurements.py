"""The memory formulas against published measurements: docs/measurements.csv, compared by tools/compare_memory.py."""

import re
from pathlib import Path
from typing import get_args

import pytest

from model_registry.adapters import Targets
from model_registry.memory import PRECISIONS
from model_registry.registry import Registry
from model_registry.training_memory import Method
from tools.compare_memory import (
    DOCUMENT,
    PEERS,
    Compared,
    Measurement,
    by_table,
    compare,
    document,
    mean_error,
    measurements,
    peers,
    refusals,
    share_inside,
    written,
)

AT_A_COMMIT = re.compile(r"https://github\.com/[\w.-]+/[\w.-]+/blob/[0-9a-f]{40}/\S+")
LARGEST_MEAN_ERROR = 0.03
LEAST_INSIDE = 0.95
LEAST_MODELLED = 0.90


@pytest.fixture(scope="module")
def compared(registry: Registry) -> list[Compared]:
    return [compare(registry, row) for row in measurements()]


@pytest.mark.parametrize("table", ["Qwen2.5 speed benchmark", "Qwen3 speed benchmark"])
def test_the_formula_is_within_three_per_cent_of_the_large_tables(compared: list[Compared], table: str) -> None:
    rows = by_table(compared)[table]
    assert len(rows) >= 80
    assert mean_error(rows) <= LARGEST_MEAN_ERROR


def test_measurements_lie_in_the_range(compared: list[Compared]) -> None:
    counted = [row for row in compared if row.measurement.counted]
    assert len(counted) >= 500
    assert share_inside(counted) >= LEAST_INSIDE, [(row.measurement.place, row.measurement.conditions) for row in counted if not row.inside]


def test_only_requirements_and_estimates_are_not_counted(compared: list[Compared]) -> None:
    left = {row.measurement.table for row in compared if not row.measurement.counted}
    assert left == {"Yi requirements", "LLaMA-Factory estimates"}


@pytest.mark.parametrize("row", measurements(), ids=lambda row: f"{row.place}-{row.checkpoint}-{row.conditions}")
def test_a_row_is_complete(row: Measurement) -> None:
    assert AT_A_COMMIT.fullmatch(row.source_url)
    assert row.precision in PRECISIONS
    assert row.memory_bytes > 2**20
    assert row.printed
    assert row.place
    assert min(row.tokens_in, row.batch, row.devices) >= 1
    if row.task.startswith("serve"):
        assert row.task in {"serve", "serve_estimate"}
        assert row.method in {"", "layers", "tensor"}
        assert row.prompt in {"at_once", "at_once_with_logits", "resident"}
    else:
        assert row.task in {"tune", "tune_estimate"}
        assert row.method in get_args(Method)
        assert row.zero in range(4)
        assert row.method == "full" or (row.rank >= 1 and row.targets in get_args(Targets))


def test_no_measurement_stands_twice() -> None:
    rows = measurements()
    assert len(set(rows)) == len(rows)


def test_the_document_is_current(registry: Registry) -> None:
    """``python -m tools.compare_memory`` writes it."""
    text = DOCUMENT.read_text(encoding="utf-8")
    assert written(text, document(registry, peers(PEERS))) == text


def test_a_document_without_a_marker_is_refused() -> None:
    with pytest.raises(ValueError, match="no marker"):
        written("nothing", {"tables": "x"})


def test_nearly_every_checkpoint_is_modelled(registry: Registry) -> None:
    assert len(list(refusals(registry))) <= (1 - LEAST_MODELLED) * len(registry.entries)


def test_a_peer_without_an_answer_is_none(tmp_path: Path) -> None:
    file = tmp_path / "peers.csv"
    file.write_text("tool,version,checkpoint,precision,tokens,batch,bytes,command\na,1,x/y,bf16,8,1,,a x/y\n", encoding="utf-8")
    assert peers(file)[0].answer is None
