"""The shape of a measured tokenizer: a file of ``tokenizers/``, written by ``tools/measure_tokenizers.py``."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from model_registry.base_schema import Count, Sha256, Slug, Source, _Model
from model_registry.schema import TokenizerAlgorithm

Share = Annotated[str, StringConstraints(pattern=r"^\d+ of \d+$")]


class Reading(_Model):
    """A package that carries the tokenizer, and what was read of it."""

    package: str
    version: str
    artefact: str
    """File or name in the package."""
    sha256: Sha256 | None
    """Digest of the vocabulary file; null where it is compiled in."""


class MeasuredTokenizer(_Model):
    """A real tokenizer as it was measured."""

    id: Slug
    name: str
    families: Annotated[tuple[str, ...], Field(min_length=1)]
    """Families of models that use it; ``used_by.csv`` says which checkpoints and how that is known."""
    algorithm: TokenizerAlgorithm
    tool: str | None
    """The tool that the vendor ships it with."""
    vocabulary: Count | None
    """Ordinary entries, without control tokens."""
    special_tokens: Annotated[int, Field(ge=0)] | None
    digits: Literal["single", "groups_of_three", "runs"] | None
    """How numbers are cut: digit by digit, three digits at most, or longer runs."""
    normalisation: Literal["NFC", "NFKC", "none"] | None
    """The Unicode form that it brings text to by itself."""
    byte_fallback: bool
    """True when a character outside the vocabulary survives, written as bytes."""
    vocabulary_by_script: dict[str, Count] | None
    """Entries that hold a letter of a script."""
    measured_with: Annotated[tuple[Reading, ...], Field(min_length=1)]
    """Where it was read; the figures are those of the first."""
    agreement: str
    """On how many texts all readings gave as many tokens."""
    differences: dict[str, dict[str, int]] | None
    """By how many tokens a reading differs from the first, where it does."""
    known_ids: Share | None
    """How many texts of llama.cpp's fixtures gave the ids that it keeps for them."""
    also_checked: str | None
    """What else speaks for the file: the vendor's own copy, or entries and figures that others state."""
    fingerprints: tuple[str, ...]
    """Checkpoints for which llama.cpp keeps the hash that the measured ids of its check text have."""
    sources: Annotated[dict[Slug, Source], Field(min_length=1)]
