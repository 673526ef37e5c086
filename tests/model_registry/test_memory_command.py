"""The commands ``memory`` and ``finetune``: their documents, exit statuses, and refusals in one line."""

import json
import subprocess
import sys
from typing import Any

import pytest

from model_registry import memory_command
from model_registry.__main__ import main
from model_registry.memory import GIB, Serving, Workload, capacity_bytes, serve
from model_registry.registry import Registry

LLAMA, NEXT, KIMI = "meta-llama/Meta-Llama-3-8B", "Qwen/Qwen3-Next-80B-A3B-Instruct", "moonshotai/Kimi-K3"
NO_LIMIT = "allenai/Flex-math-2x7B-1T"
"""A checkpoint for which no context is stated anywhere."""
KEYS = {
    "weights_bytes",
    "kv_cache_bytes",
    "state_bytes",
    "activation_bytes",
    "total_bytes",
    "low_bytes",
    "high_bytes",
    "fits",
    "longest_context",
}
Run = tuple[int, str, str]


@pytest.fixture
def loaded(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """Read the registry once for all commands."""
    monkeypatch.setattr(memory_command, "load", lambda: registry)
    return registry


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> Run:
    """Return the exit status and both outputs, whether the command returns or leaves."""
    try:
        status = main(arguments)
    except SystemExit as left:
        status = int(left.code or 0)
    told = capsys.readouterr()
    return status, told.out, told.err


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    status, out, err = run(capsys, *arguments, "--json")
    found: dict[str, Any] = json.loads(out)
    assert (status, err) == (1 if found["fits"] is False else 0, "")
    return found


@pytest.mark.usefixtures("loaded")
def test_the_document_has_every_key_and_counts_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    """Llama 3 8B with 8,192 tokens: 8,030,261,248 parameters in 16 bits and a GiB of cache."""
    found = document(capsys, "memory", LLAMA, "--context", "8192", "--device", "rtx-4090")
    activations = 2_048 * (3 * 14_336 + 4 * 4_096) * 2
    assert found.keys() >= KEYS
    assert {name: found[name] for name in ("weights_bytes", "kv_cache_bytes", "state_bytes", "activation_bytes")} == {
        "weights_bytes": 16_060_522_496,
        "kv_cache_bytes": GIB,
        "state_bytes": 0,
        "activation_bytes": activations,
    }
    assert found["total_bytes"] == 16_060_522_496 + GIB + activations
    assert (found["low_bytes"], found["high_bytes"]) == (16_620_236_390, 22_978_111_488)
    assert (found["fits"], found["may_fit"], found["capacity_bytes"]) == (True, True, 24 * GIB)
    assert round(found["decode_tokens_per_second"]["ceiling"], 1) == 62.7


def test_the_options_reach_the_formula(capsys: pytest.CaptureFixture[str], loaded: Registry) -> None:
    options = ("--context", "32768", "--batch", "4", "--weights", "int4", "--kv", "fp8", "--count", "2", "--full-cache")
    gemma = "google/gemma-3-27b-pt"
    found = document(capsys, "memory", gemma, *options, "--device", "h100-sxm")
    needed = serve(loaded[gemma], Workload(32_768, 4, "int4", "fp8", 2, windows=False))
    assert isinstance(needed, Serving)
    assert {name: found[name] for name in vars(needed)} == vars(needed)
    assert (found["total_bytes"], found["low_bytes"], found["high_bytes"]) == (needed.total_bytes, needed.low_bytes, needed.high_bytes)
    assert found["communication_bytes"] > 0


@pytest.mark.usefixtures("loaded")
def test_without_a_device_nothing_is_said_about_fitting(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "memory", NEXT, "--context", "1000")
    silent = ("device", "capacity_bytes", "fits", "may_fit", "longest_context", "longest_context_at_most", "decode_tokens_per_second")
    assert {found[name] for name in silent} == {None}
    assert found["state_bytes"] == 77_266_944


def test_what_does_not_fit_is_status_1_and_told_on_standard_output(capsys: pytest.CaptureFixture[str], loaded: Registry) -> None:
    status, out, err = run(capsys, "memory", LLAMA, "--context", "8192", "--device", "rtx-3060-12", "--json")
    found = json.loads(out)
    assert (status, err) == (1, "")
    assert (found["fits"], found["may_fit"], found["longest_context"]) == (False, False, 0)
    assert found["capacity_bytes"] == capacity_bytes(loaded.devices["rtx-3060-12"])


@pytest.mark.usefixtures("loaded")
def test_a_range_that_crosses_the_capacity_may_fit_and_does_not_surely(capsys: pytest.CaptureFixture[str]) -> None:
    """Llama 3.1 8B in 16 bits with 16,384 tokens on 24 GiB: 16.5 to 22.7 GiB; with 65,536 tokens 22.2 to 30.2 GiB."""
    name = "meta-llama/Llama-3.1-8B"
    sure = document(capsys, "memory", name, "--context", "16384", "--device", "rtx-4090")
    perhaps = document(capsys, "memory", name, "--context", "65536", "--device", "rtx-4090")
    assert (sure["fits"], sure["may_fit"]) == (True, True)
    assert (perhaps["fits"], perhaps["may_fit"]) == (False, True)
    assert 16_384 <= perhaps["longest_context"] < 65_536 <= perhaps["longest_context_at_most"] < 131_072


@pytest.mark.parametrize(("key", "end"), [("longest_context", "high_bytes"), ("longest_context_at_most", "low_bytes")])
@pytest.mark.usefixtures("loaded")
def test_the_longest_context_is_the_last_that_the_command_itself_says_fits(capsys: pytest.CaptureFixture[str], key: str, end: str) -> None:
    name = "meta-llama/Llama-3.1-8B"
    longest = document(capsys, "memory", name, "--context", "1", "--device", "rtx-4090")[key]
    here, further = (
        document(capsys, "memory", name, "--context", str(tokens), "--device", "rtx-4090")[end] for tokens in (longest, longest + 1)
    )
    assert here <= 24 * GIB < further


@pytest.mark.usefixtures("loaded")
def test_the_longest_context_ends_where_the_model_does(capsys: pytest.CaptureFixture[str]) -> None:
    """Llama 3 8B has 8,192 positions."""
    assert document(capsys, "memory", LLAMA, "--context", "1", "--device", "h100-sxm")["longest_context"] == 8_192


@pytest.mark.usefixtures("loaded")
def test_a_checkpoint_without_a_stated_context_takes_any_and_has_no_longest(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "memory", NO_LIMIT, "--context", "1000000", "--device", "b300")
    assert found["longest_context"] is None
    assert found["kv_cache_bytes"] > 0


@pytest.mark.usefixtures("loaded")
def test_the_table_tells_gibibytes_and_leaves_out_what_was_not_asked(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "memory", LLAMA, "--context", "8192")
    lines = dict(line.split(maxsplit=2)[::2] if " GiB " in line else line.split(maxsplit=1) for line in out.splitlines())
    assert (status, err) == (0, "")
    assert (lines["weights"], lines["kv_cache"], lines["total"], lines["high"]) == ("14.96", "1.00", "16.18", "21.40")
    assert lines["context"] == "8,192"
    assert not lines.keys() & {"fits", "device", "longest_context"}


@pytest.mark.usefixtures("loaded")
def test_finetune_tells_every_part_and_the_range(capsys: pytest.CaptureFixture[str]) -> None:
    """Rank 16 on every matrix of Llama 3 8B: 41,943,040 parameters of 16 bytes."""
    found = document(capsys, "finetune", LLAMA, "--method", "lora", "--sequence", "2048", "--device", "a100-80")
    assert (found["trainable_parameters"], found["adapter_bytes"]) == (41_943_040, 16 * 41_943_040)
    assert found["weights_bytes"] == 16_060_522_496
    assert found["low_bytes"] < found["total_bytes"] < found["high_bytes"]
    assert found["fits"] is True
    assert "saved_bytes" not in found


@pytest.mark.usefixtures("loaded")
def test_the_options_of_finetune_reach_the_formula(capsys: pytest.CaptureFixture[str]) -> None:
    base = ("finetune", LLAMA, "--method", "lora", "--sequence", "1024")
    plain = document(capsys, *base)
    assert document(capsys, *base, "--rank", "32")["adapter_bytes"] == 2 * plain["adapter_bytes"]
    assert document(capsys, *base, "--targets", "query_value")["trainable_parameters"] == 6_815_744
    assert document(capsys, *base, "--fused-loss")["logits_bytes"] == 0
    assert document(capsys, *base, "--no-checkpointing")["activation_bytes"] > plain["activation_bytes"]
    assert document(capsys, *base, "--batch", "4")["logits_bytes"] == 4 * plain["logits_bytes"]
    assert document(capsys, *base, "--count", "8", "--zero", "3")["weights_bytes"] == plain["weights_bytes"] // 8


@pytest.mark.usefixtures("loaded")
def test_full_fine_tuning_of_an_8b_model_does_not_fit_one_card(capsys: pytest.CaptureFixture[str]) -> None:
    """18 bytes of 8.03 billion parameters are 135 GiB."""
    status, out, err = run(capsys, "finetune", LLAMA, "--method", "full", "--sequence", "512", "--device", "h100-sxm", "--json")
    assert (status, json.loads(out)["fits"], err) == (1, False, "")


MEMORY, FINETUNE = ("memory", LLAMA, "--context", "1000"), ("finetune", LLAMA, "--method", "lora", "--sequence", "1000")


@pytest.mark.parametrize(
    ("arguments", "thing", "rule", "way_out"),
    [
        (("memory", LLAMA, "--context", "0"), "--context", "is a whole number, 1 ", "'0'"),
        (("memory", LLAMA, "--context", "-5"), "--context", "is a whole number, 1 ", "'-5'"),
        (("memory", LLAMA, "--context", "1e3"), "--context", "whole number", "'1e3'"),
        (("memory", LLAMA, "--context", "١٢"), "--context", "whole number", "'١٢'"),
        (("memory", LLAMA, "--context", "8193"), "--context", f"{LLAMA} takes 1 to 8192 tokens", "8193"),
        ((*MEMORY, "--batch", "0"), "--batch", "1 to 4096", "'0'"),
        ((*MEMORY, "--batch", str(10**9)), "--batch", "1 to 4096", "'1000000000'"),
        ((*MEMORY, "--count", "0"), "--count", "1 to 1024", "'0'"),
        ((*MEMORY, "--device", "rtx-409"), "--device", "no such device", "nearest: rtx-4090"),
        ((*MEMORY, "--device", "?"), "--device", "no such device", "nearest: a10"),
        ((*MEMORY, "--weights", "int5"), "--weights", "invalid choice: 'int5'", "'int4'"),
        ((*MEMORY, "--weights", "mxfp4"), LLAMA, "MXFP4 is a format of experts", "the model has none"),
        (("memory", LLAMA), "--context", "required", "--help"),
        (("memory", "meta-llama/Llama-3-8B", "--context", "9"), "meta-llama/Llama-3-8B", "no such checkpoint", "Meta-Llama-3-8B"),
        (("memory", KIMI, "--context", "9"), KIMI, "not modelled yet", "no formula for model_type kimi_k3"),
        ((*FINETUNE, "--rank", "0"), "--rank", "1 to 1024", "'0'"),
        ((*FINETUNE, "--rank", "5000"), "--rank", "1 to 1024", "'5000'"),
        ((*FINETUNE, "--zero", "4"), "--zero", "invalid choice", "4"),
        ((*FINETUNE, "--device", "h100"), "--device", "no such device", "h100-sxm"),
        (("finetune", LLAMA, "--method", "lora", "--sequence", "0"), "--sequence", "is a whole number, 1 ", "'0'"),
        (("finetune", LLAMA, "--method", "lora", "--sequence", "8193"), "--sequence", "takes 1 to 8192 tokens", "8193"),
        (("finetune", LLAMA, "--sequence", "9"), "--method", "required", "--help"),
        (("finetune", KIMI, "--method", "full", "--sequence", "9"), KIMI, "not modelled yet", "no formula for model_type kimi_k3"),
        (("finetune", "nobody/nothing", "--method", "full", "--sequence", "9"), "nobody/nothing", "no such checkpoint", "registry"),
        (("memory", NO_LIMIT, "--context", "9" * 400), "--context", "whole number", "999"),
        (("finetune", NO_LIMIT, "--method", "full", "--sequence", "9" * 400), "--sequence", "whole number", "999"),
        (("memory", LLAMA, "--context", "9" * 5_000), "--context", "whole number", "999"),
    ],
    ids=lambda value: " ".join(value)[-60:] if isinstance(value, tuple) else "",
)
@pytest.mark.usefixtures("loaded")
def test_a_refusal_is_one_line_that_names_the_thing_the_rule_and_the_way_out(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], thing: str, rule: str, way_out: str
) -> None:
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert err.endswith("\n")
    assert err.count("\n") == 1
    assert [part for part in (thing, rule, way_out) if part not in err] == []


@pytest.mark.usefixtures("loaded")
def test_the_largest_allowed_load_is_answered(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "memory", LLAMA, "--context", "8192", "--batch", "4096", "--count", "1024", "--device", "b300")
    assert found["kv_cache_bytes"] == 4_096 * GIB // 8


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(("--context", "8192", "--device", "rtx-4090"), 0), (("--context", "8192", "--device", "rtx-3060-12"), 1), (("--context", "0"), 2)],
)
def test_the_program_itself_exits_with_the_status(arguments: tuple[str, ...], status: int) -> None:
    command = [sys.executable, "-m", "model_registry", "memory", LLAMA, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    assert done.returncode == status
    assert done.stderr.count("\n") == (1 if status == 2 else 0)
