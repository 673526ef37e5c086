"""One row a size: the checkpoints of a size fold into the one that suits the plan best."""

from collections.abc import Iterable
from typing import TypeAlias

from scoring.candidates import Candidates

Rows: TypeAlias = dict[int, tuple[int, ...]]
"""Positions of the rows, best first, each with the positions that fold into it."""


def folded(candidates: Candidates, known: Iterable[int], thin: Iterable[int]) -> tuple[Rows, Rows]:
    """Return the rows of those known well enough, and the rows of sizes that have only thin ones; both orders best first.

    A thin checkpoint whose size has a row already folds into it.
    """
    firm: dict[int, list[int]] = {}
    rest: dict[int, list[int]] = {}
    for index in known:
        firm.setdefault(id(candidates.entries[index].size), []).append(index)
    for index in thin:
        size = id(candidates.entries[index].size)
        (firm if size in firm else rest).setdefault(size, []).append(index)
    return _rows(firm), _rows(rest)


def _rows(sizes: dict[int, list[int]]) -> Rows:
    return {indices[0]: tuple(indices[1:]) for indices in sizes.values()}
