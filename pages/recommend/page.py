"""Recommend: the answer first, then why, then everyone else. Every move redraws at once."""

from datetime import UTC, datetime

import streamlit as st

from pages.recommend import answer, controls, flips, lists, share, starting
from pages.shared import data, state
from pages.shared.parts import header, notices
from pages.shared.theme import ink
from texts.catalogue import catalogue

t = catalogue(state.language())
current = data.live().current()
registry = current.registry
colours = ink(st.context.theme.type)

header(t, registry.version)
state.scenario()
with st.sidebar:
    controls.needs(t, registry)
    controls.weights(t)
notices(t)
controls.domains(t)

scenario = state.scenario()
today = datetime.now(tz=UTC).date().isoformat()
result = data.answer(scenario.model_dump_json(), today, registry.digest)

answer.pick(t, current, result)
lists.ranking(t, registry, result, colours)
answer.why(t, registry, result, colours)
flips.flips(t, registry, result)
lists.removed(t, registry, result)
lists.thin(t, registry, result)

starting.starting(t, registry, result)
share.share(t, registry, result, today)
state.write_link()
