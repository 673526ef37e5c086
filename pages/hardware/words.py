"""Verdicts of a range against a device, in words and with a shape beside the colour."""

from model_registry.device_needs import DevicesNeeded
from pages.hardware.controls import Hardware
from texts import numbers
from texts.catalogue import Catalogue

UNKNOWN = "–"
_ICONS = {"fits": ":material/check_circle:", "tight": ":material/help:", "too_large": ":material/block:"}


def fit(low: int, high: int, capacity: int) -> str:
    """Return ``fits`` when the whole range is within the memory, ``tight`` when its lower end is, else ``too_large``."""
    return "fits" if high <= capacity else "tight" if low <= capacity else "too_large"


def fit_icon(low: int, high: int, capacity: int) -> str:
    """Return the shape of a verdict."""
    return _ICONS[fit(low, high, capacity)]


def fit_words(t: Catalogue, low: int, high: int, on: Hardware) -> str:
    """Return a verdict as a sentence with its range."""
    shown = numbers.gib_range(low, high, t("fit.joined_by"))
    code = f"hardware.{fit(low, high, on.capacity_bytes)}"
    return t(code if on.count == 1 else f"{code}_each", range=shown, capacity=numbers.gib(on.capacity_bytes), count=on.count)


def needed_words(t: Catalogue, needed: DevicesNeeded | None) -> str:
    """Return how many devices it takes: ``1``, ``1 to 2``, or that more are needed than are tried."""
    if needed is None:
        return UNKNOWN
    if needed.at_least is None:
        return t("hardware.too_many")
    if needed.surely is None:
        return t("hardware.from_on", count=needed.at_least)
    if needed.surely == needed.at_least:
        return str(needed.surely)
    return f"{needed.at_least}{t('fit.joined_by')}{needed.surely}"
