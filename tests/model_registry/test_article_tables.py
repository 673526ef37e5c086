"""Two published comparison tables of open models up to June 2024, cell by cell (article_tables.csv; blank cells are not compared).

The tables' words are written as the registry's: ids for licences, names for tokenizer tools, full digits for counts. Their one
column of context lengths became ``context_trained_or_advertised`` (what they call the longest training length) and, where they
print a second number, ``context_advertised``. Languages are those they name, with the count where they state one.
"""

import csv
from pathlib import Path

import pytest

from model_registry.facts import Value, facts
from model_registry.registry import Registry

with Path(__file__).with_name("article_tables.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
CELLS = [(row["id"], column, text) for row in ROWS for column, text in row.items() if column != "id" and text]
QWEN_TOOL = "the tables repeat the tool of the first Qwen; from Qwen1.5 on the files are those of Hugging Face tokenizers"
DEVIATIONS = {
    ("Qwen/Qwen2-57B-A14B", "intermediate_size"): "18944 is a field of the config that no layer uses: every layer has experts, "
    "of width 2560, so there is no dense width",
    **{(f"Qwen/{name}", "tokenizer_tool"): QWEN_TOOL for name in ("Qwen1.5-7B", "Qwen1.5-72B", "Qwen2-7B", "Qwen2-72B", "Qwen2-57B-A14B")},
}
NUMBERS = frozenset(
    {"parameters", "training_tokens", "languages_declared", "vocabulary", "embedding_rows", "hidden_size", "intermediate_size"}
    | {"attention_heads", "kv_heads", "head_dim", "layers", "rope_theta", "context_config", "context_advertised"}
    | {"context_trained_or_advertised", "experts", "experts_active", "expert_intermediate_size"}
)


@pytest.fixture(scope="module")
def registered(registry: Registry) -> dict[str, dict[str, Value]]:
    """Return what the registry says of each model of the tables."""
    found: dict[str, dict[str, Value]] = {}
    for row in ROWS:
        values = {name: fact.value for name, fact in facts(registry, registry[row["id"]]).items()}
        trained, advertised = values["context_trained"], values["context_advertised"]
        found[row["id"]] = values | {"context_trained_or_advertised": advertised if trained is None else trained}
    return found


def agrees(column: str, text: str, value: Value) -> bool:
    if column == "released":
        return isinstance(value, str) and value.startswith(text)
    if column == "languages":
        return isinstance(value, tuple) and set(text.split()) <= set(value)
    if column in NUMBERS:
        return value == int(text)
    return str(value) == text


@pytest.mark.parametrize(("checkpoint", "column", "text"), CELLS, ids=[f"{checkpoint} {column}" for checkpoint, column, _ in CELLS])
def test_the_registry_agrees_with_the_published_tables(
    registered: dict[str, dict[str, Value]], checkpoint: str, column: str, text: str
) -> None:
    value = registered[checkpoint][column]
    expected = (checkpoint, column) not in DEVIATIONS
    assert agrees(column, text, value) is expected, f"table {text}, registry {value}"


def test_the_tables_have_36_models_and_no_model_twice() -> None:
    assert len(ROWS) == len({row["id"] for row in ROWS}) == 36


def test_every_known_deviation_is_a_cell_of_the_tables() -> None:
    assert set(DEVIATIONS) <= {(checkpoint, column) for checkpoint, column, _ in CELLS}


def test_the_mixture_without_dense_layers_has_the_width_of_its_experts_only(registry: Registry) -> None:
    architecture = registry["Qwen/Qwen2-57B-A14B"].architecture
    assert architecture.moe is not None
    assert (architecture.intermediate_size, architecture.moe.intermediate_size, architecture.moe.shared_intermediate_size) == (
        None,
        2560,
        20480,
    )
    assert architecture.moe.layers == architecture.layers
