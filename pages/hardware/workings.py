"""The workings: every figure with its formula, its numbers and its source."""

import pandas as pd
import streamlit as st

from model_registry.kv_cache import Cache
from model_registry.memory import CACHE_BYTES, FILE_BITS, LAYER_BITS, Serving, Workload
from model_registry.other_schemas import DeviceValue
from model_registry.parameters import Breakdown
from model_registry.registry import Entry, Registry
from model_registry.training_memory import TUNING_PARTS, Training, Tuning
from pages.hardware.controls import Hardware
from pages.shared.parts import label, source_link
from texts import numbers
from texts.catalogue import Catalogue
from texts.markup import plain

_GIB = 2**30
_DEVICE_VALUES: tuple[DeviceValue, ...] = ("memory_gib", "memory_bytes", "usable_gib", "bandwidth_gb_s")


def serving(t: Catalogue, entry: Entry, needed: Serving, load: Workload) -> None:
    """Draw the formula of each component with this model's numbers."""
    counted, cache = entry.breakdown, entry.cache
    if not isinstance(counted, Breakdown) or not isinstance(cache, Cache):
        return
    formulas = {
        "weights": _weights(t, counted, load),
        "vision": t("workings.vision", count=numbers.exact(entry.parameters.vision or 0)),
        "kv_cache": _cache(t, cache, load),
        "state": t("workings.state"),
        "activation": t("workings.activation", tokens=numbers.exact(min(load.tokens * load.batch, load.prefill_tokens))),
        "communication": t("workings.communication"),
    }
    values = {part: getattr(needed, f"{part}_bytes") for part in formulas}
    _table(t, entry, formulas, values, (needed.low_bytes, needed.total_bytes, needed.high_bytes))
    st.caption(t("workings.serving_range"))


def tuning(t: Catalogue, entry: Entry, needed: Tuning, plan: Training) -> None:
    """Draw the formula of each component with this model's numbers."""
    a = entry.architecture
    trained = numbers.exact(needed.trainable_parameters)
    tokens = numbers.exact(plan.sequence * plan.batch)
    checkpointed = "workings.activation_checkpointed" if plan.checkpointing else "workings.activation_all"
    formulas = {
        "weights": t("workings.weights_nf4" if plan.method == "qlora" else "workings.weights_16"),
        "vision": t("workings.vision", count=numbers.exact(entry.parameters.vision or 0)),
        "adapter": t("workings.adapter", count=trained, rank=plan.rank),
        "gradient": t("workings.gradient"),
        "optimiser": t("workings.optimiser"),
        "activation": t(checkpointed, tokens=tokens, layers=a.layers or 0),
        "logits": t("workings.logits", tokens=tokens, rows=numbers.exact(a.embedding_rows or 0)),
        "communication": t("workings.communication"),
    }
    values = {part: getattr(needed, f"{part}_bytes") for part in TUNING_PARTS}
    _table(t, entry, formulas, values, (needed.low_bytes, needed.total_bytes, needed.high_bytes))
    st.caption(t("workings.tuning_range"))


def device(t: Catalogue, registry: Registry, on: Hardware) -> None:
    """Draw who states each value of the device."""
    for value in _DEVICE_VALUES:
        number = getattr(on.device, value)
        if number is not None:
            sources = [registry.device_sources[key] for key in on.device.sources[value]]
            links = ", ".join(f"[{plain(source.title or source.url)}]({source.url})" for source in sources)
            st.markdown(f"{t(f'workings.{value}')}: {number:,} · {links}")
    if on.device.note:
        st.caption(plain(on.device.note))


def _table(t: Catalogue, entry: Entry, formulas: dict[str, str], values: dict[str, int], ends: tuple[int, int, int]) -> None:
    a = entry.architecture
    st.markdown(f"{t('workings.numbers_of', name=plain(label(entry)))} {source_link(t, entry.source(a, 'layers'))}")
    rows = [
        {t("workings.part"): t(f"memory.{part}"), "GiB": values[part] / _GIB, t("workings.formula"): formulas[part]}
        for part in formulas
        if values[part]
    ]
    for code, value in zip(("low", "sum", "high"), (ends[0], ends[1], ends[2]), strict=True):
        rows.append({t("workings.part"): t(f"workings.{code}"), "GiB": value / _GIB, t("workings.formula"): t(f"workings.{code}_formula")})
    formats = {"GiB": st.column_config.NumberColumn(format="%.2f"), t("workings.formula"): st.column_config.TextColumn(width="large")}
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="workings", column_config=formats, alt=t("workings.title"))


def _weights(t: Catalogue, counted: Breakdown, load: Workload) -> str:
    if load.weights in FILE_BITS:
        return t("workings.weights_file", count=numbers.exact(counted.total), bits=FILE_BITS[load.weights])
    matrices = counted.attention + counted.linear + counted.mlp + counted.routed + counted.shared
    quantised = counted.routed if load.weights == "mxfp4" else matrices
    rest = numbers.exact(counted.total - quantised)
    return t("workings.weights_layers", count=numbers.exact(quantised), bits=LAYER_BITS[load.weights], rest=rest)


def _cache(t: Catalogue, cache: Cache, load: Workload) -> str:
    """Return the cache's terms: entries kept, times the numbers of an entry."""
    terms = [f"{term.kept(load.tokens) if load.windows else load.tokens:,} × {term.elements:,}" for term in cache.terms]
    joined = " + ".join(terms)
    return t("workings.kv_cache", terms=joined, bytes=CACHE_BYTES[load.cache], batch=load.batch)
