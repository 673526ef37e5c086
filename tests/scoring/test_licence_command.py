"""The licence command: what it prints, with which status, and how it refuses."""

import json
from pathlib import Path

import pytest

from model_registry.command_line import ANSWER_IS_NO, BAD_INPUT, DONE
from model_registry.registry import Registry
from scoring.__main__ import main
from scoring.errors import ScenarioError
from scoring.licence_command import find, read_use
from scoring.scenario import Use

LARGE = "kind: product\nmonthly_users: 200000000\n"


def _file(folder: Path, text: str) -> str:
    path = folder / "use.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", ["tongyi-qianwen", "Qwen/Qwen-72B-Chat"])
def test_a_licence_or_a_model_of_it_that_forbids_ends_with_status_1_and_its_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert main(["licence", name, "--use", _file(tmp_path, LARGE), "--json"]) == ANSWER_IS_NO
    out, err = capsys.readouterr()
    document = json.loads(out)
    assert (document["verdict"], document["licence"], document["clause"], err) == (
        "forbidden",
        "tongyi-qianwen",
        "section 4 (Restrictions)",
        "",
    )
    assert "more than 100 million monthly active users" in document["quote"]
    assert document["source"]["url"].startswith("https://")
    assert document["reasons"][0]["number"] == 100_000_000


def test_a_free_licence_ends_with_status_0_and_nothing_against_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["licence", "mit", "--use", _file(tmp_path, LARGE), "--json"]) == DONE
    document = json.loads(capsys.readouterr().out)
    assert (document["verdict"], document["reasons"], document["duties"], document["quote"]) == ("allowed", [], [], None)


def test_whether_a_model_takes_images_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _file(tmp_path, "territory: [DE]\n")
    assert main(["licence", "meta-llama/Llama-4-Scout-17B-16E", "--use", path]) == ANSWER_IS_NO
    assert main(["licence", "llama4", "--use", path]) == DONE
    out = capsys.readouterr().out
    assert "Llama 4 Community License: forbidden" in out
    assert "Llama 4 Community License: unknown" in out


def test_duties_carry_their_occasion_and_the_text_says_it_is_no_advice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _file(tmp_path, "kind: product\n")
    assert main(["licence", "llama3.1", "--use", path, "--json"]) == DONE
    duties = json.loads(capsys.readouterr().out)["duties"]
    assert {"duty_badge", "duty_name_prefix"} <= {duty["code"] for duty in duties}
    assert next(duty for duty in duties if duty["code"] == "duty_badge")["when"].startswith("when you distribute")
    main(["licence", "llama3.1", "--use", path])
    assert capsys.readouterr().out.endswith("Not legal advice.\n")


def test_a_model_without_a_licence_record_is_unknown(registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = next(entry.id for entry in registry.entries if entry.licence.id is None)
    assert main(["licence", name, "--use", _file(tmp_path, ""), "--json"]) == DONE
    document = json.loads(capsys.readouterr().out)
    assert (document["verdict"], document["licence"], document["source"]) == ("unknown", None, None)


@pytest.mark.parametrize(
    ("text", "use"),
    [
        ("", Use()),
        ("kind: research\n", Use(kind="research")),
        ("use: {kind: product, territory: [DE]}\nlanguages: [zh]\n", Use(kind="product", territory=("DE",))),
    ],
)
def test_a_use_is_read_alone_or_out_of_a_scenario(tmp_path: Path, text: str, use: Use) -> None:
    assert read_use(Path(_file(tmp_path, text))) == use


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("kindd: product\n", "kindd: no such key; did you mean kind?"),
        ("kind: shop\n", "kind: input should be 'internal', 'product' or 'research' (got 'shop')"),
        ("monthly_users: -1\n", "monthly_users: "),
        ("use: {monthly: 1}\n", "use.monthly: no such key"),
        ("[1]\n", "must be a mapping such as kind: product (got [1])"),
        ("kind: [a\n", "not valid YAML"),
    ],
)
def test_a_use_that_cannot_be_used_ends_with_status_2_and_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, part: str
) -> None:
    path = _file(tmp_path, text)
    assert main(["licence", "mit", "--use", path]) == BAD_INPUT
    out, err = capsys.readouterr()
    assert part in err
    assert (out, err.count("\n"), err.startswith(path)) == ("", 1, True)


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "none.yaml"
    assert main(["licence", "mit", "--use", str(path)]) == BAD_INPUT
    assert capsys.readouterr().err == f"{path}: no such file\n"


@pytest.mark.parametrize(("name", "near"), [("llama5", "llama"), ("Qwen/Qwen3-8b-bse", "Qwen/Qwen3-8B-Base"), ("", "export")])
def test_an_unknown_id_is_named_with_the_nearest(registry: Registry, name: str, near: str) -> None:
    with pytest.raises(ScenarioError, match="no such licence or model") as told:
        find(registry, name)
    assert near in str(told.value)
