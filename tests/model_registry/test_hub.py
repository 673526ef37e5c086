"""What is read from the Hub, and the one line that is said when it cannot be: over HTTP, from a server on this machine."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from model_registry import hub as module
from model_registry.hub import ENDPOINT, LIMITS, MEBIBYTE, HubError, HubRepository, read_repository
from tests.model_registry.hub_server import COMMIT, Hub, serving

ID = "Qwen/Qwen3-8B"
PAGE = f"https://huggingface.co/{ID}"
TEMPLATE = json.dumps({"chat_template": "{{ messages }}"}).encode()


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """Return a running server with one repository."""
    with serving(monkeypatch) as running:
        running.add_fixture(ID, tokenizer_config__json=TEMPLATE, tokenizer__json=b'{"model": {"type": "BPE"}}')
        yield running


def read(hub: Hub, repository_id: str = ID, revision: str | None = None, seconds: float = 20) -> HubRepository:
    return read_repository(repository_id, revision, endpoint=hub.address, deadline_seconds=seconds)


def reason(hub: Hub, repository_id: str = ID, revision: str | None = None, seconds: float = 20) -> str:
    """Return why a repository is not read: one line."""
    with pytest.raises(HubError) as caught:
        read(hub, repository_id, revision, seconds)
    assert "\n" not in str(caught.value)
    assert "words of the server" not in str(caught.value)
    return str(caught.value)


def test_a_repository_is_read_at_its_commit(hub: Hub) -> None:
    card = {"license": "apache-2.0", "language": ["en", "zh"]}
    hub.models[ID] |= {"tags": ["qwen3", "region:us"], "cardData": card, "safetensors": {"parameters": {"BF16": 8}, "total": 8}}
    found = read(hub)
    assert (found.id, found.commit, found.created, found.gated) == (ID, COMMIT, date(2025, 4, 27), False)
    assert (found.licence, found.languages, found.tags, found.parameters) == ("apache-2.0", ("en", "zh"), ("qwen3", "region:us"), 8)
    assert found.names == ("config.json", "tokenizer_config.json", "tokenizer.json", "model.safetensors")
    assert set(found.files) == {"config.json", "tokenizer_config.json", "tokenizer.json"}
    assert found.files["tokenizer_config.json"] == TEMPLATE
    assert found.config["model_type"] == "qwen3"


def test_only_small_files_are_asked_for_and_all_at_the_commit(hub: Hub) -> None:
    read(hub, revision="main")
    paths = [path for _, path, _ in hub.requests]
    assert paths[0] == f"/api/models/{ID}/revision/main"
    assert all(path.startswith((f"/{ID}/resolve/{COMMIT}/", f"/store/{ID}/")) for path in paths[1:])
    assert not [path for path in paths if path.endswith("model.safetensors")]


@pytest.mark.parametrize(
    ("card", "tags", "licence", "languages"),
    [
        ({}, ["license:mit"], "mit", ()),
        ({"license": "other", "license_name": "qwen-research", "language": "en"}, ["license:other"], "qwen-research", ("en",)),
        ({"license": "other"}, [], "other", ()),
        ({"license": ["mit"], "language": [1, "zh", "zh"]}, [], None, ("zh",)),
        (None, [], None, ()),
    ],
)
def test_licence_and_languages_are_the_cards(
    hub: Hub, card: dict[str, object] | None, tags: list[str], licence: str | None, languages: tuple[str, ...]
) -> None:
    hub.models[ID] |= {"cardData": card, "tags": tags}
    found = read(hub)
    assert (found.licence, found.languages) == (licence, languages)


@pytest.mark.parametrize("repository_id", ["", "Qwen3-8B", "a/b/c", "../etc", "Qwen/..", "Qwen/Qwen3 8B", "Qwen/Qwen3\n8B", "Qwen/a--b"])
def test_a_malformed_id_is_told_without_asking(hub: Hub, repository_id: str) -> None:
    assert reason(hub, repository_id) == f"{repository_id!r} is not the id of a repository: write ORG/NAME, as in Qwen/Qwen3-8B"
    assert hub.requests == []


@pytest.mark.parametrize("revision", ["", " ", "a b", "-x", "x\ny", "?"])
def test_a_malformed_revision_is_told_without_asking(hub: Hub, revision: str) -> None:
    assert reason(hub, revision=revision) == f"{revision!r} is not a revision: name a branch, a tag or a commit"
    assert hub.requests == []


def test_an_unknown_repository_is_told(hub: Hub) -> None:
    told = reason(hub, "Qwen/Qwen33")
    assert told == "Qwen/Qwen33: not found on the Hub: check the spelling; if it is private, run: hf auth login"


def test_an_unknown_revision_is_told(hub: Hub) -> None:
    assert reason(hub, revision="v9") == f"{ID} has no revision 'v9': see its branches and commits on {PAGE}"


def test_a_gated_repository_names_its_page_and_the_login(hub: Hub) -> None:
    hub.gated.add(ID)
    assert reason(hub) == f"{ID} is gated: accept the terms on {PAGE} and log in with: hf auth login"


@pytest.mark.parametrize("listed", [True, False])
def test_a_missing_config_is_told(hub: Hub, listed: bool) -> None:  # noqa: FBT001 -- a parametrized value, never passed by hand
    del hub.files[ID, "config.json"]
    if not listed:
        hub.models[ID]["siblings"] = [{"rfilename": "model.gguf"}]
    assert reason(hub) == f"{ID} has no config.json: name the repository of the original weights"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"12", b"null", b'"x"', b"\xff\xfe", b"[" * 100_000])
def test_a_config_that_is_no_json_object_is_told(hub: Hub, content: bytes) -> None:
    hub.files[ID, "config.json"] = content
    assert reason(hub) == f"{ID}: its config.json is not a JSON object: write the release by hand"


def test_a_config_beyond_its_limit_is_not_read(hub: Hub) -> None:
    hub.files[ID, "config.json"] = b" " * (MEBIBYTE + 1)
    assert reason(hub) == f"{ID}: its config.json is larger than 1 MiB and is not read: write the release by hand"


def test_a_config_without_a_stated_length_is_cut_off_at_its_limit(hub: Hub) -> None:
    hub.answers["/config.json"] = lambda handler: handler.drip(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b" " * (MEBIBYTE + 1))
    assert "larger than 1 MiB" in reason(hub)


def test_a_config_of_exactly_its_limit_is_read(hub: Hub) -> None:
    content = hub.files[ID, "config.json"]
    hub.files[ID, "config.json"] = content + b" " * (MEBIBYTE - len(content))
    assert len(read(hub).files["config.json"]) == LIMITS["config.json"]


def test_another_file_beyond_its_limit_is_left_out(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(module.LIMITS, "tokenizer.json", 10)
    found = read(hub)
    assert "tokenizer.json" in found.names
    assert "tokenizer.json" not in found.files


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"


@pytest.mark.parametrize(
    ("ending", "start"),
    [
        (f"/api/models/{ID}", HEAD),
        (f"/api/models/{ID}", b"HTTP/1.1 200 "),
        ("config.json", HEAD),
        ("config.json", b""),
        ("tokenizer.json", HEAD),
    ],
)
def test_a_server_that_drips_does_not_outlast_the_deadline(hub: Hub, ending: str, start: bytes) -> None:
    read(hub)  # loads the Hub's library, which is not what is timed here
    hub.answers[ending] = lambda handler: handler.drip(start)
    before = time.monotonic()
    assert reason(hub, seconds=0.5) == f"{ID}: the Hub did not answer within 0.5 seconds: try again later"
    assert time.monotonic() - before < 1.5


def test_the_deadline_holds_over_all_calls_together(hub: Hub) -> None:
    """Each of the five answers comes after 0.2 seconds, well within a deadline that they miss together."""
    read(hub)
    hub.delay = 0.2
    before = time.monotonic()
    assert "did not answer within 0.6 seconds" in reason(hub, seconds=0.6)
    assert time.monotonic() - before < 1.2


def test_a_silent_server_is_left_at_the_deadline(hub: Hub) -> None:
    read(hub)
    hub.delay = 10
    assert "did not answer within 0.3 seconds" in reason(hub, seconds=0.3)


def test_a_program_ends_with_its_deadline_although_the_server_still_drips(hub: Hub) -> None:
    hub.answers[f"/api/models/{ID}"] = lambda handler: handler.drip(b"HTTP/1.1 200 ")
    code = f"from model_registry.hub import read_repository; read_repository({ID!r}, endpoint={hub.address!r}, deadline_seconds=2)"
    root = Path(module.__file__).parent.parent
    before = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False, timeout=30)  # noqa: S603 -- our own interpreter and package
    assert time.monotonic() - before < 10
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith(f"HubError: {ID}: the Hub did not answer within 2 seconds: try again later")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_of_our_own_is_not_taken_for_the_hubs(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "json_object", lambda _content: 1 // 0)
    with pytest.raises(RuntimeError, match="the reading thread failed"):
        read(hub)


def test_no_connection_is_told(hub: Hub) -> None:
    with pytest.raises(HubError, match=r"^Qwen/Qwen3-8B: no connection to http://127\.0\.0\.1:1: check the network and try again$"):
        read_repository(ID, endpoint="http://127.0.0.1:1")
    assert hub.requests == []


def test_an_offline_library_is_told(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert reason(hub) == f"{ID}: the Hub's library is switched to offline: unset HF_HUB_OFFLINE and try again"


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_any_other_refusal_names_its_status(hub: Hub, status: int) -> None:
    hub.answers[f"/api/models/{ID}"] = lambda handler: handler.send(status, b'{"error": "words of the server"}')
    assert reason(hub) == f"{ID}: the Hub refused with status {status}: try again later, or see {PAGE}"


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"[]", b"{}", b'{"id": "x", "createdAt": "yesterday"}', b'{"id": "x", "sha": "../.."}']
)
def test_an_answer_that_is_not_the_hubs_is_told(hub: Hub, content: bytes) -> None:
    hub.answers[f"/api/models/{ID}"] = lambda handler: handler.send(200, content)
    assert reason(hub) == f"{ID}: the Hub's answer cannot be read: try again later"


def test_a_login_is_used_but_never_shown_nor_sent_to_where_files_are_stored(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secretword")
    read(hub)
    assert {sent for _, path, sent in hub.requests if not path.startswith("/store/")} == {"Bearer hf_secretword"}
    assert {sent for _, path, sent in hub.requests if path.startswith("/store/")} == {None}
    hub.gated.add(ID)
    assert "secretword" not in reason(hub)
    hub.answers[f"/api/models/{ID}"] = lambda handler: handler.send(400, handler.headers["Authorization"].encode())
    assert "secretword" not in reason(hub)


def test_the_environment_does_not_move_the_hub(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:1")
    assert read(hub).commit == COMMIT
    assert (read_repository.__kwdefaults__ or {})["endpoint"] == ENDPOINT == "https://huggingface.co"


def test_the_hubs_library_is_loaded_only_when_it_is_called() -> None:
    code = "import sys, model_registry.__main__; print(sorted({'huggingface_hub', 'httpx2', 'transformers'} & set(sys.modules)))"
    root = Path(module.__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)  # noqa: S603 -- our own interpreter and package
    assert done.stdout == "[]\n"
