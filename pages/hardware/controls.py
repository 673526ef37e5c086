"""What is asked: models, hardware, and what is served or tuned. Every choice is a setting of the page with a link name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_args

import streamlit as st

from model_registry.adapters import Targets
from model_registry.memory import PRECISIONS, CachePrecision, Workload, capacity_bytes
from model_registry.other_schemas import Device
from model_registry.registry import Entry, Registry
from model_registry.training_memory import Method, Stage, Training
from pages.shared import state
from pages.shared.parts import label
from texts import numbers
from texts.catalogue import Catalogue

PAGE = "hardware"
DEFAULT_MODELS = ["Qwen/Qwen3-8B", "google/gemma-3-12b-it", "deepseek-ai/DeepSeek-V2-Lite"]
"""Three ways to cache: grouped attention, sliding windows, latent attention."""
MOST_MODELS, MOST_BATCH, MOST_COUNT, MOST_RANK = 6, 1024, 64, 512
LENGTHS = (1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072, 262144, 524288, 1048576)
SEQUENCES = (256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072)
TASKS = ("serve", "tune")
_DEFAULT_LENGTH, _DEFAULT_SEQUENCE = 32768, 2048


@dataclass(frozen=True)
class Hardware:
    """The device that was chosen and how many of it."""

    device: Device
    count: int

    @property
    def capacity_bytes(self) -> int:
        """Return what a model may use of one device."""
        return capacity_bytes(self.device)


def models(t: Catalogue, registry: Registry) -> list[Entry]:
    """Draw the chooser of models and return them, in the order chosen."""
    ids = [entry.id for entry in registry.entries]
    key = state.setting(PAGE, "m", DEFAULT_MODELS, ids)
    chosen = st.multiselect(
        t("hardware.models"), ids, key=key, max_selections=MOST_MODELS, filter_mode="fuzzy", placeholder=t("hardware.models_hint")
    )
    state.keep_setting(PAGE, "m", chosen)
    return [registry[name] for name in chosen]


def task(t: Catalogue) -> str:
    """Draw the switch between serving and fine-tuning."""
    key = state.setting(PAGE, "task", TASKS[0], TASKS)
    chosen = st.segmented_control(
        t("hardware.task"), TASKS, key=key, format_func=lambda code: t(f"hardware.task_{code}"), required=True, label_visibility="collapsed"
    )
    state.keep_setting(PAGE, "task", chosen)
    return str(chosen)


def hardware(t: Catalogue, registry: Registry) -> Hardware:
    """Draw device and number."""
    devices = registry.devices
    chosen = _one_of(t, "gpu", "rtx-4090", list(devices), lambda code: device_name(devices[code]))
    count = _number(t, "n", 1, MOST_COUNT)
    return Hardware(devices[chosen], count)


def device_name(device: Device) -> str:
    """Return a device's maker, name and memory."""
    return f"{device.vendor} {device.name} · {device.memory_gib:g} GiB"


def workload(t: Catalogue, entries: list[Entry], count: int) -> Workload:
    """Draw what is served."""
    tokens = _length(t, "ctx", _DEFAULT_LENGTH, LENGTHS)
    batch = _number(t, "batch", 1, MOST_BATCH)
    weights = _one_of(t, "q", "bf16", list(PRECISIONS), lambda code: t(f"precision.{code}"))
    cache = _one_of(t, "kv", "bf16", list(get_args(CachePrecision)), lambda code: t(f"precision.{code}"))
    windowed = any(getattr(entry.cache, "windowed", False) for entry in entries)
    windows = _switch(t, "window", shown=windowed, default=True)
    return Workload(tokens, batch, weights, cache, count, windows=windows)


def training(t: Catalogue, count: int) -> Training:
    """Draw how it is tuned."""
    method: Method = _one_of(t, "method", "lora", list(get_args(Method)), lambda code: t(f"hardware.method_{code}"))
    sequence = _length(t, "seq", _DEFAULT_SEQUENCE, SEQUENCES)
    batch = _number(t, "tbatch", 1, MOST_BATCH)
    rank = 16
    targets: Targets = "all"
    if method != "full":
        rank = _number(t, "rank", 16, MOST_RANK)
        targets = _one_of(t, "targets", "all", list(get_args(Targets)), lambda code: t(f"hardware.targets_{code}"))
    checkpointing = _switch(t, "ckpt", shown=True, default=True)
    fused = _switch(t, "fused", shown=True, default=False)
    zero: Stage = 0
    if count > 1:
        stages = {str(stage): stage for stage in get_args(Stage)}
        zero = stages[_one_of(t, "zero", "3", list(stages), lambda code: t(f"hardware.zero_{code}"))]
    return Training(method, sequence, batch, rank, targets, checkpointing, fused, zero, count)


def which(t: Catalogue, entries: list[Entry]) -> int:
    """Draw the choice between the models that were answered, where there are several; return its position."""
    st.subheader(t("hardware.devices_title"), anchor=False)
    if len(entries) == 1:
        return 0
    names = [label(entry) for entry in entries]
    chosen = st.segmented_control(t("hardware.models"), names, default=names[0], required=True, label_visibility="collapsed")
    return names.index(str(chosen))


def take_over() -> None:
    """Start from the hardware and the length that were asked for on Recommend, unless the page has settings of its own."""
    needs = state.scenario_so_far()
    device = None if needs is None else needs.hardware.device
    if needs is not None and device is not None:
        hardware_ = needs.hardware
        state.seed_settings(PAGE, {"gpu": device, "n": hardware_.count, "batch": hardware_.batch, "ctx": needs.longest_input})


def _one_of(t: Catalogue, name: str, default: str, options: list[str], words: Callable[[str], str]) -> Any:  # noqa: ANN401 - a code of a closed list
    key = state.setting(PAGE, name, default, options)
    chosen = st.selectbox(t(f"hardware.{name}"), options, key=key, format_func=words)
    state.keep_setting(PAGE, name, chosen)
    return chosen


def _number(t: Catalogue, name: str, default: int, most: int) -> int:
    key = state.setting(PAGE, name, default, most=most)
    value = st.number_input(t(f"hardware.{name}"), min_value=1, max_value=most, step=1, key=key)
    state.keep_setting(PAGE, name, value)
    return int(value)


def _length(t: Catalogue, name: str, default: int, steps: tuple[int, ...]) -> int:
    key = state.setting(PAGE, name, default, most=10 * LENGTHS[-1])
    options = sorted({*steps, int(state.setting_now(PAGE, name))})
    chosen = st.select_slider(t(f"hardware.{name}"), options, key=key, format_func=lambda value: numbers.tokens(value, t.language))
    state.keep_setting(PAGE, name, chosen)
    return int(chosen)


def _switch(t: Catalogue, name: str, *, shown: bool, default: bool) -> bool:
    key = state.setting(PAGE, name, default, most=1)
    if not shown:
        return bool(state.setting_now(PAGE, name))
    value = st.toggle(t(f"hardware.{name}"), key=key, help=t(f"hardware.{name}_help"))
    state.keep_setting(PAGE, name, value)
    return bool(value)
