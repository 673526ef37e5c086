"""The models: nothing is coerced, nothing unknown is let in, and the rules across fields."""

import copy
import json
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from model_registry.architecture_schema import Architecture
from model_registry.base_schema import Source
from model_registry.schema import (
    BasePublished,
    Checkpoint,
    Context,
    Languages,
    LicenceReference,
    Parameters,
    Release,
    Released,
    Tokenizer,
    Training,
)

DENSE: dict[str, Any] = {
    "source": "config",
    "kind": "dense",
    "model_type": "llama",
    "layers": 32,
    "hidden_size": 4096,
    "intermediate_size": 11008,
    "attention": "MHA",
    "attention_heads": 32,
    "kv_heads": 32,
    "head_dim": 128,
    "position": "RoPE",
    "rope_theta": 10000,
    "norm": "RMSNorm",
    "activation": "SwiGLU",
    "tied_embeddings": False,
    "embedding_rows": 32000,
}
MOE: dict[str, Any] = {
    "experts": 8,
    "active": 2,
    "intermediate_size": 64,
    "shared": 0,
    "shared_intermediate_size": None,
    "layers": 32,
}
MLA: dict[str, Any] = {"kv_rank": 512, "q_rank": None, "rope_dim": 64, "nope_dim": 128, "value_dim": 128}
LATENT: dict[str, Any] = {"attention": "MLA", "mla": MLA, "kv_heads": None}
LANGUAGES: dict[str, Any] = {
    "source": "card",
    "declared": 2,
    "at_least": False,
    "basis": "supported",
    "codes": ["en", "zh"],
    "complete": True,
    "card_tags": None,
}
CHECKPOINT: dict[str, Any] = {
    "id": "maker/One",
    "variant": "base",
    "reasoning": "none",
    "context": {"trained": 2048, "config": 2048, "advertised": 2048, "method": None, "source": "card"},
    "stored": {"count": None, "source": "card"},
    "chat_template": {"present": None, "source": "card"},
}


def validate(model: type[BaseModel], data: dict[str, Any]) -> BaseModel:
    return model.model_validate_json(json.dumps(data), strict=True)


def refusal(model: type[BaseModel], data: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as caught:
        validate(model, data)
    return "; ".join(f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in caught.value.errors())


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"kind": "moe", "moe": MOE},
        {"kind": "hybrid"},
        {"kind": "hybrid", "attention": "hybrid", "mla": MLA, "kv_heads": None},
        LATENT,
        {"attention": "MQA", "kv_heads": 1},
        {"attention": "MQA", "kv_heads": None},
        {"attention": "GQA", "kv_heads": 8},
        {"attention": "MHA", "kv_heads": None},
        {"position": "ALiBi", "rope_theta": None},
        {"layer_types": [{"repeat": 5, "run": [["sliding_attention", 5], ["full_attention", 1]]}], "layers": 30},
        {"layer_types": [{"repeat": 5, "run": [["sliding_attention", 5], ["full_attention", 1]]}], "layers": None},
        {"layer_types": None},
    ],
)
def test_an_architecture_that_keeps_the_rules_is_accepted(change: dict[str, Any]) -> None:
    found = validate(Architecture, DENSE | change)
    assert isinstance(found, Architecture)
    assert found.kind == (DENSE | change)["kind"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "moe"}, "kind moe needs a moe block"),
        ({"moe": MOE}, "kind dense cannot have a moe block"),
        ({"attention": "MLA", "kv_heads": None}, "attention MLA needs an mla block"),
        ({"attention": "GQA", "mla": MLA, "kv_heads": None}, "an mla block needs attention MLA"),
        (LATENT | {"kv_heads": 32}, "kv_heads means nothing for MLA: write null"),
        ({"layer_types": [{"repeat": 3, "run": [["full_attention", 10]]}]}, "layer_types do not add up to layers"),
        ({"kv_heads": 8}, "MHA has as many KV heads as heads"),
        ({"attention": "MQA", "kv_heads": 2}, "MQA has one KV head"),
        ({"position": "ALiBi"}, "ALiBi has no rope_theta"),
    ],
)
def test_each_rule_of_the_architecture_refuses_its_breach_alone(change: dict[str, Any], message: str) -> None:
    assert refusal(Architecture, DENSE | change) == f": Value error, {message}"


