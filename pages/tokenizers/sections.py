"""The sections of Tokenizers: one language, every language, vocabularies by script, and how far a context reaches."""

import pandas as pd
import streamlit as st

from model_registry.memory import longest_usable_context
from model_registry.registry import Registry
from model_registry.tokenizer_tables import CODE, Tokenizers
from pages.shared import state
from pages.shared.parts import label
from pages.shared.theme import Ink
from pages.tokenizers import charts
from scoring.candidates import REFERENCE_TOKENIZER
from texts import numbers
from texts.catalogue import Catalogue
from texts.languages import language_name
from texts.markup import plain

PAGE = "tokenizers"
MEASURES = ("tokens", "relative", "premium", "characters")
HEATS = ("relative", "premium")
MOST_MODELS = 8
FIRST = ("en", "zh", "zh-Hant", "yue", "ja", "ko")
DEFAULT_MODELS = [
    "Qwen/Qwen3-8B",
    "meta-llama/Llama-3.1-8B",
    "google/gemma-3-12b-it",
    "mistralai/Mistral-7B-v0.3",
    "deepseek-ai/DeepSeek-V3",
]
_KANA, _INDIC = ("Hiragana", "Katakana"), ("Devanagari", "Bengali", "Tamil", "Telugu")
_SCRIPTS = ("Latin", "Han", "Hangul", "Cyrillic", "Arabic")


def text_name(t: Catalogue, text: str) -> str:
    """Return a measured text in words: a language, or a programming language."""
    return t(f"code_text.{text}") if text in CODE else language_name(t, text)


def ordered(tables: Tokenizers) -> list[str]:
    """Return the measured texts, English and Chinese first, code last."""
    return sorted(tables.texts, key=lambda text: (text in CODE, text not in FIRST, FIRST.index(text) if text in FIRST else 0, text))


def one_text(t: Catalogue, tables: Tokenizers, ink: Ink) -> str:
    """Draw what one text costs with each tokenizer, and return the text chosen."""
    texts = ordered(tables)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = state.setting(PAGE, "l", "zh", texts)
        text = st.selectbox(t("tokenizers.text"), texts, key=key, format_func=lambda code: text_name(t, code), width=280)
        state.keep_setting(PAGE, "l", text)
        key = state.setting(PAGE, "by", MEASURES[0], MEASURES)
        by = st.segmented_control(t("tokenizers.by"), MEASURES, key=key, format_func=lambda code: t(f"tokenizers.by_{code}"), required=True)
        state.keep_setting(PAGE, "by", by)
    order = sorted(tables.measured, key=lambda name: tables.counts[name][text])
    least, most = order[0], order[-1]
    costs = {"least": _cost(tables, least, text), "most": _cost(tables, most, text)}
    names = {"least_name": plain(tables.measured[least].name), "most_name": plain(tables.measured[most].name)}
    sentence = t("tokenizers.span", text=text_name(t, text), **costs, **names)
    st.markdown(sentence)
    values = {name: _measure(tables, name, text, str(by)) for name in order}
    rows = [
        charts.Row(tables.measured[name].name, value, _shown(value, str(by)), marked=name in {least, most})
        for name, value in sorted(values.items(), key=lambda item: item[1], reverse=by == "characters")
    ]
    figure = charts.bars(rows, t(f"tokenizers.axis_{by}", text=text_name(t, text)), ink)
    st.plotly_chart(figure, key="bars", theme=None, config={"displayModeBar": False}, alt=sentence)
    st.caption(t("tokenizers.texts_note"))
    return str(text)


def _cost(tables: Tokenizers, tokenizer: str, text: str) -> str:
    return numbers.exact(tables.counts[tokenizer][text])


def _measure(tables: Tokenizers, tokenizer: str, text: str, by: str) -> float:
    """Return tokens, tokens against the reference tokenizer, tokens against its own English, or characters a token."""
    tokens = tables.counts[tokenizer][text]
    if by == "relative":
        return tokens / tables.counts[REFERENCE_TOKENIZER][text]
    if by == "premium":
        return tokens / tables.counts[tokenizer]["en"]
    return tables.texts[text].characters / tokens if by == "characters" else float(tokens)


def _shown(value: float, by: str) -> str:
    return numbers.exact(round(value)) if by == "tokens" else f"{value:.2f}"


