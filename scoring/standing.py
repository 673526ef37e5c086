"""How an order stands: shares of places, what would tip it, and who is dominated. One call for ``recommend``."""

from dataclasses import dataclass

import numpy as np

from scoring.candidates import Floats
from scoring.dominance import Dominated, dominated
from scoring.factors import Values
from scoring.robustness import Firmness, firmness, nothing, sharers
from scoring.tipping import EvidenceTipping, JointTipping, Tipping, evidence_tipping, joint_tipping, tipping


@dataclass(frozen=True)
class Standing:
    """Everything about the firmness of a ranking; all positions are those among the ranked, best first."""

    shares: Firmness
    sharers: tuple[int, ...]
    """The fewest who together hold at least 80 % of the first places."""
    tipping: tuple[Tipping, ...]
    joint: JointTipping | None
    evidence: tuple[EvidenceTipping, ...]
    dominated: Dominated


def standing(values: Values, points: Floats, sliders: Floats, need: int) -> Standing:
    """Return how the checkpoints of ``values``, best first, stand.

    ``points`` are the values that are counted; ``need`` is the longest input, in tokens. Sliders that are all at zero have no
    tipping points: moving any of them changes all weights at once.
    """
    count = points.shape[0]
    if not count:
        return unranked(0)
    shares = firmness(values, sliders)
    movable = count > 1 and sliders.sum() > 0
    return Standing(
        shares=shares,
        sharers=sharers(shares.first),
        tipping=tipping(points, sliders, values.factors, 0) if movable else (),
        joint=joint_tipping(points, sliders, values.factors, 0) if movable else None,
        evidence=evidence_tipping(points, sliders, values.factors, 0, need if _exact_context(values) else None),
        dominated=dominated(values, points, sliders),
    )


def unranked(count: int) -> Standing:
    """Return the standing of those that are listed apart."""
    nobody = (None,) * count
    return Standing(nothing(count), (), (), None, (), Dominated(nobody, nobody))


def _exact_context(values: Values) -> bool:
    """Tell whether the first's context is known and was trained on, so that its value is that of a length."""
    if "context_effective" not in values.factors:
        return False
    index = values.factors.index("context_effective")
    return bool(values.known[0, index] and np.isclose(values.low[0, index], values.high[0, index]))
