"""A recommendation as a JSON document, a table and Markdown."""

import json

import numpy as np
import pytest

from model_registry.licence_schema import CommercialUse
from model_registry.memory import Serving, Workload, serve
from model_registry.registry import Registry
from scoring.candidates import Candidates
from scoring.gates import Removal
from scoring.licence_use import Reason
from scoring.memo import Occasion, as_markdown, memo
from scoring.recommend import Recommendation, recommend
from scoring.report import as_document, as_table, reason_words, removal_words
from scoring.scenario import Hardware, Scenario, Use, presets, scenario_from
from tests.scoring.making import FREE, Facts, registry_of
from texts.catalogue import LANGUAGES, Language, catalogue

TODAY = np.datetime64("2026-11-24", "D")


@pytest.fixture(scope="module")
def answer(candidates: Candidates) -> Recommendation:
    """Return an answer with a pick, removals by many gates, and licences that a large product outgrows."""
    data = {"domain": "zh_cs_rag", "longest_input": 32768, "use": {"kind": "product", "monthly_users": 200_000_000}}
    return recommend(candidates, scenario_from(data), TODAY)


@pytest.fixture
def nothing() -> tuple[Registry, Recommendation]:
    """Return an answer to a need that neither of two checkpoints meets."""
    registry = registry_of(Facts("a"), Facts("b"))
    return registry, recommend(Candidates(registry), Scenario(longest_input=100_000), TODAY)


@pytest.fixture
def thin() -> tuple[Registry, Recommendation]:
    """Return an answer in which everyone meets the needs and nobody is known well enough."""
    registry = registry_of(Facts(released=None))
    return registry, recommend(Candidates(registry), Scenario(weights={"freshness": 1.0}), TODAY)


def markdown_of(registry: Registry, answer: Recommendation, top: int) -> str:
    return as_markdown(memo(catalogue("en"), registry, answer, Occasion("2026-11-24", top=top)))


def test_the_document_has_the_documented_keys(registry: Registry, answer: Recommendation) -> None:
    assert set(as_document(registry, answer, None)) == {
        "scenario",
        "data_version",
        "variant_advice",
        "ranked",
        "not_enough_known",
        "removed",
        "relaxations",
        "tipping",
        "joint_tipping",
        "evidence_tipping",
        "first_place_sharers",
        "statements",
    }


@pytest.mark.parametrize(
    ("part", "keys"),
    [
        (
            "ranked",
            {
                *("id", "score", "low", "high", "known_weight", "first_share", "top3_share", "top5_share"),
                *("dominated_by", "surely_dominated_by", "contributions", "memory", "licence", "notes", "siblings"),
            },
        ),
        ("removed", {"id", "gate", "fact", "values", "fix"}),
        ("relaxations", {"gate", "change", "adds"}),
        ("tipping", {"factor", "from", "to", "winner"}),
        ("evidence_tipping", {"factor", "from", "to", "tokens", "winner"}),
        ("statements", {"code", "values"}),
    ],
)
def test_every_item_of_a_list_has_the_documented_keys(registry: Registry, answer: Recommendation, part: str, keys: set[str]) -> None:
    items = as_document(registry, answer, None)[part]
    assert items
    assert all(set(item) == keys for item in items)


def test_the_document_tells_the_joint_move_and_who_shares_the_first_place(registry: Registry, answer: Recommendation) -> None:
    document = as_document(registry, answer, None)
    assert answer.joint is not None
    joint = document["joint_tipping"]
    assert joint["winner"] == answer.joint[1]
    assert sum(abs(move["to"] - move["from"]) for move in joint["moves"]) == pytest.approx(joint["distance"], abs=0.01)
    assert document["first_place_sharers"] == list(answer.sharers)
    assert answer.sharers


@pytest.mark.parametrize(("part", "keys"), [("memory", {"low_bytes", "high_bytes", "weights"}), ("licence", {"id", "verdict", "duties"})])
def test_a_ranked_checkpoint_carries_its_memory_and_its_licence(
    registry: Registry, answer: Recommendation, part: str, keys: set[str]
) -> None:
    assert all(set(item[part]) == keys for item in as_document(registry, answer, None)["ranked"])


def test_the_advice_of_the_document_is_the_advice(registry: Registry, answer: Recommendation) -> None:
    advice = as_document(registry, answer, None)["variant_advice"]
    assert (advice["start"], advice["reason_codes"]) == ("instruct", ["no_chat_template"])


