"""The exact parameter count of a model, from its architecture's numbers and its code's wiring.

Every weight of the main language model is counted: no multi-token-prediction module, no vision tower, a tied head once.
The load-balancing biases of routers are counted although some codes keep them as buffers, because checkpoints store them.
What has no formula here, or lacks a number, is refused by name: the functions answer NotModelled, never an estimate.
"""

from collections import Counter
from dataclasses import dataclass, fields

from model_registry.architecture_schema import Architecture
from model_registry.layer_parameters import GATED, MissingNumberError, layer_parts, need, norm_width
from model_registry.wiring_schema import Wiring


@dataclass(frozen=True)
class Breakdown:
    """Parameters by component; ``routed`` counts all routed experts, ``routed_active`` those that a token uses.

    ``looked_up`` is the part of the embedding that is read a row a token even where it is tied: positions, per-layer tables.
    """

    embedding: int
    head: int
    attention: int
    linear: int
    mlp: int
    routed: int
    shared: int
    router: int
    routing_biases: int
    norms: int
    other: int
    routed_active: int
    looked_up: int = 0

    @property
    def total(self) -> int:
        """Return the parameters of the main model."""
        return sum(getattr(self, component) for component in COMPONENTS)

    @property
    def active(self) -> int:
        """Return the parameters that a token uses, input embedding included."""
        return self.total - self.routed + self.routed_active

    @property
    def active_without_embedding(self) -> int:
        """Return the active parameters without the tables that are looked up; a tied table counts as the head."""
        return self.active - (self.embedding if self.head else self.looked_up)


COMPONENTS = tuple(field.name for field in fields(Breakdown) if field.name not in {"routed_active", "looked_up"})
"""The components that add up to the total, in reading order."""


@dataclass(frozen=True)
class NotModelled:
    """Why a count is refused, in one of three ways: ``X is not known``, ``no formula for X``, or another sentence."""

    reason: str


def breakdown(a: Architecture, wiring: Wiring | None) -> Breakdown | NotModelled:
    """Return the main model's parameters by component, or NotModelled with the reason."""
    if a.model_type is None:
        return NotModelled("model_type is not known")
    if wiring is None:
        return NotModelled(f"no formula for model_type {a.model_type}")
    try:
        return _counted(a, wiring)
    except MissingNumberError as error:
        return NotModelled(str(error))


def active_of(a: Architecture, total: int | None) -> int | None:
    """Return what one token uses of a stated total whose architecture has no formula, or None when that is not exact.

    A dense model uses all. In a mixture of gated experts that read the hidden state: total less the matrices of the
    experts that the router does not choose.
    """
    moe = a.moe
    if total is None or moe is None:
        return total if a.kind == "dense" else None
    if moe.layers is None or moe.intermediate_size is None or a.hidden_size is None or moe.latent_size or a.activation not in GATED:
        return None
    return total - moe.layers * (moe.experts - moe.active) * 3 * a.hidden_size * moe.intermediate_size


def _counted(a: Architecture, wiring: Wiring) -> Breakdown:
    summed: Counter[str] = Counter()
    for layers, parts in layer_parts(a, wiring):
        for component, count in parts.items():
            summed[component] += layers * count
    summed["norms"] += norm_width(a, wiring) * (int(wiring.final_norm) + int(wiring.embedding_norm))
    _outside_layers(a, summed)
    _tables(a, wiring, summed)
    return Breakdown(**{field.name: summed[field.name] for field in fields(Breakdown)})


def _tables(a: Architecture, wiring: Wiring, summed: Counter[str]) -> None:
    """Add the embedding with its positions, the per-layer tables, and the head."""
    hidden, rows = need(a, "hidden_size"), need(a, "embedding_rows")
    tied = need(a, "tied_embeddings")
    summed["looked_up"] += (a.position_rows or 0) * hidden
    if a.per_layer_embedding:
        summed["looked_up"] += a.per_layer_embedding.rows * a.per_layer_embedding.size * need(a, "layers")
    summed["embedding"] += rows * hidden + summed["looked_up"]
    biases = wiring.biases if a.biases is None else a.biases
    summed["head"] += 0 if tied else rows * (hidden + int("head" in biases))


def _outside_layers(a: Architecture, summed: Counter[str]) -> None:
    """Add what belongs to no layer: projecting per-layer embeddings, merging residual streams or alternating states."""
    hidden = need(a, "hidden_size")
    if a.per_layer_embedding:
        size = a.per_layer_embedding.size
        summed["other"] += hidden * size * need(a, "layers")
        summed["norms"] += size
    if a.residual_streams:
        summed["other"] += a.residual_streams * a.residual_streams * hidden + a.residual_streams + 1
    if a.alternating_updates:
        summed["other"] += 2 * (a.alternating_updates.inputs - 1) * hidden * hidden
