"""The charts of Recommend: stacked bars of the ranking, and the gap to the runner-up."""

from dataclasses import dataclass
from textwrap import wrap

import plotly.graph_objects as go

from pages.shared.theme import FACTOR_COLOURS, GAP_AGAINST, GAP_FOR, Ink
from scoring.recommend import Ranked
from scoring.scenario import Factor
from texts.catalogue import Catalogue

BAR_HEIGHT, FRAME_HEIGHT = 40, 110
FONT = "'Source Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif"
LABEL_WIDTH = 18
"""Characters after which a bar's label goes on in a second line, so that a phone keeps room for the bars."""
_LEGEND = {
    "orientation": "h",
    "x": 0,
    "xanchor": "left",
    "y": 1.02,
    "yanchor": "bottom",
    "font": {"size": 13},
    "traceorder": "normal",
}
_MINIMUM_SHOWN = 0.05
"""Points of 100 below which a segment is not drawn."""


@dataclass(frozen=True)
class Bar:
    """One bar: a label and the ranked checkpoint behind it."""

    label: str
    ranked: Ranked

    @property
    def lines(self) -> str:
        """Return the label broken into lines."""
        return "<br>".join(wrap(self.label, LABEL_WIDTH))


def ranking(t: Catalogue, bars: list[Bar], factors: tuple[Factor, ...], ink: Ink) -> go.Figure:
    """Return stacked horizontal bars, one segment a factor; hatched: what the unknown could still add."""
    figure = go.Figure()
    for factor in factors:
        values = [100 * bar.ranked.contributions[factor] for bar in bars]
        if max(values, default=0.0) >= _MINIMUM_SHOWN:
            _segment(figure, bars, values, t(f"factor.{factor}.short"), t(f"factor.{factor}.name"), color=FACTOR_COLOURS[factor])
    unknown = [100 * (bar.ranked.high - bar.ranked.score) for bar in bars]
    hatch = {"shape": "/", "fgcolor": ink.hatch, "size": 6, "solidity": 0.25}
    _segment(figure, bars, unknown, t("chart.unknown"), t("chart.unknown"), color="rgba(0,0,0,0)", pattern=hatch)
    for bar in bars:
        figure.add_annotation(
            x=100 * bar.ranked.score,
            y=bar.lines,
            text=f"<b>{100 * bar.ranked.score:.0f}</b>",
            showarrow=False,
            xanchor="left",
            xshift=4,
            font={"color": ink.text, "size": 13},
            bgcolor=ink.paper,
            borderpad=1,
        )
    _dress(figure, ink, len(bars), t("chart.score_axis"))
    figure.update_xaxes(range=[0, 100], dtick=20, tickangle=0)
    figure.update_layout(barmode="stack", showlegend=True)
    return figure


def _segment(figure: go.Figure, bars: list[Bar], values: list[float], name: str, full_name: str, **marker: object) -> None:
    """Add one segment to every bar."""
    figure.add_bar(
        x=values,
        y=[bar.lines for bar in bars],
        name=name,
        orientation="h",
        marker={**marker, "line": {"width": 0}},
        hovertemplate=f"<b>%{{y}}</b><br>{full_name}: %{{x:.1f}}<extra></extra>",
    )


def gap(t: Catalogue, parts: dict[Factor, float], ink: Ink) -> go.Figure:
    """Return the gap to the runner-up by factor: to the right speaks for the first, to the left for the second."""
    told = sorted(((f, 100 * v) for f, v in parts.items() if abs(100 * v) >= _MINIMUM_SHOWN), key=lambda p: -abs(p[1]))
    figure = go.Figure(
        go.Bar(
            x=[value for _, value in told],
            y=[t(f"factor.{factor}.name") for factor, _ in told],
            orientation="h",
            marker={"color": [GAP_FOR if value > 0 else GAP_AGAINST for _, value in told]},
            text=[f"{value:+.1f}" for _, value in told],
            textposition="outside",
            cliponaxis=False,
            textfont={"color": ink.text},
            hovertemplate="%{y}: %{x:+.1f}<extra></extra>",
        )
    )
    _dress(figure, ink, len(told), t("chart.gap_axis"))
    widest = max((abs(value) for _, value in told), default=1.0)
    figure.update_xaxes(range=[-1.35 * widest, 1.35 * widest], zeroline=True, zerolinecolor=ink.quiet)
    figure.update_layout(showlegend=False)
    return figure


def _dress(figure: go.Figure, ink: Ink, rows: int, axis_title: str) -> None:
    """Give a bar chart its quiet frame: no grid but the vertical one, labels in ink, first bar on top."""
    figure.update_layout(
        height=FRAME_HEIGHT + BAR_HEIGHT * max(rows, 1),
        margin={"l": 0, "r": 24, "t": 8, "b": 44},
        bargap=0.35,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": ink.text, "size": 14, "family": FONT},
        legend=_LEGEND,
        hoverlabel={"bgcolor": ink.paper, "font": {"color": ink.text}},
        dragmode=False,
    )
    title = {"text": axis_title, "font": {"size": 13, "color": ink.quiet}, "standoff": 8}
    figure.update_xaxes(title=title, gridcolor=ink.line, fixedrange=True)
    figure.update_yaxes(autorange="reversed", automargin=True, fixedrange=True, tickfont={"size": 14})
