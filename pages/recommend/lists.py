"""The lists under the answer: the ranking, what is not known well enough, and who was removed."""

from collections import Counter

import pandas as pd
import streamlit as st

from model_registry.registry import Registry
from pages.recommend import charts
from pages.recommend.answer import memory_text, relaxations
from pages.shared import state
from pages.shared.parts import label
from pages.shared.theme import Ink
from scoring.recommend import Ranked, Recommendation
from scoring.report import removal_words
from texts import numbers
from texts.catalogue import Catalogue

SHOWN_BARS = 10
MODEL_PAGE = "pages/model/page.py"


def ranking(t: Catalogue, registry: Registry, answer: Recommendation, ink: Ink) -> None:
    """Draw the first places as stacked bars, and the whole ranking as a table behind them."""
    if not answer.ranked:
        return
    st.subheader(t("recommend.ranked_title"), anchor=False)
    kept = len(registry.entries) - len(answer.removed)
    shown = answer.ranked[:SHOWN_BARS]
    sentence = t("recommend.ranked_sentence", kept=kept, all=len(registry.entries), rows=len(answer.ranked), shown=len(shown))
    st.markdown(sentence)
    bars = [charts.Bar(label(registry[ranked.id]), ranked) for ranked in shown]
    summary = ", ".join(f"{bar.label} {numbers.points(bar.ranked.score)}" for bar in bars)
    figure = charts.ranking(t, bars, answer.scores.factors, ink)
    st.plotly_chart(figure, key="ranking", theme=None, config={"displayModeBar": False}, alt=f"{sentence} {summary}")
    opened = st.expander(t("recommend.ranked_table"), icon=":material/table_rows:", key="ranked_open", on_change="rerun")
    if opened.open:
        with opened:
            unfold = st.toggle(t("recommend.unfold"), key="unfold", help=t("recommend.unfold_help"))
            _table(t, registry, answer, answer.unfolded if unfold else answer.ranked, f"ranked_table_{unfold}")


def thin(t: Catalogue, registry: Registry, answer: Recommendation) -> None:
    """Draw those that meet the needs but are not known well enough to be ranked."""
    if not answer.thin:
        return
    title = f"{t('recommend.thin_title')} · {len(answer.thin)}"
    opened = st.expander(title, icon=":material/help:", key="thin_open", on_change="rerun")
    if opened.open:
        with opened:
            st.markdown(t("recommend.thin_sentence", count=len(answer.thin)))
            _table(t, registry, answer, answer.thin, "thin_table")


def removed(t: Catalogue, registry: Registry, answer: Recommendation) -> None:
    """Draw how many each need removes, what would bring them back, and each removal with its reason."""
    st.subheader(t("recommend.removed_title"), anchor=False)
    if not answer.removed:
        st.markdown(t("recommend.removed_none"))
        return
    st.markdown(t("recommend.removed_sentence", count=len(answer.removed), all=len(registry.entries)))
    counts = Counter(removal.gate for removal in answer.removed)
    with st.container(horizontal=True):
        for gate, count in counts.most_common():
            st.badge(f"{t(f'gate.{gate}')}: {count}", icon=":material/block:", color="gray")
    if answer.relaxations:
        st.caption(t("recommend.relax_title"))
        relaxations(t, answer)
    opened = st.expander(t("recommend.removed_table"), icon=":material/table_rows:", key="removed_open", on_change="rerun")
    if opened.open:
        with opened:
            _removals(t, registry, answer)


def _removals(t: Catalogue, registry: Registry, answer: Recommendation) -> None:
    rows = [
        {
            t("recommend.model_column"): label(registry[removal.id]),
            t("recommend.gate_column"): t(f"gate.{removal.gate}"),
            t("recommend.reason_column"): removal_words(t, removal),
        }
        for removal in answer.removed
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="removed_table", alt=t("recommend.removed_title"))


def _table(t: Catalogue, registry: Registry, answer: Recommendation, ranked: tuple[Ranked, ...], key: str) -> None:
    rows = [_row(t, registry, answer, item) for item in ranked]
    event = st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        key=key,
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        alt=t("recommend.ranked_title"),
    )
    chosen = [*event.selection.rows, *(cell[0] for cell in event.selection.cells)]
    if chosen:
        state.remember_model(ranked[chosen[0]].id)
        st.switch_page(MODEL_PAGE)


def _row(t: Catalogue, registry: Registry, answer: Recommendation, ranked: Ranked) -> dict[str, object]:
    entry = registry[ranked.id]
    return {
        t("recommend.model_column"): label(entry),
        t("recommend.score_column"): round(100 * ranked.score),
        t("recommend.interval_column"): f"{numbers.points(ranked.low)} – {numbers.points(ranked.high)}",
        t("recommend.first_column"): round(100 * ranked.first_share),
        t("recommend.known_column"): round(100 * ranked.known_weight),
        t("recommend.memory_column"): memory_text(t, answer, ranked)[0],
        t("recommend.licence_column"): t(f"verdict.{answer.gated.licences[ranked.index].verdict}"),
        t("recommend.dominated_column"): label(registry[ranked.dominated_by]) if ranked.dominated_by else "",
        t("recommend.siblings_column"): ", ".join(label(registry[sibling]) for sibling in ranked.siblings),
    }
