"""About: how the score is made, how much is known, and what it is not."""

import pandas as pd
import streamlit as st

from model_registry.columns import COLUMNS
from model_registry.schema import UNDISCLOSED
from pages.shared import data, state
from pages.shared.parts import header, notices
from texts.catalogue import catalogue

t = catalogue(state.language())
current = data.live().current()
header(t, current.registry.version)
notices(t)

st.title(t("about.title"), anchor=False)
st.markdown(t.prose("about"))
st.subheader(t("about.coverage_title"), anchor=False)
st.markdown(t("about.coverage_sentence", count=len(current.table)))
silent = {name: (current.table[name].astype("string") == UNDISCLOSED).fillna(value=False) for name in COLUMNS}
rows = [
    {
        t("about.column"): t(f"column.{name}"),
        t("about.coverage_share"): round(100 * float((current.table[name].notna() & ~silent[name]).mean())),
        t("about.coverage_undisclosed"): round(100 * float(silent[name].mean())),
    }
    for name in COLUMNS
]
st.dataframe(
    pd.DataFrame(rows),
    hide_index=True,
    height=600,
    column_config={t("about.coverage_share"): st.column_config.ProgressColumn(format="%d", min_value=0, max_value=100)},
    alt=t("about.coverage_title"),
)
state.write_link({})
