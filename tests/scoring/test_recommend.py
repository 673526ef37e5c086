"""From scenario to recommendation."""

import numpy as np
import pytest

from scoring.candidates import Candidates
from scoring.capability import general
from scoring.errors import ScenarioError
from scoring.factors import variant_fits
from scoring.gates import UNSETTLED
from scoring.rank import ENOUGH_KNOWN
from scoring.recommend import Recommendation, recommend
from scoring.scenario import FACTORS, Hardware, Scenario, presets, scenario_from
from tests.scoring.making import Facts, registry_of, result

TODAY = np.datetime64("2026-11-24", "D")


def _answer(candidates: Candidates, data: dict[str, object]) -> Recommendation:
    return recommend(candidates, scenario_from(data), TODAY)


@pytest.fixture(scope="module")
def contract_clauses(candidates: Candidates) -> Recommendation:
    """Return the answer to: classify Chinese contract clauses with LoRA on one RTX 4090."""
    return _answer(
        candidates,
        {
            "domain": "classify_extract",
            "languages": ["zh"],
            "longest_input": 8000,
            "output": "label",
            "training": {"plan": "lora", "examples": 20000},
            "hardware": {"device": "rtx-4090", "count": 1},
            "use": {"kind": "internal"},
        },
    )


@pytest.fixture(scope="module")
def large_saas(candidates: Candidates) -> Recommendation:
    """Return the answer to: Chinese customer service over retrieved text, 32k input, SaaS with 200 million users."""
    return _answer(
        candidates,
        {"domain": "zh_cs_rag", "longest_input": 32768, "use": {"kind": "product", "monthly_users": 200_000_000}},
    )


def test_labels_with_many_examples_start_from_a_base_that_fits_the_card(candidates: Candidates, contract_clauses: Recommendation) -> None:
    pick = contract_clauses.pick
    assert pick is not None
    assert contract_clauses.advice.start == "base"
    assert candidates.registry[pick.id].checkpoint.variant == "base"
    assert contract_clauses.gated.memory.low_bytes[pick.index] <= 24 * 2**30


def test_the_pick_for_chinese_labels_knows_chinese(candidates: Candidates, contract_clauses: Recommendation) -> None:
    assert contract_clauses.pick is not None
    assert candidates.language_status("zh")[contract_clauses.pick.index] in {"measured", "declared", "evidenced", "trained_on"}


def test_nobody_with_a_licence_that_forbids_is_ranked(large_saas: Recommendation) -> None:
    kept = large_saas.ranked + large_saas.thin
    verdicts = {large_saas.gated.licences[item.index].verdict for item in kept}
    assert large_saas.ranked
    assert "forbidden" not in verdicts


def test_a_licence_that_a_large_service_outgrows_removes_with_its_clause(large_saas: Recommendation) -> None:
    removal = next(removal for removal in large_saas.removed if removal.id == "Qwen/Qwen-72B-Chat")
    assert (removal.gate, removal.fact, removal.values["licence"]) == ("licence", "threshold_crossed", "tongyi-qianwen")
    assert str(removal.values["clause"]).startswith("section 4")
    assert removal.values["number"] == 100_000_000


@pytest.mark.parametrize("name", presets())
def test_every_preset_has_a_first_place(preset_answers: dict[str, Recommendation], name: str) -> None:
    assert preset_answers[name].pick is not None


@pytest.mark.parametrize("name", presets())
def test_ranked_thin_and_removed_are_everyone_once(candidates: Candidates, preset_answers: dict[str, Recommendation], name: str) -> None:
    answer = preset_answers[name]
    kept = [name for item in answer.ranked + answer.thin for name in (item.id, *item.siblings)]
    assert sorted(kept + [removal.id for removal in answer.removed]) == sorted(candidates.ids)


@pytest.mark.parametrize("name", presets())
def test_a_size_has_one_row_and_it_is_the_checkpoint_for_the_plan(
    candidates: Candidates, preset_answers: dict[str, Recommendation], name: str
) -> None:
    answer = preset_answers[name]
    entries = [candidates.entries[item.index] for item in answer.ranked + answer.thin]
    sizes = [candidates.registry.base_of(entry) or id(entry.size) for entry in entries]
    assert len(sizes) == len(set(sizes))
    fit = dict(zip(candidates.ids, variant_fits(candidates, answer.advice)[0], strict=True))
    scores = {item.id: item.score for item in answer.unfolded}
    for item in answer.ranked:
        rivals = [sibling for sibling in item.siblings if sibling in scores]
        assert all((fit[sibling], scores[sibling]) <= (fit[item.id], item.score) for sibling in rivals)


