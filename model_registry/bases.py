"""Whether a Base was published, size by size."""

from collections.abc import Iterable
from dataclasses import dataclass

from model_registry.base_schema import Source
from model_registry.registry import Registry


@dataclass(frozen=True)
class SizeBase:
    """One size of a release and what is known of its Base."""

    release: str
    developer: str
    size: str
    released: str | None
    published: bool | None
    """None: looked for, not found."""
    base_id: str | None
    """The Base's repository, in the registry or not."""
    checkpoint_id: str
    """A registered checkpoint of the size: its Base where there is one."""
    source: Source

    @property
    def registered(self) -> bool:
        """Tell whether the checkpoint shown is the Base, or no Base is known."""
        return self.base_id in {None, self.checkpoint_id}

    @property
    def year(self) -> str | None:
        """Return the year of release."""
        return self.released[:4] if self.released else None


@dataclass(frozen=True)
class BaseCount:
    """How many sizes have a published Base, have none, or are not settled."""

    published: int
    not_published: int
    not_found: int

    @property
    def sizes(self) -> int:
        """Return the number of sizes counted."""
        return self.published + self.not_published + self.not_found


def size_bases(registry: Registry) -> tuple[SizeBase, ...]:
    """Return every size of every release once, the newest first, undated ones last."""
    rows: dict[tuple[int, str], SizeBase] = {}
    for entry in registry.entries:
        key = (id(entry.release), entry.size.size)
        if key in rows:
            continue
        base = registry.base_of(entry)
        shown = base if base is not None and base in registry else entry.id
        released = (entry.size.released or entry.release.released).date
        stated = entry.size.base
        names = (entry.release.release, entry.release.developer, entry.size.size)
        rows[key] = SizeBase(*names, released, stated.published, base, shown, entry.source(stated, "published"))
    return tuple(sorted(rows.values(), key=lambda row: row.released or "", reverse=True))


def count_bases(rows: Iterable[SizeBase]) -> BaseCount:
    """Return how many of some sizes have a published Base."""
    found = [row.published for row in rows]
    return BaseCount(found.count(True), found.count(False), found.count(None))
