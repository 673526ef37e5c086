"""Whether a Base was published, size by size."""

import pytest

from model_registry.bases import count_bases, size_bases
from model_registry.registry import Registry


def test_every_size_stands_once_and_the_newest_first(registry: Registry) -> None:
    rows = size_bases(registry)
    assert len(rows) == sum(
        len({size.size for size in release.sizes}) for release in {id(e.release): e.release for e in registry.entries}.values()
    )
    dates = [row.released or "" for row in rows]
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize(
    ("release", "size", "published", "base"),
    [
        ("Qwen3", "8B", True, "Qwen/Qwen3-8B-Base"),
        ("Qwen3", "32B", False, None),
        ("DeepSeek-R1-Distill", "7B", True, "Qwen/Qwen2.5-Math-7B"),
    ],
)
def test_a_size_says_what_the_registry_says(registry: Registry, release: str, size: str, published: bool, base: str | None) -> None:  # noqa: FBT001 (a row of the table)
    row = next(row for row in size_bases(registry) if (row.release, row.size) == (release, size))
    assert (row.published, row.base_id, row.year) == (published, base, "2025")
    assert row.checkpoint_id in registry
    assert row.source.url.startswith("https://")


def test_a_base_outside_the_registry_is_told_apart(registry: Registry) -> None:
    known = {(row.release, row.size): row.registered for row in size_bases(registry)}
    assert not known["DeepSeek-R1-Distill", "7B"]
    assert known["Qwen3", "8B"]
    assert known["Qwen3", "32B"]


def test_counts_add_up(registry: Registry) -> None:
    rows = size_bases(registry)
    found = count_bases(rows)
    assert (found.published, found.not_published, found.not_found) == tuple(
        sum(row.published is value for row in rows) for value in (True, False, None)
    )
    assert found.sizes == len(rows) > 0
    assert count_bases([]).sizes == 0
