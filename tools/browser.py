"""Find a Chromium for the browser tests, or fetch playwright's own.

Run: python -m tools.browser. Exits 0 when a browser is there.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def executable() -> str | None:
    """Return the path of a Chromium: the system's, else playwright's own, else None."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def main() -> int:
    """Make sure that there is a browser."""
    if executable():
        return 0
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(command, check=False).returncode == 0 and executable():  # noqa: S603 - a fixed command
        return 0
    sys.stderr.write("no Chromium found and none could be fetched: install chromium with the system's package manager\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
