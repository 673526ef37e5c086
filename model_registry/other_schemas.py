"""The shapes of benchmark files and of the device list."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from model_registry.base_schema import LanguageCode, RepositoryId, Slug, Source, _Model

Mode: TypeAlias = Literal["base_few_shot", "instruct", "thinking", "non_thinking", "unspecified"]
BenchmarkId: TypeAlias = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]


class Result(_Model):
    """One benchmark result of one checkpoint, as its source prints it."""

    checkpoint: RepositoryId
    benchmark: BenchmarkId
    score: Annotated[float, Field(ge=0, le=100)]
    """Per cent, as printed."""
    mode: Mode
    shots: Annotated[int, Field(ge=0)] | None
    language: LanguageCode
    """Language of the test."""
    reported_by: Literal["vendor", "third_party"]
    source: str
    place: str | None
    """Table, page or section of the source."""
    note: str | None


class Benchmarks(_Model):
    """A file of results."""

    sources: dict[Slug, Source]
    results: Annotated[tuple[Result, ...], Field(min_length=1)]


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
    bandwidth_gb_s: Annotated[float, Field(gt=0)] | None
    bf16_tflops: Annotated[float, Field(gt=0)] | None
    """Dense matrix rate, never the sparse figure."""
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    note: str | None


class Devices(_Model):
    """The device list."""

    sources: dict[Slug, Source]
    devices: Annotated[tuple[Device, ...], Field(min_length=1)]
