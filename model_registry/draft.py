"""A repository of the Hub as the draft of a release file: what its files state, null where they are silent.

What no file states but the schema asks for (variant, names) is derived by a fixed rule and named in a ``# check:`` line.
"""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from model_registry.config_facts import architecture_fields, context_length, has_rules, takes_images
from model_registry.config_rules import CODE_READ, CODE_RELEASE, RULES, code_url
from model_registry.hub import ENDPOINT, LIMITS, HubRepository
from model_registry.tokenizer_facts import TOKENIZER, chat_template_file, tokenizer_facts
from model_registry.yaml_writer import block, entry

Block: TypeAlias = dict[str, object]

_OPENED = frozenset({"sizes", "architecture", "checkpoints", "layer_types"})
"""Keys whose blocks are opened over several lines."""
SCHEMA_LINE = "# yaml-language-server: $schema=../../schema.json"
_BASE_WORDS = frozenset({"base", "pt", "pretrain", "pretrained"})
_SIZE_LABEL = re.compile(r"(?<![A-Za-z0-9.])(?:\d+x)?\d+(?:\.\d+)?[BbMmTt](?:-[Aa]\d+(?:\.\d+)?[BbMm])?(?![A-Za-z0-9])")
_SIZE_IN_NAME = re.compile(r"(?<![A-Za-z0-9.])(?:(\d+)x)?(\d+(?:\.\d+)?)([MBT])(?![A-Za-z0-9])", re.IGNORECASE)
_UNITS, _NEAR = {"M": 10**6, "B": 10**9, "T": 10**12}, 0.25
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_NAMES = "release, developer and size are taken from the id: write them as people call them"
_INHERITED = "what does not stand here is inherited from the release: confirm that it holds"
_HUB_OPENED = date(2022, 3, 2)
"""The day that the Hub shows for every older repository."""


@dataclass(frozen=True)
class Draft:
    """The blocks of one repository, as plain data in the order of the schema, and what a person must check."""

    id: str
    sources: Block
    shared: Block
    """Blocks of the release: released, licence, training, tokenizer, languages, abilities."""
    size: Block
    """Size, parameters, architecture and base."""
    checkpoint: Block
    checks: tuple[str, ...]


def draft(repository: HubRepository, licences: Collection[str], today: date, *, suffix: str = "") -> Draft:
    """Return the blocks of a repository; ``suffix`` ends the keys of its sources. Raises ConfigError."""
    keys = _Keys(repository, today, suffix)
    architecture = _architecture(repository, keys)
    variant = _variant(repository)
    hub = keys.hub()
    return Draft(
        id=repository.id,
        shared=_shared(repository, licences, keys),
        size={
            "size": _size_label(repository),
            "parameters": {"total": None, "active_label": None, "source": hub, **_name_note(repository)},
            "architecture": architecture,
            "base": _base(repository, variant, hub),
        },
        checkpoint={
            "id": repository.id,
            "variant": variant,
            "reasoning": "none",
            "context": _context(repository, keys),
            "stored": {"count": repository.parameters, "source": hub},
            "chat_template": _chat_template(repository, keys),
        },
        checks=(*_checks(repository, licences, variant), _INHERITED if suffix else _NAMES),
        sources=keys.used,
    )


def release_text(drafted: Draft) -> str:
    """Return a release file for one repository."""
    owner, name = drafted.id.split("/")
    size = {**drafted.size, "checkpoints": [drafted.checkpoint]}
    release = {"release": name, "developer": owner, "sources": drafted.sources, **drafted.shared, "sizes": [size]}
    return "\n".join([SCHEMA_LINE, *comments(drafted), *opened(release, 0)]) + "\n"


def comments(drafted: Draft) -> list[str]:
    """Return what a person must check as comment lines."""
    return [f"# check: {check}" for check in drafted.checks]


def opened(data: Mapping[str, object], indent: int) -> list[str]:
    """Return blocks as the lines of a registry file; of the sources, the release's are opened and a block's stay on its line."""
    lines: list[str] = []
    for key, value in data.items():
        lines += block({key: value}, indent, open_keys=frozenset({"sources"}) if key == "sources" else _OPENED)
    return lines


def opened_item(data: Mapping[str, object], indent: int) -> list[str]:
    """Return a size or checkpoint as the lines behind a dash."""
    return entry(data, indent, open_keys=_OPENED)


class _Keys:
    """The sources of a draft: each gets its key when a block first rests on it."""

    def __init__(self, repository: HubRepository, today: date, suffix: str) -> None:
        self.repository, self.today, self.suffix = repository, today, suffix
        self.used: Block = {}

    def hub(self) -> str:
        """Return the key of the repository's page at the commit."""
        url = f"{ENDPOINT}/{self.repository.id}/tree/{self.repository.commit}"
        return self._key("hub", {"url": url, "read": self.today, "title": "Repository: files, tags, date and safetensors total"})

    def file(self, key: str, name: str) -> str:
        """Return the key of a file at the commit, with its digest when it was read."""
        content = self.repository.files.get(name)
        digest = {} if content is None else {"sha256": hashlib.sha256(content).hexdigest()}
        url = f"{ENDPOINT}/{self.repository.id}/blob/{self.repository.commit}/{name}"
        return self._key(key, {"url": url, "read": self.today, **digest})

    def code(self, url: str) -> str:
        """Return the key of the code that a model type's rules were read in."""
        return self._key("modeling", {"url": url, "read": CODE_READ, "via": f"transformers {CODE_RELEASE}"})

    def _key(self, key: str, source: Block) -> str:
        self.used.setdefault(f"{key}{self.suffix}", source)
        return f"{key}{self.suffix}"


