"""Base, Instruct/Chat or Reasoning: which kind of checkpoint to start from, and why.

``TABLE`` is the decision table: the first row that fits a scenario answers. It rests on published comparisons;
``EVIDENCE`` names where they can be checked. What speaks against a row stands beside it.
"""

import difflib
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from model_registry.registry import Entry, Registry
from model_registry.schema import Reasoning, Variant
from scoring.scenario import Needs, Output, Plan, Scenario, TrainingPlan

Start: TypeAlias = Literal["base", "instruct", "reasoning"]
Tool: TypeAlias = Literal["encoder", "embedding_model"]
Unit: TypeAlias = Literal["examples", "tokens"]
WayBack: TypeAlias = Literal["add_residual", "graft_delta", "average_weights"]
Missing: TypeAlias = Literal["base_not_published", "base_not_found", "instruct_not_registered"]

FEW_EXAMPLES, MANY_EXAMPLES = 300, 1_000
"""Below the first: Instruct; from the second on: Base (Unsloth documentation, "What model should I use?")."""
ENCODER_EXAMPLES = 200
"""From about this many labels a fine-tuned encoder beats prompting a large model (arXiv 2406.08660, 2402.12819)."""
MUCH_TEXT_TOKENS = 100_000_000
_LABELS: tuple[Output, ...] = ("label", "span", "score")
_VERIFIABLE: tuple[Output, ...] = ("math", "code")
"""Outputs that a program can check: an answer, a test."""

_UNSLOTH = "https://docs.unsloth.ai/get-started/fine-tuning-llms-guide/what-model-should-i-use"
EVIDENCE: dict[str, str] = {
    "no_chat_template": "https://huggingface.co/docs/transformers/chat_templating",
    "thinking_pays": "https://arxiv.org/abs/2501.12948",
    "few_examples": _UNSLOTH,
    "some_examples": _UNSLOTH,
    "many_examples": _UNSLOTH,
    "head_beats_prompting": "https://arxiv.org/abs/2512.12677",
    "graft_delta": "https://arxiv.org/abs/2505.12716",
    "cpt_loses_instructions": "https://arxiv.org/abs/2410.10739",
    "chat_vector": "https://arxiv.org/abs/2310.04799",
    "lora_learns_less": "https://arxiv.org/abs/2405.09673",
    "encoder_first": "https://arxiv.org/abs/2406.08660",
    "encoder_break_even": "https://arxiv.org/abs/2402.12819",
    "alignment_costs_diversity": "https://arxiv.org/abs/2310.06452",
    "averaging_softens_the_tax": "https://arxiv.org/abs/2309.06256",
    "counter_instruction_first": "https://arxiv.org/abs/2402.12847",
    "counter_head_not_certain": "https://arxiv.org/abs/2512.12677v2",
    "counter_gap_narrows": "https://github.com/ByteDance-Seed/seed-oss/blob/98e12be7c784c46ea98a4f816babb09965899ae0/README.md",
    "counter_rule_of_thumb": _UNSLOTH,
}
"""Where the reasons that rest on published work can be checked; the others are judgement or follow from the plan itself."""


@dataclass(frozen=True)
class Advice:
    """The kind to start from, the kind to try beside it, and the reasons as codes."""

    start: Start
    also: Start | None
    reason_codes: tuple[str, ...]
    """What speaks for it, then the weightiest of what speaks against it."""
    counter_codes: tuple[str, ...] = field(default=(), compare=False)
    """All that speaks against it."""
    way_back: tuple[WayBack, ...] = field(default=(), compare=False)
    """What the pair of Base and Instruct makes possible after training."""
    other_tool: Tool | None = field(default=None, compare=False)
    """What may serve better than any large language model."""
    row: str = field(default="", compare=False)
    """The row of the table that answered."""

    @property
    def thinking_is_trained(self) -> bool:
        """Tell whether the visitor's own training brings the thinking, so that what to start from need not think."""
        return "verifiable_reward" in self.reason_codes

    @property
    def because(self) -> tuple[str, ...]:
        """Return the reasons that speak for it."""
        return tuple(code for code in self.reason_codes if code not in self.counter_codes)