def test_the_scenario_of_the_document_is_a_scenario(registry: Registry, answer: Recommendation) -> None:
    assert Scenario.model_validate_json(json.dumps(as_document(registry, answer, None)["scenario"])) == answer.scenario


@pytest.mark.parametrize("name", presets())
def test_the_document_is_strict_json(registry: Registry, preset_answers: dict[str, Recommendation], name: str) -> None:
    """NaN and infinity are not JSON."""
    document = as_document(registry, preset_answers[name], None)
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_the_document_holds_codes_and_no_words(registry: Registry, answer: Recommendation) -> None:
    document = as_document(registry, answer, None)
    codes = [
        *(item["gate"] for item in document["removed"]),
        *(item["fact"] for item in document["removed"]),
        *(item["change"] for item in document["relaxations"]),
        *(duty["code"] for item in document["ranked"] for duty in item["licence"]["duties"]),
        *(note for item in document["ranked"] for note in item["notes"]),
    ]
    assert all(code.isidentifier() and code.islower() for code in codes)


@pytest.mark.parametrize("top", [1, 3, 10_000])
def test_top_cuts_the_ranking_and_nothing_else(registry: Registry, answer: Recommendation, top: int) -> None:
    whole, part = as_document(registry, answer, None), as_document(registry, answer, top)
    assert part["ranked"] == whole["ranked"][:top]
    assert (part["removed"], part["tipping"]) == (whole["removed"], whole["tipping"])


def test_the_memory_range_of_the_document_has_the_documented_upper_end(registry: Registry, answer: Recommendation) -> None:
    """That of serving under the same workload, over all devices."""
    needs = answer.scenario
    for item in as_document(registry, answer, 20)["ranked"]:
        memory = item["memory"]
        if memory["high_bytes"] is not None:
            load = Workload(needs.longest_input, needs.hardware.batch, memory["weights"], devices=needs.hardware.count)
            needed = serve(registry[item["id"]], load)
            assert isinstance(needed, Serving)
            assert memory["high_bytes"] == pytest.approx(needs.hardware.count * needed.high_bytes, abs=10)


def test_memory_that_is_not_modelled_is_null() -> None:
    registry = registry_of(Facts(layers=None))
    found = recommend(Candidates(registry), Scenario(hardware=Hardware(memory_gb=100), weights={"variant_fit": 1.0}), TODAY)
    assert as_document(registry, found, None)["not_enough_known"][0]["memory"] == {"low_bytes": None, "high_bytes": None, "weights": None}


def test_the_document_of_an_empty_ranking_has_the_ways_out(nothing: tuple[Registry, Recommendation]) -> None:
    document = as_document(*nothing, None)
    assert (document["ranked"], document["tipping"], document["statements"]) == ([], [], [])
    assert (document["joint_tipping"], document["evidence_tipping"], document["first_place_sharers"]) == (None, [], [])
    assert document["relaxations"]


def test_the_document_lists_apart_who_is_hardly_known(thin: tuple[Registry, Recommendation]) -> None:
    document = as_document(*thin, None)
    assert (document["ranked"], [item["id"] for item in document["not_enough_known"]]) == ([], ["maker/a"])


def test_table_and_markdown_begin_with_the_pick(registry: Registry, answer: Recommendation) -> None:
    assert answer.pick is not None
    assert as_table(registry, answer, 5).startswith(f"Start from {answer.pick.id}\n")
    assert markdown_of(registry, answer, 5).startswith(f"# Start from {answer.pick.id}\n")


def test_table_and_markdown_name_the_clause_that_forbids() -> None:
    research = FREE.model_copy(update={"id": "research", "commercial": CommercialUse(clause="section 2.a", quote=None, allowed="no")})
    registry = registry_of(Facts("a"), Facts("b", licence="research"), licences=(research,))
    answer = recommend(Candidates(registry), Scenario(use=Use(kind="product")), TODAY)
    line = "maker/b: research: forbids commercial use (section 2.a)"
    assert line in as_table(registry, answer, 5).splitlines()
    assert f"- {line}" in markdown_of(registry, answer, 5).splitlines()


@pytest.mark.parametrize("top", [1, 4])
def test_table_and_markdown_show_as_many_as_asked_for(registry: Registry, answer: Recommendation, top: int) -> None:
    table, markdown = as_table(registry, answer, top), markdown_of(registry, answer, top)
    assert sum(line.endswith(item.id) for line in table.splitlines()[1:] for item in answer.ranked if line[:3].strip().isdecimal()) == top
    assert sum(line.startswith("| ") and line[2].isdecimal() for line in markdown.splitlines()) == top


