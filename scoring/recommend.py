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
from scoring.scenario import Factor, Scenario
from scoring.standing import Standing, standing, unranked
from scoring.tipping import EvidenceTipping, JointTipping, Tipping
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
    top5_share: float = 0.0
    dominated_by: str | None = None
    """Who is at least as good on everything that is weighted and better on something, at the values that are counted."""
    surely_dominated_by: str | None = None
    """The same whatever the unknown turns out to be."""


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
    joint: tuple[JointTipping, str] | None
    """The smallest move of several sliders that brings another to the first place, and whom."""
    evidence: tuple[tuple[EvidenceTipping, str], ...]
    """How far the first may fall on a factor before the runner-up ties."""
    sharers: tuple[str, ...]
    """The fewest who together hold at least 80 % of the first places."""
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
    stand = standing(part, part.point, sliders, scenario.longest_input)
    ranked = _ranked(candidates, scores, gated, rows, stand)
    return Recommendation(
        scenario=scenario,
        advice=advice,
        gated=gated,
        scores=scores,
        ranked=ranked,
        unfolded=_unfolded(ranked, _ranked(candidates, scores, gated, dict.fromkeys(every, ()), unranked(len(every)))),
        thin=_ranked(candidates, scores, gated, thin, unranked(len(thin))),
        removed=gated.removals,
        relaxations=relaxations(candidates, scenario, gated),
        tipping=tuple((tip, ranked[tip.winner].id) for tip in stand.tipping),
        joint=(stand.joint, ranked[stand.joint.winner].id) if stand.joint else None,
        evidence=tuple((tip, ranked[tip.rival].id) for tip in stand.evidence),
        sharers=tuple(ranked[position].id for position in stand.sharers),
        statements=statements(scores, enough),
    )


def _order(scores: Scores, gated: Gated) -> list[int]:
    """Return the kept candidates, best first; ties keep registry order."""
    kept = np.flatnonzero(gated.kept)
    return [int(index) for index in kept[np.argsort(-scores.score[kept], kind="stable")]]


def _unfolded(rows: tuple[Ranked, ...], every: tuple[Ranked, ...]) -> tuple[Ranked, ...]:
    by_id = {row.id: row for row in rows}
    return tuple(by_id.get(item.id, item) for item in every)


def _ranked(candidates: Candidates, scores: Scores, gated: Gated, rows: dict[int, tuple[int, ...]], stand: Standing) -> tuple[Ranked, ...]:
    """Return the rows with their scores, shares, notes and siblings."""
    shares, names = stand.shares, [candidates.ids[index] for index in rows]
    at_points, surely = (
        [None if by is None else names[by] for by in found] for found in (stand.dominated.at_points, stand.dominated.surely)
    )
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
            top5_share=float(shares.top5[place]),
            dominated_by=at_points[place],
            surely_dominated_by=surely[place],
            contributions=dict(zip(scores.factors, scores.contributions[index].tolist(), strict=True)),
            notes=gated.notes.get(candidates.ids[index], ()),
            siblings=tuple(candidates.ids[sibling] for sibling in siblings),
        )
        for place, (index, siblings) in enumerate(rows.items())
    )
