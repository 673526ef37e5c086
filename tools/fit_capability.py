"""Fit the capability scale and freeze it in ``scoring/capability.yaml``, or check and evaluate it.

python -m tools.fit_capability             fit and print what would be frozen
python -m tools.fit_capability --write     fit and freeze it: a release of the scale
python -m tools.fit_capability --check     fit again and say whether the frozen file is current (exit 1 if not)
python -m tools.fit_capability --evaluate  print the figures out of sample as JSON
"""

import argparse
import json
import sys
from collections.abc import Iterator

from model_registry.load import load
from model_registry.yaml_writer import block
from scoring.candidates import Candidates
from scoring.capability_scale import FILE, Scale, scale
from tools.capability_evaluation import FamilyFits, evaluate, widening_of
from tools.capability_fit import Fit, scale_of
from tools.capability_hiding import hiding
from tools.capability_table import Table

TOLERANCE = 0.005
"""How far a number may lie from the frozen one: solvers differ in the last digits from machine to machine."""
HEADER = "# Frozen with the scale's version; written by tools/fit_capability.py, explained in docs/capability.md.\n"


def fitted(table: Table) -> Scale:
    """Return the scale of a table's core, its intervals widened as unrelated halves of a checkpoint's results ask for."""
    fit = Fit(table.core()).run()
    return scale_of(fit, widening=widening_of(FamilyFits(table)))


def written(found: Scale) -> str:
    """Return a scale as the file holds it."""
    opened = frozenset({"prior", "basket", "items"})
    return HEADER + "\n".join(block(found.model_dump(), 0, open_keys=opened)) + "\n"


def differences(frozen: Scale, found: Scale) -> Iterator[str]:
    """Yield a line for each number or name in which two scales differ by more than the tolerance."""
    old, new = _flat(frozen.model_dump()), _flat(found.model_dump())
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        near = isinstance(before, int | float) and isinstance(after, int | float) and abs(before - after) <= TOLERANCE
        if not near and before != after:
            yield f"{name}: frozen {before}, fitted {after}"


def _flat(data: object, name: str = "") -> dict[str, object]:
    if not isinstance(data, dict):
        return {name: data}
    return {key: value for part, inner in data.items() for key, value in _flat(inner, f"{name} {part}".strip()).items()}


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.fit_capability", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    action = parser.add_mutually_exclusive_group()
    for name in ("write", "check", "evaluate"):
        action.add_argument(f"--{name}", action="store_true")
    given = parser.parse_args(arguments)
    candidates = Candidates(load())
    table = Table.of(candidates)
    if given.evaluate:
        sys.stdout.write(json.dumps({**evaluate(table), "hiding": hiding(candidates)}, indent=1) + "\n")
        return 0
    found = fitted(table)
    if given.check:
        lines = list(differences(scale(), found))
        sys.stdout.write("".join(f"{line}\n" for line in lines) or "current\n")
        return int(bool(lines))
    if given.write:
        FILE.write_text(written(found), encoding="utf-8")
    sys.stdout.write(written(found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
