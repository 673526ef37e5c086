"""Names of languages in both languages of the page."""

import pytest

from texts.catalogue import Language, catalogue
from texts.languages import language_name


@pytest.mark.parametrize(
    ("code", "english", "chinese"),
    [
        ("zh", "Chinese", "中文"),
        ("ro", "Romanian", "罗马尼亚语"),
        ("yue", "Cantonese", "粤语"),
        ("ydd", "ydd", "ydd"),
        ("sr-Latn", "Serbian (Latin)", "塞尔维亚语 (拉丁文)"),
    ],
)
def test_a_code_has_a_name_in_both_languages_or_stays_a_code(code: str, english: str, chinese: str) -> None:
    names: dict[Language, str] = {"en": english, "zh": chinese}
    assert {language: language_name(catalogue(language), code) for language in names} == names


def test_a_code_that_no_locale_has_keeps_its_script() -> None:
    assert language_name(catalogue("en"), "ace-Qaaa") == "Acehnese (Qaaa)"
