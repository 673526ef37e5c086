"""The two catalogues: lookup, missing codes, and that they say the same things."""

import string

import pytest

from texts.catalogue import FOLDER, LANGUAGES, Catalogue, Language, MissingTextError, catalogue, language_of

CODES = sorted(catalogue("en").texts)


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_catalogues_have_the_same_codes() -> None:
    assert set(catalogue("en").texts) ^ set(catalogue("zh").texts) == set()


def test_every_text_has_the_same_placeholders_in_both_languages() -> None:
    english, chinese = catalogue("en").texts, catalogue("zh").texts
    assert [code for code in CODES if _placeholders(english[code]) != _placeholders(chinese[code])] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_carries_stray_blanks(language: Language) -> None:
    """Texts that stand between or behind others may begin and end with a blank."""
    texts = {code: text for code, text in catalogue(language).texts.items() if not code.endswith(("joined_by", ".clause"))}
    assert [code for code, text in texts.items() if not text or text != text.strip()] == []


def test_a_text_is_filled_with_its_values() -> None:
    assert catalogue("en")("fix.adds", change="More devices", count=12) == "More devices: +12"


def test_braces_in_a_value_are_left_alone() -> None:
    assert catalogue("en")("fix.adds", change="{count}", count=1) == "{count}: +1"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_code_is_named_with_its_catalogue(language: Language) -> None:
    with pytest.raises(MissingTextError, match=rf"{language}\.yaml has no text for gate\.nonsense"):
        catalogue(language)("gate.nonsense")


def test_a_group_is_not_a_text() -> None:
    with pytest.raises(MissingTextError, match="has no text for gate"):
        catalogue("en")("gate")


def test_has_tells_texts_from_gaps() -> None:
    own = Catalogue("en", {"a.b": "text"})
    assert (own.has("a.b"), own.has("a")) == (True, False)


def test_a_catalogue_is_read_once() -> None:
    assert catalogue("zh") is catalogue("zh")


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("zh-CN", "zh"),
        ("zh", "zh"),
        ("ZH_tw", "zh"),
        ("zh-Hant-HK", "zh"),
        ("en-GB", "en"),
        ("de-DE", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_a_locale_chooses_its_language_and_english_when_in_doubt(locale: str | None, language: Language) -> None:
    assert language_of(locale) == language


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted({path.name.split(".")[0] for path in FOLDER.glob("*.md")}))
def test_every_prose_text_exists_in_every_language(name: str, language: Language) -> None:
    assert len(catalogue(language).prose(name)) > 100


def test_the_about_page_has_its_prose() -> None:
    assert catalogue("en").prose("about") != catalogue("zh").prose("about")


def test_the_two_prose_texts_have_as_many_paragraphs() -> None:
    """A paragraph added in one language is missing in the other."""
    counts = {language: catalogue(language).prose("about").strip().count("\n\n") for language in LANGUAGES}
    assert counts["en"] == counts["zh"]


def test_the_chinese_catalogue_is_chinese() -> None:
    """Names that are the same everywhere (LoRA, FP8, MMLU) are the exception."""
    same = [code for code in CODES if catalogue("en").texts[code] == catalogue("zh").texts[code]]
    assert len(same) < len(CODES) / 10
