"""The table of benchmark results: what is read, and each refusal with its line and column."""

import csv
import io
import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from model_registry.benchmark_results import read_results, repeated_results, unknown_references
from model_registry.faults import RegistryError
from model_registry.load import ROOT
from model_registry.other_schemas import LANGUAGE_GROUPS, Result
from model_registry.registry import Registry
from texts.catalogue import LANGUAGES, catalogue

COLUMNS = tuple(Result.model_fields)
HEADER = ",".join(COLUMNS)
ROW = "maker/One,mmlu,50.5,base_few_shot,5,en,vendor,report,Table 1,CoT"
RESULTS = ROOT / "benchmarks" / "results.csv"
Written = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Return a function that writes lines as a file and returns its path."""

    def write(*lines: str) -> Path:
        path = tmp_path / "results.csv"
        path.write_bytes("".join(f"{line}\n" for line in lines).encode())
        return path

    return write


def faults(path: Path) -> list[str]:
    with pytest.raises(RegistryError) as caught:
        read_results(path, "results.csv")
    return [str(fault) for fault in caught.value.faults]


def test_a_row_is_read_into_its_types(written: Written) -> None:
    ((line, row),) = read_results(written(HEADER, ROW), "results.csv").rows
    assert (line, row.score, row.shots, row.place, row.note) == (2, 50.5, 5, "Table 1", "CoT")


def test_an_empty_value_is_null(written: Written) -> None:
    ((_, row),) = read_results(written(HEADER, "maker/One,mmlu,50,instruct,,en,vendor,report,,"), "results.csv").rows
    assert (row.shots, row.place, row.note) == (None, None, None)


def test_a_row_after_a_value_of_two_lines_has_its_own_line(written: Written) -> None:
    table = read_results(written(HEADER, ROW.replace("CoT", '"two\nlines, one ""value"""'), ROW.replace("mmlu", "bbh")), "results.csv")
    assert [(line, row.note) for line, row in table.rows] == [(2, 'two\nlines, one "value"'), (4, "CoT")]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("maker/One", "One", "checkpoint: string should match pattern"),
        ("mmlu", "MMLU-Pro", "benchmark: string should match pattern"),
        ("50.5", "", "score: input should be a valid number (got None)"),
        ("50.5", "half", "score: input should be a valid number (got 'half')"),
        ("50.5", "5e1", "score: input should be a valid number (got '5e1')"),
        ("50.5", "nan", "score: input should be a valid number (got 'nan')"),
        ("50.5", "100.1", "score: input should be less than or equal to 100 (got 100.1)"),
        ("50.5", "-0.1", "score: input should be greater than or equal to 0 (got -0.1)"),
        ("base_few_shot", "few_shot", "mode: input should be 'base_few_shot'"),
        (",5,", ",five,", "shots: input should be a valid integer (got 'five')"),
        (",5,", ",5.0,", "shots: input should be a valid integer (got '5.0')"),
        (",5,", ",-5,", "shots: input should be greater than or equal to 0 (got -5)"),
        (",en,", ",English,", "language: string should match pattern"),
        ("vendor", "third_party", "reported_by: input should be 'vendor', 'competitor' or 'independent' (got 'third_party')"),
        ("report,", ",", "source: input should be a valid string (got None)"),
    ],
)
def test_a_wrong_value_is_told_with_its_line_and_column(written: Written, old: str, new: str, message: str) -> None:
    (found,) = faults(written(HEADER, ROW.replace("mmlu", "bbh"), ROW.replace(old, new, 1)))
    assert found.startswith(f"results.csv:3: {message}")


def test_every_fault_of_every_row_is_told(written: Written) -> None:
    found = faults(written(HEADER, ROW.replace("50.5", "x").replace("mmlu", "?"), ROW, ROW.replace(",en,", ",?,")))
    assert [fault.split(": ")[:2] for fault in found] == [
        ["results.csv:2", "benchmark"],
        ["results.csv:2", "score"],
        ["results.csv:4", "language"],
    ]


@pytest.mark.parametrize("row", ["", "maker/One,mmlu,50.5", f"{ROW},and more"])
def test_a_row_of_another_length_is_refused(written: Written, row: str) -> None:
    (found,) = faults(written(HEADER, row))
    assert found.startswith("results.csv:2: ")
    assert found.endswith("values for 10 columns: quote a value that holds a comma")


