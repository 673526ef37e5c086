"""The shape of a registry file: strict, frozen pydantic models and the closed vocabularies they use.

Conventions that hold everywhere:

* ``null`` means "looked for, not found"; the word ``undisclosed`` means "the vendor does not say, checked".
* A block names its ``source``; a field of the block that rests on another source is listed in ``sources``.
* A lower level (size, checkpoint) may override a block of an upper one; an absent override inherits.
* An optional sub-block (``moe``, ``mla``, ``linear`` ...) that is absent means that the model has none.
"""

from datetime import date
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

UNDISCLOSED = "undisclosed"

Undisclosed: TypeAlias = Literal["undisclosed"]
Count: TypeAlias = Annotated[int, Field(gt=0)]
PartialDate: TypeAlias = Annotated[str, StringConstraints(pattern=r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")]
Slug: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
RepositoryId: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*$")]
LanguageCode: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$")]
Url: TypeAlias = Annotated[str, StringConstraints(pattern=r"^https://[^\s<>\"]+$")]
Sha256: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

Variant: TypeAlias = Literal["base", "instruct", "chat"]
Reasoning: TypeAlias = Literal["none", "switchable", "always"]
Kind: TypeAlias = Literal["dense", "moe", "hybrid"]
Attention: TypeAlias = Literal["MHA", "MQA", "GQA", "MLA", "hybrid"]
Position: TypeAlias = Literal["RoPE", "ALiBi", "learned", "NoPE", "RoPE+NoPE"]
Norm: TypeAlias = Literal["RMSNorm", "LayerNorm", "non-parametric LayerNorm"]
Activation: TypeAlias = Literal["SwiGLU", "GeGLU", "GELU", "ReLU", "ReLU2", "clamped SwiGLU", "SiTU", "xIELU"]
LayerType: TypeAlias = Literal[
    "full_attention",
    "sliding_attention",
    "chunked_attention",
    "sparse_attention",
    "linear_attention",
    "compressed_attention",
    "mamba",
    "attention_and_mamba",
    "convolution",
    "mlp",
    "experts",
]
Bias: TypeAlias = Literal["query_key_value", "attention_output", "mlp", "experts", "router", "head"]
TokenizerAlgorithm: TypeAlias = Literal["byte-level BPE", "BPE", "Unigram"]
Basis: TypeAlias = Literal["supported", "trained_on", "card_tags"]
TrainingData: TypeAlias = Literal["open", "described", "undisclosed"]


class _Model(BaseModel):
    """Base of every registry model: unknown keys refused, no coercion, frozen, documented fields."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)


class Source(_Model):
    """A place where a person can check a fact, and the day it was read."""

    url: Url
    """Where a person can check it: the vendor's config, card, report or licence."""
    read: date
    """The day it was read."""
    via: str | None = None
    """Where it was read when that was not the url itself (a package that carries the config, a mirror)."""
    sha256: Sha256 | None = None
    """Digest of the file that was read."""
    title: str | None = None
    """Title of the document, where the url does not tell."""


class Conflict(_Model):
    """Another value that another source gives for a field."""

    field: str
    value: bool | int | float | str
    """The value that does not hold here."""
    source: str
    """Key of the source that gives it."""


class Sourced(_Model):
    """A block of facts with its source."""

    source: str
    """Key of the release's ``sources`` that the block rests on."""
    sources: dict[str, str] = {}
    """Fields of this block that rest on another source: field name to key."""
    conflicts: tuple[Conflict, ...] = ()
    """What other sources say instead; the block holds the value of the primary one."""
    note: str | None = None
    """What a careful reader must know: conflicts between sources, the reason of a gap."""

    def source_of(self, field: str) -> str:
        """Return the key of the source that a field of this block rests on."""
        return self.sources.get(field, self.source)

    @model_validator(mode="after")
    def _overrides_name_fields(self) -> Self:
        named = {*self.sources, *(conflict.field for conflict in self.conflicts)}
        unknown = sorted(named - set(type(self).model_fields))
        if unknown:
            message = f"sources or conflicts name fields that this block does not have: {', '.join(unknown)}"
            raise ValueError(message)
        same = sorted(conflict.field for conflict in self.conflicts if getattr(self, conflict.field) == conflict.value)
        if same:
            message = f"conflicts repeat the block's own value: {', '.join(same)}"
            raise ValueError(message)
        return self


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
    """The language tags of the card as they stand there, a different statement from ``codes``."""

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


class MixtureOfExperts(_Model):
    """Expert layers."""

    experts: Count
    """Routed experts a layer."""
    active: Count
    """Routed experts a token uses."""
    intermediate_size: Count | None
    """Width of one routed expert."""
    shared: Annotated[int, Field(ge=0)] | None
    """Shared experts a layer."""
    shared_intermediate_size: Count | None
    """Width of the shared experts together."""
    layers: Count | None
    """Layers with experts; the others are dense."""
    latent_size: Count | None = None
    """Width of the latent that experts read and write, where it is not the hidden size."""
    hash_routed_layers: Count | None = None
    """Layers that choose experts by a fixed table of the token, not by the router's score."""
    zero_experts: Count | None = None
    """Experts that compute nothing but have a row in the router."""


class LatentAttention(_Model):
    """Multi-head latent attention: what is cached is one latent and one rotary key a token."""

    kv_rank: Count
    q_rank: Count | None
    rope_dim: Annotated[int, Field(ge=0)]
    """Zero where the latent attention has no rotary part."""
    nope_dim: Count
    value_dim: Count


class LinearAttention(_Model):
    """Linear-attention layers (gated DeltaNet, KDA, lightning) with a constant state."""

    kind: Literal["gated DeltaNet", "KDA", "lightning"]
    key_heads: Count | None
    value_heads: Count | None
    key_dim: Count | None
    value_dim: Count | None
    convolution: Count | None


class StateSpace(_Model):
    """Mamba layers with a constant state."""

    kind: Literal["Mamba-1", "Mamba-2"]
    inner_size: Count | None
    """Width of the mixer: heads times head dimension in Mamba-2."""
    state_size: Count | None
    groups: Count | None
    """Groups that share B and C; null for Mamba-1."""
    heads: Count | None
    """Null for Mamba-1."""
    convolution: Count | None
    step_rank: Count | None = None
    """Rank of the time-step projection of Mamba-1."""


class RatioRun(_Model):
    """A run of compression ratios, repeated."""

    repeat: Count
    run: tuple[tuple[Annotated[int, Field(ge=0)], Count], ...]
    """(tokens an entry stands for, layers); 0 = only the sliding window."""


class CompressedAttention(_Model):
    """Attention over entries that each stand for several tokens (DeepSeek-V4)."""

    ratios: tuple[RatioRun, ...]
    """Tokens an entry stands for in each layer, in order, run-length."""
    indexed_ratio: Count
    """The ratio whose layers select entries by an indexer; their compressor overlaps and is twice as wide."""
    output_groups: Count | None
    """Groups of heads that the output projection reduces apart."""
    output_rank: Count | None
    """Rank to which each group is reduced."""


class PerLayerEmbedding(_Model):
    """A second embedding table with a slice for every layer (Gemma 3n, Gemma 4)."""

    rows: Count
    size: Count
    """Width of one layer's slice."""


class AlternatingUpdates(_Model):
    """Parallel copies of the hidden state of which a layer computes one, and a low-rank residual (Gemma 3n)."""

    inputs: Count
    """Copies of the hidden state (AltUp)."""
    low_rank: Count
    """Rank of the augmented residual (LAuReL)."""


class Indexer(_Model):
    """The small index keys that sparse attention selects tokens by."""

    heads: Count
    head_dim: Count
    top_k: Count | None
    layers: Count | None = None
    """Layers that have their own indexer, where not all do."""


class LayerRun(_Model):
    """A run of layer types, repeated."""

    repeat: Count
    run: tuple[tuple[LayerType, Count], ...]


class Architecture(Sourced):
    """The decoder's numbers, as its config or report states them."""

    kind: Kind
    model_type: str | None
    """The ``model_type`` of its config."""
    layers: Count | None
    hidden_size: Count | None
    intermediate_size: Count | None
    """Effective width of the dense MLP; in mixtures, of the dense layers where there are any."""
    attention: Attention | None
    attention_heads: Count | None
    kv_heads: Count | None
    """Null for MLA, where the config's number means nothing."""
    head_dim: Count | None
    position: Position | None
    rope_theta: Annotated[float, Field(gt=0)] | None
    norm: Norm | None
    activation: Activation | None
    tied_embeddings: bool | None
    embedding_rows: Count | None
    """Rows of the embedding matrix, padding included."""
    moe: MixtureOfExperts | None = None
    mla: LatentAttention | None = None
    linear: LinearAttention | None = None
    state_space: StateSpace | None = None
    compressed: CompressedAttention | None = None
    query_rank: Count | None = None
    """Rank of a low-rank query projection outside latent attention."""
    per_layer_embedding: PerLayerEmbedding | None = None
    alternating_updates: AlternatingUpdates | None = None
    indexer: Indexer | None = None
    sliding_window: Count | None = None
    layer_types: tuple[LayerRun, ...] | None = None
    """Layer types in order, run-length; absent = every layer alike, null in a hybrid = not found."""
    global_kv_heads: Count | None = None
    """KV heads of the full-attention layers, where they differ from the sliding ones."""
    global_head_dim: Count | None = None
    """Head dimension of the full-attention layers, where it differs from the sliding ones."""
    global_attention_heads: Count | None = None
    """Query heads of the full-attention layers, where they differ from the sliding ones."""
    value_dim: Count | None = None
    """Dimension of a value head, where it differs from ``head_dim``."""
    shared_kv_layers: Count | None = None
    """Last layers that have no keys and values of their own and read those of earlier layers."""
    shared_kv_intermediate_size: Count | None = None
    """MLP width of those layers, where it differs from ``intermediate_size``."""
    keys_as_values: bool | None = None
    """True when the full-attention layers have no value projection and read the keys as values."""
    residual_streams: Count | None = None
    """Parallel residual streams that every layer mixes (hyper-connections)."""
    convolution_kernel: Count | None = None
    """Kernel of the short convolution of convolution layers."""
    position_rows: Count | None = None
    """Rows of the learned position embedding."""
    biases: tuple[Bias, ...] | None = None
    """Projections with a bias, where the config decides it; absent = as the architecture's code has it."""
    layer_norms: Count | None = None
    """Normalisations in a layer, where the config decides it; absent = as the architecture's code has it."""
    qk_norm: bool | None = None
    """Queries and keys are normalised, where the config decides it; absent = as the architecture's code has it."""
    partial_rotary: Annotated[float, Field(gt=0, le=1)] | None = None
    """Share of a head's dimensions that the rotary embedding turns, where it is not all."""
    prediction_layers: Annotated[int, Field(ge=0)] | None = None
    """Multi-token-prediction layers stored beside the main model."""

    @model_validator(mode="after")
    def _blocks_agree_with_kind(self) -> Self:
        faults = [text for broken, text in self._rules() if broken]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _rules(self) -> tuple[tuple[bool, str], ...]:
        counted, ratios = self.layer_counts(), self.ratio_counts()
        return (
            (self.kind == "moe" and self.moe is None, "kind moe needs a moe block"),
            (self.kind == "dense" and self.moe is not None, "kind dense cannot have a moe block"),
            (self.attention == "MLA" and self.mla is None, "attention MLA needs an mla block"),
            (self.mla is not None and self.attention not in {"MLA", "hybrid"}, "an mla block needs attention MLA"),
            (self.mla is not None and self.kv_heads is not None, "kv_heads means nothing for MLA: write null"),
            (bool(counted) and self.layers not in {None, sum(counted.values())}, "layer_types do not add up to layers"),
            (bool(ratios) and self.layers not in {None, sum(ratios.values())}, "compressed.ratios do not add up to layers"),
            (self.attention == "MHA" and self.kv_heads not in {None, self.attention_heads}, "MHA has as many KV heads as heads"),
            (self.attention == "MQA" and self.kv_heads not in {None, 1}, "MQA has one KV head"),
            (self.position == "ALiBi" and self.rope_theta is not None, "ALiBi has no rope_theta"),
        )

    def ratio_counts(self) -> dict[int, int]:
        """Return how many layers have each compression ratio; empty without compressed attention."""
        counts: dict[int, int] = {}
        for block in self.compressed.ratios if self.compressed else ():
            for ratio, layers in block.run:
                counts[ratio] = counts.get(ratio, 0) + block.repeat * layers
        return counts

    def layer_counts(self) -> dict[LayerType, int]:
        """Return how many layers there are of each type; empty when ``layer_types`` is not given."""
        counts: dict[LayerType, int] = {}
        for block in self.layer_types or ():
            for layer_type, count in block.run:
                counts[layer_type] = counts.get(layer_type, 0) + block.repeat * count
        return counts


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
    reasoning: Reasoning
    """``switchable``: thinking can be turned on and off; ``always``: it always thinks first."""
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
