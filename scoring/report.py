"""A recommendation as a JSON document of codes and numbers, and as a table for a terminal; findings in words."""

from typing import Any

from model_registry.registry import Registry
from scoring.gates import Removal
from scoring.licence_use import LicenceVerdict, Reason
from scoring.recommend import Ranked, Recommendation
from scoring.robustness import word
from texts import numbers
from texts.catalogue import Catalogue, catalogue

_REMOVED_SHOWN = 12


def as_document(registry: Registry, answer: Recommendation, top: int | None) -> dict[str, Any]:
    """Return the answer as plain data: codes and numbers, no words."""
    return {
        "scenario": answer.scenario.model_dump(mode="json"),
        "data_version": registry.version,
        "variant_advice": {"start": answer.advice.start, "also": answer.advice.also, "reason_codes": list(answer.advice.reason_codes)},
        "ranked": [_ranked(answer, item) for item in answer.ranked[:top]],
        "not_enough_known": [_ranked(answer, item) for item in answer.thin[:top]],
        "removed": [{"id": r.id, "gate": r.gate, "fact": r.fact, "values": r.values, "fix": r.fix} for r in answer.removed],
        "relaxations": [{"gate": r.gate, "change": r.change, "adds": r.adds} for r in answer.relaxations],
        "tipping": [{"factor": t.factor, "from": t.start, "to": round(t.end, 3), "winner": winner} for t, winner in answer.tipping],
        "joint_tipping": _joint(answer),
        "evidence_tipping": [
            {"factor": t.factor, "from": t.value, "to": t.tie, "tokens": t.tokens, "winner": rival} for t, rival in answer.evidence
        ],
        "first_place_sharers": list(answer.sharers),
        "statements": [{"code": s.code, "values": s.values} for s in answer.statements],
    }


def as_table(registry: Registry, answer: Recommendation, top: int) -> str:
    """Return the answer for a terminal: the pick and why, the ranking, who was removed."""
    t = catalogue("en")
    lines = [*_headline(t, registry, answer), ""]
    lines += [f"{'':3} {'score':>5}  {'interval':>9}  {'first':>5}  {'memory, GiB':>12}  model"]
    for place, item in enumerate(answer.ranked[:top], start=1):
        low, high = numbers.points(item.low), numbers.points(item.high)
        memory = _memory_words(answer, item)
        lines.append(
            f"{place:3} {numbers.points(item.score):>5}  {low + '-' + high:>9}  {numbers.points(item.first_share):>5}  "
            f"{memory:>12}  {item.id}"
        )
    lines += ["", *_removed_words(t, answer)]
    return "\n".join(lines)


def reason_words(t: Catalogue, reason: Reason) -> str:
    """Return a licence finding in words, with its clause."""
    detail = reason.detail or ""
    for group in ("measure", "business"):
        detail = t(f"{group}.{detail}") if t.has(f"{group}.{detail}") else detail
    text = t(f"licence_reason.{reason.code}", number=numbers.count(reason.number or 0, t.language), detail=detail)
    return text + (t("licence_reason.clause", clause=reason.clause) if reason.clause else "")


def removal_words(t: Catalogue, removal: Removal) -> str:
    """Return why a checkpoint was removed, in words."""
    values = removal.values
    if removal.gate == "licence":
        reason = Reason(
            removal.fact, "forbidden", str(values["clause"]) or None, number=int(values["number"]), detail=str(values["detail"])
        )
        return t("fact.licence", licence=values["licence"], reason=reason_words(t, reason), clause="")
    shown = {name.removesuffix("_bytes"): _shown(t, name, value) for name, value in values.items()}
    return t(f"fact.{removal.fact}", **shown)


def _shown(t: Catalogue, name: str, value: str | float) -> str:
    if isinstance(value, str):
        known = f"precision.{value}" if name == "precision" else f"language_name.{value}"
        return t(known) if t.has(known) else value
    if name.endswith("_bytes"):
        return numbers.gib(value)
    return numbers.tokens(value, t.language) if name in {"tokens", "need"} else numbers.count(value, t.language)


