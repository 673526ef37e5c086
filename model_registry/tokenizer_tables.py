"""The tables of the measured tokenizers: how many tokens each needs for each text, and which checkpoints use which."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import Field

from model_registry.base_schema import Count, RepositoryId, Sha256, Slug, Source, Url, _Model
from model_registry.csv_reader import Table, read_table, whole_numbers
from model_registry.faults import Fault
from model_registry.tokenizer_schema import MeasuredTokenizer

Row = TypeVar("Row", bound=_Model)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
CODE = ("python", "c", "javascript")
"""The texts that are no language; the others are one document, the Universal Declaration of Human Rights, in many languages."""


class TokenCount(_Model):
    """How many tokens one tokenizer needs for one text."""

    tokenizer: Slug
    text: str
    tokens: Count
    characters: Count
    bytes: Count


class MeasuredText(_Model):
    """A text that was measured, in Unicode's composed form; the text itself is not kept."""

    text: str
    """Language code, or a programming language."""
    characters: Count
    bytes: Count
    sha256: Sha256
    source: str


class TokenizerUse(_Model):
    """Which measured tokenizer a checkpoint uses, and how that is known."""

    checkpoint: RepositoryId
    tokenizer: Slug
    source_url: Url
    read: date
    via: Annotated[str, Field(min_length=1)] | None
    reason: Annotated[str, Field(min_length=1)]

    @property
    def source(self) -> Source:
        """Return where it was read."""
        return Source(url=self.source_url, read=self.read, via=self.via)


@dataclass(frozen=True)
class Tokenizers:
    """The measured tokenizers, their figures, the texts, and who uses them."""

    measured: dict[str, MeasuredTokenizer] = field(default_factory=dict)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    """Tokens by tokenizer and text."""
    texts: dict[str, MeasuredText] = field(default_factory=dict)
    uses: dict[str, TokenizerUse] = field(default_factory=dict)
    """By checkpoint."""

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages that were measured, in the order of the file."""
        return tuple(text for text in self.texts if text not in CODE)

    def characters_per_token(self, tokenizer: str, text: str) -> float | None:
        """Return how many characters of a text one token stands for on average; None when it was not measured."""
        tokens = self.counts.get(tokenizer, {}).get(text)
        return self.texts[text].characters / tokens if tokens else None

    def tokens_for(self, checkpoint: str, text: str) -> int | None:
        """Return how many tokens a checkpoint needs for a text; None when its tokenizer or the text was not measured."""
        use = self.uses.get(checkpoint)
        return None if use is None else self.counts[use.tokenizer].get(text)


def read_tables(folder: Path, name: str) -> tuple[Table[TokenCount], Table[MeasuredText], Table[TokenizerUse]]:
    """Return the three tables of a folder, empty where it has none; ``name`` is how messages call it. Raises RegistryError."""
    counts = _read(folder, name, "compression.csv", TokenCount, "tokens", "characters", "bytes")
    texts = _read(folder, name, "texts.csv", MeasuredText, "characters", "bytes")
    return counts, texts, _read(folder, name, "used_by.csv", TokenizerUse)


def check_table(path: Path, name: str) -> None:
    """Validate one of the tables by its file name; raises RegistryError."""
    models: dict[str, type[_Model]] = {"compression.csv": TokenCount, "texts.csv": MeasuredText, "used_by.csv": TokenizerUse}
    read_table(path, name, models[path.name], _cell("tokens", "characters", "bytes"))


def _read(folder: Path, name: str, file: str, model: type[Row], *numbers: str) -> Table[Row]:
    path = folder / file
    return read_table(path, f"{name}/{file}", model, _cell(*numbers)) if path.exists() else Table(f"{name}/{file}")


def _cell(*numbers: str) -> Callable[[str, str], Any]:
    """Return a converter of the numbers' columns and of the day of reading; what is neither stays text."""
    whole = whole_numbers(*numbers)

    def convert(column: str, value: str) -> object:
        return date.fromisoformat(value) if column == "read" and _DAY.fullmatch(value) else whole(column, value)

    return convert


def disagreements(
    measured: Mapping[str, MeasuredTokenizer],
    counts: Table[TokenCount],
    texts: Table[MeasuredText],
    uses: Table[TokenizerUse],
    known: set[str],
) -> Iterator[Fault]:
    """Yield a fault for each name that nobody has, each row that stands twice, and each tokenizer that lacks a text."""
    of_text = {row.text: row for _, row in texts.rows}
    seen: dict[tuple[str, str], int] = {}
    for line, row in counts.rows:
        if row.tokenizer not in measured:
            yield Fault(counts.file, line, "tokenizer", f"no such file in tokenizers/ (got {row.tokenizer!r})")
        text = of_text.get(row.text)
        if text is None or (text.characters, text.bytes) != (row.characters, row.bytes):
            yield Fault(counts.file, line, "text", f"texts.csv has no text of these characters and bytes (got {row.text!r})")
        if seen.setdefault((row.tokenizer, row.text), line) != line:
            yield Fault(counts.file, line, "", f"stands already on line {seen[row.tokenizer, row.text]}")
    lacking = sorted((name, text) for name in measured for text in of_text if (name, text) not in seen)
    for name, lacked in lacking:
        yield Fault(counts.file, 1, "", f"{name} was not measured on {lacked}")
    first: dict[str, int] = {}
    for line, use in uses.rows:
        if use.tokenizer not in measured:
            yield Fault(uses.file, line, "tokenizer", f"no such file in tokenizers/ (got {use.tokenizer!r})")
        if use.checkpoint not in known:
            yield Fault(uses.file, line, "checkpoint", f"no such checkpoint in releases/ (got {use.checkpoint!r})")
        if first.setdefault(use.checkpoint, line) != line:
            yield Fault(uses.file, line, "checkpoint", f"stands already on line {first[use.checkpoint]}")


def assembled(
    measured: Mapping[str, MeasuredTokenizer], counts: Table[TokenCount], texts: Table[MeasuredText], uses: Table[TokenizerUse]
) -> Tokenizers:
    """Return the tables as one object."""
    tokens: dict[str, dict[str, int]] = {name: {} for name in measured}
    for _, row in counts.rows:
        tokens[row.tokenizer][row.text] = row.tokens
    return Tokenizers(dict(measured), tokens, {row.text: row for _, row in texts.rows}, {use.checkpoint: use for _, use in uses.rows})
