"""A real server and a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tools.browser import executable

ROOT = Path(__file__).parents[2]
STARTS_WITHIN_SECONDS = 60
Start = Callable[[Path, str], str]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Return how Chromium is started: the one on this machine, quiet on the network."""
    arguments = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
    return {"executable_path": executable(), "args": [*arguments, "--disable-sync", "--headless=new"]}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, object]:
    """Return the window of every test: a desktop, English."""
    return {"viewport": {"width": 1400, "height": 1000}, "locale": "en-US"}


@pytest.fixture(scope="session")
def start() -> Iterator[Start]:
    """Return a function that serves a project folder by an entry script and returns its address."""
    running: list[subprocess.Popen[bytes]] = []

    def served(project: Path, entry: str) -> str:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "streamlit", "run", entry, "--server.port", str(port), "--server.address", "127.0.0.1"]
        running.append(
            subprocess.Popen(  # noqa: S603 - a fixed command
                command, cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(project)}
            )
        )
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/_stcore/health", running[-1])
        return address

    yield served
    for process in running:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def address(start: Start) -> str:
    """Return the address of the project, served as the README says."""
    return start(ROOT, "asgi.py")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Return a copy of the project that a test may break."""
    project = tmp_path / "project"
    kept = ("app.py", "asgi.py", "pages", "scoring", "texts", "model_registry", ".streamlit")
    project.mkdir()
    for name in kept:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, project / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, project / name)
    return project


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            message = f"the server ended with status {process.returncode}"
            raise RuntimeError(message)
        try:
            with urlopen(url, timeout=2) as answer:  # noqa: S310 - an address of this machine
                if answer.status == 200:
                    return
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    message = f"no answer from {url} within {STARTS_WITHIN_SECONDS} s"
    raise TimeoutError(message)
