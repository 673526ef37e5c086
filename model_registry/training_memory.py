"""Bytes to fine-tune a model: weights, gradients, optimiser and activations, as a range.

Full fine-tuning with AdamW in mixed precision keeps 18 bytes a parameter: weights in 16 bits, gradients and the optimiser's
master copy and two moments in 32 bits (arXiv 1910.02054, where ZeRO's stages share them between devices). LoRA (arXiv
2106.09685) keeps frozen weights in 16 bits and 16 bytes a trainable parameter; QLoRA (arXiv 2305.14314) the matrices of the
layers in NF4. Activations with and without checkpointing follow arXiv 2205.05198, without attention scores, which flash
attention does not keep, counted for each kind of MLP; logits, their copies and their gradients are kept unless the loss is
fused. The range is where published measurements lie (docs/memory.md).
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from model_registry.adapters import Targets, adapter_parameters
from model_registry.kv_cache import BYTES_16_BIT
from model_registry.layer_parameters import GATED
from model_registry.memory import COMMUNICATION_BYTES, GIB, LAYER_BITS, mlp_width
from model_registry.parameters import Breakdown, NotModelled
from model_registry.registry import Entry

Method: TypeAlias = Literal["full", "lora", "qlora"]
Stage: TypeAlias = Literal[0, 1, 2, 3]
"""Stages of ZeRO; 0 = nothing is shared."""
GRADIENT_BYTES, OPTIMISER_BYTES = 4, 12
ADAPTER_BYTES = 16
"""Bytes a trainable parameter of adapters: weight, gradient and two moments in 32 bits."""
DOUBLE_QUANT_BITS = 4.127
"""NF4 whose scales are quantised once more (arXiv 2305.14314, section 3): the lower end of QLoRA's weights."""
LOGIT_BYTES, LEAST_LOGIT_BYTES = 16, 10
"""Bytes a token and vocabulary entry: logits, a copy in 32 bits, the softmax and the gradients; the least keep one copy less."""
LOW_FACTOR, HIGH_FACTOR, HIGH_ACTIVATIONS, HIGH_FIXED = 0.93, 1.3, 2.5, 2 * GIB
"""The range: 0.93 times the formula with the least logits; 1.3 times what stays, 2.5 times what passes, and 2 GiB."""


@dataclass(frozen=True)
class Training:
    """How a checkpoint is tuned."""

    method: Method
    sequence: int
    """Tokens of one training sequence."""
    batch: int = 1
    """Sequences at once on one device."""
    rank: int = 16
    targets: Targets = "all"
    checkpointing: bool = True
    """Activations are computed anew in the backward pass, one layer kept at a time."""
    fused_loss: bool = False
    """The loss is computed without keeping the logits."""
    zero: Stage = 0
    """Stage of ZeRO: 1 shares the optimiser between the devices, 2 the gradients too, 3 the weights too."""
    devices: int = 1


@dataclass(frozen=True)
class Tuning:
    """What one device holds (bytes)."""

    weights_bytes: int
    vision_bytes: int
    adapter_bytes: int
    gradient_bytes: int
    optimiser_bytes: int
    activation_bytes: int
    logits_bytes: int
    communication_bytes: int
    trainable_parameters: int
    saved_bytes: int = 0
    """What the lower end leaves out: a copy of the logits, and the scales of NF4 quantised once more."""

    @property
    def total_bytes(self) -> int:
        """Return the formula's sum."""
        return sum(getattr(self, f"{part}_bytes") for part in TUNING_PARTS)

    @property
    def low_bytes(self) -> int:
        """Return the lower end of the range."""
        return round(LOW_FACTOR * (self.total_bytes - self.saved_bytes))

    @property
    def high_bytes(self) -> int:
        """Return the upper end of the range."""
        passes = self.activation_bytes + self.logits_bytes
        return round(HIGH_FACTOR * (self.total_bytes - passes) + HIGH_ACTIVATIONS * passes + HIGH_FIXED)


TUNING_PARTS = ("weights", "vision", "adapter", "gradient", "optimiser", "activation", "logits", "communication")
"""What adds up to the formula, in reading order."""


def tune(entry: Entry, plan: Training) -> Tuning | NotModelled:
    """Return what each device holds to tune a checkpoint, or NotModelled with the reason."""
    counted, a = entry.breakdown, entry.architecture
    if isinstance(counted, NotModelled):
        return counted
    adapters = 0 if plan.method == "full" else adapter_parameters(a, entry.wiring, plan.rank, plan.targets)
    if isinstance(adapters, NotModelled):
        return adapters
    width = mlp_width(entry)
    if width is None or a.hidden_size is None or a.layers is None or a.embedding_rows is None:
        return NotModelled("a width that the activations need is not known")
    full = plan.method == "full"
    tokens = plan.sequence * plan.batch
    one_layer = 22 * a.hidden_size + 8 * width if a.activation in GATED else 16 * a.hidden_size + 4 * width
    kept = BYTES_16_BIT * a.layers * a.hidden_size + one_layer if plan.checkpointing else a.layers * one_layer
    weights, saved = _weights(counted, quantised=plan.method == "qlora")
    entries = 0 if plan.fused_loss else tokens * a.embedding_rows
    return Tuning(
        weights_bytes=weights // _sharers(plan, 3),
        vision_bytes=(entry.parameters.vision or 0) * BYTES_16_BIT // _sharers(plan, 3),
        adapter_bytes=adapters * ADAPTER_BYTES,
        gradient_bytes=GRADIENT_BYTES * counted.total // _sharers(plan, 2) if full else 0,
        optimiser_bytes=OPTIMISER_BYTES * counted.total // _sharers(plan, 1) if full else 0,
        activation_bytes=tokens * kept,
        logits_bytes=entries * LOGIT_BYTES,
        communication_bytes=COMMUNICATION_BYTES if plan.devices > 1 else 0,
        trainable_parameters=counted.total if full else adapters,
        saved_bytes=saved // _sharers(plan, 3) + entries * (LOGIT_BYTES - LEAST_LOGIT_BYTES),
    )


def _sharers(plan: Training, from_stage: int) -> int:
    """Return how many devices share what ZeRO shares from a stage on."""
    return plan.devices if plan.zero >= from_stage else 1


def _weights(counted: Breakdown, *, quantised: bool) -> tuple[int, int]:
    """Return the bytes of the frozen or trained weights, and what double quantisation would save."""
    if not quantised:
        return counted.total * BYTES_16_BIT, 0
    matrices = counted.attention + counted.linear + counted.mlp + counted.routed + counted.shared
    kept = (counted.total - matrices) * BYTES_16_BIT
    bits = LAYER_BITS["nf4"]
    return round(matrices * bits / 8) + kept, round(matrices * (bits - DOUBLE_QUANT_BITS) / 8)
