"""The use that is asked about: the same object as in a scenario, each part a setting of the page with its link name."""

import re
from typing import Any

import streamlit as st

from model_registry.registry import Entry, Registry
from pages.shared import state
from scoring.scenario import Use
from texts import numbers
from texts.catalogue import Catalogue
from texts.markup import plain

PAGE = "licences"
KINDS = ("internal", "product", "research")
NUMBERS = {"mau": "monthly_users", "rev": "annual_revenue_usd", "mrev": "monthly_revenue_usd"}
SWITCHES = {"api": "offers_model_api", "copies": "redistributes_weights", "distil": "trains_on_outputs", "ask": "may_contact_licensor"}
VIEWS = ("list", "table")
_PLACE = re.compile(r"[A-Z]{2}")


def take_over() -> None:
    """Start from the use that was described on Recommend, unless the page has settings of its own."""
    needs = state.scenario_so_far()
    if needs is None:
        return
    use = needs.use
    given = {name: getattr(use, field) for name, field in NUMBERS.items()}
    switches = {name: getattr(use, field) for name, field in SWITCHES.items()}
    texts = {name: "" if value is None else f"{value:,}" for name, value in given.items()}
    state.seed_settings(PAGE, {"use": use.kind, "terr": " ".join(use.territory), **texts, **switches})


def use_asked(t: Catalogue) -> tuple[Use, list[str]]:
    """Draw what the use is; return it, and a sentence for each part that cannot be read and was left out."""
    wrong: list[str] = []
    key = state.setting(PAGE, "use", KINDS[0], KINDS)
    kind = st.selectbox(t("need.kind"), KINDS, key=key, format_func=lambda code: t(f"kind.{code}"))
    state.keep_setting(PAGE, "use", kind)
    given = {field: _amount(t, name, field, wrong) for name, field in NUMBERS.items()}
    st.caption(t("licences.amount_help"))
    switched = {field: _switch(t, name, field) for name, field in SWITCHES.items()}
    asked: dict[str, Any] = {"kind": kind, "territory": _places(t, wrong), **given, **switched}
    return Use(**asked), wrong


def model(t: Catalogue, registry: Registry) -> Entry | None:
    """Draw the choice of one model and return it, None for all."""
    ids = [entry.id for entry in registry.entries]
    key = state.setting(PAGE, "m", "", ["", *ids])
    chosen = st.selectbox(t("licences.model"), ["", *ids], key=key, format_func=lambda name: name or t("licences.every_model"))
    state.keep_setting(PAGE, "m", chosen)
    return registry[chosen] if chosen else None


def view(t: Catalogue) -> str:
    """Draw the switch between the list with the words and the table, and return the choice."""
    key = state.setting(PAGE, "view", VIEWS[0], VIEWS)
    chosen = st.segmented_control(
        t("licences.view"), VIEWS, key=key, format_func=lambda code: t(f"licences.view_{code}"), required=True, label_visibility="collapsed"
    )
    state.keep_setting(PAGE, "view", chosen)
    return str(chosen)


def places(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the codes of a text, and the words that are none."""
    words = dict.fromkeys(re.sub(r"[,;，、；]", " ", text).upper().split())
    return tuple(word for word in words if _PLACE.fullmatch(word)), tuple(word for word in words if not _PLACE.fullmatch(word))


def _amount(t: Catalogue, name: str, field: str, wrong: list[str]) -> int | None:
    text = st.text_input(t(f"need.{field}"), key=state.setting(PAGE, name, ""), placeholder=t("need.not_given"))
    state.keep_setting(PAGE, name, text)
    try:
        return numbers.amount(text)
    except ValueError:
        most = numbers.exact(numbers.LARGEST_AMOUNT)
        wrong.append(t("licences.bad_amount", value=plain(text), name=t(f"need.{field}"), most=most))
        return None


def _switch(t: Catalogue, name: str, field: str) -> bool:
    key = state.setting(PAGE, name, name == "ask", most=1)
    value = st.toggle(t(f"need.{field}"), key=key)
    state.keep_setting(PAGE, name, value)
    return bool(value)


def _places(t: Catalogue, wrong: list[str]) -> tuple[str, ...]:
    text = st.text_input(t("need.territory"), key=state.setting(PAGE, "terr", ""), placeholder=t("need.not_given"))
    state.keep_setting(PAGE, "terr", text)
    found, others = places(text)
    if others:
        wrong.append(t("need.territory_bad", value=plain(" ".join(others))))
    return found
