"""Which of the chosen models can be answered, and what fills a device's memory: the same for serving and for tuning."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st

from model_registry.device_needs import Range
from model_registry.memory import longest_usable_context
from model_registry.parameters import NotModelled
from model_registry.registry import Entry
from pages.hardware import charts
from pages.hardware.controls import Hardware, device_name
from pages.shared.parts import label
from pages.shared.theme import Ink
from texts import numbers
from texts.catalogue import Catalogue
from texts.markup import plain
from texts.refusals import why_not

Held = TypeVar("Held", bound=Range)


@dataclass(frozen=True)
class Answered(Generic[Held]):
    """One model that is answered."""

    entry: Entry
    needed: Held


def answered(t: Catalogue, entries: list[Entry], tokens: int, needed_by: Callable[[Entry], Held | NotModelled]) -> list[Answered[Held]]:
    """Return the models that can be answered; say of each other one why not, and what would be."""
    found = []
    for entry in entries:
        most, needed = longest_usable_context(entry), needed_by(entry)
        name = plain(label(entry))
        if most is not None and tokens > most:
            st.warning(t("hardware.too_long", name=name, most=numbers.tokens(most, t.language)), icon=":material/straighten:")
        elif isinstance(needed, NotModelled):
            st.warning(t("hardware.not_modelled", name=name, reason=why_not(t, needed)), icon=":material/help:")
        else:
            found.append(Answered(entry, needed))
    return found


def bars(t: Catalogue, rows: list[Answered[Held]], parts: tuple[str, ...], on: Hardware, colours: Ink) -> None:
    """Draw what fills one device's memory, part by part."""
    st.subheader(t("hardware.fills_title"), anchor=False)
    sentence = t("hardware.fills_sentence", device=plain(device_name(on.device)))
    st.markdown(sentence)
    stacks = [
        charts.Stack(
            label(one.entry), {part: getattr(one.needed, f"{part}_bytes") for part in parts}, one.needed.low_bytes, one.needed.high_bytes
        )
        for one in rows
    ]
    figure = charts.stacks(t, stacks, on.capacity_bytes, colours)
    st.plotly_chart(figure, key="stacks", theme=None, config={"displayModeBar": False}, alt=sentence)
