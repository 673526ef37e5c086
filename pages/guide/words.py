"""Reasons, cases and amounts of the decision table in words."""

import re
from urllib.parse import urlsplit

from scoring.variants import EVIDENCE, TABLE, Advice, Row
from texts import numbers
from texts.catalogue import Catalogue

_ARXIV = re.compile(r"arxiv\.org/abs/(\d{4}\.\d{5})")
_LONGEST_IN_FULL = 100_000


def evidence_name(url: str) -> str:
    """Return what a link to evidence says: the paper's number, else where it stands."""
    found = _ARXIV.search(url)
    return f"arXiv {found.group(1)}" if found else urlsplit(url).hostname or url


def reason(t: Catalogue, code: str) -> str:
    """Return a reason with a link to its evidence, or marked as judgement."""
    url = EVIDENCE.get(code)
    rests_on = t("guide.judgement") if url is None else f"[{evidence_name(url)}]({url})"
    told = t(f"advice.reason.{code}")
    return f"{told[:1].upper()}{told[1:]} · {rests_on}"


def reasons(t: Catalogue, advice: Advice) -> str:
    """Return all reasons as a list: what speaks for it, then what speaks against it."""
    speaks_for = [f"- {reason(t, code)}" for code in advice.because]
    return "\n".join((*speaks_for, *(f"- :material/balance: {reason(t, code)}" for code in advice.counter_codes)))


def kind(t: Catalogue, advice: Advice) -> str:
    """Return the kind to start from, and the one to try beside it."""
    start = f"**{t(f'advice.{advice.start}')}**"
    return t("guide.start_and", start=start, also=t(f"advice.{advice.also}")) if advice.also else start


def short_kind(t: Catalogue, advice: Advice) -> str:
    """Return the same in as few words as a narrow table takes."""
    start = f"**{t(f'guide.short_{advice.start}')}**"
    told = t("guide.start_and", start=start, also=t(f"guide.short_{advice.also}")) if advice.also else start
    return t("guide.encoder_first", start=told) if advice.other_tool == "encoder" else told


def plans(t: Catalogue, row: Row) -> str:
    """Return the plans of a row."""
    return t("guide.plans_joined_by").join(t(f"plan.{plan}") for plan in row.plans)


def amount(t: Catalogue, row: Row) -> str:
    """Return the amount of data of a row."""
    if row.unit is None:
        return t("guide.any_amount")
    unit = t(f"advice.unit.{row.unit}")
    if row.given is False:
        return t("guide.not_given", unit=unit)
    least, most = shown(t, row.least), None if row.below is None else shown(t, row.below)
    if most is None:
        return t("guide.from", least=least, unit=unit) if row.least else t("guide.some", unit=unit)
    told = t("guide.between", least=least, below=most, unit=unit) if row.least else t("guide.below", below=most, unit=unit)
    return told if row.given else t("guide.or_not_given", amount=told)


def outputs(t: Catalogue, row: Row) -> str:
    """Return the outputs of a row, and whether thinking is asked for."""
    named = t("need.joined_by").join(t(f"output.{name}") for name in row.outputs) or t(
        "guide.other_outputs" if _narrowed(row) else "guide.any_output"
    )
    return t("guide.with_thinking", outputs=named) if row.thinking else named


def _narrowed(row: Row) -> bool:
    """Tell whether an earlier row of the same plan has taken some outputs."""
    return any(earlier.outputs and set(earlier.plans) & set(row.plans) for earlier in TABLE[: TABLE.index(row)])


def shown(t: Catalogue, value: int) -> str:
    """Return a number of examples in full, a number of tokens in short form."""
    return numbers.count(value, t.language) if value > _LONGEST_IN_FULL else numbers.exact(value)
