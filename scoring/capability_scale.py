"""The frozen capability scale: what each benchmark item asks, and the prior from size and date (``capability.yaml``).

Item response curve with two parameters: a checkpoint of capability C scores c + (1 - c) / (1 + exp(-a (C - D))) on an item
(D. Ho et al., "A Rosetta Stone for AI Benchmarks", arXiv 2512.00193; Birnbaum 1968). The parameters are frozen with the
scale's version (fixed-parameter calibration, as in "Growing Pains", arXiv 2604.12843): adding a model never moves another.
``tools/fit_capability.py`` fits and writes the file.
"""

from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from model_registry.other_schemas import Mode, Result
from model_registry.schema import Reasoning
from model_registry.yaml_reader import read_yaml
from scoring.candidates import Floats
from scoring.errors import CapabilityError

FILE = Path(__file__).with_name("capability.yaml")
ModeClass: TypeAlias = Literal["base", "direct", "thinking"]
"""How a checkpoint was asked: a Base with examples, an answer at once, or an answer after thinking."""
APART = frozenset({"livecodebench", "math_500"})
"""Benchmarks on which thinking helps so much more than elsewhere that they are another item when thinking is on."""
CHANCE: dict[str, float] = {
    **dict.fromkeys(("mmlu", "gpqa", "gpqa_diamond", "c_eval", "cmmlu", "kmmlu", "jmmlu", "ammlu", "indommlu", "turkish_mmlu"), 0.25),
    **dict.fromkeys(("include", "mmmlu", "global_mmlu_lite", "belebele", "kmmlu_redux", "mlogiqa"), 0.25),
    "kmmlu_pro": 0.2,
    "mmlu_pro": 0.1,
}
"""What guessing scores, by the number of choices; 0 for every other benchmark."""
WORST, BEST = 0.20, 0.85
"""Expected score on the basket at which the value is 0 and 1."""
Z90 = 1.6448536269514722
_START_OF_2025 = date(2025, 1, 1).toordinal() - date(1970, 1, 1).toordinal()
Positions: TypeAlias = npt.NDArray[np.int64]
_Positive: TypeAlias = Annotated[float, Field(gt=0)]
_Share: TypeAlias = Annotated[float, Field(ge=0, le=1)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)


class Item(_Model):
    """A benchmark as one class of modes takes it, in one language."""

    a: _Positive
    """Discrimination: how steeply scores rise with capability."""
    D: float
    """Difficulty: the capability half-way between guessing and everything right."""
    sigma: _Positive
    """Standard deviation of a result around the curve, as a share of 1."""
    c: _Share
    """What guessing scores."""
    results: Annotated[int, Field(ge=1)]
    models: Annotated[int, Field(ge=1)]


class Prior(_Model):
    """Capability by size and date: intercept + log10_billions x log10(parameters / 1e9) + years x (years since 2025) + thinking."""

    intercept: float
    log10_billions: float
    years: float
    thinking: float
    """Added when it thinks before it answers."""
    spread: _Positive
    """Standard deviation around it, each model left out in turn."""
    usual_log10_billions: float
    """Stands in for an unknown size; its standard deviation widens the prior."""
    usual_log10_billions_sd: _Positive
    usual_years: float
    """Stands in for an unknown date."""
    usual_years_sd: _Positive
    highest: float
    """The highest capability measured in the fit: size and date place nobody beyond it."""