def test_markdown_names_the_version_of_the_data(registry: Registry, answer: Recommendation) -> None:
    assert f"with data of {registry.version} and" in markdown_of(registry, answer, 5)


def test_the_table_says_how_many_removals_it_does_not_show(registry: Registry, answer: Recommendation) -> None:
    assert f"... and {len(answer.removed) - 12} more (--json lists them all)" in as_table(registry, answer, 5)


def test_nothing_that_meets_the_needs_is_said_with_the_ways_out(nothing: tuple[Registry, Recommendation]) -> None:
    head = as_table(*nothing, 5).splitlines()[:3]
    assert head == [
        "Nothing meets these needs",
        "Every one of the 2 checkpoints is removed by a hard need. The nearest ways out:",
        "Accept a shorter input: +2",
    ]


def test_who_meets_the_needs_but_is_hardly_known_is_named_and_not_called_removed(thin: tuple[Registry, Recommendation]) -> None:
    head = as_table(*thin, 5).splitlines()[:3]
    assert head[:2] == ["Nothing meets these needs", catalogue("en")("recommend.pick_none_thin")]
    assert head[2] == "maker/a"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_removal_can_be_said_in_words(candidates: Candidates, language: Language) -> None:
    scenario = scenario_from(
        {
            "domain": "classify_extract",
            "languages": ["fr"],
            "longest_input": 65536,
            "hardware": {"memory_gb": 16},
            "use": {"kind": "product", "monthly_users": 10**9, "trains_on_outputs": True},
            "needs": {"tools": True, "image": True, "fill_in_middle": True, "training_data_open": True, "reasoning": True},
        }
    )
    found = recommend(candidates, scenario.model_copy(update={"needs": scenario.needs.model_copy(update={"maximum_parameters": 1})}), TODAY)
    removals = [removal for failures in found.gated.failures.values() for removal in failures]
    assert {removal.gate for removal in removals} >= {"licence", "language", "context", "memory", "base_published", "maximum_parameters"}
    assert all("{" not in removal_words(catalogue(language), removal) for removal in removals)


def test_a_licence_finding_is_said_with_its_number_its_measure_and_its_clause() -> None:
    reason = Reason("threshold_crossed", "forbidden", "section 4", number=100_000_000, detail="monthly_active_users")
    assert reason_words(catalogue("en"), reason) == "above 100M (monthly users) a separate licence is needed (section 4)"
    chinese = reason_words(catalogue("zh"), reason)
    assert all(part in chinese for part in ("1亿", catalogue("zh")("measure.monthly_active_users"), "section 4"))


def test_a_finding_without_a_clause_names_none() -> None:
    assert reason_words(catalogue("en"), Reason("licence_not_recorded", "unknown")) == "no licence record for these weights"


@pytest.mark.parametrize(
    ("removal", "words"),
    [
        (Removal("a", "language", "language_undeclared", {"language": "fr"}), "French is not on the vendor's list"),
        (Removal("a", "language", "language_undeclared", {"language": "sw"}), "sw is not on the vendor's list"),
        (Removal("a", "context", "context_too_short", {"tokens": 32_768, "need": 131_072}), "takes 32k tokens, 128k needed"),
        (
            Removal("a", "memory", "too_large", {"needed_bytes": 17.5 * 2**30, "capacity_bytes": 8.0 * 2**30, "precision": "int4"}),
            "needs 18 GiB in 4-bit, 8.0 GiB there",
        ),
        (Removal("a", "maximum_parameters", "too_many_parameters", {"parameters": 8_190_735_360}), "8.2B parameters"),
        (Removal("a", "tools", "no_tools", {}), "its chat template has no tool calls"),
    ],
)
def test_a_removal_is_said_with_its_numbers(removal: Removal, words: str) -> None:
    assert removal_words(catalogue("en"), removal) == words


def test_a_pick_whose_licence_asks_for_nothing_says_so() -> None:
    registry = registry_of(Facts())
    found = recommend(Candidates(registry), Scenario(weights={"variant_fit": 1.0}), TODAY)
    assert "Licence: free, allowed: no conditions found for this use" in as_table(registry, found, 5).splitlines()
