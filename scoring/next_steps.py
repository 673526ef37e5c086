"""What to type next: commands that download, serve and fine-tune a checkpoint, correct for it, the scenario and the devices.

A tool that does not support the checkpoint gets a step without a command and with a note that says why. No repository of
quantised weights is ever made up, and no command lets a tool run code from the repository that it would not run by itself.
"""

import shlex
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from model_registry.registry import Entry, Registry
from model_registry.training_memory import Method
from scoring.explain import Statement
from scoring.scenario import Plan, Scenario, WeightPrecision
from scoring.tool_options import OPTIONS

StepKind: TypeAlias = Literal["download", "convert", "quantise", "serve", "finetune"]
ENGINES, TRAINERS = ("vllm", "sglang", "llama.cpp"), ("llama-factory", "ms-swift")
"""The tools for which commands are known; the registry may know of more that support a checkpoint."""
METHODS: dict[Plan, Method] = {"lora": "lora", "full": "full", "continued_pretraining": "full"}
LORA_RANK = 8
_ONLINE_FP8 = {"vllm": "fp8_per_tensor", "sglang": "fp8"}
_GGUF = {"int8": "Q8_0", "int4": "Q4_K_M"}


@dataclass(frozen=True)
class Step:
    """One thing to do with one tool."""

    kind: StepKind
    tool: str
    """Id of the tool."""
    lines: tuple[str, ...]
    """Shell commands; empty where the tool cannot do it."""
    notes: tuple[Statement, ...]
    """Codes under ``next`` with their values."""
    source: str
    """Where the options, or the tool's support, can be checked."""
    text: str | None = None
    """Content of the file that the commands name."""
    file: str | None = None


@dataclass(frozen=True)
class _Plan:
    """What every command asks for."""

    registry: Registry
    entry: Entry
    tokens: int
    precision: WeightPrecision
    devices: int
    plan: Plan
    method: Method | None
    notes: tuple[Statement, ...]
    """What holds for every tool."""

    @property
    def model(self) -> str:
        return shlex.quote(self.entry.id)

    @property
    def name(self) -> str:
        return shlex.quote(self.entry.name)


def next_steps(  # noqa: PLR0913 (five that every command rests on, and an override)
    registry: Registry, entry: Entry, scenario: Scenario, precision: WeightPrecision, devices: int, *, method: Method | None = None
) -> tuple[Step, ...]:
    """Return the steps: download, serve with each engine, and fine-tune where the scenario trains.

    ``precision`` is that of the served weights, ``devices`` their number; ``method`` overrides how the plan is trained.
    """
    plan = scenario.training.plan
    limit = entry.checkpoint.context.config
    tokens = min(scenario.longest_input, limit or scenario.longest_input)
    beyond = (_note("context_beyond_config", need=scenario.longest_input, config=tokens),) if tokens < scenario.longest_input else ()
    asked = _Plan(registry, entry, tokens, precision, devices, plan, method or METHODS.get(plan), beyond)
    steps = [Step("download", "hf", (f"hf download {asked.model}",), (), OPTIONS["hf"].source)]
    steps += [step for engine in ENGINES for step in _serving(asked, engine)]
    if plan != "none":
        steps += [_training(asked, trainer) for trainer in TRAINERS]
    return tuple(steps)


def _note(code: str, **values: str | float) -> Statement:
    return Statement(code, values)


def _refused(asked: _Plan, kind: StepKind, tool_id: str) -> Step | None:
    """Return the step that says why a tool has no command, or None when it supports the checkpoint."""
    ecosystem = asked.registry.ecosystem
    tool = ecosystem.tools.get(tool_id)
    name = OPTIONS[tool_id].name
    if tool is None:
        return Step(kind, tool_id, (), (_note("tool_not_read", tool=name),), OPTIONS[tool_id].source)
    source, model_type = ecosystem.sources[tool.source].url, asked.entry.architecture.model_type or ""
    found = ecosystem.support(asked.entry, tool)
    if found == "yes":
        remote = ecosystem.needs_remote_code(asked.entry, tool)
        return Step(kind, tool_id, (), (_note("remote_code", tool=name),), source) if remote else None
    if found == "unknown":
        note = _note("support_unknown", tool=name, version=tool.version)
    elif model_type in tool.removed_model_types:
        note = _note("support_removed", tool=name, version=tool.version, last=tool.removed_model_types[model_type])
    else:
        note = _note("not_supported", tool=name, version=tool.version)
    return Step(kind, tool_id, (), (note,), source)


