"""The nearest fixes: who would come back."""

import pytest

from scoring.candidates import Candidates
from scoring.gates import apply_gates
from scoring.relax import Relaxation, relaxations
from scoring.scenario import Hardware, Needs, Scenario, TrainingPlan
from scoring.variants import advise
from tests.scoring.making import FREE, Facts, registry_of

FORBIDDING = FREE.model_copy(update={"id": "research", "commercial": FREE.commercial.model_copy(update={"allowed": "no"})})


def _found(scenario: Scenario, *facts: Facts) -> tuple[Relaxation, ...]:
    candidates = Candidates(registry_of(*facts, licences=(FORBIDDING,)))
    return relaxations(candidates, scenario, apply_gates(candidates, scenario, advise(scenario)))


def test_nobody_removed_needs_no_fix() -> None:
    assert _found(Scenario(), Facts()) == ()


@pytest.mark.parametrize(
    ("scenario", "facts", "expected"),
    [
        (Scenario(), Facts(licence="research"), Relaxation("licence", "contact_licensor", 1)),
        (Scenario(longest_input=65_536), Facts(), Relaxation("context", "shorter_input", 1)),
        (Scenario(needs=Needs(image=True)), Facts(), Relaxation("image", "drop_image", 1)),
        (Scenario(needs=Needs(maximum_parameters=1)), Facts(), Relaxation("maximum_parameters", "drop_maximum_parameters", 1)),
        (
            Scenario(output="label", training=TrainingPlan(plan="lora", examples=5000)),
            Facts(base_published=False),
            Relaxation("base_published", "start_from_instruct", 1),
        ),
    ],
)
def test_a_single_failure_is_brought_back_by_its_fix(scenario: Scenario, facts: Facts, expected: Relaxation) -> None:
    assert _found(scenario, facts) == (expected,)


def test_only_those_who_fail_a_single_need_count() -> None:
    scenario = Scenario(needs=Needs(image=True, fill_in_middle=True))
    both, one = Facts("both"), Facts("one", fill_in_middle=True)
    assert _found(scenario, both, one) == (Relaxation("image", "drop_image", 1),)


def test_a_language_has_no_fix() -> None:
    assert _found(Scenario(languages=("fr", "de")), Facts()) == ()


def test_twice_the_devices_brings_back_who_fits_in_twice_the_memory() -> None:
    scenario = Scenario(longest_input=8192, hardware=Hardware(memory_gb=2, weights=("int4",)))
    small, large = Facts("small"), Facts("large", parameters=2**34)
    assert Relaxation("memory", "twice_the_devices", 1) in _found(scenario, small, large)


def test_four_bit_weights_are_offered_where_they_are_not_accepted_yet() -> None:
    scenario = Scenario(longest_input=8192, hardware=Hardware(memory_gb=4, weights=("bf16",)))
    assert Relaxation("memory", "int4", 1) in _found(scenario, Facts())


def test_four_bit_weights_are_not_offered_where_they_are_accepted() -> None:
    scenario = Scenario(longest_input=8192, hardware=Hardware(memory_gb=3, weights=("int4",)))
    assert "int4" not in {item.change for item in _found(scenario, Facts())}


def test_half_the_input_brings_back_who_fits_with_half_the_cache() -> None:
    """2.08 GiB of weights and 1 GiB of cache do not fit in 2.7 GiB; with half the cache they do."""
    scenario = Scenario(longest_input=8192, hardware=Hardware(memory_gb=2.7))
    assert Relaxation("memory", "half_the_input", 1) in _found(scenario, Facts())


def test_a_change_that_brings_nobody_back_is_not_offered() -> None:
    scenario = Scenario(longest_input=8192, hardware=Hardware(memory_gb=0.5))
    assert _found(scenario, Facts()) == ()


def test_the_most_fruitful_change_comes_first() -> None:
    scenario = Scenario(needs=Needs(image=True, fill_in_middle=True))
    facts = [Facts("a", image=True), Facts("b", image=True), Facts("c", fill_in_middle=True)]
    assert _found(scenario, *facts) == (Relaxation("fill_in_middle", "drop_fill_in_middle", 2), Relaxation("image", "drop_image", 1))


def test_dropping_a_need_brings_back_exactly_as_many_as_were_promised(candidates: Candidates) -> None:
    scenario = Scenario(longest_input=8192, hardware=Hardware(device="rtx-4090"), needs=Needs(tools=True, image=True))
    before = apply_gates(candidates, scenario, advise(scenario))
    promised = {item.change: item.adds for item in relaxations(candidates, scenario, before)}
    for change, needs in (("drop_tools", Needs(image=True)), ("drop_image", Needs(tools=True))):
        altered = scenario.model_copy(update={"needs": needs})
        after = apply_gates(candidates, altered, advise(altered))
        assert int(after.kept.sum() - before.kept.sum()) == promised.get(change, 0)


@pytest.mark.parametrize(
    ("change", "update"),
    [
        ("twice_the_devices", {"hardware": Hardware(device="rtx-4090", count=2, weights=("bf16",))}),
        ("int4", {"hardware": Hardware(device="rtx-4090", weights=("bf16", "int4"))}),
        ("half_the_input", {"longest_input": 16_384}),
    ],
)
def test_a_change_of_memory_keeps_its_promise(candidates: Candidates, change: str, update: dict[str, object]) -> None:
    """Half the input may bring back more than it promises: those whose context was too short as well."""
    scenario = Scenario(longest_input=32_768, hardware=Hardware(device="rtx-4090", weights=("bf16",)))
    before = apply_gates(candidates, scenario, advise(scenario))
    promised = {item.change: item.adds for item in relaxations(candidates, scenario, before)}[change]
    altered = scenario.model_copy(update=update)
    after = apply_gates(candidates, altered, advise(altered))
    alone = {name for name, found in before.failures.items() if {removal.gate for removal in found} == {"memory"}}
    back = {name for name, kept in zip(candidates.ids, after.kept, strict=True) if kept} & alone
    assert len(back) == promised
