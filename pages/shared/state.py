"""Every widget key, link name and default. Nothing else touches ``st.session_state`` or ``st.query_params``.

The scenario lives in the session as one object. Widgets are seeded from it and written back to it; the address bar
carries what differs from the preset, a shared link carries everything.
"""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import streamlit as st

from scoring.link import NAMES, BadValue, link_of, replaced, scenario_from_link
from scoring.scenario import GENERAL, Scenario, presets
from texts.catalogue import LANGUAGES, Language, language_of

_SCENARIO, _BAD_VALUES, _WRITTEN, _LANGUAGE, _EPOCH = "scenario", "bad_values", "written", "language", "epoch"
_LANGUAGE_SWITCH = "language_switch"
_MODEL, _LINKED_MODEL = "model", "linked_model"
LANGUAGE_LINK = "lang"
MODEL_LINK = "id"
_FILTERS = "filters"
_FILTER_DEFAULTS: dict[str, str | float | list[str]] = {}
_LARGEST = 1e6
_IN_FLIGHT_SECONDS, _LINKS_KEPT = 3.0, 64
PERSONAL = (("hardware",), ("use",))
"""What describes the visitor rather than the domain: kept when another domain is chosen and it was changed."""


def language() -> Language:
    """Return the language of this session: chosen, else from the link, else from the browser."""
    if _LANGUAGE not in st.session_state:
        linked = st.query_params.get(LANGUAGE_LINK)
        if linked is not None and linked not in LANGUAGES:
            st.session_state[_BAD_VALUES] = (BadValue(LANGUAGE_LINK, linked),)
        st.session_state[_LANGUAGE] = linked if linked in LANGUAGES else language_of(st.context.locale)
    chosen: Language = st.session_state[_LANGUAGE]
    return chosen


def language_switch() -> str:
    """Return the key of the language switch, which shows the language in use."""
    st.session_state.setdefault(_LANGUAGE_SWITCH, language())
    return _LANGUAGE_SWITCH


def switch_language() -> None:
    """Take over the language that the switch was moved to."""
    st.session_state[_LANGUAGE] = st.session_state[_LANGUAGE_SWITCH] or language()


def scenario() -> Scenario:
    """Return the scenario, read anew from the link when the link is not the one this session wrote."""
    linked = {name: text for name, text in st.query_params.to_dict().items() if name in NAMES}
    if linked and not _written_here(linked):
        opened, bad = scenario_from_link(linked)
        _replace(opened)
        st.session_state[_BAD_VALUES] = (*st.session_state.get(_BAD_VALUES, ()), *bad)
        _note_written(linked)
    if _SCENARIO not in st.session_state:
        _replace(presets()[GENERAL])
    current: Scenario = st.session_state[_SCENARIO]
    return current


def bad_values() -> tuple[BadValue, ...]:
    """Return the link values that were not understood, and forget them once shown."""
    found: tuple[BadValue, ...] = st.session_state.pop(_BAD_VALUES, ())
    return found


def refuse(name: str, value: str) -> None:
    """Note a link value that only the registry can judge (an unknown device)."""
    st.session_state[_BAD_VALUES] = (*st.session_state.get(_BAD_VALUES, ()), BadValue(name, value))


def seeded(name: str, value: object) -> str:
    """Return the key of a scenario widget, seeded with a value unless the widget already holds one."""
    key = f"need_{st.session_state[_EPOCH]}_{name}"
    st.session_state.setdefault(key, value)
    return key


def update(path: tuple[str, ...], value: object) -> None:
    """Write a widget's value back to the scenario."""
    current = st.session_state[_SCENARIO]
    changed = replaced(current, path, list(value) if isinstance(value, tuple) else value)
    if changed != current:
        st.session_state[_SCENARIO] = changed


def choose_domain(name: str) -> None:
    """Start from another domain; hardware and use stay when the visitor had changed them."""
    old: Scenario = st.session_state[_SCENARIO]
    before, after = presets()[old.domain], presets()[name]
    kept = {path[0]: getattr(old, path[0]) for path in PERSONAL if getattr(old, path[0]) != getattr(before, path[0])}
    _replace(after.model_copy(update=kept))


def reset() -> None:
    """Go back to the domain's preset."""
    _replace(presets()[st.session_state[_SCENARIO].domain])


def write_link(values: Mapping[str, str] | None = None) -> None:
    """Put what differs from the defaults into the address bar, with a page's own values."""
    current: Scenario | None = st.session_state.get(_SCENARIO)
    link = {} if values is not None or current is None else link_of(current, full=False)
    if link == {"domain": GENERAL}:
        link = {}
    _note_written(link)
    chosen = language()
    shown = {**link, **(values or {})}
    if chosen != language_of(st.context.locale):
        shown[LANGUAGE_LINK] = chosen
    if st.query_params.to_dict() != shown:
        st.query_params.from_dict(shown)