def _serving(asked: _Plan, engine: str) -> tuple[Step, ...]:
    refused = _refused(asked, "serve", engine)
    if refused is not None:
        return (refused,)
    if engine == "llama.cpp":
        return _llama_cpp(asked)
    step = Step("serve", engine, (), asked.notes, OPTIONS[engine].source)
    if asked.precision in {"int8", "int4"}:
        return (replace(step, notes=(_note("quantised_checkpoint", tool=OPTIONS[engine].name, precision=asked.precision),)),)
    return (_vllm(asked, step) if engine == "vllm" else _sglang(asked, step),)


def _quantised(asked: _Plan, engine: str) -> tuple[list[str], tuple[Statement, ...]]:
    """Return the option that quantises 16-bit weights while they load, with its note."""
    if asked.precision != "fp8":
        return [], ()
    return ["--quantization", _ONLINE_FP8[engine]], (_note("quantised_on_load"),)


def _divides(asked: _Plan) -> bool:
    """Tell whether the attention heads can be shared out over the devices (not known counts as yes)."""
    return (asked.entry.architecture.attention_heads or asked.devices) % asked.devices == 0


def _calls_tools(entry: Entry) -> bool:
    return entry.checkpoint.variant != "base" and entry.abilities.tools is True


def _reasons(entry: Entry) -> bool:
    return entry.checkpoint.reasoning in {"switchable", "always"}


def _vllm(asked: _Plan, step: Step) -> Step:
    entry, ecosystem = asked.entry, asked.registry.ecosystem
    words, notes = ["vllm serve", asked.model, "--max-model-len", str(asked.tokens)], step.notes
    if asked.devices > 1 and _divides(asked):
        words += ["--tensor-parallel-size", str(asked.devices)]
    elif asked.devices > 1:
        words += ["--pipeline-parallel-size", str(asked.devices)]
        notes += (_heads_note(asked, "heads_pipeline"),)
    option, told = _quantised(asked, "vllm")
    words, notes = words + option, notes + told
    parser, reasoning = ecosystem.tool_parser(entry, "vllm"), ecosystem.reasoning_parser(entry, "vllm")
    if parser and entry.checkpoint.variant != "base" and entry.abilities.tools is not False:
        words += ["--enable-auto-tool-choice", "--tool-call-parser", parser]
        notes += (_note("tool_chat_template"),)
    elif _calls_tools(entry):
        notes += (_note("no_tool_parser", tool=OPTIONS["vllm"].name),)
    if _reasons(entry) and reasoning:
        words += ["--reasoning-parser", reasoning]
    elif _reasons(entry):
        notes += (_note("no_reasoning_parser", tool=OPTIONS["vllm"].name),)
    return replace(step, lines=(" ".join(words),), notes=notes)


def _heads_note(asked: _Plan, code: str) -> Statement:
    return _note(code, heads=asked.entry.architecture.attention_heads or 0, devices=asked.devices)


def _sglang(asked: _Plan, step: Step) -> Step:
    if not _divides(asked):
        return replace(step, notes=(_heads_note(asked, "heads_do_not_divide"),))
    entry, ecosystem = asked.entry, asked.registry.ecosystem
    words = ["sglang serve --model-path", asked.model, "--context-length", str(asked.tokens)]
    if asked.devices > 1:
        words += ["--tp-size", str(asked.devices)]
    option, told = _quantised(asked, "sglang")
    words, notes = words + option, step.notes + told
    if _calls_tools(entry):
        words += ["--tool-call-parser", ecosystem.tool_parser(entry, "sglang") or "auto"]
    if _reasons(entry):
        words += ["--reasoning-parser", ecosystem.reasoning_parser(entry, "sglang") or "auto"]
    return replace(step, lines=(" ".join(words),), notes=(*notes, *_may_ask(asked, "sglang")))


def _may_ask(asked: _Plan, tool: str) -> tuple[Statement, ...]:
    """Return a warning where another engine is known to ask for the repository's code: this tool may ask too."""
    ecosystem = asked.registry.ecosystem
    asks = any(ecosystem.needs_remote_code(asked.entry, other) for other in ecosystem.of_kind("serving"))
    return (_note("may_ask_for_code", tool=OPTIONS[tool].name),) if asks else ()


def _llama_cpp(asked: _Plan) -> tuple[Step, ...]:
    """Return conversion to GGUF, quantisation where the weights have 8 or 4 bits, and the server."""
    source = OPTIONS["llama.cpp"].source
    if asked.precision == "fp8":
        return (Step("serve", "llama.cpp", (), (_note("no_fp8", tool=OPTIONS["llama.cpp"].name),), source),)
    folder, whole = asked.name, shlex.quote(f"{asked.entry.name}-bf16.gguf")
    convert = (
        f"hf download {asked.model} --local-dir {folder}",
        f"python convert_hf_to_gguf.py {folder} --outfile {whole} --outtype bf16",
    )
    steps = [Step("convert", "llama.cpp", convert, (_note("in_llama_cpp"), *_may_ask(asked, "llama.cpp")), source)]
    served, kind = whole, _GGUF.get(asked.precision)
    if kind is not None:
        served = shlex.quote(f"{asked.entry.name}-{kind}.gguf")
        steps.append(Step("quantise", "llama.cpp", (f"./build/bin/llama-quantize {whole} {served} {kind}",), (), source))
    words = ["./build/bin/llama-server", "-m", served, "-c", str(asked.tokens), "-ngl", "99"]
    words += ["-sm", "layer"] if asked.devices > 1 else []
    return (*steps, Step("serve", "llama.cpp", (" ".join(words),), asked.notes, source))


