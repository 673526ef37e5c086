"""Small registries with chosen facts, for tests that must not move when the registry grows."""

from dataclasses import dataclass
from datetime import date

from model_registry.architecture_schema import Architecture
from model_registry.base_schema import Source
from model_registry.ecosystem import Ecosystem
from model_registry.kv_cache import cache_of
from model_registry.licence_schema import CommercialUse, Licence, OutputUse
from model_registry.other_schemas import Device, Mode, Result
from model_registry.parameters import COMPONENTS, Breakdown
from model_registry.registry import Entry, Registry
from model_registry.schema import (
    Abilities,
    BasePublished,
    Basis,
    ChatTemplate,
    Checkpoint,
    CheckpointSize,
    Context,
    Languages,
    LicenceReference,
    Parameters,
    Reasoning,
    Release,
    Released,
    Size,
    Tokenizer,
    Training,
    TrainingData,
    Variant,
)
from model_registry.tokenizer_tables import Tokenizers
from model_registry.wiring_schema import Wiring

GIB = 2**30
SOURCE = Source(url="https://example.org/card", read=date(2026, 11, 24))
FREE = Licence(
    id="free",
    name="Free",
    version=None,
    spdx=None,
    hub_tag=None,
    hub_name=None,
    osi_approved=True,
    read="primary",
    sources={"s": SOURCE},
    source="s",
    commercial=CommercialUse(clause="1", quote="any purpose", allowed="yes"),
    requirements=(),
    thresholds=(),
    business_excluded=(),
    territory_excluded=(),
    hosting="yes",
    redistribution="yes",
    derivatives="yes",
    duties=(),
    outputs_for_training=OutputUse(clause=None, quote=None, terms="free", note=None),
    output_claim=None,
    acceptable_use=None,
    flow_down=None,
    military_ban=None,
    patent=None,
    suit_ends_licence=None,
    revocable=None,
    sublicensable=None,
    unilateral_change=None,
    indemnity=None,
    termination=None,
    governing_law=None,
    note=None,
)
"""A licence that was read and asks for nothing."""


NOTHING_READ = Ecosystem()
"""No tool was read."""

PLAIN = Wiring(model_types=("plain",), source="s", norms=2)
"""A wiring without any feature."""


@dataclass(frozen=True)
class Facts:
    """What a test says of a checkpoint; the defaults meet every need of a default scenario.

    4 Gi parameters take 8 GiB in bf16, about 4.1 in int8, about 2.1 in int4. One token takes 128 KiB of KV cache
    (32 layers, 8 heads of 128, two vectors, two bytes), so that 8,192 tokens take 1 GiB. The layers are so narrow that
    activations take next to nothing.
    """

    name: str = "a"
    variant: Variant = "instruct"
    reasoning: Reasoning | None = "none"
    trained: int | None = 32_768
    advertised: int | None = 32_768
    config: int | None = None
    parameters: int | None = 2**32
    layers: int | None = 32
    licence: str | None = "free"
    codes: tuple[str, ...] | None = ("en", "zh")
    complete: bool = True
    basis: Basis | None = "supported"
    image: bool | None = False
    tools: bool | None = True
    fill_in_middle: bool | None = False
    base_published: bool | None = True
    data: TrainingData | None = "undisclosed"
    released: str | None = "2026-06"

    def entry(self) -> Entry:
        """Return the checkpoint of these facts."""
        checkpoint = Checkpoint(
            id=f"maker/{self.name}",
            variant=self.variant,
            reasoning=self.reasoning,
            context=Context(source="s", trained=self.trained, config=self.config, advertised=self.advertised, method=None),
            stored=CheckpointSize(source="s", count=None),
            chat_template=ChatTemplate(source="s", present=True),
        )
        size = Size(
            size="4B",
            parameters=Parameters(source="s", total=self.parameters, active_label=None),
            architecture=_architecture(self.layers),
            base=BasePublished(source="s", published=self.base_published, id=None),
            checkpoints=(checkpoint,),
        )
        release = Release(
            release=self.name,
            developer="Maker",
            sources={"s": SOURCE},
            released=Released(source="s", date=self.released),
            licence=LicenceReference(source="s", id=self.licence),
            training=Training(source="s", tokens=None, data=self.data, composition=None, cutoff=None),
            tokenizer=Tokenizer(source="s", algorithm=None, tool=None, vocabulary=None),
            languages=Languages(
                source="s",
                declared=None,
                at_least=False,
                basis=self.basis,
                codes=self.codes,
                complete=self.complete and bool(self.codes),
                card_tags=None,
            ),
            abilities=Abilities(source="s", image=self.image, tools=self.tools, fill_in_middle=self.fill_in_middle),
            sizes=(size,),
        )
        entry = Entry("maker", release, size, checkpoint, wiring=None)
        if self.parameters is not None:
            entry.__dict__["cache"] = cache_of(entry.architecture, PLAIN)
            entry.__dict__["breakdown"] = Breakdown(**{**dict.fromkeys(COMPONENTS, 0), "mlp": self.parameters, "routed_active": 0})
        return entry


def result(name: str, benchmark: str, score: float, *, language: str = "en", mode: Mode = "instruct") -> Result:
    """Return a vendor's benchmark result of a checkpoint."""
    return Result(
        checkpoint=f"maker/{name}",
        benchmark=benchmark,
        score=score,
        mode=mode,
        shots=None,
        language=language,
        reported_by="vendor",
        source="s",
        place=None,
        note=None,
    )


def registry_of(
    *facts: Facts, results: tuple[Result, ...] = (), licences: tuple[Licence, ...] = (), ecosystem: Ecosystem = NOTHING_READ
) -> Registry:
    """Return a registry of some checkpoints, with a device of 12 GiB and one whose bytes are known exactly."""
    return Registry(
        entries=tuple(item.entry() for item in facts),
        licences={licence.id: licence for licence in (FREE, *licences)},
        results=tuple((row, SOURCE) for row in results),
        devices={device.id: device for device in (_device("card-12", 12, None), _device("card-exact", 12, 12 * GIB - 1))},
        device_sources={},
        wiring_sources={},
        tokenizers=Tokenizers(),
        ecosystem=ecosystem,
        digest="",
    )


def _architecture(layers: int | None) -> Architecture:
    return Architecture(
        source="s",
        kind="dense",
        model_type=None,
        layers=layers,
        hidden_size=1,
        intermediate_size=1,
        attention="GQA",
        attention_heads=32,
        kv_heads=8,
        head_dim=128,
        position=None,
        rope_theta=None,
        norm=None,
        activation=None,
        tied_embeddings=None,
        embedding_rows=None,
    )


def _device(name: str, gib: float, exact: int | None) -> Device:
    return Device(
        id=name,
        name=name,
        vendor="Maker",
        kind="consumer",
        memory_gib=gib,
        memory_bytes=exact,
        usable_gib=None,
        bandwidth_gb_s=None,
        bf16_tflops=None,
        sources={"memory_gib": ("s",)} if exact is None else {"memory_gib": ("s",), "memory_bytes": ("s",)},
        note=None,
    )
