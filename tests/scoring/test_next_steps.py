"""Exact commands for kinds that differ, and what must hold for every checkpoint of the registry."""

import re
import shlex
from typing import get_args

import pytest

from model_registry.registry import Entry, Registry
from model_registry.training_memory import Method
from scoring.next_steps import ENGINES, Step, next_steps
from scoring.scenario import Plan, Scenario, TrainingPlan, WeightPrecision
from scoring.tool_options import OPTIONS
from tests.scoring.making import Facts, registry_of
from texts.catalogue import LANGUAGES, catalogue


def steps_of(  # noqa: PLR0913 (what a case varies)
    registry: Registry, name: str, precision: WeightPrecision, devices: int, *, plan: Plan = "none", tokens: int = 8192
) -> dict[tuple[str, str], Step]:
    scenario = Scenario(longest_input=tokens, training=TrainingPlan(plan=plan))
    return {(step.kind, step.tool): step for step in next_steps(registry, registry[name], scenario, precision, devices)}


def codes(step: Step) -> list[str]:
    return [note.code for note in step.notes]


def test_a_dense_model_on_one_device_with_lora(registry: Registry) -> None:
    found = steps_of(registry, "Qwen/Qwen3-8B", "bf16", 1, plan="lora", tokens=32_768)
    assert {key: step.lines for key, step in found.items()} == {
        ("download", "hf"): ("hf download Qwen/Qwen3-8B",),
        ("serve", "vllm"): (
            ("vllm serve Qwen/Qwen3-8B --max-model-len 32768 --enable-auto-tool-choice --tool-call-parser hermes --reasoning-parser qwen3"),
        ),
        ("serve", "sglang"): (
            "sglang serve --model-path Qwen/Qwen3-8B --context-length 32768 --tool-call-parser auto --reasoning-parser auto",
        ),
        ("convert", "llama.cpp"): (
            "hf download Qwen/Qwen3-8B --local-dir Qwen3-8B",
            "python convert_hf_to_gguf.py Qwen3-8B --outfile Qwen3-8B-bf16.gguf --outtype bf16",
        ),
        ("serve", "llama.cpp"): ("./build/bin/llama-server -m Qwen3-8B-bf16.gguf -c 32768 -ngl 99",),
        ("finetune", "llama-factory"): ("llamafactory-cli train Qwen3-8B-lora-sft.yaml",),
        ("finetune", "ms-swift"): (
            (
                "swift sft --model Qwen/Qwen3-8B --use_hf true --tuner_type lora --dataset my_data.jsonl --torch_dtype bfloat16"
                " --max_length 32768 --lora_rank 8 --lora_alpha 32 --target_modules all-linear --per_device_train_batch_size 1"
                " --gradient_accumulation_steps 16 --learning_rate 1e-4 --num_train_epochs 1 --output_dir output"
            ),
        ),
    }
    assert found["finetune", "llama-factory"].text == (
        "model_name_or_path: Qwen/Qwen3-8B\nstage: sft\ndo_train: true\nfinetuning_type: lora\nlora_rank: 8\nlora_target: all\n"
        "dataset: my_dataset\ntemplate: qwen3\ncutoff_len: 32768\noutput_dir: saves/Qwen3-8B/lora/sft\n"
        "per_device_train_batch_size: 1\ngradient_accumulation_steps: 8\nlearning_rate: 1.0e-4\nnum_train_epochs: 3.0\n"
        "lr_scheduler_type: cosine\nwarmup_ratio: 0.1\nbf16: true\n"
    )


def test_experts_in_fp8_on_eight_devices(registry: Registry) -> None:
    found = steps_of(registry, "Qwen/Qwen3-235B-A22B-Instruct-2507", "fp8", 8, tokens=131_072)
    name = "Qwen/Qwen3-235B-A22B-Instruct-2507"
    assert found["serve", "vllm"].lines == (
        (
            f"vllm serve {name} --max-model-len 131072 --tensor-parallel-size 8 --quantization fp8_per_tensor"
            " --enable-auto-tool-choice --tool-call-parser hermes"
        ),
    )
    assert "quantised_on_load" in codes(found["serve", "vllm"])
    assert found["serve", "sglang"].lines == (
        f"sglang serve --model-path {name} --context-length 131072 --tp-size 8 --quantization fp8 --tool-call-parser auto",
    )
    assert (found["serve", "llama.cpp"].lines, codes(found["serve", "llama.cpp"])) == ((), ["no_fp8"])


