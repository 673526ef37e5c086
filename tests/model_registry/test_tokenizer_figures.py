"""The measured figures of real tokenizers: complete, consistent with each other, and in the order that others measured.

``tokenizer_arena.csv`` holds the characters per token that github.com/xu-song/tokenizer-arena publishes in its README.md at commit
030f3d4 (cc-100, ten thousand lines a language) for tokenizers that are measured here too.
"""

from pathlib import Path

import pandas as pd
import pytest
import yaml

from model_registry.load import ROOT
from model_registry.registry import Registry

FOLDER = ROOT / "tokenizers"
FILES = sorted(FOLDER.glob("*.yaml"))
CODE = {"c", "javascript", "python"}
ALGORITHMS = {"byte-level BPE", "BPE", "Unigram"}
EQUAL = [
    ("deepseek-v3", "deepseek-v4"),
    ("kimi-k2", "kimi-k3"),
    ("mistral-v1", "mistral-v3"),
    ("tekken-240718", "tekken-240911"),
    ("gpt-neox", "olmo"),
]


ALONE = {"aquila", "baichuan-7b", "gemma2", "kimi-k3", "llama4"}
"""Read once, in the vendor's package or in one whose other vocabularies agree with a second source."""


@pytest.fixture(scope="module")
def compression() -> pd.DataFrame:
    """Return the figures, a row a tokenizer and text."""
    return pd.read_csv(FOLDER / "compression.csv")


@pytest.fixture(scope="module")
def table(compression: pd.DataFrame) -> pd.DataFrame:
    """Return the tokens, a row a tokenizer, a column a text."""
    return compression.pivot_table(index="tokenizer", columns="text", values="tokens", aggfunc="sum")


@pytest.fixture(scope="module")
def used_by() -> pd.DataFrame:
    """Return which checkpoint uses which tokenizer."""
    return pd.read_csv(FOLDER / "used_by.csv", keep_default_na=False)


def test_there_are_enough_tokenizers_for_most_checkpoints(used_by: pd.DataFrame, registry: Registry) -> None:
    assert len(FILES) >= 45
    assert len(used_by) >= 0.65 * len(registry.entries)


def test_every_tokenizer_is_measured_once_on_all_51_texts(compression: pd.DataFrame) -> None:
    texts = pd.read_csv(FOLDER / "texts.csv")
    assert len(texts) == 51
    assert set(texts["text"]) >= CODE
    assert not compression.duplicated(["tokenizer", "text"]).any()
    assert (compression.groupby("tokenizer").size() == 51).all()
    assert set(compression["tokenizer"]) == {path.stem for path in FILES}
    assert list(compression.sort_values(["tokenizer", "text"]).index) == list(compression.index)


def test_sizes_are_those_of_the_texts(compression: pd.DataFrame) -> None:
    joined = compression.merge(pd.read_csv(FOLDER / "texts.csv"), on="text", suffixes=("", "_of_text"))
    assert len(joined) == len(compression)
    assert (joined["characters"] == joined["characters_of_text"]).all()
    assert (joined["bytes"] == joined["bytes_of_text"]).all()
    assert (joined["tokens"] <= joined["bytes"] + 1).all()  # SentencePiece puts a space before the text
    assert (joined["tokens"] > joined["bytes"] / 25).all()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_says_how_its_tokenizer_was_measured(path: Path) -> None:
    record = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert record["id"] == path.stem
    assert record["algorithm"] in ALGORITHMS
    assert record["digits"] in {"single", "groups_of_three", "runs"}
    assert record["normalisation"] in {"NFC", "NFKC", "none"}
    assert record["vocabulary"] > max(record["vocabulary_by_script"].values())
    assert {reading["package"] for reading in record["measured_with"]} == {
        source["title"].split()[0] for source in record["sources"].values()
    }
    if record["agreement"] == "single source" or record["agreement"].endswith("1 repository"):
        assert record["known_ids"] or record["fingerprints"] or record["also_checked"] or path.stem in ALONE
    if record["known_ids"]:
        right, of = record["known_ids"].split(" of ")
        assert right == of


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_vocabularies_that_differ_in_control_tokens_only_give_the_same_tokens(table: pd.DataFrame, one: str, other: str) -> None:
    assert (table.loc[one] == table.loc[other]).all()


def test_a_checkpoint_uses_one_tokenizer_and_says_how_that_is_known(used_by: pd.DataFrame, registry: Registry) -> None:
    assert not used_by["checkpoint"].duplicated().any()
    assert set(used_by["checkpoint"]) <= {entry.id for entry in registry.entries}
    assert set(used_by["tokenizer"]) <= {path.stem for path in FILES}
    assert used_by["source_url"].str.startswith("https://").all()
    assert (used_by["reason"].str.len() > 0).all()
    assert list(used_by["checkpoint"]) == sorted(used_by["checkpoint"], key=str.lower)


def test_the_registrys_vocabulary_is_that_of_the_tokenizer(used_by: pd.DataFrame, registry: Registry) -> None:
    sizes = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))["vocabulary"] for path in FILES}
    off = []
    for checkpoint, tokenizer in zip(used_by["checkpoint"], used_by["tokenizer"], strict=True):
        stated = registry[checkpoint].tokenizer.vocabulary
        if stated is not None and not -25 <= stated - sizes[tokenizer] <= 7000:
            off.append((checkpoint, tokenizer, stated, sizes[tokenizer]))
    assert off == []


def test_chinese_ranks_as_tokenizer_arena_published_it(compression: pd.DataFrame) -> None:
    arena = pd.read_csv(Path(__file__).parent / "tokenizer_arena.csv")
    chinese = compression[compression["text"] == "zh"].set_index("tokenizer")
    ours = (chinese["characters"] / chinese["tokens"]).reindex(arena["tokenizer"]).reset_index(drop=True)
    assert ours.notna().all()
    assert ours.rank().corr(arena["chinese"].rank()) >= 0.95
    assert (ours / arena["chinese"]).between(0.9, 1.12).all()
