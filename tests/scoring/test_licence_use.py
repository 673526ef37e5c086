"""A licence against a use: every kind of term, then the licences that are known to bite."""

from itertools import pairwise, product
from typing import Any, get_args

import pytest

from model_registry.licence_schema import (
    Business,
    BusinessExclusion,
    CommercialUse,
    Consequence,
    Duty,
    DutyKind,
    Formality,
    HowRead,
    Licence,
    Measure,
    OutputTerms,
    OutputUse,
    Permission,
    Requirement,
    TerritoryExclusion,
    Threshold,
)
from model_registry.registry import Registry
from scoring.licence_use import SEVERITY, LicenceVerdict, Verdict, judge, worst
from scoring.scenario import Use
from tests.scoring.making import FREE

MILLION = 1_000_000
PRODUCT, INTERNAL, RESEARCH = Use(kind="product"), Use(kind="internal"), Use(kind="research")
UNREAD: tuple[HowRead, ...] = ("tag_only", "unverified")


def _with(**terms: Any) -> Licence:  # noqa: ANN401 (any field of a licence)
    return FREE.model_copy(update=terms)


def _threshold(measure: Measure = "monthly_active_users", above: int = 100 * MILLION, **terms: Any) -> Licence:  # noqa: ANN401 (any field of a threshold)
    term = Threshold(
        clause="section 4",
        quote="more than that many",
        measure=measure,
        above=above,
        inclusive=False,
        scope="product",
        measured="ongoing",
        only_if=(),
        internal_use_exempt=False,
        commercial_only=True,
        consequence="separate_licence",
    )
    return _with(thresholds=(term.model_copy(update=terms),))


def _judged(licence: Licence | None, use: Use, *, multimodal: bool | None = False) -> tuple[Verdict, list[str]]:
    verdict = judge(licence, use, multimodal=multimodal)
    return verdict.verdict, [reason.code for reason in verdict.reasons]


def _real(registry: Registry, licence: str, use: Use, *, multimodal: bool | None = False) -> LicenceVerdict:
    return judge(registry.licences[licence], use, multimodal=multimodal)


@pytest.mark.parametrize("use", [PRODUCT, INTERNAL, RESEARCH, Use(kind="product", offers_model_api=True, redistributes_weights=True)])
def test_a_licence_without_terms_allows_every_use(use: Use) -> None:
    assert _judged(FREE, use) == ("allowed", [])


def test_no_licence_record_is_unknown() -> None:
    verdict = judge(None, INTERNAL, multimodal=None)
    assert (verdict.verdict, verdict.licence_id) == ("unknown", None)
    assert [reason.code for reason in verdict.reasons] == ["licence_not_recorded"]


@pytest.mark.parametrize("read", UNREAD)
@pytest.mark.parametrize("use", [PRODUCT, INTERNAL, RESEARCH])
def test_an_unread_licence_never_reads_as_allowed(read: HowRead, use: Use) -> None:
    assert _judged(_with(read=read), use) == ("unknown", ["licence_not_read"])


@pytest.mark.parametrize("read", sorted(set(get_args(HowRead)) - set(UNREAD)))
def test_a_licence_that_was_read_counts(read: HowRead) -> None:
    assert _judged(_with(read=read), PRODUCT) == ("allowed", [])


@pytest.mark.parametrize(
    ("allowed", "use", "verdict", "codes"),
    [
        ("no", PRODUCT, "forbidden", ["non_commercial"]),
        ("no", INTERNAL, "forbidden", ["non_commercial"]),
        ("no", RESEARCH, "allowed", []),
        (None, PRODUCT, "unknown", ["commercial_unknown"]),
        (None, INTERNAL, "unknown", ["commercial_unknown"]),
        (None, RESEARCH, "allowed", []),
        ("conditional", PRODUCT, "conditional", ["commercial_conditional"]),
        ("conditional", RESEARCH, "allowed", []),
        ("yes", PRODUCT, "allowed", []),
    ],
)
def test_commercial_use_matters_to_everyone_but_research(allowed: Permission | None, use: Use, verdict: Verdict, codes: list[str]) -> None:
    licence = _with(commercial=CommercialUse(clause="2", quote="not for commerce", allowed=allowed))
    assert _judged(licence, use) == (verdict, codes)