def test_gpt_oss_asks_for_more_than_its_config_allows(registry: Registry) -> None:
    found = steps_of(registry, "openai/gpt-oss-120b", "bf16", 2, tokens=200_000)
    assert found["serve", "vllm"].lines == (
        (
            "vllm serve openai/gpt-oss-120b --max-model-len 131072 --tensor-parallel-size 2 --enable-auto-tool-choice"
            " --tool-call-parser openai"
        ),
    )
    assert found["serve", "sglang"].lines == (
        (
            "sglang serve --model-path openai/gpt-oss-120b --context-length 131072 --tp-size 2 --tool-call-parser gpt-oss"
            " --reasoning-parser gpt-oss"
        ),
    )
    assert found["serve", "vllm"].notes[0].values == {"need": 200_000, "config": 131_072}


def test_a_base_with_continued_pretraining_on_four_devices(registry: Registry) -> None:
    found = steps_of(registry, "Qwen/Qwen3-8B-Base", "bf16", 4, plan="continued_pretraining")
    assert found["serve", "vllm"].lines == ("vllm serve Qwen/Qwen3-8B-Base --max-model-len 8192 --tensor-parallel-size 4",)
    factory, swift = found["finetune", "llama-factory"], found["finetune", "ms-swift"]
    assert factory.lines == ("FORCE_TORCHRUN=1 llamafactory-cli train Qwen3-8B-Base-full-pt.yaml",)
    assert factory.text == (
        "model_name_or_path: Qwen/Qwen3-8B-Base\nstage: pt\ndo_train: true\nfinetuning_type: full\n"
        "deepspeed: examples/deepspeed/ds_z3_config.json\ndataset: my_dataset\ncutoff_len: 8192\n"
        "output_dir: saves/Qwen3-8B-Base/full/pt\nper_device_train_batch_size: 1\ngradient_accumulation_steps: 8\n"
        "learning_rate: 1.0e-5\nnum_train_epochs: 3.0\nlr_scheduler_type: cosine\nwarmup_ratio: 0.1\nbf16: true\n"
    )
    assert swift.lines == (
        (
            "NPROC_PER_NODE=4 swift pt --model Qwen/Qwen3-8B-Base --use_hf true --tuner_type full --dataset my_data.jsonl"
            " --torch_dtype bfloat16 --max_length 8192 --deepspeed zero3 --per_device_train_batch_size 1"
            " --gradient_accumulation_steps 16 --learning_rate 1e-5 --num_train_epochs 1 --output_dir output"
        ),
    )


def test_a_hybrid_that_llama_cpp_does_not_convert(registry: Registry) -> None:
    found = steps_of(registry, "allenai/Olmo-Hybrid-7B", "bf16", 1)
    assert found["serve", "vllm"].lines == ("vllm serve allenai/Olmo-Hybrid-7B --max-model-len 8192",)
    assert (found["serve", "llama.cpp"].lines, codes(found["serve", "llama.cpp"])) == ((), ["not_supported"])
    assert ("convert", "llama.cpp") not in found


def test_a_model_that_no_engine_serves(registry: Registry) -> None:
    found = steps_of(registry, "internlm/internlm-7b", "bf16", 1)
    served = {key[1]: step for key, step in found.items() if key[0] == "serve"}
    assert {tool: step.lines for tool, step in served.items()} == dict.fromkeys(ENGINES, ())
    assert served["vllm"].notes[0].values == {"tool": "vLLM", "version": "0.33.0", "last": "0.23.0"}
    assert codes(served["vllm"]) == ["support_removed"]


def test_a_class_that_needs_the_repositorys_code_gets_no_command(registry: Registry) -> None:
    found = steps_of(registry, "deepseek-ai/DeepSeek-V3", "bf16", 8)
    assert (found["serve", "vllm"].lines, codes(found["serve", "vllm"])) == ((), ["remote_code"])
    assert "may_ask_for_code" in codes(found["serve", "sglang"])


@pytest.mark.parametrize("precision", ["int8", "int4"])
def test_few_bits_are_quantised_by_llama_cpp_and_looked_for_elsewhere(registry: Registry, precision: WeightPrecision) -> None:
    found = steps_of(registry, "Qwen/Qwen3-8B", precision, 2)
    kind = {"int8": "Q8_0", "int4": "Q4_K_M"}[precision]
    assert found["quantise", "llama.cpp"].lines == (f"./build/bin/llama-quantize Qwen3-8B-bf16.gguf Qwen3-8B-{kind}.gguf {kind}",)
    assert found["serve", "llama.cpp"].lines == (f"./build/bin/llama-server -m Qwen3-8B-{kind}.gguf -c 8192 -ngl 99 -sm layer",)
    for engine in ("vllm", "sglang"):
        assert (found["serve", engine].lines, codes(found["serve", engine])) == ((), ["quantised_checkpoint"])