@dataclass(frozen=True)
class Row:
    """A row of the decision table: when it holds, what it advises, and why."""

    code: str
    plans: tuple[Plan, ...]
    start: Start
    also: Start | None
    because: tuple[str, ...]
    against: tuple[str, ...] = ()
    outputs: tuple[Output, ...] = ()
    """Empty: any output that no earlier row has taken."""
    unit: Unit | None = None
    """What ``least``, ``below`` and ``given`` count; None = any amount."""
    least: int = 0
    below: int | None = None
    given: bool | None = True
    """False: the row holds only where the number was left open; None: there too."""
    thinking: bool = False
    """True: the row holds only where thinking is asked for."""
    way_back: tuple[WayBack, ...] = ()
    other_tool: Tool | None = None

    @property
    def advice(self) -> Advice:
        """Return what the row advises."""
        return Advice(self.start, self.also, (*self.because, *self.against[:1]), self.against, self.way_back, self.other_tool, self.code)

    def holds(self, scenario: Scenario) -> bool:
        """Tell whether the row is about a scenario."""
        wanted = scenario.training.plan in self.plans and (not self.outputs or scenario.output in self.outputs)
        return wanted and (not self.thinking or scenario.needs.reasoning is True) and self._counts(scenario.training)

    def example(self) -> Scenario:
        """Return a scenario that the row is about."""
        amount = None if self.given is False else self.least
        examples, tokens = (amount, None) if self.unit == "examples" else (None, amount if self.unit else None)
        training = TrainingPlan(plan=self.plans[0], examples=examples, tokens=tokens)
        output = self.outputs[0] if self.outputs else "chat"
        return Scenario(output=output, training=training, needs=Needs(reasoning=True if self.thinking else None))

    def _counts(self, training: TrainingPlan) -> bool:
        if self.unit is None:
            return True
        amount = training.examples if self.unit == "examples" else training.tokens
        if amount is None or self.given is False:
            return amount is None and self.given is not True
        return self.least <= amount and (self.below is None or amount < self.below)


_TUNED: tuple[Plan, ...] = ("lora", "full")
_CPT = ("cpt_loses_instructions", "chat_vector", "lora_learns_less")
_HEAD = ("head_beats_prompting", "no_chat_skill_to_lose", "encoder_first")
_AGAINST_HEAD = ("counter_head_not_certain",)
_AGAINST_BASE = ("counter_instruction_first", "counter_gap_narrows", "counter_rule_of_thumb")
_THUMB = ("counter_rule_of_thumb",)

TABLE: tuple[Row, ...] = (
    Row(
        "pretrain",
        ("continued_pretraining",),
        "base",
        None,
        _CPT,
        ("counter_instruction_first",),
        unit="tokens",
        least=MUCH_TEXT_TOKENS,
        way_back=("add_residual",),
    ),
    Row(
        "pretrain_little",
        ("continued_pretraining",),
        "base",
        None,
        (*_CPT, "little_text"),
        ("counter_instruction_first",),
        unit="tokens",
        below=MUCH_TEXT_TOKENS,
        given=None,
        way_back=("add_residual",),
    ),
    Row("embedding", ("none", *_TUNED), "base", None, ("embedding_model_first",), outputs=("embedding",), other_tool="embedding_model"),
    Row(
        "prompt_labels",
        ("none",),
        "instruct",
        None,
        ("no_chat_template", "encoder_first", "encoder_break_even"),
        outputs=_LABELS,
        unit="examples",
        least=ENCODER_EXAMPLES,
        other_tool="encoder",
    ),
    Row("prompt_labels_few", ("none",), "instruct", None, ("no_chat_template",), outputs=_LABELS),
    Row("prompt_math", ("none",), "reasoning", "instruct", ("thinking_pays", "thinking_costs_tokens"), outputs=("math",)),
    Row("prompt_thinking", ("none",), "reasoning", "instruct", ("thinking_pays", "thinking_costs_tokens"), thinking=True),
    Row("prompt_code", ("none",), "instruct", "reasoning", ("no_chat_template", "thinking_optional"), outputs=("code", "tool_calls")),
    Row("prompt", ("none",), "instruct", None, ("no_chat_template",)),
    Row("own_reasoning", _TUNED, "base", "instruct", ("verifiable_reward", "thinking_hard_to_move"), outputs=_VERIFIABLE, thinking=True),
    Row("tune_labels_open", _TUNED, "base", "instruct", ("examples_not_given",), outputs=_LABELS, unit="examples", given=False),
    Row(
        "tune_labels_few",
        _TUNED,
        "instruct",
        None,
        ("few_examples", "encoder_first", "encoder_break_even"),
        _THUMB,
        outputs=_LABELS,
        unit="examples",
        least=ENCODER_EXAMPLES,
        below=FEW_EXAMPLES,
        other_tool="encoder",
    ),
    Row(
        "tune_labels_some",
        _TUNED,
        "base",
        "instruct",
        ("some_examples", *_HEAD),
        (*_AGAINST_HEAD, *_THUMB),
        outputs=_LABELS,
        unit="examples",
        least=FEW_EXAMPLES,
        below=MANY_EXAMPLES,
        other_tool="encoder",
    ),
    Row(
        "tune_labels",
        _TUNED,
        "base",
        "instruct",
        _HEAD,
        _AGAINST_HEAD,
        outputs=_LABELS,
        unit="examples",
        least=MANY_EXAMPLES,
        other_tool="encoder",
    ),
    Row("tune_few", _TUNED, "instruct", None, ("few_examples",), _THUMB, unit="examples", below=FEW_EXAMPLES),
    Row("tune_some", _TUNED, "instruct", "base", ("some_examples",), _THUMB, unit="examples", least=FEW_EXAMPLES, below=MANY_EXAMPLES),
    Row(
        "tune_style",
        _TUNED,
        "base",
        "instruct",
        ("alignment_costs_diversity", "averaging_softens_the_tax"),
        _AGAINST_BASE,
        outputs=("creative",),
        unit="examples",
        least=MANY_EXAMPLES,
        way_back=("average_weights",),
    ),
    Row(
        "tune",
        _TUNED,
        "base",
        "instruct",
        ("many_examples", "graft_delta"),
        _AGAINST_BASE,
        unit="examples",
        least=MANY_EXAMPLES,
        way_back=("graft_delta",),
    ),
    Row(
        "lora_on_text",
        ("lora",),
        "base",
        None,
        ("lora_learns_less", "cpt_loses_instructions", "chat_vector"),
        ("counter_instruction_first",),
        unit="tokens",
        way_back=("add_residual",),
    ),
    Row("tune_open", _TUNED, "instruct", "base", ("examples_not_given",)),
)
"""The decision table, the first row that holds answers; the last one of each plan holds always."""