@pytest.mark.parametrize("name", presets())
def test_unfolded_the_order_is_that_of_the_scores_and_the_rows_are_in_it(preset_answers: dict[str, Recommendation], name: str) -> None:
    answer = preset_answers[name]
    scores = [item.score for item in answer.unfolded]
    assert scores == sorted(scores, reverse=True)
    assert [item for item in answer.unfolded if item in answer.ranked] == list(answer.ranked)


@pytest.mark.parametrize("name", presets())
def test_the_ranking_falls_and_every_score_is_its_contributions(preset_answers: dict[str, Recommendation], name: str) -> None:
    answer = preset_answers[name]
    for part in (answer.ranked, answer.thin):
        scores = [item.score for item in part]
        assert scores == sorted(scores, reverse=True)
    for item in answer.ranked + answer.thin:
        assert sum(item.contributions.values()) == pytest.approx(item.score, abs=1e-12)
        assert item.low <= item.score <= item.high


@pytest.mark.parametrize("name", presets())
def test_who_is_listed_apart_is_unsettled_or_hardly_known(preset_answers: dict[str, Recommendation], name: str) -> None:
    answer = preset_answers[name]
    assert all(item.known_weight >= ENOUGH_KNOWN - 1e-9 and not set(item.notes) & UNSETTLED for item in answer.ranked)
    assert all(item.known_weight < ENOUGH_KNOWN or set(item.notes) & UNSETTLED for item in answer.thin)


def test_the_shares_of_first_places_belong_to_the_ranked(candidates: Candidates) -> None:
    answer = recommend(candidates, presets()["general"], TODAY)
    assert sum(item.first_share for item in answer.ranked) == pytest.approx(1)


def test_a_tipping_point_names_the_checkpoint_that_wins_past_it(candidates: Candidates) -> None:
    """Told values are exact: moving that slider in a new scenario brings that checkpoint to the first place."""
    scenario = presets()["zh_cs_rag"]
    tip, winner = recommend(candidates, scenario, TODAY).tipping[0]
    past = tip.end + np.copysign(1e-6, tip.end - tip.start)
    moved = scenario.model_copy(update={"weights": {**scenario.weights, tip.factor: float(past)}})
    answer = recommend(candidates, moved, TODAY)
    assert answer.pick is not None
    assert answer.pick.id == winner


def test_past_the_joint_move_its_checkpoint_wins(candidates: Candidates) -> None:
    scenario = presets()["zh_cs_rag"]
    told = recommend(candidates, scenario, TODAY).joint
    assert told is not None
    joint, winner = told
    ends = {move.factor: move.end + np.sign(move.end - move.start) * 1e-6 for move in joint.moves}
    moved = scenario.model_copy(update={"weights": {**scenario.weights, **{f: float(np.clip(end, 0, 10)) for f, end in ends.items()}}})
    answer = recommend(candidates, moved, TODAY)
    assert answer.pick is not None
    assert answer.pick.id == winner


@pytest.mark.parametrize("name", presets())
def test_who_dominates_is_ranked_ahead_with_no_less_on_anything_weighted(preset_answers: dict[str, Recommendation], name: str) -> None:
    answer = preset_answers[name]
    places = {item.id: place for place, item in enumerate(answer.ranked)}
    found = [(item, answer.ranked[places[item.dominated_by]]) for item in answer.ranked if item.dominated_by]
    assert found
    for item, by in found:
        assert places[by.id] < places[item.id]
        assert all(by.contributions[factor] >= share for factor, share in item.contributions.items())
    assert all(item.dominated_by for item in answer.ranked if item.surely_dominated_by)


@pytest.mark.parametrize("name", presets())
def test_those_who_share_the_first_place_hold_eighty_per_cent_of_it(preset_answers: dict[str, Recommendation], name: str) -> None:
    answer = preset_answers[name]
    assert sum(item.first_share for item in answer.ranked if item.id in answer.sharers) >= 0.8 - 1e-9
    assert all(item.first_share <= item.top3_share <= item.top5_share for item in answer.ranked)


@pytest.mark.parametrize("name", presets())
def test_evidence_that_tips_falls_by_the_gap_to_the_second(preset_answers: dict[str, Recommendation], name: str) -> None:
    answer = preset_answers[name]
    assert answer.pick is not None
    assert answer.runner_up is not None
    weights = dict(zip(answer.scores.factors, answer.scores.weights.tolist(), strict=True))
    assert answer.evidence
    for tip, rival in answer.evidence:
        assert rival == answer.runner_up.id
        assert weights[tip.factor] * (tip.value - tip.tie) == pytest.approx(answer.pick.score - answer.runner_up.score)


def test_the_runner_up_is_the_second(candidates: Candidates) -> None:
    answer = recommend(candidates, presets()["general"], TODAY)
    assert answer.runner_up == answer.ranked[1]


