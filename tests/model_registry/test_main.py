"""The registry's command line: what it prints where, and its exit status."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from model_registry.__main__ import main
from model_registry.columns import COLUMNS
from model_registry.load import ROOT
from model_registry.readme import END, START
from model_registry.registry import Registry

PROGRAM = "python -m model_registry"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a folder with a copy of the whole package, to be broken and run there."""
    shutil.copytree(ROOT, tmp_path / "model_registry", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Run the command line of the copy in a folder."""
    command = [sys.executable, "-m", "model_registry", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 -- our own interpreter and package
    return done.returncode, done.stdout, done.stderr


def replace(path: Path, old: str, new: str) -> int:
    before, found, after = path.read_text(encoding="utf-8").partition(old)
    assert found
    path.write_text(before + new + after, encoding="utf-8")
    return before.count("\n") + 1


def test_check_of_the_registry_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["releases/meta/llama-2.yaml", "licences/mit.yaml", "benchmarks/results.csv", "benchmarks/sources.yaml"])
def test_check_of_a_good_file_of_each_kind_is_silent(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert main(["check", str(ROOT / name)]) == 0
    assert capsys.readouterr() == ("", "")


def test_check_of_a_broken_file_prints_file_line_field(capsys: pytest.CaptureFixture[str], small: Path) -> None:
    path = small / "releases/maker/one.yaml"
    line = replace(path, "layers: 2", 'layers: "64"')
    assert main(["check", str(path)]) == 1
    assert capsys.readouterr() == (f"{path}:{line}: sizes[0].architecture.layers: input should be a valid integer (got '64')\n", "")


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("licences/mit.yaml", ("osi_approved: true", "osi_approved: yes"), "osi_approved: unquoted yes reads as a truth value"),
        ("benchmarks/results.csv", (",50.5,", ",-1,"), "score: input should be greater than or equal to 0 (got -1.0)"),
        ("benchmarks/sources.yaml", ("-24}", "-24, seen: never}"), "sources.report.seen: extra inputs are not permitted (got 'never')"),
        ("devices.yaml", ("kind: consumer", "kind: toy"), "devices[0].kind: input should be"),
        ("releases/maker/one.yaml", ("{id: mit, ", "{id: mitt, "), "licence.id: no such licence record in licences/ (got 'mitt')"),
    ],
)
def test_check_of_each_kind_of_file_finds_its_fault(
    capsys: pytest.CaptureFixture[str], small: Path, name: str, change: tuple[str, str], message: str
) -> None:
    path = small / name
    line = replace(path, *change)
    assert main(["check", str(path)]) == 1
    assert capsys.readouterr().out.startswith(f"{path}:{line}: {message}")


def test_check_of_a_missing_path_is_one_line_and_status_2(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"
    assert main(["check", str(path)]) == 2
    assert capsys.readouterr() == ("", f"{path}: no such file; name registry files, or nothing to check them all\n")


def test_check_of_several_paths_tells_all_and_exits_with_the_worst(capsys: pytest.CaptureFixture[str], small: Path) -> None:
    broken, missing = small / "releases/maker/one.yaml", small / "none.yaml"
    replace(broken, "layers: 2", "layers: two")
    assert main(["check", str(missing), str(broken), str(ROOT / "devices.yaml")]) == 2
    out, err = capsys.readouterr()
    assert (out.count("\n"), err.count("\n")) == (1, 1)


def test_check_of_a_broken_registry_prints_every_fault(copy: Path) -> None:
    first = replace(copy / "model_registry/releases/meta/llama-2.yaml", "layers: 32", 'layers: "32"')
    second = replace(copy / "model_registry/licences/mit.yaml", "osi_approved: true", "osi_approved: 1")
    told = (
        f"model_registry/licences/mit.yaml:{second}: osi_approved: input should be a valid boolean (got 1)\n"
        f"model_registry/releases/meta/llama-2.yaml:{first}: sizes[0].architecture.layers: input should be a valid integer (got '32')\n"
    )
    assert run(copy, "check") == (1, told, "")


def test_show_on_a_broken_registry_is_one_line_that_names_the_way_out(copy: Path) -> None:
    line = replace(copy / "model_registry/releases/meta/llama-2.yaml", "layers: 32", 'layers: "32"')
    status, out, err = run(copy, "show", "Qwen/Qwen3-8B-Base")
    assert (status, out) == (2, "")
    assert err == (
        f"model_registry/releases/meta/llama-2.yaml:{line}: sizes[0].architecture.layers: "
        f"input should be a valid integer (got '32') (run: {PROGRAM} check)\n"
    )


def test_schema_check_tells_a_stale_file_and_schema_renews_it(copy: Path) -> None:
    (copy / "model_registry/schema.json").write_text("{}\n", encoding="utf-8")
    (copy / "model_registry/schema_devices.json").unlink()
    assert run(copy, "schema", "--check") == (
        1,
        f"schema.json: not current; run: {PROGRAM} schema\nschema_devices.json: not current; run: {PROGRAM} schema\n",
        "",
    )
    assert run(copy, "schema") == (0, "", "")
    assert (copy / "model_registry/schema.json").read_bytes() == (ROOT / "schema.json").read_bytes()
    assert (copy / "model_registry/schema_devices.json").read_bytes() == (ROOT / "schema_devices.json").read_bytes()


def test_schema_check_of_the_project_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--check"]) == 0
    assert capsys.readouterr() == ("", "")


def test_show_prints_each_fact_on_a_line_with_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "deepseek-ai/DeepSeek-V3-Base"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(COLUMNS)
    by_name = {line.split()[0]: line for line in lines}
    assert by_name["layers"].startswith("layers                     61  [https://")
    assert by_name["layers"].endswith(", 2026-11-24]")
    assert "70272  [computed from https://" in by_name["kv_bytes_per_token"]
    assert by_name["kv_heads"] == "kv_heads                   -"


def test_show_as_json_holds_value_source_and_note(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "meta-llama/Llama-2-7b-hf", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert list(document) == list(COLUMNS)
    assert document["training_tokens"]["value"] == 2_000_000_000_000
    assert document["training_tokens"]["source"]["url"].endswith("models/llama2/MODEL_CARD.md")
    assert document["training_tokens"]["derived"] is False
    assert document["id"]["source"] is None


def test_show_as_json_tells_what_was_read_for_a_sibling(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "moonshotai/Kimi-K2-Base", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["layers"]["source"]["read_of"] == "moonshotai/Kimi-K2-Instruct"
    assert document["parameters_checkpoint"]["source"]["read_of"] is None


def test_show_of_an_unknown_id_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "Qwen/Qwen3-8B-Bsae"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("Qwen/Qwen3-8B-Bsae: no such checkpoint in the registry; nearest: Qwen/Qwen3-8B-Base, ")
    assert err.count("\n") == 1


def test_show_of_nonsense_names_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "%%%%%%"]) == 2
    assert capsys.readouterr().err == "%%%%%%: no such checkpoint in the registry\n"


def test_export_prints_csv_by_default(capfdbinary: pytest.CaptureFixture[bytes], registry: Registry) -> None:
    assert main(["export"]) == 0
    rows = list(csv.reader(io.StringIO(capfdbinary.readouterr().out.decode())))
    assert rows[0] == list(COLUMNS)
    assert [row[0] for row in rows[1:]] == [entry.id for entry in registry.entries]


def test_export_prints_json(capfdbinary: pytest.CaptureFixture[bytes], registry: Registry) -> None:
    assert main(["export", "--format", "json"]) == 0
    assert [row["id"] for row in json.loads(capfdbinary.readouterr().out)] == [entry.id for entry in registry.entries]


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_export_writes_a_file_and_prints_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path, registry: Registry, form: str) -> None:
    path = tmp_path / f"table.{form}"
    assert main(["export", "--format", form, "--output", str(path)]) == 0
    assert capsys.readouterr() == ("", "")
    read: dict[str, Callable[[Path], pd.DataFrame]] = {"csv": pd.read_csv, "json": pd.read_json, "parquet": pd.read_parquet}
    assert list(read[form](path)["id"]) == [entry.id for entry in registry.entries]


def test_export_to_an_unwritable_place_is_one_line_and_status_2(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "none" / "table.csv"
    assert main(["export", "--output", str(path)]) == 2
    assert capsys.readouterr() == ("", f"{path}: cannot be written (No such file or directory); choose another --output\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["polish"], "invalid choice: 'polish'"),
        ([], "the following arguments are required: COMMAND"),
        (["export", "--format", "xml"], "invalid choice: 'xml'"),
        (["show"], "the following arguments are required: ID"),
        (["check", "--fast"], "unrecognized arguments: --fast"),
    ],
)
def test_a_usage_error_is_one_line_and_status_2(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    out, err = capsys.readouterr()
    assert (caught.value.code, out, err.count("\n")) == (2, "", 1)
    assert message in err
    assert "--help)" in err


def test_check_stale_lists_what_was_read_too_long_ago_and_is_no_fault(copy: Path) -> None:
    path = copy / "model_registry/licences/mit.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"read: \d{4}-\d\d-\d\d", "read: 2020-01-02", text, count=1), encoding="utf-8")
    code, out, err = run(copy, "check", "--stale")
    listed = [line for line in out.splitlines() if line.endswith("read 2020-01-02")]
    assert (code, err, [line.split(",")[0] for line in listed]) == (0, "", ["licence mit"])


def test_coverage_prints_a_row_a_column(capsys: pytest.CaptureFixture[str], registry: Registry) -> None:
    assert main(["coverage"]) == 0
    out, err = capsys.readouterr()
    rows = [line for line in out.splitlines() if line.startswith("| ")]
    assert (err, [row.split("|")[1].strip() for row in rows[1:]]) == ("", list(COLUMNS))
    assert out.startswith(f"{len(registry.entries)} checkpoints")


def test_coverage_into_a_readme_replaces_only_its_section(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{START}\nold\n{END}\nafter\n", encoding="utf-8")
    assert main(["coverage", "--readme", str(readme)]) == 0
    text = readme.read_text(encoding="utf-8")
    assert capsys.readouterr() == ("", "")
    assert text.startswith(f"before\n{START}\n")
    assert text.endswith(f"{END}\nafter\n")
    assert "old" not in text
    assert "| layers |" in text


@pytest.mark.parametrize("text", [None, "no section here\n"])
def test_coverage_into_a_readme_without_a_section_is_one_line_and_status_2(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str | None
) -> None:
    readme = tmp_path / "README.md"
    if text is not None:
        readme.write_text(text, encoding="utf-8")
    assert main(["coverage", "--readme", str(readme)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n"), err.startswith(str(readme))) == ("", 1, True)
    assert text is None or readme.read_text(encoding="utf-8") == text
