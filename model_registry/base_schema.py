"""What every registry schema is built from: strict frozen models, sources, blocks of facts."""

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