@pytest.mark.parametrize("formality", get_args(Formality))
@pytest.mark.parametrize(("may", "verdict"), [(True, "conditional"), (False, "forbidden")])
def test_a_formality_is_a_duty_for_those_who_may_do_it_and_a_ban_for_the_rest(formality: Formality, may: bool, verdict: Verdict) -> None:  # noqa: FBT001 (a row of the table)
    licence = _with(requirements=(Requirement(clause="5", quote="register", formality=formality, commercial_only=False),))
    assert _judged(licence, Use(may_contact_licensor=may)) == (verdict, [f"must_{formality}"])


@pytest.mark.parametrize(("commercial_only", "codes"), [(True, []), (False, ["must_register"])])
def test_research_is_free_of_formalities_for_commerce(commercial_only: bool, codes: list[str]) -> None:  # noqa: FBT001 (a row of the table)
    licence = _with(requirements=(Requirement(clause="5", quote=None, formality="register", commercial_only=commercial_only),))
    assert _judged(licence, RESEARCH)[1] == codes


@pytest.mark.parametrize(
    ("users", "inclusive", "verdict", "code"),
    [
        (None, False, "conditional", "threshold_ahead"),
        (0, False, "conditional", "threshold_ahead"),
        (33 * MILLION, False, "conditional", "threshold_ahead"),
        (34 * MILLION, False, "conditional", "threshold_near"),
        (100 * MILLION, False, "conditional", "threshold_near"),
        (100 * MILLION, True, "forbidden", "threshold_crossed"),
        (100 * MILLION + 1, False, "forbidden", "threshold_crossed"),
        (200 * MILLION, False, "forbidden", "threshold_crossed"),
    ],
)
def test_a_threshold_is_ahead_near_or_crossed(users: int | None, inclusive: bool, verdict: Verdict, code: str) -> None:  # noqa: FBT001 (a row of the table)
    """Near is within three times; "more than" is not crossed by the number itself, "at least" is."""
    assert _judged(_threshold(inclusive=inclusive), Use(kind="product", monthly_users=users)) == (verdict, [code])


@pytest.mark.parametrize(
    ("measure", "use"),
    [
        ("monthly_active_users", Use(kind="product", monthly_users=2)),
        ("monthly_revenue_usd", Use(kind="product", monthly_revenue_usd=2)),
        ("annual_revenue_usd", Use(kind="product", annual_revenue_usd=2)),
        ("twelve_month_revenue_usd", Use(kind="product", annual_revenue_usd=2)),
        ("annual_recurring_revenue_usd", Use(kind="product", annual_revenue_usd=2)),
    ],
)
def test_each_measure_is_held_against_its_own_number(measure: Measure, use: Use) -> None:
    assert _judged(_threshold(measure, 1), use) == ("forbidden", ["threshold_crossed"])


@pytest.mark.parametrize(
    ("measure", "use"),
    [
        ("daily_active_users", Use(kind="product", monthly_users=2)),
        ("product_annual_revenue_usd", Use(kind="product", annual_revenue_usd=2)),
    ],
)
def test_a_measure_that_was_not_asked_for_is_unknown_once_it_may_be_crossed(measure: Measure, use: Use) -> None:
    """Monthly users bound daily users from above, so only a smaller number settles it."""
    assert _judged(_threshold(measure, 1), use) == ("unknown", ["threshold_may_be_crossed"])
    assert _judged(_threshold(measure, 100), use)[0] == "conditional"


def test_a_crossed_naming_threshold_is_a_duty() -> None:
    licence = _threshold(consequence="display_name")
    assert _judged(licence, Use(kind="product", monthly_users=200 * MILLION)) == ("conditional", ["must_display_name"])
    assert _judged(licence, Use(kind="product", monthly_users=200)) == ("allowed", [])


@pytest.mark.parametrize(("use", "exempt", "free"), [(INTERNAL, True, True), (INTERNAL, False, False), (RESEARCH, False, True)])
def test_internal_use_is_free_of_a_threshold_that_exempts_it(use: Use, exempt: bool, free: bool) -> None:  # noqa: FBT001 (a row of the table)
    crossing = use.model_copy(update={"monthly_users": 200 * MILLION})
    assert (_judged(_threshold(internal_use_exempt=exempt), crossing)[0] == "allowed") is free


