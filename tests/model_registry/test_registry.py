"""Registry and Entry: what a checkpoint inherits, its siblings, its Base, and the nearest names of a typo."""

from pathlib import Path

import pytest

from model_registry.load import load
from model_registry.registry import Registry

RELEASE = "releases/maker/one.yaml"
BLOCKS = {
    "licence": ("{id: %s, source: card}", "id", ("mit", None, "mit")),
    "training": ("{tokens: %s, data: null, composition: null, cutoff: null, source: card}", "tokens", (1000000000000, 2, 3)),
    "tokenizer": ("{algorithm: null, tool: null, vocabulary: %s, source: card}", "vocabulary", (99, 2, 3)),
    "languages": (
        "{declared: %s, at_least: true, basis: null, codes: null, complete: false, card_tags: null, source: card}",
        "declared",
        (2, 5, 6),
    ),
    "abilities": ("{image: %s, tools: null, fill_in_middle: null, source: card}", "image", (False, True, None)),
    "released": ('{date: "%s", source: card}', "date", ("2026-01-31", "2026-02", "2026-03")),
}


def written(value: object) -> str:
    """Return a value as YAML writes it."""
    return {"None": "null", "True": "true", "False": "false"}.get(str(value), str(value))


@pytest.mark.parametrize("name", sorted(BLOCKS))
def test_a_block_is_inherited_from_the_nearest_level_that_states_it(small: Path, name: str) -> None:
    template, field, (of_release, of_size, of_checkpoint) = BLOCKS[name]
    path = small / RELEASE
    original = path.read_text(encoding="utf-8")

    def seen() -> tuple[object, object]:
        found = load(small)
        return getattr(getattr(found["maker/One-Base"], name), field), getattr(getattr(found["maker/One-Chat"], name), field)

    assert seen() == (of_release, of_release)
    size = original.replace('  - size: "1"\n', f'  - size: "1"\n    {name}: {template % written(of_size)}\n')
    path.write_text(size, encoding="utf-8")
    assert seen() == (of_size, of_size)
    last = "        stored: {count: null, source: card}\n"
    path.write_text(size.replace(last, f"{last}        {name}: {template % written(of_checkpoint)}\n"), encoding="utf-8")
    assert seen() == (of_size, of_checkpoint)


def test_a_checkpoint_may_state_its_own_parameters_and_architecture(registry: Registry) -> None:
    """glm-4-9b-chat-1m has four KV groups and 9,483,857,920 parameters, its 9B siblings two and 9,399,951,360."""
    longer, shorter = registry["THUDM/glm-4-9b-chat-1m"], registry["THUDM/glm-4-9b-chat"]
    assert (longer.architecture.kv_heads, longer.parameters.total) == (4, 9_483_857_920)
    assert (shorter.architecture.kv_heads, shorter.parameters.total) == (2, 9_399_951_360)


def test_the_source_of_a_field_is_the_block_s_or_its_own(small: Path) -> None:
    entry = load(small)["maker/One-Base"]
    context = entry.checkpoint.context
    assert entry.source(context, "trained").url == "https://example.org/card"
    assert entry.source(context, "config").url == "https://example.org/config.json"


def test_the_name_is_the_id_without_its_owner(small: Path) -> None:
    assert load(small)["maker/One-Chat"].name == "One-Chat"


def test_an_unstated_total_is_counted_and_else_the_stored_one_stands_in(small: Path) -> None:
    path = small / RELEASE
    unstated = path.read_text(encoding="utf-8").replace("total: 95040", "total: null")
    path.write_text(unstated, encoding="utf-8")
    found = load(small)
    assert (found["maker/One-Base"].parameters_total, found["maker/One-Chat"].parameters_total) == (95040, 95040)
    path.write_text(unstated.replace("model_type: llama", "model_type: something_new"), encoding="utf-8")
    found = load(small)
    assert (found["maker/One-Base"].parameters_total, found["maker/One-Base"].parameters_stored) == (None, 95040)
    assert found["maker/One-Chat"].parameters_stored == 95040, "a sibling of the size has the same architecture"


