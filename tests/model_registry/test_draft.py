"""The command draft against a server on this machine: what it writes, what it never touches, and how it refuses."""

import functools
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_registry import draft_command
from model_registry.__main__ import main
from model_registry.draft import draft, release_text
from model_registry.hub import HubRepository, read_repository
from model_registry.load import ROOT, check_file, parse
from model_registry.registry import Registry
from model_registry.schema import Release
from model_registry.tokenizer_facts import tokenizer_facts
from model_registry.yaml_reader import read_yaml
from model_registry.yaml_writer import flow
from tests.model_registry.hub_server import COMMIT, FIXTURES, Hub, serving

ID = "Qwen/Qwen3-8B"
LICENCES = {path.stem for path in (ROOT / "licences").glob("*.yaml")}
TODAY = datetime.now(tz=UTC).date()
TOKENIZER = {
    "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "<s>": 2}},
    "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Split"}, {"type": "ByteLevel"}]},
    "added_tokens": [{"content": "<s>"}, {"content": "<think>"}, {"content": "</think>"}],
}
TEMPLATE = {"tokenizer_config__json": b'{"chat_template": "{{ messages }}"}'}
NOT_NUMBERS = {"source", "sources", "note", "conflicts"}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """Return a running server, which the command asks in place of the Hub."""
    with serving(monkeypatch) as running:
        monkeypatch.setattr(draft_command, "read_repository", functools.partial(read_repository, endpoint=running.address))
        yield running


@pytest.fixture
def release_file(tmp_path: Path) -> Path:
    """Return a copy of a release of the registry, with comments and an order of its own."""
    text = (ROOT / "releases" / "qwen" / "qwen3.yaml").read_text(encoding="utf-8")
    head, sizes = text.split("sizes:\n")
    path = tmp_path / "qwen3.yaml"
    path.write_text(f"{head}# about the sizes\nsizes:  # smallest first\n{sizes}\n# the end\n", encoding="utf-8")
    return path


