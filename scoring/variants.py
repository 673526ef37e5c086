"""Base, Instruct/Chat or Reasoning: which kind of checkpoint to start from, and why.

The decision table rests on published comparisons; ``EVIDENCE`` names where they can be checked.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from model_registry.schema import Reasoning, Variant
from scoring.scenario import Scenario

Start: TypeAlias = Literal["base", "instruct", "reasoning"]

FEW_EXAMPLES, MANY_EXAMPLES = 300, 1_000
"""Below the first: Instruct; from the second on: Base (Unsloth documentation, "What model should I use?")."""
ENCODER_EXAMPLES = 200
"""From about this many labels a fine-tuned encoder beats prompting a large model (arXiv 2406.08660, 2402.12819)."""
MUCH_TEXT_TOKENS = 100_000_000
_LABEL_OUTPUTS = frozenset({"label", "span", "score"})

EVIDENCE: dict[str, str] = {
    "no_chat_template": "https://huggingface.co/docs/transformers/chat_templating",
    "thinking_pays": "https://arxiv.org/abs/2501.12948",
    "few_examples": "https://docs.unsloth.ai/get-started/fine-tuning-llms-guide/what-model-should-i-use",
    "some_examples": "https://docs.unsloth.ai/get-started/fine-tuning-llms-guide/what-model-should-i-use",
    "head_beats_prompting": "https://arxiv.org/abs/2512.12677",
    "graft_delta": "https://arxiv.org/abs/2505.12716",
    "cpt_loses_instructions": "https://arxiv.org/abs/2410.10739",
    "chat_vector": "https://arxiv.org/abs/2310.04799",
    "encoder_first": "https://arxiv.org/abs/2406.08660",
    "alignment_costs_diversity": "https://arxiv.org/abs/2309.06256",
    "counter_instruction_first": "https://arxiv.org/abs/2402.12847",
}
"""Where the reasons that rest on published work can be checked; the others follow from the plan itself."""


@dataclass(frozen=True)
class Advice:
    """The kind to start from, the kind to try beside it, and the reasons as codes."""

    start: Start
    also: Start | None
    reason_codes: tuple[str, ...]


def advise(scenario: Scenario) -> Advice:
    """Return which kind of checkpoint to start from, by output, plan and number of examples."""
    plan = scenario.training.plan
    if plan == "continued_pretraining":
        enough = (scenario.training.tokens or 0) >= MUCH_TEXT_TOKENS
        small = () if enough else ("little_text",)
        return Advice("base", None, ("cpt_loses_instructions", "chat_vector", *small, "counter_instruction_first"))
    if scenario.output == "embedding":
        return Advice("base", None, ("embedding_model_first",))
    if plan == "none":
        return _untrained(scenario)
    return _tuned(scenario)


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


def _untrained(scenario: Scenario) -> Advice:
    if scenario.output in _LABEL_OUTPUTS and (scenario.training.examples or 0) >= ENCODER_EXAMPLES:
        return Advice("instruct", None, ("no_chat_template", "encoder_first"))
    if scenario.output == "math" or (scenario.needs.reasoning and scenario.output not in _LABEL_OUTPUTS):
        return Advice("reasoning", "instruct", ("thinking_pays", "thinking_costs_tokens"))
    if scenario.output in {"code", "tool_calls"}:
        return Advice("instruct", "reasoning", ("no_chat_template", "thinking_optional"))
    return Advice("instruct", None, ("no_chat_template",))


def _tuned(scenario: Scenario) -> Advice:
    examples = scenario.training.examples
    labels = scenario.output in _LABEL_OUTPUTS
    if examples is None:
        return Advice("base" if labels else "instruct", "instruct" if labels else "base", ("examples_not_given",))
    if examples < FEW_EXAMPLES:
        return Advice("instruct", None, ("few_examples",))
    if labels:
        codes = ("head_beats_prompting", "no_chat_skill_to_lose", "encoder_first")
        return Advice("base", "instruct", codes if examples >= MANY_EXAMPLES else ("some_examples", *codes))
    if examples < MANY_EXAMPLES:
        return Advice("instruct", "base", ("some_examples",))
    if scenario.output == "creative":
        return Advice("base", "instruct", ("alignment_costs_diversity", "counter_instruction_first"))
    return Advice("base", "instruct", ("many_examples", "graft_delta", "counter_instruction_first"))
