"""What several tests share: the registry of the project, read once."""

import pytest

from model_registry.load import load
from model_registry.registry import Registry
from scoring.candidates import Candidates


@pytest.fixture(scope="session")
def registry() -> Registry:
    """Return the project's own registry."""
    return load()


@pytest.fixture(scope="session")
def candidates(registry: Registry) -> Candidates:
    """Return its checkpoints as arrays."""
    return Candidates(registry)
