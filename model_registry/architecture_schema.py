"""The shape of an architecture: the decoder's numbers, enough to count every parameter and every byte of its cache."""

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from model_registry.base_schema import Count, Sourced, _Model

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
Gate: TypeAlias = Literal["element", "head", "none"]
LinearKind: TypeAlias = Literal["gated DeltaNet", "KDA", "lightning"]
Bias: TypeAlias = Literal["query_key_value", "attention_output", "mlp", "experts", "router", "head"]


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

    kind: LinearKind
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
    normalised: bool | None = None
    """The mixer normalises inside, where the config decides it; absent = as the architecture's code has it."""


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
    attention_gate: Gate | None = None
    """What multiplies the attention's output, where the config decides it; absent = as the architecture's code has it."""
    layer_norms: Count | None = None
    """Normalisations in a layer, where the config decides it; absent = as the architecture's code has it."""
    routing_biases: bool | None = None
    """Each expert has a load-balancing bias, where the config decides it; absent = as the architecture's code has it."""
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
