"""Compare the memory formulas with published measurements.

Run: python -m tools.compare_memory. Reads docs/measurements.csv (one measurement a row) and docs/peers_memory.csv (what other
tools answer for some of the rows), computes the formula and both ends of the range for every row, prints the tables and
writes them into docs/memory.md between its markers. ``--check`` writes nothing and fails when the document is not current.

How several devices are counted: a figure summed over devices that share the layers, and one printed for a single device, are
compared with the formula for one device. The fullest of several devices that share the layers has its share of the weights,
the cache and the state. Tensor parallelism and ZeRO are what the formulas model themselves; where the source prints the sum
over the devices, the formula for one device is multiplied by their number.
"""

import argparse
import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from model_registry.adapters import Targets
from model_registry.load import load
from model_registry.memory import GIB, LOW_FACTOR, PRECISIONS, Workload, serve
from model_registry.parameters import NotModelled
from model_registry.registry import Entry, Registry
from model_registry.training_memory import Method, Training, tune

DOCS = Path(__file__).parent.parent / "docs"
MEASUREMENTS, PEERS, DOCUMENT = DOCS / "measurements.csv", DOCS / "peers_memory.csv", DOCS / "memory.md"
BEGIN, END = "<!-- generated: {} -->", "<!-- end: {} -->"
_ESTIMATE = "_estimate"
_PEER_TABLES = ("Qwen2.5 speed benchmark", "Qwen3 speed benchmark")


@dataclass(frozen=True)
class Measurement:
    """One row of docs/measurements.csv."""

    task: str
    checkpoint: str
    method: str
    precision: str
    tokens_in: int
    tokens_out: int
    batch: int
    devices: int
    per_device: bool
    prompt: str
    rank: int
    targets: str
    checkpointing: bool
    fused_loss: bool
    zero: int
    memory_bytes: int
    printed: str
    source_url: str
    place: str
    note: str

    @property
    def counted(self) -> bool:
        """Tell whether a source measured it; what a vendor estimates or requires is shown and not counted."""
        return not self.task.endswith(_ESTIMATE)

    @property
    def table(self) -> str:
        """Return the name of the table that it belongs to."""
        return self.place.split(",", 1)[0]

    @property
    def conditions(self) -> str:
        """Return what was run, in a few words."""
        size = f"{self.tokens_in}+{self.tokens_out}" if self.task.startswith("serve") else str(self.tokens_in)
        words = [self.method, self.precision, f"{size} tokens", f"batch {self.batch}" if self.batch > 1 else ""]
        words.append(f"{self.devices} devices" if self.devices > 1 else "")
        words.append("" if self.checkpointing or self.task.startswith("serve") else "no checkpointing")
        return ", ".join(filter(None, words))


@dataclass(frozen=True)
class Compared:
    """A measurement beside our numbers (bytes)."""

    measurement: Measurement
    formula: int
    low: int
    high: int

    @property
    def error(self) -> float:
        """Return how far the formula is from the measurement, as a share of it."""
        return self.formula / self.measurement.memory_bytes - 1

    @property
    def resident(self) -> int:
        """Return what has to be there to serve: weights, cache and state, without activations."""
        return round(self.low / LOW_FACTOR)

    @property
    def inside(self) -> bool:
        """Tell whether the measurement lies in the range."""
        return self.low <= self.measurement.memory_bytes <= self.high


@dataclass(frozen=True)
class Peer:
    """What another tool answers for one workload; None = it does not answer."""

    tool: str
    version: str
    checkpoint: str
    precision: str
    tokens: int
    batch: int
    answer: int | None


def measurements() -> list[Measurement]:
    """Return the rows of docs/measurements.csv."""
    with MEASUREMENTS.open(encoding="utf-8", newline="") as file:
        return [_measurement(row) for row in csv.DictReader(file)]


def _measurement(row: dict[str, str]) -> Measurement:
    whole = {name: int(row[name] or 0) for name in ("tokens_in", "tokens_out", "batch", "devices", "rank", "zero", "memory_bytes")}
    flags = {name: row[name] == "yes" for name in ("per_device", "checkpointing", "fused_loss")}
    texts = ("task", "checkpoint", "method", "precision", "prompt", "targets", "printed", "source_url", "place", "note")
    return Measurement(**{name: row[name] for name in texts}, **whole, **flags)  # type: ignore[arg-type]  # by the names above