@pytest.mark.parametrize(
    ("only_if", "api", "expected"),
    [
        (("model_as_a_service",), False, ("allowed", [])),
        (("model_as_a_service",), True, ("forbidden", ["threshold_crossed"])),
        (("ai_work_assistant",), False, ("conditional", ["threshold_crossed_for_some"])),
        (("model_as_a_service", "ai_work_assistant"), False, ("conditional", ["threshold_crossed_for_some"])),
        (("model_as_a_service", "ai_work_assistant"), True, ("forbidden", ["threshold_crossed"])),
    ],
)
def test_a_threshold_for_some_businesses_bites_on_those_only(
    only_if: tuple[Business, ...],
    api: bool,  # noqa: FBT001 (a row of the table)
    expected: tuple[Verdict, list[str]],
) -> None:
    use = Use(kind="product", monthly_users=200 * MILLION, offers_model_api=api)
    assert _judged(_threshold(only_if=only_if), use) == expected


@pytest.mark.parametrize(
    ("business", "use", "expected"),
    [
        ("model_as_a_service", Use(kind="product", offers_model_api=True), ("forbidden", ["business_excluded"])),
        ("cloud_service_provider", Use(kind="product", offers_model_api=True), ("forbidden", ["business_excluded"])),
        ("software_service_provider", Use(kind="product", offers_model_api=True), ("forbidden", ["business_excluded"])),
        ("ai_work_assistant", Use(kind="product", offers_model_api=True), ("conditional", ["business_must_not_be"])),
        ("model_as_a_service", PRODUCT, ("allowed", [])),
        ("ai_work_assistant", PRODUCT, ("conditional", ["business_must_not_be"])),
        ("software_service_provider", PRODUCT, ("conditional", ["business_must_not_be"])),
        ("ai_work_assistant", INTERNAL, ("allowed", [])),
        ("model_as_a_service", Use(kind="research", offers_model_api=True), ("allowed", [])),
    ],
)
def test_an_excluded_business_is_refused_and_others_are_told(business: Business, use: Use, expected: tuple[Verdict, list[str]]) -> None:
    exclusion = BusinessExclusion(clause="6", quote="no such business", business=business, internal_use_exempt=False, commercial_only=True)
    assert _judged(_with(business_excluded=(exclusion,)), use) == expected


@pytest.mark.parametrize("exempt", [True, False])
def test_an_exemption_of_internal_use_ends_where_others_are_served(exempt: bool) -> None:  # noqa: FBT001 (a row of the table)
    exclusion = BusinessExclusion(clause="6", quote=None, business="model_as_a_service", internal_use_exempt=exempt, commercial_only=True)
    licence = _with(business_excluded=(exclusion,))
    assert _judged(licence, INTERNAL) == ("allowed", [])
    assert _judged(licence, Use(kind="internal", offers_model_api=True))[0] == "forbidden"


@pytest.mark.parametrize(
    ("territory", "multimodal_only", "multimodal", "expected"),
    [
        (("DE",), False, False, ("forbidden", ["territory_excluded"])),
        (("EU",), False, False, ("forbidden", ["territory_excluded"])),
        (("KR",), False, False, ("forbidden", ["territory_excluded"])),
        (("US", "FR"), False, False, ("forbidden", ["territory_excluded"])),
        (("CN",), False, False, ("allowed", [])),
        (("CH",), False, False, ("allowed", [])),
        ((), False, False, ("conditional", ["territory_must_not_be"])),
        (("DE",), True, True, ("forbidden", ["territory_excluded"])),
        (("DE",), True, False, ("allowed", [])),
        (("DE",), True, None, ("unknown", ["territory_excluded_multimodal"])),
        ((), True, False, ("allowed", [])),
    ],
)
def test_an_excluded_territory_bites_where_the_user_is(
    territory: tuple[str, ...],
    multimodal_only: bool,  # noqa: FBT001 (a row of the table)
    multimodal: bool | None,  # noqa: FBT001 (a row of the table)
    expected: tuple[Verdict, list[str]],
) -> None:
    exclusion = TerritoryExclusion(
        clause="7", quote=None, territories=("EU", "KR"), multimodal_only=multimodal_only, domicile_only=False, note=None
    )
    found = _judged(_with(territory_excluded=(exclusion,)), Use(kind="product", territory=territory), multimodal=multimodal)
    assert found == expected


