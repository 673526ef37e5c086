"""The charts of Recommend: stacked bars of the ranking, and the gap to the runner-up."""

from dataclasses import dataclass

import plotly.graph_objects as go

from pages.shared.charts import broken, frame, segment
from pages.shared.theme import FACTOR_COLOURS, GAP_AGAINST, GAP_FOR, Ink
from scoring.recommend import Ranked
from scoring.scenario import Factor
from texts.catalogue import Catalogue

_MINIMUM_SHOWN = 0.05
"""Points of 100 below which a segment is not drawn."""
_FURTHEST = 104


@dataclass(frozen=True)
class Bar:
    """One bar: a label and the ranked checkpoint behind it."""

    label: str
    ranked: Ranked

    @property
    def lines(self) -> str:
        """Return the label broken into lines."""
        return broken(self.label)


def ranking(t: Catalogue, bars: list[Bar], factors: tuple[Factor, ...], ink: Ink) -> go.Figure:
    """Return stacked horizontal bars, one segment a factor; hatched: what the unknown could still add."""
    labels = [bar.lines for bar in bars]
    segments = []
    for factor in factors:
        values = [100 * bar.ranked.contributions[factor] for bar in bars]
        if max(values, default=0.0) >= _MINIMUM_SHOWN:
            names = (t(f"factor.{factor}.short"), t(f"factor.{factor}.name"))
            segments.append(segment(labels, values, *names, color=FACTOR_COLOURS[factor]))
    unknown = [100 * (bar.ranked.high - bar.ranked.score) for bar in bars]
    hatch = {"shape": "/", "fgcolor": ink.hatch, "size": 6, "solidity": 0.25}
    segments.append(segment(labels, unknown, t("chart.unknown"), t("chart.unknown"), color="rgba(0,0,0,0)", pattern=hatch))
    scores = {
        "type": "scatter",
        "mode": "text",
        "x": [100 * bar.ranked.high for bar in bars],
        "y": labels,
        "text": [f" <b>{100 * bar.ranked.score:.0f}</b>" for bar in bars],
        "textposition": "middle right",
        "textfont": {"color": ink.text, "size": 13},
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }
    axis = {"range": [0, _FURTHEST], "dtick": 20, "tickangle": 0}
    layout = frame(ink, len(bars), t("chart.score_axis"), axis)
    return go.Figure(data=[*segments, scores], layout={**layout, "barmode": "stack", "showlegend": True})


def gap(t: Catalogue, parts: dict[Factor, float], ink: Ink) -> go.Figure:
    """Return the gap to the runner-up by factor: to the right speaks for the first, to the left for the second."""
    told = sorted(((f, 100 * v) for f, v in parts.items() if abs(100 * v) >= _MINIMUM_SHOWN), key=lambda p: -abs(p[1]))
    bars = {
        "type": "bar",
        "x": [value for _, value in told],
        "y": [t(f"factor.{factor}.name") for factor, _ in told],
        "orientation": "h",
        "marker": {"color": [GAP_FOR if value > 0 else GAP_AGAINST for _, value in told]},
        "text": [f"{value:+.1f}" for _, value in told],
        "textposition": "outside",
        "cliponaxis": False,
        "textfont": {"color": ink.text},
        "hovertemplate": "%{y}: %{x:+.1f}<extra></extra>",
    }
    widest = max((abs(value) for _, value in told), default=1.0)
    axis = {"range": [-1.35 * widest, 1.35 * widest], "zeroline": True, "zerolinecolor": ink.quiet, "nticks": 7}
    return go.Figure(data=[bars], layout={**frame(ink, len(told), t("chart.gap_axis"), axis), "showlegend": False})
