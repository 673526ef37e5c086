"""Models: the spec table, filtered and grouped; a click on a row opens the model."""

import streamlit as st

from model_registry.frame import to_csv, to_json, to_parquet
from pages.models.table import GROUPS, NAME, UNKNOWN, Filters, columns, filtered, newest_first, styled
from pages.models.table import header as column_header
from pages.shared import data, state
from pages.shared.parts import header, notices
from texts.catalogue import catalogue

PAGE, MODEL_PAGE = "models", "pages/model/page.py"
t = catalogue(state.language())
current = data.live().current()
table = current.table


def choices(column: str) -> list[str]:
    """Return a column's values, sorted."""
    return sorted(table[column].dropna().unique(), key=str.lower)


def several(name: str, label: str, options: list[str], words: str | None = None) -> tuple[str, ...]:
    """Draw a filter by codes behind a button that shows how many are chosen, and return them."""
    key = state.setting(PAGE, name, [], options)
    count = len(state.setting_now(PAGE, name) or [])
    with st.popover(f"{label} · {count}" if count else label):
        chosen = st.pills(label, options, selection_mode="multi", key=key, format_func=lambda code: t(f"{words}.{code}") if words else code)
    state.keep_setting(PAGE, name, chosen)
    return tuple(chosen)


def limit(name: str, label: str) -> float:
    """Draw a filter by billions of parameters behind a button, and return it; 0 = no limit."""
    key = state.setting(PAGE, name, 0.0)
    now = state.setting_now(PAGE, name)
    with st.popover(f"{label} · {now:g}" if now else label):
        value = st.number_input(label, min_value=0.0, step=1.0, format="%g", key=key)
    state.keep_setting(PAGE, name, value)
    return float(value)


header(t, current.registry.version)
st.title(t("models.question"), anchor=False)
text = st.text_input(t("models.search"), key=state.setting(PAGE, "text", ""), placeholder=t("models.search_hint"))
state.keep_setting(PAGE, "text", text)
with st.container(horizontal=True):
    developers = several("developer", t("models.developer"), choices("developer"))
    variants = several("variant", t("models.variant"), ["base", "instruct", "chat"], "variant")
    kinds = several("kind", t("models.architecture"), ["dense", "moe", "hybrid"], "architecture")
    licences = several("licence", t("models.licence"), choices("licence"))
    least, most = limit("min", t("models.least")), limit("max", t("models.most"))
groups = st.pills(
    t("models.groups"),
    GROUPS,
    selection_mode="multi",
    key=state.setting(PAGE, "groups", list(GROUPS[:3]), GROUPS),
    format_func=lambda code: t(f"group.{code}"),
)
state.keep_setting(PAGE, "groups", groups)
notices(t)

filters = Filters(text, developers, variants, kinds, licences, least, most)
rows = newest_first(filtered(table, filters))
shown = columns(tuple(groups))
if rows.empty:
    st.info(t("models.nothing"), icon=":material/filter_alt_off:")
    st.button(t("models.clear"), on_click=state.clear_settings, args=(PAGE,))
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
state.write_settings(PAGE)