def test_the_territory_that_was_hit_is_named() -> None:
    exclusion = TerritoryExclusion(
        clause="7", quote=None, territories=("EU", "KR", "GB"), multimodal_only=False, domicile_only=False, note=None
    )
    verdict = judge(_with(territory_excluded=(exclusion,)), Use(territory=("KR", "DE")), multimodal=False)
    assert verdict.reasons[0].detail == "EU, KR"


@pytest.mark.parametrize(("name", "field"), [("hosting", "offers_model_api"), ("redistribution", "redistributes_weights")])
@pytest.mark.parametrize(
    ("permission", "verdict", "ending"),
    [("no", "forbidden", "forbidden"), ("conditional", "conditional", "conditional"), (None, "unknown", "unknown")],
)
def test_hosting_and_copies_matter_to_those_who_do_them(
    name: str, field: str, permission: Permission | None, verdict: Verdict, ending: str
) -> None:
    licence = _with(**{name: permission})
    assert _judged(licence, Use().model_copy(update={field: True})) == (verdict, [f"{name}_{ending}"])
    assert _judged(licence, Use()) == ("allowed", [])


@pytest.mark.parametrize(
    ("terms", "use", "verdict"),
    [
        ("free", PRODUCT, "allowed"),
        ("silent", PRODUCT, "not_addressed"),
        ("with_naming", PRODUCT, "conditional"),
        ("derivative", PRODUCT, "conditional"),
        ("research_only", PRODUCT, "forbidden"),
        ("research_only", RESEARCH, "allowed"),
        ("own_family_only", PRODUCT, "forbidden"),
        ("forbidden", PRODUCT, "forbidden"),
        ("forbidden", RESEARCH, "forbidden"),
        (None, PRODUCT, "unknown"),
    ],
)
def test_outputs_for_training_follow_the_terms(terms: OutputTerms | None, use: Use, verdict: Verdict) -> None:
    licence = _with(outputs_for_training=OutputUse(clause="8", quote=None, terms=terms, note=None))
    codes = [] if verdict == "allowed" else [f"outputs_{terms or 'unknown'}"]
    assert _judged(licence, use.model_copy(update={"trains_on_outputs": True})) == (verdict, codes)
    assert _judged(licence, use) == ("allowed", [])


@pytest.mark.parametrize("kind", get_args(DutyKind))
def test_a_duty_is_told_to_those_who_ship_except_keeping_a_notice(kind: DutyKind) -> None:
    licence = _with(duties=(Duty(clause="9", quote=None, kind=kind, text="Built with A", when="when distributing"),))
    told = [] if kind == "notice" else [f"duty_{kind}"]
    assert _judged(licence, PRODUCT)[1] == told
    assert _judged(licence, Use(kind="internal", redistributes_weights=True))[1] == told
    assert _judged(licence, INTERNAL) == ("allowed", [])


def test_duties_are_the_conditional_findings() -> None:
    licence = _with(
        duties=(Duty(clause="9", quote=None, kind="badge", text="Built with A", when="always"),),
        outputs_for_training=OutputUse(clause="8", quote=None, terms="silent", note=None),
    )
    verdict = judge(licence, Use(kind="product", trains_on_outputs=True), multimodal=False)
    assert [duty.code for duty in verdict.duties] == ["duty_badge"]
    assert verdict.duties[0].detail == "Built with A"


def test_the_verdict_is_the_worst_finding_and_names_its_clause() -> None:
    licence = _threshold().model_copy(
        update={"read": "tag_only", "duties": (Duty(clause="9", quote=None, kind="badge", text="A", when="always"),)}
    )
    verdict = judge(licence, Use(kind="product", monthly_users=200 * MILLION), multimodal=False)
    assert [reason.verdict for reason in verdict.reasons] == ["forbidden", "unknown", "conditional"]
    assert verdict.decisive is not None
    assert (verdict.decisive.code, verdict.decisive.clause, verdict.decisive.number) == ("threshold_crossed", "section 4", 100 * MILLION)


def test_nothing_decides_when_nothing_stands_against_the_use() -> None:
    assert judge(FREE, PRODUCT, multimodal=False).decisive is None


