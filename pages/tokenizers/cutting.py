"""Cutting a visitor's text with a real tokenizer: the pieces as data, never as markup.

The vocabularies come with the optional package splintr-rs (requirements-playground.txt); without it nothing here can load.
"""

import importlib.util
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from model_registry.tokenizer_schema import MeasuredTokenizer

PACKAGE, MODULE = "splintr-rs", "splintr"
MOST_CHARACTERS = 20_000
_WARM_UP = 60 * "ab cd, 12 еще \u3042\u3044. "
TOO_LONG, SURROGATES = "playground.too_long", "playground.surrogates"


class Cutter(Protocol):
    """What is used of a loaded tokenizer."""

    def encode_ordinary(self, text: str) -> list[int]:
        """Return the ids of a text; spelled-out control tokens are ordinary text."""

    def decode_token_bytes(self, token: int) -> bytes:
        """Return the bytes that a token stands for."""


class RefusedTextError(ValueError):
    """A text that cannot be cut; ``code`` names the sentence of the catalogue, ``values`` what it is filled with."""

    def __init__(self, code: str, **values: object) -> None:
        """Remember the sentence."""
        super().__init__(code)
        self.code, self.values = code, values


@dataclass(frozen=True)
class Piece:
    """One token: what it shows, its id, and whether it is part of a character only."""

    text: str
    token: int
    partial: bool


@dataclass(frozen=True)
class Cut:
    """A text as one tokenizer cuts it."""

    pieces: tuple[Piece, ...]
    characters: int
    bytes: int


def available() -> bool:
    """Tell whether the package with the vocabularies is installed."""
    return importlib.util.find_spec(MODULE) is not None


def live(measured: Mapping[str, MeasuredTokenizer]) -> dict[str, str]:
    """Return the tokenizers that can be loaded here, by id, with the name that the package has for each."""
    readings = {name: [reading.artefact for reading in one.measured_with if reading.package == PACKAGE] for name, one in measured.items()}
    return {name: found[0] for name, found in readings.items() if found}


def load(name: str) -> Cutter:
    """Return a tokenizer by the package's name for it, ready to cut: its first use compiles its pattern and tables."""
    cutter: Cutter = import_module(MODULE).Tokenizer.from_pretrained(name)
    for token in cutter.encode_ordinary(_WARM_UP):
        cutter.decode_token_bytes(token)
    return cutter


def checked(text: str) -> str:
    """Return a text in Unicode's composed form. Raises RefusedTextError where it is too long or no text."""
    if len(text) > MOST_CHARACTERS:
        raise RefusedTextError(TOO_LONG, count=len(text), most=MOST_CHARACTERS)
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise RefusedTextError(SURROGATES)
    return unicodedata.normalize("NFC", text)


def cut(cutter: Cutter, text: str) -> Cut:
    """Return how a text is cut; bytes that are no whole character are shown as hexadecimal numbers."""
    tokens = cutter.encode_ordinary(text)
    return Cut(tuple(_piece(token, cutter.decode_token_bytes(token)) for token in tokens), len(text), len(text.encode()))


def _piece(token: int, raw: bytes) -> Piece:
    try:
        return Piece(raw.decode("utf-8"), token, partial=False)
    except UnicodeDecodeError:
        return Piece(raw.hex(" ").upper(), token, partial=True)