def test_siblings_are_the_other_checkpoints_of_the_release(registry: Registry) -> None:
    entry = registry["meta-llama/Llama-2-13b-hf"]
    assert [other.id for other in registry.siblings(entry)] == [
        "meta-llama/Llama-2-7b-hf",
        "meta-llama/Llama-2-7b-chat-hf",
        "meta-llama/Llama-2-13b-chat-hf",
        "meta-llama/Llama-2-70b-hf",
        "meta-llama/Llama-2-70b-chat-hf",
    ]


def test_the_base_of_a_chat_model_is_the_base_of_its_size(registry: Registry) -> None:
    assert registry.base_of(registry["meta-llama/Llama-2-13b-chat-hf"]) == "meta-llama/Llama-2-13b-hf"


def test_the_base_of_a_size_without_a_named_one_is_its_base_checkpoint(small: Path) -> None:
    path = small / RELEASE
    path.write_text(
        path.read_text(encoding="utf-8").replace("published: true, id: maker/One-Base", "published: true, id: null"), encoding="utf-8"
    )
    found = load(small)
    assert found.base_of(found["maker/One-Chat"]) == "maker/One-Base"


def test_a_size_whose_base_was_not_published_has_none(registry: Registry) -> None:
    """ChatGLM2's README evaluates the base model and links only the chat models."""
    assert registry.base_of(registry["THUDM/chatglm2-6b"]) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Qwen/Qwen3-8B-Bsae", "Qwen/Qwen3-8B-Base"),
        ("qwen/qwen3-8b-base", "Qwen/Qwen3-8B-Base"),
        ("Qwen3-8B-Base", "Qwen/Qwen3-8B-Base"),
        ("llama-2-7b-hf", "meta-llama/Llama-2-7b-hf"),
        ("deepseek-ai/DeepSeek_V3_Base", "deepseek-ai/DeepSeek-V3-Base"),
        ("mistralai/Mistral-7B-v01", "mistralai/Mistral-7B-v0.1"),
    ],
)
def test_the_nearest_name_of_a_typo_comes_first(registry: Registry, typed: str, meant: str) -> None:
    assert registry.nearest(typed)[0] == meant


@pytest.mark.parametrize("count", [1, 2, 5])
def test_nearest_answers_at_most_the_count_without_repeats(registry: Registry, count: int) -> None:
    near = registry.nearest("Qwen/Qwen3-8B-Bas", count)
    assert len(near) == len(set(near)) == count
    assert all(name in registry for name in near)


def test_nothing_is_near_to_nonsense(registry: Registry) -> None:
    assert registry.nearest("%%%%%%") == []


def test_an_id_is_found_by_its_exact_spelling_only(registry: Registry) -> None:
    assert "Qwen/Qwen3-8B-Base" in registry
    assert "qwen/qwen3-8b-base" not in registry
    with pytest.raises(KeyError):
        registry["qwen/qwen3-8b-base"]


def test_results_are_grouped_by_checkpoint(registry: Registry) -> None:
    grouped = [pair for entry in registry.entries for pair in registry.results_of(entry.id)]
    assert sorted(map(repr, grouped)) == sorted(map(repr, registry.results))
    assert all(result.checkpoint == "Qwen/Qwen3-8B-Base" for result, _ in registry.results_of("Qwen/Qwen3-8B-Base"))


def test_results_by_language_leave_english_out_and_put_groups_of_languages_last(small: Path) -> None:
    rows = [f"maker/One-Base,include,{score},base_few_shot,,{code},vendor,report,," for score, code in ((1, "mul"), (2, "zh"), (3, "ar"))]
    with (small / "benchmarks" / "results.csv").open("a", encoding="utf-8") as file:
        file.write("\n".join([*rows, ""]))
    registry = load(small)
    assert [row.language for row, _ in registry.language_results("maker/One-Base")] == ["ar", "zh", "mul"]
    assert registry.language_results("maker/One-Chat") == ()


def test_a_checkpoint_without_results_has_none(small: Path) -> None:
    assert load(small).results_of("maker/One-Chat") == ()


def test_the_version_is_the_newest_day_of_reading(small: Path) -> None:
    for path in (small / RELEASE, *(small / "licences").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("2026-11-23", "2026-06-02").replace("2026-11-24", "2026-05-01"), encoding="utf-8")
    assert load(small).version == "2026.06.02"