@pytest.mark.parametrize(("better", "bad"), list(pairwise(SEVERITY)))
def test_the_worst_of_two_verdicts_wins_in_any_order(better: Verdict, bad: Verdict) -> None:
    assert worst([better, bad]) == worst([bad, better]) == bad


def test_the_worst_of_no_verdicts_is_allowed() -> None:
    assert worst([]) == "allowed"


@pytest.mark.parametrize(
    ("licence", "use", "freedom"),
    [
        (FREE, PRODUCT, (1.0, 1.0)),
        (_with(read="tag_only"), PRODUCT, (0.0, 0.8)),
        (_with(hosting="conditional"), Use(offers_model_api=True), (0.5, 0.5)),
        (_threshold(), Use(kind="product", monthly_users=50 * MILLION), (0.5, 0.5)),
        (_threshold(), PRODUCT, (0.9, 0.9)),
        (
            _with(requirements=(Requirement(clause="5", quote=None, formality="register", commercial_only=False),)),
            INTERNAL,
            (0.3, 0.3),
        ),
        (_with(duties=(Duty(clause="9", quote=None, kind="name_prefix", text="A", when="always"),)), PRODUCT, (0.8, 0.8)),
    ],
)
def test_freedom_has_the_documented_values(licence: Licence, use: Use, freedom: tuple[float, float]) -> None:
    assert judge(licence, use, multimodal=False).freedom == freedom


@pytest.mark.parametrize(
    ("users", "expected"),
    [
        (None, ("conditional", ["threshold_in_the_past"])),
        (50 * MILLION, ("conditional", ["threshold_in_the_past"])),
        (200 * MILLION, ("unknown", ["threshold_may_have_been_crossed"])),
    ],
)
def test_a_threshold_of_a_past_month_is_not_settled_by_todays_number(users: int | None, expected: tuple[Verdict, list[str]]) -> None:
    """Growing later does not cross it, so being near it today takes nothing from the freedom either."""
    licence, use = _threshold(measured="month_before_release"), Use(kind="product", monthly_users=users)
    assert _judged(licence, use) == expected
    assert judge(licence, use, multimodal=False).reasons[0].freedom >= 0.9


@pytest.mark.parametrize(
    ("measure", "use", "expected"),
    [
        ("monthly_revenue_usd", Use(kind="product", annual_revenue_usd=1300), ("unknown", ["threshold_may_be_crossed"])),
        ("monthly_revenue_usd", Use(kind="product", annual_revenue_usd=1200), ("conditional", ["threshold_near"])),
        ("monthly_revenue_usd", Use(kind="product", annual_revenue_usd=120), ("conditional", ["threshold_ahead"])),
        ("monthly_revenue_usd", Use(kind="product", annual_revenue_usd=10**9, monthly_revenue_usd=1), ("conditional", ["threshold_ahead"])),
        ("annual_revenue_usd", Use(kind="product", monthly_revenue_usd=9), ("unknown", ["threshold_may_be_crossed"])),
        ("twelve_month_revenue_usd", Use(kind="product", monthly_revenue_usd=1), ("conditional", ["threshold_ahead"])),
        ("monthly_active_users", Use(kind="product", annual_revenue_usd=10**9), ("conditional", ["threshold_ahead"])),
    ],
)
def test_revenue_of_another_period_is_an_estimate_where_the_asked_one_is_not_given(
    measure: Measure, use: Use, expected: tuple[Verdict, list[str]]
) -> None:
    assert _judged(_threshold(measure, 100), use) == expected


@pytest.mark.parametrize(
    ("consequence", "may", "expected"),
    [
        ("separate_licence", True, ("forbidden", ["threshold_crossed"])),
        ("no_licence", True, ("forbidden", ["threshold_no_licence"])),
        ("licence_ends", True, ("forbidden", ["threshold_licence_ends"])),
        ("security_review", True, ("conditional", ["threshold_security_review"])),
        ("security_review", False, ("forbidden", ["threshold_security_review"])),
    ],
)
def test_what_crossing_leads_to_is_said(consequence: Consequence, may: bool, expected: tuple[Verdict, list[str]]) -> None:  # noqa: FBT001 (a row of the table)
    use = Use(kind="product", monthly_users=200 * MILLION, may_contact_licensor=may)
    assert _judged(_threshold(consequence=consequence), use) == expected


