"""The strict reader: plain data with lines, and each of YAML's traps refused where it stands."""

import json
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model_registry.faults import RegistryError
from model_registry.yaml_reader import Document, dotted, read_yaml

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"], exclude_characters="\ufeff"), max_size=20)
NUMBERS = st.integers() | st.integers(-(10**9), 10**9).map(lambda whole: whole + 0.5)
JSON: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def read(folder: Path, content: str | bytes) -> Document:
    path = folder / "file.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_yaml(path, "file.yaml")


def refusals(folder: Path, content: str | bytes) -> list[str]:
    with pytest.raises(RegistryError) as caught:
        read(folder, content)
    return [str(fault) for fault in caught.value.faults]


def test_a_duplicate_key_is_refused_with_both_lines(tmp_path: Path) -> None:
    assert refusals(tmp_path, "a: 1\nb: 2\na: 3\n") == ["file.yaml:3: a: duplicate key, first on line 1"]


def test_a_duplicate_key_deep_in_flow_style_is_refused_with_its_path(tmp_path: Path) -> None:
    assert refusals(tmp_path, "x:\n  - {b: 1,\n     b: 2}\n") == ["file.yaml:3: x[0].b: duplicate key, first on line 2"]


def test_a_quoted_and_an_unquoted_key_of_the_same_text_are_duplicates(tmp_path: Path) -> None:
    assert refusals(tmp_path, 'a: 1\n"a": 2\n') == ["file.yaml:2: a: duplicate key, first on line 1"]


def test_the_same_key_in_two_mappings_is_no_duplicate(tmp_path: Path) -> None:
    assert read(tmp_path, "a: {x: 1}\nb: {x: 2}\n").data == {"a": {"x": 1}, "b": {"x": 2}}


def test_an_anchor_and_its_alias_are_refused_each_on_its_line(tmp_path: Path) -> None:
    message = "anchors and aliases are not allowed: write the value again (got 'x')"
    assert refusals(tmp_path, "a: &x [1]\nb: 2\nc: *x\n") == [f"file.yaml:1: {message}", f"file.yaml:3: {message}"]


@pytest.mark.parametrize("content", ["a: &x 1\n", "&x a: 1\n", "&x a: *x\n", "a: &x [*x]\n", "a: &x {b: *x}\n"])
def test_an_anchor_is_refused_wherever_it_stands(tmp_path: Path, content: str) -> None:
    assert "anchors and aliases are not allowed" in refusals(tmp_path, content)[0]


@pytest.mark.parametrize("value", ['"Q&A"', "R&D", '"*"', "a * b", '"*x"', '"&x"'])
def test_an_ampersand_or_asterisk_in_text_is_text(tmp_path: Path, value: str) -> None:
    assert read(tmp_path, f"a: {value}\n").data == {"a": value.strip('"')}


@pytest.mark.parametrize("tag", ["!!python/object:os.system", "!!python/name:os.system", "!!str", "!!int", "!!set", "!!binary", "!own"])
def test_a_tag_is_refused(tmp_path: Path, tag: str) -> None:
    found = refusals(tmp_path, f"b: 1\na: {tag} x\n")
    assert found == [f"file.yaml:2: a: tags are not allowed (got {tag.replace('!!', 'tag:yaml.org,2002:')})"]


def test_a_tag_on_a_collection_is_refused(tmp_path: Path) -> None:
    assert "tags are not allowed" in refusals(tmp_path, "a: !!omap [b: 1]\n")[0]


@pytest.mark.parametrize("key", ["!!int 5", "? [a, b]\n", "? {a: b}\n"])
def test_a_key_that_is_not_plain_text_is_refused(tmp_path: Path, key: str) -> None:
    assert refusals(tmp_path, f"{key}: 1\n") == ["file.yaml:1: a key must be plain text, without a tag"]


def test_a_merge_key_is_refused(tmp_path: Path) -> None:
    assert refusals(tmp_path, "a:\n  <<: {b: 1}\n") == ["file.yaml:2: a.<<: merge keys are not allowed: write the fields again"]


