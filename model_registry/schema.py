"""The shape of a registry file: strict, frozen pydantic models and the closed vocabularies they use.

Conventions that hold everywhere:

* ``null`` means "looked for, not found"; the word ``undisclosed`` means "the vendor does not say, checked".
* A block names its ``source``; a field of the block that rests on another source is listed in ``sources``.
* A lower level (size, checkpoint) may override a block of an upper one; an absent override inherits.
* An optional sub-block (``moe``, ``mla``, ``linear`` ...) that is absent means that the model has none.
"""

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, StringConstraints, model_validator

from model_registry.architecture_schema import Architecture
from model_registry.base_schema import Count, LanguageCode, PartialDate, RepositoryId, Slug, Source, Sourced, Undisclosed, _Model

Variant: TypeAlias = Literal["base", "instruct", "chat"]
Reasoning: TypeAlias = Literal["none", "switchable", "always"]
TokenizerAlgorithm: TypeAlias = Literal["byte-level BPE", "BPE", "Unigram"]
Basis: TypeAlias = Literal["supported", "trained_on", "card_tags"]
TrainingData: TypeAlias = Literal["open", "described", "undisclosed"]


class Released(Sourced):
    """When the weights appeared."""

    date: PartialDate | None
    """ISO date, to the precision the source gives (2025-04-29 or 2025-04)."""


class LicenceReference(Sourced):
    """Which licence holds for these weights."""

    id: Slug | None
    """Id of a record in ``licences/``."""
    revision: str | None = None
    """Commit or tag of the weights' repository for which the licence was read; null where the source shows no revision."""


class Training(Sourced):
    """What it was pre-trained on."""

    tokens: Count | Undisclosed | None
    """Pre-training tokens, in full digits."""
    data: TrainingData | None
    """``open``: the corpus can be downloaded; ``described``: sources named; ``undisclosed``."""
    composition: str | Undisclosed | None
    """Sources and mixture as far as published, in a few words ("1T zh, 5.5T en, 2.5T code")."""
    cutoff: PartialDate | Undisclosed | None
    """Knowledge cut-off as the vendor states it."""


class Tokenizer(Sourced):
    """How text becomes tokens."""

    algorithm: TokenizerAlgorithm | None
    tool: str | None
    """The tool that runs it: SentencePiece, tiktoken, Hugging Face tokenizers."""
    vocabulary: Count | None
    """The tokenizer's entries, control tokens included; the padded embedding is ``embedding_rows``."""


class Languages(Sourced):
    """Which languages the vendor declares."""

    declared: Count | Undisclosed | None
    """How many languages the vendor states."""
    at_least: bool
    """True when the vendor states a lower bound ("over 140 languages")."""
    basis: Basis | None
    """What the statement is about: languages supported, languages trained on, or only the card's tags."""
    codes: tuple[LanguageCode, ...] | None
    """The languages that a source names, BCP-47."""
    complete: bool
    """True when ``codes`` is the vendor's whole list: a language outside it is not declared."""
    card_tags: tuple[str, ...] | None
    """The language tags of the cards that were read, as they stand there: a different statement from ``codes``."""

    @model_validator(mode="after")
    def _a_complete_list_is_a_list(self) -> Self:
        if self.complete and not self.codes:
            message = "complete needs codes"
            raise ValueError(message)
        if self.codes and len(set(self.codes)) != len(self.codes):
            message = "codes has duplicates"
            raise ValueError(message)
        return self


class Abilities(Sourced):
    """What it can do beside text in, text out."""

    image: bool | None
    """Takes images."""
    tools: bool | None
    """Its chat template has tool calls."""
    fill_in_middle: bool | None
    """Trained with fill-in-the-middle tokens."""


class ChatTemplate(Sourced):
    """Whether the repository carries a chat template."""

    present: bool | None
    """True when its tokenizer files hold one or its card uses it; false when the vendor shows another way."""


class Parameters(Sourced):
    """How many weights the main model has, exactly."""

    total: Count | None
    """Main model: no multi-token-prediction module, no vision tower, a tied head counted once."""
    active_label: str | None
    """Active parameters as the vendor rounds them ("22B"); never used in place of a count."""
    vision: Count | None = None
    """Vision (or other) towers and their projectors, where they were counted; not in ``total``."""


class CheckpointSize(Sourced):
    """How many weights the checkpoint's files hold."""

    count: Count | None
    """Total of the safetensors files."""


class Context(Sourced):
    """Context length: three numbers that differ."""

    trained: Count | None
    """Longest sequence it was trained on."""
    config: Count | None
    """The config's maximum positions."""
    advertised: Count | None
    """What the vendor promises, extension included."""
    method: str | None
    """How the advertised length is reached beyond the trained one (YaRN, DCA ...)."""


class BasePublished(Sourced):
    """Whether the pre-trained Base of this size was published."""

    published: bool | None
    id: RepositoryId | None
    """The Base's repository, in this registry or not."""

    @model_validator(mode="after")
    def _an_id_means_published(self) -> Self:
        if self.id is not None and self.published is not True:
            message = "id is given, so published must be true"
            raise ValueError(message)
        return self


class _Overrides(_Model):
    """Blocks that a lower level may state anew; absent = inherited."""

    licence: LicenceReference | None = None
    training: Training | None = None
    tokenizer: Tokenizer | None = None
    languages: Languages | None = None
    abilities: Abilities | None = None
    released: Released | None = None


class Checkpoint(_Overrides):
    """One published repository of weights."""

    id: RepositoryId
    variant: Variant
    reasoning: Reasoning | None
    """``switchable``: thinking can be turned on and off; ``always``: it always thinks first; null: not found."""
    context: Context
    stored: CheckpointSize
    chat_template: ChatTemplate
    architecture: Architecture | None = None
    parameters: Parameters | None = None

    @model_validator(mode="after")
    def _a_base_does_not_reason(self) -> Self:
        if self.variant == "base" and self.reasoning != "none":
            message = "a base checkpoint has reasoning none"
            raise ValueError(message)
        return self


class Size(_Overrides):
    """One size of a release: its numbers and its checkpoints."""

    size: Annotated[str, StringConstraints(pattern=r"^[\w.\- ]+$")]
    parameters: Parameters
    architecture: Architecture
    base: BasePublished
    checkpoints: Annotated[tuple[Checkpoint, ...], Field(min_length=1)]


class Release(_Model):
    """A release: what holds for all its sizes, then the sizes."""

    release: str
    developer: str
    """Who made it, as people call them."""
    sources: dict[Slug, Source]
    released: Released
    licence: LicenceReference
    training: Training
    tokenizer: Tokenizer
    languages: Languages
    abilities: Abilities
    sizes: Annotated[tuple[Size, ...], Field(min_length=1)]
