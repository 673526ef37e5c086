"""Reasons as codes and numbers: what speaks for the first place, and where the gap to the runner-up comes from."""

from dataclasses import dataclass

from scoring.rank import Scores
from scoring.scenario import Factor

NOTHING = 1e-9
TOLD = 3
"""How many strengths are told."""


@dataclass(frozen=True)
class Statement:
    """A code of the catalogues with its values."""

    code: str
    values: dict[str, str | float]


def gap(scores: Scores, first: int, second: int) -> dict[Factor, float]:
    """Return first minus second by factor; the values add up to the difference of their scores."""
    difference = scores.contributions[first] - scores.contributions[second]
    return dict(zip(scores.factors, difference.tolist(), strict=True))


def statements(scores: Scores, order: list[int]) -> tuple[Statement, ...]:
    """Return what speaks for the first of ``order``: its strongest factors, then the gap to the second by factor."""
    if not order:
        return ()
    first = order[0]
    strengths = sorted(zip(scores.factors, scores.contributions[first].tolist(), strict=True), key=lambda item: -item[1])
    told = [Statement("strength", {"factor": factor, "contribution": value}) for factor, value in strengths[:TOLD] if value > 0]
    if len(order) > 1:
        parts = sorted(gap(scores, first, order[1]).items(), key=lambda item: -abs(item[1]))
        told += [
            Statement("ahead" if value > 0 else "behind", {"factor": factor, "difference": value})
            for factor, value in parts
            if abs(value) > NOTHING
        ]
    return tuple(told)
