"""Readings of the weights: random weights that a person who set these sliders may have meant.

Weights are not normalised, for only their ratios decide an order. A slider at zero says that its factor does not matter:
its weight is zero in every reading. With all sliders at zero, all factors count alike.
"""

from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from scoring.candidates import Flags, Floats

Reading: TypeAlias = Literal["around", "order", "any"]
"""around: each slider between half and twice its value; order: only the order of the sliders holds; any: any weights at all."""
Singles: TypeAlias = npt.NDArray[np.float32]
FACTOR = 2.0
"""How far a slider is read from its value, as a factor: times exp(U(-ln 2, ln 2))."""
_ROUNDING = 1e-5
"""What single precision may do to a score between 0 and 1."""


def effective(sliders: Floats) -> Floats:
    """Return the sliders, or ones where all are at zero."""
    return sliders if sliders.sum() > 0 else np.ones_like(sliders)


def weights(reading: Reading, sliders: Floats, draws: int, random: np.random.Generator) -> Singles:
    """Return weights, draws x factors."""
    base = effective(sliders)
    if reading == "around":
        spread = np.float32(2 * np.log(FACTOR))
        drawn = random.random((draws, base.size), dtype=np.float32)
        around: Singles = base.astype(np.float32) * np.exp((drawn - np.float32(0.5)) * spread)
        return around
    weighted = np.flatnonzero(base > 0)
    simplex = random.standard_exponential((draws, weighted.size), dtype=np.float32)
    found: Singles = np.zeros((draws, base.size), dtype=np.float32)
    found[:, weighted] = _ordered(simplex, base[weighted], random) if reading == "order" else simplex
    return found


def surely_positive(reading: Reading, sliders: Floats, difference: Floats) -> Flags:
    """Tell where the weighted sum of ``difference`` (... x factors) is above zero in every reading.

    Around: a slider a is at least a/2 and at most 2a, so the sum is at least that of a/2 d where d > 0 and of 2a d where
    d < 0. In the other readings a factor may take nearly all the weight: no weighted d may be negative, and one must be above
    zero.
    """
    base = effective(sliders)
    if reading == "around":
        middle, half = (FACTOR + 1 / FACTOR) / 2, (FACTOR - 1 / FACTOR) / 2
        least = middle * (difference @ base) - half * (np.abs(difference) @ base)
        return np.asarray(least > _ROUNDING * base.sum())
    weighted = difference[..., base > 0]
    return np.asarray((weighted >= 0).all(axis=-1) & (weighted > _ROUNDING).any(axis=-1))


def _ordered(simplex: Singles, sliders: Floats, random: np.random.Generator) -> Singles:
    """Return each row sorted into the order of the sliders; among equal sliders every order is as likely."""
    order = np.argsort(sliders, kind="stable")
    found = np.empty_like(simplex)
    found[:, order] = np.sort(simplex, axis=1)
    for level in np.unique(sliders):
        alike = np.flatnonzero(sliders == level)
        if alike.size > 1:
            found[:, alike] = random.permuted(found[:, alike], axis=1)
    return found
