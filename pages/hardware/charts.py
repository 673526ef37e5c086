"""The charts of Hardware: what fills the memory, against the device's line, and how it grows with the context."""

from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from pages.shared.charts import LEGEND, broken, frame, segment
from pages.shared.theme import LINE_COLOURS, MEMORY_COLOURS, Ink
from texts.catalogue import Catalogue

GIB = 2**30
_LEGEND_HEIGHT = 60
"""Pixels that a legend of several lines takes on a phone."""
_CURVE_HEIGHT = 420


@dataclass(frozen=True)
class Stack:
    """One model's bar: bytes by component, and the range around their sum."""

    label: str
    parts: dict[str, int]
    low_bytes: int
    high_bytes: int


@dataclass(frozen=True)
class Curve:
    """One model's memory by context: tokens, formula bytes."""

    label: str
    tokens: list[int]
    total_bytes: list[int]


def stacks(t: Catalogue, rows: list[Stack], capacity: float, ink: Ink) -> go.Figure:
    """Return stacked bars of what one device holds; hatched up to the upper end; a line where the device's memory ends."""
    labels = [broken(row.label) for row in rows]
    bars = []
    for part, colour in MEMORY_COLOURS.items():
        values = [row.parts.get(part, 0) / GIB for row in rows]
        if any(values):
            bars.append(segment(labels, values, t(f"memory.{part}"), t(f"memory.{part}"), color=colour))
    rest = [(row.high_bytes - sum(row.parts.values())) / GIB for row in rows]
    hatch = {"shape": "/", "fgcolor": ink.hatch, "size": 6, "solidity": 0.25}
    bars.append(segment(labels, rest, t("memory.headroom"), t("memory.headroom"), color="rgba(0,0,0,0)", pattern=hatch))
    furthest = max([capacity / GIB, *(row.high_bytes / GIB for row in rows)])
    axis = {"range": [0, 1.08 * furthest], "nticks": 7, "tickangle": 0}
    layout = frame(ink, len(rows), t("hardware.axis_memory"), axis)
    above = {"legend": {**LEGEND, "y": 1.12}, "showlegend": True, "height": layout["height"] + _LEGEND_HEIGHT}
    return go.Figure(data=bars, layout={**layout, **above, "barmode": "stack", **_line(t, capacity, ink, axis="x")})


def curves(t: Catalogue, rows: list[Curve], capacity: float, ink: Ink) -> go.Figure:
    """Return memory against context on a logarithmic axis, one line a model, each named at its end."""
    lines = [_curve(row, LINE_COLOURS[index % len(LINE_COLOURS)]) for index, row in enumerate(rows)]
    ticks = sorted({tokens for row in rows for tokens in row.tokens if tokens & (tokens - 1) == 0})[::2]
    layout: dict[str, Any] = {
        **frame(ink, 0, t("hardware.axis_context"), {"type": "log", "tickvals": ticks, "ticktext": [_short(tick) for tick in ticks]}),
        "height": _CURVE_HEIGHT,
        "showlegend": True,
        "hovermode": "x unified",
        "yaxis": {
            "title": {"text": t("hardware.axis_memory"), "font": {"size": 13, "color": ink.quiet}, "standoff": 12},
            "gridcolor": ink.line,
            "fixedrange": True,
            "automargin": True,
            "rangemode": "tozero",
        },
    }
    return go.Figure(data=lines, layout={**layout, **_line(t, capacity, ink, axis="y")})


def _curve(row: Curve, colour: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": row.tokens,
        "y": [value / GIB for value in row.total_bytes],
        "name": row.label,
        "line": {"color": colour, "width": 3},
        "hovertemplate": f"{row.label}: %{{y:.1f}} GiB<extra></extra>",
    }


def _line(t: Catalogue, capacity: float, ink: Ink, *, axis: str) -> dict[str, Any]:
    """Return the line where the device's memory ends, and its words."""
    at, across = capacity / GIB, {"x": ("yref", "y0", "y1"), "y": ("xref", "x0", "x1")}[axis]
    shape = {"type": "line", f"{axis}0": at, f"{axis}1": at, across[0]: "paper", across[1]: 0, across[2]: 1}
    text = {
        "text": t("hardware.line", gib=f"{at:.0f}"),
        "showarrow": False,
        "font": {"color": ink.text, "size": 13},
        **({"x": at, "xanchor": "center", "yref": "paper", "y": 1, "yanchor": "bottom"} if axis == "x" else {}),
        **({"y": at, "yanchor": "bottom", "xref": "paper", "x": 0, "xanchor": "left"} if axis == "y" else {}),
    }
    return {"shapes": [{**shape, "line": {"color": ink.text, "width": 2, "dash": "dot"}}], "annotations": [text]}


def _short(tokens: int) -> str:
    return f"{tokens // 2**20}M" if tokens >= 2**20 else f"{tokens // 2**10}k"
