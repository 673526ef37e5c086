"""Numbers as people read them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from texts import numbers
from texts.catalogue import LANGUAGES, Language

GIB = 2**30
anything = st.integers(min_value=0, max_value=10**15) | st.floats(min_value=0, max_value=1e15)
languages = st.sampled_from(LANGUAGES)


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (0, "0", "0"),
        (7, "7", "7"),
        (999, "999", "999"),
        (1_000, "1k", "1,000"),
        (9_999, "10k", "9,999"),
        (10_000, "10k", "1万"),
        (151_936, "152k", "15.2万"),
        (20_000_000, "20M", "2000万"),
        (100_000_000, "100M", "1亿"),
        (596_049_920, "596M", "6亿"),
        (1_543_714_304, "1.5B", "15亿"),
        (8_190_735_360, "8.2B", "82亿"),
        (32_762_123_264, "32.8B", "328亿"),
        (671_026_419_200, "671B", "6710亿"),
        (36_000_000_000_000, "36T", "36万亿"),
    ],
)
def test_a_count_is_short_and_equally_exact_in_both_languages(value: int, english: str, chinese: str) -> None:
    assert (numbers.count(value, "en"), numbers.count(value, "zh")) == (english, chinese)


@pytest.mark.parametrize(
    ("value", "language", "shown"),
    [
        (999_885_952, "en", "1B"),
        (999_499_999, "en", "999M"),
        (999_999, "en", "1M"),
        (999_999_999_999, "en", "1T"),
        (99_999_999, "zh", "1亿"),
        (999_999_999_999, "zh", "1万亿"),
    ],
)
def test_a_count_that_rounds_up_to_the_next_unit_takes_that_unit(value: int, language: Language, shown: str) -> None:
    """999,885,952 is the parameter count of Gemma 3 1B."""
    assert numbers.count(value, language) == shown


@given(anything, languages)
def test_a_count_never_shows_more_than_four_digits_before_its_unit(value: float, language: Language) -> None:
    digits = numbers.count(value, language).rstrip("TBMk万亿").replace(",", "").split(".")[0]
    assert len(digits) <= 4


@given(st.floats(min_value=1, max_value=9.9e14), languages)
def test_a_count_is_never_more_than_six_per_cent_off(value: float, language: Language) -> None:
    """The worst case is a number below ten without a unit, which is shown whole: 1.5 is 2. From 10 on, 5 per cent is enough."""
    units = {"T": 1e12, "B": 1e9, "M": 1e6, "k": 1e3, "万亿": 1e12, "亿": 1e8, "万": 1e4}
    shown = numbers.count(value, language)
    unit = shown.lstrip("0123456789,.")
    read = float(shown.removesuffix(unit).replace(",", "")) * units.get(unit, 1)
    assert abs(read - value) <= max(0.5, 0.06 * value)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1, "1"),
        (512, "512"),
        (1024, "1k"),
        (4096, "4k"),
        (32_768, "32k"),
        (40_960, "40k"),
        (131_072, "128k"),
        (1_048_576, "1M"),
        (10_485_760, "10M"),
        (1_000_000, "1M"),
        (200_000, "200k"),
        (50_000, "50k"),
    ],
)
def test_a_token_length_is_written_as_vendors_write_it(value: int, shown: str) -> None:
    assert numbers.tokens(value, "en") == shown


@pytest.mark.parametrize(("value", "shown"), [(128_000, "128k"), (256_000, "256k"), (512_000, "512k"), (1_024_000, "1M")])
def test_round_thousands_that_are_also_multiples_of_1024_stay_thousands(value: int, shown: str) -> None:
    assert numbers.tokens(value, "en") == shown


@pytest.mark.parametrize(("value", "shown"), [(1024, "1,024"), (32_768, "3.3万"), (131_072, "13.1万"), (1_000_000, "100万")])
def test_a_token_length_in_chinese_is_a_count(value: int, shown: str) -> None:
    assert numbers.tokens(value, "zh") == shown


@pytest.mark.parametrize(("size", "shown"), [(0, "0.0"), (0.5, "0.5"), (9.5, "9.5"), (10, "10"), (17.5, "18"), (141, "141")])
def test_gib_has_one_decimal_below_ten(size: float, shown: str) -> None:
    assert numbers.gib(size * GIB) == shown


def test_a_range_names_its_unit_once() -> None:
    assert numbers.gib_range(15.2 * GIB, 19 * GIB, " to ") == "15 to 19 GiB"


@pytest.mark.parametrize("language", LANGUAGES)
def test_kib_is_the_same_in_both_languages(language: Language) -> None:
    """36 layers, 8 KV heads of 128, two vectors, two bytes: 147,456 bytes a token (Qwen3-8B)."""
    assert numbers.kib(147_456, language) == "144 KiB"


@pytest.mark.parametrize(("share", "shown"), [(0, "0"), (0.004, "0"), (0.686, "69"), (1, "100")])
def test_points_are_hundredths(share: float, shown: str) -> None:
    assert numbers.points(share) == shown


@pytest.mark.parametrize(("value", "shown"), [(8_190_735_360, "8,190,735,360"), (10_000.0, "10,000"), (75.25, "75.25")])
def test_an_exact_number_keeps_every_digit(value: float, shown: str) -> None:
    assert numbers.exact(value) == shown


@given(anything, languages)
def test_every_form_takes_any_number_up_to_a_thousand_trillion(value: float, language: Language) -> None:
    forms = (
        numbers.count(value, language),
        numbers.tokens(value, language),
        numbers.gib(value),
        numbers.kib(value, language),
        numbers.points(value),
        numbers.exact(value),
    )
    assert all(form and form[0].isdecimal() for form in forms)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        (" - ", None),
        ("0", 0),
        ("200,000,000", 200_000_000),
        ("200 000 000", 200_000_000),
        ("200M", 200_000_000),
        ("1.5b", 1_500_000_000),
        ("2亿", 200_000_000),
        ("50 万", 500_000),
        ("1000000000000000", 10**15),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, value: int | None) -> None:
    assert numbers.amount(text) == value


@pytest.mark.parametrize("text", ["many", "-5", "1.5", "1e9", "1000000000000001", "9" * 400, "２００", "5%", "nan", "M"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        numbers.amount(text)
