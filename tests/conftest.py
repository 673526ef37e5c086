"""What several tests share: the registry of the project, read once, and how generated examples are run."""

import pytest
from hypothesis import settings

from model_registry.load import load
from model_registry.registry import Registry
from scoring.candidates import Candidates

settings.register_profile("steady", deadline=None, max_examples=60)  # a busy machine must not fail a test
settings.load_profile("steady")


@pytest.fixture(scope="session")
def registry() -> Registry:
    """Return the project's own registry."""
    return load()


@pytest.fixture(scope="session")
def candidates(registry: Registry) -> Candidates:
    """Return its checkpoints as arrays."""
    return Candidates(registry)
