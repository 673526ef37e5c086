"""The parameter count from the architecture, against counts of the models' own code and published totals."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_registry.architecture_schema import Architecture
from model_registry.parameters import COMPONENTS, Breakdown, NotModelled, active_of, breakdown
from model_registry.registry import Registry

LLAMA, DEEPSEEK, GEMMA, GPT_OSS = "meta-llama/Meta-Llama-3-8B", "deepseek-ai/DeepSeek-V3-Base", "google/gemma-2-9b", "openai/gpt-oss-120b"
GOLDEN = list(csv.DictReader((Path(__file__).parent / "golden_parameters.csv").open(encoding="utf-8")))


def counted(registry: Registry, checkpoint: str) -> Breakdown:
    found = registry[checkpoint].breakdown
    assert isinstance(found, Breakdown), f"{checkpoint}: {found}"
    return found


def changed(registry: Registry, checkpoint: str, **update: object) -> Breakdown | NotModelled:
    entry = registry[checkpoint]
    return breakdown(entry.architecture.model_copy(update=update), entry.wiring)


@pytest.mark.parametrize("row", GOLDEN, ids=[row["checkpoint"] for row in GOLDEN])
def test_every_component_equals_the_count_on_the_meta_device(registry: Registry, row: dict[str, str]) -> None:
    """Counts made by ``tools/count_parameters.py`` with torch and transformers from the models' own code."""
    found = counted(registry, row["checkpoint"])
    assert {component: getattr(found, component) for component in COMPONENTS} == {
        component: int(row[component]) for component in COMPONENTS
    }


def test_the_golden_counts_cover_a_hundred_configurations_of_many_types() -> None:
    assert len(GOLDEN) >= 100
    assert len({row["model_type"] for row in GOLDEN}) >= 40
    assert sum(row["config"] == "published" for row in GOLDEN) >= 30


@pytest.mark.parametrize(
    ("checkpoint", "total"),
    [(LLAMA, 8_030_261_248), (DEEPSEEK, 671_026_419_200), ("Qwen/Qwen3-0.6B", 596_049_920), ("moonshotai/Kimi-K2-Base", 1_026_408_232_448)],
)
def test_published_totals_are_met_to_the_last_parameter(registry: Registry, checkpoint: str, total: int) -> None:
    """Safetensors totals and reports; Qwen3-0.6B counts its tied head once, DeepSeek and Kimi without prediction layers."""
    assert counted(registry, checkpoint).total == total


@pytest.mark.parametrize(
    ("checkpoint", "billions"),
    [(DEEPSEEK, 37.55), ("moonshotai/Kimi-K2-Base", 32.86), ("Qwen/Qwen3-235B-A22B", 22.19), (GPT_OSS, 5.71)],
)
def test_active_parameters_equal_the_published_figure(registry: Registry, checkpoint: str, billions: float) -> None:
    """The vendors round to 37B, 32B, 22B and 5.1B (without the input embedding); input embedding included here."""
    assert round(counted(registry, checkpoint).active / 1e9, 2) == billions


def test_active_parameters_without_the_input_embedding_are_the_label_of_gpt_oss(registry: Registry) -> None:
    """OpenAI's card says 5.1B active."""
    assert round(counted(registry, GPT_OSS).active_without_embedding / 1e9, 2) == 5.13


def test_a_tied_table_counts_as_the_head_when_the_embedding_is_left_out(registry: Registry) -> None:
    found = counted(registry, GEMMA)
    assert (found.head, found.active_without_embedding) == (0, found.active)


def test_a_dense_model_uses_all_its_parameters_and_a_mixture_a_part(registry: Registry) -> None:
    for entry in registry.entries:
        found = entry.breakdown
        if isinstance(found, Breakdown):
            moe = entry.architecture.moe
            assert (found.active == found.total) == (moe is None or moe.active == moe.experts), entry.id


