"""The shape of ``wirings.yaml``: what an architecture's code fixes beside its config's numbers.

Two configs with equal numbers still differ in parameters when one code normalises its queries, adds biases or gates its
attention. These facts belong to the code that a ``model_type`` names, so they are written once for each model type.
A feature that is not named is absent.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from model_registry.architecture_schema import Bias, Gate, LinearKind
from model_registry.base_schema import Slug, Source, _Model

QueryKeyNorm: TypeAlias = Literal["head", "projection"]
LinearGate: TypeAlias = Literal["full", "low-rank"]


class Wiring(_Model):
    """How the layers of one family of model types are wired."""

    model_types: Annotated[tuple[str, ...], Field(min_length=1)]
    """Values of ``model_type`` that are wired like this."""
    source: str
    """Key of the file's ``sources``: the code that was read."""
    norms: Annotated[int, Field(ge=0)]
    """Normalisations of the hidden size in a layer."""
    final_norm: bool = True
    """The last layer's output is normalised by one more."""
    embedding_norm: bool = False
    """The embedding's output is normalised."""
    norm_biases: bool = False
    """Normalisations have a bias beside the weight."""
    biases: tuple[Bias, ...] = ()
    """Projections with a bias, unless the config says otherwise."""
    qk_norm: QueryKeyNorm | None = None
    """Queries and keys are normalised: over a head with shared weights, or over the whole projection."""
    qk_norm_by_config: bool = False
    """The normalisation is there only when the config switches it on."""
    attention_gate: Gate = "none"
    """The attention's output is multiplied by a gate, one value an element or one a head."""
    sinks: bool = False
    """Each head has a learned sink."""
    sinks_on: Literal["all", "sliding_attention"] = "all"
    """Layers whose heads have one."""
    shared_expert_gate: bool = False
    """The shared expert's output is multiplied by a gate."""
    routing_biases: Literal["parameter", "buffer"] | None = None
    """Each routed expert has a load-balancing bias, which the code keeps as a parameter or as a buffer."""
    router_scales: bool = False
    """The router scales its input and each expert's output."""
    dense_beside_experts: bool = False
    """Layers with experts have the dense MLP too."""
    expert_norms: Annotated[int, Field(ge=0)] = 0
    """Further normalisations in a layer with experts."""
    activation_parameters: Annotated[int, Field(ge=0)] = 0
    """Learned numbers in the activation of an MLP."""
    single_mixer: bool = False
    """A layer is one mixer (attention, state space, MLP or experts), not a mixer and an MLP."""
    state_space_norms: bool = False
    """The state-space mixer normalises inside."""
    linear_kinds: tuple[LinearKind, ...] = ()
    """Kinds of linear attention that the code was read for."""
    linear_qk_norm: bool = False
    """Queries and keys of lightning attention are normalised over a head."""
    linear_gate: LinearGate = "full"
    """The gates of Kimi delta attention are full matrices or pass through one head dimension."""
    stream_mixing: Literal["full", "diagonal"] = "full"
    """How the residual streams are mixed, where there are several."""
    two_sub_layers: bool = False
    """A layer holds two attentions and two dense MLPs beside its experts."""


class Wirings(_Model):
    """The file of wirings."""

    sources: dict[Slug, Source]
    wirings: Annotated[tuple[Wiring, ...], Field(min_length=1)]
