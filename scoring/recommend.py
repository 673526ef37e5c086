"""Scenario and registry to recommendation: gates, values, scores, firmness, reasons. The one entry for pages and CLI."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from scoring.candidates import Candidates
from scoring.explain import Statement, statements
from scoring.factors import values, variant_fits
from scoring.fold import folded
from scoring.gates import Gated, Removal, apply_gates, settled
from scoring.rank import Scores, enough_known, normalised_weights, score
from scoring.relax import Relaxation, relaxations
from scoring.robustness import Firmness, Tipping, firmness, tipping
from scoring.scenario import Factor, Scenario
from scoring.variants import Advice, advise


@dataclass(frozen=True)
class Ranked:
    """One ranked checkpoint."""

    index: int
    """Position in the candidates."""
    id: str
    score: float
    low: float
    high: float
    known_weight: float
    first_share: float
    top3_share: float
    contributions: dict[Factor, float]
    notes: tuple[str, ...]
    siblings: tuple[str, ...] = ()
    """Checkpoints of the same size that fold into this row, best first."""


@dataclass(frozen=True)
class Recommendation:
    """The whole answer; everything a page, the CLI or a memo shows."""

    scenario: Scenario
    advice: Advice
    gated: Gated
    scores: Scores
    ranked: tuple[Ranked, ...]
    """One row a size, best first."""
    unfolded: tuple[Ranked, ...]
    """Every checkpoint that is known well enough, best first; shares of places are those of the rows, zero for siblings."""
    thin: tuple[Ranked, ...]
    """Kept, but a need is not settled or less than 60 % of the weight is known: one row a size that has none above."""
    removed: tuple[Removal, ...]
    relaxations: tuple[Relaxation, ...]
    tipping: tuple[tuple[Tipping, str], ...]
    statements: tuple[Statement, ...]

    @property
    def pick(self) -> Ranked | None:
        """Return the first place."""
        return self.ranked[0] if self.ranked else None

    @property
    def runner_up(self) -> Ranked | None:
        """Return the second place."""
        return self.ranked[1] if len(self.ranked) > 1 else None


def recommend(candidates: Candidates, scenario: Scenario, today: np.datetime64 | None = None) -> Recommendation:
    """Return the recommendation for a scenario. Raises ScenarioError when it names an unknown device."""
    day = np.datetime64(datetime.now(tz=UTC).date(), "D") if today is None else today
    advice = advise(scenario)
    gated = apply_gates(candidates, scenario, advice)
    table = values(candidates, scenario, advice, gated, day)
    weights = normalised_weights(scenario, table.factors)
    scores = score(table, weights)
    order = _order(scores, gated)
    known = enough_known(scores) & settled(candidates, gated)
    every = [index for index in order if known[index]]
    rows, thin = folded(candidates, order, known, variant_fits(candidates, advice)[0], kind_first=advice.start == "base")
    enough = list(rows)
    part = table.rows(enough)
    sliders = np.array([scenario.weights.get(factor, 0.0) for factor in table.factors])
    shares = firmness(part, sliders) if enough else _no_shares(0)
    ranked = _ranked(candidates, scores, gated, rows, shares)
    tips = tipping(part.point, sliders, table.factors, 0) if len(enough) > 1 and sliders.sum() > 0 else ()
    return Recommendation(
        scenario=scenario,
        advice=advice,
        gated=gated,
        scores=scores,
        ranked=ranked,
        unfolded=_unfolded(ranked, _ranked(candidates, scores, gated, dict.fromkeys(every, ()), _no_shares(len(every)))),
        thin=_ranked(candidates, scores, gated, thin, _no_shares(len(thin))),
        removed=gated.removals,
        relaxations=relaxations(candidates, scenario, gated),
        tipping=tuple((tip, ranked[tip.winner].id) for tip in tips),
        statements=statements(scores, enough),
    )


def _order(scores: Scores, gated: Gated) -> list[int]:
    """Return the kept candidates, best first; ties keep registry order."""
    kept = np.flatnonzero(gated.kept)
    return [int(index) for index in kept[np.argsort(-scores.score[kept], kind="stable")]]


def _no_shares(count: int) -> Firmness:
    return Firmness(np.zeros(count), np.zeros(count), 0)


def _unfolded(rows: tuple[Ranked, ...], every: tuple[Ranked, ...]) -> tuple[Ranked, ...]:
    by_id = {row.id: row for row in rows}
    return tuple(by_id.get(item.id, item) for item in every)


def _ranked(candidates: Candidates, scores: Scores, gated: Gated, rows: dict[int, tuple[int, ...]], shares: Firmness) -> tuple[Ranked, ...]:
    """Return the rows with their scores, shares, notes and siblings."""
    return tuple(
        Ranked(
            index=index,
            id=candidates.ids[index],
            score=float(scores.score[index]),
            low=float(scores.low[index]),
            high=float(scores.high[index]),
            known_weight=float(scores.known_weight[index]),
            first_share=float(shares.first[place]),
            top3_share=float(shares.top3[place]),
            contributions=dict(zip(scores.factors, scores.contributions[index].tolist(), strict=True)),
            notes=gated.notes.get(candidates.ids[index], ()),
            siblings=tuple(candidates.ids[sibling] for sibling in siblings),
        )
        for place, (index, siblings) in enumerate(rows.items())
    )
