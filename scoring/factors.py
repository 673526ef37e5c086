"""One value function a factor, 0 to 1 on an absolute scale, with an interval where a fact is unknown.

A value may depend on the scenario, never on the other models: adding, hiding or removing one changes no other's value.
Scale version ``SCALE``; the ends of each scale are named on its slider and documented on the About page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, get_args

import numpy as np

from model_registry.schema import Reasoning
from scoring import capability
from scoring.candidates import Candidates, Flags, Floats
from scoring.gates import Gated
from scoring.scenario import FACTORS, Factor, Scenario
from scoring.variants import Advice, variant_fit

SCALE = "2026.11"

CAUTION = 0.25
"""Where in its interval an unknown value is counted: hiding a fact never pays."""
LANGUAGE_VALUES: dict[str, tuple[float, float]] = {
    "measured": (0.8, 0.8),
    "declared": (0.6, 0.6),
    "evidenced": (0.5, 0.7),
    "trained_on": (0.3, 0.3),
    "undeclared": (0.1, 0.1),
    "unknown": (0.1, 0.6),
}
LANGUAGE_UNKNOWN_SPAN = 0.5
FULL_HEADROOM = 0.30
TOKENS_WORST_BEST = (1.6, 0.8)
"""Tokens for the same text, as multiples of the reference tokenizer's, at which the value is 0 and 1."""
TOKENS_UNKNOWN = (0.2, 0.8)
TUNING_TOOLS_VALUE = (0.0, 0.4, 0.7, 0.9, 1.0)
"""By the number of fine-tuning tools that name the checkpoint or its model type."""
TUNING_UNDECIDED = 2
TOOL_TEMPLATE, TOOL_PARSER, TOOL_UNKNOWN = 0.5, 0.8, 0.8
TOOL_BENCHMARKS = ("bfcl_v4", "bfcl_v3", "bfcl", "tau2_bench", "tau_bench")
"""Results that measure tool calls, the first that is there counts."""
_MONTHS, _FRESHNESS = (6.0, 12.0, 24.0, 36.0), (1.0, 0.7, 0.3, 0.0)
_PRECISION_FLOOR = {"bf16": 0.75, "fp8": 0.75, "int8": 0.75, "int4": 0.5}
Interval: TypeAlias = tuple[Floats, Floats, Flags]
"""Low ends, high ends, and whether the fact behind is known (a known fact may still have a wide value)."""


@dataclass(frozen=True)
class Values:
    """Values of every factor: arrays (checkpoints x factors)."""

    factors: tuple[Factor, ...]
    low: Floats
    high: Floats
    known: Flags
    point: Floats
    """Where each value is counted: a capability at its posterior, every other at a quarter of its interval."""

    def rows(self, indices: list[int]) -> "Values":
        """Return the values of some candidates."""
        return Values(self.factors, self.low[indices], self.high[indices], self.known[indices], self.point[indices])


def cautious(low: Floats, high: Floats) -> Floats:
    """Return the point at which an interval is counted."""
    point: Floats = low + CAUTION * (high - low)
    return point


def values(candidates: Candidates, scenario: Scenario, advice: Advice, gated: Gated, today: np.datetime64) -> Values:
    """Return the values of the factors that this scenario can use, in the order of ``FACTORS``."""
    thinking = scenario.needs.reasoning
    functions: dict[Factor, Callable[[], Interval | capability.Placed]] = {
        "capability_domain": lambda: capability.domain(candidates, scenario.evidence, scenario.languages, thinking),
        "capability_general": lambda: capability.general(candidates, thinking),
        "language_fit": lambda: language_fit(candidates, scenario.languages),
        "licence_freedom": lambda: licence_freedom(gated),
        "openness_provenance": lambda: openness(candidates),
        "serving_cost_fit": lambda: serving_cost_fit(gated),
        "tokenizer_efficiency_lang": lambda: tokenizer_efficiency(candidates, texts_of(scenario)),
        "context_effective": lambda: context_effective(candidates, scenario.longest_input),
        "variant_fit": lambda: variant_fits(candidates, advice),
        "finetune_ecosystem": lambda: finetune_ecosystem(candidates),
        "tool_use": lambda: tool_use(candidates),
        "freshness": lambda: freshness(candidates, today),
    }
    used = tuple(factor for factor in FACTORS if _applies(factor, scenario))
    columns = [_counted(functions[factor]()) for factor in used]
    return Values(
        factors=used,
        low=np.stack([column.low for column in columns], axis=1),
        high=np.stack([column.high for column in columns], axis=1),
        known=np.stack([column.known for column in columns], axis=1),
        point=np.stack([column.point for column in columns], axis=1),
    )


