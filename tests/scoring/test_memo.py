"""The decision memo: complete, in both languages, and nothing from the registry acts as markup."""

from html.parser import HTMLParser

import numpy as np
import pytest

from model_registry.registry import Registry
from scoring.candidates import Candidates
from scoring.memo import Link, Memo, Occasion, Section, Table, as_html, as_markdown, memo
from scoring.recommend import Recommendation, recommend
from scoring.scenario import Scenario, presets
from tests.scoring.making import Facts, registry_of
from texts.catalogue import LANGUAGES, Language, catalogue

TODAY = np.datetime64("2026-11-24", "D")
ON = Occasion("2026-11-24", link="https://example.org/?domain=zh_cs_rag&l=zh")


class Tags(HTMLParser):
    """Collects the tags and their attributes."""

    def __init__(self) -> None:
        """Start with nothing."""
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]


@pytest.fixture(scope="module")
def answer(candidates: Candidates) -> Recommendation:
    return recommend(candidates, presets()["zh_cs_rag"], TODAY)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_memo_has_every_part(registry: Registry, answer: Recommendation, language: Language) -> None:
    t = catalogue(language)
    text = as_markdown(memo(t, registry, answer, ON))
    codes = ("memo.need", "recommend.why_title", "firmness.label", "licence_card.label", "fit.label", "recommend.ranked_title")
    headings = [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")]
    assert headings == [*(t(code) for code in codes), t("recommend.removed_title"), t("memo.sources")]
    assert registry.version in text
    assert "2026-11-24" in text
    assert "{" not in text


def test_the_gap_table_adds_up_to_the_gap(registry: Registry, answer: Recommendation) -> None:
    found = memo(catalogue("en"), registry, answer, ON)
    table = next(section.table for section in found.sections if section.table)
    assert answer.pick is not None
    assert answer.runner_up is not None
    told = sum(float(row[3]) for row in table.rows)
    assert told == pytest.approx(100 * (answer.pick.score - answer.runner_up.score), abs=0.06 * len(table.rows))


def test_every_link_of_the_page_is_a_source_or_the_way_back(registry: Registry, answer: Recommendation) -> None:
    parser = Tags()
    parser.feed(as_html(memo(catalogue("en"), registry, answer, ON)))
    assert not {"script", "img", "iframe", "link"} & set(parser.tags)
    assert all(link.startswith("https://") for link in parser.links)
    assert ON.link in parser.links


def test_the_page_says_its_language(registry: Registry, answer: Recommendation) -> None:
    assert as_html(memo(catalogue("zh"), registry, answer, ON)).startswith('<!doctype html><html lang="zh-CN">')


def test_text_is_never_markup() -> None:
    bad = "<script>alert(1)</script> [x](javascript:alert(1)) | a"
    found = Memo("en", bad, (Section(bad, (bad,), (bad,), bad, Table((bad, bad), ((bad, bad),)), (Link(bad, "https://e.org/?a=1&b=2"),)),))
    parser = Tags()
    parser.feed(as_html(found))
    assert "script" not in parser.tags
    assert parser.links == ["https://e.org/?a=1&b=2"]
    rows = [line for line in as_markdown(found).splitlines() if line.startswith("| ")]
    assert {line.count("|") for line in rows} == {3}


def test_when_nothing_meets_the_needs_the_memo_has_the_ways_out() -> None:
    registry = registry_of(Facts("a"))
    found = recommend(Candidates(registry), Scenario(longest_input=100_000), TODAY)
    text = as_markdown(memo(catalogue("en"), registry, found, Occasion("2026-11-24")))
    assert text.startswith("# Nothing meets these needs\n")
    assert "Accept a shorter input: +1" in text


def test_a_single_candidate_has_no_runner_up() -> None:
    registry = registry_of(Facts("a"))
    found = recommend(Candidates(registry), Scenario(weights={"variant_fit": 1.0}), TODAY)
    assert catalogue("en")("recommend.no_runner_up") in as_markdown(memo(catalogue("en"), registry, found, Occasion("2026-11-24")))
