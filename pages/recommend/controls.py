"""The needs and the weights: widgets seeded from the scenario and written back to it."""

import re

import streamlit as st

from model_registry.registry import Registry
from pages.shared import state
from scoring.rank import normalised_weights
from scoring.scenario import FACTORS, MAXIMUM_WEIGHT, presets
from texts import numbers
from texts.catalogue import Catalogue
from texts.languages import language_name

LANGUAGES = ("zh", "en", "ja", "ko", "fr", "de", "es", "it", "pt", "ru", "ar", "hi", "id", "th", "vi", "ms", "tl", "tr", "nl", "pl")
LENGTHS = (1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072, 262144, 524288, 1048576)
OUTPUTS = ("chat", "generation", "label", "span", "score", "code", "math", "tool_calls", "creative", "translation", "embedding")
PLANS = ("none", "lora", "full", "continued_pretraining")
KINDS = ("internal", "product", "research")
PRECISIONS = ("bf16", "fp8", "int8", "int4")
NO_DEVICE, PLAIN_MEMORY = "none", "memory"
_COUNTRY = re.compile(r"[A-Z]{2}")
_BILLION = 10**9


def domains(t: Catalogue) -> None:
    """Draw the domains as pills; one click starts from a preset."""
    current = state.scenario().domain
    chosen = st.pills(
        t("recommend.question"),
        list(presets()),
        key=state.seeded("domain", current),
        format_func=lambda name: t(f"domain.{name}.name"),
        required=True,
    )
    if chosen is not None and chosen != current:
        state.choose_domain(chosen)
        st.rerun()
    st.caption(t(f"domain.{current}.why"))


def needs(t: Catalogue, registry: Registry) -> None:
    """Draw the needs in the sidebar."""
    st.subheader(t("recommend.needs_title"), anchor=False)
    _languages(t)
    _length(t)
    _select(t, "output", ("output",), OUTPUTS, state.scenario().output)
    _select(t, "plan", ("training", "plan"), PLANS, state.scenario().training.plan)
    plan = state.scenario().training.plan
    if plan == "continued_pretraining":
        _number(t, "tokens", ("training", "tokens"), state.scenario().training.tokens, step=1_000_000)
    elif plan != "none":
        _number(t, "examples", ("training", "examples"), state.scenario().training.examples, step=100)
    _hardware(t, registry)
    with st.expander(t("recommend.use_title")):
        _use(t)
    with st.expander(t("recommend.more_needs")):
        _more(t)


def weights(t: Catalogue) -> None:
    """Draw one slider a factor, each naming its two ends and its share."""
    st.subheader(t("recommend.weights_title"), anchor=False)
    st.caption(t("recommend.weights_sentence"))
    if not any(state.scenario().weights.values()):
        st.info(t("recommend.weights_zero"), icon=":material/balance:")
    shares = dict(zip(FACTORS, normalised_weights(state.scenario(), FACTORS), strict=True))
    for factor in FACTORS:
        with st.container(gap=None):
            value = st.slider(
                t(f"factor.{factor}.name"),
                0.0,
                float(MAXIMUM_WEIGHT),
                step=0.5,
                format="%g",
                key=state.seeded(f"w_{factor}", float(state.scenario().weights.get(factor, 0.0))),
            )
            share = t("recommend.weight_share", share=numbers.points(shares[factor]))
            st.caption(f"{t(f'factor.{factor}.ends')} · {share}")
        state.update(("weights", factor), value)
    st.caption(t("recommend.starting_point"))
    st.button(t("recommend.reset"), on_click=state.reset, icon=":material/restart_alt:", width="stretch")


def _languages(t: Catalogue) -> None:
    current = state.scenario().languages
    options = list(dict.fromkeys((*LANGUAGES, *current)))
    named = t("need.joined_by").join(language_name(t, code) for code in current) or t("need.not_given")
    with st.popover(f"{t('need.languages')}: {named}", width="stretch", help=t("need.languages_help")):
        chosen = st.pills(
            t("need.languages"),
            options,
            selection_mode="multi",
            key=state.seeded("l", list(current)),
            format_func=lambda code: language_name(t, code),
        )
    if tuple(chosen) != current:
        state.update(("languages",), tuple(chosen))
        st.rerun()


def _length(t: Catalogue) -> None:
    current = state.scenario().longest_input
    options = sorted({*LENGTHS, current})
    chosen = st.select_slider(
        t("need.longest_input"), options, key=state.seeded("ctx", current), format_func=lambda value: numbers.tokens(value, t.language)
    )
    state.update(("longest_input",), int(chosen))


