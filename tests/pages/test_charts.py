"""The labels of the ranking: as many lines as a bar has the height for, no word lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.recommend.charts import Bar
from scoring.recommend import Ranked

RANKED = Ranked(0, "maker/one", 0.5, 0.5, 0.5, 1.0, 1.0, 1.0, {}, ())


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("Qwen3 4B Base", "Qwen3 4B Base"),
        ("Qwen3 4B Instruct 2507", "Qwen3 4B Instruct<br>2507"),
        ("NVIDIA Nemotron 3 Nano 30B A3B Base BF16", "NVIDIA Nemotron 3 Nano<br>30B A3B Base BF16"),
    ],
)
def test_a_long_label_goes_on_in_a_second_line(label: str, lines: str) -> None:
    assert Bar(label, RANKED).lines == lines


@given(words=st.lists(st.text("abDE01", min_size=1, max_size=30), max_size=12))
def test_a_label_has_at_most_two_lines_and_keeps_its_words(words: list[str]) -> None:
    lines = Bar(" ".join(words), RANKED).lines.split("<br>")
    assert len(lines) <= 2
    assert "".join(lines).replace(" ", "") == "".join(words)
