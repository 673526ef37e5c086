"""What a release file may not claim: each rule refuses a planted fault by name, and accepts what is explained."""

from datetime import date
from pathlib import Path

import pytest

from model_registry.faults import RegistryError
from model_registry.load import load
from model_registry.registry import Registry
from model_registry.release_checks import stale_sources

RELEASE = "releases/maker/one.yaml"


def edit(root: Path, before: str, after: str) -> None:
    path = root / RELEASE
    text = path.read_text(encoding="utf-8")
    assert before in text, f"{before!r} is not in the file"
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def fault(root: Path) -> str:
    """Return the one fault of a registry, without its file and line."""
    with pytest.raises(RegistryError) as caught:
        load(root)
    (line,) = str(caught.value).splitlines()
    return line.split(": ", 1)[1]


@pytest.mark.parametrize("total", [90000, 95039, 95041, 950400])
def test_a_total_that_contradicts_the_architecture_is_refused(small: Path, total: int) -> None:
    """95,040: 2 * 100 * 64 tables, 2 * (4 * 64 * 64 + 3 * 64 * 128) matrices, 5 norms of 64."""
    edit(small, "total: 95040", f"total: {total}")
    edit(small, "{count: 95040, source: card}", "{count: null, source: card}")
    assert fault(small) == f"sizes[0].parameters.total: the architecture counts 95040 parameters (got {total})"


def test_a_total_of_a_type_without_a_formula_is_taken_as_stated(small: Path) -> None:
    edit(small, "model_type: llama", "model_type: something_new")
    edit(small, "total: 95040", "total: 95000")
    assert load(small)["maker/One-Base"].parameters_total == 95000


@pytest.mark.parametrize(("count", "share"), [(90000, "-5.30%"), (96000, "1.01%")])
def test_files_that_hold_another_count_than_the_model_must_say_why(small: Path, count: int, share: str) -> None:
    edit(small, "{count: 95040, source: card}", f"{{count: {count}, source: card}}")
    said = f"differs by {share} from the main model's 95040: say why in stored.note (got {count})"
    assert fault(small) == f"sizes[0].checkpoints[0].stored.count: {said}"
    edit(small, f"{{count: {count}, source: card}}", f"{{count: {count}, source: card, note: buffers}}")
    assert load(small)["maker/One-Base"].checkpoint.stored.count == count


def test_a_second_copy_of_a_tied_table_explains_itself(small: Path) -> None:
    edit(small, "tied_embeddings: false", "tied_embeddings: true")
    edit(small, "total: 95040", f"total: {95040 - 6400}")
    assert load(small)["maker/One-Base"].checkpoint.stored.count == 95040


@pytest.mark.parametrize("published", ["false", "null"])
def test_a_listed_base_must_be_published(small: Path, published: str) -> None:
    edit(small, "{published: true, id: maker/One-Base, ", f"{{published: {published}, id: null, ")
    assert fault(small) == "sizes[0].base.published: a base checkpoint is listed, so base.published must be true"


def test_heads_must_divide(small: Path) -> None:
    edit(small, "attention: MHA", "attention: GQA")
    edit(small, "kv_heads: 4", "kv_heads: 3")
    edit(small, "total: 95040", "total: null")
    assert fault(small) == "sizes[0]: attention_heads 4 are not a multiple of kv_heads 3"


def test_an_advertised_context_below_the_trained_one_needs_a_reason(small: Path) -> None:
    edit(
        small,
        "trained: 2048, config: 4096, advertised: 4096, method: null,",
        "trained: 8192, config: 4096, advertised: 4096, method: null,",
    )
    said = "is shorter than the trained length 8192: say why in context.note (got 4096)"
    assert fault(small) == f"sizes[0].checkpoints[0].context.advertised: {said}"


def test_a_chat_checkpoint_has_a_template_or_says_why_not(small: Path) -> None:
    edit(small, "chat_template: {present: true, source: card}", "chat_template: {present: false, source: card}")
    assert fault(small).endswith("a chat checkpoint has a chat template, or chat_template.note says why not")
    edit(small, "{present: false, source: card}", "{present: false, source: card, note: Prompts are plain text.}")
    assert load(small)["maker/One-Chat"].checkpoint.chat_template.present is False


def test_the_size_in_a_name_agrees_with_the_count(small: Path) -> None:
    edit(small, "- id: maker/One-Chat", "- id: maker/One-7B-Chat")
    assert fault(small) == "sizes[0].checkpoints[1].id: no size in the name is near the count 95040: say why in parameters.note"
    edit(small, "active_label: null, source: config}", "active_label: null, source: config, note: The name counts the tokens.}")
    assert "maker/One-7B-Chat" in load(small)


@pytest.mark.parametrize("name", ["One-0.095M-Chat", "One-0.1M-Chat", "One-2x0.05M-Chat"])
def test_a_rounded_size_in_a_name_is_accepted(small: Path, name: str) -> None:
    edit(small, "- id: maker/One-Chat", f"- id: maker/{name}")
    assert f"maker/{name}" in load(small)


def test_siblings_of_a_size_share_their_shape(small: Path) -> None:
    text = (small / RELEASE).read_text(encoding="utf-8")
    block = text.split("    architecture:\n")[1].split("    base:")[0].replace("layers: 2", "layers: 3")
    own = "        architecture:\n" + "".join(f"    {line}\n" for line in block.splitlines())
    (small / RELEASE).write_text(text + own + "        parameters: {total: null, active_label: null, source: config}\n", encoding="utf-8")
    assert fault(small).endswith("siblings of a size share layers and hidden_size: make it a size of its own")


def test_a_source_read_in_the_future_is_refused(small: Path) -> None:
    edit(small, "read: 2026-11-23", "read: 2999-01-01")
    assert fault(small) == "sources.config.read: lies in the future (got 2999-01-01)"


def test_a_release_in_the_future_is_refused(small: Path) -> None:
    edit(small, 'released: {date: "2026-01-31"', 'released: {date: "2999"')
    assert fault(small) == "released.date: lies in the future (got 2999)"


def test_a_conflict_holds_another_value_and_a_known_source(small: Path) -> None:
    edit(
        small,
        'released: {date: "2026-01-31", source: card}',
        'released: {date: "2026-01-31", source: card, conflicts: [{field: date, value: "2026-02", source: leaflet}]}',
    )
    assert fault(small) == "released.conflicts[0].source: names a source that the release does not have (got 'leaflet')"
    edit(small, "source: leaflet", "source: config")
    (conflict,) = load(small)["maker/One-Base"].released.conflicts
    assert (conflict.value, conflict.source) == ("2026-02", "config")
    edit(small, 'value: "2026-02"', 'value: "2026-01-31"')
    assert fault(small) == "released: conflicts repeat the block's own value: date"


def test_what_was_read_long_ago_is_listed(registry: Registry) -> None:
    newest = max(source.read for entry in registry.entries for source in entry.release.sources.values())
    assert list(stale_sources(registry, newest)) == []
    later = date.fromordinal(newest.toordinal() + 181)
    assert len(list(stale_sources(registry, later))) > len(registry.licences)
