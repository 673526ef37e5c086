"""The playground: a visitor's own text, cut by real tokenizers that are loaded when they are first asked for."""

import streamlit as st

from model_registry.tokenizer_tables import Tokenizers
from pages.shared import state
from pages.tokenizers.cutting import MOST_CHARACTERS, PACKAGE, Cut, Cutter, RefusedTextError, available, checked, cut, live, load
from pages.tokenizers.sections import PAGE
from pages.tokenizers.token_view import token_view
from texts import numbers
from texts.catalogue import Catalogue
from texts.markup import plain

DEFAULTS = ["qwen", "gpt-oss", "llama2"]
KEPT, MOST_CHOSEN = 6, 4
"""Tokenizers that stay loaded, for all visitors together: about 50 MB each; the oldest makes room."""


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def loaded(name: str) -> Cutter:
    """Return a tokenizer, kept for all visitors."""
    return load(name)


def playground(t: Catalogue, tables: Tokenizers) -> None:
    """Draw the text, the tokenizers, and how each cuts it."""
    st.subheader(t("playground.title"), anchor=False)
    if not available():
        st.info(t("playground.absent", package=PACKAGE), icon=":material/extension_off:")
        return
    names = live(tables.measured)
    text = st.text_area(t("playground.text"), value=t("playground.sample"), height=120, key="playground_text", help=t("playground.private"))
    key = state.setting(PAGE, "tk", DEFAULTS, names)
    chosen = st.multiselect(
        t("playground.tokenizers"), list(names), key=key, max_selections=MOST_CHOSEN, format_func=lambda name: tables.measured[name].name
    )
    state.keep_setting(PAGE, "tk", chosen)
    try:
        ready = checked(text)
    except RefusedTextError as error:
        values = {name: numbers.exact(value) if isinstance(value, int) else value for name, value in error.values.items()}
        st.warning(t(error.code, **values), icon=":material/text_fields:")
        return
    if not ready:
        st.caption(t("playground.empty", most=numbers.exact(MOST_CHARACTERS)))
        return
    for name in chosen:
        with st.spinner(t("playground.loading", name=tables.measured[name].name), show_time=False):
            done = cut(loaded(names[name]), ready)
        _counts(t, tables.measured[name].name, done)
        token_view(done, t("playground.label", name=tables.measured[name].name), key=f"cut_{name}")


def _counts(t: Catalogue, name: str, done: Cut) -> None:
    """Draw how many tokens, characters and bytes a cut text has."""
    exact, ratio = numbers.exact, done.characters / max(len(done.pieces), 1)
    counted = {"tokens": exact(len(done.pieces)), "characters": exact(done.characters), "bytes": exact(done.bytes)}
    st.markdown(t("playground.counts", name=plain(name), ratio=f"{ratio:.2f}", **counted))
