"""Capability: each checkpoint's own results placed on a frozen scale, shown as the expected score on a fixed basket.

A checkpoint is placed with the items of ``capability.yaml`` and the prior from its size and date; no other checkpoint has a
part in it. The value is the expected score on the basket, 20 per cent or less = 0 and 85 or more = 1, with an interval of
90 %. Modes are kept apart: what counts is the mode with the most benchmarks, on a tie the one that thinks, unless the
scenario asks for one. Without results it is estimated from size and date, and unknown.
"""

from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np

from model_registry.other_schemas import Result
from scoring.candidates import Candidates, Flags, Floats
from scoring.capability_scale import Z90, ModeClass, Positions, Scale, scale
from scoring.placing import Observations, Posterior, log_likelihood, observe, posterior

FEWEST, THIN = 2, 3
"""Benchmarks from which on a capability is known, and below which it is thin."""
_MANY_LANGUAGES = ("en", "mul")


@dataclass(frozen=True)
class Placed:
    """Capability as values on the scale of the factors, one position a checkpoint."""

    low: Floats
    """Low end of the 90 % interval, or what is counted where that is lower."""
    high: Floats
    known: Flags
    point: Floats
    """Where it is counted: by the posterior mean, less what is taken off for benchmarks that nobody reports of it."""


@dataclass(frozen=True)
class Evidence:
    """What a checkpoint's capability rests on."""

    mode: ModeClass
    results: tuple[Result, ...]
    """Results that were used, in the registry's order; none: estimated from size and date."""
    benchmarks: int
    point: float
    low: float
    high: float
    """Expected scores on the basket, per cent, with the ends of the 90 % interval."""
    other_modes: dict[ModeClass, float]
    """Expected score on the basket in the modes that were not taken, per cent."""

    @property
    def estimated(self) -> bool:
        """Tell whether it is only estimated from size and date."""
        return not self.results

    @property
    def thin(self) -> bool:
        """Tell whether fewer than three benchmarks speak for it."""
        return self.benchmarks < THIN


@dataclass(frozen=True, eq=False)
class Placements:
    """Every model row of the candidates on the scale: a row is a checkpoint as one class of modes takes it."""

    candidates: Candidates
    scale: Scale

    @cached_property
    def seen(self) -> Observations:
        """Return the results that the scale has an item for."""
        return observe(self.candidates, self.scale)

    @cached_property
    def expected(self) -> tuple[Floats, Floats]:
        """Return mean and standard deviation by size and date, one position a row."""
        thinking = np.array([mode_class == "thinking" for mode_class in self.seen.classes], dtype=np.float64)
        at = self.seen.checkpoints
        return self.scale.expected(self.candidates.parameters[at], self.candidates.age_anchor_days[at], thinking)

    @cached_property
    def by_row(self) -> Posterior:
        """Return the posterior of each row."""
        return posterior(log_likelihood(self.scale, self.seen), *self.expected)

    @cached_property
    def by_prior(self) -> Posterior:
        """Return size and date alone, one position a checkpoint."""
        thinks = [entry.checkpoint.reasoning in {"always", "switchable"} for entry in self.candidates.entries]
        facts = (self.candidates.parameters, self.candidates.age_anchor_days, np.array(thinks, dtype=np.float64))
        return Posterior(*self.scale.expected(*facts))

    @cached_property
    def benchmarks(self) -> Positions:
        """Return how many benchmarks speak for each row."""
        return benchmarks_of(self.seen)

    @cached_property
    def rows_of(self) -> dict[int, list[int]]:
        """Return the rows of each checkpoint that has any."""
        found: dict[int, list[int]] = {}
        for row, checkpoint in enumerate(self.seen.checkpoints.tolist()):
            found.setdefault(checkpoint, []).append(row)
        return found

    def chosen(self, reasoning: bool | None) -> Positions:  # noqa: FBT001 (a need of the scenario)
        """Return the row that speaks for each checkpoint, -1 where it has none.

        ``reasoning``: the mode that is asked for, true thinking first and false at once, where it was measured.
        """
        wanted = None if reasoning is None else "thinking" if reasoning else "direct"

        def rank(row: int) -> tuple[bool, int, bool]:
            mode_class = self.seen.classes[row]
            return mode_class == wanted, int(self.benchmarks[row]), mode_class == "thinking"

        rows = np.full(len(self.candidates.ids), -1, dtype=np.int64)
        for checkpoint, own in self.rows_of.items():
            rows[checkpoint] = max(own, key=rank)
        return rows

    def placed(self, rows: Positions, by_row: Posterior, known: Flags) -> Placed:
        """Return values by the posteriors of the chosen rows, and by size and date without one."""
        has = rows >= 0
        mean = np.where(has, _at(by_row.mean, rows), self.by_prior.mean)
        spread = np.where(has, _at(by_row.spread, rows), self.by_prior.spread) * self.scale.widening
        low, high = (self.scale.value(self.scale.basket_score(mean + side * Z90 * spread)) for side in (-1, 1))
        counted_at = self.scale.value(self.scale.counted(mean, _at(self.benchmarks, rows, 0)))
        return Placed(np.minimum(low, counted_at), high, known, counted_at)