def drafted(hub: Hub, tmp_path: Path, repository_id: str, *arguments: str) -> Release:
    """Return the release that the command writes."""
    path = tmp_path / "drafted.yaml"
    assert main(["draft", repository_id, "--output", str(path), *arguments]) == 0
    assert hub.requests
    return parse(read_yaml(path, path.name), Release)


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return the one line with which the command refuses."""
    assert main(["draft", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("\n")
    assert err.count("\n") == 1
    return err.removesuffix("\n")


@pytest.mark.parametrize("repository_id", sorted(path.name.replace("--", "/") for path in FIXTURES.iterdir()))
def test_the_draft_of_a_real_config_is_the_architecture_of_the_registry(
    hub: Hub, tmp_path: Path, registry: Registry, repository_id: str
) -> None:
    """Dense, mixtures, latent attention, sparse attention, sliding windows and linear hybrids: field by field, none left out."""
    hub.add_fixture(repository_id)
    found = drafted(hub, tmp_path, repository_id).sizes[0].architecture
    assert found.model_dump(exclude=NOT_NUMBERS) == registry[repository_id].architecture.model_dump(exclude=NOT_NUMBERS)


def test_the_draft_holds_what_the_hub_says_and_nulls(hub: Hub, tmp_path: Path) -> None:
    hub.add_fixture(ID, **TEMPLATE, tokenizer__json=json.dumps(TOKENIZER).encode())
    card = {"license": "apache-2.0", "language": ["en", "zh"]}
    hub.models[ID] |= {"cardData": card, "safetensors": {"parameters": {"BF16": 8_190_735_360}, "total": 8_190_735_360}}
    found = drafted(hub, tmp_path, ID)
    size = found.sizes[0]
    checkpoint = size.checkpoints[0]
    assert (found.release, found.developer, found.released.date, size.size) == ("Qwen3-8B", "Qwen", "2025-04", "8B")
    assert (found.licence.id, found.licence.revision) == ("apache-2.0", COMMIT)
    assert (found.languages.basis, found.languages.card_tags, found.languages.codes) == ("card_tags", ("en", "zh"), None)
    assert (found.tokenizer.algorithm, found.tokenizer.tool, found.tokenizer.vocabulary) == ("byte-level BPE", "Hugging Face tokenizers", 5)
    assert (found.training.tokens, found.training.data, found.abilities.image, found.abilities.tools) == (None, None, False, None)
    assert (size.parameters.total, checkpoint.stored.count, size.base.published) == (None, 8_190_735_360, None)
    assert (checkpoint.variant, checkpoint.reasoning, checkpoint.chat_template.present) == ("instruct", "none", True)
    assert (checkpoint.context.config, checkpoint.context.trained, checkpoint.context.advertised) == (40960, None, None)


def test_every_source_names_commit_day_and_digest(hub: Hub, tmp_path: Path) -> None:
    hub.add_fixture(ID, **TEMPLATE)
    found = drafted(hub, tmp_path, ID)
    config = found.sources[found.sizes[0].architecture.source]
    assert config.url == f"https://huggingface.co/{ID}/blob/{COMMIT}/config.json"
    digest = hashlib.sha256((FIXTURES / "Qwen--Qwen3-8B" / "config.json").read_bytes()).hexdigest()
    assert (config.read, config.sha256) == (TODAY, digest)
    assert found.sources["hub"].url == f"https://huggingface.co/{ID}/tree/{COMMIT}"
    assert found.sizes[0].architecture.sources == dict.fromkeys(("norm", "activation", "position"), "modeling")
    assert found.sources["modeling"].via == "transformers 5.23.0"


def test_without_output_the_draft_is_printed_and_the_checks_are_told_apart(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    hub.add_fixture(ID, **TEMPLATE)
    assert main(["draft", ID]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("# yaml-language-server: $schema=../../schema.json\n# check: variant instruct is derived (a chat template")
    assert re.findall(r"^# (check: .*)$", out, re.MULTILINE) == err.splitlines()
    assert len(err.splitlines()) == 2


@pytest.mark.parametrize(
    ("name", "tags", "template", "variant"),
    [
        ("Qwen3-8B", [], True, "instruct"),
        ("Qwen3-8B", [], False, "base"),
        ("Qwen3-8B-Base", [], True, "base"),
        ("gemma-3-4b-pt", [], True, "base"),
        ("Qwen3-8B", ["base_model:Qwen/Qwen3-8B-Base"], True, "instruct"),
        ("Qwen3-8B", ["pretrained"], True, "base"),
        ("Baseline-8B-Instruct", [], False, "base"),
    ],
)
def test_the_variant_follows_the_chat_template_unless_the_name_says_base(  # noqa: PLR0913, PLR0917 -- the columns of the table
    hub: Hub,
    tmp_path: Path,
    name: str,
    tags: list[str],
    template: bool,  # noqa: FBT001 -- a row of the table
    variant: str,
) -> None:
    config = (FIXTURES / "Qwen--Qwen3-8B" / "config.json").read_bytes()
    hub.add(f"org/{name}", {"config.json": config, **({"chat_template.jinja": b"{{ messages }}"} if template else {})}, tags=tags)
    size = drafted(hub, tmp_path, f"org/{name}").sizes[0]
    assert size.checkpoints[0].variant == variant
    assert size.base.published is (True if variant == "base" else None)
    assert size.checkpoints[0].chat_template.present is (True if template else None)


def test_an_unknown_model_type_is_drafted_and_said(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    hub.add("org/New-1B", {"config.json": b'{"model_type": "new", "num_hidden_layers": 12, "hidden_size": 64}'})
    assert main(["draft", "org/New-1B"]) == 0
    out, err = capsys.readouterr()
    assert "check: model_type new has no reading rules: check every number" in err.splitlines()
    assert "      layers: 12\n      hidden_size: 64\n      intermediate_size: null\n" in out
    assert "      norm: null\n      activation: null\n" in out


def test_what_cannot_be_known_is_named_for_a_person(hub: Hub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(draft_command.read_repository.func.__globals__["LIMITS"], "tokenizer.json", 10)  # type: ignore[attr-defined]  # a partial
    hub.add_fixture(ID, tokenizer__json=json.dumps(TOKENIZER).encode())
    hub.models[ID] |= {"cardData": {"license": "odd\n# tag: {x}"}, "gated": "manual", "createdAt": "2022-03-02T23:29:04.000Z"}
    assert main(["draft", ID]) == 0
    out, err = capsys.readouterr()
    assert "check: the card's licence tag is odd tag x: no record in licences/ has this id\n" in err
    assert "check: tokenizer.json is larger than what is read: what it states is null\n" in err
    assert "check: the repository is gated: its terms belong to the licence\n" in err
    assert "released: {date: null, source: hub}\nlicence: {id: null, source: hub}\n" in out
    assert "tokenizer: {algorithm: null, tool: Hugging Face tokenizers, vocabulary: null, source: hub}\n" in out


@pytest.mark.parametrize(
    ("name", "total", "label"),
    [
        ("Qwen3-30B-A3B", None, "30B-A3B"),
        ("Mixtral-8x7B-v0.1", None, "8x7B"),
        ("pythia-70m", None, "70m"),
        ("gpt2-xl", 1_557_611_200, "1.6B"),
        ("phi", None, "unknown"),
    ],
)
def test_the_size_is_the_names_or_the_totals(hub: Hub, tmp_path: Path, name: str, total: int | None, label: str) -> None:
    hub.add(f"org/{name}", {"config.json": b"{}"}, safetensors=None if total is None else {"total": total, "parameters": {}})
    assert drafted(hub, tmp_path, f"org/{name}").sizes[0].size == label


def test_an_existing_file_is_never_overwritten_without_force(hub: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hub.add_fixture(ID)
    path = tmp_path / "kept.yaml"
    path.write_text("kept\n", encoding="utf-8")
    told = refusal(capsys, ID, "--output", str(path))
    assert told == f"{path}: exists already: choose another --output, or add --force to overwrite it"
    assert (path.read_text(encoding="utf-8"), hub.requests) == ("kept\n", [])
    assert main(["draft", ID, "--output", str(path), "--force"]) == 0
    assert "id: Qwen/Qwen3-8B" in path.read_text(encoding="utf-8")
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_appears_meanwhile_is_not_overwritten(
    hub: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.add_fixture(ID)
    path = tmp_path / "new.yaml"
    check = check_file

    def appears(*arguments: Any) -> None:  # noqa: ANN401 -- passed on as they come
        check(*arguments)
        path.write_text("someone else's\n", encoding="utf-8")

    monkeypatch.setattr(draft_command, "check_file", appears)
    assert "exists already" in refusal(capsys, ID, "--output", str(path))
    assert path.read_text(encoding="utf-8") == "someone else's\n"
    assert list(tmp_path.iterdir()) == [path]


def test_an_unwritable_place_is_told(hub: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hub.add_fixture(ID)
    path = tmp_path / "none" / "new.yaml"
    assert refusal(capsys, ID, "--output", str(path)) == f"{path}: cannot be written (No such file or directory): choose another file"


def added(before: str, after: str) -> list[str]:
    """Return the lines that came in; every other line must stand as it stood."""
    left, new = before.splitlines(keepends=True), []
    for line in after.splitlines(keepends=True):
        if left and line == left[0]:
            left.pop(0)
        else:
            new.append(line.rstrip("\n"))
    assert left == []
    return new


def test_a_checkpoint_of_a_known_size_goes_under_it(hub: Hub, release_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hub.add("org/Tuned", {"config.json": (FIXTURES / "Qwen--Qwen3-8B" / "config.json").read_bytes(), "chat_template.jinja": b"{{ x }}"})
    hub.models["org/Tuned"] |= {"cardData": {"license": "mit"}}
    before = release_file.read_text(encoding="utf-8")
    assert main(["draft", "org/Tuned", "--into", str(release_file)]) == 0
    new = added(before, release_file.read_text(encoding="utf-8"))
    keys = ["  config-tuned:", "  hub-tuned:", "  chat-template-tuned:"]
    assert [line for line in new if line.startswith("  ") and line[2] != " "] == [line for line in new if line.startswith(tuple(keys))]
    assert [line for line in new if line.startswith("      ")][:4] == [
        "      # check: variant instruct is derived (a chat template in the repository), reasoning none is not looked up: confirm both",
        "      # check: what does not stand here is inherited from the release: confirm that it holds",
        "      - id: org/Tuned",
        "        variant: instruct",
    ]
    assert new[-1] == f'        licence: {{id: mit, source: hub-tuned, revision: "{COMMIT}"}}'
    release = parse(read_yaml(release_file, "file"), Release)
    assert [checkpoint.id for checkpoint in release.sizes[3].checkpoints] == [ID, "Qwen/Qwen3-8B-Base", "org/Tuned"]
    assert capsys.readouterr().out == ""


def test_a_checkpoint_of_other_numbers_opens_a_size(hub: Hub, release_file: Path) -> None:
    hub.add_fixture("openai/gpt-oss-20b", chat_template__jinja=b"{{ x }}")
    before = release_file.read_text(encoding="utf-8")
    sizes = len(parse(read_yaml(release_file, "file"), Release).sizes)
    assert main(["draft", "openai/gpt-oss-20b", "--into", str(release_file)]) == 0
    after = release_file.read_text(encoding="utf-8")
    assert '  - size: "20b"' in added(before, after)
    assert after.endswith("\n\n# the end\n")
    release = parse(read_yaml(release_file, "file"), Release)
    assert len(release.sizes) == sizes + 1
    assert release.sizes[-1].checkpoints[0].id == "openai/gpt-oss-20b"


def test_two_repositories_of_the_same_name_keep_their_sources_apart(hub: Hub, release_file: Path) -> None:
    for owner in ("one", "two"):
        hub.add(f"{owner}/Tuned", {"config.json": (FIXTURES / "Qwen--Qwen3-8B" / "config.json").read_bytes(), "chat_template.jinja": b"x"})
        assert main(["draft", f"{owner}/Tuned", "--into", str(release_file)]) == 0
    sources = parse(read_yaml(release_file, "file"), Release).sources
    assert sources["config-tuned"].url.startswith("https://huggingface.co/one/")
    assert sources["config-tuned-2"].url.startswith("https://huggingface.co/two/")


def test_a_checkpoint_that_stands_there_already_is_refused(hub: Hub, release_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hub.add_fixture(ID)
    before = release_file.read_bytes()
    told = refusal(capsys, ID, "--into", str(release_file))
    assert re.fullmatch(rf"Qwen/Qwen3-8B stands already in {re.escape(str(release_file))}:\d+: edit it there", told)
    assert release_file.read_bytes() == before


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_line_endings_stay_as_they_are(hub: Hub, release_file: Path, ending: str) -> None:
    hub.add_fixture("openai/gpt-oss-20b", chat_template__jinja=b"{{ x }}")
    text = release_file.read_text(encoding="utf-8").rstrip("\n")
    newline = ending or "\n"
    release_file.write_bytes((text.replace("\n", newline) + ending).encode())
    assert main(["draft", "openai/gpt-oss-20b", "--into", str(release_file)]) == 0
    content = release_file.read_bytes().decode()
    assert content.count("\n") == content.count(newline)
    assert "openai/gpt-oss-20b" in content


def test_the_mode_of_the_file_stays_and_nothing_is_left_beside_it(hub: Hub, release_file: Path) -> None:
    hub.add_fixture("openai/gpt-oss-20b")
    release_file.chmod(0o640)
    assert main(["draft", "openai/gpt-oss-20b", "--into", str(release_file)]) == 0
    assert release_file.stat().st_mode & 0o777 == 0o640
    assert list(release_file.parent.iterdir()) == [release_file]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (r"(?s)sizes:.*", "sizes: []\n", "sizes: "),
        ("layers: 28", "layers: two", "input should be a valid integer"),
        ("release: Qwen3", "release: [", "not valid YAML"),
    ],
)
def test_a_file_that_cannot_take_it_stays_as_it_is(  # noqa: PLR0913, PLR0917 -- the columns of the table
    hub: Hub, release_file: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, message: str
) -> None:
    hub.add_fixture("openai/gpt-oss-20b")
    text = re.sub(old, new, release_file.read_text(encoding="utf-8"), count=1)
    release_file.write_text(text, encoding="utf-8")
    assert message in refusal(capsys, "openai/gpt-oss-20b", "--into", str(release_file))
    assert release_file.read_text(encoding="utf-8") == text
    assert list(release_file.parent.iterdir()) == [release_file]


def test_checkpoints_in_flow_style_are_left_to_a_person(hub: Hub, small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = small / "releases" / "maker" / "one.yaml"
    known = parse(read_yaml(path, "one"), Release).sizes[0]
    config = {"model_type": "llama", "num_hidden_layers": known.architecture.layers, "hidden_size": known.architecture.hidden_size}
    hub.add("org/One-More", {"config.json": json.dumps(config).encode(), "chat_template.jinja": b"{{ x }}"})
    head, _ = path.read_text(encoding="utf-8").split("    checkpoints:\n")
    line = ", ".join(flow(json.loads(item.model_dump_json(exclude_unset=True))) for item in known.checkpoints)
    text = f"{head}    checkpoints: [{line}]\n"
    path.write_text(text, encoding="utf-8")
    told = refusal(capsys, "org/One-More", "--into", str(path))
    assert told.endswith("are not one below the other behind dashes: draft without --into and copy the checkpoint by hand")
    assert path.read_text(encoding="utf-8") == text


def test_sources_on_one_line_are_left_to_a_person(hub: Hub, small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hub.add_fixture("openai/gpt-oss-20b")
    path = small / "releases" / "maker" / "one.yaml"
    head, _, tail = path.read_text(encoding="utf-8").partition("sources:\n")
    listed, _, rest = tail.partition("released:")
    text = f"{head}sources: {{{', '.join(line.strip() for line in listed.splitlines())}}}\nreleased:{rest}"
    path.write_text(text, encoding="utf-8")
    assert "its sources stand on one line" in refusal(capsys, "openai/gpt-oss-20b", "--into", str(path))
    assert path.read_text(encoding="utf-8") == text


def test_sources_in_flow_style_over_lines_are_left_to_a_person(hub: Hub, release_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hub.add_fixture("openai/gpt-oss-20b", chat_template__jinja=b"{{ x }}")
    head, _, tail = release_file.read_text(encoding="utf-8").partition("sources:\n")
    listed, _, rest = tail.partition("released:")
    flowing = "".join(f"{line},\n" for line in listed.splitlines())
    text = f"{head}sources: {{\n{flowing}  }}\nreleased:{rest}"
    release_file.write_text(text, encoding="utf-8")
    assert main(["check", str(release_file)]) == 0
    assert "nothing was written" in refusal(capsys, "openai/gpt-oss-20b", "--into", str(release_file))
    assert release_file.read_text(encoding="utf-8") == text


def test_text_over_several_lines_at_the_end_of_a_size_stays_whole(hub: Hub, small: Path) -> None:
    path = small / "releases" / "maker" / "one.yaml"
    known = parse(read_yaml(path, "one"), Release).sizes[0].architecture
    config = {"model_type": "llama", "num_hidden_layers": known.layers, "hidden_size": known.hidden_size}
    hub.add("org/One-More", {"config.json": json.dumps(config).encode(), "chat_template.jinja": b"{{ x }}"})
    before = (
        path.read_text(encoding="utf-8").rstrip("\n")
        + '\n        released:\n          date: null\n          source: card\n          note: "one\n\n            two"\n'
    )
    path.write_text(before, encoding="utf-8")
    assert main(["draft", "org/One-More", "--into", str(path)]) == 0
    assert "      - id: org/One-More" in added(before, path.read_text(encoding="utf-8"))
    assert [item.id for item in parse(read_yaml(path, "one"), Release).sizes[0].checkpoints] == [
        "maker/One-Base",
        "maker/One-Chat",
        "org/One-More",
    ]


def test_a_count_that_differs_from_the_main_model_is_noted(hub: Hub, release_file: Path) -> None:
    config = (FIXTURES / "Qwen--Qwen3-8B" / "config.json").read_bytes()
    hub.add("org/Packed", {"config.json": config, "chat_template.jinja": b"x"}, safetensors={"total": 2_174_235_648, "parameters": {}})
    assert main(["draft", "org/Packed", "--into", str(release_file)]) == 0
    packed = parse(read_yaml(release_file, "file"), Release).sizes[3].checkpoints[-1]
    assert packed.stored.count == 2_174_235_648
    assert packed.stored.note == "Differs from the main model's 8190735360; the reason was not looked up."


def test_a_count_far_from_the_name_is_noted(hub: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hub.add("org/Packed-8B", {"config.json": b'{"model_type": "llama"}'}, safetensors={"total": 2_174_235_648, "parameters": {}})
    size = drafted(hub, tmp_path, "org/Packed-8B").sizes[0]
    assert size.parameters.note == "No size in the name is near the 2174235648 of the files; the reason was not looked up."
    assert "check: the size in the name and the count of the files differ" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--force"], "--force goes with --output: say which file may be overwritten"),
        (["--into", "none.yaml"], "none.yaml: no such file: name a release file, or write a new one with --output"),
        (["--into", "none.yaml", "--force"], "--force goes with --output: say which file may be overwritten"),
    ],
)
def test_usage_that_makes_no_sense_is_told_before_the_hub_is_asked(
    hub: Hub, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert refusal(capsys, ID, *arguments) == message
    assert hub.requests == []


def test_output_and_into_exclude_each_other(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["draft", ID, "--output", "a.yaml", "--into", "b.yaml"])
    out, err = capsys.readouterr()
    assert (caught.value.code, out, err.count("\n"), hub.requests) == (2, "", 1, [])


def test_refusals_of_the_hub_and_of_the_config_are_one_line_and_status_2(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    assert refusal(capsys, "org/none").startswith("org/none: not found on the Hub")
    assert refusal(capsys, "none").startswith("'none' is not the id of a repository")
    hub.add_fixture(ID)
    assert refusal(capsys, ID, "--revision", "v9").startswith(f"{ID} has no revision 'v9'")
    hub.add("org/Odd", {"config.json": b'{"num_experts": 8}'})
    assert refusal(capsys, "org/Odd").startswith("the config names 8 experts but not how many a token uses")


@pytest.mark.parametrize(
    ("names", "content", "expected"),
    [
        (("tokenizer.json",), TOKENIZER, ("byte-level BPE", "Hugging Face tokenizers", 5)),
        (("tokenizer.json", "tokenizer.model"), {"model": {"type": "BPE", "vocab": {"a": 0}}}, ("BPE", "SentencePiece", 1)),
        (
            ("tokenizer.json",),
            {"model": {"type": "Unigram", "vocab": [["a", 0.5], ["b", 1]]}, "added_tokens": [{"content": "a"}, {"content": "c"}]},
            ("Unigram", "Hugging Face tokenizers", 3),
        ),
        (("tokenizer.json",), {"model": {"type": "WordPiece", "vocab": {"a": 0}}}, (None, "Hugging Face tokenizers", 1)),
        (("qwen.tiktoken",), None, ("byte-level BPE", "tiktoken", None)),
        (("tokenizer.model",), None, (None, "SentencePiece", None)),
        ((), None, (None, None, None)),
        (("tokenizer.json",), [], (None, "Hugging Face tokenizers", None)),
        (
            ("tokenizer.json",),
            {"model": {"type": ["BPE"], "vocab": [[["x"]]]}, "added_tokens": [{"content": ["y"]}, 1]},
            (None, "Hugging Face tokenizers", 1),
        ),
    ],
)
def test_the_tokenizer_is_told_as_far_as_its_files_tell(names: tuple[str, ...], content: object, expected: tuple[object, ...]) -> None:
    files = {} if content is None else {"tokenizer.json": json.dumps(content).encode()}
    found = tokenizer_facts(names, files)
    assert (found.algorithm, found.tool, found.vocabulary) == expected


PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(min_value=1e-12, max_value=1e15)
    | st.text(alphabet=st.characters(exclude_categories=["Cs"]))
)
NESTED = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3), max_leaves=6
)


@given(NESTED)
def test_what_is_written_is_read_back_the_same(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    path = tmp_path_factory.mktemp("flow") / "value.yaml"
    path.write_text(f"value: {flow(value)}\n", encoding="utf-8")
    assert read_yaml(path, path.name).data == {"value": value}


@given(
    st.builds(
        lambda name, licence, languages, total, template: HubRepository(
            id=f"org/{name}",
            commit=COMMIT,
            created=None,
            gated=False,
            licence=licence,
            languages=tuple(languages),
            tags=tuple(languages),
            parameters=total,
            names=("config.json", "chat_template.jinja"),
            files={"config.json": b"{}", "chat_template.jinja": template},
            config={"model_type": licence},
        ),
        st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,20}", fullmatch=True),
        st.none() | st.text() | st.sampled_from(["mit", "no"]),
        st.lists(st.text() | st.sampled_from(["no", "en", "zh-Hans"]), max_size=4),
        st.none() | st.integers(1, 10**18),
        st.binary(max_size=3),
    )
)
def test_whatever_a_card_says_the_draft_is_a_valid_release(tmp_path_factory: pytest.TempPathFactory, repository: HubRepository) -> None:
    path = tmp_path_factory.mktemp("release") / "drafted.yaml"
    path.write_text(release_text(draft(repository, LICENCES, TODAY)), encoding="utf-8")
    assert parse(read_yaml(path, path.name), Release).sizes[0].checkpoints[0].id == repository.id