def _counted(column: Interval | capability.Placed) -> capability.Placed:
    """Return a column with the points at which its values are counted."""
    if isinstance(column, capability.Placed):
        return column
    low, high, known = column
    return capability.Placed(low, high, known, cautious(low, high))


def _applies(factor: Factor, scenario: Scenario) -> bool:
    """Tell whether a factor can tell models apart in this scenario."""
    if factor == "language_fit":
        return bool(scenario.languages)
    if factor == "tokenizer_efficiency_lang":
        return bool(texts_of(scenario))
    if factor == "capability_domain":
        return bool(scenario.evidence)
    if factor == "finetune_ecosystem":
        return scenario.training.plan != "none"
    if factor == "serving_cost_fit":
        return scenario.hardware.device is not None or scenario.hardware.memory_gb is not None
    return True


def language_fit(candidates: Candidates, languages: tuple[str, ...]) -> Interval:
    """Return the minimum over the languages asked for: measured 0.8, declared 0.6, trained on 0.3, unknown 0.1 to 0.6."""
    bounds = np.array([[LANGUAGE_VALUES[status] for status in candidates.language_status(language)] for language in languages])
    low, high = bounds[:, :, 0].min(axis=0), bounds[:, :, 1].min(axis=0)
    return low, high, high - low < LANGUAGE_UNKNOWN_SPAN


def context_effective(candidates: Candidates, need: int) -> Interval:
    """Return 0.7 at the need and 1 from twice the need on (log2); beyond the trained length, or where it is unknown, 0.4 to 0.85.

    A length that is advertised but was not trained on is worth an interval: it holds on some inputs only. It is never
    worth more than the same length would be if it had been trained on.
    """
    tokens = candidates.context_tokens
    with np.errstate(invalid="ignore", divide="ignore"):
        point = np.clip(0.7 + 0.3 * np.log2(tokens / need), 0.0, 1.0)
        proven = candidates.trained_tokens >= need
    unknown = np.isnan(tokens)
    low = np.where(unknown, 0.4, np.where(proven, point, np.minimum(point, 0.4)))
    high = np.where(unknown, 0.85, np.where(proven, point, np.minimum(point, 0.85)))
    return low, high, ~unknown


def licence_freedom(gated: Gated) -> Interval:
    """Return how free the licence leaves this use: 1 no conditions, 0.8 a naming duty, 0.5 a threshold near, 0.3 a formality."""
    bounds = np.array([verdict.freedom for verdict in gated.licences]).reshape(-1, 2)
    return bounds[:, 0], bounds[:, 1], np.array([verdict.verdict != "unknown" for verdict in gated.licences])


def serving_cost_fit(gated: Gated) -> Interval:
    """Return 0.5 to 0.75 when only 4-bit weights fit, 0.75 for 8-bit, up to 1 for 16-bit with 30 % of the memory free.

    Where only the lower end of the range is within the memory, anything from not fitting at all is possible.
    """
    memory = gated.memory
    capacity = memory.capacity_bytes or np.inf
    headroom = np.clip((1 - memory.formula_bytes / capacity) / FULL_HEADROOM, 0.0, 1.0)
    floor = np.array([_PRECISION_FLOOR.get(precision or "", 0.0) for precision in memory.precision])
    span = np.array([0.25 if precision in {"bf16", "int4"} else 0.0 for precision in memory.precision])
    point = np.where(memory.fits, floor + span * np.nan_to_num(headroom), 0.0)
    tight = ~memory.unknown & (np.nan_to_num(memory.formula_bytes) > capacity)
    low, high = np.where(tight, 0.0, point), point
    return np.where(memory.unknown, 0.2, low), np.where(memory.unknown, 0.8, high), ~memory.unknown


