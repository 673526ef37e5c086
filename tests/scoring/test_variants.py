"""Which kind to start from: the decision table row by row."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_registry.registry import Registry
from model_registry.schema import Reasoning, Variant
from scoring.candidates import Candidates
from scoring.gates import apply_gates
from scoring.scenario import Needs, Output, Plan, Scenario, TrainingPlan, presets
from scoring.variants import EVIDENCE, TABLE, Advice, Row, Start, Tool, WayBack, advise, pair, variant_fit


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


C2: list[tuple[str, Plan, Output, int | None, int | None, bool, Start, Start | None, str, str | None]] = [
    ("no training, chat", "none", "chat", None, None, False, "instruct", None, "no_chat_template", None),
    ("no training, extraction", "none", "span", None, None, False, "instruct", None, "no_chat_template", None),
    ("no training, mathematics", "none", "math", None, None, False, "reasoning", "instruct", "thinking_pays", None),
    ("no training, hard code", "none", "code", None, None, True, "reasoning", "instruct", "thinking_costs_tokens", None),
    ("tuned on few", "lora", "chat", 299, None, False, "instruct", None, "few_examples", "counter_rule_of_thumb"),
    ("tuned on some", "full", "chat", 300, None, False, "instruct", "base", "some_examples", "counter_rule_of_thumb"),
    ("labels", "full", "label", 1_000, None, False, "base", "instruct", "head_beats_prompting", "counter_head_not_certain"),
    ("own format", "lora", "chat", 1_000, None, False, "base", "instruct", "graft_delta", "counter_instruction_first"),
    ("pre-training", "continued_pretraining", "chat", None, 10**8, False, "base", None, "chat_vector", "counter_instruction_first"),
    ("pre-training by LoRA", "lora", "chat", None, 10**8, False, "base", None, "lora_learns_less", "counter_instruction_first"),
    ("own reasoning", "full", "math", 50, None, True, "base", "instruct", "verifiable_reward", None),
    ("house style", "lora", "creative", 1_000, None, False, "base", "instruct", "alignment_costs_diversity", "counter_gap_narrows"),
]
"""The rows of the decision table as they were agreed: plan, output, examples, tokens, thinking; start, beside, for, against."""


@pytest.mark.parametrize(
    ("plan", "output", "examples", "tokens", "thinks", "start", "also", "why", "against"),
    [row[1:] for row in C2],
    ids=[row[0] for row in C2],
)
def test_every_row_of_the_agreed_table(  # noqa: PLR0913, PLR0917 (the columns of the table)
    plan: Plan,
    output: Output,
    examples: int | None,
    tokens: int | None,
    thinks: bool,  # noqa: FBT001 (a row of the table)
    start: Start,
    also: Start | None,
    why: str,
    against: str | None,
) -> None:
    training = TrainingPlan(plan=plan, examples=examples, tokens=tokens)
    advice = advise(Scenario(output=output, training=training, needs=Needs(reasoning=True if thinks else None)))
    assert (advice.start, advice.also) == (start, also)
    assert why in advice.because
    assert (against in advice.counter_codes) if against else advice.counter_codes == ()


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.code)
def test_every_row_of_the_table_answers_its_own_example(row: Row) -> None:
    """A row that an earlier one hides would never answer."""
    advice = advise(row.example())
    assert advice.row == row.code
    assert (advice.start, advice.also, advice.because) == (row.start, row.also, row.because)


@given(
    st.sampled_from(get_args(Plan)),
    st.sampled_from(get_args(Output)),
    st.none() | st.integers(0, 10**7),
    st.none() | st.integers(0, 10**12),
    st.sampled_from([None, True, False]),
)
def test_every_scenario_has_an_answer_with_a_reason(
    plan: Plan,
    output: Output,
    examples: int | None,
    tokens: int | None,
    thinks: bool | None,  # noqa: FBT001 (drawn)
) -> None:
    training = TrainingPlan(plan=plan, examples=examples, tokens=tokens)
    advice = advise(Scenario(output=output, training=training, needs=Needs(reasoning=thinks)))
    assert advice.because
    assert advice.start != advice.also
    assert set(advice.reason_codes) == {*advice.because, *advice.counter_codes[:1]}


def test_codes_of_evidence_are_used_and_counters_are_told_apart() -> None:
    used = {code for row in TABLE for code in (*row.because, *row.against)}
    assert set(EVIDENCE) <= used
    assert all(code.startswith("counter_") for row in TABLE for code in row.against)
    assert not [code for row in TABLE for code in row.because if code.startswith("counter_")]


@pytest.mark.parametrize(
    ("output", "plan", "examples", "tool"),
    [
        ("label", "lora", 199, None),
        ("label", "lora", 200, "encoder"),
        ("span", "full", 5000, "encoder"),
        ("label", "none", 200, "encoder"),
        ("label", "none", None, None),
        ("chat", "lora", 5000, None),
        ("embedding", "full", 5000, "embedding_model"),
    ],
)
def test_the_better_tool_is_named(output: Output, plan: Plan, examples: int | None, tool: Tool | None) -> None:
    assert _advice(output, plan, examples).other_tool == tool


@pytest.mark.parametrize(
    ("output", "plan", "examples", "tokens", "ways"),
    [
        ("chat", "continued_pretraining", None, 10**9, ("add_residual",)),
        ("chat", "lora", None, 10**9, ("add_residual",)),
        ("chat", "full", 5000, None, ("graft_delta",)),
        ("creative", "full", 5000, None, ("average_weights",)),
        ("chat", "full", 100, None, ()),
    ],
)
def test_the_way_back_to_chat_is_named(
    output: Output, plan: Plan, examples: int | None, tokens: int | None, ways: tuple[WayBack, ...]
) -> None:
    assert _advice(output, plan, examples, tokens).way_back == ways


def test_where_training_brings_the_thinking_a_base_is_not_removed_for_lacking_it(registry: Registry) -> None:
    candidates = Candidates(registry)
    base = candidates.ids.index("Qwen/Qwen3-8B-Base")

    def kept(output: Output) -> bool:
        scenario = Scenario(output=output, training=TrainingPlan(plan="full", examples=5000), needs=Needs(reasoning=True))
        return bool(apply_gates(candidates, scenario, advise(scenario)).kept[base])

    assert kept("math")
    assert not kept("chat")


@pytest.mark.parametrize(
    ("checkpoint", "base", "instruct", "missing"),
    [
        ("Qwen/Qwen3-8B", "Qwen/Qwen3-8B-Base", "Qwen/Qwen3-8B", ()),
        ("Qwen/Qwen3-8B-Base", "Qwen/Qwen3-8B-Base", "Qwen/Qwen3-8B", ()),
        ("mistralai/Mistral-7B-Instruct-v0.3", "mistralai/Mistral-7B-v0.3", "mistralai/Mistral-7B-Instruct-v0.3", ()),
        ("Qwen/Qwen3-32B", None, "Qwen/Qwen3-32B", ("base_not_published",)),
    ],
)
def test_the_pair_of_a_size(registry: Registry, checkpoint: str, base: str | None, instruct: str | None, missing: tuple[str, ...]) -> None:
    found = pair(registry, registry[checkpoint])
    assert (found.base, found.instruct, found.missing) == (base, instruct, missing)


def test_pairs_of_the_whole_registry_are_of_one_size_and_say_what_is_missing(registry: Registry) -> None:
    for entry in registry.entries:
        found = pair(registry, entry)
        own = {checkpoint.id: checkpoint.variant for checkpoint in entry.size.checkpoints}
        assert found.base is None or own.get(found.base) == "base" or found.base == entry.size.base.id
        assert found.instruct is None or own[found.instruct] != "base"
        assert bool(found.missing) == (found.base is None or found.instruct is None)
        assert entry.id in {found.base, found.instruct}
