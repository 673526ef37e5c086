"""What the command lines share: exit statuses, and errors that are told in one line."""

import argparse
import sys
from typing import NoReturn

from model_registry.faults import RegistryError

DONE, ANSWER_IS_NO, BAD_INPUT = 0, 1, 2


class Parser(argparse.ArgumentParser):
    """Says a usage error in one line."""

    def error(self, message: str) -> NoReturn:
        """Exit with status 2 and one line that names the fault and the way out."""
        self.exit(BAD_INPUT, f"{self.prog}: {message} (see: {self.prog} --help)\n")


def registry_is_broken(error: RegistryError) -> int:
    """Tell the first fault and how to see the others; return the exit status."""
    sys.stderr.write(f"{error.faults[0]} (run: python -m model_registry check)\n")
    return BAD_INPUT
