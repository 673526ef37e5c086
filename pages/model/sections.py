"""The sections of the Model page."""

import pandas as pd
import streamlit as st

from model_registry.base_schema import UNDISCLOSED
from model_registry.columns import COLUMNS, Group
from model_registry.coverage import state as state_of
from model_registry.facts import Fact, facts, read_of
from model_registry.parameters import COMPONENTS, NotModelled
from model_registry.registry import Entry, Registry
from pages.shared import state
from pages.shared.parts import label, source_link
from texts import numbers
from texts.catalogue import Catalogue
from texts.languages import language_name
from texts.markup import plain
from texts.refusals import why_not

CARD_WIDTH = 158
"""Pixels; two cards stand side by side on a phone."""
_HOST = r"https://(?:www\.)?([^/]+)/.*"
"""What a table shows of a source: its host."""
GROUPS: tuple[Group, ...] = ("identity", "parameters", "architecture", "layers", "context", "data", "licence", "memory")
_CODED = {"variant": "variant", "reasoning": "reasoning", "architecture": "architecture", "training_data": "training_data"}


def headline(t: Catalogue, registry: Registry, entry: Entry) -> None:
    """Draw what it is in one line, and its four leading numbers."""
    found = facts(registry, entry)
    kind = t(f"architecture.{entry.architecture.kind}")
    variant = t(f"variant.{entry.checkpoint.variant}")
    thinking = t(f"reasoning.{entry.checkpoint.reasoning or 'unknown'}")
    when = found["released"].value or t("model.not_found")
    st.markdown(f"{plain(entry.release.developer)} · {plain(entry.release.release)} · {variant}, {thinking} · {kind} · {plain(when)}")
    st.markdown(f"`{entry.id}`")
    cards = (
        ("model.headline_parameters", found["parameters"], numbers.count),
        ("model.headline_active", found["parameters_active"], numbers.count),
        ("model.headline_context", _context(found), numbers.tokens),
        ("model.headline_kv", found["kv_bytes_per_token"], numbers.kib),
    )
    with st.container(horizontal=True, gap="medium"):
        for code, fact, shown in cards:
            with st.container(width=CARD_WIDTH, gap=None):
                st.caption(t(code))
                exact = numbers.exact(fact.value) if isinstance(fact.value, int) else None
                text = shown(fact.value, t.language) if isinstance(fact.value, int) else t("model.not_found")
                st.markdown(f"#### {text}", help=exact)


def _context(found: dict[str, Fact]) -> Fact:
    """Return the context that counts: advertised, else the config's, else trained."""
    named = [found[f"context_{name}"] for name in ("advertised", "config", "trained")]
    return next((fact for fact in named if fact.value is not None), named[0])


def licence(t: Catalogue, registry: Registry, entry: Entry) -> None:
    """Draw the licence with its own words and how well they were read."""
    st.subheader(t("model.licence_title"), anchor=False)
    record = registry.licences.get(entry.licence.id or "")
    if record is None:
        st.markdown(t("model.licence_unread"))
        return
    source = record.sources[record.source]
    st.markdown(f"**{plain(record.name)}** · {t('model.licence_read', read=t(f'read.{record.read}'))} · {source_link(t, source)}")
    terms = [*record.thresholds, *record.requirements, *record.business_excluded, *record.territory_excluded, record.commercial]
    for term in terms:
        if term.quote:
            st.markdown(f"> {plain(term.quote)}" + (f" ({plain(term.clause)})" if term.clause else ""))
    if record.note:
        st.caption(plain(record.note))
    st.caption(t("licence_reason.not_advice"))


def languages(t: Catalogue, registry: Registry, entry: Entry) -> None:
    """Draw three statements side by side, never as one: what the vendor declares, what the card tags, what was measured."""
    st.subheader(t("model.languages_title"), anchor=False)
    _declared(t, entry)
    _card_tags(t, entry)
    _measured(t, registry, entry)


def _declared(t: Catalogue, entry: Entry) -> None:
    block = entry.languages
    declared = (
        t("model.not_found") if block.declared is None else t("model.undisclosed") if block.declared == UNDISCLOSED else str(block.declared)
    )
    at_least = "≥ " if block.at_least else ""
    st.markdown(f"{t('model.declared', count=at_least + declared)} · {source_link(t, entry.source(block, 'declared'))}")
    if block.basis:
        st.markdown(t("model.declared_basis", basis=t(f"basis.{block.basis}")))
    if block.codes:
        st.markdown(t("model.declared_list", codes=", ".join(language_name(t, code) for code in block.codes)))
    if not block.complete:
        st.caption(t("model.declared_open"))


def _card_tags(t: Catalogue, entry: Entry) -> None:
    tags = entry.languages.card_tags
    if tags is None:
        st.markdown(t("model.card_tags", tags=t("model.not_found")))
        return
    link = source_link(t, entry.source(entry.languages, "card_tags"))
    st.markdown(f"{t('model.card_tags', tags=plain(' '.join(tags)) or t('model.none'))} · {link}")


def _measured(t: Catalogue, registry: Registry, entry: Entry) -> None:
    found = registry.language_results(entry.id)
    if not found:
        st.markdown(t("model.measured_none"))
        return
    codes = dict.fromkeys(row.language for row, _ in found)
    st.markdown(t("model.measured", languages=", ".join(language_name(t, code) for code in codes)))
    st.caption(t("model.measured_sentence"))
    rows = [
        {
            t("result.language"): language_name(t, row.language),
            t("result.benchmark"): row.benchmark,
            t("result.score"): row.score,
            t("result.mode"): t(f"mode.{row.mode}"),
            t("result.by"): t(f"by.{row.reported_by}"),
            t("model.source_column"): source.url,
        }
        for row, source in found
    ]
    links = {t("model.source_column"): st.column_config.LinkColumn(display_text=_HOST)}
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="measured", column_config=links, alt=t("model.measured_title"))


