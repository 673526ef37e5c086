"""Tokenizers from the vocabulary-only GGUF files of llama.cpp: byte-level BPE, BPE on characters, SentencePiece BPE.

The file format is llama.cpp's; only its head is read, because these files hold nothing else. What the file does not say, how
text is cut before merging, is stated here by the name of the vocabulary and proved by the ids that llama.cpp's own fixtures give.
"""

import struct
from collections.abc import Sequence
from importlib import import_module
from typing import Any

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_MAGIC = b"GGUF"
NORMAL, UNKNOWN, CONTROL, USER_DEFINED, BYTE = 1, 2, 3, 4, 6
"""Kinds of entries; the numbers are SentencePiece's too."""
_MODEL_BPE = 2

INDENTS = [*(" " * width for width in range(31, 1, -1)), *("\t" * width for width in range(9, 1, -1))]
"""The runs of spaces and tabs that CodeGen put behind GPT-2's entries."""


class _Reader:
    """Reads values one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at]

    def scalar(self, code: str) -> Any:  # noqa: ANN401  the file says which
        return struct.unpack("<" + code, self.take(struct.calcsize(code)))[0]

    def string(self) -> str:
        return self.take(self.scalar("Q")).decode("utf-8", "surrogateescape")

    def value(self, kind: int) -> Any:  # noqa: ANN401  the file says which
        if kind == _STRING:
            return self.string()
        if kind == _ARRAY:
            inner, count = self.scalar("I"), self.scalar("Q")
            if inner in _SCALARS:
                return list(struct.unpack(f"<{count}{_SCALARS[inner]}", self.take(count * struct.calcsize(_SCALARS[inner]))))
            return [self.value(inner) for _ in range(count)]
        return self.scalar(_SCALARS[kind])


def read_gguf(data: bytes) -> dict[str, Any]:
    """Return the key-value head of a GGUF file."""
    reader = _Reader(data)
    if reader.take(4) != _MAGIC:
        message = "not a GGUF file"
        raise ValueError(message)
    version = reader.scalar("I")
    if version == 1:
        message = "GGUF version 1 is not read"
        raise ValueError(message)
    _, count = reader.scalar("Q"), reader.scalar("Q")
    return {reader.string(): reader.value(reader.scalar("I")) for _ in range(count)}


def byte_level_bpe(head: dict[str, Any], cut: str) -> Any:  # noqa: ANN401  a tokenizers.Tokenizer
    """Return a byte-level BPE tokenizer; ``cut`` is ``plain``, ``indented``, ``digits`` or ``falcon``."""
    kit = import_module("tokenizers")
    tokens, kinds = head["tokenizer.ggml.tokens"], head["tokenizer.ggml.token_type"]
    merges = [tuple(merge.split(" ", 1)) for merge in head["tokenizer.ggml.merges"]]
    tokenizer = kit.Tokenizer(kit.models.BPE({token: index for index, token in enumerate(tokens)}, merges))
    byte_level = kit.pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    steps = {
        "plain": [byte_level],
        "indented": [byte_level],
        "digits": [kit.pre_tokenizers.Digits(individual_digits=True), byte_level],
        "falcon": [
            kit.pre_tokenizers.Punctuation("contiguous"),
            byte_level,
            kit.pre_tokenizers.Split(kit.Regex("[0-9][0-9][0-9]"), "isolated"),
        ],
    }[cut]
    tokenizer.pre_tokenizer = kit.pre_tokenizers.Sequence(steps)
    tokenizer.decoder = kit.decoders.ByteLevel()
    added = [token for token, kind in zip(tokens, kinds, strict=True) if kind == USER_DEFINED or (token and not token.strip(" "))]
    tokenizer.add_tokens([kit.AddedToken(token, normalized=False) for token in added + (INDENTS if cut == "indented" else [])])
    special = [token for token, kind in zip(tokens, kinds, strict=True) if kind == CONTROL]
    tokenizer.add_special_tokens([kit.AddedToken(token, normalized=False, special=True) for token in special])
    return tokenizer


def character_bpe(head: dict[str, Any]) -> Any:  # noqa: ANN401  a tokenizers.Tokenizer
    """Return a BPE tokenizer on characters with byte fallback and spaces written as U+2581, as Gemma 4 has it."""
    kit = import_module("tokenizers")
    tokens, kinds = head["tokenizer.ggml.tokens"], head["tokenizer.ggml.token_type"]
    merges = [_pair(merge) for merge in head["tokenizer.ggml.merges"]]
    tokenizer = kit.Tokenizer(
        kit.models.BPE({token: index for index, token in enumerate(tokens)}, merges, byte_fallback=True, fuse_unk=True)
    )
    tokenizer.normalizer = kit.normalizers.Replace(" ", "\u2581")
    tokenizer.pre_tokenizer = kit.pre_tokenizers.Split(kit.Regex("\n+"), "isolated")
    tokenizer.decoder = kit.decoders.Sequence([kit.decoders.Replace("\u2581", " "), kit.decoders.ByteFallback(), kit.decoders.Fuse()])
    special = [token for token, kind in zip(tokens, kinds, strict=True) if kind == CONTROL]
    tokenizer.add_special_tokens([kit.AddedToken(token, normalized=False, special=True) for token in special])
    return tokenizer


def _pair(merge: str) -> tuple[str, str]:
    left, right = merge.split(" ", 1)
    return left, right


def sentencepiece_model(head: dict[str, Any]) -> bytes:
    """Return a SentencePiece model file of the vocabulary: BPE, byte fallback, a space put before the text."""
    pieces = zip(head["tokenizer.ggml.tokens"], head["tokenizer.ggml.scores"], head["tokenizer.ggml.token_type"], strict=True)
    body = b"".join(_field(1, _field(1, piece.encode()) + _float(2, score) + _number(3, kind)) for piece, score, kind in pieces)
    trainer = _number(3, _MODEL_BPE) + _number(4, len(head["tokenizer.ggml.tokens"])) + _number(35, 1)
    normalizer = _field(1, b"identity") + _number(3, 1) + _number(4, 0) + _number(5, 1)
    return body + _field(2, trainer) + _field(3, normalizer)


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:  # noqa: PLR2004  seven bits a byte
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _float(field: int, value: float) -> bytes:
    return _varint(field << 3 | 5) + struct.pack("<f", value)


def _field(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def fixtures(asked: str, answered: str) -> list[tuple[str, list[int]]]:
    """Return the texts of a ``.inp`` file with the ids of its ``.out`` file."""
    questions: Sequence[str] = asked.split("\n__ggml_vocab_test__\n")
    answers = [[int(number) for number in line.split()] for line in answered.splitlines()]
    return list(zip(questions, answers, strict=False))
