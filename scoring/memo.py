"""The decision memo: need, pick, runner-up, why, duties, memory, firmness, tipping points, exclusions, sources.

Built once as sections of plain text, then written as Markdown or as one self-contained HTML page. What comes from the
registry is text: it is escaped in both.
"""

from collections import Counter
from dataclasses import dataclass
from html import escape

from model_registry.base_schema import Source
from model_registry.registry import Entry, Registry
from scoring.explain import gap
from scoring.factors import SCALE
from scoring.recommend import Ranked, Recommendation
from scoring.report import reason_words, removal_words
from scoring.robustness import word
from scoring.variants import EVIDENCE
from texts import numbers
from texts.catalogue import Catalogue
from texts.languages import language_name

_REMOVED_SHOWN, _TIPS_SHOWN = 12, 5
_NO_GAP = 0.0005
_STYLE = (
    "body{font:16px/1.55 system-ui,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;max-width:46rem;margin:2rem auto;"
    "padding:0 1rem;color:#141210;background:#fcfbf8}h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem}"
    "table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ded9cf;padding:.3rem .6rem;text-align:left}"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}blockquote{border-left:3px solid #ded9cf;margin:.5rem 0;"
    "padding-left:1rem;color:#4a453d}a{color:#1d5560}@media(prefers-color-scheme:dark){body{color:#e9e5dc;background:#17191b}"
    "td,th{border-color:#3a3d40}a{color:#8cc7d3}blockquote{color:#a8a297}}"
)


@dataclass(frozen=True)
class Link:
    """A named address."""

    text: str
    url: str


@dataclass(frozen=True)
class Table:
    """Rows under a head; columns from the second on are numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """A part of the memo: paragraphs, then items, a quotation, a table, links."""

    title: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    quote: str | None = None
    table: Table | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Occasion:
    """When and from where a memo is written."""

    day: str
    """ISO date."""
    link: str | None = None
    """Opens the same needs and weights in the app."""
    top: int = 10
    """Rows of the ranking."""


@dataclass(frozen=True)
class Memo:
    """The whole memo in one language."""

    language: str
    title: str
    sections: tuple[Section, ...]


def memo(t: Catalogue, registry: Registry, answer: Recommendation, on: Occasion) -> Memo:
    """Return the memo of an answer in the catalogue's language."""
    facts = t("memo.facts", day=on.day, version=registry.version, scale=SCALE)
    opens = (Link(t("memo.open"), on.link),) if on.link else ()
    first = answer.pick
    if first is None:
        told = [t("recommend.pick_none_thin")] if answer.thin else [t("recommend.pick_none_hint", count=len(answer.removed))]
        head = Section("", (*told, facts), links=opens)
        bare = (head, _need(t, answer), _removed(t, answer))
        return Memo(t.language, t("recommend.pick_none"), tuple(part for part in bare if part))
    parts = (
        Section("", (_variant(t, answer), facts), links=opens),
        _need(t, answer),
        _why(t, answer, first),
        _firmness(t, answer, first),
        _licence(t, registry, answer, first),
        _memory(t, answer, first),
        _ranking(t, answer, on.top),
        _removed(t, answer),
        _sources(t, registry, answer, registry[first.id]),
    )
    return Memo(t.language, f"{t('recommend.pick_label')} {first.id}", tuple(part for part in parts if part))


def _variant(t: Catalogue, answer: Recommendation) -> str:
    reasons = "; ".join(t(f"advice.reason.{code}") for code in answer.advice.reason_codes)
    told = t("advice.because", start=t(f"advice.{answer.advice.start}"), reasons=reasons)
    return told + (f" {t('advice.also', also=t(f'advice.{answer.advice.also}'))}" if answer.advice.also else "")


