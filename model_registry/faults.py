"""What can be wrong with a registry file, and the one exception that says so."""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic_core import ErrorDetails


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong, and where."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        """Return ``FILE:LINE: field: what is wrong``."""
        where = f"{self.file}:{self.line}"
        return f"{where}: {self.field}: {self.message}" if self.field else f"{where}: {self.message}"


def worded(item: ErrorDetails) -> str:
    """Return what a validation error says, and the value that was got."""
    own = item["type"] == "value_error"  # a rule of the schema, worded as it is meant to be read
    message = item["msg"].removeprefix("Value error, ") if own else f"{item['msg'][:1].lower()}{item['msg'][1:]}"
    got = item["input"]
    return message if isinstance(got, dict | list) or item["type"] == "missing" else f"{message} (got {got!r})"


class RegistryError(Exception):
    """The registry cannot be read; ``faults`` lists every reason found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep the faults, sorted by file and line."""
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))