@pytest.mark.parametrize(
    ("commercial_only", "users", "expected"),
    [
        (True, 200 * MILLION, ("allowed", [])),
        (False, 200 * MILLION, ("forbidden", ["threshold_crossed"])),
        (False, None, ("conditional", ["threshold_ahead"])),
        (None, 200 * MILLION, ("unknown", ["threshold_may_be_crossed"])),
        (None, None, ("allowed", [])),
    ],
)
def test_research_is_free_only_of_thresholds_for_commerce(
    commercial_only: bool | None,  # noqa: FBT001 (a row of the table)
    users: int | None,
    expected: tuple[Verdict, list[str]],
) -> None:
    assert _judged(_threshold(commercial_only=commercial_only), Use(kind="research", monthly_users=users)) == expected


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        (PRODUCT, ("conditional", ["display_name_ahead"])),
        (Use(kind="product", monthly_users=40 * MILLION), ("conditional", ["display_name_ahead"])),
        (Use(kind="product", monthly_users=30 * MILLION), ("allowed", [])),
        (INTERNAL, ("allowed", [])),
        (Use(kind="research", monthly_users=200 * MILLION), ("allowed", [])),
    ],
)
def test_a_naming_threshold_is_told_unless_it_is_far_or_there_is_no_product(use: Use, expected: tuple[Verdict, list[str]]) -> None:
    assert _judged(_threshold(consequence="display_name"), use) == expected


@pytest.mark.parametrize(
    ("only_if", "verdict"),
    [
        (("cloud_service_provider",), "allowed"),
        (("model_as_a_service", "cloud_service_provider"), "allowed"),
        (("software_service_provider",), "conditional"),
        (("model_as_a_service", "software_service_provider"), "conditional"),
    ],
)
def test_a_threshold_for_hosts_leaves_alone_who_offers_no_api(only_if: tuple[Business, ...], verdict: Verdict) -> None:
    assert _judged(_threshold(only_if=only_if), Use(kind="product", monthly_users=200 * MILLION))[0] == verdict


@pytest.mark.parametrize(
    ("territory", "expected"),
    [
        (("DE",), ("forbidden", ["territory_excluded"])),
        (("DE", "FR"), ("forbidden", ["territory_excluded"])),
        (("DE", "US"), ("unknown", ["territory_of_seat"])),
        (("US",), ("allowed", [])),
    ],
)
def test_an_exclusion_of_who_sits_there_is_open_where_the_use_spans_both_sides(
    territory: tuple[str, ...], expected: tuple[Verdict, list[str]]
) -> None:
    exclusion = TerritoryExclusion(clause="7", quote=None, territories=("EU",), multimodal_only=False, domicile_only=True, note=None)
    assert _judged(_with(territory_excluded=(exclusion,)), Use(kind="product", territory=territory)) == expected


@pytest.mark.parametrize(("place", "excluded"), [("UK", "GB"), ("GB", "GB"), ("EL", "EU"), ("GR", "EU")])
def test_codes_in_wide_use_count_as_the_places_they_name(place: str, excluded: str) -> None:
    exclusion = TerritoryExclusion(clause="7", quote=None, territories=("EU", "GB"), multimodal_only=False, domicile_only=False, note=None)
    verdict = judge(_with(territory_excluded=(exclusion,)), Use(territory=(place,)), multimodal=False)
    assert (verdict.verdict, verdict.reasons[0].detail) == ("forbidden", excluded)


@pytest.mark.parametrize(("commercial_only", "verdict"), [(True, "allowed"), (False, "forbidden")])
def test_research_that_hosts_is_excluded_unless_the_exclusion_is_for_commerce(commercial_only: bool, verdict: Verdict) -> None:  # noqa: FBT001 (a row of the table)
    exclusion = BusinessExclusion(
        clause="9", quote=None, business="model_as_a_service", internal_use_exempt=True, commercial_only=commercial_only
    )
    assert _judged(_with(business_excluded=(exclusion,)), Use(kind="research", offers_model_api=True))[0] == verdict


def test_who_hosts_for_others_is_told_the_duties_and_when_they_arise() -> None:
    licence = _with(duties=(Duty(clause="9", quote=None, kind="badge", text="Built with A", when="when hosting"),))
    verdict = judge(licence, Use(kind="internal", offers_model_api=True), multimodal=False)
    assert [(duty.code, duty.when) for duty in verdict.duties] == [("duty_badge", "when hosting")]


