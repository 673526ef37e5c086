"""The registry as a public record: broad enough, every required release there, every cell with its source."""

import csv
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from model_registry.columns import COLUMNS
from model_registry.coverage import MANDATORY, Coverage, coverage
from model_registry.facts import facts
from model_registry.readme import with_coverage
from model_registry.registry import Registry

HERE = Path(__file__).parent
README = HERE.parent.parent / "README.md"
REQUIRED = list(csv.DictReader((HERE / "required_releases.csv").open(encoding="utf-8")))
WITHOUT_SOURCE = {"id", "release", "developer", "variant", "reasoning", "size"}
"""What names a checkpoint; its file is the source."""


def releases(registry: Registry) -> set[str]:
    return {entry.release.release for entry in registry.entries}


def test_the_registry_is_broad(registry: Registry) -> None:
    assert len(registry.entries) >= 450
    assert len(releases(registry)) >= 100


@pytest.mark.parametrize("row", REQUIRED, ids=[f"{row['release']}: {row['checkpoint']}" for row in REQUIRED])
def test_every_required_checkpoint_is_there(registry: Registry, row: dict[str, str]) -> None:
    assert row["checkpoint"] in registry, f"{row['checkpoint']} of {row['release']} is missing"


def test_no_community_copies_are_registered(registry: Registry) -> None:
    """Official checkpoints only: no quantised copies, no conversions by others."""
    assert [entry.id for entry in registry.entries if re.search(r"GGUF|GPTQ|AWQ|-MLX|-ONNX|NVFP4|bnb-4bit", entry.id, re.IGNORECASE)] == []


def test_every_cell_rests_on_a_source_with_a_date_and_a_checkable_address(registry: Registry) -> None:
    cells = 0
    for entry in registry.entries:
        for name, fact in facts(registry, entry).items():
            if fact.value is None or name in WITHOUT_SOURCE:
                continue
            cells += 1
            assert fact.source is not None, f"{entry.id}: {name}"
            address = urlsplit(fact.source.url)
            assert (address.scheme, "." in address.netloc, address.username) == ("https", True, None), (
                f"{entry.id}: {name}: {fact.source.url}"
            )
            assert fact.source.via is None or fact.source.via.strip(), f"{entry.id}: {name}"
    assert cells > 40 * len(registry.entries) * 0.6


@pytest.mark.parametrize("column", MANDATORY)
def test_mandatory_columns_are_answered(registry: Registry, column: str) -> None:
    """Each one for 85 checkpoints of 100; all together for 97 cells of 100, which the next test holds."""
    row = next(row for row in coverage(registry) if row.column == column)
    assert row.answered >= 0.85, row


def test_mandatory_cells_are_known_or_undisclosed(registry: Registry) -> None:
    rows = [row for row in coverage(registry) if row.column in MANDATORY]
    answered = sum(row.known + row.undisclosed for row in rows)
    assert answered / (len(MANDATORY) * len(registry.entries)) >= 0.97


def test_coverage_counts_every_checkpoint_once_in_every_column(registry: Registry) -> None:
    rows = coverage(registry)
    assert [row.column for row in rows] == list(COLUMNS)
    assert {row.known + row.undisclosed + row.not_found + row.not_applicable for row in rows} == {len(registry.entries)}


def test_what_a_model_cannot_have_is_not_counted_as_missing(registry: Registry) -> None:
    experts = next(row for row in coverage(registry) if row.column == "experts")
    dense = sum(entry.architecture.moe is None for entry in registry.entries)
    assert (experts.not_applicable, experts.not_found) == (dense, 0)


def test_the_readme_carries_the_current_coverage(registry: Registry) -> None:
    text = README.read_text(encoding="utf-8")
    assert with_coverage(text, coverage(registry), len(registry.entries), len(releases(registry))) == text


def test_a_readme_without_the_section_is_refused() -> None:
    with pytest.raises(ValueError, match="no section between"):
        with_coverage("# Plinth\n", (), 0, 0)


def test_a_column_that_applies_to_nothing_is_fully_answered() -> None:
    assert Coverage("experts", 0, 0, 0, 5).answered == 1
    assert Coverage("experts", 1, 1, 2, 5).answered == 0.5
