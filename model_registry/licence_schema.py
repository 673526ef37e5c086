"""The shape of a licence record: its terms as fields, each restriction with the clause and the words it rests on."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from model_registry.base_schema import Slug, Source, _Model

Permission: TypeAlias = Literal["yes", "conditional", "no"]
HowRead: TypeAlias = Literal["primary", "primary_excerpt", "secondary_verbatim", "secondary", "tag_only", "unverified"]
Measure: TypeAlias = Literal[
    "monthly_active_users",
    "daily_active_users",
    "monthly_revenue_usd",
    "annual_revenue_usd",
    "twelve_month_revenue_usd",
    "product_annual_revenue_usd",
    "annual_recurring_revenue_usd",
]
Measured: TypeAlias = Literal["ongoing", "preceding_month", "month_before_release"]
Business: TypeAlias = Literal["model_as_a_service", "ai_work_assistant", "software_service_provider", "cloud_service_provider"]
Consequence: TypeAlias = Literal["separate_licence", "no_licence", "licence_ends", "security_review", "display_name"]
Formality: TypeAlias = Literal["register", "apply", "notify"]
OutputTerms: TypeAlias = Literal["free", "with_naming", "derivative", "own_family_only", "research_only", "forbidden", "silent"]
DutyKind: TypeAlias = Literal["name_prefix", "badge", "notice", "pass_on_restrictions"]


class Clause(_Model):
    """Where in the text a term stands, and its words."""

    clause: str | None
    """Number or heading of the clause, as the text names it; null where the clause was not identified."""
    quote: str | None
    """The licence's own words, shortened with an ellipsis at most."""


class Threshold(Clause):
    """A number above which more is asked, or nothing is granted."""

    measure: Measure
    above: Annotated[int, Field(gt=0)]
    inclusive: bool
    """True when reaching the number is enough."""
    scope: str
    """Whose number it is: the product, the licensee with affiliates ..."""
    measured: Measured
    """When it is measured: again and again, or once, in the month before the release date."""
    only_if: tuple[Business, ...]
    """The businesses it bites on; empty = any."""
    internal_use_exempt: bool
    """True when the text frees purely internal use from it."""
    commercial_only: bool | None
    """True when it is asked of commercial use only; null where the words that were read leave it open."""
    consequence: Consequence


class BusinessExclusion(Clause):
    """A kind of business that gets no licence without a separate agreement."""

    business: Business
    internal_use_exempt: bool
    commercial_only: bool
    """True when it is asked of commercial use only."""


class TerritoryExclusion(Clause):
    """Places where the licence grants nothing."""

    territories: Annotated[tuple[str, ...], Field(min_length=1)]
    """ISO 3166 alpha-2 codes, or EU."""
    multimodal_only: bool
    """True when it bites on multimodal models only."""
    domicile_only: bool
    """True when it bites on who sits there, not on where the model is used."""
    note: str | None


class Duty(Clause):
    """Something to do when using or distributing it."""

    kind: DutyKind
    text: str
    """What has to be written, shown or passed on."""
    when: str


class Requirement(Clause):
    """A formality before (commercial) use."""

    formality: Formality
    commercial_only: bool


class OutputUse(Clause):
    """Whether outputs may train other models."""

    terms: OutputTerms | None
    note: str | None


class CommercialUse(Clause):
    """Whether it may be used commercially."""

    allowed: Permission | None


class Licence(_Model):
    """A licence as fields. Not legal advice; ``read`` says how well the text was read."""

    id: Slug
    name: str
    version: str | None
    spdx: str | None
    hub_tag: str | None
    """Value of ``license`` on the Hub."""
    hub_name: str | None
    """Value of ``license_name`` on the Hub."""
    osi_approved: bool
    read: HowRead
    """How well: the vendor's text, an excerpt of it, a verbatim or loose third party, the tag alone."""
    sources: dict[Slug, Source]
    source: str
    commercial: CommercialUse
    requirements: tuple[Requirement, ...]
    thresholds: tuple[Threshold, ...]
    business_excluded: tuple[BusinessExclusion, ...]
    territory_excluded: tuple[TerritoryExclusion, ...]
    hosting: Permission | None
    """Offering it to others as a service."""
    redistribution: Permission | None
    derivatives: Permission | None
    duties: tuple[Duty, ...]
    outputs_for_training: OutputUse
    output_claim: str | None
    acceptable_use: str | None
    """Where use restrictions stand; ``none`` when the text has none."""
    flow_down: bool | None
    """Use restrictions must be passed on to users of derivatives."""
    military_ban: bool | None
    patent: str | None
    suit_ends_licence: str | None
    revocable: str | None
    sublicensable: bool | None
    unilateral_change: bool | None
    indemnity: bool | None
    termination: str | None
    governing_law: str | None
    note: str | None
