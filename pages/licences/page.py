"""Licences: may we? One use against every licence, with the words each answer rests on."""

import streamlit as st

from pages.licences import controls, sections
from pages.licences.judged import judge_licences
from pages.shared import data, state
from pages.shared.parts import header, notices
from texts.catalogue import catalogue

t = catalogue(state.language())
registry = data.live().current().registry

header(t, registry.version)
controls.take_over()
st.title(t("licences.title"), anchor=False)
with st.sidebar:
    st.subheader(t("licences.use_title"), anchor=False)
    use, wrong = controls.use_asked(t)
judged = judge_licences(registry, use)

for sentence in wrong:  # in the page itself: on a phone the sidebar is closed
    st.warning(sentence, icon=":material/error:")
sections.answer(t, registry, judged, use)
entry = controls.model(t, registry)
notices(t)
if entry is not None:
    sections.one_model(t, registry, entry, use)
if controls.view(t) == "table":
    sections.table(t, judged)
else:
    sections.grouped(t, judged)
st.caption(f"{t('licence_reason.not_advice')} {t('licences.advice')}")
st.caption(t("licences.share"))
state.write_settings(controls.PAGE)
st.code(state.settings_link(controls.PAGE), language=None, wrap_lines=True)
