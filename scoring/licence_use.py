"""A licence against a use: a verdict with the clause it rests on. Driven by the licence's fields, never by its name.

Not legal advice. Verdicts, worst first: ``forbidden`` (the text withholds or ends the licence for this use), ``unknown``
(not recorded, or the text was not read), ``conditional`` (something must be done, shown or watched), ``not_addressed``
(the text is silent on a point that this use needs), ``allowed``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from model_registry.licence_schema import Business, BusinessExclusion, Clause, Licence, Measure, TerritoryExclusion, Threshold
from scoring.scenario import Use

Verdict: TypeAlias = Literal["allowed", "conditional", "not_addressed", "unknown", "forbidden"]
SEVERITY: tuple[Verdict, ...] = ("allowed", "not_addressed", "conditional", "unknown", "forbidden")
_UNREAD = frozenset({"tag_only", "unverified"})
_EU = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905 - one line reads better than 27 strings
)
_ALIASES = {"UK": "GB", "EL": "GR"}
"""Codes in wide use that ISO 3166 writes otherwise."""
_HOSTED: frozenset[Business] = frozenset({"model_as_a_service", "cloud_service_provider"})
"""Businesses that nobody is in without offering an API."""
_CALLED: frozenset[Business] = _HOSTED | {"software_service_provider"}
"""Businesses that whoever offers an API is in."""
_BOUNDED: frozenset[Measure] = frozenset({"daily_active_users", "product_annual_revenue_usd"})
"""Measures that the user's number only bounds from above."""
_USER_NUMBER: dict[Measure, str] = {
    "monthly_active_users": "monthly_users",
    "monthly_revenue_usd": "monthly_revenue_usd",
    "annual_revenue_usd": "annual_revenue_usd",
    "twelve_month_revenue_usd": "annual_revenue_usd",
    "product_annual_revenue_usd": "annual_revenue_usd",
    "annual_recurring_revenue_usd": "annual_revenue_usd",
    "daily_active_users": "monthly_users",
}
MONTHS = 12
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
    when: str | None = None
    """Of a duty: the occasion that calls for it, in the record's words."""
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
    elif term.allowed == "conditional" and not (
        licence.requirements or licence.thresholds or licence.business_excluded or licence.territory_excluded
    ):
        yield _reason("commercial_conditional", "conditional", term, freedom=0.9)  # no other field says which conditions


def _formalities(licence: Licence, use: Use) -> Iterator[Reason]:
    for requirement in licence.requirements:
        if use.kind == "research" and requirement.commercial_only:
            continue
        if use.may_contact_licensor:
            yield _reason(f"must_{requirement.formality}", "conditional", requirement, freedom=0.3)
        else:
            yield _reason(f"must_{requirement.formality}", "forbidden", requirement, licensor_can_lift=True)


def _threshold(t: Threshold, use: Use) -> Iterator[Reason]:
    if not _asked_of(t, use):
        return
    number, exact = _number_of(t.measure, use)
    crossed = number is not None and (number >= t.above if t.inclusive else number > t.above)
    near = number is not None and number * NEAR >= t.above
    if use.kind == "research" and t.commercial_only is None:
        if crossed:
            yield _reason("threshold_may_be_crossed", "unknown", t, number=t.above, detail=t.measure)
    elif t.consequence == "display_name":
        yield from _naming(t, use, crossed=crossed and exact, near=near, known=number is not None)
    elif t.measured == "month_before_release":
        yield _measured_once(t, crossed=crossed)
    elif crossed:
        yield _crossed(t, use, exact=exact)
    else:
        code = "threshold_near" if near else "threshold_ahead"
        yield _reason(code, "conditional", t, number=t.above, detail=t.measure, freedom=0.5 if near else 0.9)


def _asked_of(t: Threshold, use: Use) -> bool:
    """Tell whether a threshold is asked of this kind of use and business at all."""
    if use.kind == "research" and (t.commercial_only or t.consequence == "display_name"):
        return False
    if t.internal_use_exempt and _purely_internal(use):
        return False
    return use.offers_model_api or not t.only_if or not set(t.only_if) <= _HOSTED


def _number_of(measure: Measure, use: Use) -> tuple[int | None, bool]:
    """Return the user's number for a measure, and whether it is that very number rather than a bound or an estimate."""
    name = _USER_NUMBER[measure]
    number: int | None = getattr(use, name)
    if number is not None:
        return number, measure not in _BOUNDED
    if name == "monthly_revenue_usd" and use.annual_revenue_usd is not None:
        return use.annual_revenue_usd // MONTHS, False
    if name == "annual_revenue_usd" and use.monthly_revenue_usd is not None:
        return use.monthly_revenue_usd * MONTHS, False
    return None, False