def advise(scenario: Scenario) -> Advice:
    """Return which kind of checkpoint to start from, by output, plan and number of examples or tokens."""
    return next(row for row in TABLE if row.holds(scenario)).advice


def variant_fit(advice: Advice, variant: Variant, reasoning: Reasoning) -> float:
    """Return how well a checkpoint is the kind advised: 1 the kind, 0.5 workable, 0.1 the wrong kind."""
    kinds: dict[Start, float] = {"base": 0.1, "instruct": 0.1, "reasoning": 0.1}
    if variant == "base":
        kinds["base"] = 1.0
    else:
        kinds["base"] = 0.1 if reasoning == "always" else 0.5
        kinds["instruct"] = 0.5 if reasoning == "always" else 1.0
        kinds["reasoning"] = 0.5 if reasoning == "none" else 1.0
    fit = kinds[advice.start]
    return max(fit, 0.5) if advice.also and kinds[advice.also] == 1.0 else fit


@dataclass(frozen=True)
class Pair:
    """The Base and the Instruct of one size, which a residual is taken from."""

    base: str | None
    instruct: str | None
    missing: tuple[Missing, ...]
    others: tuple[str, ...]
    """Further Bases and Instructs of the size: there the pair has to be checked by hand."""


def pair(registry: Registry, entry: Entry) -> Pair:
    """Return the Base and the Instruct of an entry's size: itself, else those named most like it; and what is missing."""
    checkpoints = entry.size.checkpoints
    known = dict.fromkeys(checkpoint.id for checkpoint in checkpoints if checkpoint.variant == "base")
    stated = registry.base_of(entry)
    bases = [*known] if stated is None or stated in known else [stated, *known]
    thoughtless = [checkpoint.id for checkpoint in checkpoints if checkpoint.variant != "base" and checkpoint.reasoning != "always"]
    instructs = thoughtless or [checkpoint.id for checkpoint in checkpoints if checkpoint.variant != "base"]
    base = entry.id if entry.checkpoint.variant == "base" else _likest(entry.id, bases)
    instruct = entry.id if entry.checkpoint.variant != "base" else _likest(entry.id, instructs)
    missing: list[Missing] = []
    if base is None:
        missing.append("base_not_published" if entry.size.base.published is False else "base_not_found")
    if instruct is None:
        missing.append("instruct_not_registered")
    others = tuple(name for name in (*bases, *instructs) if name not in {base, instruct})
    return Pair(base, instruct, tuple(missing), others)


def _likest(name: str, names: list[str]) -> str | None:
    """Return the name most like another (version numbers tell siblings apart), the first of equals."""
    return max(names, key=lambda other: difflib.SequenceMatcher(None, name.lower(), other.lower()).ratio(), default=None)
