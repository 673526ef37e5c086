"""How firm the order is: shares of first and top places over draws of the weights and of what is unknown.

Rank acceptability: SMAA-2 (Lahdelma & Salminen, Operations Research 49(3), 2001). Weights are drawn by a reading
(``scoring.readings``), and every unknown cell anew from its interval in every draw.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from scoring.candidates import Floats
from scoring.factors import Values
from scoring.readings import Reading, Singles, effective, surely_positive, weights

DRAWS = 10_000
PLACES = (1, 3, 5)
CLEAR, LIKELY = 0.80, 0.50
_MOST = PLACES[-1]
_BATCH = 500
_SEED = 20261124
_RIVALS = 32
"""How many of the strongest are tried for those who surely stay ahead of another; more would leave out few more."""
_SINGLE_THREADED = 2**18
"""Multiplications below which OpenBLAS stays in the calling thread."""
_TAKEN = np.float32(-1)
"""Below every score."""
Integers: TypeAlias = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Firmness:
    """Share of the draws in which each ranked checkpoint comes first, among the first three, and among the first five.

    The first place goes to one alone: of equals, the one ranked first. Whoever equals the third (fifth) score is among the
    first three (five), so that no tie is broken by chance and those shares may add up to more than three (five).
    """

    first: Floats
    top3: Floats
    top5: Floats
    draws: int


def nothing(count: int) -> Firmness:
    """Return the shares of those that are not ranked."""
    return Firmness(np.zeros(count), np.zeros(count), np.zeros(count), 0)


def firmness(values: Values, sliders: Floats, draws: int = DRAWS, reading: Reading = "around") -> Firmness:
    """Return rank acceptabilities of the checkpoints in ``values``; deterministic (fixed seed).

    Whoever cannot be among the first five in any reading is left out of the draws, and has shares of zero.
    """
    kept = contenders(values, sliders, reading)
    counts = np.zeros((len(PLACES), kept.size))
    for scores in _draws(values.rows(kept.tolist()), sliders, draws, reading):
        counts += _places(scores)
    shares = np.zeros((len(PLACES), values.low.shape[0]))
    shares[:, kept] = counts / draws
    return Firmness(shares[0], shares[1], shares[2], draws)


def first_shares(values: Values, sliders: Floats, draws: int = DRAWS, reading: Reading = "around") -> Floats:
    """Return the shares of first places alone, the same as in ``firmness`` and sooner."""
    kept = contenders(values, sliders, reading)
    counts = np.zeros(kept.size)
    for scores in _draws(values.rows(kept.tolist()), sliders, draws, reading):
        counts += np.bincount(scores.argmax(axis=1), minlength=kept.size)
    shares = np.zeros(values.low.shape[0])
    shares[kept] = counts / draws
    return shares


def contenders(values: Values, sliders: Floats, reading: Reading = "around") -> Integers:
    """Return who may be among the first five in some reading: whom fewer than five others surely stay ahead of.

    An other surely stays ahead when its low ends beat one's high ends whatever the reading's weights.
    """
    strongest = np.argsort(-(values.low @ effective(sliders)), kind="stable")[:_RIVALS]
    ahead = surely_positive(reading, sliders, values.low[strongest][:, None] - values.high[None])
    return np.flatnonzero(ahead.sum(axis=0) < _MOST)


def word(first_share: float) -> str:
    """Return the code of the word for a first-place share: clear, likely or open."""
    return "clear" if first_share >= CLEAR else "likely" if first_share >= LIKELY else "open"


def sharers(first: Floats) -> tuple[int, ...]:
    """Return the fewest who together hold at least 80 % of the first places, the largest share first; of equals, in order."""
    order = np.argsort(-first, kind="stable")
    held = np.cumsum(first[order])
    if not held.size or held[-1] <= 0:
        return ()
    enough = int(np.searchsorted(held, CLEAR - 1e-9)) + 1
    return tuple(int(position) for position in order[:enough])


def _draws(values: Values, sliders: Floats, draws: int, reading: Reading) -> Iterator[Singles]:
    """Yield scores (draws x checkpoints), a batch at a time. The weights' stream does not depend on the checkpoints."""
    stream, cells = (np.random.Generator(np.random.SFC64(seed)) for seed in np.random.SeedSequence(_SEED).spawn(2))
    drawn = weights(reading, sliders, draws, stream)
    low, span = values.low.astype(np.float32), (values.high - values.low).astype(np.float32)
    unknown = [(factor, np.flatnonzero(span[:, factor])) for factor in range(low.shape[1])]
    unknown = [(factor, rows) for factor, rows in unknown if rows.size and effective(sliders)[factor] > 0]
    for start in range(0, draws, _BATCH):
        batch = drawn[start : start + _BATCH]
        if not unknown:
            yield _product(batch, low.T)
            continue
        by_factor = np.ascontiguousarray(batch.T)
        scores = _product(low, by_factor)
        for factor, rows in unknown:
            part = cells.random((rows.size, len(batch)), dtype=np.float32)
            part *= span[rows, factor, None]
            part *= by_factor[factor]
            scores[rows] += part
        yield np.ascontiguousarray(scores.T)


def _product(left: Singles, right: Singles) -> Singles:
    """Return the matrix product, in pieces too small for the linear algebra library to share among threads.

    Products of this size gain little from threads, and on a busy machine threads that wait for each other cost a hundredfold.
    """
    product = np.empty((left.shape[0], right.shape[1]), dtype=np.float32)
    step = max(1, _SINGLE_THREADED // max(1, right.size))
    for start in range(0, left.shape[0], step):
        np.matmul(left[start : start + step], right, out=product[start : start + step])
    return product


def _places(scores: Singles) -> Floats:
    """Return how often each checkpoint is among the first one, three and five of a batch; overwrites the scores.

    The best are taken out one after the other, which costs less than a partition; then those who equal the last are added.
    """
    lines, count = np.arange(scores.shape[0]), scores.shape[1]
    depth = min(_MOST, count)
    who, best = np.empty((depth, lines.size), dtype=np.intp), np.empty((depth, lines.size), dtype=np.float32)
    for place in range(depth):
        who[place] = scores.argmax(axis=1)
        best[place] = scores[lines, who[place]]
        scores[lines, who[place]] = _TAKEN
    rest = np.flatnonzero(scores.max(axis=1) == best[-1])
    found = np.zeros((len(PLACES), count))
    for index, places in enumerate(PLACES):
        last = min(places, depth) - 1
        among = best[: 1 if places == 1 else depth] >= best[last]
        found[index] = np.bincount(who[: len(among)][among], minlength=count)
        if places > 1:
            beside = scores[rest] == best[last, rest, None]
            found[index] += beside.sum(axis=0)
    return found
