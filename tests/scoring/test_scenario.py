"""Scenarios: what a domain fills in, and what is refused with which sentence."""

from pathlib import Path

import pytest

from scoring.capability_scale import scale
from scoring.errors import ScenarioError
from scoring.scenario import FACTORS, MAXIMUM_WEIGHT, Hardware, Needs, Scenario, Use, merge, presets, read_scenario, scenario_from

DOMAINS = (
    *("zh_cs_rag", "legal_contract", "medical_qa_zh", "finance_reports", "code_assistant", "classify_extract", "translation"),
    *("math_tutoring", "agent_tools", "edge", "creative_roleplay", "embedding_backbone", "sea_support", "regulated_open"),
)


def _refusal(data: object) -> str:
    with pytest.raises(ScenarioError) as caught:
        scenario_from(data)
    return str(caught.value)


def _file(folder: Path, text: str) -> Path:
    path = folder / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_there_are_fourteen_domains_and_the_general_purpose_first() -> None:
    assert tuple(presets()) == ("general", *DOMAINS)


@pytest.mark.parametrize("name", presets())
def test_a_preset_weighs_every_factor(name: str) -> None:
    assert set(presets()[name].weights) == set(FACTORS)


@pytest.mark.parametrize("name", presets())
def test_a_preset_sets_a_weight_above_zero(name: str) -> None:
    assert sum(presets()[name].weights.values()) > 0


@pytest.mark.parametrize("name", presets())
def test_the_evidence_of_a_preset_has_a_scale(name: str) -> None:
    assert set(presets()[name].evidence) <= {name.split(".")[0] for name in scale().items}


@pytest.mark.parametrize("name", presets())
def test_a_preset_without_evidence_gives_its_domain_no_weight(name: str) -> None:
    preset = presets()[name]
    assert bool(preset.evidence) == (preset.weights["capability_domain"] > 0)


@pytest.mark.parametrize("name", presets())
def test_a_domain_alone_is_its_preset(name: str) -> None:
    assert scenario_from({"domain": name}) == presets()[name]


@pytest.mark.parametrize("name", presets())
def test_a_preset_written_out_reads_back_as_itself(name: str) -> None:
    data = presets()[name].model_dump(mode="json", exclude={"evidence"})
    assert scenario_from(data) == presets()[name]


@pytest.mark.parametrize("data", [{}, {"domain": None}])
def test_no_domain_is_the_general_purpose(data: dict[str, object]) -> None:
    assert scenario_from(data) == presets()["general"]


def test_the_domain_fills_in_the_rest() -> None:
    scenario = scenario_from({"domain": "edge", "longest_input": 2048})
    preset = presets()["edge"]
    assert scenario == preset.model_copy(update={"longest_input": 2048})


def test_one_weight_leaves_the_others_at_the_preset() -> None:
    weights = scenario_from({"domain": "edge", "weights": {"freshness": 2}}).weights
    assert weights == {**presets()["edge"].weights, "freshness": 2}


def test_one_field_of_the_use_leaves_the_others_at_the_preset() -> None:
    use = scenario_from({"domain": "edge", "use": {"monthly_users": 5}}).use
    assert use == Use(kind="product", redistributes_weights=True, monthly_users=5)


def test_plain_memory_takes_the_place_of_the_preset_device() -> None:
    hardware = scenario_from({"domain": "general", "hardware": {"memory_gb": 64}}).hardware
    assert hardware == Hardware(memory_gb=64.0)


def test_a_device_takes_the_place_of_the_preset_memory() -> None:
    hardware = scenario_from({"domain": "edge", "hardware": {"device": "rtx-4090"}}).hardware
    assert hardware == Hardware(device="rtx-4090", weights=("int4",))


def test_no_device_means_no_limit() -> None:
    hardware = scenario_from({"domain": "general", "hardware": {"device": None}}).hardware
    assert (hardware.device, hardware.memory_gb) == (None, None)


def test_a_device_and_plain_memory_together_are_refused() -> None:
    assert "hardware: give a device or memory_gb, not both" in _refusal({"hardware": {"device": "rtx-4090", "memory_gb": 8}})


def test_merging_replaces_lists_whole() -> None:
    assert merge({"languages": ["zh", "en"]}, {"languages": ["fr"]}) == {"languages": ["fr"]}