class Scale(_Model):
    """Everything that placing a checkpoint needs beside its own facts."""

    scale: Annotated[str, Field(pattern=r"^\d{4}\.\d{2}$")]
    fitted: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    data: str
    """Digest of the results, sizes and dates that were fitted."""
    rows: Annotated[int, Field(ge=1)]
    """Results that the fit used."""
    models: Annotated[int, Field(ge=1)]
    """Checkpoints by class of modes that the fit used."""
    prior: Prior
    widening: Annotated[float, Field(ge=1)]
    """Factor on the standard deviation of a capability: what unrelated halves of the same checkpoint's results ask for."""
    domain_spread: _Positive
    """Standard deviation of a domain's offset from general capability."""
    domain_results: Annotated[int, Field(ge=1)]
    """Results in the domain from which on the offset is used."""
    unreported: _Share
    """What the expected score on the basket is counted lower when nothing is reported; less the more benchmarks are."""
    enough_reported: Annotated[int, Field(ge=1)]
    """Benchmarks from which on nothing is taken off."""
    basket: dict[str, _Positive]
    """Items and weights whose expected score is the capability shown."""
    items: dict[str, Item]

    @cached_property
    def names(self) -> dict[str, int]:
        """Return the position of each item."""
        return {name: index for index, name in enumerate(self.items)}

    @cached_property
    def arrays(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Return a, D, sigma and c of all items."""
        items = self.items.values()
        return (
            np.array([item.a for item in items]),
            np.array([item.D for item in items]),
            np.array([item.sigma for item in items]),
            np.array([item.c for item in items]),
        )

    def item_of(self, benchmark: str, mode_class: ModeClass, language: str) -> str | None:
        """Return the item that a result belongs to, None when the scale has none."""
        name = item_name(benchmark, mode_class, language)
        return name if name in self.items else None

    def basket_score(self, capability: Floats) -> Floats:
        """Return the expected score on the fixed basket, 0 to 1."""
        total = np.zeros_like(capability)
        for name, weight in self.basket.items():
            item = self.items[name]
            total = total + weight * curve(capability, item.a, item.D, item.c)
        expected: Floats = total / sum(self.basket.values())
        return expected

    def value(self, score: Floats) -> Floats:
        """Return an expected score on the basket as a value: 0 at 20 % or less, 1 at 85 % or more."""
        clipped: Floats = np.clip((score - WORST) / (BEST - WORST), 0.0, 1.0)
        return clipped

    def counted(self, capability: Floats, benchmarks: Floats | Positions) -> Floats:
        """Return the expected score that is counted: lower the fewer benchmarks are reported, so that hiding does not pay."""
        missing = np.clip(1 - benchmarks / self.enough_reported, 0.0, 1.0)
        score: Floats = self.basket_score(capability) - self.unreported * missing
        return score

    def expected(self, parameters: Floats, days: Floats, thinking: Floats) -> tuple[Floats, Floats]:
        """Return mean and standard deviation of capability by parameters, release day (since 1970) and whether it thinks."""
        prior = self.prior
        with np.errstate(invalid="ignore", divide="ignore"):
            size = np.log10(parameters / 1e9)
        years = years_since_2025(days)
        no_size, no_date = ~np.isfinite(size), np.isnan(years)
        size, years = np.where(no_size, prior.usual_log10_billions, size), np.where(no_date, prior.usual_years, years)
        mean = prior.intercept + prior.log10_billions * size + prior.years * years + prior.thinking * thinking
        mean = np.minimum(mean, prior.highest)
        by_size = np.where(no_size, prior.log10_billions * prior.usual_log10_billions_sd, 0.0)
        by_date = np.where(no_date, prior.years * prior.usual_years_sd, 0.0)
        return mean, np.sqrt(prior.spread**2 + by_size**2 + by_date**2)


def curve(capability: Floats, a: float | Floats, difficulty: float | Floats, chance: float | Floats) -> Floats:
    """Return the expected score on an item, 0 to 1."""
    score: Floats = chance + (1 - chance) / (1 + np.exp(-a * (capability - difficulty)))
    return score


def item_name(benchmark: str, mode_class: ModeClass, language: str) -> str:
    """Return the item of a result: ``mmlu_pro.base``, ``c_eval.tuned.zh``, ``livecodebench.thinking``.

    A Base has items of its own. Answers at once and after thinking share theirs, except on the benchmarks of ``APART``.
    """
    taken = "base" if mode_class == "base" else mode_class if benchmark in APART else "tuned"
    return f"{benchmark}.{taken}" if language == "en" else f"{benchmark}.{taken}.{language}"


def mode_class_of(mode: Mode, reasoning: Reasoning | None) -> ModeClass:
    """Return the class of a mode; an unnamed mode counts as thinking where the checkpoint can think."""
    if mode == "base_few_shot":
        return "base"
    unnamed_thinking = mode == "unspecified" and reasoning in {"always", "switchable"}
    return "thinking" if mode == "thinking" or unnamed_thinking else "direct"


def years_since_2025(days: Floats) -> Floats:
    """Return days since 1970 as years since the start of 2025."""
    years: Floats = (days - _START_OF_2025) / 365.25
    return years


def shares(results: list[Result], groups: list[int]) -> Floats:
    """Return the weight of each result: those of one group, benchmark and side (English or not) count as one together.

    Languages of one benchmark, and the same figure from several reporters, are no independent evidence.
    """
    keys = [(group, row.benchmark, row.language == "en") for row, group in zip(results, groups, strict=True)]
    counts: dict[tuple[int, str, bool], int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    return np.array([1 / counts[key] for key in keys], dtype=np.float64)


@cache
def scale() -> Scale:
    """Return the frozen scale. Raises CapabilityError when the file does not have its shape."""
    return read_scale(FILE)


def read_scale(path: Path) -> Scale:
    """Return the scale of a file. Raises CapabilityError naming the fault."""
    try:
        found = Scale.model_validate(read_yaml(path, path.name).data)
    except ValidationError as error:
        item = error.errors(include_url=False)[0]
        message = f"{path.name}: {'.'.join(map(str, item['loc']))}: {item['msg']}"
        raise CapabilityError(message) from error
    missing = set(found.basket) - set(found.items)
    if missing:
        message = f"{path.name}: basket: no such item: {', '.join(sorted(missing))}"
        raise CapabilityError(message)
    return found
