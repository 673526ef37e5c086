"""Untrusted text stays text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from texts.markup import plain

SPECIAL = "\\`*_{}[]()#+-.!|<>:$~&"


@pytest.mark.parametrize("character", SPECIAL)
def test_each_special_character_is_escaped(character: str) -> None:
    assert plain(f"a{character}b") == f"a\\{character}b"


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("<script>alert(1)</script>", r"\<script\>alert\(1\)\</script\>"),
        ("[a](javascript:x)", r"\[a\]\(javascript\:x\)"),
        (":red[x] $y$", r"\:red\[x\] \$y\$"),
        ("&lt;", r"\&lt;"),
        ("一个 model", "一个 model"),
    ],
)
def test_markup_becomes_text(given_text: str, expected: str) -> None:
    assert plain(given_text) == expected


def test_what_is_not_a_string_is_written_out() -> None:
    assert plain(3.5) == r"3\.5"


@given(st.text(alphabet=st.sampled_from([*SPECIAL, "a", "文", " ", "\n", "\r"])))
def test_no_special_character_stands_unescaped_and_no_line_ends(text: str) -> None:
    shown = plain(text)
    assert re.fullmatch(r"(?:\\[\\`*_{}\[\]()#+\-.!|<>:$~&]|[a文 ])*", shown)


@given(st.text())
def test_taking_the_escapes_away_gives_the_text_back(text: str) -> None:
    assert re.sub(r"\\(.)", r"\1", plain(text)) == re.sub(r"[\r\n]", " ", text)
