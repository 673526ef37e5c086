"""Tokenizers without a browser: figures, links, the playground with and without its vocabularies, and texts of every kind."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from model_registry.registry import Registry
from pages.tokenizers import cutting, playground
from pages.tokenizers.cutting import MOST_CHARACTERS, Cutter, RefusedTextError, checked, cut, live, load
from texts.catalogue import catalogue

APP = str(Path(__file__).parents[2] / "app.py")
Open = Callable[..., AppTest]
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"


@pytest.fixture
def tokenizers() -> Open:
    """Return a function that opens the page with link parameters."""

    def opened(**link: str) -> AppTest:
        at = AppTest.from_file(APP, default_timeout=60)
        at.run().switch_page("pages/tokenizers/page.py")
        for name, value in link.items():
            at.query_params[name] = value
        return at.run()

    return opened


@pytest.fixture(scope="module")
def qwen() -> Cutter:
    """Return a byte-level tokenizer."""
    return load("qwen3")


def words(at: AppTest) -> str:
    return "\n".join(str(element.value).replace("\\", "") for element in (*at.markdown, *at.warning, *at.info, *at.caption))


def test_the_first_screen_says_what_the_same_text_costs(tokenizers: Open) -> None:
    at = tokenizers()
    assert not at.exception
    assert "Chinese: the same text costs 1,498 tokens with Kimi K2, 5,580 with Phi-1 to Phi-2." in words(at)


def test_a_link_carries_language_and_measure(tokenizers: Open) -> None:
    at = tokenizers(l="th", by="premium", tk="llama3")
    assert words(at).count("Thai: the same text costs") == 1
    link = at.code[0].value
    assert all(part in link for part in ("/tokenizers?l=th&by=premium", "&tk=llama3"))


@pytest.mark.parametrize(("name", "value"), [("l", "tlh"), ("by", "weight"), ("tk", "nobody"), ("m", "nobody/none"), ("heat", "cold")])
def test_a_link_value_that_is_not_understood_is_said(tokenizers: Open, name: str, value: str) -> None:
    at = tokenizers(**{name: value})
    assert not at.exception
    assert f"{name} = {value}" in words(at)


def test_the_playground_counts_what_is_pasted(tokenizers: Open) -> None:
    at = tokenizers(tk="qwen")
    at.text_area[0].set_value("hello world").run()
    assert not at.exception
    assert "**Qwen 1 to 3** · 2 tokens · 11 characters · 11 bytes · 5.50 characters per token" in words(at)


def test_a_paste_that_is_too_long_is_refused_in_a_sentence(tokenizers: Open) -> None:
    at = tokenizers()
    at.text_area[0].set_value("x" * 2**20).run()
    assert not at.exception
    assert "The text has 1,048,576 characters; the playground takes up to 20,000." in words(at)


def test_without_a_text_the_playground_says_what_to_do(tokenizers: Open) -> None:
    at = tokenizers()
    at.text_area[0].set_value("").run()
    assert "Paste a text of up to 20,000 characters." in words(at)


def test_without_the_vocabularies_the_page_explains_itself(tokenizers: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playground, "available", lambda: False)
    at = tokenizers()
    assert not at.exception
    assert "pip install -r requirements-playground.txt" in words(at)
    assert "the same text costs" in words(at)


def test_a_model_whose_tokenizer_was_not_measured_says_so(tokenizers: Open, registry: Registry) -> None:
    unmeasured = next(entry.id for entry in registry.entries if entry.id not in registry.tokenizers.uses)
    at = tokenizers(m=unmeasured)
    table = at.dataframe[-1].value
    assert (table[catalogue("en")("tokenizers.name")] == "not measured").all()


def test_the_first_paint_loads_no_vocabulary_before_it_is_asked_for(registry: Registry) -> None:
    """Every live tokenizer has a name of the package; none is loaded by listing them."""
    names = live(registry.tokenizers.measured)
    assert len(names) >= 15
    assert {"qwen", "llama3", "gpt-oss", "gemma3"} <= names.keys()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        f"{FAMILY} family",
        "مرحبا بالعالم",
        "e\u0301 \u0928\u093f",
        "a\x00b\x07\x1bc",
        "<script>alert(1)</script>",
        "<|im_end|>",
        "\r\n\t ",
        "\ufffd",
    ],
)
def test_whatever_is_pasted_is_cut_without_loss(qwen: Cutter, text: str) -> None:
    ready = checked(text)
    found = cut(qwen, ready)
    raw = b"".join(bytes.fromhex(piece.text) if piece.partial else piece.text.encode() for piece in found.pieces)
    assert raw.decode() == ready
    assert (found.characters, found.bytes) == (len(ready), len(ready.encode()))


@given(st.text(max_size=200))
def test_any_text_is_cut_without_loss(qwen: Cutter, text: str) -> None:
    ready = checked(text)
    found = cut(qwen, ready)
    assert b"".join(bytes.fromhex(p.text) if p.partial else p.text.encode() for p in found.pieces).decode() == ready


def test_a_control_token_that_is_spelled_out_is_ordinary_text(qwen: Cutter) -> None:
    assert len(cut(qwen, "<|endoftext|>").pieces) > 1


def test_decomposed_text_is_composed_first() -> None:
    assert checked("e\u0301") == "\u00e9"


@pytest.mark.parametrize(("text", "code"), [("x" * (MOST_CHARACTERS + 1), "playground.too_long"), ("a\ud800", "playground.surrogates")])
def test_what_is_no_text_is_refused_by_a_sentence_of_both_catalogues(text: str, code: str) -> None:
    with pytest.raises(RefusedTextError) as caught:
        checked(text)
    assert caught.value.code == code
    assert catalogue("en").has(code)
    assert catalogue("zh").has(code)


def test_the_live_tokenizers_count_as_the_table_says_they_were_measured(registry: Registry) -> None:
    """The package is one of those that were measured: its version here is the one in the table."""
    versions = {
        reading.version
        for one in registry.tokenizers.measured.values()
        for reading in one.measured_with
        if reading.package == cutting.PACKAGE
    }
    pinned = (Path(__file__).parents[2] / "requirements-playground.txt").read_text(encoding="utf-8")
    assert [f"{cutting.PACKAGE}=={version}" in pinned for version in versions] == [True]