def test_merging_leaves_what_it_was_given_alone() -> None:
    base = {"hardware": {"device": "rtx-4090", "count": 2}}
    merge(base, {"hardware": {"memory_gb": 8}})
    assert base == {"hardware": {"device": "rtx-4090", "count": 2}}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"langauges": ["zh"]}, "langauges: no such key; did you mean languages?"),
        ({"use": {"montly_users": 3}}, "use.montly_users: no such key; did you mean monthly_users"),
        ({"needs": {"tool": True}}, "needs.tool: no such key; did you mean tools"),
        ({"qqqqqq": 1}, "qqqqqq: no such key"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_name(data: dict[str, object], sentence: str) -> None:
    assert _refusal(data).startswith(sentence)


@pytest.mark.parametrize(
    ("data", "place", "got"),
    [
        ({"longest_input": "8k"}, "longest_input", "'8k'"),
        ({"longest_input": 0}, "longest_input", "0"),
        ({"longest_input": 8192.5}, "longest_input", "8192.5"),
        ({"longest_input": True}, "longest_input", "True"),
        ({"languages": "zh"}, "languages", "'zh'"),
        ({"languages": ["Chinese"]}, "languages.0", "'Chinese'"),
        ({"output": "poem"}, "output", "'poem'"),
        ({"training": {"plan": "lora", "examples": -1}}, "training.examples", "-1"),
        ({"training": None}, "training", "None"),
        ({"hardware": {"count": 0}}, "hardware.count", "0"),
        ({"hardware": {"memory_gb": 0}}, "hardware.memory_gb", "0"),
        ({"hardware": {"weights": []}}, "hardware.weights", "[]"),
        ({"hardware": {"weights": ["fp4"]}}, "hardware.weights.0", "'fp4'"),
        ({"use": {"offers_model_api": "true"}}, "use.offers_model_api", "'true'"),
        ({"use": {"territory": ["Germany"]}}, "use.territory.0", "'Germany'"),
        ({"needs": {"maximum_parameters": 0}}, "needs.maximum_parameters", "0"),
        ({"weights": {"freshness": 10.5}}, "weights.freshness", "10.5"),
        ({"weights": {"freshness": -1}}, "weights.freshness", "-1"),
        ({"weights": {"freshness": float("nan")}}, "weights.freshness", "nan"),
        ({"weights": {"freshness": float("inf")}}, "weights.freshness", "inf"),
        ({"weights": {"speed": 1}}, "weights.speed", "'speed'"),
    ],
)
def test_a_bad_value_is_refused_with_its_place_and_itself(data: dict[str, object], place: str, got: str) -> None:
    sentence = _refusal(data)
    assert sentence.startswith(f"{place}: ")
    assert sentence.endswith(f"(got {got})")


@pytest.mark.parametrize("weight", [0, 0.5, MAXIMUM_WEIGHT])
def test_a_weight_may_be_anything_from_zero_to_ten(weight: float) -> None:
    assert scenario_from({"weights": {"freshness": weight}}).weights["freshness"] == weight


def test_an_unknown_factor_is_answered_with_the_known_ones() -> None:
    sentence = _refusal({"weights": {"freshnes": 1}})
    assert all(factor in sentence for factor in FACTORS)


def test_an_unknown_domain_is_refused_with_the_nearest() -> None:
    assert _refusal({"domain": "zh_cs"}) == "domain: no such preset (got 'zh_cs'); try zh_cs_rag"


@pytest.mark.parametrize("domain", ["", "qqq", 3, [], {}])
def test_a_domain_like_no_other_is_answered_with_all_of_them(domain: object) -> None:
    sentence = _refusal({"domain": domain})
    assert f"(got {domain!r})" in sentence
    assert all(name in sentence for name in DOMAINS)


@pytest.mark.parametrize("data", [None, [], "text", 3])
def test_a_scenario_is_a_mapping(data: object) -> None:
    assert _refusal(data) == f"scenario: must be a mapping of keys to values (got {data!r})"


def test_evidence_belongs_to_the_presets() -> None:
    assert _refusal({"evidence": ["mmlu"]}).startswith("evidence: belongs to the presets")


def test_the_defaults_ask_for_nothing() -> None:
    assert Scenario().needs == Needs(tools=False, reasoning=None, image=False, fill_in_middle=False, training_data_open=False)


def test_a_file_is_read_over_its_preset(tmp_path: Path) -> None:
    path = _file(tmp_path, "domain: edge\nlongest_input: 2048\n")
    assert read_scenario(path) == scenario_from({"domain": "edge", "longest_input": 2048})


@pytest.mark.parametrize("text", ["", "# nothing but a remark\n"])
def test_an_empty_file_is_the_general_purpose(tmp_path: Path, text: str) -> None:
    assert read_scenario(_file(tmp_path, text)) == presets()["general"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path)
    assert str(caught.value) == f"{path}: no such file"


def test_a_folder_is_not_a_scenario(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no such file"):
        read_scenario(tmp_path)


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("domain: general\nuse: }\n", 2, "not valid YAML"),
        ("domain: edge\ndomain: general\n", 2, "duplicate key, first on line 1"),
        ("domain: general\nneeds: {tools: yes}\n", 2, "unquoted yes"),
        ("domain:\n", 1, "empty value: write null"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, text: str, line: int, part: str) -> None:
    path = _file(tmp_path, text)
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert part in str(caught.value)


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ScenarioError, match="not readable as UTF-8 YAML"):
        read_scenario(path)


@pytest.mark.parametrize("text", ["domain: nowhere\n", "- a\n- b\n", "longest_input: long\n"])
def test_a_bad_value_in_a_file_names_the_file(tmp_path: Path, text: str) -> None:
    path = _file(tmp_path, text)
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path)
    assert str(caught.value).startswith(f"{path}: ")