def test_a_quoted_merge_sign_is_text(tmp_path: Path) -> None:
    assert read(tmp_path, '"<<": 1\n').data == {"<<": 1}


@pytest.mark.parametrize("word", ["yes", "no", "on", "off", "y", "n", "Yes", "NO", "On", "OFF"])
def test_an_unquoted_truth_word_is_refused_as_a_value(tmp_path: Path, word: str) -> None:
    assert refusals(tmp_path, f"a: {word}\n") == [
        f"file.yaml:1: a: unquoted {word} reads as a truth value or null in some YAML: quote it, or write true, false or null"
    ]


@pytest.mark.parametrize("word", ["yes", "no", "on", "off", "y", "n", "No", "ON"])
def test_an_unquoted_truth_word_is_refused_as_a_key(tmp_path: Path, word: str) -> None:
    assert refusals(tmp_path, f"{word}: 1\n") == [f"file.yaml:1: {word}: {word} reads as a truth value in older YAML: quote it"]


@pytest.mark.parametrize("word", ["True", "FALSE", "Null", "NULL"])
def test_another_spelling_of_true_false_null_is_refused(tmp_path: Path, word: str) -> None:
    assert "reads as a truth value or null" in refusals(tmp_path, f"a: {word}\n")[0]


def test_an_unquoted_number_with_a_trailing_zero_is_refused(tmp_path: Path) -> None:
    """A version 3.10 would be read as 3.1."""
    assert refusals(tmp_path, "a: 3.10\n") == [
        "file.yaml:1: a: unquoted 3.10 would be read as 3.1: quote it if it is text, drop the zero if it is a number"
    ]


@pytest.mark.parametrize(
    "number",
    [
        "15e12",
        "1.5e3",
        "1E5",
        "1e-5",
        "1_000",
        "1_000.5",
        "010",
        "-010",
        "010.5",
        "0x1F",
        "0o17",
        "0b101",
        "+5",
        ".5",
        "5.",
        "1:30",
        ".inf",
        "-.inf",
        ".NaN",
        "190:20:30.15",
    ],
)
def test_a_number_that_readers_read_differently_is_refused(tmp_path: Path, number: str) -> None:
    assert refusals(tmp_path, f"a: {number}\n") == [
        f"file.yaml:1: a: unquoted {number} is read differently by different readers: write the number in plain digits, or quote it"
    ]


@pytest.mark.parametrize("content", ["a:\n", "a: ~\n", "a: {b}\n", "- \n", "[a, ~]\n"])
def test_an_empty_value_is_refused(tmp_path: Path, content: str) -> None:
    assert refusals(tmp_path, content)[0].endswith("empty value: write null")


@pytest.mark.parametrize(
    "text", ["yes", "no", "3.10", "15e12", "1_000", "010", "0x1F", "~", "", "null", "true", "12", "1.5", "!!int 5", "<<", "a: b", "# x"]
)
@pytest.mark.parametrize("quote", ["'", '"'])
def test_quoted_text_is_kept_as_text(tmp_path: Path, text: str, quote: str) -> None:
    assert read(tmp_path, f"a: {quote}{text}{quote}\n").data == {"a": text}


def test_block_text_is_kept_as_text(tmp_path: Path) -> None:
    assert read(tmp_path, "a: |\n  yes\nb: >-\n  3.10\n").data == {"a": "yes\n", "b": "3.10"}


@pytest.mark.parametrize(
    ("plain", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("0", 0),
        ("-7", -7),
        ("1.5", 1.5),
        ("-0.25", -0.25),
        ("2026-11-24", "2026-11-24"),
        ("1.5.2", "1.5.2"),
        ("7B", "7B"),
        ("byte-level BPE", "byte-level BPE"),
        ("15000000000000", 15 * 10**12),
    ],
)
def test_a_plain_scalar_is_read_by_one_rule(tmp_path: Path, plain: str, value: Json) -> None:
    found = read(tmp_path, f"a: {plain}\n").data
    assert found == {"a": value}
    assert isinstance(found, dict)
    assert type(found["a"]) is type(value)


