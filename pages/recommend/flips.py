"""What would flip the answer: who shares the first place, slider moves, and how far a fact may fall."""

import streamlit as st

from model_registry.registry import Registry
from pages.shared.parts import label
from scoring.recommend import Recommendation
from texts import numbers
from texts.catalogue import Catalogue
from texts.markup import plain

TOLD = 4
"""Single moves and facts that are told."""
_SMALL = 0.05


def flips(t: Catalogue, registry: Registry, answer: Recommendation) -> None:
    """Draw what would change the first place; nothing where there is no runner-up."""
    if answer.pick is None or answer.runner_up is None:
        return
    st.subheader(t("flips.title"), anchor=False)
    lines = [*_sharers(t, registry, answer), *_single(t, registry, answer), *_joint(t, registry, answer), *_facts(t, registry, answer)]
    st.markdown("\n".join(f"- {line}" for line in lines or [t("firmness.firm")]))


def _name(registry: Registry, checkpoint: str) -> str:
    return plain(label(registry[checkpoint]))


def _sharers(t: Catalogue, registry: Registry, answer: Recommendation) -> list[str]:
    if len(answer.sharers) < 2:  # noqa: PLR2004 (two share)
        return []
    names = t("need.joined_by").join(_name(registry, name) for name in answer.sharers)
    return [t("flips.sharers", count=len(answer.sharers), names=names)]


def _single(t: Catalogue, registry: Registry, answer: Recommendation) -> list[str]:
    return [
        t(
            "flips.single",
            factor=t(f"factor.{tip.factor}.name"),
            start=f"{tip.start:g}",
            end=f"{tip.end:.1f}",
            winner=_name(registry, winner),
        )
        for tip, winner in answer.tipping[:TOLD]
    ]


def _joint(t: Catalogue, registry: Registry, answer: Recommendation) -> list[str]:
    if answer.joint is None:
        return []
    joint, winner = answer.joint
    told = [
        t("flips.move", factor=t(f"factor.{move.factor}.name"), start=f"{move.start:.1f}", end=f"{move.end:.1f}")
        for move in joint.moves
        if abs(move.end - move.start) >= _SMALL
    ]
    if len(told) < 2:  # noqa: PLR2004 (one move is told above)
        return []
    return [t("flips.joint", moves=t("need.joined_by").join(told), winner=_name(registry, winner))]


def _facts(t: Catalogue, registry: Registry, answer: Recommendation) -> list[str]:
    lines = []
    for tip, rival in answer.evidence[:TOLD]:
        values = {"factor": t(f"factor.{tip.factor}.name"), "rival": _name(registry, rival)}
        if tip.tokens is not None:
            lines.append(t("flips.tokens", tokens=numbers.tokens(round(tip.tokens), t.language), **values))
        else:
            lines.append(t("flips.fact", value=numbers.points(tip.value), tie=numbers.points(tip.tie), **values))
    return lines
