"""Taking the answer along: the link with the whole state, and the decision memo."""

import streamlit as st

from model_registry.registry import Registry
from pages.shared import state
from scoring.memo import Memo, Occasion, as_html, as_markdown, memo
from scoring.recommend import Recommendation
from texts.catalogue import Catalogue
from texts.markup import plain


def share(t: Catalogue, registry: Registry, answer: Recommendation, day: str) -> None:
    """Draw the link, and the memo to download or to copy."""
    link = state.share_link(registry.version)
    st.subheader(t("recommend.share_title"), anchor=False)
    st.markdown(t("recommend.share_sentence", version=plain(registry.version)))
    st.code(link, language=None, wrap_lines=True)
    st.subheader(t("memo.title"), anchor=False)
    st.markdown(t("memo.sentence"))

    def written() -> Memo:
        return memo(t, registry, answer, Occasion(day, link if link.startswith("http") else None))

    with st.container(horizontal=True):
        st.download_button(
            t("memo.download_markdown"), lambda: as_markdown(written()), "plinth.md", "text/markdown", icon=":material/download:"
        )
        st.download_button(t("memo.download_html"), lambda: as_html(written()), "plinth.html", "text/html", icon=":material/download:")
    opened = st.expander(t("memo.copy"), icon=":material/content_copy:", key="memo_open", on_change="rerun")
    if opened.open:
        with opened:
            st.code(as_markdown(written()), language="markdown", wrap_lines=True)
