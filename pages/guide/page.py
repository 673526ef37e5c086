"""Guide: Base, Instruct, Chat or Reasoning, for the visitor's own case and for every case."""

import streamlit as st

from pages.guide import controls, sections
from pages.shared import data, state
from pages.shared.parts import header, notices
from scoring.variants import advise
from texts.catalogue import catalogue

t = catalogue(state.language())
registry = data.live().current().registry

header(t, registry.version)
controls.take_over()
st.title(t("guide.title"), anchor=False)
said = st.container()
scenario = controls.case(t)
advice = advise(scenario)
sections.answer(t, registry, scenario, advice)
sections.way_back(t, registry, advice)
sections.by_size(t, scenario)
sections.bases(t, registry)
sections.table(t, advice)
st.markdown(t.prose("guide"), width=sections.PROSE_WIDTH)
st.caption(t("guide.evidence_read"))
with said:
    notices(t)
st.caption(t("hardware.share"))
state.write_settings(controls.PAGE)
st.code(state.settings_link(controls.PAGE), language=None, wrap_lines=True)
