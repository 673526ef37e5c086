"""Files to Registry: every file is a case of its own, and each kind of fault is told with file, line and field."""

import shutil
from pathlib import Path

import pytest

from model_registry.faults import RegistryError
from model_registry.frame import frame
from model_registry.load import ROOT, check_file, digest, load, registry_files
from model_registry.registry import Registry

RELEASE, LICENCE, RESULTS, DEVICES = "releases/maker/one.yaml", "licences/mit.yaml", "benchmarks/results.csv", "devices.yaml"
LICENCES = frozenset(path.stem for path in (ROOT / "licences").glob("*.yaml"))
SOURCES = "benchmarks/sources.yaml"
COPIED_FILE = "releases/meta/llama-2.yaml"


def edit(path: Path, old: str, new: str) -> int:
    """Replace the first occurrence; return its line."""
    before, found, after = path.read_text(encoding="utf-8").partition(old)
    assert found
    path.write_text(before + new + after, encoding="utf-8")
    return before.count("\n") + 1


def faults(root: Path) -> list[str]:
    with pytest.raises(RegistryError) as caught:
        load(root)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize("name", [path.relative_to(ROOT).as_posix() for path in registry_files()])
def test_every_registry_file_is_valid(name: str) -> None:
    check_file(ROOT / name, name, LICENCES)


@pytest.mark.parametrize("name", [path.relative_to(ROOT).as_posix() for path in registry_files() if path.suffix == ".yaml"])
def test_every_registry_file_names_its_json_schema(name: str) -> None:
    path = ROOT / name
    first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (path.parent / first.partition("=")[2]).resolve().is_file()


def test_every_file_of_the_registry_is_read(registry: Registry) -> None:
    releases = {(entry.developer, entry.release.release) for entry in registry.entries}
    assert len(releases) == len(list((ROOT / "releases").glob("*/*.yaml")))
    assert set(registry.licences) == LICENCES


def test_a_valid_registry_loads(small: Path) -> None:
    found = load(small)
    assert [entry.id for entry in found.entries] == ["maker/One-Base", "maker/One-Chat"]
    assert (set(found.licences), len(found.results), set(found.devices)) == ({"mit"}, 1, {"card-24"})


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (RELEASE, "layers: 2", 'layers: "2"', "sizes[0].architecture.layers: input should be a valid integer (got '2')"),
        (RELEASE, "layers: 2", "layers: two", "sizes[0].architecture.layers: input should be a valid integer (got 'two')"),
        (RELEASE, "layers: 2", "layers: 0", "sizes[0].architecture.layers: input should be greater than 0 (got 0)"),
        (RELEASE, "norm: RMSNorm", "norm: rms", "sizes[0].architecture.norm: input should be"),
        (RELEASE, "developer: Maker", "developer: 7", "developer: input should be a valid string (got 7)"),
        (RELEASE, "layers: 2", "layers: 2\n      colour: blue", None),
        (RELEASE, "{date: ", "{day: null, date: ", "released.day: extra inputs are not permitted (got None)"),
        (LICENCE, "osi_approved: true", "osi_approved: 1", "osi_approved: input should be a valid boolean (got 1)"),
        (RESULTS, ",50.5,", ",101,", "score: input should be less than or equal to 100 (got 101.0)"),
        (DEVICES, "memory_gib: 24", 'memory_gib: "24"', "devices[0].memory_gib: input should be a valid number (got '24')"),
    ],
)
def test_a_wrong_value_is_told_with_file_line_field_and_what_was_got(
    small: Path, file: str, old: str, new: str, message: str | None
) -> None:
    line = edit(small / file, old, new)
    if message is None:
        line, message = line + 1, "sizes[0].architecture.colour: extra inputs are not permitted (got 'blue')"
    (found,) = faults(small)
    assert found.startswith(f"registry/{file}:{line}: {message}")


def test_a_missing_field_is_told_at_its_block(small: Path) -> None:
    edit(small / RELEASE, "      head_dim: 16\n", "")
    line = edit(small / RELEASE, "architecture:", "architecture:")
    assert faults(small) == [f"registry/{RELEASE}:{line}: sizes[0].architecture.head_dim: field required"]


def test_a_broken_rule_across_fields_is_told_at_its_block(small: Path) -> None:
    edit(small / RELEASE, "kv_heads: 4", "kv_heads: 2")
    line = edit(small / RELEASE, "architecture:", "architecture:")
    assert faults(small) == [f"registry/{RELEASE}:{line}: sizes[0].architecture: MHA has as many KV heads as heads"]


