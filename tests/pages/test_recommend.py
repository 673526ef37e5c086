"""Recommend's further sections: what would flip it, the next step, the memo, the way back, unfolding."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from texts.catalogue import Language, catalogue

APP = str(Path(__file__).parents[2] / "app.py")
Open = Callable[..., AppTest]


@pytest.fixture
def recommend() -> Open:
    """Return a function that opens the page with link parameters."""

    def opened(**link: str) -> AppTest:
        at = AppTest.from_file(APP, default_timeout=60)
        for name, value in link.items():
            at.query_params[name] = value
        return at.run()

    return opened


def words(at: AppTest) -> str:
    return "\n".join(str(element.value).replace("\\", "") for element in (*at.markdown, *at.caption, *at.subheader))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_answer_says_what_would_flip_it_and_what_to_type_next(recommend: Open, language: Language) -> None:
    at = recommend(domain="zh_cs_rag", lang=language)
    t = catalogue(language)
    assert not at.exception
    assert {t("flips.title"), t("recommend.next_title"), t("memo.title")} <= {element.value for element in at.subheader}
    assert [code.value for code in at.code if code.value.startswith("hf download ")]


def test_capability_says_what_it_rests_on(recommend: Open) -> None:
    assert "on the fixed basket of benchmarks" in words(recommend())


def test_continued_pretraining_names_the_pair_and_the_way_back(recommend: Open) -> None:
    at = recommend(domain="general", plan="continued_pretraining", tok="1000000000", l="zh")
    assert not at.exception
    found = words(at)
    assert "Way back to chat" in found
    assert "The pair: " in found


def test_labels_name_the_encoder_as_the_better_tool(recommend: Open) -> None:
    assert "small encoder" in words(recommend(domain="classify_extract"))


def test_the_memo_can_be_copied(recommend: Open) -> None:
    at = recommend()
    downloads = {str(getattr(button, "label", "")) for button in at.get("download_button")}
    assert {catalogue("en")("memo.download_markdown"), catalogue("en")("memo.download_html")} <= downloads


@pytest.mark.parametrize("link", [{"gpu": "nobody"}, {"ctx": "-1"}, {"l": "klingon!"}, {"w_freshness": "99"}, {"maxp": "1"}])
def test_contradictory_or_absurd_needs_still_give_a_page_with_a_way_out(recommend: Open, link: dict[str, str]) -> None:
    at = recommend(**link)
    assert not at.exception
    assert at.title[0].value
