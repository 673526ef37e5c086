"""Who is dominated: another is at least as good on everything that is weighted, and better on something.

No weights above zero can put a dominated checkpoint first. Surely: whatever the unknown turns out to be, the other's low
ends reach its high ends. At the points: at the values that are counted.
"""

from dataclasses import dataclass

import numpy as np

from scoring.candidates import Flags, Floats
from scoring.factors import Values
from scoring.readings import effective


@dataclass(frozen=True)
class Dominated:
    """For each checkpoint the position of the first that dominates it, None where nobody does."""

    surely: tuple[int | None, ...]
    at_points: tuple[int | None, ...]


def dominated(values: Values, points: Floats, sliders: Floats) -> Dominated:
    """Return who is dominated and by whom; factors with a slider at zero do not count.

    With the best first, the dominator named is the best of all, and nobody dominates it in turn.
    """
    weighted = effective(sliders) > 0
    low, high, counted = values.low[:, weighted], values.high[:, weighted], points[:, weighted]
    return Dominated(_first(dominates(low, high)), _first(dominates(counted, counted)))


def dominates(one: Floats, other: Floats) -> Flags:
    """Return a square table: whether row i of ``one`` is >= row j of ``other`` in every column and > in one."""
    count = one.shape[0]
    never_less, ever_more = np.ones((count, count), dtype=bool), np.zeros((count, count), dtype=bool)
    for left, right in zip(np.ascontiguousarray(one.T), np.ascontiguousarray(other.T), strict=True):
        never_less &= left[:, None] >= right
        ever_more |= left[:, None] > right
    return never_less & ever_more


def _first(table: Flags) -> tuple[int | None, ...]:
    """Return the first row that is true in each column."""
    if not table.size:
        return ()
    first = table.argmax(axis=0).tolist()
    return tuple(row if table[row, column] else None for column, row in enumerate(first))
