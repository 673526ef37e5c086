"""The sections of Guide: the answer, three sizes of data, the whole table, the pair, and whether there is a Base."""

import pandas as pd
import streamlit as st

from model_registry.bases import SizeBase, count_bases, size_bases
from model_registry.registry import Registry
from pages.guide import words
from pages.guide.controls import PAGE
from pages.shared import state
from scoring.scenario import Output, Plan, Scenario, TrainingPlan
from scoring.variants import TABLE, Advice, advise, pair
from texts import numbers
from texts.catalogue import Catalogue
from texts.markup import plain

SIZES = (100, 1_000, 100_000)
COMPARED: tuple[Output, ...] = ("label", "chat", "creative")
PROSE_WIDTH = 760
"""Pixels of a line that is read, not scanned."""
DEFAULT_PAIR = "Qwen/Qwen3-8B"
_PUBLISHED = {True: "published", False: "not_published", None: "not_found"}


def answer(t: Catalogue, registry: Registry, scenario: Scenario, advice: Advice) -> None:
    """Draw the answer for the visitor's case, the largest thing on the page, and why."""
    st.caption(t("guide.answer_label"))
    st.header(t(f"advice.{advice.start}"), anchor=False)
    if advice.also:
        st.markdown(t("advice.also", also=t(f"advice.{advice.also}")))
    if advice.other_tool:
        st.info(t(f"advice.other_tool.{advice.other_tool}"), icon=":material/swap_horiz:")
    st.markdown(words.reasons(t, advice), width=PROSE_WIDTH)
    if advice.start == "base" and advice.other_tool != "embedding_model":
        found = count_bases(size_bases(registry))
        st.markdown(t("guide.base_gate", published=found.published, sizes=found.sizes, none=found.not_published, open=found.not_found))
    state.recommend_link(t("guide.to_recommend"), scenario)


def way_back(t: Catalogue, registry: Registry, advice: Advice) -> None:
    """Draw what the pair of Base and Instruct makes possible, for a model of the visitor's choice."""
    if not advice.way_back:
        return
    st.subheader(t("guide.pair_title"), anchor=False)
    for code in advice.way_back:
        st.markdown(t(f"advice.way_back.{code}"))
    ids = [entry.id for entry in registry.entries]
    chosen = st.selectbox(t("guide.m"), ids, key=state.setting(PAGE, "m", DEFAULT_PAIR, ids), filter_mode="fuzzy")
    state.keep_setting(PAGE, "m", chosen)
    found = pair(registry, registry[chosen])
    named = [(kind, name) for kind, name in (("base", found.base), ("instruct", found.instruct)) if name is not None]
    st.markdown("\n".join(f"- {t(f'advice.{kind}')}: {_model(registry, name)}" for kind, name in named))
    for lacking in found.missing:
        st.warning(t(f"advice.missing.{lacking}"), icon=":material/link_off:")
    if found.others:
        st.caption(t("guide.pair_others", others=plain(t("need.joined_by").join(found.others))))


def by_size(t: Catalogue, scenario: Scenario) -> None:
    """Draw what to start from with few, some and many examples, for the visitor's output and others."""
    plan: Plan = "full" if scenario.training.plan == "full" else "lora"
    st.subheader(t("guide.sizes_title"), anchor=False)
    st.markdown(t("guide.sizes_sentence", plan=t(f"plan.{plan}")))
    columns = dict.fromkeys((scenario.output, *COMPARED))
    rows = [
        {
            t("guide.ex"): numbers.exact(size),
            **{
                t(f"output.{output}"): words.short_kind(
                    t, advise(scenario.model_copy(update={"output": output, "training": TrainingPlan(plan=plan, examples=size)}))
                )
                for output in columns
            },
        }
        for size in SIZES
    ]
    st.table(pd.DataFrame(rows), border="horizontal", hide_index=True)


def table(t: Catalogue, advice: Advice) -> None:
    """Draw every row of the decision table, the visitor's own marked."""
    st.subheader(t("guide.table_title"), anchor=False)
    st.markdown(t("guide.table_sentence"))
    for row in TABLE:
        with st.container(border=row.code == advice.row, gap="xsmall"):
            case, start, why = st.columns((4, 3, 7))
            with case, st.container(gap=None):
                if row.code == advice.row:
                    st.badge(t("guide.your_case"), icon=":material/person_pin_circle:")
                st.markdown(f"**{words.plans(t, row)}**")
                st.caption(f"{words.outputs(t, row)} · {words.amount(t, row)}")
            start.markdown(words.kind(t, row.advice))
            why.markdown(words.reasons(t, row.advice))
    st.caption(t("guide.table_read"))


def bases(t: Catalogue, registry: Registry) -> None:
    """Draw which sizes have a published Base, narrowed by developer and year."""
    st.subheader(t("guide.bases_title"), anchor=False)
    every = size_bases(registry)
    years = sorted({row.year for row in every if row.year}, reverse=True)
    with st.container(horizontal=True):
        developers = _several(t, "dev", sorted({row.developer for row in every}, key=str.lower))
        chosen = _several(t, "year", years)
    rows = [row for row in every if (not developers or row.developer in developers) and (not chosen or row.year in chosen)]
    found = count_bases(rows)
    counts = {"published": found.published, "not_published": found.not_published, "not_found": found.not_found}
    if chosen:
        st.markdown(t("guide.bases_sentence_years", sizes=found.sizes, years=t("need.joined_by").join(sorted(chosen)), **counts))
    else:
        st.markdown(t("guide.bases_sentence", sizes=found.sizes, **counts))
        newest = {year: count_bases([row for row in rows if row.year == year]) for year in years[:3]}
        told = (t("guide.year_count", year=year, published=one.published, sizes=one.sizes) for year, one in newest.items())
        st.caption(t("guide.years_joined_by").join(told))
    if not rows:
        st.info(t("guide.no_bases"), icon=":material/filter_alt_off:")
        return
    frame = pd.DataFrame([_base_row(t, row) for row in rows])
    link = st.column_config.LinkColumn(display_text=r"(?:id=|huggingface.co/)(.+)$")
    pinned = {t("column.release"): st.column_config.TextColumn(pinned=True), t("guide.open"): link}
    source = {t("model.source_column"): st.column_config.LinkColumn(display_text=t("model.open_source"))}
    st.dataframe(frame, hide_index=True, height=480, key="bases", column_config={**pinned, **source}, alt=t("guide.bases_title"))


def _base_row(t: Catalogue, row: SizeBase) -> dict[str, str | None]:
    return {
        t("column.release"): row.release,
        t("guide.size"): row.size,
        t("guide.published"): t(f"guide.{_PUBLISHED[row.published]}_short"),
        t("guide.open"): state.model_link(row.checkpoint_id) if row.registered else f"https://huggingface.co/{row.base_id}",
        t("column.developer"): row.developer,
        t("column.released"): row.released,
        t("model.source_column"): row.source.url,
    }


def _model(registry: Registry, name: str) -> str:
    return f"[{plain(name)}]({state.model_link(name)})" if name in registry else plain(name)


def _several(t: Catalogue, name: str, options: list[str]) -> list[str]:
    key = state.setting(PAGE, name, [], options)
    count = len(state.setting_now(PAGE, name) or [])
    with st.popover(f"{t(f'guide.{name}')} · {count}" if count else t(f"guide.{name}")):
        chosen = st.pills(t(f"guide.{name}"), options, selection_mode="multi", key=key)
    state.keep_setting(PAGE, name, list(chosen))
    return list(chosen)
