"""A repository of the Hugging Face Hub: its facts and its small files, read within one deadline.

This is the only module that imports the Hub's library, and only when it is called. Nothing of a repository is executed.
Whoever is logged in with the library's own command is recognised; no message shows a token or the server's own words.
"""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from huggingface_hub import ModelInfo

ENDPOINT = "https://huggingface.co"
"""The Hub, whatever the environment names: links in the registry lead there."""
DEADLINE_SECONDS = 20.0
MEBIBYTE = 2**20
LIMITS = {
    "config.json": MEBIBYTE,
    "tokenizer_config.json": 2 * MEBIBYTE,
    "chat_template.jinja": 2 * MEBIBYTE,
    "tokenizer.json": 64 * MEBIBYTE,
}
"""Files that are read, and the size (bytes) above which one is not."""
_REQUIRED = "config.json"
_REPOSITORY_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*/[A-Za-z0-9][A-Za-z0-9_.-]*")
_REVISION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]{0,254}")
_COMMIT = re.compile(r"[0-9a-f]{40}")


class HubError(Exception):
    """A repository that cannot be read; the message is one line that names it, the reason and the way out."""


@dataclass(frozen=True)
class HubRepository:
    """What the Hub says of a repository at one commit."""

    id: str
    commit: str
    created: date | None
    """The day on which the repository appeared."""
    gated: bool
    licence: str | None
    """The licence tag as it stands on the card."""
    languages: tuple[str, ...]
    """The language tags as they stand on the card."""
    tags: tuple[str, ...]
    parameters: int | None
    """Total of the safetensors files."""
    names: tuple[str, ...]
    """Paths of all files."""
    files: dict[str, bytes]
    """Content of the files of ``LIMITS`` that are there and not too large."""
    config: dict[str, object]
    """The content of config.json."""


def read_repository(
    repository_id: str, revision: str | None = None, *, endpoint: str = ENDPOINT, deadline_seconds: float = DEADLINE_SECONDS
) -> HubRepository:
    """Return a repository at a revision (None: the main one); raises HubError, at the latest when the deadline has passed."""
    if not _REPOSITORY_ID.fullmatch(repository_id):
        message = f"{repository_id!r} is not the id of a repository: write ORG/NAME, as in Qwen/Qwen3-8B"
        raise HubError(message)
    if revision is not None and not _REVISION.fullmatch(revision):
        message = f"{revision!r} is not a revision: name a branch, a tag or a commit"
        raise HubError(message)
    reader = _Reader(repository_id, revision, endpoint, deadline_seconds)
    reader.start()
    reader.join(deadline_seconds)
    return reader.result()


