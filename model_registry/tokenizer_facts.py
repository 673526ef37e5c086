"""What a repository's tokenizer files say of themselves: pure, from their names and bytes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from model_registry.hub import json_object

TOKENIZER, TOKENIZER_CONFIG = "tokenizer.json", "tokenizer_config.json"
TEMPLATES = ("chat_template.jinja", "chat_template.json")


@dataclass(frozen=True)
class TokenizerFacts:
    """The fields of a Tokenizer block, unknown ones None."""

    algorithm: str | None
    tool: str | None
    vocabulary: int | None


def tokenizer_facts(names: tuple[str, ...], files: Mapping[str, bytes]) -> TokenizerFacts:
    """Return algorithm, tool and entries as far as the files tell."""
    content = json_object(files.get(TOKENIZER, b"")) or {}
    tiktoken = any(name == "tiktoken.model" or name.endswith(".tiktoken") for name in names)
    tools = {"tiktoken": tiktoken, "SentencePiece": "tokenizer.model" in names, "Hugging Face tokenizers": TOKENIZER in names}
    return TokenizerFacts(
        algorithm=_algorithm(content) or ("byte-level BPE" if tiktoken else None),
        tool=next((tool for tool, there in tools.items() if there), None),
        vocabulary=_entries(content),
    )


def chat_template_file(names: tuple[str, ...], files: Mapping[str, bytes]) -> str | None:
    """Return the file that holds a chat template, or None when none was seen."""
    template = (json_object(files.get(TOKENIZER_CONFIG, b"")) or {}).get("chat_template")
    if isinstance(template, str | list) and template:
        return TOKENIZER_CONFIG
    blank = {name for name, content in files.items() if not content.strip()}
    return next((name for name in TEMPLATES if name in names and name not in blank), None)


def _algorithm(content: Mapping[str, object]) -> str | None:
    model = content.get("model")
    kind = model.get("type") if isinstance(model, dict) else None
    if kind == "BPE":
        return "byte-level BPE" if "ByteLevel" in _steps(content.get("pre_tokenizer")) else "BPE"
    return "Unigram" if kind == "Unigram" else None


def _steps(step: object) -> Iterator[object]:
    """Yield the types of a pre-tokenizer and, in a sequence, of its steps."""
    if isinstance(step, dict):
        yield step.get("type")
        steps = step.get("pretokenizers")
        yield from (inner.get("type") for inner in steps if isinstance(inner, dict)) if isinstance(steps, list) else ()


def _entries(content: Mapping[str, object]) -> int | None:
    """Return the model's entries and the added tokens that are not among them."""
    model = content.get("model")
    vocabulary = model.get("vocab") if isinstance(model, dict) else None
    if not isinstance(vocabulary, dict | list) or not vocabulary:
        return None
    pieces = {_piece(item) for item in vocabulary} if isinstance(vocabulary, list) else set(vocabulary)
    added = content.get("added_tokens")
    contents = [token.get("content") for token in added if isinstance(token, dict)] if isinstance(added, list) else []
    return len(vocabulary) + len({content for content in contents if isinstance(content, str)} - pieces)


def _piece(item: object) -> str | None:
    """Return the text of an entry of a Unigram vocabulary, which is a pair of text and score."""
    return item[0] if isinstance(item, list) and item and isinstance(item[0], str) else None
