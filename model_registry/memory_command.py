"""The commands ``memory`` and ``finetune``: what serving and tuning a checkpoint take, as a table or as JSON."""

import argparse
import difflib
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias, get_args

from model_registry.adapters import Targets
from model_registry.command_line import ANSWER_IS_NO, BAD_INPUT, DONE, Parser
from model_registry.decode_speed import DecodeSpeed, decode_speed
from model_registry.load import load
from model_registry.memory import (
    GIB,
    PRECISIONS,
    CachePrecision,
    Serving,
    Workload,
    capacity_bytes,
    longest_context,
    longest_usable_context,
    serve,
)
from model_registry.other_schemas import Device
from model_registry.parameters import NotModelled
from model_registry.registry import Entry, Registry
from model_registry.training_memory import Method, Training, Tuning, tune

MOST_BATCH, MOST_DEVICES, MOST_RANK, MOST_TOKENS = 4096, 1024, 1024, 10**9
_MOST_DIGITS, _SHOWN = 12, 20
Document: TypeAlias = dict[str, Any]


class _RefusedError(Exception):
    """What was asked cannot be answered; the message is one sentence that names the thing and the way out."""


def add_memory(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Add both commands to the parser."""
    memory = commands.add_parser("memory", help="memory to serve a checkpoint, as a range")
    _common(memory)
    memory.add_argument("--context", type=_number("--context", 1, MOST_TOKENS), required=True, metavar="N", help="tokens, answer included")
    memory.add_argument("--weights", choices=PRECISIONS, default="bf16")
    memory.add_argument("--kv", choices=get_args(CachePrecision), default="bf16", help="precision of the KV cache")
    memory.add_argument("--full-cache", action="store_true", help="the runtime keeps every token in windowed layers too")
    memory.set_defaults(run=lambda options: _run(options, _memory))
    finetune = commands.add_parser("finetune", help="memory to fine-tune a checkpoint, as a range")
    _common(finetune)
    finetune.add_argument("--method", choices=get_args(Method), required=True)
    finetune.add_argument("--sequence", type=_number("--sequence", 1, MOST_TOKENS), required=True, metavar="N", help="tokens of a sequence")
    finetune.add_argument("--rank", type=_number("--rank", 1, MOST_RANK), default=16, metavar="R", help="rank of the adapters")
    finetune.add_argument("--targets", choices=get_args(Targets), default="all", help="matrices with adapters")
    finetune.add_argument("--no-checkpointing", action="store_true", help="keep every layer's activations")
    finetune.add_argument("--fused-loss", action="store_true", help="the loss does not keep the logits")
    finetune.add_argument("--zero", type=int, choices=(0, 1, 2, 3), default=0, help="stage of ZeRO")
    finetune.set_defaults(run=lambda options: _run(options, _finetune))


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID")
    parser.add_argument("--batch", type=_number("--batch", 1, MOST_BATCH), default=1, metavar="N", help="sequences at once")
    parser.add_argument("--device", metavar="DEVICE", help="a device of devices.yaml")
    parser.add_argument("--count", type=_number("--count", 1, MOST_DEVICES), default=1, metavar="N", help="how many of the device")
    parser.add_argument("--json", action="store_true")


def _number(name: str, least: int, most: int) -> Callable[[str], int]:
    """Return a reader of whole numbers within a range."""

    def read(text: str) -> int:
        short = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
        if not short or not least <= int(text) <= most:
            message = f"{name} is a whole number, {least} to {most} (got {text[:_SHOWN]!r})"
            raise argparse.ArgumentTypeError(message)
        return int(text)

    return read


def _run(options: argparse.Namespace, answer: Callable[[argparse.Namespace, Entry, Device | None], Document]) -> int:
    registry = load()
    try:
        document = answer(options, _entry(registry, options.id), _device(registry, options.device))
    except _RefusedError as error:
        sys.stderr.write(f"{error}\n")
        return BAD_INPUT
    sys.stdout.write(json.dumps(document, indent=1) + "\n" if options.json else _table(document))
    return ANSWER_IS_NO if document["fits"] is False else DONE


def _entry(registry: Registry, name: str) -> Entry:
    if name not in registry:
        near = ", ".join(registry.nearest(name))
        message = f"{name}: no such checkpoint in the registry" + (f"; nearest: {near}" if near else "")
        raise _RefusedError(message)
    return registry[name]


def _device(registry: Registry, name: str | None) -> Device | None:
    if name is None:
        return None
    if name not in registry.devices:
        near = difflib.get_close_matches(name, registry.devices, n=3, cutoff=0.3) or sorted(registry.devices)[:3]
        message = f"--device: no such device (got {name!r}); nearest: {', '.join(near)}"
        raise _RefusedError(message)
    return registry.devices[name]


def _memory(options: argparse.Namespace, entry: Entry, device: Device | None) -> Document:
    most = longest_usable_context(entry)
    if most is not None and options.context > most:
        message = f"--context: {entry.id} takes 1 to {most} tokens (got {options.context})"
        raise _RefusedError(message)
    load_ = Workload(options.context, options.batch, options.weights, options.kv, options.count, windows=not options.full_cache)
    needed = serve(entry, load_)
    if isinstance(needed, NotModelled):
        message = f"{entry.id}: not modelled yet: {needed.reason}"
        raise _RefusedError(message)
    document = {"id": entry.id, "context": options.context, "batch": options.batch, "weights": options.weights, "kv": options.kv}
    document |= {"devices": options.count, **vars(needed), "total_bytes": needed.total_bytes}
    document |= {"low_bytes": needed.low_bytes, "high_bytes": needed.high_bytes, **_fit(device, needed.low_bytes, needed.high_bytes)}
    longest = _longest(entry, load_, device, most)
    return document | longest | _speed(entry, load_, device)


def _fit(device: Device | None, low: int, high: int) -> Document:
    """Return whether the whole range is within the device's memory, and whether its lower end is."""
    if device is None:
        return {"device": None, "capacity_bytes": None, "fits": None, "may_fit": None}
    capacity = capacity_bytes(device)
    return {"device": device.id, "capacity_bytes": capacity, "fits": high <= capacity, "may_fit": low <= capacity}


def _longest(entry: Entry, load_: Workload, device: Device | None, most: int | None) -> Document:
    """Return the most tokens whose whole range fits, and the most whose lower end does; null without a device or a limit."""
    if device is None or most is None:
        return {"longest_context": None, "longest_context_at_most": None}

    def needed(tokens: int) -> Serving | NotModelled:
        return serve(entry, replace(load_, tokens=tokens))

    capacity = capacity_bytes(device)
    surely = longest_context(lambda tokens: getattr(needed(tokens), "high_bytes", 0), capacity, most)
    at_most = longest_context(lambda tokens: getattr(needed(tokens), "low_bytes", 0), capacity, most)
    return {"longest_context": surely, "longest_context_at_most": at_most}


def _speed(entry: Entry, load_: Workload, device: Device | None) -> Document:
    speed = None if device is None else decode_speed(entry, load_, device)
    if not isinstance(speed, DecodeSpeed):
        return {"decode_tokens_per_second": None}
    return {"decode_tokens_per_second": {"ceiling": speed.ceiling, "low": speed.low, "high": speed.high}}


def _finetune(options: argparse.Namespace, entry: Entry, device: Device | None) -> Document:
    most = longest_usable_context(entry)
    if most is not None and options.sequence > most:
        message = f"--sequence: {entry.id} takes 1 to {most} tokens (got {options.sequence})"
        raise _RefusedError(message)
    plan = Training(
        method=options.method,
        sequence=options.sequence,
        batch=options.batch,
        rank=options.rank,
        targets=options.targets,
        checkpointing=not options.no_checkpointing,
        fused_loss=options.fused_loss,
        zero=options.zero,
        devices=options.count,
    )
    needed = tune(entry, plan)
    if not isinstance(needed, Tuning):
        message = f"{entry.id}: not modelled yet: {needed.reason}"
        raise _RefusedError(message)
    parts = {name: value for name, value in vars(needed).items() if name != "saved_bytes"}
    document = {"id": entry.id, **vars(plan), **parts, "total_bytes": needed.total_bytes}
    document |= {"low_bytes": needed.low_bytes, "high_bytes": needed.high_bytes}
    return document | _fit(device, needed.low_bytes, needed.high_bytes)


def _table(document: Document) -> str:
    """Return a document for people: bytes in GiB, one value a line; what was not asked is left out."""
    lines = []
    for name, value in document.items():
        if isinstance(value, dict):
            lines += [f"{f'{name} {end}':34} {number:,.1f}" for end, number in value.items()]
        elif name.endswith("_bytes") and value is not None:
            lines.append(f"{name.removesuffix('_bytes') + ' GiB':34} {value / GIB:,.2f}")
        elif value is not None:
            lines.append(f"{name:34} {f'{value:,}' if isinstance(value, int) and not isinstance(value, bool) else value}")
    return "\n".join(lines) + "\n"