def _select(t: Catalogue, name: str, path: tuple[str, ...], options: tuple[str, ...], current: str) -> None:
    chosen = st.selectbox(t(f"need.{name}"), options, key=state.seeded(name, current), format_func=lambda code: t(f"{name}.{code}"))
    state.update(path, chosen)


def _number(t: Catalogue, name: str, path: tuple[str, ...], current: int | None, step: int = 1) -> None:
    value = st.number_input(
        t(f"need.{name}"), min_value=0, step=step, key=state.seeded(name, current), placeholder=t("need.not_given"), value=None
    )
    state.update(path, None if value is None else int(value))


def _flag(t: Catalogue, name: str, path: tuple[str, ...], *, current: bool) -> None:
    state.update(path, bool(st.toggle(t(f"need.{name}"), key=state.seeded(name, current))))


def _hardware(t: Catalogue, registry: Registry) -> None:
    hardware = state.scenario().hardware
    if hardware.device is not None and hardware.device not in registry.devices:
        state.refuse("gpu", hardware.device)
        state.update(("hardware", "device"), None)
        hardware = state.scenario().hardware
    names = {NO_DEVICE: t("need.device_none"), PLAIN_MEMORY: t("need.device_memory")}
    names |= {device.id: f"{device.vendor} {device.name} · {device.memory_gib:g} GiB" for device in registry.devices.values()}
    current = hardware.device or (NO_DEVICE if hardware.memory_gb is None else PLAIN_MEMORY)
    chosen = st.selectbox(t("need.device"), list(names), key=state.seeded("gpu", current), format_func=lambda code: names[code])
    if chosen == PLAIN_MEMORY:
        state.update(("hardware", "device"), None)
        memory = st.number_input(
            t("need.device_memory"), min_value=1.0, max_value=100_000.0, step=1.0, key=state.seeded("mem", float(hardware.memory_gb or 24))
        )
        state.update(("hardware", "memory_gb"), float(memory))
    else:
        state.update(("hardware", "memory_gb"), None)
        state.update(("hardware", "device"), None if chosen == NO_DEVICE else chosen)
    if chosen == NO_DEVICE:
        return
    count = st.number_input(t("need.count"), min_value=1, max_value=1024, step=1, key=state.seeded("n", hardware.count))
    state.update(("hardware", "count"), int(count))
    accepted = st.pills(
        t("need.precisions"),
        PRECISIONS,
        selection_mode="multi",
        key=state.seeded("q", list(hardware.weights)),
        format_func=lambda code: t(f"precision.{code}"),
    )
    state.update(("hardware", "weights"), tuple(accepted or hardware.weights))
    batch = st.number_input(t("need.batch"), min_value=1, max_value=4096, step=1, key=state.seeded("batch", hardware.batch))
    state.update(("hardware", "batch"), int(batch))


def _use(t: Catalogue) -> None:
    use = state.scenario().use
    _select(t, "kind", ("use", "kind"), KINDS, use.kind)
    for name in ("monthly_users", "annual_revenue_usd", "monthly_revenue_usd"):
        _number(t, name, ("use", name), getattr(use, name), step=1_000_000)
    for name in ("offers_model_api", "redistributes_weights", "trains_on_outputs", "may_contact_licensor"):
        _flag(t, name, ("use", name), current=getattr(use, name))
    text = st.text_input(t("need.territory"), key=state.seeded("terr", " ".join(use.territory)))
    places = text.replace(",", " ").upper().split()
    wrong = [place for place in places if not _COUNTRY.fullmatch(place)]
    if wrong:
        st.warning(t("need.territory_bad", value=" ".join(wrong)))
    state.update(("use", "territory"), tuple(place for place in places if place not in wrong))
    st.caption(t("licence_reason.not_advice"))


def _more(t: Catalogue) -> None:
    wanted = state.scenario().needs
    for name in ("tools", "image", "fill_in_middle", "training_data_open"):
        _flag(t, name, ("needs", name), current=getattr(wanted, name))
    words = {None: "reasoning_any", True: "reasoning_needed", False: "reasoning_off"}
    thinking = st.selectbox(
        t("need.reasoning"), list(words), key=state.seeded("think", wanted.reasoning), format_func=lambda code: t(f"need.{words[code]}")
    )
    state.update(("needs", "reasoning"), thinking)
    most = st.number_input(
        t("need.maximum_parameters"),
        min_value=0.0,
        step=1.0,
        format="%g",
        key=state.seeded("maxp", None if wanted.maximum_parameters is None else wanted.maximum_parameters / _BILLION),
        placeholder=t("need.not_given"),
        value=None,
    )
    state.update(("needs", "maximum_parameters"), round(most * _BILLION) if most else None)
