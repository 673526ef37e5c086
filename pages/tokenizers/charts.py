"""The charts of Tokenizers: tokens of one text by tokenizer, of every language at once, and vocabularies by script."""

from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from pages.shared.charts import FRAME_HEIGHT, LEGEND, frame
from pages.shared.theme import BAR, BAR_QUIET, HEAT, SCRIPT_COLOURS, Ink
from texts.catalogue import Catalogue

ROW_HEIGHT = 24


@dataclass(frozen=True)
class Row:
    """One tokenizer's bar."""

    label: str
    value: float
    shown: str
    marked: bool
    """The cheapest and the dearest stand out."""


def bars(rows: list[Row], axis_title: str, ink: Ink) -> go.Figure:
    """Return one bar a tokenizer, each with its value beside it."""
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": [row.value for row in rows],
        "y": [row.label for row in rows],
        "text": [row.shown for row in rows],
        "textposition": "outside",
        "cliponaxis": False,
        "textfont": {"color": ink.text, "size": 13},
        "marker": {"color": [BAR if row.marked else BAR_QUIET for row in rows], "line": {"width": 0}},
        "hovertemplate": "%{y}: %{text}<extra></extra>",
    }
    furthest = max((row.value for row in rows), default=1.0)
    layout = frame(ink, 0, axis_title, {"range": [0, 1.15 * furthest], "nticks": 6, "tickangle": 0})
    return go.Figure(data=[trace], layout={**layout, "height": FRAME_HEIGHT + ROW_HEIGHT * len(rows), "bargap": 0.25, "showlegend": False})


def heat(labels: list[str], columns: list[str], ratios: list[list[float | None]], words: str, ink: Ink) -> go.Figure:
    """Return tokens relative to a reference, one row a tokenizer, one column a text: blue is cheaper, amber dearer."""
    trace = {
        "type": "heatmap",
        "x": columns,
        "y": labels,
        "z": ratios,
        "zmin": 0.5,
        "zmax": 3.0,
        "colorscale": HEAT,
        "xgap": 1,
        "ygap": 1,
        "hovertemplate": f"%{{y}}, %{{x}}: %{{z:.2f}} {words}<extra></extra>",
        "colorbar": {"thickness": 12, "tickvals": [0.5, 1, 2, 3], "ticktext": ["0.5", "1", "2", "3+"], "outlinewidth": 0},
    }
    layout: dict[str, Any] = {
        **frame(ink, 0, "", {"tickangle": -60, "side": "top", "tickfont": {"size": 12}, "automargin": True}),
        "height": 170 + 20 * len(labels),
        "showlegend": False,
    }
    layout["yaxis"] = {**layout["yaxis"], "tickfont": {"size": 12}, "dtick": 1}
    return go.Figure(data=[trace], layout=layout)


def scripts(t: Catalogue, labels: list[str], shares: dict[str, list[int]], ink: Ink) -> go.Figure:
    """Return vocabularies by script as stacked bars: entries that hold a letter of each."""
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "x": values,
            "y": labels,
            "name": t(f"script.{script}"),
            "marker": {"color": SCRIPT_COLOURS[script], "line": {"width": 0}},
            "hovertemplate": f"%{{y}}, {t(f'script.{script}')}: %{{x:,.0f}}<extra></extra>",
        }
        for script, values in shares.items()
    ]
    layout = frame(ink, 0, t("tokenizers.axis_entries"), {"nticks": 6, "tickangle": 0})
    above = {"legend": {**LEGEND, "y": 1.01}, "height": FRAME_HEIGHT + 60 + ROW_HEIGHT * len(labels), "bargap": 0.25}
    return go.Figure(data=traces, layout={**layout, **above, "barmode": "stack", "showlegend": True})