def test_all_broken_rules_of_an_architecture_are_told_at_once() -> None:
    told = refusal(Architecture, DENSE | {"kind": "moe", "position": "ALiBi", "kv_heads": 8})
    assert told == ": Value error, kind moe needs a moe block; MHA has as many KV heads as heads; ALiBi has no rope_theta"


def test_layers_are_counted_by_type_through_repeated_runs() -> None:
    runs = [
        {"repeat": 4, "run": [["sliding_attention", 5], ["full_attention", 1]]},
        {"repeat": 1, "run": [["sliding_attention", 2]]},
    ]
    found = validate(Architecture, DENSE | {"layers": 26, "layer_types": runs})
    assert isinstance(found, Architecture)
    assert found.layer_counts() == {"sliding_attention": 22, "full_attention": 4}


@pytest.mark.parametrize("codes", [None, []])
def test_a_complete_list_of_languages_needs_codes(codes: list[str] | None) -> None:
    assert "complete needs codes" in refusal(Languages, LANGUAGES | {"codes": codes})


def test_a_language_listed_twice_is_refused() -> None:
    assert "codes has duplicates" in refusal(Languages, LANGUAGES | {"codes": ["en", "zh", "en"], "complete": False})


@pytest.mark.parametrize("code", ["english", "EN", "zh_CN", "zh-cn", "e", ""])
def test_a_language_code_that_is_not_bcp_47_is_refused(code: str) -> None:
    assert "codes.0" in refusal(Languages, LANGUAGES | {"codes": [code]})


@pytest.mark.parametrize("published", [False, None])
def test_a_base_id_means_that_it_was_published(published: bool | None) -> None:  # noqa: FBT001 -- a parametrized value, never passed by hand
    message = refusal(BasePublished, {"source": "card", "published": published, "id": "maker/One"})
    assert "id is given, so published must be true" in message


def test_a_base_may_be_published_under_an_unknown_id() -> None:
    found = validate(BasePublished, {"source": "card", "published": True, "id": None})
    assert isinstance(found, BasePublished)
    assert found.published is True


@pytest.mark.parametrize("reasoning", ["switchable", "always"])
def test_a_base_checkpoint_does_not_reason(reasoning: str) -> None:
    assert "a base checkpoint has reasoning none" in refusal(Checkpoint, CHECKPOINT | {"reasoning": reasoning})


@pytest.mark.parametrize("reasoning", ["none", "switchable", "always"])
def test_an_instruct_checkpoint_may_reason(reasoning: str) -> None:
    found = validate(Checkpoint, CHECKPOINT | {"variant": "instruct", "reasoning": reasoning})
    assert isinstance(found, Checkpoint)
    assert found.reasoning == reasoning


def test_sources_of_a_block_may_name_only_its_fields() -> None:
    told = refusal(Architecture, DENSE | {"sources": {"layres": "paper", "norm": "paper", "colour": "paper"}})
    assert told == ": Value error, sources or conflicts name fields that this block does not have: colour, layres"


def test_a_field_rests_on_its_own_source_where_the_block_says_so() -> None:
    found = validate(Architecture, DENSE | {"sources": {"norm": "paper"}})
    assert isinstance(found, Architecture)
    assert (found.source_of("norm"), found.source_of("layers")) == ("paper", "config")


