"""What would change the first place: one slider, the smallest move of several sliders, or a fact of the first itself.

All in closed form on the points that were ranked. With sliders a, the winner's values v and another's u, d = v - u and the
gap G = sum of a_k d_k: slider k ties the two at a_k - G / d_k, and the winner's own value on k ties them at v_k - G / a_k.
"""

from dataclasses import dataclass

import numpy as np

from scoring.candidates import Floats
from scoring.readings import effective
from scoring.scenario import MAXIMUM_WEIGHT, Factor

_BEYOND = 1e-9
"""How far a slider or a value must be able to move past a tie for the tie to tip anything."""
_AT_NEED, _DOUBLING = 0.7, 0.3
"""Value of a context as long as the need, and what twice the length adds (``factors.context_effective``)."""


@dataclass(frozen=True)
class Tipping:
    """The nearest slider value at which another checkpoint takes the first place."""

    factor: Factor
    start: float
    end: float
    winner: int
    """Position among the ranked checkpoints."""


@dataclass(frozen=True)
class Move:
    """One slider's part of a joint move."""

    factor: Factor
    start: float
    end: float


@dataclass(frozen=True)
class JointTipping:
    """The smallest move of all sliders together at which another checkpoint ties; any further and it is first."""

    moves: tuple[Move, ...]
    """The most effective slider first; none where the two tie already."""
    distance: float
    """Sum of the moves in slider units."""
    winner: int


@dataclass(frozen=True)
class EvidenceTipping:
    """How far the first may fall on one factor before the runner-up ties; all else untouched."""

    factor: Factor
    value: float
    """The first's value now."""
    tie: float
    rival: int
    tokens: float | None
    """The context length, in tokens, at which they tie; None for other factors, and where a context has no such length."""


def tipping(values: Floats, sliders: Floats, factors: tuple[Factor, ...], winner: int) -> tuple[Tipping, ...]:
    """Return, for each slider, the nearest value up and down at which the winner is overtaken, the smallest move first.

    ``values`` are points (checkpoints x factors), the other sliders stay. A tie at an end of the slider tips nothing: the
    slider cannot go past it.
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


def joint_tipping(values: Floats, sliders: Floats, factors: tuple[Factor, ...], winner: int) -> JointTipping | None:
    """Return the smallest joint move (sum of absolute moves) that ties the winner; None where no sliders unseat it.

    A continuous knapsack for each rival: a unit of slider k closes abs(d_k) of the gap, downwards where d_k > 0 and upwards
    where it is negative, as far as the slider has room; the largest abs(d_k) are spent first. The nearest rival overtakes
    before any other could.
    """
    difference = values[winner] - values
    gap = np.maximum(difference @ sliders, 0.0)
    closed = np.abs(difference)
    room = np.where(difference > 0, sliders, MAXIMUM_WEIGHT - sliders)
    order = np.argsort(-closed, axis=1, kind="stable")
    rate, room = np.take_along_axis(closed, order, axis=1), np.take_along_axis(room, order, axis=1)
    closing = np.cumsum(rate * room, axis=1)
    left = np.maximum(gap[:, None] - (closing - rate * room), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = np.where(rate > 0, np.minimum(room, left / rate), 0.0)
    distance = np.where(closing[:, -1] > gap + _BEYOND, moved.sum(axis=1), np.inf)
    distance[winner] = np.inf
    rival = int(distance.argmin())
    if not np.isfinite(distance[rival]):
        return None
    moves = []
    for index, length in zip(order[rival].tolist(), moved[rival].tolist(), strict=True):
        if length > 0:
            start = float(sliders[index])
            moves.append(Move(factors[index], start, start - length if difference[rival, index] > 0 else start + length))
    return JointTipping(tuple(moves), float(distance[rival]), rival)


def evidence_tipping(
    values: Floats, sliders: Floats, factors: tuple[Factor, ...], winner: int, need: int | None = None
) -> tuple[EvidenceTipping, ...]:
    """Return the factors on which the winner could fall far enough to be overtaken, the smallest fall first.

    The runner-up ties first whatever the factor, for a fall of the winner closes every gap alike. ``need`` is the input that
    a context must hold: with it, the tie on the context is told in tokens too; leave it out where the winner's value is not
    that of a trained length.
    """
    weights = effective(sliders)
    gap = (values[winner] - values) @ weights
    gap[winner] = np.inf
    rival = int(gap.argmin())
    if not np.isfinite(gap[rival]):
        return ()
    found = []
    for index, factor in enumerate(factors):
        value = float(values[winner, index])
        tie = value - max(0.0, float(gap[rival])) / weights[index] if weights[index] > 0 else -np.inf
        if tie > _BEYOND:
            tokens = tokens_worth(float(tie), need) if factor == "context_effective" and need else None
            found.append(EvidenceTipping(factor, value, float(tie), rival, tokens))
    return tuple(sorted(found, key=lambda item: item.value - item.tie))


def tokens_worth(value: float, need: int) -> float | None:
    """Return the trained context length of a value: the inverse of 0.7 + 0.3 log2(tokens / need).

    None below the value of the need itself: a shorter context is removed before it is scored.
    """
    return need * 2.0 ** ((value - _AT_NEED) / _DOUBLING) if _AT_NEED <= value <= 1 else None
