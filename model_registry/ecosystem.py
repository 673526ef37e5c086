"""The tools that fine-tune and serve checkpoints: who supports what, under which names, and the faults of the file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from model_registry.base_schema import Source
from model_registry.ecosystem_schema import CheckpointsByName, EcosystemFile, Tool, ToolKind
from model_registry.faults import Fault
from model_registry.yaml_reader import Document, dotted

if TYPE_CHECKING:
    from model_registry.registry import Entry

Support: TypeAlias = Literal["yes", "no", "unknown"]
_LISTS = ("checkpoints", "listed_as", "except_checkpoints")
_NAMED = ("tool_parsers", "reasoning_parsers", "templates", "group_templates")
_TYPES = ("model_types", "removed_model_types")


@dataclass(frozen=True)
class Ecosystem:
    """What was read of every tool; empty = nothing was read."""

    tools: Mapping[str, Tool] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    releases_read: frozenset[str] = frozenset()

    @cached_property
    def _listed(self) -> dict[str, frozenset[str]]:
        return {tool.id: frozenset((*tool.checkpoints, *tool.listed_as)) for tool in self.tools.values()}

    @cached_property
    def _types(self) -> dict[str, frozenset[str]]:
        return {tool.id: frozenset(tool.model_types) for tool in self.tools.values()}

    @cached_property
    def _names(self) -> dict[tuple[str, str], dict[str, str]]:
        """Return for each tool and kind of name the name of each checkpoint."""
        return {(tool.id, kind): _by_checkpoint(getattr(tool, kind)) for tool in self.tools.values() for kind in _NAMED}

    def _name(self, tool_id: str, kind: str, entry: "Entry") -> str | None:
        return self._names.get((tool_id, kind), {}).get(entry.id)

    def of_kind(self, kind: ToolKind) -> tuple[Tool, ...]:
        """Return the tools of a kind, in the file's order."""
        return tuple(tool for tool in self.tools.values() if tool.kind == kind)

    def support(self, entry: "Entry", tool: Tool) -> Support:
        """Tell whether a tool supports a checkpoint; ``no`` only where that was looked for."""
        if entry.id in tool.except_checkpoints:
            return "no"
        model_type = entry.architecture.model_type
        if entry.id in self._listed[tool.id] or model_type in self._types[tool.id]:
            return "yes"
        undecided = entry.release.release not in self.releases_read or (tool.by == "model_type" and model_type is None)
        return "unknown" if undecided else "no"

    def tools_for(self, entry: "Entry", kind: ToolKind) -> tuple[str, ...]:
        """Return the ids of the tools of a kind that support a checkpoint."""
        return tuple(tool.id for tool in self.of_kind(kind) if self.support(entry, tool) == "yes")

    def undecided(self, entry: "Entry", kind: ToolKind) -> tuple[str, ...]:
        """Return the ids of the tools of a kind of which it is not known whether they support a checkpoint."""
        return tuple(tool.id for tool in self.of_kind(kind) if self.support(entry, tool) == "unknown")

    def needs_remote_code(self, entry: "Entry", tool: Tool) -> bool:
        """Tell whether a tool may refuse a checkpoint unless it may run the repository's own code."""
        return entry.id not in tool.checkpoints and entry.architecture.model_type in tool.remote_code_model_types

    def tool_parser(self, entry: "Entry", tool_id: str) -> str | None:
        """Return the parser of tool calls that an engine names for a checkpoint."""
        return self._name(tool_id, "tool_parsers", entry)

    def reasoning_parser(self, entry: "Entry", tool_id: str) -> str | None:
        """Return the reasoning parser that an engine names for a checkpoint."""
        return self._name(tool_id, "reasoning_parsers", entry)

    def template(self, entry: "Entry", tool_id: str) -> tuple[str | None, bool]:
        """Return the chat template that a fine-tuning tool has for a checkpoint, and whether the tool itself preselects it."""
        own = self._name(tool_id, "templates", entry)
        return (own, True) if own else (self._name(tool_id, "group_templates", entry), False)

    def names_tool_parser(self, entry: "Entry") -> bool:
        """Tell whether any engine names a parser of tool calls for a checkpoint."""
        return any(self.tool_parser(entry, tool.id) for tool in self.of_kind("serving"))


@dataclass(frozen=True)
class Known:
    """What the rest of the registry has."""

    checkpoints: frozenset[str]
    model_types: frozenset[str]
    releases: frozenset[str]


def ecosystem_of(file: EcosystemFile) -> Ecosystem:
    """Return the ecosystem of a file."""
    return Ecosystem({tool.id: tool for tool in file.tools}, file.sources, frozenset(file.releases_read))


def ecosystem_faults(document: Document, file: EcosystemFile, known: Known) -> Iterator[Fault]:
    """Yield what names something that is not there: sources, checkpoints, model types, releases; and tools given twice."""
    used: set[str] = set()
    seen: set[str] = set()
    for index, tool in enumerate(file.tools):
        where = ("tools", index)
        if tool.id in seen:
            yield _fault(document, (*where, "id"), f"duplicate tool (got {tool.id!r})")
        seen.add(tool.id)
        used.update(tool.sources)
        for key in sorted(set(tool.sources) - set(file.sources)):
            yield _fault(document, where, f"names a source that the file does not have (got {key!r})")
        yield from _unknown_names(document, where, tool, known)
    for key in sorted(set(file.sources) - used):
        yield _fault(document, ("sources", key), "is named by no tool: remove it or use it")
    for position, release in enumerate(file.releases_read):
        if release not in known.releases:
            yield _fault(document, ("releases_read", position), f"no such release (got {release!r})")


def _unknown_names(document: Document, where: tuple[str | int, ...], tool: Tool, known: Known) -> Iterator[Fault]:
    for path, checkpoint in _named(tool, _LISTS, _NAMED):
        if checkpoint not in known.checkpoints:
            yield _fault(document, (*where, *path), f"no such checkpoint (got {checkpoint!r})")
    for path, model_type in _named(tool, _TYPES, ()):
        if model_type not in known.model_types:
            yield _fault(document, (*where, *path), f"no checkpoint has this model type (got {model_type!r})")


def _named(tool: Tool, plain: tuple[str, ...], grouped: tuple[str, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield every name of some lists, of the keys of some mappings and of some lists in mappings, each with its place."""
    for field_name in plain:
        names = getattr(tool, field_name)
        for position, name in enumerate(names):
            yield (field_name, name if isinstance(names, dict) else position), name
    for field_name in grouped:
        for code, names in getattr(tool, field_name).items():
            yield from (((field_name, code, position), name) for position, name in enumerate(names))


def _fault(document: Document, path: tuple[str | int, ...], message: str) -> Fault:
    return Fault(document.file, document.line_of(path)[0], dotted(path), message)


def _by_checkpoint(names: CheckpointsByName) -> dict[str, str]:
    return {checkpoint: name for name, checkpoints in names.items() for checkpoint in checkpoints}
