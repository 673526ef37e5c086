"""What a vendor gains by hiding its worst results: in simulated registries, and on the real results.

Simulated: 60 checkpoints of the same size and date with a result each on the same ten items of the frozen scale, drawn with a
shared ability of 0, 0.3 or 0.6 (the correlation of any two items); one of them hides its four worst. What counts is how many
places it gains, by the code that the app runs.
"""

from dataclasses import replace

import numpy as np

from model_registry.other_schemas import Result
from scoring.candidates import Candidates, Floats
from scoring.capability import FEWEST, placements
from scoring.capability_scale import Scale, curve, scale
from scoring.placing import Observations, log_likelihood, posterior
from scoring.rank import CAUTION

SEED, RUNS = 20261124, 600
CHECKPOINTS, WORST_HIDDEN, ENOUGH = 60, 4, 10
SHARED = (0.0, 0.3, 0.6)
ITEMS = (
    *("mmlu_pro.tuned", "mmlu.tuned", "gpqa_diamond.tuned", "livecodebench.direct", "math_500.direct"),
    *("ifeval.tuned", "c_eval.tuned.zh", "gsm8k.tuned", "humaneval.tuned", "mmmlu.tuned.mul"),
)
MIDDLE, SPREAD = 0.0, 0.5
"""Capabilities of the simulated checkpoints: where today's lie."""


def hiding(candidates: Candidates) -> dict[str, object]:
    """Return the places gained, by shared ability and on the real results."""
    own = scale()
    return {
        "places_gained": {str(shared): simulated(own, shared) for shared in SHARED},
        "real": real(candidates),
    }


def simulated(own: Scale, shared: float, runs: int = RUNS) -> dict[str, float]:
    """Return the places that hiding the four worst of ten results gains on average: as shown, and with a plain mean."""
    random = np.random.default_rng([SEED, int(100 * shared)])
    gains = []
    for _ in range(runs):
        ability = random.standard_normal((CHECKPOINTS, 1))
        latent = np.sqrt(shared) * ability + np.sqrt(1 - shared) * random.standard_normal((CHECKPOINTS, len(ITEMS)))
        gains.append(_gained(own, MIDDLE + SPREAD * latent, latent, int(random.integers(CHECKPOINTS))))
    scale_gain, mean_gain, cell_gain = np.mean(gains, axis=0)
    return {"posterior": round(float(scale_gain), 2), "plain_mean": round(float(mean_gain), 2), "cautious_cells": round(float(cell_gain), 2)}


def _gained(own: Scale, capability: Floats, latent: Floats, vendor: int) -> tuple[float, float, float]:
    """Return the places that one checkpoint gains by the posterior, by the mean of what is known, and by cautious cells."""
    parameters = [own.items[name] for name in ITEMS]
    scores = np.stack([curve(capability[:, index], one.a, one.D, one.c) for index, one in enumerate(parameters)], axis=1)
    shown = np.ones_like(scores, dtype=bool)
    shown[vendor, np.argsort(latent[vendor])[:WORST_HIDDEN]] = False
    every = np.ones_like(shown)
    low, high = scores.min(axis=0), scores.max(axis=0)
    cell = low + CAUTION * (high - low)
    by_posterior = _place(_points(own, scores, every), vendor) - _place(_points(own, scores, shown), vendor)
    by_mean = _place(scores.mean(axis=1), vendor) - _place(np.where(shown, scores, 0).sum(axis=1) / shown.sum(axis=1), vendor)
    by_cell = _place(scores.mean(axis=1), vendor) - _place(np.where(shown, scores, cell).mean(axis=1), vendor)
    return by_posterior, by_mean, by_cell


def _points(own: Scale, scores: Floats, shown: np.ndarray) -> Floats:
    """Return the values counted, as the app counts them: every checkpoint of the middle size and date."""
    row, column = np.nonzero(shown)
    results = tuple(_result(ITEMS[item], float(scores[at, item])) for at, item in zip(row, column, strict=True))
    seen = Observations(np.arange(CHECKPOINTS), ("direct",) * CHECKPOINTS, row, np.array([own.names[ITEMS[item]] for item in column]), results)
    prior = np.full(CHECKPOINTS, MIDDLE), np.full(CHECKPOINTS, own.prior.spread)
    found = posterior(log_likelihood(own, seen), *prior)
    return own.basket_score(found.mean - own.caution * own.widening * found.spread)


def _result(item: str, score: float) -> Result:
    benchmark, _, language = (*item.split("."), "en")[:3]
    return Result.model_construct(benchmark=benchmark, language=language, score=100 * score)


def _place(values: Floats, vendor: int) -> int:
    return int((values > values[vendor]).sum())


def real(candidates: Candidates) -> dict[str, float | int]:
    """Return the places that each checkpoint with ten results would gain by hiding the four that lie lowest for it."""
    placed = placements(candidates)
    own, seen = placed.scale, placed.seen
    a, difficulty, sigma, chance = (values[seen.item] for values in own.arrays)
    missed = (seen.scores - curve(placed.by_row.mean[seen.row], a, difficulty, chance)) / sigma
    counted = own.basket_score(placed.by_row.mean - own.caution * own.widening * placed.by_row.spread)
    ranked = counted[placed.benchmarks >= FEWEST]
    gains = []
    for row in np.flatnonzero(placed.benchmarks >= ENOUGH):
        cells = np.flatnonzero(seen.row == row)
        left = np.delete(cells, np.argsort(missed[cells])[:WORST_HIDDEN])
        alone = replace(seen.of(np.isin(np.arange(len(seen.results)), left)), checkpoints=seen.checkpoints)
        found = posterior(log_likelihood(own, alone), *placed.expected)
        after = own.basket_score(found.mean - own.caution * own.widening * found.spread)[row]
        gains.append(int((ranked > counted[row]).sum()) - int((ranked > after).sum()))
    return {"checkpoints": len(gains), "among": len(ranked), "places_gained": round(float(np.mean(gains)), 2)}
