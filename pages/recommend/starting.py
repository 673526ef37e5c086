"""The next step: commands that download, serve and fine-tune the pick."""

import streamlit as st

from model_registry.registry import Registry
from scoring.next_steps import Step, next_steps
from scoring.recommend import Recommendation
from scoring.tool_options import OPTIONS
from texts import numbers
from texts.catalogue import Catalogue
from texts.markup import plain


def starting(t: Catalogue, registry: Registry, answer: Recommendation) -> None:
    """Draw the download, and each tool behind its name; what a tool cannot do is said."""
    first = answer.pick
    if first is None:
        return
    scenario = answer.scenario
    precision = answer.gated.memory.precision[first.index] or "bf16"
    steps = next_steps(registry, registry[first.id], scenario, precision, scenario.hardware.count)
    st.subheader(t("recommend.next_title"), anchor=False)
    st.markdown(t("recommend.next_sentence"))
    for step in steps:
        if step.kind == "download":
            _commands(step)
    tools = list(dict.fromkeys(step.tool for step in steps if step.kind != "download"))
    names = {tool: OPTIONS[tool].name for tool in tools}
    chosen = st.segmented_control(
        t("recommend.next_tool"), tools, default=tools[0], key=f"next_{first.id}", format_func=names.__getitem__, required=True
    )
    for step in steps:
        if step.tool == chosen:
            _step(t, step)


def _step(t: Catalogue, step: Step) -> None:
    name = plain(OPTIONS[step.tool].name)
    st.markdown(f"**{t(f'next.step.{step.kind}')}** · [{name}]({step.source})")
    if step.text is not None:
        st.caption(plain(step.file or ""))
        st.code(step.text, language="yaml", wrap_lines=True)
    _commands(step)
    for note in step.notes:
        st.caption(t(f"next.{note.code}", **{key: _shown(t, key, value) for key, value in note.values.items()}))


def _shown(t: Catalogue, key: str, value: str | float) -> str:
    if not isinstance(value, str):
        return numbers.exact(value)
    return t(f"precision.{value}") if key == "precision" else plain(value)


def _commands(step: Step) -> None:
    if step.lines:
        st.code("\n".join(step.lines), language="bash", wrap_lines=True)
