"""Parameters of low-rank adapters: hand-computed from configs, and the matrices against the exact breakdown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_registry.adapters import Targets, adapter_parameters, matrices
from model_registry.architecture_schema import Architecture
from model_registry.parameters import Breakdown, NotModelled
from model_registry.registry import Entry, Registry

LLAMA, DEEPSEEK, QWEN_NEXT, STEP = (
    "meta-llama/Meta-Llama-3-8B",
    "deepseek-ai/DeepSeek-V3-Base",
    "Qwen/Qwen3-Next-80B-A3B-Instruct",
    "stepfun-ai/step3",
)
COVERED = 0.9
"""Least share of attention, linear mixers and MLPs that the matrices make up, for all types that are not named below."""
LESS_COVERED = {"hy_v4": 0.66, "bailing_hybrid": 0.73, "laguna": 0.74, "afmoe": 0.76}
"""What is not counted as a matrix there: gates of the attention's output (Hy4, Laguna, Trinity), full gates of Kimi delta
attention (Ling 3.0)."""


def adapters(registry: Registry, checkpoint: str, rank: int, targets: Targets) -> int:
    entry = registry[checkpoint]
    found = adapter_parameters(entry.architecture, entry.wiring, rank, targets)
    assert isinstance(found, int), f"{checkpoint}: {found}"
    return found


def modelled(registry: Registry) -> list[tuple[Entry, Breakdown]]:
    return [(entry, entry.breakdown) for entry in registry.entries if isinstance(entry.breakdown, Breakdown)]


def weights_in(entry: Entry, part: str | None = None) -> int:
    assert entry.wiring is not None
    chosen = [matrix for matrix in matrices(entry.architecture, entry.wiring) if part in {None, matrix.part}]
    return sum(matrix.inputs * matrix.outputs * matrix.count for matrix in chosen)


@pytest.mark.parametrize(
    ("targets", "rank", "parameters"),
    [
        ("query_value", 16, 6_815_744),
        ("attention", 16, 13_631_488),
        ("all", 16, 41_943_040),
        ("all", 64, 167_772_160),
    ],
)
def test_the_adapters_of_llama_are_counted_by_hand(registry: Registry, targets: Targets, rank: int, parameters: int) -> None:
    """Llama 3 8B, from its config: 32 layers; queries and outputs 4,096 by 4,096, keys and values 4,096 by 1,024, MLP of 14,336."""
    query_value = (4_096 + 4_096) + (4_096 + 1_024)
    by_hand = {"query_value": query_value, "attention": 2 * query_value, "all": 2 * query_value + 3 * (4_096 + 14_336)}
    assert adapters(registry, LLAMA, rank, targets) == parameters == 32 * rank * by_hand[targets]


def test_adapters_on_latent_attention_stand_beside_its_five_matrices(registry: Registry) -> None:
    """DeepSeek-V3, from its config: 61 layers, 128 heads of 128 + 64, ranks 1,536 and 512, values of 128, hidden 7,168."""
    query_up, key_value_up = 1_536 + 128 * 192, 512 + 128 * 256
    down = (7_168 + 1_536) + (7_168 + 576)
    assert adapters(registry, DEEPSEEK, 16, "query_value") == 61 * 16 * (query_up + key_value_up)
    assert adapters(registry, DEEPSEEK, 16, "attention") == 61 * 16 * (query_up + key_value_up + down + 128 * 128 + 7_168)


def test_shared_experts_and_dense_layers_get_adapters_and_routed_experts_none(registry: Registry) -> None:
    """DeepSeek-V3: 3 dense MLPs of 18,432 and 58 shared experts of 2,048; Qwen3-235B has routed experts only."""
    beyond_attention = adapters(registry, DEEPSEEK, 16, "all") - adapters(registry, DEEPSEEK, 16, "attention")
    assert beyond_attention == 16 * 3 * (3 * (7_168 + 18_432) + 58 * (7_168 + 2_048))
    qwen = "Qwen/Qwen3-235B-A22B"
    assert adapters(registry, qwen, 16, "all") == adapters(registry, qwen, 16, "attention")


def test_latent_attention_without_a_query_rank_has_one_query_matrix(registry: Registry) -> None:
    """DeepSeek-V2-Lite, from its config: 27 layers, 16 heads of 128 + 64 and values of 128, latent 512, hidden 2,048."""
    assert adapters(registry, "deepseek-ai/DeepSeek-V2-Lite", 8, "query_value") == 27 * 8 * ((2_048 + 16 * 192) + (512 + 16 * 256))


def test_an_mlp_without_a_gate_has_two_matrices(registry: Registry) -> None:
    """Pythia 12B, from its config: 36 layers, hidden 5,120, MLP of 20,480."""
    pythia = "EleutherAI/pythia-12b"
    assert adapters(registry, pythia, 4, "all") - adapters(registry, pythia, 4, "attention") == 36 * 4 * 2 * (5_120 + 20_480)


def test_two_sub_layers_have_two_of_each(registry: Registry) -> None:
    """LongCat-Flash, from its config: 28 layers of two latent attentions and two MLPs of 12,288 on hidden 6,144."""
    longcat = "meituan-longcat/LongCat-Flash-Chat"
    attention = (6_144 + 1_536) + (1_536 + 64 * 192) + (6_144 + 576) + (512 + 64 * 256) + (64 * 128 + 6_144)
    assert adapters(registry, longcat, 16, "attention") == 2 * 28 * 16 * attention
    assert adapters(registry, longcat, 16, "all") == 2 * 28 * 16 * (attention + 3 * (6_144 + 12_288))


def test_attention_targets_leave_linear_mixers_alone(registry: Registry) -> None:
    """Qwen3.5-0.8B, from its config: 18 gated DeltaNet layers of 16 heads of 128 for keys and values, MLPs of 3,584, hidden 1,024."""
    name = "Qwen/Qwen3.5-0.8B"
    linear = 5 * (1_024 + 2_048)
    assert adapters(registry, name, 16, "all") - adapters(registry, name, 16, "attention") == 16 * (18 * linear + 24 * 3 * (1_024 + 3_584))


@pytest.mark.parametrize(
    ("checkpoint", "matrices_by_hand"),
    [
        ("tiiuae/Falcon-H1-7B-Base", 44 * ((3_072 + 2 * 3_072 + 2 * 256 + 24) + (3_072 + 3_072))),
        ("ai21labs/AI21-Jamba2-3B", 26 * ((2_560 + 2 * 5_120) + (5_120 + 2_560))),
        ("LiquidAI/LFM2-2.6B", 22 * ((2_048 + 3 * 2_048) + (2_048 + 2_048))),
        ("MiniMaxAI/MiniMax-Text-01", 70 * 5 * (6_144 + 64 * 128)),
        ("moonshotai/Kimi-Linear-48B-A3B-Base", 20 * 4 * (2_304 + 32 * 128)),
    ],
)
def test_each_linear_mixer_has_its_own_matrices(registry: Registry, checkpoint: str, matrices_by_hand: int) -> None:
    """From the configs: Mamba-2's input also carries B, C and the steps; Mamba-1's only both halves; lightning attention has a gate."""
    entry = registry[checkpoint]
    assert entry.wiring is not None
    linear = [matrix for matrix in matrices(entry.architecture, entry.wiring) if matrix.part == "linear"]
    assert sum((matrix.inputs + matrix.outputs) * matrix.count for matrix in linear) == matrices_by_hand


def test_compressed_attention_reduces_its_output_in_groups(registry: Registry) -> None:
    """DeepSeek-V4-Flash, from its config: 43 layers, 64 heads of 512, query rank 1,024, 8 groups to rank 1,024, hidden 4,096."""
    query, key_value = (4_096 + 1_024) + (1_024 + 64 * 512), 4_096 + 512
    output = (64 * 512 // 8 + 8 * 1_024) + (8 * 1_024 + 4_096)
    assert adapters(registry, "deepseek-ai/DeepSeek-V4-Flash", 16, "attention") == 43 * 16 * (query + key_value + output)


def test_a_low_rank_query_has_two_matrices(registry: Registry) -> None:
    """Step3, from its config: 61 layers, 64 heads of 256, query rank 2,048, one KV head, hidden 7,168."""
    attention = (7_168 + 2_048) + (2_048 + 64 * 256) + 2 * (7_168 + 256) + (64 * 256 + 7_168)
    assert adapters(registry, STEP, 16, "attention") == 61 * 16 * attention


@pytest.mark.parametrize(
    ("checkpoint", "layers", "own"),
    [
        ("google/gemma-3n-E4B", 35, 20),
        ("google/gemma-3n-E2B", 30, 20),
        ("tencent/Tencent-Hunyuan-Large", 64, 32),
    ],
)
def test_layers_that_read_earlier_keys_and_values_have_no_matrices_for_them(
    registry: Registry, checkpoint: str, layers: int, own: int
) -> None:
    """From the configs: the last 15 of 35, 10 of 30 and 32 of 64 layers."""
    entry = registry[checkpoint]
    assert entry.wiring is not None
    found = list(matrices(entry.architecture, entry.wiring))
    assert {name: sum(m.count for m in found if m.name == name) for name in ("query", "key", "value", "output")} == {
        "query": layers,
        "key": own,
        "value": own,
        "output": layers,
    }


def test_layers_that_share_keys_may_have_wider_mlps(registry: Registry) -> None:
    """Gemma 4 E2B, from its config: 15 layers with an MLP of 6,144, 20 with one of 12,288, hidden 1,536."""
    name = "google/gemma-4-E2B"
    beyond_attention = adapters(registry, name, 16, "all") - adapters(registry, name, 16, "attention")
    assert beyond_attention == 16 * 3 * (15 * (1_536 + 6_144) + 20 * (1_536 + 12_288))


def test_the_matrices_are_no_more_than_the_layers_hold(registry: Registry) -> None:
    """Attention, linear mixers and MLPs, each against the exact breakdown."""
    too_many = [
        (entry.id, part)
        for entry, found in modelled(registry)
        for part, held in (("attention", found.attention), ("linear", found.linear), ("mlp", found.mlp + found.shared))
        if weights_in(entry, part) > held
    ]
    assert too_many == []


def test_the_matrices_are_nearly_all_that_the_layers_hold(registry: Registry) -> None:
    short = {}
    for entry, found in modelled(registry):
        held = found.attention + found.linear + found.mlp + found.shared
        share = weights_in(entry) / held
        if share < LESS_COVERED.get(str(entry.architecture.model_type), COVERED):
            short[entry.id] = share
    assert short == {}


def test_most_types_are_covered_to_a_thousandth(registry: Registry) -> None:
    exact = set()
    for entry, found in modelled(registry):
        if weights_in(entry) / (found.attention + found.linear + found.mlp + found.shared) > 0.999:
            exact.add(entry.architecture.model_type)
    assert len(exact) >= 70


@given(data=st.data(), rank=st.integers(1, 1_024), targets=st.sampled_from(["query_value", "attention", "all"]))
def test_adapters_grow_with_their_rank_in_proportion(registry: Registry, data: st.DataObject, rank: int, targets: Targets) -> None:
    entry, _ = data.draw(st.sampled_from(modelled(registry)))
    assert adapters(registry, entry.id, rank, targets) == rank * adapters(registry, entry.id, 1, targets)


def test_wider_targets_never_have_fewer_adapters(registry: Registry) -> None:
    for entry, _ in modelled(registry):
        few, more, most = (adapters(registry, entry.id, 16, targets) for targets in ("query_value", "attention", "all"))
        assert 0 < few < more <= most, entry.id


@pytest.mark.parametrize("number", ["hidden_size", "kv_heads", "head_dim", "intermediate_size", "layers"])
def test_a_missing_number_is_named_not_guessed(registry: Registry, number: str) -> None:
    entry = registry[LLAMA]
    a = entry.architecture.model_copy(update={number: None})
    assert adapter_parameters(a, entry.wiring, 16) == NotModelled(f"{number} is not known")


def test_a_type_without_wiring_is_refused_by_name(registry: Registry) -> None:
    entry = registry["moonshotai/Kimi-K3"]
    assert adapter_parameters(entry.architecture, entry.wiring, 16) == NotModelled("no formula for model_type kimi_k3")


def test_no_architecture_breaks_the_formulas(registry: Registry) -> None:
    """Every number of every architecture set to null in turn: a count or a reason, never an exception."""
    for entry in registry.entries[::7]:
        for name in Architecture.model_fields:
            if name not in {"source", "sources", "conflicts", "note", "kind"}:
                changed = entry.architecture.model_copy(update={name: None})
                assert isinstance(adapter_parameters(changed, entry.wiring, 16), int | NotModelled), (entry.id, name)
