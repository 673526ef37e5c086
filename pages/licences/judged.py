"""Every licence against one use, and every checkpoint by its own licence."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from model_registry.licence_schema import Licence
from model_registry.registry import Entry, Registry
from scoring.licence_use import SEVERITY, LicenceVerdict, Verdict, judge
from scoring.scenario import Use


@dataclass(frozen=True)
class Judged:
    """A licence with its verdict and the checkpoints under it; no licence stands for checkpoints without a record."""

    licence: Licence | None
    verdict: LicenceVerdict
    entries: tuple[Entry, ...]

    @property
    def licence_id(self) -> str:
        """Return the id, empty where there is no record."""
        return self.licence.id if self.licence else ""


def judge_entry(registry: Registry, use: Use, entry: Entry) -> LicenceVerdict:
    """Return the verdict of a checkpoint's licence; whether it takes images counts."""
    return judge(registry.licences.get(entry.licence.id or ""), use, multimodal=entry.abilities.image)


def judge_licences(registry: Registry, use: Use) -> list[Judged]:
    """Return every licence judged, the most useful first: by verdict, then by how many checkpoints it covers."""
    under: dict[str, list[Entry]] = {name: [] for name in registry.licences}
    for entry in registry.entries:
        under.setdefault(entry.licence.id if entry.licence.id in registry.licences else "", []).append(entry)
    found = [_judged(registry.licences.get(name), use, entries) for name, entries in under.items()]
    return sorted(found, key=lambda one: (SEVERITY.index(one.verdict.verdict), -len(one.entries), one.licence_id))


def checkpoints_by_verdict(registry: Registry, use: Use) -> Counter[Verdict]:
    """Return how many checkpoints get which verdict, each judged as the model that it is."""
    known: dict[tuple[str | None, bool | None], Verdict] = {}
    for entry in registry.entries:
        key = (entry.licence.id, entry.abilities.image)
        if key not in known:
            known[key] = judge_entry(registry, use, entry).verdict
    return Counter(known[entry.licence.id, entry.abilities.image] for entry in registry.entries)


def by_licence(entries: Iterable[Entry]) -> dict[str | None, list[Entry]]:
    """Return checkpoints by their licence, in the order in which the licences are met."""
    found: dict[str | None, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.licence.id, []).append(entry)
    return found


def _judged(licence: Licence | None, use: Use, entries: list[Entry]) -> Judged:
    kinds = {entry.abilities.image for entry in entries}
    multimodal = kinds.pop() if len(kinds) == 1 else None
    return Judged(licence, judge(licence, use, multimodal=multimodal), tuple(entries))