def peers(path: Path) -> list[Peer]:
    """Return what other tools answer."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Peer(
                row["tool"],
                row["version"],
                row["checkpoint"],
                row["precision"],
                int(row["tokens"]),
                int(row["batch"]),
                int(row["bytes"]) if row["bytes"] else None,
            )
            for row in csv.DictReader(file)
        ]


def compare(registry: Registry, row: Measurement) -> Compared:
    """Return a measurement beside our numbers. Raises ValueError when we have none: such a row does not belong into the file."""
    ours = _served if row.task.startswith("serve") else _tuned
    return Compared(row, *ours(registry[row.checkpoint], row))


def _served(entry: Entry, row: Measurement) -> tuple[int, int, int]:
    if row.precision not in PRECISIONS:
        message = f"{row.checkpoint}: no such format {row.precision}"
        raise ValueError(message)
    found = serve(
        entry,
        Workload(
            tokens=row.tokens_in + row.tokens_out,
            batch=row.batch,
            weights=row.precision,
            devices=row.devices if row.method == "tensor" else 1,
            prefill_tokens=0 if row.prompt == "resident" else row.tokens_in * row.batch,
            full_logits=row.prompt == "at_once_with_logits",
        ),
    )
    if isinstance(found, NotModelled):
        message = f"{row.checkpoint}: {found.reason}"
        raise ValueError(message)  # noqa: TRY004 - the row is at fault, not a type
    if row.method == "layers" and row.per_device:
        parts = ("weights_bytes", "vision_bytes", "kv_cache_bytes", "state_bytes")
        found = replace(found, **{part: getattr(found, part) // row.devices for part in parts})
    return found.total_bytes, found.low_bytes, found.high_bytes


def _tuned(entry: Entry, row: Measurement) -> tuple[int, int, int]:
    plan = Training(
        method=cast("Method", row.method),
        sequence=row.tokens_in,
        batch=row.batch,
        rank=row.rank,
        targets=cast("Targets", row.targets or "all"),
        checkpointing=row.checkpointing,
        fused_loss=row.fused_loss,
        zero=row.zero,  # type: ignore[arg-type]  # checked by the tests
        devices=row.devices if row.zero else 1,
    )
    found = tune(entry, plan)
    if isinstance(found, NotModelled):
        message = f"{row.checkpoint}: {found.reason}"
        raise ValueError(message)  # noqa: TRY004 - the row is at fault, not a type
    times = 1 if row.per_device else plan.devices
    return times * found.total_bytes, times * found.low_bytes, times * found.high_bytes


def mean_error(rows: Sequence[Compared]) -> float:
    """Return the mean absolute error of the formula."""
    return sum(abs(row.error) for row in rows) / len(rows)


def share_inside(rows: Sequence[Compared]) -> float:
    """Return the share of measurements that lie in the range."""
    return sum(row.inside for row in rows) / len(rows)


def by_table(rows: Sequence[Compared]) -> dict[str, list[Compared]]:
    """Return the rows by table, in the order of the file."""
    grouped: dict[str, list[Compared]] = defaultdict(list)
    for row in rows:
        grouped[row.measurement.table].append(row)
    return dict(grouped)


def document(registry: Registry, answers: Sequence[Peer]) -> dict[str, str]:
    """Return the generated parts of docs/memory.md by name."""
    rows = [compare(registry, row) for row in measurements()]
    return {
        "tables": _tables(rows),
        "outside": _outside([row for row in rows if row.measurement.counted]),
        "peers": _peers(rows, answers),
        "not modelled": _not_modelled(registry),
    }


def _tables(rows: Sequence[Compared]) -> str:
    counted = [row for row in rows if row.measurement.counted]
    groups = by_table(rows)
    lines = ["| Table | Rows | Mean error | Bias | Inside | Below | Above |", "|---|---:|---:|---:|---:|---:|---:|"]
    lines += [_line(name, group) for name, group in groups.items() if group[0].measurement.counted]
    for task, name in (("serve", "**Serving**"), ("tune", "**Fine-tuning**")):
        lines.append(_line(name, [row for row in counted if row.measurement.task == task]))
    lines += [_line("**All that is counted**", counted)]
    lines += ["", "Not counted, because these are a vendor's requirements or estimates and no conditions are stated:", ""]
    lines += [*lines[:2], *(_line(name, group) for name, group in groups.items() if not group[0].measurement.counted)]
    lines.append(_line("**All rows of the file**", rows))
    return "\n".join(lines)


def _line(name: str, rows: Sequence[Compared]) -> str:
    bias = sum(row.error for row in rows) / len(rows)
    below = sum(row.measurement.memory_bytes < row.low for row in rows)
    above = sum(row.measurement.memory_bytes > row.high for row in rows)
    return f"| {name} | {len(rows)} | {mean_error(rows):.1%} | {bias:+.1%} | {share_inside(rows):.1%} | {below} | {above} |"


def _outside(rows: Sequence[Compared]) -> str:
    lines = ["| Place | Checkpoint | Conditions | Measured | Formula | Range |", "|---|---|---|---:|---:|---:|"]
    for row in rows:
        if not row.inside:
            m = row.measurement
            numbers = f"{m.memory_bytes / GIB:.2f} | {row.formula / GIB:.2f} | {row.low / GIB:.2f} to {row.high / GIB:.2f}"
            lines.append(f"| [{m.place}]({m.source_url}) | {m.checkpoint} | {m.conditions} | {numbers} |")
    return "\n".join(lines)


def _peers(rows: Sequence[Compared], answers: Sequence[Peer]) -> str:
    tools = list(dict.fromkeys(f"{answer.tool} {answer.version}" for answer in answers))
    found = {(f"{a.tool} {a.version}", a.checkpoint, a.precision, a.tokens, a.batch): a.answer for a in answers}
    names = ["Formula", "Weights and cache alone", *tools]
    lines = ["| Table | Rows | " + " | ".join(names) + " |", "|---|---:|" + "---:|" * len(names)]
    details = ["| Checkpoint | Tokens | Measured | " + " | ".join(names) + " |", "|---|---:|---:|" + "---:|" * len(names)]
    for name in _PEER_TABLES:
        group = [row for row in rows if row.measurement.table == name and (tools[0], *_key(row)) in found]
        all_answers = [[row.formula, row.resident, *(found[tool, *_key(row)] for tool in tools)] for row in group]
        means = [_mean_of_answers(group, column) for column in zip(*all_answers, strict=True)]
        lines.append(f"| {name} | {len(group)} | " + " | ".join(means) + " |")
        for row, given in zip(group, all_answers, strict=True):
            cells = " | ".join(_with_error(answer, row) for answer in given)
            details.append(f"| {_key(row)[0]} | {_key(row)[2]} | {row.measurement.memory_bytes / GIB:.2f} | {cells} |")
    return "\n".join([*lines, "", *details])


def _key(row: Compared) -> tuple[str, str, int, int]:
    m = row.measurement
    return m.checkpoint, m.precision, m.tokens_in + m.tokens_out, m.batch


def _with_error(answer: int | None, row: Compared) -> str:
    if answer is None:
        return "no answer"
    return f"{answer / GIB:.2f} ({answer / row.measurement.memory_bytes - 1:+.1%})"


def _mean_of_answers(rows: Sequence[Compared], answers: Sequence[int | None]) -> str:
    pairs = [(answer, row.measurement.memory_bytes) for row, answer in zip(rows, answers, strict=True) if answer is not None]
    if not pairs:
        return "no answer"
    short = "" if len(pairs) == len(rows) else f" (of {len(pairs)})"
    return f"{sum(abs(answer / measured - 1) for answer, measured in pairs) / len(pairs):.1%}{short}"


def refusals(registry: Registry) -> Iterator[tuple[str, str]]:
    """Yield the id of every checkpoint whose serving memory is not modelled, and the reason."""
    for entry in registry.entries:
        answer = serve(entry, Workload(1))
        if isinstance(answer, NotModelled):
            yield entry.id, answer.reason


def _not_modelled(registry: Registry) -> str:
    found = dict(refusals(registry))
    total = len(registry.entries)
    lines = [f"Modelled: {total - len(found)} of {total} checkpoints.", "", "| Reason | Checkpoints | Ids |", "|---|---:|---|"]
    for reason, count in Counter(found.values()).most_common():
        ids = ", ".join(sorted(name for name, why in found.items() if why == reason))
        lines.append(f"| {reason} | {count} | {ids} |")
    return "\n".join(lines)


def written(text: str, parts: dict[str, str]) -> str:
    """Return the document with its generated parts replaced. Raises ValueError when a marker is missing."""
    for name, part in parts.items():
        begin, end = BEGIN.format(name), END.format(name)
        before, middle, rest = text.partition(begin)
        _, last, after = rest.partition(end)
        if not middle or not last:
            message = f"{DOCUMENT.name}: no marker {begin} or {end}"
            raise ValueError(message)
        text = f"{before}{begin}\n\n{part}\n\n{end}{after}"
    return text


def main() -> int:
    """Write the tables into docs/memory.md and print them."""
    parser = argparse.ArgumentParser(description="Compare the memory formulas with published measurements.")
    parser.add_argument(
        "--peers", type=Path, default=PEERS, metavar="FILE", help="what other tools answer (default: docs/peers_memory.csv)"
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the document is not current")
    options = parser.parse_args()
    parts = document(load(), peers(options.peers))
    old = DOCUMENT.read_text(encoding="utf-8")
    new = written(old, parts)
    if options.check:
        sys.stdout.write("current\n" if new == old else f"{DOCUMENT.name} is not current: run python -m tools.compare_memory\n")
        return int(new != old)
    DOCUMENT.write_text(new, encoding="utf-8")
    sys.stdout.write("\n\n".join(parts.values()) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