def share_link(data_version: str) -> str:
    """Return a link that carries the whole state, relative to where the app is served."""
    current: Scenario = st.session_state[_SCENARIO]
    parameters = {**link_of(current, full=True), LANGUAGE_LINK: language(), "v": data_version}
    return f"{_root()}?{urlencode(parameters, quote_via=quote, safe=',')}"


def model_link(checkpoint_id: str) -> str:
    """Return the permanent link of a model."""
    return f"{_root()}model?{urlencode({MODEL_LINK: checkpoint_id}, quote_via=quote, safe='/')}"


def linked_model() -> str | None:
    """Return the model id that the link names."""
    named = st.query_params.get(MODEL_LINK)
    if named is not None and named != st.session_state.get(_LINKED_MODEL):
        st.session_state[_LINKED_MODEL] = st.session_state[_MODEL] = named
    remembered: str | None = st.session_state.get(_MODEL)
    return remembered


def model_key(checkpoint_id: str) -> str:
    """Return the key of the model chooser; another model gets another key, so that the chooser follows it."""
    return f"choose_{checkpoint_id}"


def remember_model(checkpoint_id: str) -> None:
    """Remember which model to open."""
    st.session_state[_MODEL] = checkpoint_id


def filter_value(name: str, default: str | float | list[str], known: list[str] | None = None) -> str:
    """Return the key of a filter on Models, seeded from the link, else from what the session remembers.

    Codes outside ``known`` are refused with a notice.
    """
    key, remembered = f"filter_{name}", st.session_state.setdefault(_FILTERS, {})
    if name not in remembered:
        remembered[name] = _from_link(f"f_{name}", default, known)
    st.session_state.setdefault(key, remembered[name])
    _FILTER_DEFAULTS[name] = default
    return key


def filter_now(name: str) -> Any:  # noqa: ANN401 - a filter is text, a number or a list of codes
    """Return a filter's value before its widget is drawn."""
    return st.session_state.get(f"filter_{name}")


def keep_filter(name: str, value: object) -> None:
    """Remember a filter's value while other pages are open."""
    st.session_state[_FILTERS][name] = value


def clear_filters() -> None:
    """Forget every filter."""
    for name in st.session_state.pop(_FILTERS, {}):
        st.session_state.pop(f"filter_{name}", None)
    st.query_params.clear()


def write_filters() -> None:
    """Put the filters that differ from their defaults into the address bar."""
    chosen = {name: value for name, value in st.session_state[_FILTERS].items() if value != _FILTER_DEFAULTS[name]}
    write_link(
        {
            f"f_{name}": ",".join(value) if isinstance(value, list) else f"{value:g}" if isinstance(value, float) else str(value)
            for name, value in chosen.items()
        }
    )


def _from_link(name: str, default: str | float | list[str], known: list[str] | None) -> str | float | list[str]:
    text = st.query_params.get(name)
    if text is None:
        return default
    if isinstance(default, list):
        codes = [code for code in text.split(",") if code]
        for code in codes:
            if known is not None and code not in known:
                refuse(name, code)
        return [code for code in codes if known is None or code in known]
    if isinstance(default, str):
        return text
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < _LARGEST:
        refuse(name, text)
        return default
    return value


def _replace(scenario_: Scenario) -> None:
    """Put another scenario in place; widgets get new keys, so that they are seeded anew."""
    st.session_state[_SCENARIO] = scenario_
    st.session_state[_EPOCH] = st.session_state.get(_EPOCH, 0) + 1


def _written_here(link: Mapping[str, str]) -> bool:
    """Tell whether this session wrote a link: the newest, or one that it replaced only a moment ago.

    A quick series of moves sends requests that still carry the link of a moment ago; taking it for one that the visitor
    opened would undo the newer moves. A link replaced longer ago is one that the visitor went back to.
    """
    written: list[tuple[float, dict[str, str]]] = st.session_state.get(_WRITTEN, [])
    now = time.monotonic()
    replaced_at = [*(when for when, _ in written[1:]), now]
    return any(known == dict(link) and now - when < _IN_FLIGHT_SECONDS for when, (_, known) in zip(replaced_at, written, strict=False))


def _note_written(link: Mapping[str, str]) -> None:
    written: list[tuple[float, dict[str, str]]] = st.session_state.setdefault(_WRITTEN, [])
    if not written or written[-1][1] != dict(link):
        written.append((time.monotonic(), dict(link)))
        del written[:-_LINKS_KEPT]


def _root() -> str:
    """Return the address of the app's start, with its final slash; a relative one where the address is not known."""
    url = st.context.url
    if not url:
        return "/"
    base = url.split("?", 1)[0]
    last = base.rsplit("/", 1)[-1]
    return base.removesuffix(last) if last in {"recommend", "models", "model", "about"} else base.rstrip("/") + "/"
