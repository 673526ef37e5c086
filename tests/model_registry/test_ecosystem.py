"""Which tools support which checkpoints: yes, no, not known; and what the file refuses."""

from pathlib import Path

import pytest

from model_registry.ecosystem import Ecosystem
from model_registry.facts import facts
from model_registry.faults import RegistryError
from model_registry.load import load
from model_registry.registry import Entry, Registry

SMALL = """\
sources:
  code: {url: "https://example.org/code", read: 2026-11-24, title: Code}
  parsers: {url: "https://example.org/parsers", read: 2026-11-24}
releases_read: [One]
tools:
  - id: tuner
    name: Tuner
    version: "1.0"
    kind: tuning
    source: code
    by: checkpoint
    note: By name.
    checkpoints: [maker/One-Base]
    templates:
      one: [maker/One-Base]
  - id: engine
    name: Engine
    version: "2.0"
    kind: serving
    source: code
    by: model_type
    note: By class.
    model_types: [llama]
    except_checkpoints:
      maker/One-Base: "another class"
    tool_parser_source: parsers
    tool_parsers:
      plain: [maker/One-Chat]
"""


@pytest.fixture
def folder(small: Path) -> Path:
    (small / "ecosystem.yaml").write_text(SMALL, encoding="utf-8")
    return small


def supports(ecosystem: Ecosystem, entry: Entry, tool: str) -> str:
    return ecosystem.support(entry, ecosystem.tools[tool])


def test_a_small_file_says_yes_and_no(folder: Path) -> None:
    registry = load(folder)
    ecosystem, base, chat = registry.ecosystem, registry["maker/One-Base"], registry["maker/One-Chat"]
    assert [supports(ecosystem, base, tool) for tool in ("tuner", "engine")] == ["yes", "no"]
    assert [supports(ecosystem, chat, tool) for tool in ("tuner", "engine")] == ["no", "yes"]
    assert (ecosystem.tools_for(chat, "tuning"), ecosystem.tools_for(chat, "serving")) == ((), ("engine",))
    assert (ecosystem.tool_parser(chat, "engine"), ecosystem.tool_parser(base, "engine")) == ("plain", None)
    assert (ecosystem.names_tool_parser(chat), ecosystem.names_tool_parser(base)) == (True, False)
    assert (ecosystem.template(base, "tuner"), ecosystem.template(chat, "tuner")) == (("one", True), (None, False))


def test_no_tool_is_an_answer_and_a_release_that_was_not_read_is_none(folder: Path) -> None:
    registry = load(folder)
    chat = registry["maker/One-Chat"]
    fact = facts(registry, chat)["tuning_tools"]
    assert (fact.value, fact.note) == ((), "read in Tuner 1.0")
    assert fact.source is registry.ecosystem.sources["code"]
    (folder / "ecosystem.yaml").write_text(SMALL.replace("releases_read: [One]", "releases_read: []"), encoding="utf-8")
    registry = load(folder)
    assert facts(registry, registry["maker/One-Chat"])["tuning_tools"].value is None
    assert registry.ecosystem.undecided(registry["maker/One-Chat"], "tuning") == ("tuner",)
    assert registry.ecosystem.tools_for(registry["maker/One-Base"], "tuning") == ("tuner",)


