"""Tokenizers: what a text costs, measured on one document in many languages, and the visitor's own text cut."""

import streamlit as st

from pages.shared import data, state
from pages.shared.parts import header, notices
from pages.shared.theme import ink
from pages.tokenizers import sections
from pages.tokenizers.playground import playground
from texts.catalogue import catalogue

t = catalogue(state.language())
registry = data.live().current().registry
tables = registry.tokenizers
colours = ink(st.context.theme.type)

header(t, registry.version)
st.title(t("tokenizers.title"), anchor=False)
st.markdown(t("tokenizers.sentence", tokenizers=len(tables.measured), languages=len(tables.languages)))
said = st.container()
text = sections.one_text(t, tables, colours)
own_text = st.container()
sections.every_language(t, tables, text, colours)
sections.vocabularies(t, tables, colours)
sections.reach(t, registry, text)
st.caption(t("tokenizers.unmeasured", count=len(registry.entries) - len(tables.uses), all=len(registry.entries)))
with own_text:  # drawn last: everything else is on the page before a vocabulary is loaded
    playground(t, tables)
with said:
    notices(t)
st.caption(t("hardware.share"))
state.write_settings(sections.PAGE)
st.code(state.settings_link(sections.PAGE), language=None, wrap_lines=True)