def test_several_faults_in_several_files_are_all_reported(small: Path) -> None:
    expected = [
        f"registry/{RESULTS}:{edit(small / RESULTS, ',5,', ',-1,')}",
        f"registry/{DEVICES}:{edit(small / DEVICES, 'kind: consumer', 'kind: toy')}",
        f"registry/{LICENCE}:{edit(small / LICENCE, 'read: primary', 'read: once')}",
        f"registry/{RELEASE}:{edit(small / RELEASE, 'developer: Maker', 'developer: yes')}",
    ]
    assert [":".join(found.split(":")[:2]) for found in faults(small)] == expected


def test_several_faults_in_one_file_are_all_reported_in_the_order_of_lines(small: Path) -> None:
    second = edit(small / RELEASE, "hidden_size: 64", "hidden_size: wide")
    first = edit(small / RELEASE, "tokens: 1000000000000", "tokens: many")
    lines = [int(found.split(":")[1]) for found in faults(small)]
    assert lines == sorted(lines)
    assert set(lines) == {first, second}


def test_an_unknown_source_of_a_block_is_refused(small: Path) -> None:
    line = edit(small / RELEASE, '{date: "2026-01-31", source: card}', '{date: "2026-01-31", source: press}')
    assert faults(small) == [
        f"registry/{RELEASE}:{line}: released.source: names a source that the release does not have (got 'press')",
    ]


def test_an_unknown_source_of_a_field_is_refused_at_that_field(small: Path) -> None:
    edit(
        small / RELEASE,
        "    architecture:\n      source: config\n",
        "    architecture:\n      source: config\n      sources:\n        norm: press\n",
    )
    line = edit(small / RELEASE, "norm: press", "norm: press")
    assert faults(small) == [
        f"registry/{RELEASE}:{line}: sizes[0].architecture.sources.norm: names a source that the release does not have (got 'press')",
    ]


def test_an_unused_source_is_refused(small: Path) -> None:
    line = edit(small / RELEASE, "released:", '  extra: {url: "https://example.org/x", read: 2026-11-24}\nreleased:')
    assert faults(small) == [f"registry/{RELEASE}:{line}: sources.extra: is named by no block: remove it or use it"]


def test_an_unknown_licence_is_refused(small: Path) -> None:
    line = edit(small / RELEASE, "{id: mit, ", "{id: mitt, ")
    assert faults(small) == [f"registry/{RELEASE}:{line}: licence.id: no such licence record in licences/ (got 'mitt')"]


def test_an_unknown_licence_of_one_checkpoint_is_refused(small: Path) -> None:
    new = "stored: {count: null, source: card}\n        licence: {id: gpl, source: card}"
    line = edit(small / RELEASE, "stored: {count: null, source: card}", new) + 1
    assert faults(small) == [
        f"registry/{RELEASE}:{line}: sizes[0].checkpoints[1].licence.id: no such licence record in licences/ (got 'gpl')",
    ]


def test_an_open_licence_is_no_unknown_one(small: Path) -> None:
    edit(small / RELEASE, "{id: mit, ", "{id: null, ")
    assert load(small)["maker/One-Base"].licence.id is None


def test_a_licence_id_must_equal_the_file_name(small: Path) -> None:
    (small / LICENCE).rename(small / "licences" / "free.yaml")
    edit(small / RELEASE, "{id: mit, ", "{id: null, ")
    assert faults(small) == ["registry/licences/free.yaml:2: id: must equal the file name (got 'mit')"]


def test_a_licence_must_have_its_source(small: Path) -> None:
    line = edit(small / LICENCE, "\nsource: licence", "\nsource: text") + 1
    assert faults(small) == [f"registry/{LICENCE}:{line}: source: no such source (got 'text')"]


def test_a_checkpoint_id_in_two_files_is_refused_with_both_places(small: Path) -> None:
    second = small / "releases" / "maker" / "two.yaml"
    shutil.copy(small / RELEASE, second)
    edit(second, "One-Chat", "Two-Chat")
    line = edit(second, "- id: maker/One-Base", "- id: maker/One-Base")
    assert faults(small) == [
        f"registry/releases/maker/two.yaml:{line}: sizes[0].checkpoints[0].id: maker/One-Base stands already in registry/{RELEASE}:{line}",
    ]


def test_a_result_of_an_unknown_checkpoint_is_refused(small: Path) -> None:
    line = edit(small / RESULTS, "maker/One-Base", "maker/One-Bose")
    assert faults(small) == [f"registry/{RESULTS}:{line}: checkpoint: no such checkpoint in releases/ (got 'maker/One-Bose')"]