def _crossed(t: Threshold, use: Use, *, exact: bool) -> Reason:
    surely_bites = not t.only_if or (use.offers_model_api and bool(set(t.only_if) & _CALLED))
    code = "threshold_crossed" if t.consequence == "separate_licence" else f"threshold_{t.consequence}"
    if not surely_bites:
        return _reason("threshold_crossed_for_some", "conditional", t, number=t.above, detail=t.measure, freedom=0.5)
    if not exact:
        return _reason("threshold_may_be_crossed", "unknown", t, number=t.above, detail=t.measure)
    if t.consequence == "security_review" and use.may_contact_licensor:
        return _reason(code, "conditional", t, number=t.above, detail=t.measure, freedom=0.3)
    return _reason(code, "forbidden", t, number=t.above, detail=t.measure, licensor_can_lift=True)


def _measured_once(t: Threshold, *, crossed: bool) -> Reason:
    """Return what a threshold of a past month says: today's number does not settle it, and growing later does not cross it."""
    if crossed:
        return _reason("threshold_may_have_been_crossed", "unknown", t, number=t.above, detail=t.measure)
    return _reason("threshold_in_the_past", "conditional", t, number=t.above, detail=t.measure, freedom=0.9)


def _naming(t: Threshold, use: Use, *, crossed: bool, near: bool, known: bool) -> Iterator[Reason]:
    if crossed:
        yield _reason("must_display_name", "conditional", t, number=t.above, detail=t.measure, freedom=0.8)
    elif near or not (known or _purely_internal(use)):
        yield _reason("display_name_ahead", "conditional", t, number=t.above, detail=t.measure, freedom=0.9)


def _business(exclusion: BusinessExclusion, use: Use) -> Iterator[Reason]:
    if (use.kind == "research" and exclusion.commercial_only) or (exclusion.internal_use_exempt and _purely_internal(use)):
        return
    if use.offers_model_api and exclusion.business in _CALLED:
        yield _reason("business_excluded", "forbidden", exclusion, detail=exclusion.business, licensor_can_lift=True)
    elif use.kind == "product" and exclusion.business not in _HOSTED:
        yield _reason("business_must_not_be", "conditional", exclusion, detail=exclusion.business, freedom=0.3)


def _purely_internal(use: Use) -> bool:
    """Tell whether nobody outside is served: an API for others is not internal use."""
    return use.kind == "internal" and not use.offers_model_api


def _territory(licence: Licence, use: Use, *, multimodal: bool | None) -> Iterator[Reason]:
    places = {_ALIASES.get(place, place) for place in use.territory}
    for exclusion in licence.territory_excluded:
        if exclusion.multimodal_only and multimodal is False:
            continue
        hits = {found for place in places if (found := _excluded(place, exclusion)) is not None}
        elsewhere = any(_excluded(place, exclusion) is None for place in places)
        detail = ", ".join(sorted(hits))
        if hits and exclusion.domicile_only and elsewhere:
            yield _reason("territory_of_seat", "unknown", exclusion, detail=detail)
        elif hits and exclusion.multimodal_only and multimodal is None:
            yield _reason("territory_excluded_multimodal", "unknown", exclusion, detail=detail)
        elif hits:
            yield _reason("territory_excluded", "forbidden", exclusion, detail=detail, licensor_can_lift=True)
        elif not places:
            where = ", ".join(exclusion.territories)
            yield _reason("territory_must_not_be", "conditional", exclusion, detail=where, freedom=0.8)


def _excluded(place: str, exclusion: TerritoryExclusion) -> str | None:
    """Return the excluded territory that a place is, or lies in."""
    if place in exclusion.territories:
        return place
    return "EU" if place in _EU and "EU" in exclusion.territories else None


def _hosting_and_copies(licence: Licence, use: Use) -> Iterator[Reason]:
    wanted = (
        (use.offers_model_api, licence.hosting, "hosting"),
        (use.redistributes_weights, licence.redistribution, "redistribution"),
    )
    for needed, permission, name in wanted:
        if not needed or permission == "yes":
            continue
        if permission == "no":
            yield _reason(f"{name}_forbidden", "forbidden", _withholding(licence, name), licensor_can_lift=True)
        elif permission == "conditional":
            yield Reason(f"{name}_conditional", "conditional", freedom=0.5)
        else:
            yield Reason(f"{name}_unknown", "unknown")


def _withholding(licence: Licence, name: str) -> Clause:
    """Return the clause that withholds hosting or copies; an empty one where the record names none."""
    if name == "hosting" and licence.business_excluded:
        return licence.business_excluded[-1]
    return licence.commercial if licence.commercial.allowed == "no" else Clause(clause=None, quote=None)


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
        if use.kind == "product" or use.redistributes_weights or use.offers_model_api:
            yield _reason(f"duty_{duty.kind}", "conditional", duty, detail=duty.text, when=duty.when, freedom=0.8)


def _reason(code: str, verdict: Verdict, clause: Clause, **more: object) -> Reason:
    return Reason(code, verdict, clause.clause, clause.quote, **more)  # type: ignore[arg-type] # the keywords are fields of Reason


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the most restrictive of some verdicts."""
    return max(verdicts, key=SEVERITY.index, default="allowed")
