"""Which devices hold a model, and how many of them it takes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from model_registry.memory import capacity_bytes
from model_registry.other_schemas import Device
from model_registry.parameters import NotModelled

COUNTS = (1, 2, 4, 8, 16, 32)
"""Numbers of devices that are tried: powers of two, as tensor parallelism splits heads."""


class Range(Protocol):
    """What one device holds, as a range."""

    @property
    def low_bytes(self) -> int:
        """Return the lower end."""

    @property
    def high_bytes(self) -> int:
        """Return the upper end."""


@dataclass(frozen=True)
class DevicesNeeded:
    """Numbers of one device that hold a model; None = more than ``COUNTS`` tries."""

    at_least: int | None
    """The fewest that may hold it: the lower end of the range fits."""
    surely: int | None
    """The fewest that hold the whole range."""


def devices_needed(
    devices: Iterable[Device], on: Callable[[int], Range | NotModelled], counts: tuple[int, ...] = COUNTS
) -> dict[str, DevicesNeeded] | NotModelled:
    """Return, by device id, how many are needed, where ``on`` says what each of so many devices holds."""
    ranges = []
    for count in counts:
        found = on(count)
        if isinstance(found, NotModelled):
            return found
        ranges.append((count, found.low_bytes, found.high_bytes))
    needed = {}
    for device in devices:
        capacity = capacity_bytes(device)
        at_least = next((count for count, low, _ in ranges if low <= capacity), None)
        surely = next((count for count, _, high in ranges if high <= capacity), None)
        needed[device.id] = DevicesNeeded(at_least, surely)
    return needed
