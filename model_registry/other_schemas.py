"""The shapes of benchmark results, of their sources and of the device list."""

from typing import Annotated, Literal, Self, TypeAlias, get_args

from pydantic import Field, model_validator

from model_registry.base_schema import LanguageCode, RepositoryId, Slug, Source, _Model

Mode: TypeAlias = Literal["base_few_shot", "instruct", "thinking", "non_thinking", "unspecified"]
Reporter: TypeAlias = Literal["vendor", "competitor", "independent"]
"""Who reports: the checkpoint's own maker, the maker of another model, or neither."""
DeviceValue: TypeAlias = Literal["memory_gib", "memory_bytes", "usable_gib", "bandwidth_gb_s", "bf16_tflops"]
BenchmarkId: TypeAlias = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]

LANGUAGE_GROUPS = frozenset({"mul", "ine", "sit", "afa", "map", "dra", "trk", "tai", "urj", "aav"})
"""Codes that stand for many languages: ``mul`` of ISO 639-2 and the families of ISO 639-5."""


class Result(_Model):
    """One benchmark result of one checkpoint, as its source prints it."""

    checkpoint: RepositoryId
    benchmark: BenchmarkId
    score: Annotated[float, Field(ge=0, le=100)]
    """Per cent, as printed."""
    mode: Mode
    shots: Annotated[int, Field(ge=0)] | None
    language: LanguageCode
    """Language of the test, or a code of ``LANGUAGE_GROUPS``."""
    reported_by: Reporter
    source: Slug
    """Key of ``sources.yaml``."""
    place: str | None
    """Table, page or section of the source."""
    note: str | None


class BenchmarkSources(_Model):
    """The documents that the benchmark results were read in."""

    sources: dict[Slug, Source]


class Device(_Model):
    """A GPU or a unified-memory machine."""

    id: Slug
    name: str
    vendor: str
    kind: Literal["consumer", "workstation", "datacentre", "datacentre-cn", "unified"]
    memory_gib: Annotated[float, Field(gt=0)]
    """Memory as sold (the GB on the box are GiB, less one to six per cent that driver and ECC keep)."""
    memory_bytes: Annotated[int, Field(gt=0)] | None
    """Exact capacity where a source gives it."""
    usable_gib: Annotated[float, Field(gt=0)] | None
    """Share of unified memory that the GPU may use as the machine is delivered; null = not stated, or memory of its own."""
    bandwidth_gb_s: Annotated[float, Field(gt=0)] | None
    bf16_tflops: Annotated[float, Field(gt=0)] | None
    """Dense matrix rate, never the sparse figure."""
    sources: dict[DeviceValue, Annotated[tuple[str, ...], Field(min_length=1)]]
    """Who states each value."""
    note: str | None

    @model_validator(mode="after")
    def _every_value_has_a_source(self) -> Self:
        known = {name for name in get_args(DeviceValue) if getattr(self, name) is not None}
        if known != set(self.sources):
            message = f"sources must name every known value and no other: {', '.join(sorted(known))}"
            raise ValueError(message)
        return self


class Devices(_Model):
    """The device list."""

    sources: dict[Slug, Source]
    devices: Annotated[tuple[Device, ...], Field(min_length=1)]