def _training(asked: _Plan, trainer: str) -> Step:
    refused = _refused(asked, "finetune", trainer)
    if refused is not None:
        return refused
    notes = (*asked.notes, _note("your_data"), _note("sixteen_bit_weights"))
    ecosystem = asked.registry.ecosystem
    listed = ecosystem.tools[trainer].listed_as.get(asked.entry.id)
    if listed is not None:
        notes += (_note("listed_as", tool=OPTIONS[trainer].name, id=listed),)
    step = Step("finetune", trainer, (), notes, OPTIONS[trainer].source)
    return _llama_factory(asked, step) if trainer == "llama-factory" else _swift(asked, step)


def _template(asked: _Plan) -> tuple[str | None, tuple[Statement, ...]]:
    """Return LLaMA-Factory's template for a chat training: its own choice, ``default`` for a Base, else the group's."""
    name, preselected = asked.registry.ecosystem.template(asked.entry, "llama-factory")
    if name is not None and preselected:
        return name, ()
    if asked.entry.checkpoint.variant == "base":
        return "default", (_note("template_default", template=name) if name else _note("template_default_only"),)
    return name, (_note("template_of_group", template=name) if name else _note("template_missing"),)


def _llama_factory(asked: _Plan, step: Step) -> Step:
    stage = "pt" if asked.plan == "continued_pretraining" else "sft"
    template, told = (None, ()) if stage == "pt" else _template(asked)
    full, several = asked.method == "full", asked.devices > 1
    values: dict[str, str | int | None] = {
        "model_name_or_path": asked.entry.id,
        "stage": stage,
        "do_train": "true",
        "finetuning_type": "full" if full else "lora",
        "lora_rank": None if full else LORA_RANK,
        "lora_target": None if full else "all",
        "quantization_bit": 4 if asked.method == "qlora" else None,
        "quantization_method": "bnb" if asked.method == "qlora" else None,
        "deepspeed": "examples/deepspeed/ds_z3_config.json" if full and several else None,
        "dataset": "my_dataset",
        "template": template,
        "cutoff_len": asked.tokens,
        "output_dir": f"saves/{asked.entry.name}/{asked.method}/{stage}",
        "per_device_train_batch_size": 1,
        "gradient_accumulation_steps": 8,
        "learning_rate": "1.0e-5" if full else "1.0e-4",
        "num_train_epochs": "3.0",
        "lr_scheduler_type": "cosine",
        "warmup_ratio": "0.1",
        "bf16": "true",
    }
    text = "".join(f"{name}: {value}\n" for name, value in values.items() if value is not None)
    file = f"{asked.entry.name}-{asked.method}-{stage}.yaml"
    command = f"{'FORCE_TORCHRUN=1 ' if several else ''}llamafactory-cli train {shlex.quote(file)}"
    notes = (*step.notes, *told, *_may_ask(asked, "llama-factory"))
    return replace(step, lines=(command,), notes=notes, text=text, file=file)


def _swift(asked: _Plan, step: Step) -> Step:
    full, several = asked.method == "full", asked.devices > 1
    words = [f"NPROC_PER_NODE={asked.devices}"] if several else []
    words += ["swift", "pt" if asked.plan == "continued_pretraining" else "sft", "--model", asked.model, "--use_hf", "true"]
    words += ["--tuner_type", "full" if full else "lora", "--dataset", "my_data.jsonl", "--torch_dtype", "bfloat16"]
    words += ["--max_length", str(asked.tokens)]
    words += [] if full else ["--lora_rank", str(LORA_RANK), "--lora_alpha", "32", "--target_modules", "all-linear"]
    words += ["--quant_method", "bnb", "--quant_bits", "4"] if asked.method == "qlora" else []
    words += ["--deepspeed", "zero3"] if full and several else []
    words += ["--per_device_train_batch_size", "1", "--gradient_accumulation_steps", "16"]
    words += ["--learning_rate", "1e-5" if full else "1e-4", "--num_train_epochs", "1", "--output_dir", "output"]
    return replace(step, lines=(" ".join(words),), notes=(*step.notes, _note("swift_runs_code")))