def test_who_is_hardly_known_is_listed_apart() -> None:
    facts = Facts("known"), Facts("unknown", data=None, released=None)
    weights = {"freshness": 5, "openness_provenance": 5, "variant_fit": 5}
    answer = _answer(Candidates(registry_of(*facts)), {"weights": weights, "languages": [], "hardware": {"memory_gb": 100}})
    assert [item.id for item in answer.ranked] == ["maker/known"]
    assert [item.id for item in answer.thin] == ["maker/unknown"]


def test_who_is_listed_apart_has_no_share_of_first_places() -> None:
    answer = recommend(Candidates(registry_of(Facts(released=None))), Scenario(weights={"freshness": 1.0}), TODAY)
    assert [(item.first_share, item.top3_share) for item in answer.thin] == [(0.0, 0.0)]
    assert (answer.pick, answer.runner_up, answer.statements) == (None, None, ())


def test_needs_that_nobody_meets_give_no_ranking(candidates: Candidates) -> None:
    answer = _answer(candidates, {"longest_input": 100_000_000, "needs": {"maximum_parameters": 1}})
    assert (answer.ranked, answer.pick, answer.tipping, answer.statements) == ((), None, (), ())


def test_a_need_that_nobody_meets_comes_with_its_fix() -> None:
    answer = _answer(Candidates(registry_of(Facts("a"), Facts("b"))), {"longest_input": 100_000, "hardware": {"device": None}})
    assert answer.ranked == ()
    assert [(item.gate, item.change, item.adds) for item in answer.relaxations] == [("context", "shorter_input", 2)]


def test_weights_that_are_all_zero_rank_by_the_mean_and_tip_nothing(candidates: Candidates) -> None:
    scenario = presets()["general"].model_copy(update={"weights": dict.fromkeys(FACTORS, 0.0)})
    answer = recommend(candidates, scenario, TODAY)
    assert answer.pick is not None
    assert answer.tipping == ()
    assert set(answer.scores.weights.tolist()) == {1 / len(answer.scores.factors)}


def test_who_leaves_a_hard_need_unsettled_is_listed_apart_with_a_note() -> None:
    answer = recommend(Candidates(registry_of(Facts(trained=None, advertised=None))), Scenario(weights={"variant_fit": 1.0}), TODAY)
    assert (answer.ranked, [item.notes for item in answer.thin]) == ((), [("context_unknown",)])


def test_a_language_that_is_not_declared_is_weighed_and_noted() -> None:
    facts = Facts(codes=None, complete=False)
    answer = recommend(Candidates(registry_of(facts)), Scenario(languages=("zh",), weights={"variant_fit": 1.0}), TODAY)
    assert [item.notes for item in answer.ranked] == [("language_unknown",)]


def test_a_tie_keeps_the_order_of_the_registry() -> None:
    facts = Facts("b"), Facts("a"), Facts("c")
    answer = recommend(Candidates(registry_of(*facts)), Scenario(weights={"variant_fit": 1.0}), TODAY)
    assert [item.id for item in answer.ranked] == ["maker/b", "maker/a", "maker/c"]


def test_the_better_result_comes_first() -> None:
    rows = [result(name, benchmark, score) for name, score in (("a", 40), ("b", 60)) for benchmark in ("mmlu_pro", "mmlu")]
    candidates = Candidates(registry_of(Facts("a"), Facts("b"), results=tuple(rows)))
    answer = recommend(candidates, Scenario(weights={"capability_general": 1.0}), TODAY)
    assert [item.id for item in answer.ranked] == ["maker/b", "maker/a"]
    assert answer.ranked[0].score == pytest.approx(float(general(candidates).point[1]))


def test_the_same_scenario_has_the_same_answer(candidates: Candidates) -> None:
    one, other = (recommend(candidates, presets()["code_assistant"], TODAY) for _ in range(2))
    assert (one.ranked, one.thin, one.tipping, one.statements) == (other.ranked, other.thin, other.tipping, other.statements)


def test_only_freshness_depends_on_the_day(candidates: Candidates) -> None:
    scenario = presets()["regulated_open"]
    assert scenario.weights["freshness"] == 0
    assert recommend(candidates, scenario, TODAY).ranked == recommend(candidates, scenario, np.datetime64("2030-01-01", "D")).ranked


def test_without_a_day_it_is_today(candidates: Candidates) -> None:
    assert recommend(candidates, presets()["regulated_open"]).ranked == recommend(candidates, presets()["regulated_open"], TODAY).ranked


def test_an_unknown_device_is_refused(candidates: Candidates) -> None:
    with pytest.raises(ScenarioError, match=r"hardware\.device: no such device"):
        recommend(candidates, Scenario(hardware=Hardware(device="abacus")), TODAY)
