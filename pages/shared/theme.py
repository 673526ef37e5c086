"""Colours that mean something: one family a concern, shades within it, the same in every bar and chip."""

from dataclasses import dataclass

from scoring.licence_use import Verdict
from scoring.scenario import Factor

FACTOR_COLOURS: dict[Factor, str] = {
    "capability_domain": "#1f5f99",
    "capability_general": "#5b9bd5",
    "language_fit": "#a2578b",
    "licence_freedom": "#1b7f63",
    "openness_provenance": "#6fbf9f",
    "serving_cost_fit": "#c87a0a",
    "tokenizer_efficiency_lang": "#d9952f",
    "context_effective": "#e8b04a",
    "variant_fit": "#4f5a66",
    "finetune_ecosystem": "#73808d",
    "tool_use": "#98a3af",
    "freshness": "#bfc7ce",
}
"""Capability blue, language plum, rights green, cost amber, fit slate; told apart under the common colour blindnesses."""

MEMORY_COLOURS = {
    "weights": "#c87a0a",
    "vision": "#8f5200",
    "adapter": "#a2578b",
    "gradient": "#1b7f63",
    "optimiser": "#6fbf9f",
    "kv_cache": "#e8b04a",
    "state": "#f4d9a4",
    "activation": "#5c6773",
    "logits": "#8b96a3",
    "communication": "#b9c1c9",
}
"""What fills a device's memory: cost amber for what a model is and keeps, green for the optimiser, slate for what passes."""
LINE_COLOURS = ("#1f5f99", "#c87a0a", "#1b7f63", "#a2578b", "#5c6773", "#5b9bd5")
"""Models side by side, in the order chosen."""

BAR, BAR_QUIET = "#c87a0a", "#e3c08a"
"""Bars of one kind: those that stand out, and the others."""
HEAT = ((0.0, "#1f5f99"), (0.2, "#f3f0e9"), (1.0, "#c87a0a"))
"""From half the reference (blue) over the reference itself (paper, a fifth of the way) to three times (amber)."""
SCRIPT_COLOURS = {
    "Latin": "#1f5f99",
    "Han": "#a2578b",
    "Kana": "#c99abb",
    "Hangul": "#1b7f63",
    "Cyrillic": "#5b9bd5",
    "Arabic": "#c87a0a",
    "Indic": "#e8b04a",
    "other": "#b9c1c9",
}

VERDICT_ICONS: dict[Verdict, str] = {
    "allowed": ":material/check_circle:",
    "conditional": ":material/rule:",
    "not_addressed": ":material/more_horiz:",
    "unknown": ":material/help:",
    "forbidden": ":material/block:",
}
GAP_FOR, GAP_AGAINST = "#1f5f99", "#c87a0a"


@dataclass(frozen=True)
class Ink:
    """The colours of a chart's text and lines, for one background."""

    text: str
    quiet: str
    line: str
    hatch: str
    paper: str


LIGHT = Ink(text="#141210", quiet="#6b665d", line="#ded9cf", hatch="#8d877c", paper="#fcfbf8")
DARK = Ink(text="#e9e5dc", quiet="#a8a297", line="#3a3d40", hatch="#8f8a80", paper="#17191b")


def ink(theme_type: str | None) -> Ink:
    """Return the ink for the browser's theme."""
    return DARK if theme_type == "dark" else LIGHT
