"""Every widget key, link name and default. Nothing else touches ``st.session_state`` or ``st.query_params``.

The scenario lives in the session as one object. Widgets are seeded from it and written back to it; the address bar
carries what differs from the preset, a shared link carries everything.
"""

import time
from collections.abc import Container, Mapping
from typing import Any, TypeAlias
from urllib.parse import quote, urlencode

import streamlit as st

from scoring.link import NAMES, BadValue, link_of, replaced, scenario_from_link
from scoring.scenario import GENERAL, Scenario, presets
from texts.catalogue import LANGUAGES, Language, language_of

_SCENARIO, _BAD_VALUES, _WRITTEN, _LANGUAGE, _EPOCH = "scenario", "bad_values", "written", "language", "epoch"
_LANGUAGE_SWITCH = "language_switch"
_MODEL, _LINKED_MODEL = "model", "linked_model"
PAGES = frozenset({"recommend", "models", "model", "tokenizers", "hardware", "licences", "guide", "about"})
"""Last words of the pages' addresses."""
LANGUAGE_LINK = "lang"
MODEL_LINK = "id"
Setting: TypeAlias = str | float | list[str]
"""A page's own setting; whole numbers and switches are kinds of float to the type checker."""
_SETTINGS = "settings"
_PREFIXES = {"models": "f_"}
"""What stands before the link names of a page's settings."""
_DEFAULTS: dict[str, dict[str, Setting]] = {}
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


def scenario_so_far() -> Scenario | None:
    """Return the scenario that this session has set, None before Recommend was open."""
    current: Scenario | None = st.session_state.get(_SCENARIO)
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


def recommend_link(label: str, needs: Scenario) -> None:
    """Draw a link that opens Recommend with a scenario."""
    st.page_link("pages/recommend/page.py", label=label, icon=":material/explore:", query_params=link_of(needs, full=False))


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


def setting(page: str, name: str, default: Setting, known: Container[str] | None = None, most: float = _LARGEST) -> str:
    """Return the key of a page's own setting, seeded from the link, else from what the session remembers, else the default.

    Codes outside ``known`` and numbers beyond ``most`` are refused with a notice.
    """
    key, remembered = f"{page}_{name}", st.session_state.setdefault(_SETTINGS, {}).setdefault(page, {})
    if name not in remembered:
        remembered[name] = _from_link(_link_name(page, name), default, known, most)
    st.session_state.setdefault(key, remembered[name])
    _DEFAULTS.setdefault(page, {})[name] = default
    return key


def setting_now(page: str, name: str) -> Any:  # noqa: ANN401 - a setting is text, a number, a switch or a list of codes
    """Return a setting's value before its widget is drawn."""
    return st.session_state.get(f"{page}_{name}")


def keep_setting(page: str, name: str, value: object) -> None:
    """Remember a setting's value while other pages are open."""
    st.session_state[_SETTINGS][page][name] = value


def choose_setting(page: str, name: str, value: Setting) -> None:
    """Set a setting from elsewhere, another page included; its widget follows."""
    st.session_state.setdefault(_SETTINGS, {}).setdefault(page, {})[name] = value
    st.session_state.pop(f"{page}_{name}", None)


def seed_settings(page: str, values: Mapping[str, Setting]) -> None:
    """Let settings start from values that the session knows, where neither the link nor the visitor said otherwise."""
    remembered = st.session_state.setdefault(_SETTINGS, {}).setdefault(page, {})
    for name, value in values.items():
        if name not in remembered and _link_name(page, name) not in st.query_params:
            remembered[name] = value


def clear_settings(page: str) -> None:
    """Forget every setting of a page."""
    for name in st.session_state.get(_SETTINGS, {}).pop(page, {}):
        st.session_state.pop(f"{page}_{name}", None)
    st.query_params.clear()


def write_settings(page: str) -> None:
    """Put the settings that differ from their defaults into the address bar."""
    kept = st.session_state[_SETTINGS][page]
    write_link({_link_name(page, name): _as_text(value) for name, value in kept.items() if value != _DEFAULTS[page].get(name)})


def settings_link(page: str) -> str:
    """Return a link that carries every setting of a page."""
    kept = {_link_name(page, name): _as_text(value) for name, value in st.session_state[_SETTINGS][page].items()}
    return f"{_root()}{page}?{urlencode({**kept, LANGUAGE_LINK: language()}, quote_via=quote, safe=',/')}"


def _link_name(page: str, name: str) -> str:
    return f"{_PREFIXES.get(page, '')}{name}"


def _as_text(value: Setting) -> str:
    if isinstance(value, list):
        return ",".join(value)
    if isinstance(value, bool):
        return str(int(value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _from_link(name: str, default: Setting, known: Container[str] | None, most: float) -> Setting:
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
        if known is None or text in known:
            return text
        refuse(name, text)
        return default
    return _number_from_link(name, text, default, most)


def _number_from_link(name: str, text: str, default: float, most: float) -> Setting:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    whole = isinstance(default, int)
    if not (1 if whole and not isinstance(default, bool) else 0) <= value <= most or (whole and not value.is_integer()):
        refuse(name, text)
        return default
    return type(default)(value)


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
    return base.removesuffix(last) if last in PAGES else base.rstrip("/") + "/"
