"""A licence against a use: a verdict with the clause it rests on. Driven by the licence's fields, never by its name.

Not legal advice. Verdicts, worst first: ``forbidden`` (the text withholds or ends the licence for this use), ``unknown``
(not recorded, or the text was not read), ``conditional`` (something must be done, shown or watched), ``not_addressed``
(the text is silent on a point that this use needs), ``allowed``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from model_registry.licence_schema import BusinessExclusion, Clause, Licence, Measure, Threshold
from scoring.scenario import Use

Verdict: TypeAlias = Literal["allowed", "conditional", "not_addressed", "unknown", "forbidden"]
SEVERITY: tuple[Verdict, ...] = ("allowed", "not_addressed", "conditional", "unknown", "forbidden")
_UNREAD = frozenset({"tag_only", "unverified"})
_EU = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905 - one line reads better than 27 strings
)
_USER_NUMBER: dict[Measure, str] = {
    "monthly_active_users": "monthly_users",
    "monthly_revenue_usd": "monthly_revenue_usd",
    "annual_revenue_usd": "annual_revenue_usd",
    "twelve_month_revenue_usd": "annual_revenue_usd",
    "product_annual_revenue_usd": "annual_revenue_usd",
    "annual_recurring_revenue_usd": "annual_revenue_usd",
    "daily_active_users": "monthly_users",
}
NEAR = 3
"""A threshold within this factor above the user's number is called near."""


@dataclass(frozen=True)
class Reason:
    """One finding: a code with its numbers, the verdict it leads to, the clause and its words."""

    code: str
    verdict: Verdict
    clause: str | None = None
    quote: str | None = None
    number: int | None = None
    detail: str | None = None
    freedom: float = 1.0
    """Upper bound that this finding sets on the licence-freedom value."""
    licensor_can_lift: bool = False
    """True when a separate agreement with the licensor would lift it."""