def test_lines_of_nested_keys_in_block_style(tmp_path: Path) -> None:
    lines = read(tmp_path, "# head\na:\n  b: 1\n  c:\n    - x\n    - d: 2\n      e: 3\n").lines
    assert lines == {
        (): 2,
        ("a",): 2,
        ("a", "b"): 3,
        ("a", "c"): 4,
        ("a", "c", 0): 5,
        ("a", "c", 1): 6,
        ("a", "c", 1, "d"): 6,
        ("a", "c", 1, "e"): 7,
    }


def test_lines_of_nested_keys_in_flow_style(tmp_path: Path) -> None:
    lines = read(tmp_path, "a: {b: 1,\n    c: [2,\n        3],\n    d: {e: 4}}\n").lines
    assert {path: line for path, line in lines.items() if len(path) > 1} == {
        ("a", "b"): 1,
        ("a", "c"): 2,
        ("a", "c", 0): 2,
        ("a", "c", 1): 3,
        ("a", "d"): 4,
        ("a", "d", "e"): 4,
    }


def test_the_line_of_an_unknown_path_is_that_of_its_nearest_parent(tmp_path: Path) -> None:
    document = read(tmp_path, "x: 1\na:\n  b: {c: 1}\n")
    assert document.line_of(("a", "b", "missing", 3)) == (3, ("a", "b"))


def test_every_fault_of_a_file_is_reported_at_once(tmp_path: Path) -> None:
    assert [text.split(":")[1] for text in refusals(tmp_path, "a: yes\nb: 1\nc: 010\nd: ~\n")] == ["1", "3", "4"]


@pytest.mark.parametrize(("content", "line"), [("a: 1\nb: [1,\n2", 3), ("a: 1\n\tb: 2\n", 2), ("a: 'x\n", 1), ("a: 1\nb: *none\n", 2)])
def test_invalid_yaml_is_refused_with_its_line(tmp_path: Path, content: str, line: int) -> None:
    found = refusals(tmp_path, content)
    assert len(found) == 1
    assert found[0].startswith(f"file.yaml:{line}: not valid YAML: ")


def test_a_second_document_is_refused(tmp_path: Path) -> None:
    assert refusals(tmp_path, "a: 1\n---\nb: 2\n") == ["file.yaml:2: not valid YAML: but found another document"]


@pytest.mark.parametrize("content", [b"a: \xff\n", "a: \xe9\n".encode("latin-1"), "a: 1\n".encode("utf-16"), b"a: \x00\n"])
def test_what_is_not_utf_8_text_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    found = refusals(tmp_path, content)
    assert len(found) == 1
    assert found[0].startswith("file.yaml:1: not readable as UTF-8 YAML: ")
    assert "\n" not in found[0]


@pytest.mark.parametrize("content", ["", "\n\n", "# only a comment\n"])
def test_an_empty_file_is_null(tmp_path: Path, content: str) -> None:
    document = read(tmp_path, content)
    assert document.data is None
    assert document.line_of(("a",)) == (1, ())


@given(data=JSON, indent=st.sampled_from([None, 1]))
@settings(max_examples=100, deadline=None)
def test_any_data_written_with_quoted_text_reads_back_equal(
    tmp_path_factory: pytest.TempPathFactory, data: Json, indent: int | None
) -> None:
    """JSON with quoted keys and text is YAML in flow style."""
    written = json.dumps(data, ensure_ascii=False, indent=indent)
    assert read(tmp_path_factory.getbasetemp(), written).data == data


@pytest.mark.parametrize(
    ("path", "text"), [((), ""), (("a",), "a"), (("a", 0, "b", "c", 2), "a[0].b.c[2]"), ((0, "a"), "[0].a"), ((1, 2), "[1][2]")]
)
def test_a_path_is_written_as_people_write_it(path: tuple[str | int, ...], text: str) -> None:
    assert dotted(path) == text