def test_a_result_of_an_unknown_source_is_refused(small: Path) -> None:
    path = small / RESULTS
    path.write_text(path.read_text(encoding="utf-8") + "maker/One-Chat,mmlu,40,instruct,5,en,vendor,rumour,,\n", encoding="utf-8")
    assert faults(small) == [f"registry/{RESULTS}:3: source: no such source in sources.yaml (got 'rumour')"]


def test_a_source_that_no_result_names_is_refused(small: Path) -> None:
    path = small / SOURCES
    line = edit(path, "  report:", '  extra: {url: "https://example.org/x", read: 2026-11-24}\n  report:')
    assert faults(small) == [f"registry/{SOURCES}:{line}: sources.extra: is named by no result: remove it or use it"]


def test_results_without_their_sources_are_refused(small: Path) -> None:
    (small / SOURCES).unlink()
    assert faults(small) == [f"registry/{RESULTS}:2: source: no such source in sources.yaml (got 'report')"]


def test_the_same_result_twice_is_refused_with_both_lines(small: Path) -> None:
    path = small / RESULTS
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text.splitlines()[-1] + "\n", encoding="utf-8")
    (found,) = faults(small)
    assert found.startswith(f"registry/{RESULTS}:3: the same result stands already on line 2")


@pytest.mark.parametrize(("old", "new"), [("base_few_shot", "unspecified"), (",en,", ",zh,"), (",vendor,", ",independent,")])
def test_a_result_in_another_mode_or_language_or_of_another_reporter_is_another_result(small: Path, old: str, new: str) -> None:
    path = small / RESULTS
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text.splitlines()[-1].replace(old, new) + "\n", encoding="utf-8")
    assert len(load(small).results) == 2


def test_a_device_of_an_unknown_source_is_refused(small: Path) -> None:
    line = edit(small / DEVICES, "[list]", "[list, leaflet]")
    assert faults(small) == [f"registry/{DEVICES}:{line}: devices[0]: names sources that the file does not have (got leaflet)"]


def test_a_device_listed_twice_is_refused(small: Path) -> None:
    text = (small / DEVICES).read_text(encoding="utf-8")
    (small / DEVICES).write_text(text + text.splitlines()[-1] + "\n", encoding="utf-8")
    assert faults(small) == [f"registry/{DEVICES}:5: devices[1]: duplicate device (got 'card-24')"]


def test_a_folder_without_releases_is_refused(small: Path) -> None:
    shutil.rmtree(small / "releases")
    shutil.rmtree(small / "benchmarks")
    assert faults(small) == [f"{small}:1: no release files found under releases/<developer>/<release>.yaml"]


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert faults(tmp_path) == [f"{tmp_path}:1: no release files found under releases/<developer>/<release>.yaml"]


@pytest.mark.parametrize("content", ["", "[]\n", "text\n"])
def test_a_file_that_is_no_mapping_is_refused(small: Path, content: str) -> None:
    (small / RELEASE).write_text(content, encoding="utf-8")
    (found,) = faults(small)
    assert found.startswith(f"registry/{RELEASE}:1: input should be an object")


def test_the_digest_changes_with_a_byte(small: Path) -> None:
    before = digest(small)
    edit(small / DEVICES, "name: Card", "name: Cart")
    assert digest(small) != before


def test_the_digest_changes_with_a_file_name(small: Path) -> None:
    before = digest(small)
    (small / SOURCES).rename(small / "benchmarks" / "other.yaml")
    assert digest(small) != before


def test_the_digest_of_the_same_bytes_is_the_same(small: Path, tmp_path: Path) -> None:
    shutil.copytree(small, tmp_path / "copy")
    assert digest(tmp_path / "copy") == digest(small) == load(small).digest


def test_adding_a_model_touches_one_file(small: Path, tmp_path: Path, registry: Registry) -> None:
    """A new release file in a copy of the project's registry appears in the table, and nothing else changes."""
    copied = tmp_path / "copied"
    for path in registry_files():
        target = copied / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    new = copied / "releases" / "maker" / "one.yaml"
    new.parent.mkdir()
    shutil.copy(small / RELEASE, new)
    before, after = set(frame(registry)["id"]), set(frame(load(copied))["id"])
    assert after - before == {"maker/One-Base", "maker/One-Chat"}
    assert before <= after


def test_a_fault_planted_in_a_real_release_is_the_only_one_told(tmp_path: Path) -> None:
    path = tmp_path / "llama-2.yaml"
    shutil.copy(ROOT / COPIED_FILE, path)
    line = edit(path, "layers: 40", 'layers: "40"')
    with pytest.raises(RegistryError) as caught:
        check_file(path, "llama-2.yaml", LICENCES)
    assert str(caught.value) == f"llama-2.yaml:{line}: sizes[1].architecture.layers: input should be a valid integer (got '40')"
