"""A server on this machine that answers like the Hub: facts, files behind a redirect, and every refusal."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote

import pytest

COMMIT = "0123456789abcdef0123456789abcdef01234567"
FIXTURES = Path(__file__).parent / "hub_fixtures"
Answer: TypeAlias = "Callable[[_Handler], None]"


@dataclass
class Hub:
    """What the server holds, and what it was asked."""

    address: str = ""
    store_address: str = ""
    """Another origin, to which large files are redirected as the Hub does."""
    models: dict[str, dict[str, object]] = field(default_factory=dict)
    files: dict[tuple[str, str], bytes] = field(default_factory=dict)
    gated: set[str] = field(default_factory=set)
    answers: dict[str, Answer] = field(default_factory=dict)
    """A path's ending to an answer of a test's own."""
    requests: list[tuple[str, str, str | None]] = field(default_factory=list)
    """Method, path and Authorization of each request."""
    delay: float = 0
    """Seconds before each answer."""
    stopped: threading.Event = field(default_factory=threading.Event)

    def add(self, repository_id: str, files: dict[str, bytes], **facts: object) -> None:
        """Publish a repository."""
        self.files |= {(repository_id, name): content for name, content in files.items()}
        siblings = [{"rfilename": name} for name in [*files, "model.safetensors"]]
        model = {"_id": "1", "id": repository_id, "modelId": repository_id, "sha": COMMIT, "private": False, "gated": False}
        self.models[repository_id] = {**model, "tags": [], "siblings": siblings, "createdAt": "2025-04-27T03:41:05.000Z", **facts}

    def add_fixture(self, repository_id: str, **files: bytes) -> None:
        """Publish a repository with the config of the fixtures."""
        config = (FIXTURES / repository_id.replace("/", "--") / "config.json").read_bytes()
        self.add(repository_id, {"config.json": config, **{name.replace("__", "."): content for name, content in files.items()}})


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        """Answer without a body."""
        self.do_GET()

    def do_GET(self) -> None:
        """Answer by the path."""
        path = unquote(self.path.split("?")[0])
        self.hub.requests.append((self.command, path, self.headers.get("Authorization")))
        self.hub.stopped.wait(self.hub.delay)
        own = next((answer for ending, answer in self.hub.answers.items() if path.endswith(ending)), None)
        if own:
            own(self)
        elif path.startswith("/api/models/"):
            self._model(path.removeprefix("/api/models/"))
        elif path.startswith("/store/"):
            owner, name, file = path.removeprefix("/store/").split("/", 2)
            self.send(200, self.hub.files[f"{owner}/{name}", file])
        else:
            self._resolve(path)

    def _model(self, rest: str) -> None:
        name, _, revision = rest.partition("/revision/")
        if name not in self.hub.models:
            self.refuse(401, "RepoNotFound")
        elif revision not in {"", "main", COMMIT}:
            self.refuse(404, "RevisionNotFound")
        else:
            self.send(200, json.dumps(self.hub.models[name]).encode())

    def _resolve(self, path: str) -> None:
        name, _, rest = path.lstrip("/").partition("/resolve/")
        revision, _, file = rest.partition("/")
        content = self.hub.files.get((name, file))
        if name in self.hub.gated:
            self.refuse(401, "GatedRepo")
        elif revision != COMMIT:
            self.refuse(404, "RevisionNotFound")
        elif content is None:
            self.refuse(404, "EntryNotFound")
        elif file == "tokenizer.json":
            self.send(302, b"", Location=f"{self.hub.store_address}/store/{name}/{file}")
        else:
            self.send(200, content)

    def refuse(self, status: int, code: str) -> None:
        """Refuse as the Hub does: with a code in a header and its own words in the body."""
        self.send(status, b'{"error": "words of the server"}', **{"X-Error-Code": code, "X-Error-Message": "words of the server"})

    def send(self, status: int, content: bytes, **headers: str) -> None:
        """Send an answer."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), "X-Repo-Commit": COMMIT, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def drip(self, start: bytes) -> None:
        """Send a start, then a byte at a time until the test is over."""
        self.wfile.write(start)
        while not self.hub.stopped.wait(0.05):
            try:
                self.wfile.write(b"x")
            except OSError:
                return


@contextmanager
def serving(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """Yield a running server; no connection leaves this machine, and no login of whoever runs the tests is read."""
    _stay_here(monkeypatch)
    hub = Hub()
    handler = type("Handler", (_Handler,), {"hub": hub})
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), handler) for _ in range(2)]
    for server in servers:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    hub.address, hub.store_address = (f"http://127.0.0.1:{server.server_address[1]}" for server in servers)
    try:
        yield hub
    finally:
        hub.stopped.set()
        for server in servers:
            server.shutdown()
            server.server_close()


def _stay_here(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: tuple[str, int]) -> None:
        assert address[0] == "127.0.0.1", f"a test asked for {address}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_here)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", str(FIXTURES / "no-token"))
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
