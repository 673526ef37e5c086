"""The frozen capability scale against a new fit, and its figures out of sample on the checked-in results."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scoring.candidates import Candidates
from scoring.capability_scale import scale
from tools.capability_fit import Fit
from tools.capability_table import Table

ROOT = Path(__file__).parents[2]


def _run(argument: str) -> subprocess.CompletedProcess[str]:
    """Return a run of the tool with one thread: the problems are small, and more threads only wait for each other."""
    command = [sys.executable, "-m", "tools.fit_capability", argument]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 (our own tool)


@cache
def _figures() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_run("--evaluate").stdout)
    return found


@pytest.fixture(scope="module")
def table(candidates: Candidates) -> Table:
    return Table.of(candidates)


def test_the_frozen_scale_is_what_its_results_give(table: Table, candidates: Candidates) -> None:
    """Results that were added since wait for the next version of the scale: frozen parameters do not follow them."""
    newest = max(source.read for _, source in candidates.registry.results).isoformat()
    same = table.core().digest() == scale().data
    assert same or str(scale().fitted) < newest, "results of the scale's own day that it does not know: fit it anew"
    run = _run("--check")
    assert (run.stdout == "current\n") == same, run.stderr
    assert (run.returncode == 0) == same


def test_the_gradient_is_that_of_the_objective(table: Table) -> None:
    fit = Fit(table.core())
    random = np.random.default_rng(3)
    point, step = random.normal(0, 0.3, fit.rows + 2 * fit.items), 1e-6
    gradient = fit.objective(point)[1]
    for index in random.choice(len(point), 40, replace=False):
        moved = np.zeros_like(point)
        moved[index] = step
        slope = (fit.objective(point + moved)[0] - fit.objective(point - moved)[0]) / (2 * step)
        assert slope == pytest.approx(gradient[index], rel=1e-4, abs=1e-3)


def test_the_core_is_dense(table: Table) -> None:
    core = table.core()
    for row in range(len(core.rows)):
        assert len({core.results[cell].benchmark for cell in np.flatnonzero(core.row == row)}) >= 3
    for item in range(len(core.items)):
        rows = set(core.row[core.item == item].tolist())
        assert len(rows) >= 5
        assert len({core.rows[row].developer for row in rows}) >= 3


def test_of_two_models_the_better_is_picked_where_their_families_were_never_seen() -> None:
    found = _figures()["leave_family_out"]
    assert found["better_of_two_expected"] >= 0.87
    assert found["better_of_two_expected"] > found["better_of_two_simple_mean"] + 0.03
    assert found["mean_error_expected"] <= 8.4


def test_nine_in_ten_unseen_results_lie_in_their_interval() -> None:
    assert 0.87 <= _figures()["leave_family_out"]["covered_widened"] <= 0.93
    assert 0.85 <= _figures()["ten_fold"]["covered_widened"] <= 0.95


def test_hiding_the_worst_results_does_not_pay() -> None:
    found = _figures()["hiding"]
    assert found["places_gained"]["0.6"]["counted"] <= 2
    assert found["real"]["places_gained"] <= 2
    for shared in ("0", "0.3", "0.6"):
        assert found["places_gained"][shared]["counted"] < found["places_gained"][shared]["plain_mean"]
