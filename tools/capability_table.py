"""The benchmark results as the table that the capability scale is fitted on."""

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from model_registry.other_schemas import Result
from scoring.candidates import Candidates, Flags, Floats
from scoring.capability_scale import CHANCE, ModeClass, item_name, mode_class_of, shares

BENCHMARKS_A_ROW, ROWS_AN_ITEM, DEVELOPERS_AN_ITEM = 3, 5, 3
"""An item that fewer developers report only orders their own models."""
Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Row:
    """A checkpoint as one class of modes takes it."""

    checkpoint: str
    position: int
    """In the candidates."""
    mode_class: ModeClass
    developer: str
    size: tuple[str, str, str]
    """Developer, release, size: what a Base shares with its post-trained siblings."""
    parameters: float
    days: float


@dataclass(frozen=True)
class Table:
    """Results with their rows and items; positions point into ``rows`` and ``items``."""

    rows: tuple[Row, ...]
    items: tuple[str, ...]
    row: Positions
    item: Positions
    results: tuple[Result, ...]

    @classmethod
    def of(cls, candidates: Candidates) -> Self:
        """Return every result of a registry."""
        rows: dict[tuple[int, ModeClass], Row] = {}
        found: list[tuple[Row, str, Result]] = []
        for position, entry in enumerate(candidates.entries):
            size = (entry.developer, entry.release.release, entry.size.size)
            facts = (float(candidates.parameters[position]), float(candidates.age_anchor_days[position]))
            for result, _ in candidates.registry.results_of(entry.id):
                taken = mode_class_of(result.mode, entry.checkpoint.reasoning)
                row = rows.setdefault((position, taken), Row(entry.id, position, taken, entry.developer, size, *facts))
                found.append((row, item_name(result.benchmark, taken, result.language), result))
        return cls._indexed(found)

    @classmethod
    def _indexed(cls, found: list[tuple[Row, str, Result]]) -> Self:
        """Return the table in an order of its own, whatever the order of the registry."""
        found = sorted(found, key=lambda one: (one[0].checkpoint, one[0].mode_class, one[1], one[2].reported_by, one[2].score))
        rows = {row: index for index, row in enumerate(dict.fromkeys(row for row, _, _ in found))}
        items = {name: index for index, name in enumerate(sorted({name for _, name, _ in found}))}
        return cls(
            rows=tuple(rows),
            items=tuple(items),
            row=np.array([rows[row] for row, _, _ in found], dtype=np.int64),
            item=np.array([items[name] for _, name, _ in found], dtype=np.int64),
            results=tuple(result for _, _, result in found),
        )

    def where(self, chosen: Flags) -> Self:
        """Return the table of some results, with the rows and items that they still need."""
        kept = np.flatnonzero(chosen)
        return self._indexed([(self.rows[self.row[i]], self.items[self.item[i]], self.results[i]) for i in kept])

    def with_scores(self, scores: Floats) -> Self:
        """Return the table with other scores (0 to 1)."""
        changed = zip(self.results, scores, strict=True)
        return replace(self, results=tuple(row.model_copy(update={"score": 100 * float(score)}) for row, score in changed))

    @property
    def scores(self) -> Floats:
        """Return the scores, 0 to 1."""
        return np.array([result.score / 100 for result in self.results], dtype=np.float64)

    @property
    def weights(self) -> Floats:
        """Return the share with which each result counts."""
        return shares(list(self.results), self.row.tolist())

    @property
    def developers(self) -> npt.NDArray[np.str_]:
        """Return the developer of each result's checkpoint."""
        return np.array([self.rows[row].developer for row in self.row])

    @property
    def chance(self) -> Floats:
        """Return what guessing scores on each item."""
        return np.array([CHANCE.get(item.split(".")[0], 0.0) for item in self.items])

    def siblings(self) -> list[tuple[int, int]]:
        """Return the pairs of rows (Base, its post-trained sibling that answers at once)."""
        by_size: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for index, row in enumerate(self.rows):
            by_size[row.size].append(index)
        classes = [row.mode_class for row in self.rows]
        return [
            (base, other)
            for members in by_size.values()
            for base in members
            for other in members
            if classes[base] == "base" and classes[other] == "direct"
        ]

    def digest(self) -> str:
        """Return a digest of everything that a fit depends on."""
        lines = [
            f"{self.rows[row].checkpoint} {self.rows[row].mode_class} {self.rows[row].parameters:.0f} {self.rows[row].days:.0f} "
            f"{self.items[item]} {result.score} {result.reported_by}"
            for row, item, result in zip(self.row, self.item, self.results, strict=True)
        ]
        return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16]

    def core(self) -> Self:
        """Return the densest part: enough benchmarks a row, enough rows and developers an item, and all of it connected."""
        table = self
        while True:
            chosen = _enough_benchmarks(table) & _enough_rows(table)
            if not chosen.all():
                table = table.where(chosen)
                continue
            component = _components(table)
            largest = component == Counter(component.tolist()).most_common(1)[0][0]
            if largest.all():
                return table
            table = table.where(largest)


def _enough_benchmarks(table: Table) -> Flags:
    names = {(row, result.benchmark) for row, result in zip(table.row.tolist(), table.results, strict=True)}
    counts = Counter(row for row, _ in names)
    return np.array([counts[row] >= BENCHMARKS_A_ROW for row in table.row.tolist()])


def _enough_rows(table: Table) -> Flags:
    rows, developers = defaultdict(set), defaultdict(set)
    for row, item in zip(table.row.tolist(), table.item.tolist(), strict=True):
        rows[item].add(row)
        developers[item].add(table.rows[row].developer)
    enough = {item for item in rows if len(rows[item]) >= ROWS_AN_ITEM and len(developers[item]) >= DEVELOPERS_AN_ITEM}
    return np.array([item in enough for item in table.item.tolist()])


def _components(table: Table) -> Positions:
    """Return the connected component of each result in the graph of rows, items and siblings."""
    rows, count = len(table.rows), len(table.rows) + len(table.items)
    edges = [*zip(table.row.tolist(), (rows + table.item).tolist(), strict=True), *table.siblings()]
    left, right = np.array(edges).T
    graph = coo_array((np.ones(len(edges)), (left, right)), shape=(count, count))
    labels = connected_components(graph, directed=False)[1]
    found: Positions = labels[table.row].astype(np.int64)
    return found