def test_an_unknown_and_a_missing_column_are_both_told(written: Written) -> None:
    found = faults(written(HEADER.replace("score", "points"), ROW))
    assert [fault.split(": ", 2)[1:] for fault in found] == [
        ["points", f"unknown column: the columns are {HEADER}"],
        ["score", "missing column"],
    ]


@pytest.mark.parametrize("header", [",".join(reversed(COLUMNS)), f"{HEADER},note"])
def test_columns_out_of_order_or_repeated_are_refused(written: Written, header: str) -> None:
    (found,) = faults(written(header, ROW))
    assert found.startswith("results.csv:1: ")
    assert found.endswith(f"write {HEADER}")


def test_an_empty_file_misses_every_column(written: Written) -> None:
    assert len(faults(written())) == len(COLUMNS)


def test_a_table_without_rows_is_empty(written: Written) -> None:
    assert read_results(written(HEADER), "results.csv").rows == ()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (f"{HEADER}\n{ROW}\r\n".encode(), "results.csv:2: a line ends in CR: end lines with LF alone"),
        (f'{HEADER}\n{ROW}\n{ROW},"open'.encode(), "results.csv:3: not valid CSV: unexpected end of data"),
        (f'{HEADER}\n"quoted"then not{ROW}\n'.encode(), "results.csv:2: not valid CSV: ',' expected after '\"'"),
        (b"\xff\xfe", "results.csv:1: not readable as UTF-8: "),
        (f"\ufeff{HEADER}\n{ROW}\n".encode(), "results.csv:1: checkpoint: missing column"),
    ],
)
def test_what_is_no_plain_csv_is_refused(written: Written, content: bytes, message: str) -> None:
    path = written()
    path.write_bytes(content)
    assert faults(path)[0].startswith(message)


def test_the_same_result_twice_is_told_with_both_lines(written: Written) -> None:
    table = read_results(written(HEADER, ROW, ROW.replace("50.5", "51"), ROW.replace("vendor", "competitor")), "results.csv")
    (found,) = repeated_results(table)
    assert str(found) == "results.csv:3: the same result stands already on line 2: keep one, name the other in its note"


def test_unknown_sources_and_checkpoints_are_told_by_column(written: Written) -> None:
    table = read_results(written(HEADER, ROW), "results.csv")
    assert list(unknown_references(table, {"report"}, {"maker/One"})) == []
    assert [fault.field for fault in unknown_references(table, {"card"}, {"maker/Two"})] == ["source", "checkpoint"]


def test_the_project_s_results_are_sorted_and_quoted_no_more_than_needed() -> None:
    text = RESULTS.read_text(encoding="utf-8")
    records = list(csv.reader(io.StringIO(text)))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(records)
    assert out.getvalue() == text
    order = ("checkpoint", "benchmark", "language", "mode", "reported_by", "source")
    keys = [tuple(record[COLUMNS.index(column)] for column in order) for record in records[1:]]
    assert all(before < after for before, after in itertools.pairwise(keys))


def test_a_vendor_reports_on_its_own_checkpoints_only(registry: Registry) -> None:
    """One document has one reporter: whoever is the vendor of a row there is the vendor of no other maker's row."""
    makers: dict[str, set[str]] = {}
    for row, _ in registry.results:
        if row.reported_by == "vendor":
            makers.setdefault(row.source, set()).add(registry[row.checkpoint].developer)
    assert [(source, found) for source, found in makers.items() if len(found) > 1] == []


def test_the_vendor_of_a_document_is_no_competitor_there(registry: Registry) -> None:
    own = {(row.source, registry[row.checkpoint].developer) for row, _ in registry.results if row.reported_by == "vendor"}
    others = {(row.source, registry[row.checkpoint].developer) for row, _ in registry.results if row.reported_by == "competitor"}
    assert own & others == set()


def test_every_group_of_languages_has_a_name() -> None:
    assert all(catalogue(language).has(f"language_name.{code}") for language in LANGUAGES for code in LANGUAGE_GROUPS)
