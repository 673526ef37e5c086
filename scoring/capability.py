"""Benchmark results as values on absolute scales.

Each benchmark has two fixed ends (per cent): at or below the first the value is 0, at or above the second 1. MMLU-Pro as
post-trained models take it is the anchor (20 and 85). The others have the ends at which they agree with the anchor on the
checkpoints that have both results, fitted apart for a Base taken few-shot (``tools/fit_benchmark_scales.py``, least
squares, 2026-11-24; CMMLU shares the ends of C-Eval); an end beyond 0 or 100 says that the benchmark alone cannot reach
that value. The ends of SWE-bench, LiveCodeBench, INCLUDE and MMMLU are judgement. All are frozen with the scale's version,
so that adding a model never moves another.
"""

from typing import TypeAlias

import numpy as np

from model_registry.other_schemas import Mode, Result
from scoring.candidates import Candidates, Flags, Floats

ENDS: dict[str, tuple[float, float]] = {
    "mmlu_pro": (20, 85),
    "mmlu": (48, 96),
    "gpqa_diamond": (-2, 80),
    "ifeval": (33, 105),
    "c_eval": (31, 96),
    "cmmlu": (31, 96),
    "humaneval": (31, 117),
    "math_500": (37, 102),
    "gsm8k": (55, 116),
    "include": (25, 90),
    "mmmlu": (25, 90),
    "livecodebench": (5, 85),
    "swe_bench_verified": (5, 80),
}
BASE_ENDS: dict[str, tuple[float, float]] = {
    "mmlu_pro": (18, 71),
    "gpqa_diamond": (-6, 50),
    "c_eval": (30, 122),
    "cmmlu": (30, 122),
    "humaneval": (14, 84),
    "gsm8k": (28, 118),
}
"""Ends for a Base taken few-shot, where they differ: the same weights answer fewer questions than after tuning."""
ANCHOR = "mmlu_pro"
GENERAL = ("mmlu_pro", "mmlu", "gpqa_diamond")
"""General capability: MMLU-Pro where there is a result, else MMLU, else GPQA Diamond."""
WIDENING: dict[str, float] = {"mmlu": 0.11, "gpqa_diamond": 0.11, "humaneval": 0.13, "gsm8k": 0.13}
"""Half-width of the interval of benchmarks that are saturated or narrow: the scatter of the fit."""
DOMAIN_SPREAD = 0.25
"""How far a domain may lie from general capability when the domain was not measured."""
Bounds: TypeAlias = tuple[float, float]
Interval: TypeAlias = tuple[Floats, Floats, Flags]
UNKNOWN: Bounds = (0.05, 0.85)
"""Interval of a checkpoint without a result: nearly the whole scale."""
LANGUAGE: dict[str, str] = {"c_eval": "zh", "cmmlu": "zh"}
"""Benchmarks in one language: they count only where that language is asked for."""


def general(candidates: Candidates) -> Interval:
    """Return general capability as (low, high, known), one position a checkpoint."""
    return _stack(_intervals(candidates, GENERAL, ()), [UNKNOWN] * len(candidates.ids))


def domain(candidates: Candidates, evidence: tuple[str, ...], languages: tuple[str, ...]) -> Interval:
    """Return capability on the domain's benchmarks as (low, high, known); the first with a result counts.

    Without a result it lies around general capability, and is unknown.
    """
    usable = tuple(benchmark for benchmark in evidence if LANGUAGE.get(benchmark) in {None, *languages})
    around = [_around(bounds) for bounds in _intervals(candidates, GENERAL, ())]
    return _stack(_intervals(candidates, usable, languages), around)


def value(benchmark: str, score: float, mode: Mode) -> float:
    """Return a score on its benchmark's scale for that mode, 0 to 1."""
    low, high = BASE_ENDS.get(benchmark, ENDS[benchmark]) if mode == "base_few_shot" else ENDS[benchmark]
    return min(1.0, max(0.0, (score - low) / (high - low)))


def _intervals(candidates: Candidates, benchmarks: tuple[str, ...], languages: tuple[str, ...]) -> list[Bounds | None]:
    """Return each checkpoint's interval by the first of the benchmarks that it has a result of, None without one."""
    found: list[Bounds | None] = [None] * len(candidates.ids)
    for benchmark in benchmarks:
        for language in (LANGUAGE[benchmark],) if benchmark in LANGUAGE else (*languages, "en"):
            for index, row in enumerate(candidates.results(benchmark, language)):
                if row is not None and found[index] is None:
                    found[index] = _bounds(row)
    return found


def _bounds(row: Result) -> Bounds:
    point, spread = value(row.benchmark, row.score, row.mode), WIDENING.get(row.benchmark, 0.0)
    return max(0.0, point - spread), min(1.0, point + spread)


def _around(general_bounds: Bounds | None) -> Bounds:
    if general_bounds is None:
        return UNKNOWN
    low, high = general_bounds
    return max(0.0, low - DOMAIN_SPREAD), min(1.0, high + DOMAIN_SPREAD)


def _stack(found: list[Bounds | None], otherwise: list[Bounds]) -> Interval:
    filled = [pair or other for pair, other in zip(found, otherwise, strict=True)]
    bounds = np.array(filled, dtype=np.float64).reshape(len(found), 2)
    return bounds[:, 0], bounds[:, 1], np.array([pair is not None for pair in found], dtype=bool)
