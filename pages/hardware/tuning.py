"""Fine-tuning: what each model takes on the device chosen, and which devices hold which method."""

from dataclasses import replace
from typing import get_args

import pandas as pd
import streamlit as st

from model_registry.device_needs import COUNTS, DevicesNeeded, devices_needed
from model_registry.parameters import NotModelled
from model_registry.registry import Entry, Registry
from model_registry.training_memory import Method, Training, Tuning, tune
from pages.hardware.answered import Answered
from pages.hardware.controls import Hardware, device_name
from pages.hardware.words import fit_icon, fit_words, needed_words
from pages.shared.parts import label
from texts import numbers
from texts.catalogue import Catalogue
from texts.markup import plain


def verdicts(t: Catalogue, tuned: list[Answered[Tuning]], plan: Training, on: Hardware) -> None:
    """Draw what is asked, then one line a model: does it fit, and how many parameters are trained."""
    tokens, device, method = numbers.tokens(plan.sequence, t.language), plain(device_name(on.device)), t(f"hardware.method_{plan.method}")
    st.caption(t("hardware.asked_tune", count=on.count, device=device, tokens=tokens, batch=plan.batch, method=method))
    for one in tuned:
        low, high = one.needed.low_bytes, one.needed.high_bytes
        trained = t("hardware.trained", count=numbers.count(one.needed.trainable_parameters, t.language))
        name = f"{fit_icon(low, high, on.capacity_bytes)} **{plain(label(one.entry))}**"
        st.markdown(f"{name} {fit_words(t, low, high, on)} {trained}")


def devices_table(t: Catalogue, registry: Registry, entry: Entry, plan: Training) -> None:
    """Draw how many of each device it takes, by method; weights, gradients and optimiser are shared between several."""
    sentence = t("hardware.devices_tune_sentence", most=COUNTS[-1])
    st.markdown(sentence)
    columns = {method: _needed(registry, entry, replace(plan, method=method, zero=3)) for method in get_args(Method)}
    rows = [
        {
            t("hardware.gpu"): device.name,
            **{t(f"hardware.method_{method}"): needed_words(t, found.get(device.id)) for method, found in columns.items()},
            t("hardware.memory_gib"): device.memory_gib,
            t("hardware.vendor"): device.vendor,
            t("hardware.kind"): t(f"device_kind.{device.kind}"),
        }
        for device in registry.devices.values()
    ]
    formats = {
        t("hardware.gpu"): st.column_config.TextColumn(pinned=True),
        t("hardware.memory_gib"): st.column_config.NumberColumn(format="%.4g"),
    }
    st.dataframe(pd.DataFrame(rows), hide_index=True, height=430, key="devices", column_config=formats, alt=sentence)


def _needed(registry: Registry, entry: Entry, plan: Training) -> dict[str, DevicesNeeded]:
    found = devices_needed(registry.devices.values(), lambda count: tune(entry, replace(plan, devices=count)))
    return {} if isinstance(found, NotModelled) else found
