"""Hardware: does it fit? Serving and fine-tuning as ranges against a device's memory."""

from functools import partial

import streamlit as st

from model_registry.memory import serve
from model_registry.parameters import NotModelled
from model_registry.training_memory import TUNING_PARTS, tune
from pages.hardware import controls, serving, tuning, workings
from pages.hardware.answered import answered, bars
from pages.shared import data, state
from pages.shared.parts import header, label, notices
from pages.shared.theme import ink
from texts.catalogue import catalogue
from texts.markup import plain
from texts.refusals import why_not

t = catalogue(state.language())
registry = data.live().current().registry
colours = ink(st.context.theme.type)

header(t, registry.version)
controls.take_over()
st.title(t("hardware.title"), anchor=False)
entries = controls.models(t, registry)
serves = controls.task(t) == "serve"
with st.sidebar:
    on = controls.hardware(t, registry)
    load = controls.workload(t, entries, on.count) if serves else None
    plan = None if serves else controls.training(t, on.count)
notices(t)

if not entries:
    st.info(t("hardware.no_models"), icon=":material/developer_board:")
elif load is not None:
    served = answered(t, entries, load.tokens, partial(serve, load=load))
    serving.verdicts(t, served, load, on)
    if served:
        bars(t, served, serving.PARTS, on, colours)
        serving.growth(t, served, load, on, colours)
        one = served[controls.which(t, [one.entry for one in served])]
        serving.devices_table(t, registry, one.entry, load)
        with st.expander(t("workings.title")):
            workings.serving(t, one.entry, one.needed, load)
            workings.device(t, registry, on)
elif plan is not None:
    tuned = answered(t, entries, plan.sequence, partial(tune, plan=plan))
    tuning.verdicts(t, tuned, plan, on)
    if tuned:
        bars(t, tuned, TUNING_PARTS, on, colours)
        tunes = tuned[controls.which(t, [one.entry for one in tuned])]
        tuning.devices_table(t, registry, tunes.entry, plan)
        with st.expander(t("workings.title")):
            workings.tuning(t, tunes.entry, tunes.needed, plan)
            workings.device(t, registry, on)

left_out = [(entry, entry.breakdown) for entry in registry.entries if isinstance(entry.breakdown, NotModelled)]
with st.expander(t("hardware.unmodelled_title", count=len(left_out), all=len(registry.entries))):
    st.markdown("\n".join(f"- {plain(label(entry))}: {why_not(t, refused)}" for entry, refused in left_out))
st.caption(t("hardware.share"))
state.write_settings(controls.PAGE)
st.code(state.settings_link(controls.PAGE), language=None, wrap_lines=True)
