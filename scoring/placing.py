"""Where a checkpoint lies on the capability scale: the posterior of its capability by its own results alone.

Posterior = prior from size and date x normal likelihood of each result around its item's curve, on a fixed grid of
capabilities. With frozen items one checkpoint's results say nothing about another's, and a better result never lowers the
mean (the likelihood ratio is monotone in every result).
"""

from dataclasses import dataclass

import numpy as np

from model_registry.other_schemas import Result
from scoring.candidates import Candidates, Flags, Floats
from scoring.capability_scale import ModeClass, Positions, Scale, curve, mode_class_of, shares

GRID = np.linspace(-4.0, 4.0, 321)
"""Capabilities at which posteriors are worked out; from far below chance to far beyond every item."""


@dataclass(frozen=True)
class Observations:
    """Results by model row: a checkpoint as one class of modes takes it. One position a result below ``classes``."""

    checkpoints: Positions
    """Position in the candidates, one a row."""
    classes: tuple[ModeClass, ...]
    """Class of modes, one a row."""
    row: Positions
    item: Positions
    """Position in the scale's items."""
    results: tuple[Result, ...]

    @property
    def scores(self) -> Floats:
        """Return the scores, 0 to 1."""
        return np.array([result.score / 100 for result in self.results], dtype=np.float64)

    def of(self, chosen: Flags) -> "Observations":
        """Return some of the results, with every row."""
        kept = np.flatnonzero(chosen)
        results = tuple(self.results[position] for position in kept)
        return Observations(self.checkpoints, self.classes, self.row[kept], self.item[kept], results)


@dataclass(frozen=True)
class Posterior:
    """Mean and standard deviation of capability, one position a row."""

    mean: Floats
    spread: Floats


def observe(candidates: Candidates, scale: Scale) -> Observations:
    """Return the results that the scale has an item for."""
    rows: dict[tuple[int, ModeClass], int] = {}
    found: list[tuple[int, int, Result]] = []
    for index, entry in enumerate(candidates.entries):
        for result, _ in candidates.registry.results_of(entry.id):
            mode_class = mode_class_of(result.mode, entry.checkpoint.reasoning)
            name = scale.item_of(result.benchmark, mode_class, result.language)
            if name is not None:
                row = rows.setdefault((index, mode_class), len(rows))
                found.append((row, scale.names[name], result))
    return Observations(
        checkpoints=np.array([index for index, _ in rows], dtype=np.int64),
        classes=tuple(mode_class for _, mode_class in rows),
        row=np.array([row for row, _, _ in found], dtype=np.int64),
        item=np.array([item for _, item, _ in found], dtype=np.int64),
        results=tuple(result for _, _, result in found),
    )


def log_likelihood(scale: Scale, seen: Observations) -> Floats:
    """Return the log-likelihood over the grid (rows x grid)."""
    a, difficulty, sigma, chance = (values[seen.item][:, None] for values in scale.arrays)
    shared = shares(list(seen.results), seen.row.tolist())
    missed = (seen.scores[:, None] - curve(GRID, a, difficulty, chance)) / sigma
    total = np.zeros((len(seen.checkpoints), GRID.size))
    np.add.at(total, seen.row, -0.5 * shared[:, None] * missed**2)
    return total


def posterior(log_density: Floats, mean: Floats, spread: Floats) -> Posterior:
    """Return the posterior of a log-likelihood over the grid (rows x grid) under a normal prior, one a row."""
    log_density = log_density - 0.5 * ((GRID - mean[:, None]) / spread[:, None]) ** 2
    density = np.exp(log_density - log_density.max(axis=1, keepdims=True))
    total = density.sum(axis=1)
    middle = (density * GRID).sum(axis=1) / total
    variance = (density * (GRID - middle[:, None]) ** 2).sum(axis=1) / total
    return Posterior(middle, np.sqrt(variance))