_KEPT: WeakKeyDictionary[Candidates, Placements] = WeakKeyDictionary()


def placements(candidates: Candidates) -> Placements:
    """Return the placements of the candidates on the frozen scale, worked out once."""
    if candidates not in _KEPT:
        _KEPT[candidates] = Placements(candidates, scale())
    return _KEPT[candidates]


def general(candidates: Candidates, reasoning: bool | None = None) -> Placed:  # noqa: FBT001 (a need of the scenario)
    """Return general capability; ``reasoning``: the mode that is asked for. Known from two benchmarks on."""
    all_placed = placements(candidates)
    rows = all_placed.chosen(reasoning)
    return all_placed.placed(rows, all_placed.by_row, _at(all_placed.benchmarks, rows, 0) >= FEWEST)


def domain(
    candidates: Candidates,
    evidence: tuple[str, ...],
    languages: tuple[str, ...],
    reasoning: bool | None = None,  # noqa: FBT001 (a need of the scenario)
) -> Placed:
    """Return capability in a domain: general plus an offset where the domain has three results, else general and wider.

    An item in one language counts only where that language is asked for. Known where general capability is known and at
    least one result is of the domain.
    """
    all_placed = placements(candidates)
    seen, rows = all_placed.seen, all_placed.chosen(reasoning)
    languages_counted = {*_MANY_LANGUAGES, *languages}
    of_domain = np.array([row.benchmark in evidence and row.language in languages_counted for row in seen.results], dtype=bool)
    results = np.bincount(seen.row[of_domain], minlength=len(seen.classes))
    known = (_at(all_placed.benchmarks, rows, 0) >= FEWEST) & (_at(results, rows, 0) > 0)
    return all_placed.placed(rows, in_domain(all_placed, of_domain, results), known)


def in_domain(all_placed: Placements, of_domain: Flags, results: Positions) -> Posterior:
    """Return each row's posterior in a domain.

    C + offset has as its prior the posterior by all other results, widened by the offset's spread; the domain's results
    then speak for it. Rows with too few of them keep their general mean.
    """
    own, spread = all_placed.scale, all_placed.scale.domain_spread
    wider = Posterior(all_placed.by_row.mean, np.hypot(all_placed.by_row.spread, spread))
    enough = results >= own.domain_results
    if not enough.any():
        return wider
    elsewhere = posterior(log_likelihood(own, all_placed.seen.of(~of_domain)), *all_placed.expected)
    found = posterior(log_likelihood(own, all_placed.seen.of(of_domain)), elsewhere.mean, np.hypot(elsewhere.spread, spread))
    return Posterior(np.where(enough, found.mean, wider.mean), np.where(enough, found.spread, wider.spread))


def explain(candidates: Candidates, checkpoint_id: str, reasoning: bool | None = None) -> Evidence:  # noqa: FBT001 (a need of the scenario)
    """Return what a checkpoint's general capability rests on. Raises KeyError for an unknown id."""
    all_placed = placements(candidates)
    index = {name: position for position, name in enumerate(candidates.ids)}[checkpoint_id]
    row = int(all_placed.chosen(reasoning)[index])
    source, at = (all_placed.by_prior, index) if row < 0 else (all_placed.by_row, row)
    spread = source.spread[at] * all_placed.scale.widening * Z90
    ends = all_placed.scale.basket_score(np.array([source.mean[at], source.mean[at] - spread, source.mean[at] + spread]))
    thinks = candidates.entries[index].checkpoint.reasoning in {"always", "switchable"}
    unseen: ModeClass = "base" if candidates.entries[index].checkpoint.variant == "base" else "thinking" if thinks else "direct"
    others = [other for other in all_placed.rows_of.get(index, []) if other != row]
    other_scores = 100 * all_placed.scale.basket_score(all_placed.by_row.mean[others])
    seen = all_placed.seen
    return Evidence(
        mode=unseen if row < 0 else seen.classes[row],
        results=tuple(seen.results[position] for position in np.flatnonzero(seen.row == row)),
        benchmarks=0 if row < 0 else int(all_placed.benchmarks[row]),
        point=float(100 * ends[0]),
        low=float(100 * ends[1]),
        high=float(100 * ends[2]),
        other_modes={seen.classes[other]: float(score) for other, score in zip(others, other_scores, strict=True)},
    )


def benchmarks_of(seen: Observations) -> Positions:
    """Return how many benchmarks the results of each row are of."""
    pairs = {(row, result.benchmark) for row, result in zip(seen.row.tolist(), seen.results, strict=True)}
    return np.bincount(np.array([row for row, _ in pairs], dtype=np.int64), minlength=len(seen.classes))


def _at(values: Floats | Positions, rows: Positions, otherwise: float = np.nan) -> Floats:
    """Return the values of some rows, ``otherwise`` for row -1."""
    padded: Floats = np.append(values, otherwise)[rows]
    return padded