def test_without_the_file_nothing_is_known(small: Path) -> None:
    registry = load(small)
    entry = registry["maker/One-Chat"]
    assert (registry.ecosystem.tools_for(entry, "tuning"), facts(registry, entry)["tuning_tools"].value) == ((), None)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("checkpoints: [maker/One-Base]", "checkpoints: [maker/Two]", "tools[0].checkpoints[0]: no such checkpoint (got 'maker/Two')"),
        ("one: [maker/One-Base]", "one: [maker/Two]", "tools[0].templates.one[0]: no such checkpoint (got 'maker/Two')"),
        ("plain: [maker/One-Chat]", "plain: [maker/Two]", "tools[1].tool_parsers.plain[0]: no such checkpoint (got 'maker/Two')"),
        ("model_types: [llama]", "model_types: [lama]", "tools[1].model_types[0]: no checkpoint has this model type (got 'lama')"),
        ("releases_read: [One]", "releases_read: [Two]", "releases_read[0]: no such release (got 'Two')"),
        ("id: engine", "id: tuner", "tools[1].id: duplicate tool (got 'tuner')"),
        ("maker/One-Base: ", "maker/Two: ", "tools[1].except_checkpoints.maker/Two: no such checkpoint (got 'maker/Two')"),
        ("tool_parser_source: parsers", "tool_parser_source: code", "sources.parsers: is named by no tool: remove it or use it"),
        ("kind: tuning", "kind: cooking", "tools[0].kind: input should be 'tuning' or 'serving' (got 'cooking')"),
    ],
)
def test_what_is_not_there_is_told_with_its_line(folder: Path, old: str, new: str, message: str) -> None:
    path = folder / "ecosystem.yaml"
    before = SMALL.partition(old)[0]
    path.write_text(SMALL.replace(old, new, 1), encoding="utf-8")
    line = 3 if message.startswith("sources.") else before.count("\n") + 1
    with pytest.raises(RegistryError) as caught:
        load(folder)
    assert [str(fault) for fault in caught.value.faults] == [f"registry/ecosystem.yaml:{line}: {message}"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "source: code\n    by: checkpoint",
            "source: press\n    by: checkpoint",
            "names a source that the file does not have (got 'press')",
        ),
        ("model_types: [llama]", "model_types: [llama]\n    remote_code_model_types: [qwen3]", "must be among model_types (got qwen3)"),
        (
            "model_types: [llama]",
            'model_types: [llama]\n    removed_model_types: {llama: "1.0"}',
            "supported or removed, not both (got llama)",
        ),
        ("    tool_parser_source: parsers\n", "", "tool_parsers and tool_parser_source stand together"),
        (
            "      one: [maker/One-Base]",
            "      one: [maker/One-Base]\n      two: [maker/One-Base]",
            "one template (got maker/One-Base twice)",
        ),
    ],
)
def test_a_contradiction_is_refused(folder: Path, old: str, new: str, message: str) -> None:
    (folder / "ecosystem.yaml").write_text(SMALL.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RegistryError, match=r"ecosystem\.yaml:") as caught:
        load(folder)
    assert any(message in str(fault) for fault in caught.value.faults)


def test_every_release_was_looked_for_and_every_tool_is_used(registry: Registry) -> None:
    ecosystem = registry.ecosystem
    assert {tool.id for tool in ecosystem.of_kind("tuning")} == {"llama-factory", "ms-swift", "axolotl", "unsloth", "torchtune", "peft"}
    assert {tool.id for tool in ecosystem.of_kind("serving")} == {"vllm", "sglang", "llama.cpp"}
    named = {tool for entry in registry.entries for kind in ("tuning", "serving") for tool in ecosystem.tools_for(entry, kind)}
    assert named == set(ecosystem.tools)


def test_only_a_model_type_that_is_not_known_leaves_it_open(registry: Registry) -> None:
    for entry in registry.entries:
        open_tools = ecosystem_open(registry, entry)
        assert not open_tools or entry.architecture.model_type is None
        assert all(registry.ecosystem.tools[tool].by == "model_type" for tool in open_tools)


def ecosystem_open(registry: Registry, entry: Entry) -> tuple[str, ...]:
    return (*registry.ecosystem.undecided(entry, "tuning"), *registry.ecosystem.undecided(entry, "serving"))


@pytest.mark.parametrize(
    ("name", "tuning", "serving"),
    [
        ("Qwen/Qwen3-8B", ("llama-factory", "ms-swift", "axolotl", "unsloth", "torchtune", "peft"), ("vllm", "sglang", "llama.cpp")),
        ("tencent/Tencent-Hunyuan-Large", (), ()),
        ("internlm/internlm-7b", ("ms-swift",), ()),
        ("meta-llama/Llama-3.1-8B-Instruct", None, ("vllm", "sglang", "llama.cpp")),
    ],
)
def test_known_checkpoints_have_the_tools_that_were_read(
    registry: Registry, name: str, tuning: tuple[str, ...] | None, serving: tuple[str, ...]
) -> None:
    found = facts(registry, registry[name])
    assert found["serving_engines"].value == serving
    if tuning is not None:
        assert found["tuning_tools"].value == tuning
    else:
        assert "llama-factory" in (found["tuning_tools"].value or ())  # type: ignore[operator]


def test_a_class_that_asks_for_the_repositorys_code_says_so(registry: Registry) -> None:
    entry = registry["deepseek-ai/DeepSeek-V3"]
    assert registry.ecosystem.needs_remote_code(entry, registry.ecosystem.tools["vllm"])
    assert "vLLM may refuse it without the repository's own code" in (facts(registry, entry)["serving_engines"].note or "")
    assert not registry.ecosystem.needs_remote_code(registry["Qwen/Qwen3-8B"], registry.ecosystem.tools["vllm"])
