"""How well the capability scale predicts results that it has not seen.

The hard split leaves families out: 30 % of the benchmarks of a checkpoint are hidden, and every result of its whole
developer is kept out of the fit; the checkpoint is then placed by its remaining results, as the app places it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
import pandas as pd

from scoring.candidates import Flags, Floats
from scoring.capability_scale import Z90, Scale, curve
from scoring.placing import Observations, Posterior, log_likelihood, posterior
from tools.capability_fit import CAPABILITY_SD, Fit, scale_of
from tools.capability_table import Table

SEED, HIDINGS, FOLDS = 20261124, 3, 10
HIDDEN_SHARE, FEWEST_TO_HIDE, FEWEST_TO_HALVE = 0.3, 4, 6
GAP = 0.03
"""Two results that are closer than three points do not say who is better."""
GIVEN = (0, 1, 2, 3, 5)
DOMAINS: dict[str, tuple[str, ...]] = {
    "code": ("swe_bench_verified", "livecodebench", "humaneval"),
    "mathematics": ("math_500", "gsm8k", "math_level_5"),
    "chinese": ("c_eval", "cmmlu"),
    "many languages": ("mmmlu", "include"),
    "instructions": ("ifeval", "multi_if"),
}
Predicted: TypeAlias = pd.DataFrame


@dataclass(frozen=True)
class FamilyFits:
    """For each developer, the scale fitted on all others."""

    table: Table

    @cached_property
    def scales(self) -> dict[str, Scale]:
        """Return the scales by the developer who was left out."""
        developers = self.table.developers
        return {name: scale_of(Fit(self.table.where(developers != name).core()).run()) for name in sorted(set(developers.tolist()))}

    def placed(self) -> Iterator[tuple[str, Scale, Flags]]:
        """Yield each developer with the others' scale and the flags of its results on that scale's items."""
        for name, scale in self.scales.items():
            known = np.array([self.table.items[item] in scale.names for item in self.table.item])
            yield name, scale, (self.table.developers == name) & known


def observations(table: Table, scale: Scale, chosen: Flags) -> Observations:
    """Return some results of a table (on items of the scale) as placing reads them, with every row of the table."""
    kept = np.flatnonzero(chosen)
    return Observations(
        checkpoints=np.array([row.position for row in table.rows], dtype=np.int64),
        classes=tuple(row.mode_class for row in table.rows),
        row=table.row[kept],
        item=np.array([scale.names[table.items[item]] for item in table.item[kept]], dtype=np.int64),
        results=tuple(table.results[position] for position in kept),
    )


def place(table: Table, scale: Scale, chosen: Flags, *, by_size_and_date: bool = True) -> Posterior:
    """Return the posterior of every row of the table by some of its results."""
    mean, spread = np.zeros(len(table.rows)), np.full(len(table.rows), CAPABILITY_SD)
    if by_size_and_date:
        parameters, days = np.array([row.parameters for row in table.rows]), np.array([row.days for row in table.rows])
        mean, spread = scale.expected(parameters, days, np.array([row.mode_class == "thinking" for row in table.rows], dtype=np.float64))
    return posterior(log_likelihood(scale, observations(table, scale, chosen)), mean, spread)


def predicted(table: Table, scale: Scale, at: Posterior, hidden: Flags) -> Predicted:
    """Return the hidden results with what the scale expects: its noise, and what an uncertain capability adds to it."""
    seen = observations(table, scale, hidden)
    a, difficulty, sigma, chance = (values[seen.item] for values in scale.arrays)
    capability = at.mean[seen.row]
    expected = curve(capability, a, difficulty, chance)
    steep = a * (expected - chance) * (1 - expected) / (1 - chance)
    rows = [table.rows[row] for row in seen.row]
    return pd.DataFrame(
        {
            "row": seen.row,
            "family": [row.developer for row in rows],
            "benchmark": [result.benchmark for result in seen.results],
            "asked": [f"{one.benchmark} {one.language} {row.mode_class == 'base'}" for one, row in zip(seen.results, rows, strict=True)],
            "item": table.item[np.flatnonzero(hidden)],
            "score": seen.scores,
            "expected": expected,
            "noise": sigma,
            "uncertainty": steep * at.spread[seen.row],
        }
    )


def hide(table: Table, on_scale: Flags, random: np.random.Generator, visible: int | None = None) -> Flags:
    """Return the flags of hidden results: 30 % of the benchmarks of each row that has four, or all but ``visible`` of them."""
    hidden = np.zeros(len(table.results), dtype=bool)
    benchmarks = np.array([result.benchmark for result in table.results])
    for row in range(len(table.rows)):
        own = np.flatnonzero((table.row == row) & on_scale)
        names = np.unique(benchmarks[own])
        if len(names) < max(FEWEST_TO_HIDE, (visible or 0) + 1):
            continue
        count = max(1, round(HIDDEN_SHARE * len(names))) if visible is None else len(names) - visible
        hidden[own[np.isin(benchmarks[own], random.choice(names, count, replace=False))]] = True
    return hidden


def leave_family_out(fits: FamilyFits, visible: int | None = None, hidings: int = HIDINGS) -> Predicted:
    """Return the hidden results of every family, each predicted without its family, beside the simple predictions."""
    table, found = fits.table, []
    for hiding in range(hidings):
        for name, scale, own in fits.placed():
            hidden = hide(table, own, np.random.default_rng([SEED, hiding]), visible)
            if hidden.any():
                rows = predicted(table, scale, place(table, scale, own & ~hidden), hidden)
                found.append(_with_means(rows, table, table.developers != name, own & ~hidden).assign(hiding=hiding))
    return pd.concat(found, ignore_index=True)


def _with_means(rows: Predicted, table: Table, others: Flags, visible: Flags) -> Predicted:
    """Return predictions with the checkpoint's visible mean, the others' mean of the item, and both together."""
    cells = pd.DataFrame({"row": table.row, "item": table.item, "score": table.scores})
    by_item = cells[others].groupby("item")["score"].mean()
    shown = cells[visible]
    beyond = (shown["score"] - shown["item"].map(by_item)).groupby(shown["row"]).mean()
    item_mean = rows["item"].map(by_item)
    own_mean = rows["row"].map(shown.groupby("row")["score"].mean())
    return rows.assign(simple_mean=own_mean, item_mean=item_mean, additive=item_mean + rows["row"].map(beyond))


def ten_fold(table: Table) -> Predicted:
    """Return every result of the core, predicted by a fit on nine tenths of the results."""
    core = table.core()
    fold = np.random.default_rng(SEED).integers(0, FOLDS, len(core.results))
    found = []
    for number in range(FOLDS):
        scale = scale_of(Fit(core.where(fold != number).core()).run())
        known = np.array([core.items[item] in scale.names for item in core.item])
        at = place(core, scale, known & (fold != number))
        hidden = known & (fold == number)
        rows = predicted(core, scale, at, hidden)
        found.append(_with_means(rows, core, fold != number, known & (fold != number)).assign(hiding=0))
    return pd.concat(found, ignore_index=True)


def better_of_two(rows: Predicted, column: str) -> tuple[float, int]:
    """Return how often a column orders two hidden results of one benchmark rightly (a tie is half right), and of how many."""
    right, count = 0.0, 0
    for _, group in rows.groupby(["hiding", "asked"]):
        score, by = group["score"].to_numpy(), group[column].to_numpy()
        one, other = np.triu_indices(len(group), 1)
        apart = (np.abs(score[one] - score[other]) >= GAP) & (group["row"].to_numpy()[one] != group["row"].to_numpy()[other])
        agreed = np.sign(score[one] - score[other]) * np.sign(by[one] - by[other])
        right += float(((agreed[apart] + 1) / 2).sum())
        count += int(apart.sum())
    return right / count, count


def covered(rows: Predicted, widening: float | Floats) -> Flags:
    """Return which results lie in their 90 % interval."""
    spread = np.hypot(rows["noise"], widening * rows["uncertainty"])
    inside: Flags = np.asarray(np.abs(rows["score"] - rows["expected"]) <= Z90 * spread, dtype=bool)
    return inside


def halves(fits: FamilyFits) -> dict[str, Floats]:
    """Return, by family, how far two halves of a row's benchmarks place it apart, in standard deviations that they claim."""
    table, random = fits.table, np.random.default_rng(SEED)
    benchmarks = np.array([result.benchmark for result in table.results])
    found = {}
    for name, scale, own in fits.placed():
        first, rows = np.zeros(len(table.results), dtype=bool), []
        for row in np.unique(table.row[own]):
            cells = np.flatnonzero((table.row == row) & own)
            names = np.unique(benchmarks[cells])
            if len(names) >= FEWEST_TO_HALVE:
                rows.append(row)
                first[cells[np.isin(benchmarks[cells], random.choice(names, len(names) // 2, replace=False))]] = True
        one, other = (place(table, scale, half, by_size_and_date=False) for half in (own & first, own & ~first))
        found[name] = (np.abs(one.mean - other.mean) / np.hypot(one.spread, other.spread))[rows]
    return found


def widening_of(fits: FamilyFits, without: str | None = None) -> float:
    """Return the factor at which nine in ten pairs of halves agree, never below 1; ``without``: leaving a family's out."""
    apart = np.concatenate([values for name, values in halves_of(fits).items() if name != without])
    return max(1.0, float(np.quantile(apart, 0.9)) / Z90)


_HALVES: dict[int, dict[str, Floats]] = {}


def halves_of(fits: FamilyFits) -> dict[str, Floats]:
    """Return the halves of some fits, worked out once."""
    if id(fits) not in _HALVES:
        _HALVES[id(fits)] = halves(fits)
    return _HALVES[id(fits)]


def figures(rows: Predicted, widening: float | Floats = 1.0) -> dict[str, float | int]:
    """Return the figures of a split."""
    mean_error = {
        column: float(100 * (rows["score"] - rows[column]).abs().mean()) for column in ("expected", "simple_mean", "item_mean", "additive")
    }
    better = {column: better_of_two(rows, column) for column in ("expected", "simple_mean", "additive")}
    return {
        "results": len(rows),
        "pairs": better["expected"][1],
        **{f"better_of_two_{column}": round(value, 4) for column, (value, _) in better.items()},
        **{f"mean_error_{column}": round(value, 2) for column, value in mean_error.items()},
        "covered": round(float(covered(rows, 1.0).mean()), 4),
        "covered_widened": round(float(covered(rows, widening).mean()), 4),
    }


def evaluate(table: Table) -> dict[str, object]:
    """Return every figure out of sample."""
    fits = FamilyFits(table)
    core = table.core()
    left_out = leave_family_out(fits)
    by_family = {name: widening_of(fits, name) for name in fits.scales}
    apart = np.concatenate(list(halves_of(fits).values()))
    return {
        "results": len(core.results),
        "models": len(core.rows),
        "items": len(core.items),
        "developers": len(set(core.developers.tolist())),
        "widening": round(widening_of(fits), 3),
        "halves": {"rows": len(apart), "agree": round(float((apart <= Z90).mean()), 4)},
        "leave_family_out": figures(left_out, np.array([by_family[name] for name in left_out["family"]], dtype=np.float64)),
        "ten_fold": figures(ten_fold(table), widening_of(fits)),
        "cold_start": {given: cold_start(fits, given) for given in GIVEN},
    }


def cold_start(fits: FamilyFits, given: int) -> dict[str, float | int]:
    """Return the mean error, and that of the simple mean, when only some benchmarks of a row are given."""
    rows = leave_family_out(fits, given, 1)
    simple = 0.0 if given == 0 else float(100 * (rows["score"] - rows["simple_mean"]).abs().mean())
    error = float(100 * (rows["score"] - rows["expected"]).abs().mean())
    return {
        "results": len(rows),
        "mean_error": round(error, 2),
        **({"simple_mean": round(simple, 2)} if given else {}),
        "covered": round(float(covered(rows, 1.0).mean()), 3),
    }