@pytest.mark.parametrize(
    ("model", "data", "field"),
    [
        (Architecture, DENSE | {"layers": "64"}, "layers"),
        (Architecture, DENSE | {"layers": 64.0}, "layers"),
        (Architecture, DENSE | {"layers": True}, "layers"),
        (Architecture, DENSE | {"layers": 0}, "layers"),
        (Architecture, DENSE | {"tied_embeddings": "false"}, "tied_embeddings"),
        (Architecture, DENSE | {"tied_embeddings": 0}, "tied_embeddings"),
        (Architecture, DENSE | {"rope_theta": "10000"}, "rope_theta"),
        (Architecture, DENSE | {"rope_theta": 0}, "rope_theta"),
        (Architecture, DENSE | {"partial_rotary": 1.5}, "partial_rotary"),
        (Architecture, DENSE | {"attention": "gqa"}, "attention"),
        (Architecture, DENSE | {"activation": "swiglu"}, "activation"),
        (Architecture, DENSE | {"model_type": 3}, "model_type"),
        (Parameters, {"source": "card", "total": "7B", "active_label": None}, "total"),
        (Parameters, {"source": "card", "total": -1, "active_label": None}, "total"),
        (Training, {"source": "card", "tokens": "15T", "data": None, "composition": None, "cutoff": None}, "tokens"),
        (Training, {"source": "card", "tokens": None, "data": "secret", "cutoff": None}, "data"),
        (Tokenizer, {"source": "card", "algorithm": "bpe", "tool": None, "vocabulary": None}, "algorithm"),
        (LicenceReference, {"source": "card", "id": "Apache 2.0"}, "id"),
        (Checkpoint, CHECKPOINT | {"id": "One"}, "id"),
        (Checkpoint, CHECKPOINT | {"variant": "Base"}, "variant"),
    ],
)
def test_a_value_of_another_type_or_outside_the_vocabulary_is_refused(model: type[BaseModel], data: dict[str, Any], field: str) -> None:
    assert field in refusal(model, data)


@pytest.mark.parametrize(
    ("model", "data"),
    [
        (Architecture, DENSE),
        (Languages, LANGUAGES),
        (Checkpoint, CHECKPOINT),
        (Source, {"url": "https://example.org", "read": "2026-11-24"}),
        (Released, {"date": "2026", "source": "card"}),
    ],
)
def test_an_unknown_key_is_refused(model: type[BaseModel], data: dict[str, Any]) -> None:
    assert refusal(model, data | {"colour": "blue"}) == "colour: Extra inputs are not permitted"


@pytest.mark.parametrize("field", sorted(DENSE))
def test_a_field_of_the_architecture_cannot_be_left_out(field: str) -> None:
    data = copy.deepcopy(DENSE)
    del data[field]
    assert refusal(Architecture, data) == f"{field}: Field required"


@pytest.mark.parametrize("field", ["trained", "config", "advertised", "method", "source"])
def test_a_field_of_the_context_cannot_be_left_out(field: str) -> None:
    data = dict(CHECKPOINT["context"])
    del data[field]
    assert refusal(Context, data) == f"{field}: Field required"


@pytest.mark.parametrize("date", ["2026", "2026-01", "2026-12-31", None])
def test_a_date_is_as_precise_as_its_source(date: str | None) -> None:
    found = validate(Released, {"date": date, "source": "card"})
    assert isinstance(found, Released)
    assert found.date == date


@pytest.mark.parametrize("date", ["2026-13", "2026-00-01", "2026-1-1", "26-01-01", "2026-01-32", "January 2026", "2026-01-01T00:00", ""])
def test_a_wrong_date_of_release_is_refused(date: str) -> None:
    assert "date" in refusal(Released, {"date": date, "source": "card"})


@pytest.mark.parametrize("read", ["2026-02-30", "2026", "24.11.2026", None])
def test_a_wrong_date_of_reading_is_refused(read: str | None) -> None:
    assert "read" in refusal(Source, {"url": "https://example.org", "read": read})


@pytest.mark.parametrize("url", ["http://example.org", "example.org", "https://", "https://a b"])
def test_a_source_has_a_secure_address(url: str) -> None:
    assert "url" in refusal(Source, {"url": url, "read": "2026-11-24"})


def test_undisclosed_is_a_value_of_its_own_beside_a_count_and_null() -> None:
    found = [
        validate(Training, {"source": "card", "tokens": tokens, "data": None, "composition": None, "cutoff": None})
        for tokens in ("undisclosed", 1, None)
    ]
    assert [block.tokens for block in found if isinstance(block, Training)] == ["undisclosed", 1, None]


def test_a_model_is_frozen() -> None:
    found = validate(Released, {"date": "2026", "source": "card"})
    with pytest.raises(ValidationError, match="frozen"):
        found.date = "2027"  # type: ignore[attr-defined]  # the assignment is what must fail


def test_a_release_without_sizes_is_refused() -> None:
    assert "sizes: " in refusal(Release, {"sizes": []})
