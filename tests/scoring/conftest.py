"""The answers to the presets, worked out once."""

import numpy as np
import pytest

from scoring.candidates import Candidates
from scoring.recommend import Recommendation, recommend
from scoring.scenario import presets


@pytest.fixture(scope="session")
def preset_answers(candidates: Candidates) -> dict[str, Recommendation]:
    """Return the recommendation for each preset on one day."""
    return {name: recommend(candidates, preset, np.datetime64("2026-11-24", "D")) for name, preset in presets().items()}
