"""The cached loaders: the registry is read once, again when its files change, and the last good one is kept."""

import time
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

import numpy as np
import pandas as pd
import streamlit as st

from model_registry.coverage import Coverage, coverage
from model_registry.faults import Fault, RegistryError
from model_registry.frame import frame
from model_registry.load import load, registry_files
from model_registry.registry import Registry
from scoring.candidates import Candidates
from scoring.recommend import Recommendation, recommend
from scoring.scenario import Scenario

CHECK_SECONDS = 2.0
"""How often at most the files are looked at for changes."""


@dataclass(frozen=True)
class Data:
    """What every page reads."""

    registry: Registry
    candidates: Candidates
    table: pd.DataFrame

    @cached_property
    def coverage(self) -> tuple[Coverage, ...]:
        """Return how much is known, by column."""
        return coverage(self.registry)


class Live:
    """The data in use: the last good reading, and the fault of a newer one that failed."""

    def __init__(self) -> None:
        """Start empty; the first ``current`` call reads the files."""
        self._lock = Lock()
        self._stamp: tuple[int, float] | None = None
        self._checked = 0.0
        self.data: Data | None = None
        self.fault: Fault | None = None

    def current(self) -> Data:
        """Return the data, read again soon after a file changed. Raises RegistryError when there never was a good reading."""
        with self._lock:
            if self.data is not None and time.monotonic() - self._checked < CHECK_SECONDS:
                return self.data
            self._checked = time.monotonic()
            stamp = _stamp()
            if stamp != self._stamp:
                try:
                    self.data, self.fault = _read(), None
                except RegistryError as error:
                    self.fault = error.faults[0]
                    if self.data is None:
                        raise
                self._stamp = stamp
            if self.data is None:
                raise RegistryError([self.fault] if self.fault else [])
            return self.data


@st.cache_resource(show_spinner=False)
def live() -> Live:
    """Return the one holder of the data for all visitors."""
    return Live()


@st.cache_data(show_spinner=False, max_entries=512)
def answer(scenario: str, day: str, digest: str) -> Recommendation:
    """Return the recommendation for a scenario (as JSON) on a day; ``digest`` ties the cache to the data."""
    del digest
    return recommend(live().current().candidates, Scenario.model_validate_json(scenario), np.datetime64(day, "D"))


def _read() -> Data:
    registry = load()
    return Data(registry, Candidates(registry), frame(registry))


def _stamp() -> tuple[int, float]:
    times = [path.stat().st_mtime for path in registry_files()]
    return len(times), max(times, default=0.0)