def test_hosting_that_is_withheld_quotes_no_words_that_grant_commerce() -> None:
    granting = CommercialUse(clause="1", quote="commerce is welcome", allowed="yes")
    use = Use(offers_model_api=True)
    assert judge(_with(hosting="no", commercial=granting), use, multimodal=False).reasons[0].quote is None
    exclusion = BusinessExclusion(
        clause="2", quote="no hosts", business="ai_work_assistant", internal_use_exempt=False, commercial_only=True
    )
    licence = _with(hosting="no", commercial=granting, business_excluded=(exclusion,))
    assert judge(licence, use, multimodal=False).reasons[0].quote == "no hosts"


# The licences that are known to bite.


def test_tongyi_qianwen_ends_at_more_than_a_hundred_million_users_and_names_its_section(registry: Registry) -> None:
    verdict = _real(registry, "tongyi-qianwen", Use(kind="product", monthly_users=200 * MILLION))
    assert verdict.verdict == "forbidden"
    assert verdict.decisive is not None
    assert verdict.decisive.clause == "section 4 (Restrictions)"
    assert "more than 100 million monthly active users" in (verdict.decisive.quote or "")


@pytest.mark.parametrize("users", [1, 100 * MILLION])
def test_tongyi_qianwen_lets_a_smaller_product_be(registry: Registry, users: int) -> None:
    assert _real(registry, "tongyi-qianwen", Use(kind="product", monthly_users=users)).verdict == "conditional"


def test_tongyi_qianwen_keeps_its_outputs_in_the_family(registry: Registry) -> None:
    verdict = _real(registry, "tongyi-qianwen", Use(kind="internal", trains_on_outputs=True))
    assert verdict.decisive is not None
    assert (verdict.verdict, verdict.decisive.clause) == ("forbidden", "section 5.b")


@pytest.mark.parametrize(
    ("use", "forbidden"),
    [
        (Use(kind="product", offers_model_api=True, annual_revenue_usd=30 * MILLION), True),
        (Use(kind="product", offers_model_api=True, annual_revenue_usd=1 * MILLION), False),
        (Use(kind="product", annual_revenue_usd=30 * MILLION), False),
        (Use(kind="internal", annual_revenue_usd=30 * MILLION), False),
    ],
)
def test_kimi_k3_asks_large_hosts_for_an_agreement(registry: Registry, use: Use, forbidden: bool) -> None:  # noqa: FBT001 (a row of the table)
    assert (_real(registry, "kimi-k3", use).verdict == "forbidden") is forbidden


def test_kimi_k3_wants_its_name_shown_by_a_large_product(registry: Registry) -> None:
    verdict = _real(registry, "kimi-k3", Use(kind="product", monthly_users=200 * MILLION))
    assert "must_display_name" in [duty.code for duty in verdict.duties]


@pytest.mark.parametrize(
    ("use", "verdict"),
    [
        (Use(kind="product", offers_model_api=True), "forbidden"),
        (Use(kind="product"), "conditional"),
        (Use(kind="internal"), "allowed"),
    ],
)
def test_qwen_community_shuts_out_model_hosts_of_any_size(registry: Registry, use: Use, verdict: Verdict) -> None:
    assert _real(registry, "qwen-community-1.0", use).verdict == verdict


@pytest.mark.parametrize("licence", ["cc-by-nc-4.0", "cohere-cc-by-nc", "qwen-research", "mrl-0.1", "llama1-research"])
@pytest.mark.parametrize(("use", "forbidden"), [(PRODUCT, True), (INTERNAL, True), (RESEARCH, False)])
def test_research_licences_are_for_research(registry: Registry, licence: str, use: Use, forbidden: bool) -> None:  # noqa: FBT001 (a row of the table)
    assert (_real(registry, licence, use).verdict == "forbidden") is forbidden


def test_llama_4_withholds_its_multimodal_models_from_the_european_union(registry: Registry) -> None:
    assert _real(registry, "llama4", Use(territory=("DE",)), multimodal=True).verdict == "forbidden"


