"""Models: the spec table, filtered and grouped; a click on a row opens the model."""

import streamlit as st

from model_registry.frame import to_csv, to_json, to_parquet
from pages.models.table import GROUPS, NAME, UNKNOWN, Filters, columns, filtered, styled
from pages.models.table import header as column_header
from pages.shared import data, state
from pages.shared.parts import header, notices
from texts.catalogue import catalogue

MODEL_PAGE = "pages/model/page.py"
t = catalogue(state.language())
current = data.live().current()
table = current.table


def choices(column: str) -> list[str]:
    """Return a column's values, sorted."""
    return sorted(table[column].dropna().unique(), key=str.lower)


def several(name: str, label: str, options: list[str], words: str | None = None) -> tuple[str, ...]:
    """Draw a multiselect that keeps only known codes, and return what was chosen."""
    key = state.filter_value(name, [], options)
    chosen = st.multiselect(label, options, key=key, format_func=lambda code: t(f"{words}.{code}") if words else code)
    state.keep_filter(name, chosen)
    return tuple(chosen)


header(t, current.registry.version)
st.title(t("models.question"), anchor=False)
with st.container(border=False):
    first, second, third = st.columns([2, 1, 1])
    with first:
        text = st.text_input(t("models.search"), key=state.filter_value("text", ""), placeholder=t("models.search_hint"))
        state.keep_filter("text", text)
    with second:
        developers = several("developer", t("models.developer"), choices("developer"))
    with third:
        licences = several("licence", t("models.licence"), choices("licence"))
    fourth, fifth, sixth, seventh = st.columns([1, 1, 1, 1])
    with fourth:
        variants = several("variant", t("models.variant"), ["base", "instruct", "chat"], "variant")
    with fifth:
        kinds = several("kind", t("models.architecture"), ["dense", "moe", "hybrid"], "architecture")
    with sixth:
        least = st.number_input(t("models.least"), min_value=0.0, step=1.0, format="%g", key=state.filter_value("min", 0.0))
        state.keep_filter("min", least)
    with seventh:
        most = st.number_input(t("models.most"), min_value=0.0, step=1.0, format="%g", key=state.filter_value("max", 0.0))
        state.keep_filter("max", most)
    groups = st.pills(
        t("models.groups"),
        GROUPS,
        selection_mode="multi",
        key=state.filter_value("groups", list(GROUPS[:3]), list(GROUPS)),
        format_func=lambda code: t(f"group.{code}"),
    )
    state.keep_filter("groups", groups)
notices(t)

filters = Filters(text, developers, variants, kinds, licences, least, most)
rows = filtered(table, filters).reset_index(drop=True)
shown = columns(tuple(groups))
if rows.empty:
    st.info(t("models.nothing"), icon=":material/filter_alt_off:")
    st.button(t("models.clear"), on_click=state.clear_filters)
else:
    st.markdown(t("models.sentence", shown=len(rows), all=len(table)))
    event = st.dataframe(
        styled(t, current.registry, rows, shown),
        hide_index=True,
        height=620,
        key="models_table",
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        column_config={column_header(t, NAME): st.column_config.TextColumn(pinned=True, width="medium")},
        placeholder=UNKNOWN,
        alt=t("models.table_summary", shown=len(rows)),
    )
    chosen = [*event.selection.rows, *(cell[0] for cell in event.selection.cells)]
    if chosen:
        state.remember_model(rows["id"].iloc[chosen[0]])
        st.switch_page(MODEL_PAGE)
    st.caption(t("models.unknown_help"))
    with st.container(horizontal=True):
        st.download_button("CSV", lambda: to_csv(rows), "plinth.csv", "text/csv", icon=":material/download:")
        st.download_button("JSON", lambda: to_json(rows), "plinth.json", "application/json", icon=":material/download:")
        st.download_button("Parquet", lambda: to_parquet(rows), "plinth.parquet", icon=":material/download:")
state.write_filters()
