"""The answers to the presets, worked out once, and how long a generated example may take."""

import numpy as np
import pytest
from hypothesis import settings

from scoring.candidates import Candidates
from scoring.recommend import Recommendation, recommend
from scoring.scenario import presets

settings.register_profile("steady", deadline=None, max_examples=60)  # a busy machine must not fail a test
settings.load_profile("steady")


@pytest.fixture(scope="session")
def preset_answers(candidates: Candidates) -> dict[str, Recommendation]:
    """Return the recommendation for each preset on one day."""
    return {name: recommend(candidates, preset, np.datetime64("2026-11-24", "D")) for name, preset in presets().items()}
