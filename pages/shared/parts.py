"""Small parts that several pages draw."""

import streamlit as st

from model_registry.base_schema import Source
from model_registry.memory import GIB
from model_registry.registry import Entry, Registry
from pages.shared import state
from scoring.licence_use import LicenceVerdict
from scoring.report import reason_words
from texts.catalogue import LANGUAGES, Catalogue, Language
from texts.markup import plain

_HTML_LANGUAGES: dict[Language, str] = {"en": "en", "zh": "zh-CN"}


def header(t: Catalogue, version: str) -> None:
    """Draw the name, the tagline and the language switch."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(f"**{t('app.name')}** · {t('app.tagline')} · {t('app.data_version', version=version)}", width="content")
        st.segmented_control(
            t("app.language_label"),
            LANGUAGES,
            key=state.language_switch(),
            on_change=state.switch_language,
            format_func=lambda code: t(f"language.{code}"),
            label_visibility="collapsed",
            required=True,
        )


def declare_language(t: Catalogue) -> None:
    """Tell browsers and screen readers the page's language: the framework's own page always says English."""
    st.html(f"<script>document.documentElement.lang={_HTML_LANGUAGES[t.language]!r}</script>", unsafe_allow_javascript=True)


def notices(t: Catalogue) -> None:
    """Draw a small notice for each link value that was not understood."""
    for bad in state.bad_values():
        st.warning(t("link.bad", name=plain(bad.name), value=plain(bad.value)), icon=":material/link_off:")


def label(entry: Entry) -> str:
    """Return the short name of a checkpoint: ``Qwen3 8B Base``."""
    return entry.name.removesuffix("-hf").replace("-", " ")


def source_link(t: Catalogue, source: Source | None) -> str:
    """Return a Markdown link to a source, empty without one."""
    return "" if source is None else f"[{t('model.open_source')}]({source.url})"


def licence_line(t: Catalogue, registry: Registry, verdict: LicenceVerdict) -> str:
    """Return what stands behind a verdict in one line: the licence and its weightiest finding."""
    licence = registry.licences.get(verdict.licence_id or "")
    name = plain(licence.name) if licence else t("model.licence_unread")
    if not verdict.reasons:
        return f"{name}: {t('licence_reason.none')}"
    return f"{name}: {plain(reason_words(t, verdict.reasons[0]))}"


def capacity_text(value: float | None) -> str:
    """Return a capacity in GiB."""
    return "" if value is None else f"{value / GIB:.0f}"
