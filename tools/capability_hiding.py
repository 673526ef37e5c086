"""What a vendor gains by hiding its worst results: in simulated registries, and on the real results.

Simulated: 60 checkpoints of the same size and date with a result each on the same ten items of the frozen scale; what each
shows on an item is s x its ability + (1 - s) x luck on that item, with a shared part s of 0, 0.3 or 0.6; one hides its four
worst. What counts is how many places it gains, by the code that the app runs.
"""

import numpy as np

from model_registry.other_schemas import Result
from scoring.candidates import Candidates, Floats
from scoring.capability import FEWEST, benchmarks_of, placements
from scoring.capability_scale import Scale, curve, scale
from scoring.factors import CAUTION
from scoring.placing import Observations, log_likelihood, posterior

SEED, RUNS = 20261124, 600
CHECKPOINTS, WORST_HIDDEN, ENOUGH = 60, 4, 10
SHARED = (0, 0.3, 0.6)
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
    """Return the places that hiding the four worst of ten results gains on average: as counted, and by plainer rules."""
    random = np.random.default_rng([SEED, int(100 * shared)])
    gains = []
    for _ in range(runs):
        ability, luck = random.standard_normal((CHECKPOINTS, 1)), random.standard_normal((CHECKPOINTS, len(ITEMS)))
        mixed = shared * ability + (1 - shared) * luck
        gains.append(_gained(own, mixed / np.hypot(shared, 1 - shared), int(random.integers(CHECKPOINTS))))
    return {name: round(float(np.mean([one[name] for one in gains])), 2) for name in gains[0]}


def _gained(own: Scale, latent: Floats, vendor: int) -> dict[str, int]:
    """Return the places that one checkpoint gains: as the app counts, by the mean of what is known, and by cautious cells."""
    scores = _scores(own, MIDDLE + SPREAD * latent)
    shown = np.ones(len(ITEMS), dtype=bool)
    shown[np.argsort(latent[vendor])[:WORST_HIDDEN]] = False
    cell = scores.min(axis=0) + CAUTION * np.ptp(scores, axis=0)
    after = {
        "counted": _counted(own, np.vstack([scores, np.where(shown, scores[vendor], np.nan)])),
        "plain_mean": np.append(scores.mean(axis=1), scores[vendor, shown].mean()),
        "cautious_cells": np.append(scores.mean(axis=1), np.where(shown, scores[vendor], cell).mean()),
    }
    return {
        name: int((values[:-1] > values[vendor]).sum() - (np.delete(values[:-1], vendor) > values[-1]).sum())
        for name, values in after.items()
    }


def _scores(own: Scale, capability: Floats) -> Floats:
    items = [own.items[name] for name in ITEMS]
    return np.stack([curve(capability[:, index], item.a, item.D, item.c) for index, item in enumerate(items)], axis=1)


def _counted(own: Scale, scores: Floats) -> Floats:
    """Return what the app counts for rows of scores, NaN for a hidden one; all are of the middle size and date."""
    row, column = np.nonzero(~np.isnan(scores))
    seen = Observations(
        checkpoints=np.arange(len(scores)),
        classes=tuple("direct" for _ in scores),
        row=row,
        item=np.array([own.names[ITEMS[item]] for item in column]),
        results=tuple(_result(ITEMS[item], float(scores[at, item])) for at, item in zip(row, column, strict=True)),
    )
    found = posterior(log_likelihood(own, seen), np.full(len(scores), MIDDLE), np.full(len(scores), own.prior.spread))
    return own.counted(found.mean, (~np.isnan(scores)).sum(axis=1).astype(np.float64))


def _result(item: str, score: float) -> Result:
    benchmark, _, language = (*item.split("."), "en")[:3]
    return Result.model_construct(
        checkpoint=item,
        benchmark=benchmark,
        score=100 * score,
        mode="instruct",
        shots=None,
        language=language,
        reported_by="vendor",
        source="simulated",
        place=None,
        note=None,
    )


def real(candidates: Candidates) -> dict[str, float | int]:
    """Return the places that each checkpoint with ten results would gain by hiding the four that lie lowest for it."""
    placed = placements(candidates)
    own, seen = placed.scale, placed.seen
    a, difficulty, sigma, chance = (values[seen.item] for values in own.arrays)
    missed = (seen.scores - curve(placed.by_row.mean[seen.row], a, difficulty, chance)) / sigma
    counted = own.counted(placed.by_row.mean, placed.benchmarks)
    ranked = counted[placed.benchmarks >= FEWEST]
    gains = []
    for row in np.flatnonzero(placed.benchmarks >= ENOUGH):
        cells = np.flatnonzero(seen.row == row)
        left = np.delete(cells, np.argsort(missed[cells])[:WORST_HIDDEN])
        shown = np.isin(np.arange(len(seen.results)), left)
        alone = seen.of(shown)
        found = posterior(log_likelihood(own, alone), *placed.expected)
        after = own.counted(found.mean, benchmarks_of(alone))[row]
        gains.append(int((ranked > counted[row]).sum()) - int((ranked > after).sum()))
    return {"checkpoints": len(gains), "among": len(ranked), "places_gained": round(float(np.mean(gains)), 2)}
