"""About: how the score is made, how much is known, and what it is not."""

import pandas as pd
import streamlit as st

from pages.shared import data, state
from pages.shared.parts import header, notices
from scoring.factors import SCALE
from scoring.scenario import FACTORS
from texts.catalogue import catalogue

t = catalogue(state.language())
current = data.live().current()
header(t, current.registry.version)
notices(t)

st.title(t("about.title"), anchor=False)
st.markdown(t.prose("about"))
st.subheader(t("about.factors_title"), anchor=False)
st.markdown(t("about.factors_sentence", scale=SCALE))
for factor in FACTORS:
    st.markdown(f"**{t(f'factor.{factor}.name')}** ({t(f'factor.{factor}.ends')}). {t(f'factor_how.{factor}')}")
st.subheader(t("about.coverage_title"), anchor=False)
registry = current.registry
releases = len({entry.release.release for entry in registry.entries})
st.markdown(t("about.coverage_sentence", count=len(registry.entries), releases=releases))
rows = [
    {
        t("about.column"): t(f"column.{row.column}"),
        t("about.coverage_share"): round(100 * row.answered),
        t("about.coverage_known"): row.known,
        t("about.coverage_undisclosed"): row.undisclosed,
        t("about.coverage_not_found"): row.not_found,
        t("about.coverage_not_applicable"): row.not_applicable,
    }
    for row in current.coverage
]
st.dataframe(
    pd.DataFrame(rows),
    hide_index=True,
    height=600,
    column_config={t("about.coverage_share"): st.column_config.ProgressColumn(format="%d", min_value=0, max_value=100)},
    alt=t("about.coverage_title"),
)
state.write_link({})
