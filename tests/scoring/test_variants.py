"""Which kind to start from: the decision table row by row."""

import pytest

from model_registry.schema import Reasoning, Variant
from scoring.scenario import Needs, Output, Plan, Scenario, TrainingPlan, presets
from scoring.variants import EVIDENCE, Advice, Start, advise, variant_fit


def _advice(output: Output, plan: Plan = "none", examples: int | None = None, tokens: int | None = None) -> Advice:
    return advise(Scenario(output=output, training=TrainingPlan(plan=plan, examples=examples, tokens=tokens)))


@pytest.mark.parametrize(
    ("output", "start", "also", "reason"),
    [
        ("chat", "instruct", None, "no_chat_template"),
        ("generation", "instruct", None, "no_chat_template"),
        ("creative", "instruct", None, "no_chat_template"),
        ("translation", "instruct", None, "no_chat_template"),
        ("label", "instruct", None, "no_chat_template"),
        ("math", "reasoning", "instruct", "thinking_pays"),
        ("code", "instruct", "reasoning", "thinking_optional"),
        ("tool_calls", "instruct", "reasoning", "thinking_optional"),
        ("embedding", "base", None, "embedding_model_first"),
    ],
)
def test_without_training_the_output_decides(output: Output, start: Start, also: Start | None, reason: str) -> None:
    advice = _advice(output)
    assert (advice.start, advice.also) == (start, also)
    assert reason in advice.reason_codes


@pytest.mark.parametrize("output", ["label", "span", "score"])
@pytest.mark.parametrize(("examples", "told"), [(None, False), (0, False), (199, False), (200, True), (5000, True)])
def test_from_two_hundred_labels_on_an_encoder_is_named_even_without_training(output: Output, examples: int | None, told: bool) -> None:  # noqa: FBT001 (a row of the table)
    """About 200 labels: arXiv 2406.08660."""
    advice = _advice(output, examples=examples)
    assert (advice.start, "encoder_first" in advice.reason_codes) == ("instruct", told)


def test_a_need_to_think_asks_for_a_reasoning_checkpoint() -> None:
    advice = advise(Scenario(output="chat", needs=Needs(reasoning=True)))
    assert (advice.start, advice.also) == ("reasoning", "instruct")


def test_a_label_needs_no_reasoning_checkpoint() -> None:
    assert advise(Scenario(output="label", needs=Needs(reasoning=True))).start == "instruct"


@pytest.mark.parametrize("plan", ["lora", "full"])
@pytest.mark.parametrize(
    ("output", "examples", "start", "also", "reason"),
    [
        ("label", 100, "instruct", None, "few_examples"),
        ("label", 299, "instruct", None, "few_examples"),
        ("label", 300, "base", "instruct", "some_examples"),
        ("label", 500, "base", "instruct", "some_examples"),
        ("label", 999, "base", "instruct", "some_examples"),
        ("label", 1000, "base", "instruct", "head_beats_prompting"),
        ("label", 5000, "base", "instruct", "no_chat_skill_to_lose"),
        ("span", 5000, "base", "instruct", "encoder_first"),
        ("score", 5000, "base", "instruct", "head_beats_prompting"),
        ("chat", 100, "instruct", None, "few_examples"),
        ("chat", 500, "instruct", "base", "some_examples"),
        ("chat", 999, "instruct", "base", "some_examples"),
        ("chat", 1000, "base", "instruct", "graft_delta"),
        ("chat", 5000, "base", "instruct", "many_examples"),
        ("code", 5000, "base", "instruct", "counter_instruction_first"),
        ("creative", 100, "instruct", None, "few_examples"),
        ("creative", 5000, "base", "instruct", "alignment_costs_diversity"),
        ("label", None, "base", "instruct", "examples_not_given"),
        ("chat", None, "instruct", "base", "examples_not_given"),
    ],
)
def test_with_tuning_the_number_of_examples_decides(  # noqa: PLR0913, PLR0917 (the columns of the table)
    plan: Plan, output: Output, examples: int | None, start: Start, also: Start | None, reason: str
) -> None:
    """300 and 1,000 examples: Unsloth documentation, "What model should I use?"."""
    advice = _advice(output, plan, examples)
    assert (advice.start, advice.also) == (start, also)
    assert reason in advice.reason_codes


def test_between_the_two_numbers_the_doubt_is_told_and_above_it_is_not() -> None:
    assert "some_examples" in _advice("label", "lora", 500).reason_codes
    assert "some_examples" not in _advice("label", "lora", 5000).reason_codes


@pytest.mark.parametrize("output", ["chat", "label", "math", "embedding"])
@pytest.mark.parametrize(("tokens", "little"), [(None, True), (99_999_999, True), (100_000_000, False), (10**10, False)])
def test_continued_pretraining_starts_from_base_and_says_when_the_text_is_little(output: Output, tokens: int | None, little: bool) -> None:  # noqa: FBT001 (a row of the table)
    advice = _advice(output, "continued_pretraining", tokens=tokens)
    assert (advice.start, "little_text" in advice.reason_codes) == ("base", little)
    assert {"cpt_loses_instructions", "chat_vector", "counter_instruction_first"} <= set(advice.reason_codes)


@pytest.mark.parametrize("plan", ["none", "lora", "full"])
def test_an_embedding_starts_from_base_whatever_the_examples(plan: Plan) -> None:
    assert _advice("embedding", plan, 5000) == Advice("base", None, ("embedding_model_first",))


FITS = [
    ("base", "none", 1.0, 0.1, 0.1),
    ("instruct", "none", 0.5, 1.0, 0.5),
    ("chat", "none", 0.5, 1.0, 0.5),
    ("instruct", "switchable", 0.5, 1.0, 1.0),
    ("instruct", "always", 0.1, 0.5, 1.0),
]


@pytest.mark.parametrize(("variant", "reasoning", "base", "instruct", "thinking"), FITS)
def test_each_kind_fits_each_advice_as_documented(
    variant: Variant, reasoning: Reasoning, base: float, instruct: float, thinking: float
) -> None:
    starts: tuple[Start, ...] = ("base", "instruct", "reasoning")
    assert [variant_fit(Advice(start, None, ()), variant, reasoning) for start in starts] == [base, instruct, thinking]


@pytest.mark.parametrize(
    ("advice", "variant", "reasoning", "fit"),
    [
        (Advice("instruct", "base", ()), "base", "none", 0.5),
        (Advice("instruct", None, ()), "base", "none", 0.1),
        (Advice("reasoning", "instruct", ()), "instruct", "none", 0.5),
        (Advice("base", "instruct", ()), "instruct", "always", 0.1),
        (Advice("base", "instruct", ()), "base", "none", 1.0),
    ],
)
def test_the_kind_to_try_beside_counts_half_at_least(advice: Advice, variant: Variant, reasoning: Reasoning, fit: float) -> None:
    assert variant_fit(advice, variant, reasoning) == fit


@pytest.mark.parametrize("name", presets())
def test_the_advice_of_every_preset_has_a_reason_that_can_be_checked(name: str) -> None:
    advice = advise(presets()[name])
    assert advice.reason_codes == ("embedding_model_first",) or set(advice.reason_codes) & set(EVIDENCE)


@pytest.mark.parametrize("url", EVIDENCE.values())
def test_evidence_can_be_opened(url: str) -> None:
    assert url.startswith("https://")
