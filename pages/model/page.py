"""Model: every fact of one checkpoint with its source and date."""

import streamlit as st

from pages.model import sections
from pages.shared import data, state
from pages.shared.parts import header, label, notices
from texts.catalogue import catalogue
from texts.markup import plain

t = catalogue(state.language())
registry = data.live().current().registry
header(t, registry.version)
notices(t)

ids = [entry.id for entry in registry.entries]
wanted = state.linked_model() or ids[0]
if wanted not in registry:
    st.error(t("model.unknown", id=plain(wanted)), icon=":material/search_off:")
    nearest = registry.nearest(wanted)
    if nearest:
        st.markdown(t("model.nearest"))
        with st.container(horizontal=True):
            for near in nearest:
                st.button(near, on_click=state.remember_model, args=(near,))
chosen = st.selectbox(
    t("model.choose"),
    ids,
    index=ids.index(wanted) if wanted in registry else None,
    key=state.model_key(wanted),
    filter_mode="fuzzy",
)
if chosen is not None and chosen != wanted:
    state.remember_model(chosen)
    st.rerun()
if wanted in registry:
    entry = registry[wanted]
    st.title(plain(label(entry)), anchor=False)
    sections.headline(t, registry, entry)
    if st.button(t("model.hardware"), icon=":material/developer_board:"):
        state.choose_setting("hardware", "m", [entry.id])
        st.switch_page("pages/hardware/page.py")
    sections.licence(t, registry, entry)
    sections.languages(t, registry, entry)
    sections.siblings(t, registry, entry)
    sections.breakdown(t, entry)
    sections.all_facts(t, registry, entry)
    sections.results(t, registry, entry)
    st.caption(t("model.link"))
    st.code(state.model_link(entry.id), language=None, wrap_lines=True)
    state.write_link({state.MODEL_LINK: entry.id})
