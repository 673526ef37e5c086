"""The command line of the scorer: what it prints, where, and with which exit status."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import scoring
from model_registry.command_line import ANSWER_IS_NO, BAD_INPUT, DONE
from model_registry.registry import Registry
from scoring.__main__ import main
from scoring.scenario import Scenario, presets

CLAUSES = """\
domain: classify_extract
languages: [zh]
longest_input: 8000
output: label
training: {plan: lora, examples: 20000}
hardware: {device: rtx-4090, count: 1}
use: {kind: internal}
"""
ROW = re.compile(r" {0,2}\d+ +\d+ +\d+-\d+ +\d+ ")
"""A line of the ranking: place, score, interval, share."""
SAAS = """\
domain: zh_cs_rag
longest_input: 32768
use: {kind: product, monthly_users: 200000000}
"""


@pytest.fixture
def clauses(tmp_path: Path) -> Path:
    """Return a file: classify Chinese contract clauses with LoRA on one RTX 4090."""
    return _file(tmp_path, CLAUSES)


def _file(folder: Path, text: str) -> Path:
    path = folder / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_contract_clauses_start_from_a_base_within_24_gib(registry: Registry, clauses: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recommend", str(clauses), "--json", "--top", "3"]) == DONE
    out, err = capsys.readouterr()
    document = json.loads(out)
    first = document["ranked"][0]
    assert document["variant_advice"]["start"] == "base"
    assert registry[first["id"]].checkpoint.variant == "base"
    assert first["memory"]["low_bytes"] <= 24 * 2**30
    assert (len(document["ranked"]), err) == (3, "")


def test_a_service_of_200_million_users_gets_no_licence_that_forbids_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recommend", str(_file(tmp_path, SAAS)), "--json"]) == DONE
    document = json.loads(capsys.readouterr().out)
    removed = {item["id"]: item for item in document["removed"]}
    assert {item["licence"]["verdict"] for item in document["ranked"]}.isdisjoint({"forbidden"})
    assert removed["Qwen/Qwen-72B-Chat"]["gate"] == "licence"
    assert removed["Qwen/Qwen-72B-Chat"]["values"]["clause"] == "section 4 (Restrictions)"


def test_without_a_form_it_is_a_table_of_ten(clauses: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recommend", str(clauses)]) == DONE
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Start from ")
    assert sum(ROW.match(line) is not None for line in lines) == 10


def test_markdown_is_a_table_to_paste(clauses: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recommend", str(clauses), "--markdown", "--top", "2"]) == DONE
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("# Start from ")
    assert sum(line.startswith(("| 1 ", "| 2 ", "| 3 ")) for line in lines) == 2


def test_needs_that_nobody_meets_end_with_status_1_and_say_who_was_removed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _file(tmp_path, "longest_input: 100000000\nneeds: {maximum_parameters: 1}\n")
    assert main(["recommend", str(path)]) == ANSWER_IS_NO
    out, err = capsys.readouterr()
    assert out.startswith("Nothing meets these needs\n")
    assert "checkpoints fail a hard need:" in out
    assert err == ""


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("langauges: [zh]\n", "langauges: no such key; did you mean languages?"),
        ("domain: zh_cs\n", "domain: no such preset (got 'zh_cs'); try zh_cs_rag"),
        ("domain: [a\n", "not valid YAML"),
        ("hardware: {device: rtx4090}\n", "hardware.device: no such device (got 'rtx4090'); try rtx-4090"),
    ],
)
def test_a_scenario_that_cannot_be_used_ends_with_status_2_and_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, part: str
) -> None:
    assert main(["recommend", str(_file(tmp_path, text))]) == BAD_INPUT
    out, err = capsys.readouterr()
    assert part in err
    assert (out, err.count("\n")) == ("", 1)


def test_a_missing_file_ends_with_status_2_and_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "none.yaml"
    assert main(["recommend", str(path)]) == BAD_INPUT
    assert capsys.readouterr().err == f"{path}: no such file\n"


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["rank"], "invalid choice: 'rank'"),
        (["recommend"], "the following arguments are required: SCENARIO.yaml"),
        (["recommend", "a.yaml", "--top", "0"], "must be a whole number above 0 (got '0')"),
        (["recommend", "a.yaml", "--top", "-3"], "--top"),
        (["recommend", "a.yaml", "--top", "ten"], "must be a whole number above 0 (got 'ten')"),
        (["recommend", "a.yaml", "--json", "--markdown"], "not allowed with argument"),
        (["domains", "--markdown"], "unrecognized arguments: --markdown"),
    ],
)
def test_a_usage_error_is_one_line_on_the_error_stream_and_status_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], part: str
) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    out, err = capsys.readouterr()
    assert left.value.code == BAD_INPUT
    assert part in err
    assert "--help" in err
    assert (out, err.count("\n")) == ("", 1)


def test_help_goes_to_the_output_with_status_0(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    assert "recommend" in capsys.readouterr().out


def test_domains_are_one_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["domains"]) == DONE
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(presets())


def test_domains_as_json_are_the_presets(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["domains", "--json"]) == DONE
    found = [Scenario.model_validate_json(json.dumps(item)) for item in json.loads(capsys.readouterr().out)]
    assert found == list(presets().values())


@pytest.mark.parametrize(("arguments", "status"), [(["domains"], 0), (["recommend", "none.yaml"], 2)])
def test_the_module_can_be_run_and_hands_its_status_on(arguments: list[str], status: int) -> None:
    root = Path(scoring.__file__).parents[1]
    command = [sys.executable, "-m", "scoring", *arguments]
    finished = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603 (our own command)
    assert (finished.returncode, bool(finished.stdout), bool(finished.stderr)) == (status, status == 0, status != 0)
