"""What is measured on a tokenizer: tokens of every text, and how it behaves on the few strings that tell tokenizers apart."""

import ast
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from importlib import import_module
from typing import Any

from tools.gguf_tokenizer import fixtures
from tools.parallel_text import Text
from tools.tokenizer_sources import Tokenizer

ROUND_TRIP = (
    "All human beings are born free and equal in dignity and rights.",
    "人人生而自由，在尊严和权利上一律平等。",
    "Все люди рождаются свободными и равными.",
    "يولد جميع الناس أحراراً متساوين في الكرامة والحقوق.",
    "सभी मनुष्यों को गौरव और अधिकारों के मामले में स्वतंत्रता प्राप्त है।",
    'def f(x):\n    return {"答": x ** 2}  # 모든 사람은 すべての人間は\n',
)
"""Six scripts that must come back as they went in."""
SCRIPTS = (
    "Latin", "Han", "Hiragana", "Katakana", "Hangul", "Cyrillic", "Greek", "Arabic", "Hebrew", "Devanagari", "Bengali", "Tamil",
    "Telugu", "Thai", "Lao", "Khmer", "Myanmar", "Tibetan", "Georgian", "Armenian", "Ethiopic",
)  # fmt: skip
"""The scripts of the 48 languages."""
_NUMBERS = ("1234567", "1000", "1999", "2000", "2023", "10000", "0000", "20000000")
"""Numbers common enough to be an entry where a vocabulary has long ones."""
_RARE = "\U000131b0"
"""An Egyptian hieroglyph: no vocabulary has it as one entry."""


def counts(tokenizer: Tokenizer, texts: Iterable[Text]) -> dict[str, int]:
    """Return the tokens of each text."""
    return {text.name: len(tokenizer.ids(text.text)) for text in texts}


def lost(tokenizer: Tokenizer) -> list[str]:
    """Return the strings that do not come back exactly."""
    return [text for text in ROUND_TRIP if tokenizer.text(tokenizer.ids(text)).removeprefix(" ") != text]


def digits(tokenizer: Tokenizer) -> str:
    """Return how numbers are cut: ``single`` digits, ``groups_of_three`` at most, or longer ``runs``."""
    longest = 0
    for number in _NUMBERS:
        pieces = [tokenizer.text([index]).strip() for index in tokenizer.ids("a" + number)]
        longest = max([longest, *(len(piece) for piece in pieces if piece.isdecimal())])
    return {1: "single", 2: "groups_of_three", 3: "groups_of_three"}.get(longest, "runs")


def normalisation(tokenizer: Tokenizer) -> str:
    """Return the Unicode form that it brings text to by itself: NFKC, NFC or none."""
    if list(tokenizer.ids("ﬁ")) == list(tokenizer.ids("fi")):
        return "NFKC"
    composed, parts = "é", unicodedata.normalize("NFD", "é")
    return "NFC" if list(tokenizer.ids(composed)) == list(tokenizer.ids(parts)) else "none"


def byte_fallback(tokenizer: Tokenizer) -> bool:
    """Return whether a character outside the vocabulary survives, written as bytes."""
    return _RARE in tokenizer.text(tokenizer.ids(_RARE)) and len(tokenizer.ids(_RARE)) > 1


def by_script(entries: Sequence[bytes]) -> dict[str, int]:
    """Return how many entries hold a letter of each script; an entry that is no whole text holds none."""
    found: Counter[str] = Counter()
    for entry in entries:
        try:
            letters = entry.decode()
        except UnicodeDecodeError:
            continue
        found.update({script for letter in letters if (script := _script(letter))})
    return {script: found[script] for script in SCRIPTS if found[script]}


@cache
def _script(letter: str) -> str | None:
    if not unicodedata.category(letter).startswith("L"):
        return None
    regex = import_module("regex")
    return next((script for script in SCRIPTS if regex.match(rf"\p{{Script={script}}}", letter)), None)


def known_ids(tokenizer: Tokenizer, asked: str, answered: str) -> tuple[int, int]:
    """Return how many texts of a fixture give the ids that it says, and how many there are."""
    pairs = [(text, ids) for text, ids in fixtures(asked, answered) if text]
    return sum(list(tokenizer.ids(text)) == ids for text, ids in pairs), len(pairs)


def fingerprints(source: str) -> tuple[str, dict[str, list[str]]]:
    """Return llama.cpp's check text and, by the hash of its ids, the checkpoints whose tokenizers give them."""
    texts = [
        node.value.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "chktxt"
    ]
    table: dict[str, list[str]] = {}
    for hashed, checkpoint in re.findall(r'chkhsh == "([0-9a-f]{64})":\s+# ref: https://[^/]+/([\w.-]+/[\w.-]+)', source):
        table.setdefault(hashed, []).append(checkpoint)
    return texts[0], table


def fingerprint(tokenizer: Tokenizer, text: str, table: Mapping[str, Sequence[str]], highest: int) -> list[str]:
    """Return the checkpoints whose ids of the check text these are, alone or after the tokens that may open a text."""
    tail = str(list(tokenizer.ids(text)))[1:]
    openings = ["", *(f"{first}, " for first in range(highest)), "151331, 151333, "]
    hashes = (sha256(f"[{opening}{tail}".encode()).hexdigest() for opening in openings)
    return sorted({checkpoint for hashed in hashes for checkpoint in table.get(hashed, ())}, key=str.lower)


def differences(kept: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    """Return by how many tokens a second reading differs, on the texts where it does."""
    return {name: other[name] - tokens for name, tokens in kept.items() if other[name] != tokens}


def as_yaml(value: Any) -> str:  # noqa: ANN401  what a file of a tokenizer holds
    """Return a value as one line of YAML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {as_yaml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(as_yaml(inner) for inner in value) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | date):
        return str(value)
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
