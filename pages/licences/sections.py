"""What the page draws: the answer, one model, the licences one by one with their words, and the table."""

from typing import Literal

import pandas as pd
import streamlit as st

from model_registry.licence_schema import Clause, Licence, Threshold
from model_registry.registry import Entry, Registry
from pages.licences.judged import Judged, by_licence, checkpoints_by_verdict, judge_entry
from pages.shared import state
from pages.shared.parts import label, source_link
from pages.shared.theme import VERDICT_ICONS
from scoring.licence_use import SEVERITY, LicenceVerdict, Reason, Verdict
from scoring.report import reason_words
from scoring.scenario import Use
from texts import numbers
from texts.catalogue import Catalogue
from texts.markup import plain

NAMES_SHOWN = 8
MODEL_PAGE = "pages/model/page.py"
_COLOURS: dict[Verdict, Literal["green", "gray", "blue", "red"]] = {
    "allowed": "green",
    "not_addressed": "gray",
    "conditional": "blue",
    "unknown": "gray",
    "forbidden": "red",
}


def answer(t: Catalogue, registry: Registry, judged: list[Judged], use: Use) -> None:
    """Draw the answer in one sentence, and the counts by verdict."""
    own = [one for one in judged if one.licence]
    free = sum(one.verdict.verdict == "allowed" for one in own)
    counts = checkpoints_by_verdict(registry, use)
    st.markdown(
        "#### " + t("licences.answer", free=free, all=len(own), checkpoints=counts["allowed"], all_checkpoints=len(registry.entries))
    )
    with st.container(horizontal=True):
        for verdict in SEVERITY:
            licences = sum(one.verdict.verdict == verdict for one in own)
            if not (licences or counts[verdict]):
                continue
            words = t("licences.count", verdict=t(f"verdict.{verdict}"), licences=licences, checkpoints=counts[verdict])
            st.badge(words, icon=VERDICT_ICONS[verdict], color=_COLOURS[verdict])
    st.caption(t("licences.notices"))


def one_model(t: Catalogue, registry: Registry, entry: Entry, use: Use) -> None:
    """Draw the verdict for one model, and how licences differ inside its release."""
    verdict = judge_entry(registry, use, entry)
    licence = registry.licences.get(entry.licence.id or "")
    with st.container(border=True):
        st.markdown(f"{_mark(t, verdict.verdict)} · **{plain(label(entry))}** · {_name(t, licence)}")
        released = entry.released.date
        if released and any(term.measured == "month_before_release" for term in (licence.thresholds if licence else ())):
            st.markdown(t("licences.released", date=plain(released)))
        _findings(t, verdict)
        if licence:
            _where(t, licence)
        siblings = by_licence(other for other in registry.entries if other.release is entry.release)
        if len(siblings) > 1:
            st.markdown(t("licences.differs", release=plain(entry.release.release)))
        for entries in siblings.values() if len(siblings) > 1 else ():
            told = judge_entry(registry, use, entries[0])
            st.markdown(
                f"- {_mark(t, told.verdict)} · {_name(t, registry.licences.get(entries[0].licence.id or ''))}: {_names(t, entries)}"
            )


def grouped(t: Catalogue, judged: list[Judged]) -> None:
    """Draw the licences by verdict, each behind its name with the finding that decides."""
    for verdict in SEVERITY:
        group = [one for one in judged if one.verdict.verdict == verdict]
        if not group:
            continue
        st.subheader(f"{VERDICT_ICONS[verdict]} {t(f'verdict.{verdict}')} · {sum(one.licence is not None for one in group)}", anchor=False)
        st.caption(t(f"licences.means_{verdict}"))
        for one in group:
            _licence(t, one)


def table(t: Catalogue, judged: list[Judged]) -> None:
    """Draw every licence as one row, sortable, with its export."""
    rows = pd.DataFrame([_row(t, one) for one in judged if one.licence])
    first = t("licences.column_licence")
    st.dataframe(
        rows,
        hide_index=True,
        height=620,
        key="licences_table",
        column_config={first: st.column_config.TextColumn(pinned=True, width="medium")},
        alt=t("licences.table_summary", count=len(rows)),
    )
    st.download_button("CSV", lambda: rows.to_csv(index=False), "plinth-licences.csv", "text/csv", icon=":material/download:")


def _licence(t: Catalogue, one: Judged) -> None:
    decisive = one.verdict.decisive
    told = f" · {plain(reason_words(t, decisive))}" if decisive else ""
    count = t("licences.checkpoints", count=len(one.entries))
    opened = st.expander(f"**{_name(t, one.licence)}** · {count}{told}", key=f"open_{one.licence_id}", on_change="rerun")
    if not opened.open:
        return
    with opened:
        _findings(t, one.verdict)
        if one.licence:
            _asks(t, one.licence)
            _where(t, one.licence)
        if one.entries:
            st.markdown(f"{t('licences.used_by')} {_names(t, list(one.entries))}")
        if one.licence and one.licence.note:
            st.caption(plain(one.licence.note))