def _need(t: Catalogue, answer: Recommendation) -> Section:
    """Return what was asked for: every need that is set, and every weight above zero."""
    s = answer.scenario
    hardware, use = s.hardware, s.use
    device = hardware.device or (f"{hardware.memory_gb:g} GiB" if hardware.memory_gb else t("need.device_none"))
    wanted = [t(f"need.{name}") for name in ("tools", "image", "fill_in_middle", "training_data_open") if getattr(s.needs, name)]
    amounts = {name: getattr(use, name) for name in ("monthly_users", "annual_revenue_usd", "monthly_revenue_usd")}
    flags = [t(f"need.{name}") for name in ("offers_model_api", "redistributes_weights", "trains_on_outputs") if getattr(use, name)]
    given = {
        "recommend.question": t(f"domain.{s.domain}.name"),
        "need.languages": t("need.joined_by").join(language_name(t, code) for code in s.languages),
        "need.longest_input": numbers.exact(s.longest_input),
        "need.output": t(f"output.{s.output}"),
        "need.plan": t(f"plan.{s.training.plan}"),
        "need.examples": numbers.exact(s.training.examples) if s.training.examples is not None else "",
        "need.tokens": numbers.exact(s.training.tokens) if s.training.tokens is not None else "",
        "need.device": f"{hardware.count} × {device}, {' / '.join(t(f'precision.{p}') for p in hardware.weights)}",
        "need.kind": t("need.joined_by").join((t(f"kind.{use.kind}"), *flags, *use.territory)),
        **{f"need.{name}": numbers.exact(value) for name, value in amounts.items() if value is not None},
        "recommend.more_needs": t("need.joined_by").join(wanted),
        "recommend.weights_title": t("need.joined_by").join(
            f"{t(f'factor.{factor}.name')} {numbers.points(share)}"
            for factor, share in zip(answer.scores.factors, answer.scores.weights, strict=True)
            if share > 0
        ),
    }
    return Section(t("memo.need"), items=tuple(f"{t(code)}: {value}" for code, value in given.items() if value))


def _why(t: Catalogue, answer: Recommendation, first: Ranked) -> Section | None:
    """Return the gap to the runner-up by factor."""
    second = answer.runner_up
    if second is None:
        return Section(t("recommend.why_title"), (t("recommend.no_runner_up"),))
    parts = sorted(gap(answer.scores, first.index, second.index).items(), key=lambda item: -abs(item[1]))
    rows = tuple(
        (
            t(f"factor.{factor}.name"),
            f"{100 * first.contributions[factor]:.1f}",
            f"{100 * second.contributions[factor]:.1f}",
            f"{100 * value:+.1f}",
        )
        for factor, value in parts
        if abs(value) >= _NO_GAP
    )
    told = t("recommend.runner_up", name=second.id, gap=f"{100 * (first.score - second.score):.1f}")
    return Section(t("recommend.why_title"), (told,), table=Table((t("memo.factor"), first.id, second.id, t("memo.difference")), rows))


def _firmness(t: Catalogue, answer: Recommendation, first: Ranked) -> Section:
    said = f"{t(f'firmness.{word(first.first_share)}')}. {t('firmness.sentence', share=numbers.points(first.first_share))}."
    tips = tuple(
        t("memo.tip", factor=t(f"factor.{tip.factor}.name"), start=f"{tip.start:g}", end=f"{tip.end:.1f}", winner=winner)
        for tip, winner in answer.tipping[:_TIPS_SHOWN]
    )
    return Section(t("firmness.label"), (said, *(() if tips else (t("firmness.firm"),))), items=tips)


def _licence(t: Catalogue, registry: Registry, answer: Recommendation, first: Ranked) -> Section:
    """Return the verdict, every finding with its clause, and the words that decide."""
    verdict = answer.gated.licences[first.index]
    licence = registry.licences.get(verdict.licence_id or "")
    name = licence.name if licence else t("model.licence_unread")
    found = tuple(reason_words(t, reason) for reason in verdict.reasons) or (t("licence_reason.none"),)
    quote = next((reason.quote for reason in verdict.reasons if reason.quote), None)
    links = (_cited(t("licence_card.label"), licence.sources[licence.source]),) if licence else ()
    told = (f"{name}: {t(f'verdict.{verdict.verdict}')}", t("licence_reason.not_advice"))
    return Section(t("licence_card.label"), told, found, quote, links=links)


def _memory(t: Catalogue, answer: Recommendation, first: Ranked) -> Section:
    fit = answer.gated.memory
    precision = fit.precision[first.index]
    if precision is None:
        return Section(t("fit.label"), (t("fit.unknown"),))
    shown = numbers.gib_range(float(fit.low_bytes[first.index]), float(fit.high_bytes[first.index]), t("fit.joined_by"))
    code = "fit.sentence" if fit.capacity_bytes else "fit.sentence_free"
    values = {"capacity": numbers.gib(fit.capacity_bytes or 0), "precision": t(f"precision.{precision}")}
    return Section(t("fit.label"), (t(code, range=shown, tokens=numbers.exact(answer.scenario.longest_input), **values),))


def _ranking(t: Catalogue, answer: Recommendation, top: int) -> Section:
    rows = tuple(
        (
            str(place),
            item.id,
            numbers.points(item.score),
            f"{numbers.points(item.low)} – {numbers.points(item.high)}",
            numbers.points(item.first_share),
            t(f"verdict.{answer.gated.licences[item.index].verdict}"),
        )
        for place, item in enumerate(answer.ranked[:top], start=1)
    )
    columns = ("model_column", "score_column", "interval_column", "first_column", "licence_column")
    head = ("", *(t(f"recommend.{column}") for column in columns))
    told = t("memo.ranked", kept=len(answer.unfolded) + len(answer.thin), rows=len(answer.ranked))
    return Section(t("recommend.ranked_title"), (told,), table=Table(head, rows))


