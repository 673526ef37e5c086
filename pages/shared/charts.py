"""The frame that all bar charts share: quiet lines, labels in ink, the first bar on top."""

from textwrap import wrap
from typing import Any

from pages.shared.theme import Ink

BAR_HEIGHT, FRAME_HEIGHT = 40, 110
FONT = "'Source Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif"
LABEL_WIDTH = 18
"""Characters after which a bar's label goes on in a second line, so that a phone keeps room for the bars."""
_LABEL_LINES = 2
"""Lines that a bar has the height for."""
LEGEND = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "font": {"size": 13}, "traceorder": "normal"}


def broken(label: str) -> str:
    """Return a label broken into lines, wider ones where it would need more than a bar has room for."""
    widths = range(LABEL_WIDTH, max(LABEL_WIDTH, len(label)) + 1)
    return "<br>".join(next(lines for width in widths if len(lines := wrap(label, width)) <= _LABEL_LINES))


def segment(labels: list[str], values: list[float], name: str, full_name: str, **marker: object) -> dict[str, Any]:
    """Return one segment of every bar."""
    return {
        "type": "bar",
        "x": values,
        "y": labels,
        "name": name,
        "orientation": "h",
        "marker": {**marker, "line": {"width": 0}},
        "hovertemplate": f"<b>%{{y}}</b><br>{full_name}: %{{x:.1f}}<extra></extra>",
    }


def frame(ink: Ink, rows: int, axis_title: str, axis: dict[str, object]) -> dict[str, Any]:
    """Return the quiet frame of a bar chart: no grid but the vertical one, labels in ink, first bar on top.

    Figures are made of plain values in one call: changing them afterwards costs many times as much.
    """
    title = {"text": axis_title, "font": {"size": 13, "color": ink.quiet}, "standoff": 8}
    return {
        "height": FRAME_HEIGHT + BAR_HEIGHT * max(rows, 1),
        "margin": {"l": 0, "r": 24, "t": 8, "b": 44},
        "bargap": 0.35,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": ink.text, "size": 14, "family": FONT},
        "legend": LEGEND,
        "hoverlabel": {"bgcolor": ink.paper, "font": {"color": ink.text}},
        "dragmode": False,
        "xaxis": {"title": title, "gridcolor": ink.line, "fixedrange": True, **axis},
        "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True, "tickfont": {"size": 14}},
    }