def test_every_stated_total_equals_the_count_of_its_architecture(registry: Registry) -> None:
    pairs = [(entry.id, entry.parameters.total, entry.breakdown) for entry in registry.entries]
    both = [(name, total, found.total) for name, total, found in pairs if total and isinstance(found, Breakdown)]
    assert len(both) > 300
    assert [(name, total, count) for name, total, count in both if total != count] == []


def test_a_total_that_nobody_states_is_counted(registry: Registry) -> None:
    silent = [entry for entry in registry.entries if entry.parameters.total is None and isinstance(entry.breakdown, Breakdown)]
    assert all(entry.parameters_total == counted(registry, entry.id).total for entry in silent)


@pytest.mark.parametrize(
    "number", ["hidden_size", "embedding_rows", "tied_embeddings", "kv_heads", "head_dim", "intermediate_size", "activation", "layers"]
)
def test_a_missing_number_is_named_not_guessed(registry: Registry, number: str) -> None:
    assert changed(registry, LLAMA, **{number: None}) == NotModelled(f"{number} is not known")


def test_a_hybrid_without_its_layer_types_is_refused(registry: Registry) -> None:
    assert changed(registry, "Qwen/Qwen3-Next-80B-A3B-Instruct", layer_types=None) == NotModelled("layer_types is not known")


def test_a_type_without_wiring_is_refused_by_name(registry: Registry) -> None:
    a = registry[LLAMA].architecture.model_copy(update={"model_type": "something_new"})
    assert breakdown(a, None) == NotModelled("no formula for model_type something_new")
    assert breakdown(a.model_copy(update={"model_type": None}), None) == NotModelled("model_type is not known")


@pytest.mark.parametrize("checkpoint", [DEEPSEEK, "Qwen/Qwen3-235B-A22B", LLAMA])
def test_the_active_part_of_a_stated_total_is_the_counted_one(registry: Registry, checkpoint: str) -> None:
    found = counted(registry, checkpoint)
    assert active_of(registry[checkpoint].architecture, found.total) == found.active


def test_the_active_part_of_experts_that_read_a_latent_is_not_told_from_the_total(registry: Registry) -> None:
    a = registry["nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-BF16"].architecture
    assert active_of(a, 120_000_000_000) is None
    assert active_of(a, None) is None


def test_untying_the_head_adds_exactly_one_table(registry: Registry) -> None:
    tied, untied = counted(registry, GEMMA), changed(registry, GEMMA, tied_embeddings=False)
    assert isinstance(untied, Breakdown)
    assert (untied.head, untied.total - tied.total) == (tied.embedding, tied.embedding)


def test_a_bias_that_the_config_switches_on_adds_its_width(registry: Registry) -> None:
    """Llama 3 8B: 32 layers, queries 4,096, keys and values 1,024 each."""
    biased = changed(registry, LLAMA, biases=("query_key_value",))
    assert isinstance(biased, Breakdown)
    assert biased.attention - counted(registry, LLAMA).attention == 32 * (4_096 + 2 * 1_024)


@given(layers=st.integers(1, 200), hidden=st.integers(1, 64).map(lambda n: 64 * n))
def test_the_count_grows_linearly_with_the_layers(registry: Registry, layers: int, hidden: int) -> None:
    counts = [changed(registry, LLAMA, layers=layers + extra, hidden_size=hidden) for extra in range(3)]
    totals = [count.total for count in counts if isinstance(count, Breakdown)]
    assert totals[2] - totals[1] == totals[1] - totals[0] > 0


def test_no_architecture_breaks_the_formulas(registry: Registry) -> None:
    """Every number of every architecture set to null in turn: a count or a reason, never an exception."""
    for entry in registry.entries[::7]:
        for name in Architecture.model_fields:
            if name not in {"source", "sources", "conflicts", "note", "kind"}:
                found = breakdown(entry.architecture.model_copy(update={name: None}), entry.wiring)
                assert isinstance(found, Breakdown | NotModelled)
