"""One row a size: the checkpoints grown from one Base fold into the one that suits the plan best."""

from collections.abc import Sequence
from typing import TypeAlias

from scoring.candidates import Candidates, Flags, Floats

Rows: TypeAlias = dict[int, tuple[int, ...]]
"""Positions of the rows, best first, each with the positions that fold into it, in the same order."""


def folded(candidates: Candidates, order: Sequence[int], known: Flags, fit: Floats, *, kind_first: bool) -> tuple[Rows, Rows]:
    """Return the rows whose checkpoint is known well enough, and the others; both in the order given.

    ``fit`` tells how well each candidate is the kind that the plan asks for. The row's checkpoint is one that is known, of
    the best kind, first in the order; with ``kind_first`` (a plan that starts from a Base) the kind comes before being known:
    what is ranked is the checkpoint that would be trained.
    """
    place = {index: position for position, index in enumerate(order)}
    stems: dict[object, list[int]] = {}
    for index in order:
        stems.setdefault(_stem(candidates, index), []).append(index)

    def worth(index: int) -> tuple[float, float, int]:
        kind, unknown = -float(fit[index]), float(not known[index])
        return (kind, unknown, place[index]) if kind_first else (unknown, kind, place[index])

    rows = {best: tuple(index for index in indices if index != best) for indices in stems.values() for best in (min(indices, key=worth),)}
    ordered = sorted(rows, key=place.__getitem__)
    return {row: rows[row] for row in ordered if known[row]}, {row: rows[row] for row in ordered if not known[row]}


def _stem(candidates: Candidates, index: int) -> object:
    """Return what a checkpoint grew from: the Base that was published, else its size."""
    entry = candidates.entries[index]
    return candidates.registry.base_of(entry) or id(entry.size)
