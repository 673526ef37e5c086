"""The additive score: weights times values, with an interval for the unknown.

S = sum of w_k v_k, weights normalised to 1, values on absolute scales (multi-attribute value theory; Keeney & Raiffa
1976). An unknown cell counts at a quarter of its interval, a capability at its posterior: hiding a fact does not pay.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoring.candidates import Flags, Floats
from scoring.factors import Values
from scoring.scenario import Factor, Scenario

ENOUGH_KNOWN = 0.6
"""Share of the weight that must be known for a checkpoint to be ranked."""
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Scores:
    """Scores of all candidates, 0 to 1: the cautious one with its interval, and what each factor contributes."""

    factors: tuple[Factor, ...]
    weights: Floats
    """Normalised, one a factor."""
    values: Values
    score: Floats
    low: Floats
    high: Floats
    known_weight: Floats
    """Share of the weight whose values are known."""

    @cached_property
    def contributions(self) -> Floats:
        """Return what each factor adds: checkpoints x factors; a row adds up to ``score``."""
        return self.values.point * self.weights


def normalised_weights(scenario: Scenario, factors: tuple[Factor, ...]) -> Floats:
    """Return the weights of the factors, adding up to 1; equal when every slider is at zero."""
    raw = np.array([scenario.weights.get(factor, 0.0) for factor in factors], dtype=np.float64)
    total = raw.sum()
    if total > 0:
        shares: Floats = raw / total
        return shares
    return np.full(len(factors), 1 / len(factors)) if factors else raw


def score(values: Values, weights: Floats) -> Scores:
    """Return the additive scores of all candidates.

    Summed row by row, never as a matrix product, whose rounding depends on how many rows there are. The point counted of a
    sum of intervals is the sum of the points counted.
    """
    return Scores(
        factors=values.factors,
        weights=weights,
        values=values,
        score=_sums(values.point, weights),
        low=_sums(values.low, weights),
        high=_sums(values.high, weights),
        known_weight=_sums(values.known, weights),
    )


def _sums(values: Floats | Flags, weights: Floats) -> Floats:
    """Return the weighted sum of each row."""
    sums: Floats = np.einsum("ij,j->i", values, weights)
    return sums


def enough_known(scores: Scores) -> Flags:
    """Return who has enough known to be ranked; a share of exactly 60 % is enough, however its sum was rounded."""
    enough: Flags = scores.known_weight >= ENOUGH_KNOWN - _ROUNDING
    return enough