def test_heads_that_do_not_divide_are_told(registry: Registry) -> None:
    found = steps_of(registry, "Qwen/Qwen3-8B", "bf16", 3)
    assert "--pipeline-parallel-size 3" in found["serve", "vllm"].lines[0]
    assert "heads_pipeline" in codes(found["serve", "vllm"])
    assert (found["serve", "sglang"].lines, codes(found["serve", "sglang"])) == ((), ["heads_do_not_divide"])


def test_qlora_is_asked_for_by_its_method(registry: Registry) -> None:
    scenario = Scenario(longest_input=2048, training=TrainingPlan(plan="lora"))
    *_, factory, swift = next_steps(registry, registry["Qwen/Qwen3-8B"], scenario, "int4", 1, method="qlora")
    assert "quantization_bit: 4\nquantization_method: bnb\n" in (factory.text or "")
    assert "--tuner_type lora " in swift.lines[0]
    assert "--quant_method bnb --quant_bits 4 " in swift.lines[0]


@pytest.mark.parametrize(
    ("name", "template", "code"),
    [
        ("Qwen/Qwen3-8B", "qwen3", None),
        ("Qwen/Qwen3-8B-Base", "default", "template_default"),
        ("openai-community/gpt2", "default", "template_default_only"),
        ("microsoft/Phi-3.5-mini-instruct", "phi", "template_of_group"),
    ],
)
def test_a_template_is_the_tools_own_or_told(registry: Registry, name: str, template: str, code: str | None) -> None:
    step = steps_of(registry, name, "bf16", 1, plan="lora")["finetune", "llama-factory"]
    assert f"\ntemplate: {template}\n" in (step.text or "")
    assert [found for found in codes(step) if found.startswith("template")] == ([code] if code else [])


def test_where_nothing_was_read_there_is_only_the_download() -> None:
    registry = registry_of(Facts())
    steps = next_steps(registry, registry["maker/a"], Scenario(training=TrainingPlan(plan="lora")), "bf16", 1)
    assert [step.lines for step in steps if step.lines] == [("hf download maker/a",)]
    assert {code for step in steps[1:] for code in codes(step)} == {"tool_not_read"}


def options_of(step: Step) -> set[str]:
    """Return the options of a step's commands, file content included."""
    words = {word for line in step.lines for word in shlex.split(line) if re.fullmatch(r"--?[a-z][\w-]*", word)}
    return words | {line.partition(":")[0] for line in (step.text or "").splitlines()}


@pytest.fixture(scope="module")
def every(registry: Registry) -> list[tuple[Entry, Step]]:
    """Return the steps of every checkpoint."""
    return [(entry, step) for entry in registry.entries for step in every_step(registry, entry)]


def every_step(registry: Registry, entry: Entry) -> list[Step]:
    """Return the steps of a checkpoint at every precision and plan."""
    found: list[Step] = []
    for number, plan in enumerate(get_args(Plan)):
        for devices, precision in enumerate(get_args(WeightPrecision), start=1 + number % 2):
            method: Method | None = "qlora" if plan == "lora" and devices == 2 else None
            scenario = Scenario(longest_input=8192, training=TrainingPlan(plan=plan))
            found += next_steps(registry, entry, scenario, precision, devices, method=method)
    return found


def test_no_command_for_a_tool_that_does_not_support_it_and_a_reason_for_every_silence(
    registry: Registry, every: list[tuple[Entry, Step]]
) -> None:
    ecosystem = registry.ecosystem
    supporting = {e.id: {*ecosystem.tools_for(e, "serving"), *ecosystem.tools_for(e, "tuning"), "hf"} for e in registry.entries}
    for entry, step in every:
        assert step.lines or step.notes
        assert step.tool in supporting[entry.id] or not step.lines, f"{entry.id}: {step.tool}"
        assert step.source.startswith("https://")
    told = {code for _, step in every for code in codes(step)}
    assert {"not_supported", "support_unknown", "support_removed", "remote_code", "listed_as", "template_default"} <= told
    assert {code for code in told if not all(catalogue(language).has(f"next.{code}") for language in LANGUAGES)} == set()


def test_every_option_was_read_and_every_word_is_one_word(every: list[tuple[Entry, Step]]) -> None:
    used: dict[str, set[str]] = {}
    for entry, step in every:
        used.setdefault(step.tool, set()).update(options_of(step))
        for line in step.lines:
            assert not re.search(r"[;&|$`<>\n\\]|trust", line), line
            assert entry.id in line or entry.name in line
    used["llama.cpp"] -= OPTIONS["hf"].options
    assert {tool: names - OPTIONS[tool].options for tool, names in used.items() if names - OPTIONS[tool].options} == {}
    unused = {tool: options.options - used[tool] for tool, options in OPTIONS.items() if tool != "hf"}
    assert {tool: names for tool, names in unused.items() if names} == {}
