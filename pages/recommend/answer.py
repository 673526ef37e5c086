"""The answer in words: the pick, how firm it is, what it takes, what its licence says, and the runner-up."""

import streamlit as st

from model_registry.registry import Registry
from pages.recommend import charts
from pages.shared.data import Data
from pages.shared.parts import capacity_text, label, licence_line
from pages.shared.theme import VERDICT_ICONS, Ink
from scoring.capability import explain
from scoring.explain import gap
from scoring.recommend import Ranked, Recommendation
from scoring.robustness import word
from scoring.variants import EVIDENCE, pair
from texts import numbers
from texts.catalogue import Catalogue
from texts.markup import plain


def pick(t: Catalogue, current: Data, answer: Recommendation) -> None:
    """Draw the first place as the largest thing on the page, its variant and the reasons for it."""
    first, registry = answer.pick, current.registry
    if first is None:
        nothing(t, answer)
        return
    st.caption(t("recommend.pick_label"))
    st.title(plain(label(registry[first.id])), anchor=False)
    st.markdown(variant_sentence(t, answer))
    _after_training(t, registry, answer, first)
    _cards(t, registry, answer, first)
    st.caption(_capability(t, current, answer, first))
    if first.notes:
        notes = t("recommend.notes_joined_by").join(t(f"note.{code}") for code in first.notes)
        st.warning(t("recommend.not_settled", notes=notes), icon=":material/help:")
    second = answer.runner_up
    if second is None:
        st.markdown(t("recommend.no_runner_up"))
        return
    difference = numbers.points(first.score - second.score)
    name = plain(label(registry[second.id]))
    code = "recommend.runner_up_tie" if difference == "0" else "recommend.runner_up"
    st.markdown(f"{t(code, name=name, gap=difference)} {tipping_sentence(t, registry, answer)}")


def _after_training(t: Catalogue, registry: Registry, answer: Recommendation, first: Ranked) -> None:
    """Say which tool may be the better one, and the way back to chat with the pair that it needs."""
    advice = answer.advice
    if advice.other_tool:
        st.markdown(t(f"advice.other_tool.{advice.other_tool}"))
    if not advice.way_back:
        return
    found = pair(registry, registry[first.id])
    named = t("need.joined_by").join(plain(name) for name in (found.base, found.instruct) if name)
    missing = " ".join(t(f"advice.missing.{code}") for code in found.missing)
    back = " ".join(t(f"advice.way_back.{code}") for code in advice.way_back)
    st.markdown(f"{back} {t('recommend.pair', names=named)} {missing}")


def _capability(t: Catalogue, current: Data, answer: Recommendation, first: Ranked) -> str:
    """Return what the pick's capability rests on: how many results, in which mode, or size and date alone."""
    found = explain(current.candidates, first.id, answer.scenario.needs.reasoning)
    values = {"point": f"{found.point:.0f}", "low": f"{found.low:.0f}", "high": f"{found.high:.0f}"}
    if found.estimated:
        return t("capability.estimated", **values)
    code = "capability.thin" if found.thin else "capability.measured"
    return t(code, results=len(found.results), benchmarks=found.benchmarks, mode=t(f"mode_class.{found.mode}"), **values)


def nothing(t: Catalogue, answer: Recommendation) -> None:
    """Say that nothing meets the needs, and the ways out."""
    st.title(t("recommend.pick_none"), anchor=False)
    if answer.thin:
        st.markdown(t("recommend.pick_none_thin"))
        return
    st.markdown(t("recommend.pick_none_hint", count=len(answer.removed)))
    relaxations(t, answer)


def relaxations(t: Catalogue, answer: Recommendation) -> None:
    """Draw the single relaxations that bring anyone back."""
    with st.container(horizontal=True):
        for item in answer.relaxations:
            st.badge(t("fix.adds", change=t(f"fix.{item.change}"), count=item.adds), icon=":material/undo:", color="gray")


def variant_sentence(t: Catalogue, answer: Recommendation) -> str:
    """Return which kind to start from and why, each reason linked to its evidence."""
    advice = answer.advice
    reasons = "; ".join(_with_evidence(t, code) for code in advice.reason_codes)
    told = t("advice.because", start=f"**{t(f'advice.{advice.start}')}**", reasons=reasons)
    also = f" {t('advice.also', also=t(f'advice.{advice.also}'))}" if advice.also else ""
    return f"{told}.{also}" if t.language == "en" else f"{told}。{also}"


def _with_evidence(t: Catalogue, code: str) -> str:
    text = t(f"advice.reason.{code}")
    return f"{text} ([{t('advice.evidence')}]({EVIDENCE[code]}))" if code in EVIDENCE else text


def _cards(t: Catalogue, registry: Registry, answer: Recommendation, first: Ranked) -> None:
    verdict = answer.gated.licences[first.index]
    cards = (
        (t("firmness.label"), t(f"firmness.{word(first.first_share)}"), t("firmness.sentence", share=numbers.points(first.first_share))),
        (t("fit.label"), *memory_text(t, answer, first)),
        (
            t("licence_card.label"),
            f"{VERDICT_ICONS[verdict.verdict]} {t(f'verdict.{verdict.verdict}')}",
            licence_line(t, registry, verdict),
        ),
        (t("known.label"), f"{numbers.points(first.known_weight)} / 100", t("known.sentence", share=numbers.points(first.known_weight))),
    )
    for column, (name, value, sentence) in zip(st.columns(len(cards)), cards, strict=True):
        with column, st.container(gap="xxsmall"):
            st.caption(name)
            st.markdown(f"**{value}**")
            st.caption(sentence)


def memory_text(t: Catalogue, answer: Recommendation, ranked: Ranked) -> tuple[str, str]:
    """Return the memory of a ranked checkpoint: a range in GiB, and what it is for."""
    fit = answer.gated.memory
    precision = fit.precision[ranked.index]
    if precision is None:
        return "–", t("fit.unknown")
    shown = numbers.gib_range(float(fit.low_bytes[ranked.index]), float(fit.high_bytes[ranked.index]), t("fit.joined_by"))
    code = "fit.sentence" if fit.capacity_bytes else "fit.sentence_free"
    return shown, t(
        code,
        range=shown,
        capacity=capacity_text(fit.capacity_bytes),
        precision=t(f"precision.{precision}"),
        tokens=numbers.tokens(answer.scenario.longest_input, t.language),
    )


def tipping_sentence(t: Catalogue, registry: Registry, answer: Recommendation) -> str:
    """Return the nearest slider move that changes the first place."""
    if not answer.tipping:
        return t("firmness.firm")
    tip, winner = answer.tipping[0]
    return t(
        "firmness.tipping",
        factor=t(f"factor.{tip.factor}.name"),
        start=f"{tip.start:g}",
        end=f"{tip.end:.1f}",
        winner=plain(label(registry[winner])),
    )


def why(t: Catalogue, registry: Registry, answer: Recommendation, ink: Ink) -> None:
    """Draw the gap to the runner-up by factor."""
    first, second = answer.pick, answer.runner_up
    if first is None or second is None:
        return
    st.subheader(t("recommend.why_title"), anchor=False)
    names = {"first": plain(label(registry[first.id])), "second": plain(label(registry[second.id]))}
    sentence = t("recommend.why_sentence", gap=f"{100 * (first.score - second.score):.1f}", **names)
    st.markdown(sentence)
    figure = charts.gap(t, gap(answer.scores, first.index, second.index), ink)
    st.plotly_chart(figure, key="gap", theme=None, config={"displayModeBar": False}, alt=sentence)
