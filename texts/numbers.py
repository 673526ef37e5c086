"""Numbers as people read them, in both languages: 8.2B and 82亿, 32k and 3.3万, a range as 15 to 19 GiB."""

import re
from itertools import pairwise

from texts.catalogue import Language

_GIB = 2**30
_EN_STEPS = ((10**12, "T", 100), (10**9, "B", 100), (10**6, "M", 100), (10**3, "k", 100), (1, "", 1))
_ZH_STEPS = ((10**12, "万亿", 100), (10**8, "亿", 10), (10**4, "万", 100), (1, "", 1))
"""Each unit with the number from which on it is shown without a decimal, so that both languages are equally exact."""
_KIBI = 1024
LARGEST_AMOUNT = 10**15
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)([kmb万亿]?)", re.ASCII)
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9, "万": 10**4, "亿": 10**8}


def count(value: float, language: Language) -> str:
    """Return a large count in short form: 8190735360 is 8.2B, or 82亿."""
    for (step, unit, whole_from), (smaller, *_) in pairwise(_ZH_STEPS if language == "zh" else _EN_STEPS):
        if value >= step - smaller / 2:  # what would round up to 1000M is 1B
            return f"{_short(value / step, whole_from)}{unit}"
    return f"{value:,.0f}"


def tokens(value: float, language: Language) -> str:
    """Return a token length: multiples of 1,024 as 32k and 128k, round thousands and others like a count (3.3万 in Chinese)."""
    if language == "zh":
        return count(value, language)
    if value >= _KIBI and value % _KIBI == 0 and value % 1000:
        kibi = value / _KIBI
        return f"{kibi / _KIBI:.0f}M" if kibi >= _KIBI and kibi % _KIBI == 0 else f"{kibi:.0f}k"
    return count(value, language)


def gib(value: float) -> str:
    """Return bytes in GiB: below ten with one decimal, from ten on a whole number."""
    size = value / _GIB
    return f"{size:.1f}" if size < 10 else f"{size:.0f}"  # noqa: PLR2004


def kib(value: float, language: Language) -> str:
    """Return bytes in KiB; the same in both languages."""
    del language
    return f"{value / _KIBI:,.0f} KiB"


def gib_range(low: float, high: float, joined_by: str) -> str:
    """Return a range of bytes in GiB: ``15 to 19 GiB``."""
    return f"{gib(low)}{joined_by}{gib(high)} GiB"


def points(value: float) -> str:
    """Return a share of one as points of 100."""
    return f"{100 * value:.0f}"


def exact(value: float) -> str:
    """Return a number in full, with thousands separators."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,}"


def amount(text: str) -> int | None:
    """Return a whole number as people write it: ``200,000,000``, ``200M``, ``2亿``; nothing and a dash are None.

    Raises ValueError for anything else.
    """
    compact = re.sub(r"[\s,_']", "", text.lower())
    if compact in {"", "-"}:
        return None
    found = _AMOUNT.fullmatch(compact)
    value = float(found[1]) * _UNITS[found[2]] if found else -1.0
    if not (0 <= value <= LARGEST_AMOUNT and value.is_integer()):
        raise ValueError(text)
    return int(value)


def _short(value: float, whole_from: int) -> str:
    return f"{value:.1f}".removesuffix(".0") if value < whole_from else f"{value:.0f}"
