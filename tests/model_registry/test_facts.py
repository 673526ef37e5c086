"""A checkpoint as facts: each value has a source that a person can check."""

import datetime as dt
from pathlib import Path

import pytest

from model_registry.base_schema import Source
from model_registry.columns import COLUMNS
from model_registry.facts import Fact, best_result, facts, read_of
from model_registry.load import load
from model_registry.registry import Registry

NAMES = frozenset({"id", "release", "developer", "variant", "reasoning", "size"})
RESULTS = "benchmarks/results.csv"


@pytest.fixture(scope="module")
def everything(registry: Registry) -> dict[str, dict[str, Fact]]:
    """Return the facts of every checkpoint."""
    return {entry.id: facts(registry, entry) for entry in registry.entries}


def change_result(root: Path, changes: dict[str, str]) -> None:
    """Change the file's last result."""
    path = root / RESULTS
    *before, row = path.read_text(encoding="utf-8").splitlines()
    for old, new in changes.items():
        assert f",{old}," in row
        row = row.replace(f",{old},", f",{new},")
    path.write_text("\n".join([*before, row, ""]), encoding="utf-8")


def add_result(root: Path, changes: dict[str, str]) -> None:
    """Append the file's last result once more, with changes."""
    path = root / RESULTS
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}{text.splitlines()[-1]}\n", encoding="utf-8")
    change_result(root, changes)


def test_every_fact_of_the_registry_has_a_source_with_address_and_day(everything: dict[str, dict[str, Fact]]) -> None:
    """Names and computed values excepted: those say that they are computed, and from which source."""
    without = [
        (checkpoint, name)
        for checkpoint, found in everything.items()
        for name, fact in found.items()
        if fact.value is not None
        and name not in NAMES
        and not fact.derived
        and not (fact.source and fact.source.url.startswith("https://") and isinstance(fact.source.read, dt.date))
    ]
    assert without == []


def test_facts_are_the_columns_in_their_order(everything: dict[str, dict[str, Fact]]) -> None:
    assert all(list(found) == list(COLUMNS) for found in everything.values())


def test_only_computed_columns_are_marked_as_computed(everything: dict[str, dict[str, Fact]]) -> None:
    """A total is computed only where nobody states one, a switch only where the config does not."""
    derived = {name for found in everything.values() for name, fact in found.items() if fact.derived}
    assert derived == {
        *("parameters", "parameters_active", "parameters_active_without_embedding", "kv_bytes_per_token", "biases", "qk_norm"),
        *("characters_per_token_en", "characters_per_token_zh"),
    }


def test_a_computed_fact_names_the_config_it_was_computed_from(small: Path) -> None:
    registry = load(small)
    fact = facts(registry, registry["maker/One-Base"])["kv_bytes_per_token"]
    assert fact.source is not None
    assert (fact.value, fact.source.url) == (2 * 2 * 4 * 16 * 2, "https://example.org/config.json")


def test_a_fact_rests_on_the_source_of_its_field(small: Path) -> None:
    registry = load(small)
    found = facts(registry, registry["maker/One-Base"])
    urls = {name: fact.source.url for name in ("context_trained", "context_config", "layers") if (fact := found[name]).source}
    assert urls == {
        "context_trained": "https://example.org/card",
        "context_config": "https://example.org/config.json",
        "layers": "https://example.org/config.json",
    }


def test_a_dense_model_has_no_expert_facts(small: Path) -> None:
    registry = load(small)
    found = facts(registry, registry["maker/One-Base"])
    assert [found[name].value for name in ("experts", "experts_active", "expert_intermediate_size")] == [None, None, None]


def test_the_tokenizer_is_named_by_algorithm_and_tool(small: Path) -> None:
    registry = load(small)
    assert facts(registry, registry["maker/One-Base"])["tokenizer"].value == "BPE / SentencePiece"


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [("algorithm: BPE", "algorithm: null", "SentencePiece"), ("tool: SentencePiece", "tool: null", "BPE")],
)
def test_a_tokenizer_known_by_half_is_named_by_that_half(small: Path, old: str, new: str, shown: str) -> None:
    path = small / "releases/maker/one.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    registry = load(small)
    assert facts(registry, registry["maker/One-Base"])["tokenizer"].value == shown


def test_a_score_is_shown_with_its_conditions(small: Path) -> None:
    registry = load(small)
    fact = facts(registry, registry["maker/One-Base"])["mmlu"]
    assert (fact.value, fact.note) == (50.5, "base_few_shot, 5-shot")


@pytest.mark.parametrize("other", ["competitor", "independent"])
def test_the_vendor_s_result_goes_before_another_s(small: Path, other: str) -> None:
    add_result(small, {"50.5": "60", "vendor": other})
    best = best_result(load(small), "maker/One-Base", "mmlu")
    assert best is not None
    assert (best[0].score, best[0].reported_by) == (50.5, "vendor")


def test_an_independent_result_goes_before_a_competitor_s(small: Path) -> None:
    change_result(small, {"vendor": "competitor"})
    add_result(small, {"50.5": "40", "competitor": "independent"})
    best = best_result(load(small), "maker/One-Base", "mmlu")
    assert best is not None
    assert (best[0].score, best[0].reported_by) == (40, "independent")


@pytest.mark.parametrize("other", ["competitor", "independent"])
def test_a_vendor_s_late_mode_goes_before_another_s_first_mode(small: Path, other: str) -> None:
    change_result(small, {"base_few_shot": "thinking"})
    add_result(small, {"50.5": "60", "vendor": other, "thinking": "base_few_shot"})
    best = best_result(load(small), "maker/One-Base", "mmlu")
    assert best is not None
    assert best[0].mode == "thinking"


def test_a_non_thinking_result_goes_before_a_thinking_one(small: Path) -> None:
    change_result(small, {"base_few_shot": "thinking"})
    add_result(small, {"50.5": "40", "thinking": "non_thinking"})
    best = best_result(load(small), "maker/One-Base", "mmlu")
    assert best is not None
    assert (best[0].score, best[0].mode) == (40, "non_thinking")


def test_a_result_in_another_language_is_not_the_english_one(small: Path) -> None:
    change_result(small, {"en": "zh"})
    registry = load(small)
    assert best_result(registry, "maker/One-Base", "mmlu") is None
    assert best_result(registry, "maker/One-Base", "mmlu", "zh") is not None


@pytest.mark.parametrize(
    ("address", "repository"),
    [
        ("https://huggingface.co/deepseek-ai/DeepSeek-V3/blob/main/config.json", "deepseek-ai/DeepSeek-V3"),
        ("https://huggingface.co/deepseek-ai/DeepSeek-V3", "deepseek-ai/DeepSeek-V3"),
        ("https://huggingface.co/deepseek-ai/deepseek-v3-base/blob/main/config.json", None),
        ("https://huggingface.co/deepseek-ai", None),
        ("https://huggingface.co/papers/2412.19437", None),
        ("https://github.com/deepseek-ai/DeepSeek-V3", None),
    ],
)
def test_a_source_tells_when_it_belongs_to_another_repository(registry: Registry, address: str, repository: str | None) -> None:
    source = Source.model_validate({"url": address, "read": dt.date(2026, 11, 24)})
    assert read_of(registry["deepseek-ai/DeepSeek-V3-Base"], source) == repository
