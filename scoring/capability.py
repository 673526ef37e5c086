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

from model_registry.facts import best_result
from model_registry.other_schemas import Mode
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
    return _stack([_general(candidates, checkpoint_id) for checkpoint_id in candidates.ids], None)


def domain(candidates: Candidates, evidence: tuple[str, ...], languages: tuple[str, ...]) -> Interval:
    """Return capability on the domain's benchmarks as (low, high, known); the first with a result counts.

    Without a result it lies around general capability, and is unknown.
    """
    usable = tuple(benchmark for benchmark in evidence if LANGUAGE.get(benchmark) in {None, *languages})
    found = [_interval(candidates, checkpoint_id, usable, languages) for checkpoint_id in candidates.ids]
    return _stack(found, [_around(_general(candidates, checkpoint_id)) for checkpoint_id in candidates.ids])


def value(benchmark: str, score: float, mode: Mode) -> float:
    """Return a score on its benchmark's scale for that mode, 0 to 1."""
    low, high = BASE_ENDS.get(benchmark, ENDS[benchmark]) if mode == "base_few_shot" else ENDS[benchmark]
    return float(np.clip((score - low) / (high - low), 0.0, 1.0))


def _general(candidates: Candidates, checkpoint_id: str) -> Bounds | None:
    return _interval(candidates, checkpoint_id, GENERAL, ())


def _interval(candidates: Candidates, checkpoint_id: str, benchmarks: tuple[str, ...], languages: tuple[str, ...]) -> Bounds | None:
    for benchmark in benchmarks:
        tried = (LANGUAGE[benchmark],) if benchmark in LANGUAGE else (*languages, "en")
        for language in tried:
            found = best_result(candidates.registry, checkpoint_id, benchmark, language)
            if found:
                point, spread = value(benchmark, found[0].score, found[0].mode), WIDENING.get(benchmark, 0.0)
                return max(0.0, point - spread), min(1.0, point + spread)
    return None


def _around(general_bounds: Bounds | None) -> Bounds:
    if general_bounds is None:
        return UNKNOWN
    low, high = general_bounds
    return max(0.0, low - DOMAIN_SPREAD), min(1.0, high + DOMAIN_SPREAD)


def _stack(found: list[Bounds | None], otherwise: list[Bounds] | None) -> Interval:
    filled = [pair or (otherwise[index] if otherwise else UNKNOWN) for index, pair in enumerate(found)]
    bounds = np.array(filled, dtype=np.float64).reshape(len(found), 2)
    return bounds[:, 0], bounds[:, 1], np.array([pair is not None for pair in found], dtype=bool)