def _findings(t: Catalogue, verdict: LicenceVerdict) -> None:
    if not verdict.reasons:
        st.markdown(f"{_mark(t, 'allowed')} · {t('licence_reason.none')}")
    for reason in verdict.reasons:
        st.markdown(_finding(t, reason))


def _finding(t: Catalogue, reason: Reason) -> str:
    when = f"  \n{t('licences.when')} {plain(reason.when)}" if reason.when else ""
    quote = f"\n\n> {plain(reason.quote)}" if reason.quote else ""
    return f"{_mark(t, reason.verdict)} · {plain(reason_words(t, reason))}{when}{quote}"


def _asks(t: Catalogue, licence: Licence) -> None:
    """Draw what the licence asks of anyone, whether or not this use meets it."""
    lines = [f"{_threshold_words(t, term)}{_clause(t, term)}" for term in licence.thresholds]
    lines += [f"{t(f'licences.duty_{duty.kind}')}: {plain(duty.text)} ({plain(duty.when)}){_clause(t, duty)}" for duty in licence.duties]
    if licence.military_ban:
        lines.append(t("licences.military"))
    if licence.acceptable_use and licence.acceptable_use != "none":
        lines.append(f"{t('licences.acceptable_use')} {plain(licence.acceptable_use)}")
    if lines:
        st.markdown(f"**{t('licences.asks')}**\n\n" + "\n".join(f"- {line}" for line in lines))


def _threshold_words(t: Catalogue, term: Threshold) -> str:
    businesses = t("need.joined_by").join(t(f"business.{name}") for name in term.only_if) or t("licences.any_business")
    return t(
        "licences.threshold",
        number=numbers.count(term.above, t.language),
        measure=t(f"measure.{term.measure}"),
        consequence=t(f"consequence.{term.consequence}"),
        scope=plain(term.scope),
        measured=t(f"measured.{term.measured}"),
        businesses=businesses,
    )


def _where(t: Catalogue, licence: Licence) -> None:
    source = licence.sources[licence.source]
    read = t("model.licence_read", read=t(f"read.{licence.read}"))
    st.markdown(f"{read} · {t('licences.read_on', date=source.read.isoformat())} · {source_link(t, source)}")


def _clause(t: Catalogue, term: Clause) -> str:
    return plain(t("licence_reason.clause", clause=term.clause)) if term.clause else ""


def _names(t: Catalogue, entries: list[Entry]) -> str:
    shown = [f"[{plain(label(entry))}]({state.model_link(entry.id)})" for entry in entries[:NAMES_SHOWN]]
    rest = len(entries) - len(shown)
    names = t("need.joined_by").join(shown)
    return t("licences.more", names=names, count=rest) if rest else names


def _mark(t: Catalogue, verdict: Verdict) -> str:
    return f"{VERDICT_ICONS[verdict]} {t(f'verdict.{verdict}')}"


def _name(t: Catalogue, licence: Licence | None) -> str:
    return plain(licence.name) if licence else t("model.licence_unread")


def _row(t: Catalogue, one: Judged) -> dict[str, object]:
    licence, decisive = one.licence, one.verdict.decisive
    if licence is None:
        return {}
    return {
        t("licences.column_licence"): licence.name,
        t("licences.column_verdict"): t(f"verdict.{one.verdict.verdict}"),
        t("licences.column_checkpoints"): len(one.entries),
        t("licences.column_finding"): reason_words(t, decisive) if decisive else t("licence_reason.none"),
        t("licences.column_osi"): t(f"model.{str(licence.osi_approved).lower()}"),
        t("licences.column_commercial"): t(f"permission.{_permission(licence.commercial.allowed)}"),
        t("licences.column_hosting"): t(f"permission.{_permission(licence.hosting)}"),
        t("licences.column_redistribution"): t(f"permission.{_permission(licence.redistribution)}"),
        t("licences.column_outputs"): t(f"outputs.{licence.outputs_for_training.terms or 'not_read'}"),
        t("licences.column_thresholds"): "; ".join(
            f"{numbers.count(term.above, t.language)} {t(f'measure.{term.measure}')}" for term in licence.thresholds
        ),
        t("licences.column_read"): t(f"read.{licence.read}"),
    }


def _permission(value: str | None) -> str:
    return {"yes": "granted", "conditional": "conditional", "no": "withheld"}.get(value or "", "not_read")
