"""How firm the order is: shares of first and top places over draws of weights and unknowns, and tipping points.

Rank acceptability: SMAA-2 (Lahdelma & Salminen, Operations Research 49(3), 2001). Each slider is multiplied by
exp(U(-ln 2, ln 2)) and every unknown cell is drawn anew from its interval in every draw.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.candidates import Floats
from scoring.factors import Values
from scoring.scenario import MAXIMUM_WEIGHT, Factor

DRAWS = 2_000
_BATCH = 500
_SEED = 20261124
CLEAR, LIKELY = 0.80, 0.50
_BEYOND = 1e-9
"""How far a slider must be able to move past a tie for the tie to tip anything."""


@dataclass(frozen=True)
class Firmness:
    """Share of the draws in which each ranked checkpoint comes first, and among the first three."""

    first: Floats
    top3: Floats
    draws: int


@dataclass(frozen=True)
class Tipping:
    """The nearest slider value at which another checkpoint takes the first place."""

    factor: Factor
    start: float
    end: float
    winner: int
    """Position among the ranked checkpoints."""


def firmness(values: Values, sliders: Floats, draws: int = DRAWS) -> Firmness:
    """Return rank acceptabilities of the checkpoints in ``values``; deterministic (fixed seed)."""
    count = values.low.shape[0]
    first, top3 = np.zeros(count), np.zeros(count)
    random = np.random.default_rng(_SEED)
    base = sliders if sliders.sum() > 0 else np.ones_like(sliders)
    span = values.high - values.low
    for start in range(0, draws, _BATCH):
        size = min(_BATCH, draws - start)
        scores = _draw(random, values.low, span, base, size)
        first += np.bincount(scores.argmax(axis=1), minlength=count)
        third = np.partition(scores, -min(3, count), axis=1)[:, -min(3, count)][:, None]
        top3 += (scores >= third).sum(axis=0)
    return Firmness(first / draws, top3 / draws, draws)


def word(first_share: float) -> str:
    """Return the code of the word for a first-place share: clear, likely or open."""
    return "clear" if first_share >= CLEAR else "likely" if first_share >= LIKELY else "open"


def tipping(values: Floats, sliders: Floats, factors: tuple[Factor, ...], winner: int) -> tuple[Tipping, ...]:
    """Return, for each slider, the nearest value at which the winner is overtaken, the smallest move first.

    ``values`` are points (checkpoints x factors). With d = v_winner - v_j and G = sum a_k d_k, slider k ties the two at
    a_k - G / d_k, others untouched. A tie at an end of the slider tips nothing: the slider cannot go past it.
    """
    difference = values[winner] - values
    gap = difference @ sliders
    found = []
    for index, factor in enumerate(factors):
        with np.errstate(divide="ignore", invalid="ignore"):
            ties = sliders[index] - gap / difference[:, index]
        ties[winner] = np.nan
        for candidates in (np.where(ties > sliders[index], ties, np.nan), np.where(ties < sliders[index], ties, np.nan)):
            passable = (candidates > _BEYOND) & (candidates < MAXIMUM_WEIGHT - _BEYOND)
            valid = np.where(passable, np.abs(candidates - sliders[index]), np.nan)
            if not np.all(np.isnan(valid)):
                rival = int(np.nanargmin(valid))
                found.append(Tipping(factor, float(sliders[index]), float(ties[rival]), rival))
    return tuple(sorted(found, key=lambda item: abs(item.end - item.start)))


def _draw(random: np.random.Generator, low: Floats, span: Floats, sliders: Floats, size: int) -> npt.NDArray[np.float32]:
    """Return scores (draws x checkpoints) for one batch of draws."""
    weights = sliders * np.exp(random.uniform(-np.log(2), np.log(2), (size, sliders.size)))
    weights = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    scores: npt.NDArray[np.float32] = weights @ low.T.astype(np.float32)
    rows, columns = np.nonzero(span)
    for factor in np.unique(columns):
        unknown = rows[columns == factor]
        drawn = random.random((size, unknown.size), dtype=np.float32) * span[unknown, factor].astype(np.float32)
        scores[:, unknown] += weights[:, factor, None] * drawn
    return scores