@dataclass(frozen=True)
class LicenceVerdict:
    """The verdict with every finding, the worst first."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    licence_id: str | None

    @property
    def decisive(self) -> Reason | None:
        """Return the finding that decides, or None when nothing stands against the use."""
        return self.reasons[0] if self.reasons and self.reasons[0].verdict == self.verdict else None

    @property
    def duties(self) -> tuple[Reason, ...]:
        """Return what has to be done, shown or watched."""
        return tuple(reason for reason in self.reasons if reason.verdict == "conditional")

    @property
    def freedom(self) -> tuple[float, float]:
        """Return the licence-freedom value as an interval (scoring scale 2026.11)."""
        if self.verdict == "unknown":
            return 0.0, 0.8
        value = min((reason.freedom for reason in self.reasons), default=1.0)
        return value, value


def judge(licence: Licence | None, use: Use, *, multimodal: bool | None) -> LicenceVerdict:
    """Return the verdict of a licence for a use; ``multimodal`` tells whether the model takes images (None: unknown)."""
    if licence is None:
        return LicenceVerdict("unknown", (Reason("licence_not_recorded", "unknown"),), None)
    found = sorted(_findings(licence, use, multimodal=multimodal), key=lambda r: (-SEVERITY.index(r.verdict), r.freedom))
    worst = found[0].verdict if found else "allowed"
    return LicenceVerdict(worst, tuple(found), licence.id)


def _findings(licence: Licence, use: Use, *, multimodal: bool | None) -> Iterator[Reason]:
    if licence.read in _UNREAD:
        yield Reason("licence_not_read", "unknown", detail=licence.read)
    yield from _commercial(licence, use)
    yield from _formalities(licence, use)
    for threshold in licence.thresholds:
        yield from _threshold(threshold, use)
    for exclusion in licence.business_excluded:
        yield from _business(exclusion, use)
    yield from _territory(licence, use, multimodal=multimodal)
    yield from _hosting_and_copies(licence, use)
    yield from _outputs(licence, use)
    yield from _duties(licence, use)


def _commercial(licence: Licence, use: Use) -> Iterator[Reason]:
    term = licence.commercial
    if use.kind == "research":
        return
    if term.allowed == "no":
        yield _reason("non_commercial", "forbidden", term, licensor_can_lift=True)
    elif term.allowed is None:
        yield _reason("commercial_unknown", "unknown", term)


def _formalities(licence: Licence, use: Use) -> Iterator[Reason]:
    for requirement in licence.requirements:
        if use.kind == "research" and requirement.commercial_only:
            continue
        if use.may_contact_licensor:
            yield _reason(f"must_{requirement.formality}", "conditional", requirement, freedom=0.3)
        else:
            yield _reason(f"must_{requirement.formality}", "forbidden", requirement, licensor_can_lift=True)


def _threshold(t: Threshold, use: Use) -> Iterator[Reason]:
    if use.kind == "research" or (t.internal_use_exempt and _purely_internal(use)):
        return
    if "model_as_a_service" in t.only_if and not use.offers_model_api and "ai_work_assistant" not in t.only_if:
        return
    number: int | None = getattr(use, _USER_NUMBER[t.measure])
    certain = not t.only_if or ("model_as_a_service" in t.only_if and use.offers_model_api)
    crossed = number is not None and (number >= t.above if t.inclusive else number > t.above)
    if crossed and t.measure in {"daily_active_users", "product_annual_revenue_usd"}:
        yield _reason("threshold_may_be_crossed", "unknown", t, number=t.above, detail=t.measure)
    elif crossed and t.consequence == "display_name":
        yield _reason("must_display_name", "conditional", t, number=t.above, detail=t.measure, freedom=0.8)
    elif crossed and not certain:
        yield _reason("threshold_crossed_for_some", "conditional", t, number=t.above, detail=t.measure, freedom=0.5)
    elif crossed:
        yield _reason("threshold_crossed", "forbidden", t, number=t.above, detail=t.measure, licensor_can_lift=True)
    elif t.consequence != "display_name":
        near = number is not None and number * NEAR >= t.above
        code = "threshold_near" if near else "threshold_ahead"
        yield _reason(code, "conditional", t, number=t.above, detail=t.measure, freedom=0.5 if near else 0.9)


def _business(exclusion: BusinessExclusion, use: Use) -> Iterator[Reason]:
    if use.kind == "research" or (exclusion.internal_use_exempt and _purely_internal(use)):
        return
    hosted = exclusion.business in {"model_as_a_service", "cloud_service_provider"}
    if use.offers_model_api and (hosted or exclusion.business == "software_service_provider"):
        yield _reason("business_excluded", "forbidden", exclusion, detail=exclusion.business, licensor_can_lift=True)
    elif use.kind == "product" and not hosted:
        yield _reason("business_must_not_be", "conditional", exclusion, detail=exclusion.business, freedom=0.3)


def _purely_internal(use: Use) -> bool:
    """Tell whether nobody outside is served: an API for others is not internal use."""
    return use.kind == "internal" and not use.offers_model_api


def _territory(licence: Licence, use: Use, *, multimodal: bool | None) -> Iterator[Reason]:
    here = set(use.territory) | ({"EU"} if _EU & set(use.territory) else set())
    for exclusion in licence.territory_excluded:
        if exclusion.multimodal_only and multimodal is False:
            continue
        hit = sorted(here & set(exclusion.territories))
        if hit:
            verdict: Verdict = "unknown" if exclusion.multimodal_only and multimodal is None else "forbidden"
            yield _reason("territory_excluded", verdict, exclusion, detail=", ".join(hit), licensor_can_lift=True)
        elif not here:
            where = ", ".join(exclusion.territories)
            yield _reason("territory_must_not_be", "conditional", exclusion, detail=where, freedom=0.8)


def _hosting_and_copies(licence: Licence, use: Use) -> Iterator[Reason]:
    wanted = (
        (use.offers_model_api, licence.hosting, "hosting"),
        (use.redistributes_weights, licence.redistribution, "redistribution"),
    )
    for needed, permission, name in wanted:
        if not needed or permission == "yes":
            continue
        if permission == "no":
            yield _reason(f"{name}_forbidden", "forbidden", licence.commercial, licensor_can_lift=True)
        elif permission == "conditional":
            yield Reason(f"{name}_conditional", "conditional", freedom=0.5)
        else:
            yield Reason(f"{name}_unknown", "unknown")


def _outputs(licence: Licence, use: Use) -> Iterator[Reason]:
    if not use.trains_on_outputs:
        return
    terms = licence.outputs_for_training
    verdicts: dict[str | None, tuple[Verdict, float]] = {
        "free": ("allowed", 1.0),
        "silent": ("not_addressed", 0.8),
        "with_naming": ("conditional", 0.8),
        "derivative": ("conditional", 0.5),
        "research_only": ("allowed" if use.kind == "research" else "forbidden", 1.0),
        "own_family_only": ("forbidden", 1.0),
        "forbidden": ("forbidden", 1.0),
        None: ("unknown", 1.0),
    }
    verdict, freedom = verdicts[terms.terms]
    if verdict != "allowed":
        code = f"outputs_{terms.terms or 'unknown'}"
        yield _reason(code, verdict, terms, freedom=freedom, licensor_can_lift=verdict == "forbidden")


def _duties(licence: Licence, use: Use) -> Iterator[Reason]:
    for duty in licence.duties:
        if duty.kind == "notice":
            continue  # keeping a notice is asked by every licence; it is listed with the licence, not as a finding
        if use.kind == "product" or use.redistributes_weights:
            yield _reason(f"duty_{duty.kind}", "conditional", duty, detail=duty.text, freedom=0.8)


def _reason(code: str, verdict: Verdict, clause: Clause, **more: object) -> Reason:
    return Reason(code, verdict, clause.clause, clause.quote, **more)  # type: ignore[arg-type] # the keywords are fields of Reason


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the most restrictive of some verdicts."""
    return max(verdicts, key=SEVERITY.index, default="allowed")