def _architecture(repository: HubRepository, keys: _Keys) -> Block:
    fields = architecture_fields(repository.config)
    block: Block = {"source": keys.file("config", "config.json")}
    url = _code(repository)
    by_code = [name for name in ("norm", "activation", "position") if fields[name] is not None]
    if url and by_code:
        block["sources"] = dict.fromkeys(by_code, keys.code(url))
    return block | fields


def _code(repository: HubRepository) -> str | None:
    """Return where the code stands that the config's rules describe, the inner model type's before the outer's."""
    inner = [part.get("model_type") for part in repository.config.values() if isinstance(part, dict)]
    types = [name for name in (*inner, repository.config.get("model_type")) if isinstance(name, str) and name in RULES]
    return next((url for name in types if (url := code_url(name))), None)


def _shared(repository: HubRepository, licences: Collection[str], keys: _Keys) -> Block:
    hub = keys.hub()
    licence = _known_licence(repository, licences)
    tags = [tag for tag in repository.languages if _LANGUAGE_TAG.fullmatch(tag)]
    return {
        "released": _released(repository, hub),
        "licence": {"id": licence, "source": hub, **({"revision": repository.commit} if licence else {})},
        "training": {"tokens": None, "data": None, "composition": None, "cutoff": None, "source": hub},
        "tokenizer": _tokenizer(repository, keys),
        "languages": {
            "declared": None,
            "at_least": False,
            "basis": "card_tags" if tags else None,
            "codes": None,
            "complete": False,
            "card_tags": tags or None,
            "source": hub,
        },
        "abilities": {
            "image": takes_images(repository.config),
            "tools": None,
            "fill_in_middle": None,
            "source": keys.file("config", "config.json"),
        },
    }


def _released(repository: HubRepository, hub: str) -> Block:
    if repository.created is None or repository.created <= _HUB_OPENED:
        return {"date": None, "source": hub}
    return {"date": repository.created.strftime("%Y-%m"), "source": hub, "note": "month in which the repository appeared"}


def _known_licence(repository: HubRepository, licences: Collection[str]) -> str | None:
    tag = (repository.licence or "").lower()
    return tag if tag in licences else None


def _tokenizer(repository: HubRepository, keys: _Keys) -> Block:
    found = tokenizer_facts(repository.names, repository.files)
    source = keys.file("tokenizer", TOKENIZER) if TOKENIZER in repository.files else keys.hub()
    sources = {} if source == keys.hub() or found.tool is None else {"sources": {"tool": keys.hub()}}
    return {"algorithm": found.algorithm, "tool": found.tool, "vocabulary": found.vocabulary, "source": source, **sources}


def _context(repository: HubRepository, keys: _Keys) -> Block:
    config = keys.file("config", "config.json")
    return {"trained": None, "config": context_length(repository.config), "advertised": None, "method": None, "source": config}


def _chat_template(repository: HubRepository, keys: _Keys) -> Block:
    name = chat_template_file(repository.names, repository.files)
    return {"present": name is not None or None, "source": keys.file("chat-template", name) if name else keys.hub()}


def _variant(repository: HubRepository) -> str:
    """Return instruct where there is a chat template and neither name nor tags say base; else base."""
    words = {*re.split(r"[-_.]", repository.id.split("/")[1].lower()), *(tag.lower() for tag in repository.tags)}
    template = chat_template_file(repository.names, repository.files)
    return "instruct" if template and not words & _BASE_WORDS else "base"


def _base(repository: HubRepository, variant: str, hub: str) -> Block:
    if variant == "base":
        return {"published": True, "id": repository.id, "source": hub}
    return {"published": None, "id": None, "source": hub}


def _size_label(repository: HubRepository) -> str:
    """Return the size as the name writes it, else the rounded total, else unknown."""
    found = _SIZE_LABEL.search(repository.id.split("/")[1])
    if found:
        return found.group()
    count = repository.parameters
    if count is None:
        return "unknown"
    unit, letter = (10**9, "B") if count >= 10**9 else (10**6, "M")
    return f"{count / unit:.1f}".removesuffix(".0") + letter


def _name_note(repository: HubRepository) -> Block:
    """Return a note where no size in the name is near the total of the files, as with packed weights."""
    name, count = repository.id.split("/")[1], repository.parameters
    sizes = [int(times or 1) * float(digits) * _UNITS[unit.upper()] for times, digits, unit in _SIZE_IN_NAME.findall(name)]
    if count is None or not sizes or any(abs(size / count - 1) <= _NEAR for size in sizes):
        return {}
    return {"note": f"No size in the name is near the {count} of the files; the reason was not looked up."}


def _checks(repository: HubRepository, licences: Collection[str], variant: str) -> list[str]:
    template = "a chat template" if chat_template_file(repository.names, repository.files) else "no chat template"
    follows = "; base.published follows from it" if variant == "base" else ""
    checks = [f"variant {variant} is derived ({template} in the repository), reasoning none is not looked up: confirm both{follows}"]
    model_type = _shown(str(repository.config.get("model_type")))
    if not has_rules(repository.config):
        checks.append(f"model_type {model_type} has no reading rules: check every number")
    if repository.licence and _known_licence(repository, licences) is None:
        checks.append(f"the card's licence tag is {_shown(repository.licence)}: no record in licences/ has this id")
    if _name_note(repository):
        checks.append("the size in the name and the count of the files differ: find out why and say so in the notes")
    unread = [name for name in LIMITS if name in repository.names and name not in repository.files]
    checks += [f"{name} is larger than what is read: what it states is null" for name in unread]
    if repository.gated:
        checks.append("the repository is gated: its terms belong to the licence")
    return checks


def _shown(word: str) -> str:
    """Return a word of a repository so that it cannot break out of a comment or a line."""
    return " ".join(re.sub(r"[^A-Za-z0-9._/-]", " ", word).split())[:60]