def siblings(t: Catalogue, registry: Registry, entry: Entry) -> None:
    """Draw the other checkpoints of the release, and whether a Base of this size exists."""
    st.subheader(t("model.siblings"), anchor=False)
    base = registry.base_of(entry)
    if entry.checkpoint.variant == "base":
        st.markdown(t("model.base_is"))
    elif base:
        st.markdown(t("model.base_yes", id=plain(base)))
    else:
        st.markdown(t("model.base_no" if entry.size.base.published is False else "model.base_unknown"))
    others = registry.siblings(entry)
    if not others:
        st.caption(t("model.siblings_none"))
        return
    with st.container(horizontal=True):
        for other in others:
            st.button(label(other), key=f"sibling_{other.id}", on_click=state.remember_model, args=(other.id,))


def all_facts(t: Catalogue, registry: Registry, entry: Entry) -> None:
    """Draw every fact with its source, date and note, by group."""
    st.subheader(t("model.facts_title"), anchor=False)
    found = facts(registry, entry)
    for group in GROUPS:
        names = [name for name, column in COLUMNS.items() if column.group == group and name in found]
        with st.expander(t(f"group.{group}"), expanded=group in {"parameters", "architecture"}):
            rows = [_fact_row(t, entry, name, found[name]) for name in names]
            st.dataframe(
                pd.DataFrame(rows),
                hide_index=True,
                key=f"facts_{group}",
                column_config={
                    t("model.source_column"): st.column_config.LinkColumn(display_text=_HOST),
                    t("model.note_column"): st.column_config.TextColumn(width="large"),
                },
                alt=t(f"group.{group}"),
            )


def breakdown(t: Catalogue, entry: Entry) -> None:
    """Draw the parameters by component, or why they are not modelled."""
    st.subheader(t("model.breakdown_title"), anchor=False)
    counted = entry.breakdown
    if isinstance(counted, NotModelled):
        st.caption(t("model.breakdown_not_modelled", reason=why_not(t, counted)))
        return
    exact = numbers.exact
    st.markdown(
        t(
            "model.breakdown_sentence",
            total=exact(counted.total),
            active=exact(counted.active),
            without=exact(counted.active_without_embedding),
        )
    )
    rows = [
        {
            t("model.breakdown_component"): t(f"component.{name}"),
            t("model.breakdown_count"): count,
            t("model.breakdown_share"): 100 * count / counted.total,
        }
        for name in COMPONENTS
        if (count := getattr(counted, name))
    ]
    formats = {
        t("model.breakdown_count"): st.column_config.NumberColumn(format="localized"),
        t("model.breakdown_share"): st.column_config.NumberColumn(format="%.3f"),
    }
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="breakdown", column_config=formats, alt=t("model.breakdown_title"))


def results(t: Catalogue, registry: Registry, entry: Entry) -> None:
    """Draw the benchmark results as printed."""
    st.subheader(t("model.results_title"), anchor=False)
    found = registry.results_of(entry.id)
    if not found:
        st.caption(t("model.results_none"))
        return
    st.caption(t("model.results_sentence"))
    rows = [
        {
            t("result.benchmark"): row.benchmark,
            t("result.language"): row.language,
            t("result.score"): row.score,
            t("result.mode"): t(f"mode.{row.mode}"),
            t("result.shots"): "" if row.shots is None else str(row.shots),
            t("result.by"): t(f"by.{row.reported_by}"),
            t("model.source_column"): source.url,
            t("model.read_column"): source.read.isoformat(),
            t("model.note_column"): " · ".join(part for part in (row.place, row.note) if part),
        }
        for row, source in sorted(found, key=lambda pair: (pair[0].language != "en", pair[0].benchmark, pair[0].language))
    ]
    links = {t("model.source_column"): st.column_config.LinkColumn(display_text=_HOST)}
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="results", column_config=links, alt=t("model.results_title"))


def _fact_row(t: Catalogue, entry: Entry, name: str, fact: Fact) -> dict[str, str]:
    source = fact.source if fact.value is not None else None
    computed = t("model.computed") if fact.derived and fact.value is not None else None
    others = [t("model.conflict", source=other.url, value=str(value)) for value, other in fact.conflicts]
    shared = t("model.read_of", id=repository) if source and (repository := read_of(entry, source)) else None
    note = " · ".join(part for part in (computed, shared, *others, fact.note) if part)
    return {
        t("model.fact_column"): t(f"column.{name}"),
        t("model.value_column"): t(f"model.{known}") if (known := state_of(entry, name, fact)) != "known" else _value_text(t, name, fact),
        t("model.source_column"): source.url if source else "",
        t("model.read_column"): source.read.isoformat() if source else "",
        t("model.via_column"): (source.via if source else None) or "",
        t("model.note_column"): note,
    }


def _value_text(t: Catalogue, name: str, fact: Fact) -> str:
    value = fact.value
    if isinstance(value, bool):
        return t(f"model.{str(value).lower()}")
    if name in _CODED:
        return t(f"{_CODED[name]}.{value}")
    if isinstance(value, tuple):
        return " ".join(value) or t("model.none")
    return numbers.exact(value) if isinstance(value, int | float) else str(value)
