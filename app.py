"""The frame: page settings, warm-up, language, page list, and the page that was asked for."""

import gc

import streamlit as st

from model_registry.faults import RegistryError
from pages.shared import data, state
from pages.shared.parts import declare_language
from texts.catalogue import catalogue
from texts.markup import plain


@st.cache_resource(show_spinner=False)
def freeze_imports() -> bool:
    """Take what was imported out of the collector's sight: a full collection after every rerun would cost 0.1 s."""
    gc.collect()
    gc.freeze()
    return True


st.set_page_config(page_title="Plinth", page_icon="pages/shared/icon.png", layout="wide", initial_sidebar_state="auto")
t = catalogue(state.language())
page = st.navigation(
    [
        st.Page("pages/recommend/page.py", title=t("nav.recommend"), icon=":material/explore:", default=True),
        st.Page("pages/recommend/page.py", title=t("nav.recommend"), url_path="recommend", visibility="hidden"),
        st.Page("pages/models/page.py", title=t("nav.models"), icon=":material/table_rows:", url_path="models"),
        st.Page("pages/model/page.py", title=t("nav.model"), icon=":material/article:", url_path="model"),
        st.Page("pages/tokenizers/page.py", title=t("nav.tokenizers"), icon=":material/content_cut:", url_path="tokenizers"),
        st.Page("pages/hardware/page.py", title=t("nav.hardware"), icon=":material/developer_board:", url_path="hardware"),
        st.Page("pages/licences/page.py", title=t("nav.licences"), icon=":material/gavel:", url_path="licences"),
        st.Page("pages/guide/page.py", title=t("nav.guide"), icon=":material/signpost:", url_path="guide"),
        st.Page("pages/about/page.py", title=t("nav.about"), icon=":material/info:", url_path="about"),
    ],
    position="top",
)
try:
    data.live().current()
except RegistryError as error:
    st.error(t("app.broken"), icon=":material/error:")
    st.code(str(error.faults[0]), language=None, wrap_lines=True)
    st.markdown(t("app.broken_hint"))
    st.stop()
fault = data.live().fault
if fault is not None:
    st.warning(t("app.stale", fault=plain(fault)), icon=":material/history:")
freeze_imports()
page.run()
declare_language(t)