def every_language(t: Catalogue, tables: Tokenizers, text: str, ink: Ink) -> None:
    """Draw every tokenizer against every language, sorted by the text chosen above."""
    st.subheader(t("tokenizers.heat_title"), anchor=False)
    key = state.setting(PAGE, "heat", HEATS[0], HEATS)
    by = st.segmented_control(
        t("tokenizers.by"), HEATS, key=key, format_func=lambda code: t(f"tokenizers.by_{code}"), required=True, label_visibility="collapsed"
    )
    state.keep_setting(PAGE, "heat", by)
    st.markdown(t(f"tokenizers.heat_{by}"))
    order = sorted(tables.measured, key=lambda name: tables.counts[name][text])
    texts = [name for name in ordered(tables) if by == "relative" or name not in CODE]
    ratios: list[list[float | None]] = [[_measure(tables, name, column, str(by)) for column in texts] for name in order]
    labels = [tables.measured[name].name for name in order]
    figure = charts.heat(labels, [text_name(t, column) for column in texts], ratios, t(f"tokenizers.times_{by}"), ink)
    st.plotly_chart(figure, key="heat", theme=None, config={"displayModeBar": False}, alt=t(f"tokenizers.heat_{by}"))
    with st.expander(t("tokenizers.table_title")):
        table(t, tables, text)


def table(t: Catalogue, tables: Tokenizers, text: str) -> None:
    """Draw the tokenizers as a table: what they are, their tokens, and how far they were cross-checked."""
    users = pd.Series([use.tokenizer for use in tables.uses.values()]).value_counts()
    texts = list(dict.fromkeys(("en", "zh", text, "python")))
    rows = [
        {
            t("tokenizers.name"): one.name,
            t("tokenizers.users"): int(users.get(name, 0)),
            **{text_name(t, column): tables.counts[name][column] for column in texts},
            t("column.tokenizer_algorithm"): one.algorithm,
            t("column.vocabulary"): one.vocabulary,
            t("tokenizers.digits"): t(f"digits.{one.digits}") if one.digits else None,
            t("tokenizers.normalisation"): one.normalisation,
            t("tokenizers.agreement"): one.agreement,
            t("tokenizers.known_ids"): one.known_ids,
        }
        for name, one in tables.measured.items()
    ]
    pinned = {t("tokenizers.name"): st.column_config.TextColumn(pinned=True)}
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="tokenizers_table", column_config=pinned, alt=t("tokenizers.table_title"))


def vocabularies(t: Catalogue, tables: Tokenizers, ink: Ink) -> None:
    """Draw vocabularies by script, the largest first."""
    st.subheader(t("tokenizers.scripts_title"), anchor=False)
    st.markdown(t("tokenizers.scripts_sentence"))
    known = {one.name: one.vocabulary_by_script for one in tables.measured.values() if one.vocabulary_by_script}
    labels = sorted(known, key=lambda name: -sum(known[name].values()))
    shares = {script: [known[name].get(script, 0) for name in labels] for script in _SCRIPTS}
    shares["Kana"] = [sum(known[name].get(script, 0) for script in _KANA) for name in labels]
    shares["Indic"] = [sum(known[name].get(script, 0) for script in _INDIC) for name in labels]
    counted = {*_SCRIPTS, *_KANA, *_INDIC}
    shares["other"] = [sum(count for script, count in known[name].items() if script not in counted) for name in labels]
    figure = charts.scripts(t, labels, shares, ink)
    st.plotly_chart(figure, key="scripts", theme=None, config={"displayModeBar": False}, alt=t("tokenizers.scripts_sentence"))


def reach(t: Catalogue, registry: Registry, text: str) -> None:
    """Draw how many characters the context of chosen models holds, by language; what was not measured says so."""
    st.subheader(t("tokenizers.reach_title"), anchor=False)
    st.markdown(t("tokenizers.reach_sentence"))
    ids = [entry.id for entry in registry.entries]
    key = state.setting(PAGE, "m", DEFAULT_MODELS, ids)
    chosen = st.multiselect(t("hardware.models"), ids, key=key, max_selections=MOST_MODELS, filter_mode="fuzzy")
    state.keep_setting(PAGE, "m", chosen)
    if not chosen:
        st.info(t("tokenizers.no_models"))
        return
    texts = list(dict.fromkeys(("en", "zh", text)))
    rows = [_reach(t, registry, name, texts) for name in chosen]
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="reach", alt=t("tokenizers.reach_sentence"))


def _reach(t: Catalogue, registry: Registry, name: str, texts: list[str]) -> dict[str, str]:
    entry, tables = registry[name], registry.tokenizers
    use, context = tables.uses.get(name), longest_usable_context(entry)
    row = {
        t("recommend.model_column"): label(entry),
        t("tokenizers.name"): tables.measured[use.tokenizer].name if use else t("tokenizers.not_measured"),
        t("tokenizers.context"): t("model.not_found") if context is None else numbers.tokens(context, t.language),
    }
    for text in texts:
        ratio = tables.characters_per_token(use.tokenizer, text) if use else None
        held = None if ratio is None or context is None else numbers.count(ratio * context, t.language)
        row[t("tokenizers.characters_of", text=text_name(t, text))] = held or t("tokenizers.not_measured")
    return row