@pytest.mark.parametrize(
    ("licence", "territory", "multimodal"),
    [("llama4", "CN", True), ("llama4", "DE", False), ("llama3.3", "DE", False), ("apache-2.0", "DE", True)],
)
def test_others_are_not_withheld(registry: Registry, licence: str, territory: str, multimodal: bool) -> None:  # noqa: FBT001 (a row of the table)
    reasons = _real(registry, licence, Use(territory=(territory,)), multimodal=multimodal).reasons
    assert "territory_excluded" not in [reason.code for reason in reasons]


@pytest.mark.parametrize("licence", ["apache-2.0", "mit"])
def test_the_plain_open_licences_allow_everything(registry: Registry, licence: str) -> None:
    use = Use(
        kind="product",
        monthly_users=10**9,
        annual_revenue_usd=10**12,
        offers_model_api=True,
        redistributes_weights=True,
        may_contact_licensor=False,
        territory=("DE", "CN"),
    )
    assert _real(registry, licence, use).verdict == "allowed"


def test_every_licence_gives_every_use_a_verdict_that_is_its_worst_finding(registry: Registry) -> None:
    uses = [
        use.model_copy(update={"monthly_users": users, "offers_model_api": api, "trains_on_outputs": api, "territory": place})
        for use, users, api, place in product((INTERNAL, PRODUCT, RESEARCH), (None, 10**9), (True, False), ((), ("DE",)))
    ]
    for licence, use, multimodal in product(registry.licences.values(), uses, (True, False, None)):
        verdict = judge(licence, use, multimodal=multimodal)
        assert verdict.verdict == worst(reason.verdict for reason in verdict.reasons)


def test_a_finding_of_a_real_licence_that_forbids_names_its_clause(registry: Registry) -> None:
    use = Use(kind="product", monthly_users=10**9, annual_revenue_usd=10**12, monthly_revenue_usd=10**11, territory=("DE",))
    silent = [
        (licence.id, reason.code)
        for licence in registry.licences.values()
        for reason in judge(licence, use, multimodal=True).reasons
        if reason.verdict == "forbidden" and not reason.clause and licence.read == "primary"
    ]
    assert silent == []


@pytest.mark.parametrize("licence", ["llama2", "llama3.1", "llama4", "databricks-open-model", "tencent-hunyuan-community"])
def test_the_users_of_today_do_not_settle_a_gate_at_the_release(registry: Registry, licence: str) -> None:
    use = Use(kind="product", monthly_users=900 * MILLION, territory=("US",))
    verdict = _real(registry, licence, use)
    assert verdict.decisive is not None
    assert (verdict.verdict, verdict.decisive.code) == ("unknown", "threshold_may_have_been_crossed")


def test_mistrals_modified_mit_grants_a_large_company_nothing_not_even_research(registry: Registry) -> None:
    """The other Modified MIT, of the same name on the Hub, only asks for the name to be shown."""
    for kind in ("internal", "product", "research"):
        use = Use(kind=kind, monthly_revenue_usd=30 * MILLION)
        assert _real(registry, "mistral-modified-mit", use).verdict == "forbidden"
        assert _real(registry, "kimi-modified-mit", use).verdict in {"allowed", "conditional"}


def test_llama_4_asks_where_a_company_on_both_sides_sits(registry: Registry) -> None:
    assert _real(registry, "llama4", Use(territory=("DE", "US")), multimodal=True).verdict == "unknown"
    assert _real(registry, "tencent-hunyuan-community", Use(territory=("DE", "US"))).verdict == "forbidden"


def test_a_licence_whose_conditions_stand_in_a_policy_is_not_free_of_conditions(registry: Registry) -> None:
    verdict = _real(registry, "xai-community", PRODUCT)
    assert verdict.decisive is not None
    assert (verdict.verdict, verdict.decisive.code) == ("conditional", "commercial_conditional")


def test_the_model_of_the_review_asks_large_hosts_for_it(registry: Registry) -> None:
    use = Use(kind="product", offers_model_api=True, annual_revenue_usd=20_000 * MILLION)
    assert "threshold_security_review" in [duty.code for duty in _real(registry, "glm-5.3", use).duties]
    assert _real(registry, "glm-5.3", use.model_copy(update={"may_contact_licensor": False})).verdict == "forbidden"


def test_falcon_180b_withholds_hosting_from_research_too(registry: Registry) -> None:
    assert _real(registry, "falcon-180b-tii", Use(kind="research", offers_model_api=True)).verdict == "forbidden"