def _removed(t: Catalogue, answer: Recommendation) -> Section | None:
    """Return who fails which need, the nearest fixes, and the first removals with their reasons."""
    if not answer.removed:
        return None
    counts = Counter(removal.gate for removal in answer.removed)
    by_gate = t("need.joined_by").join(f"{t(f'gate.{gate}')} {count}" for gate, count in counts.most_common())
    fixes = t("need.joined_by").join(t("fix.adds", change=t(f"fix.{r.change}"), count=r.adds) for r in answer.relaxations)
    told = (
        f"{t('report.removed', count=len(answer.removed))} {by_gate}.",
        *((f"{t('recommend.relax_title')}: {fixes}.",) if fixes else ()),
    )
    licence_first = sorted(answer.removed, key=lambda removal: removal.gate != "licence")[:_REMOVED_SHOWN]
    said = tuple(f"{removal.id}: {removal_words(t, removal)}" for removal in licence_first)
    return Section(t("recommend.removed_title"), tuple(told), said)


def _sources(t: Catalogue, registry: Registry, answer: Recommendation, entry: Entry) -> Section:
    """Return where the pick's facts were read, and the evidence of the advice."""
    blocks = {
        "group.architecture": (entry.architecture, "layers"),
        "group.parameters": (entry.parameters, "total"),
        "group.context": (entry.checkpoint.context, "advertised"),
        "group.licence": (entry.licence, "id"),
        "need.languages": (entry.languages, "declared"),
    }
    links = [_cited(t(code), entry.source(block, name)) for code, (block, name) in blocks.items()]
    results = {source.url: source for _, source in registry.results_of(entry.id)}
    links += [_cited(t("memo.results"), source) for source in results.values()]
    links += [Link(t(f"advice.reason.{code}"), EVIDENCE[code]) for code in answer.advice.reason_codes if code in EVIDENCE]
    return Section(t("memo.sources"), (t("memo.method"),), links=tuple(dict.fromkeys(links)))


def _cited(name: str, source: Source) -> Link:
    return Link(f"{name}, {source.read.isoformat()}", source.url)


def as_markdown(m: Memo) -> str:
    """Return a memo as Markdown that can be pasted as it is."""
    lines = [f"# {m.title}"]
    for section in m.sections:
        lines += ["", f"## {section.title}"] if section.title else []
        lines += [line for paragraph in section.paragraphs for line in ("", paragraph)]
        lines += ["", *(f"- {item}" for item in section.items)] if section.items else []
        lines += ["", f"> {' '.join(section.quote.split())}"] if section.quote else []
        if section.table:
            align = ["---", *("---:" for _ in section.table.head[1:])]
            rows = [section.table.head, tuple(align), *section.table.rows]
            lines += ["", *(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows)]
        lines += (
            ["", *(f"- [{link.text.replace('[', '(').replace(']', ')')}]({link.url})" for link in section.links)] if section.links else []
        )
    return "\n".join(lines) + "\n"


def as_html(m: Memo) -> str:
    """Return a memo as one HTML page that needs nothing else: no script, no address but the sources' links."""
    body = [f"<h1>{escape(m.title)}</h1>"]
    for section in m.sections:
        body += [f"<h2>{escape(section.title)}</h2>"] if section.title else []
        body += [f"<p>{escape(paragraph)}</p>" for paragraph in section.paragraphs]
        body += ["<ul>", *(f"<li>{escape(item)}</li>" for item in section.items), "</ul>"] if section.items else []
        body += [f"<blockquote>{escape(section.quote)}</blockquote>"] if section.quote else []
        body += _html_table(section.table) if section.table else []
        links = [f'<li><a href="{escape(link.url)}">{escape(link.text)}</a></li>' for link in section.links]
        body += ["<ul>", *links, "</ul>"] if links else []
    language = {"zh": "zh-CN"}.get(m.language, m.language)
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(m.title)}</title>'
    return f'<!doctype html><html lang="{language}"><head>{head}<style>{_STYLE}</style></head><body>{"".join(body)}</body></html>\n'


def _html_table(table: Table) -> list[str]:
    def row(cells: tuple[str, ...], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}{' class=n' if place else ''}>{escape(cell)}</{tag}>" for place, cell in enumerate(cells)) + "</tr>"

    return ["<table>", row(table.head, "th"), *(row(cells, "td") for cells in table.rows), "</table>"]