def _ranked(answer: Recommendation, item: Ranked) -> dict[str, Any]:
    fit = answer.gated.memory
    precision = fit.precision[item.index]
    low, high = (None if precision is None else round(float(ends[item.index])) for ends in (fit.low_bytes, fit.high_bytes))
    return {
        "id": item.id,
        "score": item.score,
        "low": item.low,
        "high": item.high,
        "known_weight": item.known_weight,
        "first_share": item.first_share,
        "top3_share": item.top3_share,
        "top5_share": item.top5_share,
        "dominated_by": item.dominated_by,
        "surely_dominated_by": item.surely_dominated_by,
        "contributions": item.contributions,
        "memory": {"low_bytes": low, "high_bytes": high, "weights": precision},
        "licence": _licence(answer.gated.licences[item.index]),
        "notes": list(item.notes),
        "siblings": list(item.siblings),
    }


def _joint(answer: Recommendation) -> dict[str, Any] | None:
    if answer.joint is None:
        return None
    joint, winner = answer.joint
    moves = [{"factor": move.factor, "from": move.start, "to": round(move.end, 3)} for move in joint.moves]
    return {"moves": moves, "distance": joint.distance, "winner": winner}


def _licence(verdict: LicenceVerdict) -> dict[str, Any]:
    duties = [{"code": r.code, "clause": r.clause, "number": r.number, "detail": r.detail} for r in verdict.duties]
    return {"id": verdict.licence_id, "verdict": verdict.verdict, "duties": duties}


def _headline(t: Catalogue, registry: Registry, answer: Recommendation) -> list[str]:
    first = answer.pick
    if first is None and answer.thin:
        return [t("recommend.pick_none"), t("recommend.pick_none_thin"), ", ".join(item.id for item in answer.thin)]
    if first is None:
        fixes = ", ".join(t("fix.adds", change=t(f"fix.{r.change}"), count=r.adds) for r in answer.relaxations)
        return [t("recommend.pick_none"), *([t("recommend.pick_none_hint", count=len(answer.removed)), fixes] if fixes else [])]
    advice = answer.advice
    reasons = "; ".join(t(f"advice.reason.{code}") for code in advice.reason_codes)
    verdict = answer.gated.licences[first.index]
    told = reason_words(t, verdict.reasons[0]) if verdict.reasons else t("licence_reason.none")
    strengths = ", ".join(t(f"factor.{s.values['factor']}.name") for s in answer.statements if s.code == "strength")
    firm = t(f"firmness.{word(first.first_share)}")
    lines = [
        f"{t('recommend.pick_label')} {first.id}",
        t("advice.because", start=t(f"advice.{advice.start}"), reasons=reasons),
        f"{t('firmness.label')}: {firm}. {t('firmness.sentence', share=numbers.points(first.first_share))}.",
        f"{t('licence_card.label')}: {registry[first.id].licence.id}, {t(f'verdict.{verdict.verdict}').lower()}: {told}",
        t("report.strengths", factors=strengths),
    ]
    if answer.tipping:
        tip, winner = answer.tipping[0]
        lines.append(
            t("firmness.tipping", factor=t(f"factor.{tip.factor}.name"), start=f"{tip.start:g}", end=f"{tip.end:.1f}", winner=winner)
        )
    return lines


def _memory_words(answer: Recommendation, item: Ranked) -> str:
    fit = answer.gated.memory
    precision = fit.precision[item.index]
    return "-" if precision is None else f"{numbers.gib(float(fit.low_bytes[item.index]))} {precision}"


def _removed_words(t: Catalogue, answer: Recommendation) -> list[str]:
    by_licence_first = sorted(answer.removed, key=lambda removal: removal.gate != "licence")
    lines = [f"{removal.id}: {removal_words(t, removal)}" for removal in by_licence_first[:_REMOVED_SHOWN]]
    rest = len(answer.removed) - len(lines)
    return [t("report.removed", count=len(answer.removed)), *lines, *([t("report.more", count=rest)] if rest > 0 else [])]