def texts_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the measured texts that stand for the scenario: its languages, and Python where it writes code."""
    return (*scenario.languages, *(("python",) if scenario.output == "code" else ()))


def tokenizer_efficiency(candidates: Candidates, texts: tuple[str, ...]) -> Interval:
    """Return 0 at 1.6 times the reference tokenizer's tokens, 1 at 0.8 times, linear between; the worst of the texts.

    Not measured: 0.2 to 0.8.
    """
    worst, best = TOKENS_WORST_BEST
    ratios = np.stack([candidates.tokens(text) for text in texts]) / np.array([[candidates.reference_tokens(text)] for text in texts])
    points = np.clip((worst - ratios) / (worst - best), 0.0, 1.0)
    unknown = np.isnan(points)
    low, high = np.where(unknown, TOKENS_UNKNOWN[0], points), np.where(unknown, TOKENS_UNKNOWN[1], points)
    return low.min(axis=0), high.min(axis=0), ~unknown.any(axis=0)


def variant_fits(candidates: Candidates, advice: Advice) -> Interval:
    """Return 1 for the kind advised, 0.5 for a workable one, 0.1 for the wrong kind; an interval where thinking is not known."""
    checkpoints = [entry.checkpoint for entry in candidates.entries]
    modes = [get_args(Reasoning) if checkpoint.reasoning is None else (checkpoint.reasoning,) for checkpoint in checkpoints]
    fits = [[variant_fit(advice, checkpoint.variant, mode) for mode in each] for checkpoint, each in zip(checkpoints, modes, strict=True)]
    low, high = np.array([min(each) for each in fits]), np.array([max(each) for each in fits])
    return low, high, low == high


def finetune_ecosystem(candidates: Candidates) -> Interval:
    """Return 0 without a tool that names it, 0.4 for one, 0.7 for two, 0.9 for three, 1 for four; not read 0 to 0.7.

    A tool of which it is not known counts at the high end, two of them at most.
    """
    named, undecided = candidates.tuning_tools
    most = len(TUNING_TOOLS_VALUE) - 1
    scale = np.array(TUNING_TOOLS_VALUE)
    low = scale[np.minimum(named, most)]
    return low, scale[np.minimum(named + np.minimum(undecided, TUNING_UNDECIDED), most)], undecided == 0


def tool_use(candidates: Candidates) -> Interval:
    """Return 0 without a tool-call template, 0.5 to 1 with one, 0.8 to 1 when a serving engine names a parser for it.

    A published result of a tool-call benchmark makes it a point between those ends. Unknown: 0 to 0.8.
    """
    has, parser = candidates.flags["tools"], candidates.flags["tool_parser"]
    floor = np.where(parser == 1, TOOL_PARSER, TOOL_TEMPLATE)
    measured = candidates.best_of(TOOL_BENCHMARKS)
    point = floor + (1 - floor) * np.nan_to_num(measured) / 100
    low, high = np.where(np.isnan(measured), floor, point), np.where(np.isnan(measured), 1.0, point)
    unknown = np.isnan(has)
    return np.where(has == 1, low, 0.0), np.where(has == 1, high, np.where(unknown, TOOL_UNKNOWN, 0.0)), ~unknown


def openness(candidates: Candidates) -> Interval:
    """Return 0.2 for weights only, 0.5 when sources are described, 1 when the corpus is published, unknown 0.2 to 0.5."""
    levels = {"open": (1.0, 1.0), "described": (0.5, 0.5), "undisclosed": (0.2, 0.2), None: (0.2, 0.5)}
    stated = [entry.training.data for entry in candidates.entries]
    bounds = np.array([levels[data] for data in stated]).reshape(-1, 2)
    return bounds[:, 0], bounds[:, 1], np.array([data is not None for data in stated])


def freshness(candidates: Candidates, today: np.datetime64) -> Interval:
    """Return 1 up to 6 months, 0.7 at 12, 0.3 at 24, 0 from 36 months on; unknown dates 0 to 1."""
    months = candidates.months_old(today)
    point = np.interp(np.nan_to_num(months), _MONTHS, _FRESHNESS)
    unknown = np.isnan(months)
    return np.where(unknown, 0.0, point), np.where(unknown, 1.0, point), ~unknown