class _Reader(threading.Thread):
    """Reads in a thread of its own, so that no server, however slowly it drips, outlasts the deadline."""

    def __init__(self, repository_id: str, revision: str | None, endpoint: str, seconds: float) -> None:
        super().__init__(daemon=True)
        self.repository_id, self.revision, self.endpoint, self.seconds = repository_id, revision, endpoint, seconds
        self.end = time.monotonic() + seconds
        self.answer: HubRepository | HubError | None = None

    def run(self) -> None:
        """Read the repository; keep it, or the reason why not."""
        try:
            self.answer = self._read()
        except HubError as error:
            self.answer = error

    def result(self) -> HubRepository:
        """Return what was read; raises HubError."""
        if isinstance(self.answer, HubRepository):
            return self.answer
        if self.answer is None and not self.is_alive():
            message = "the reading thread failed; its traceback stands above"
            raise RuntimeError(message)
        raise self.answer or self._late()

    def _late(self) -> HubError:
        return HubError(f"{self.repository_id}: the Hub did not answer within {self.seconds:g} seconds: try again later")

    def _remaining(self) -> float:
        """Return the seconds that are left; raises HubError when none are."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise self._late()
        return left

    def _read(self) -> HubRepository:
        info = self._info()
        commit = info.sha or ""
        if not _COMMIT.fullmatch(commit):
            raise self._unreadable()
        names = tuple(sibling.rfilename for sibling in info.siblings or ())
        if _REQUIRED not in names:
            raise self._no_config()
        content = self._file(commit, _REQUIRED)
        if content is None:
            limit = LIMITS[_REQUIRED] // MEBIBYTE
            message = f"{self.repository_id}: its config.json is larger than {limit} MiB and is not read: write the release by hand"
            raise HubError(message)
        config = self._parsed(content)
        others = {name: self._file(commit, name) for name in LIMITS if name in names and name != _REQUIRED}
        card = dict(vars(info.card_data)) if info.card_data else {}
        return HubRepository(
            id=self.repository_id,
            commit=commit,
            created=info.created_at.date() if info.created_at else None,
            gated=bool(info.gated),
            licence=_licence(card, info.tags or []),
            languages=_languages(card.get("language")),
            tags=tuple(tag for tag in info.tags or () if isinstance(tag, str)),
            parameters=_total(info.safetensors.total if info.safetensors else None),
            names=names,
            files={_REQUIRED: content, **{name: other for name, other in others.items() if other is not None}},
            config=config,
        )

    def _info(self) -> "ModelInfo":
        from huggingface_hub import HfApi  # noqa: PLC0415 - loaded only by who drafts: it takes longer than a page

        with self._told():
            api = HfApi(endpoint=self.endpoint)
            return api.model_info(self.repository_id, revision=self.revision, timeout=self._remaining())

    def _file(self, commit: str, name: str) -> bytes | None:
        """Return a file's bytes, or None when it is larger than its limit."""
        from huggingface_hub import get_session, hf_raise_for_status  # noqa: PLC0415 - as above
        from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]  # noqa: PLC0415 - as above; documented there, not typed

        headers = {**build_hf_headers(), "Accept-Encoding": "identity"}
        url = f"{self.endpoint}/{self.repository_id}/resolve/{commit}/{quote(name)}"
        content = bytearray()
        with self._told(), get_session().stream("GET", url, headers=headers, timeout=self._remaining()) as response:
            hf_raise_for_status(response)
            stated = response.headers.get("Content-Length", "")
            if stated.isdecimal() and int(stated) > LIMITS[name]:
                return None
            for chunk in response.iter_bytes():
                self._remaining()
                content += chunk
                if len(content) > LIMITS[name]:
                    return None
        return bytes(content)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn every way in which the Hub's library fails into one line of ours."""
        import httpx2  # noqa: PLC0415 - as above
        from huggingface_hub import errors  # noqa: PLC0415 - as above

        name, page = self.repository_id, f"{ENDPOINT}/{self.repository_id}"
        reasons: tuple[tuple[type[Exception], str], ...] = (
            (errors.HFValidationError, f"{name!r} is not the id of a repository: write ORG/NAME, as in Qwen/Qwen3-8B"),
            (errors.OfflineModeIsEnabled, f"{name}: the Hub's library is switched to offline: unset HF_HUB_OFFLINE and try again"),
            (errors.GatedRepoError, f"{name} is gated: accept the terms on {page} and log in with: hf auth login"),
            (errors.RevisionNotFoundError, f"{name} has no revision {self.revision!r}: see its branches and commits on {page}"),
            (errors.RepositoryNotFoundError, f"{name}: not found on the Hub: check the spelling; if it is private, run: hf auth login"),
            (errors.EntryNotFoundError, str(self._no_config())),
            (errors.HfHubHTTPError, f"{name}: the Hub refused with status {{status}}: try again later, or see {page}"),
            (httpx2.TimeoutException, str(self._late())),
            (httpx2.TransportError, f"{name}: no connection to {self.endpoint}: check the network and try again"),
            (httpx2.HTTPError, str(self._unreadable())),
            (ValueError, str(self._unreadable())),
            (KeyError, str(self._unreadable())),
            (TypeError, str(self._unreadable())),
            (AttributeError, str(self._unreadable())),
        )
        try:
            yield
        except tuple(kind for kind, _ in reasons) as error:
            status = error.response.status_code if isinstance(error, errors.HfHubHTTPError) else None
            message = next(text for kind, text in reasons if isinstance(error, kind))
            raise HubError(message.replace("{status}", str(status))) from error

    def _no_config(self) -> HubError:
        return HubError(f"{self.repository_id} has no config.json: name the repository of the original weights")

    def _unreadable(self) -> HubError:
        return HubError(f"{self.repository_id}: the Hub's answer cannot be read: try again later")

    def _parsed(self, content: bytes) -> dict[str, object]:
        found = json_object(content)
        if found is None:
            message = f"{self.repository_id}: its config.json is not a JSON object: write the release by hand"
            raise HubError(message)
        return found


def json_object(content: bytes) -> dict[str, object] | None:
    """Return the JSON object that a file holds, or None when it holds anything else."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _licence(card: dict[str, object], tags: list[str]) -> str | None:
    """Return the licence that the card names, for a licence without an id of its own its name."""
    tagged = next((tag.removeprefix("license:") for tag in tags if isinstance(tag, str) and tag.startswith("license:")), None)
    licence = card.get("license") or tagged
    name = card.get("license_name")
    return name if licence == "other" and isinstance(name, str) else licence if isinstance(licence, str) else None


def _languages(stated: object) -> tuple[str, ...]:
    languages = stated if isinstance(stated, list) else [stated]
    return tuple(dict.fromkeys(language for language in languages if isinstance(language, str)))


def _total(stated: object) -> int | None:
    return stated if isinstance(stated, int) and not isinstance(stated, bool) and stated > 0 else None
