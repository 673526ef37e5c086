"""Reasons of the registry in both languages; other sentences pass as they are."""

import pytest

from model_registry.parameters import NotModelled
from texts.catalogue import catalogue
from texts.refusals import why_not


@pytest.mark.parametrize(
    ("reason", "english", "chinese"),
    [
        ("tied_embeddings is not known", r"tied\_embeddings is not known", r"缺少 tied\_embeddings"),
        ("no formula for model_type zaya", "no formula for zaya", "zaya 尚无公式"),
        ("no cache formula for mamba layers", "no formula for mamba layers", "mamba layers 尚无公式"),
        ("MXFP4 is a format", "MXFP4 is a format", "MXFP4 is a format"),
    ],
)
def test_a_reason_is_said_in_the_language_of_the_page(reason: str, english: str, chinese: str) -> None:
    assert [why_not(catalogue(language), NotModelled(reason)) for language in ("en", "zh")] == [english, chinese]
