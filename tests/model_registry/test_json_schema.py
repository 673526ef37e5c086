"""The JSON Schemas that editors use."""

import json
from typing import Any

import pytest

from model_registry.json_schema import schema_texts
from model_registry.load import ROOT

TEXTS = schema_texts()


@pytest.mark.parametrize("name", sorted(path.name for path in TEXTS))
def test_a_checked_in_schema_is_current(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == TEXTS[ROOT / name]


def test_every_checked_in_schema_is_generated() -> None:
    assert set(ROOT.glob("*.json")) == set(TEXTS)


def blocks(node: Any) -> list[dict[str, Any]]:  # noqa: ANN401 -- JSON of any shape
    if isinstance(node, list):
        return [found for child in node for found in blocks(child)]
    if not isinstance(node, dict):
        return []
    return [*([node] if node.get("type") == "object" and "properties" in node else []), *blocks(list(node.values()))]


@pytest.mark.parametrize("name", sorted(path.name for path in TEXTS))
def test_a_schema_refuses_unknown_keys_in_every_block(name: str) -> None:
    found = blocks(json.loads(TEXTS[ROOT / name]))
    assert found
    assert all(block["additionalProperties"] is False for block in found)


def test_editors_show_what_a_field_means() -> None:
    schema = json.loads(TEXTS[ROOT / "schema.json"])
    assert (
        schema["$defs"]["Architecture"]["properties"]["embedding_rows"]["description"] == "Rows of the embedding matrix, padding included."
    )
