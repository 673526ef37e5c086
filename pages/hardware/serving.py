"""Serving: what each model takes on the device chosen, how far its context goes, and which devices hold it."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from model_registry.decode_speed import DecodeSpeed, decode_speed
from model_registry.device_needs import COUNTS, DevicesNeeded, devices_needed
from model_registry.memory import Precision, Serving, Workload, longest_context, longest_usable_context, serve
from model_registry.parameters import NotModelled
from model_registry.registry import Entry, Registry
from pages.hardware import charts
from pages.hardware.answered import Answered
from pages.hardware.controls import Hardware, device_name
from pages.hardware.words import fit_icon, fit_words, needed_words
from pages.shared.parts import label
from pages.shared.theme import Ink
from texts import numbers
from texts.catalogue import Catalogue
from texts.markup import plain

TABLE_PRECISIONS: tuple[Precision, ...] = ("bf16", "fp8", "int8", "int4")
PARTS = ("weights", "vision", "kv_cache", "state", "activation", "communication")
_SHORTEST, _MOST = 1024, 2**20


def verdicts(t: Catalogue, served: list[Answered[Serving]], load: Workload, on: Hardware) -> None:
    """Draw what is asked, then one line a model: does it fit, how far does its context go, how fast can it answer."""
    tokens = numbers.tokens(load.tokens, t.language)
    precisions = t(f"precision.{load.weights}"), t(f"precision.{load.cache}")
    device = plain(device_name(on.device))
    st.caption(
        t("hardware.asked", count=on.count, device=device, tokens=tokens, batch=load.batch, weights=precisions[0], cache=precisions[1])
    )
    for one in served:
        low, high = one.needed.low_bytes, one.needed.high_bytes
        name = f"{fit_icon(low, high, on.capacity_bytes)} **{plain(label(one.entry))}** {fit_words(t, low, high, on)}"
        if low > on.capacity_bytes:
            st.markdown(f"{name} {_context_words(t, one.entry, load, on)}")
        else:
            st.markdown(f"{name} {_context_words(t, one.entry, load, on)} {_speed_words(t, one.entry, load, on)}")


def _context_words(t: Catalogue, entry: Entry, load: Workload, on: Hardware) -> str:
    """Return the longest context that surely fits, and the longest that may."""
    most = longest_usable_context(entry)
    if most is None:
        return ""

    def needed(tokens: int) -> Serving | NotModelled:
        return serve(entry, replace(load, tokens=tokens))

    surely = longest_context(lambda tokens: getattr(needed(tokens), "high_bytes", 0), on.capacity_bytes, most)
    at_most = longest_context(lambda tokens: getattr(needed(tokens), "low_bytes", 0), on.capacity_bytes, most)
    if not at_most:
        return ""
    if surely == most:
        return t("hardware.context_all", most=_rounded(t, most))
    if surely and _rounded(t, surely) == _rounded(t, at_most):
        return t("hardware.context_up_to", most=_rounded(t, surely))
    return (
        t("hardware.context_part", surely=_rounded(t, surely), most=_rounded(t, at_most))
        if surely
        else t("hardware.context_maybe", most=_rounded(t, at_most))
    )


def _rounded(t: Catalogue, tokens: int) -> str:
    """Return a token length, rounded down to two digits unless it is a round one."""
    step = 1 if tokens % 1024 == 0 else 10 ** max(len(str(tokens)) - 2, 0)
    return numbers.tokens(tokens // step * step, t.language)


def _speed_words(t: Catalogue, entry: Entry, load: Workload, on: Hardware) -> str:
    speed = decode_speed(entry, load, on.device)
    if not isinstance(speed, DecodeSpeed):
        return ""
    return t("hardware.speed", low=_rate(speed.low), high=_rate(speed.high), ceiling=_rate(speed.ceiling))


def _rate(value: float) -> str:
    return f"{value:.1f}" if value < 10 else f"{float(f'{value:.2g}'):,.0f}"  # noqa: PLR2004


def growth(t: Catalogue, served: list[Answered[Serving]], load: Workload, on: Hardware, colours: Ink) -> None:
    """Draw memory against context, each model as far as it is stated to go."""
    st.subheader(t("hardware.growth_title"), anchor=False)
    st.markdown(t("hardware.growth_sentence"))
    rows = [_curve(one.entry, load) for one in served]
    figure = charts.curves(t, rows, on.capacity_bytes, colours)
    st.plotly_chart(figure, key="curves", theme=None, config={"displayModeBar": False}, alt=t("hardware.growth_sentence"))


def _curve(entry: Entry, load: Workload) -> charts.Curve:
    most = longest_usable_context(entry) or _MOST
    tokens = [_SHORTEST * 2**step for step in range(11) if _SHORTEST * 2**step < most]
    tokens = [*tokens, most]
    totals = [needed.total_bytes for at in tokens if isinstance(needed := serve(entry, replace(load, tokens=at)), Serving)]
    return charts.Curve(label(entry), tokens, totals)


def devices_table(t: Catalogue, registry: Registry, entry: Entry, load: Workload) -> None:
    """Draw how many of each device it takes, by precision."""
    sentence = t("hardware.devices_sentence", most=COUNTS[-1])
    st.markdown(sentence)
    columns = {precision: _needed(registry, entry, replace(load, weights=precision)) for precision in TABLE_PRECISIONS}
    rows = [
        {
            t("hardware.gpu"): device.name,
            **{t(f"precision.{precision}"): needed_words(t, found.get(device.id)) for precision, found in columns.items()},
            t("hardware.memory_gib"): device.memory_gib,
            t("hardware.bandwidth"): device.bandwidth_gb_s,
            t("hardware.vendor"): device.vendor,
            t("hardware.kind"): t(f"device_kind.{device.kind}"),
        }
        for device in registry.devices.values()
    ]
    formats = {
        t("hardware.gpu"): st.column_config.TextColumn(pinned=True),
        t("hardware.memory_gib"): st.column_config.NumberColumn(format="%.4g"),
        t("hardware.bandwidth"): st.column_config.NumberColumn(format="%.4g"),
    }
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height=430,
        key="devices",
        column_config=formats,
        alt=sentence,
    )


def _needed(registry: Registry, entry: Entry, load: Workload) -> dict[str, DevicesNeeded]:
    found = devices_needed(registry.devices.values(), lambda count: serve(entry, replace(load, devices=count)))
    return {} if isinstance(found, NotModelled) else found
