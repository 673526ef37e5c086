"""The shape of ``ecosystem.yaml``: which tools fine-tune and serve which checkpoints, read in the tools' own sources."""

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from model_registry.base_schema import RepositoryId, Slug, Source, _Model

ToolKind: TypeAlias = Literal["tuning", "serving"]
CheckpointsByName: TypeAlias = dict[str, Annotated[tuple[RepositoryId, ...], Field(min_length=1)]]
"""A name that a command takes, and the checkpoints that it is for."""


class Tool(_Model):
    """A fine-tuning tool or a serving engine, in one version."""

    id: Slug
    name: str
    version: str
    """Version or commit that was read."""
    kind: ToolKind
    source: Slug
    """Key of the file's ``sources``: where its support was read."""
    by: Literal["checkpoint", "model_type"]
    """Whether it names checkpoints, or classes that belong to model types."""
    note: str
    """What counts as support, and what that leaves out."""
    checkpoints: tuple[RepositoryId, ...] = ()
    """Checkpoints that it names."""
    listed_as: dict[RepositoryId, RepositoryId] = Field(default_factory=dict)
    """Checkpoints that it names by another id of the same repository."""
    model_types: tuple[str, ...] = ()
    """Values of ``model_type`` whose class it has."""
    except_checkpoints: dict[RepositoryId, str] = Field(default_factory=dict)
    """Checkpoints of those model types that it does not support, and why."""
    remote_code_model_types: tuple[str, ...] = ()
    """Model types among them that it may refuse to load without running the repository's own code."""
    removed_model_types: dict[str, str] = Field(default_factory=dict)
    """Model types that it does not support any more: the last version that did."""
    tool_parser_source: Slug | None = None
    tool_parsers: CheckpointsByName = Field(default_factory=dict)
    """Parsers of tool calls."""
    reasoning_parser_source: Slug | None = None
    reasoning_parsers: CheckpointsByName = Field(default_factory=dict)
    """Parsers of reasoning."""
    templates: CheckpointsByName = Field(default_factory=dict)
    """Chat templates that a fine-tuning tool preselects."""
    group_templates: CheckpointsByName = Field(default_factory=dict)
    """Chat templates of a checkpoint's group that it does not preselect."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the keys of the sources that it names."""
        return tuple(key for key in (self.source, self.tool_parser_source, self.reasoning_parser_source) if key is not None)

    @model_validator(mode="after")
    def _a_model_type_is_there_or_gone(self) -> Self:
        strange = sorted(set(self.remote_code_model_types) - set(self.model_types))
        if strange:
            message = f"remote_code_model_types must be among model_types (got {', '.join(strange)})"
            raise ValueError(message)
        both = sorted(set(self.removed_model_types) & set(self.model_types))
        if both:
            message = f"a model type is supported or removed, not both (got {', '.join(both)})"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _a_name_has_a_source_and_a_checkpoint_one_name(self) -> Self:
        for kind in ("tool", "reasoning"):
            if bool(getattr(self, f"{kind}_parsers")) != (getattr(self, f"{kind}_parser_source") is not None):
                message = f"{kind}_parsers and {kind}_parser_source stand together"
                raise ValueError(message)
        for names in (self.tool_parsers, self.reasoning_parsers, self.templates, self.group_templates):
            named = [checkpoint for checkpoints in names.values() for checkpoint in checkpoints]
            twice = sorted({checkpoint for checkpoint in named if named.count(checkpoint) > 1})
            if twice:
                message = f"a checkpoint has one parser and one template (got {', '.join(twice)} twice)"
                raise ValueError(message)
        return self


class EcosystemFile(_Model):
    """The file of tools."""

    sources: dict[Slug, Source]
    releases_read: tuple[str, ...]
    """Releases that were looked for in every tool: for any other, a tool that does not name it is not known to lack it."""
    tools: Annotated[tuple[Tool, ...], Field(min_length=1)]
