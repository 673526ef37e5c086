"""The visitor's case: plan, data, output and thinking. Every choice is a setting of the page with a link name."""

from collections.abc import Callable, Sequence
from typing import Any, get_args

import streamlit as st

from pages.guide.words import shown
from pages.shared import state
from scoring.scenario import Needs, Output, Plan, Scenario, TrainingPlan, presets
from texts.catalogue import Catalogue

PAGE = "guide"
OUTPUTS: tuple[Output, ...] = get_args(Output)
PLANS: tuple[Plan, ...] = get_args(Plan)
DATA = ("examples", "text")
EXAMPLES = (50, 100, 200, 300, 500, 1_000, 2_000, 5_000, 10_000, 100_000, 1_000_000)
TOKENS = (1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000)
_LABELS = frozenset({"label", "span", "score"})
_MOST, _SLIDER_WIDTH = 1e13, 576


def take_over() -> None:
    """Start from the case that was asked about on Recommend, unless the page has settings of its own."""
    needs = state.scenario_so_far()
    if needs is None:
        return
    training = needs.training
    known: dict[str, state.Setting] = {"plan": training.plan, "out": needs.output, "think": needs.needs.reasoning is True}
    amounts = {"ex": training.examples, "tok": training.tokens}
    state.seed_settings(PAGE, {**known, **{name: value for name, value in amounts.items() if value}})


def case(t: Catalogue) -> Scenario:
    """Draw the case and return it as a scenario: what Recommend knows, with plan, data, output and thinking replaced."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        plan: Plan = _one_of(t, "plan", "none", PLANS, lambda code: t(f"plan.{code}"))
        output: Output = _one_of(t, "out", "chat", OUTPUTS, lambda code: t(f"output.{code}"))
    on_text = plan == "continued_pretraining"
    if plan == "lora":
        on_text = _switched(t, "data", DATA) == "text"
    examples = tokens = None
    if on_text:
        tokens = _amount(t, "tok", 100_000_000, TOKENS)
    elif plan != "none" or output in _LABELS:
        examples = _amount(t, "ex", 1_000, EXAMPLES)
    thinks = st.toggle(t("guide.think"), key=state.setting(PAGE, "think", default=False, most=1), help=t("guide.think_help"))
    state.keep_setting(PAGE, "think", thinks)
    before = state.scenario_so_far() or presets()["general"]
    training = TrainingPlan(plan=plan, examples=examples, tokens=tokens)
    able_not_to = False if before.needs.reasoning is False else None
    needs = Needs.model_validate({**before.needs.model_dump(), "reasoning": True if thinks else able_not_to})
    return before.model_copy(update={"output": output, "training": training, "needs": needs})


def _one_of(t: Catalogue, name: str, default: str, options: Sequence[str], words: Callable[[str], str]) -> Any:  # noqa: ANN401 - a code of a closed list
    chosen = st.selectbox(t(f"guide.{name}"), options, key=state.setting(PAGE, name, default, options), format_func=words, width=280)
    state.keep_setting(PAGE, name, chosen)
    return chosen


def _switched(t: Catalogue, name: str, options: Sequence[str]) -> str:
    chosen = st.segmented_control(
        t(f"guide.{name}"),
        options,
        key=state.setting(PAGE, name, options[0], options),
        format_func=lambda code: t(f"guide.{name}_{code}"),
        required=True,
    )
    state.keep_setting(PAGE, name, chosen)
    return str(chosen)


def _amount(t: Catalogue, name: str, default: int, steps: tuple[int, ...]) -> int:
    key = state.setting(PAGE, name, default, most=_MOST)
    options = sorted({*steps, int(state.setting_now(PAGE, name))})
    chosen = st.select_slider(t(f"guide.{name}"), options, key=key, format_func=lambda value: shown(t, value), width=_SLIDER_WIDTH)
    state.keep_setting(PAGE, name, chosen)
    return int(chosen)
