"""Scenarios as links: the way there and back, and values that were not understood."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.link import NAMES, BadValue, link_of, replaced, scenario_from_link
from scoring.scenario import FACTORS, Output, Plan, Scenario, WeightPrecision, presets, scenario_from
from texts.catalogue import catalogue

amounts = st.none() | st.integers(min_value=0, max_value=10**15)
languages = st.lists(st.sampled_from(["zh", "en", "fr", "id", "zh-Hant", "pt-BR"]), max_size=4, unique=True)
precisions = st.lists(st.sampled_from(get_args(WeightPrecision)), min_size=1, unique=True)
weights = st.floats(min_value=0, max_value=10, allow_subnormal=False)
sizes = st.fixed_dictionaries(
    {"count": st.integers(1, 1024), "batch": st.integers(1, 4096), "weights": precisions},
)
places = st.one_of(
    st.just({"device": None, "memory_gb": None}),
    st.sampled_from([{"device": "rtx-4090"}, {"device": "a100-80"}]),
    st.fixed_dictionaries({"memory_gb": st.floats(min_value=0.001, max_value=1_000_000)}),
)
flags = st.booleans()


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Return a scenario of any domain with anything in it."""
    return scenario_from(
        {
            "domain": draw(st.sampled_from(list(presets()))),
            "languages": draw(languages),
            "longest_input": draw(st.integers(1, 100_000_000)),
            "output": draw(st.sampled_from(get_args(Output))),
            "training": {"plan": draw(st.sampled_from(get_args(Plan))), "examples": draw(amounts), "tokens": draw(amounts)},
            "hardware": {**draw(sizes), **draw(places)},
            "use": {
                "kind": draw(st.sampled_from(["internal", "product", "research"])),
                **{name: draw(amounts) for name in ("monthly_users", "annual_revenue_usd", "monthly_revenue_usd")},
                **{name: draw(flags) for name in ("offers_model_api", "redistributes_weights", "trains_on_outputs")},
                "may_contact_licensor": draw(flags),
                "territory": draw(st.lists(st.sampled_from(["DE", "CN", "US", "EU"]), max_size=3)),
            },
            "needs": {
                **{name: draw(flags) for name in ("tools", "image", "fill_in_middle", "training_data_open")},
                "reasoning": draw(st.none() | flags),
                "maximum_parameters": draw(st.none() | st.integers(1, 10**13)),
            },
            "weights": draw(st.dictionaries(st.sampled_from(FACTORS), weights)),
        }
    )


@given(scenarios(), st.booleans())
def test_a_scenario_comes_back_from_its_link(scenario: Scenario, full: bool) -> None:  # noqa: FBT001 (hypothesis fills it in)
    assert scenario_from_link(link_of(scenario, full=full)) == (scenario, ())


@given(scenarios())
def test_a_short_link_is_part_of_the_full_one(scenario: Scenario) -> None:
    assert link_of(scenario, full=False).items() <= link_of(scenario, full=True).items()


@pytest.mark.parametrize("name", presets())
def test_a_full_link_names_every_parameter(name: str) -> None:
    assert set(link_of(presets()[name], full=True)) == NAMES


@pytest.mark.parametrize("name", presets())
def test_the_short_link_of_a_preset_is_its_domain(name: str) -> None:
    assert link_of(presets()[name], full=False) == {"domain": name}


def test_no_link_is_the_general_purpose() -> None:
    assert scenario_from_link({}) == (presets()["general"], ())


@pytest.mark.parametrize("weight", [0.1234567, 1 / 3, 9.999999999])
def test_a_link_keeps_every_digit_of_a_weight(weight: float) -> None:
    scenario = scenario_from({"weights": {"freshness": weight}})
    assert scenario_from_link(link_of(scenario, full=False))[0].weights["freshness"] == weight


@pytest.mark.parametrize(("weight", "written"), [(3, "3"), (2.5, "2.5"), (10, "10"), (0, "0")])
def test_a_weight_is_written_as_short_as_it_can_be(weight: float, written: str) -> None:
    assert link_of(scenario_from({"weights": {"freshness": weight}}), full=True)["w_freshness"] == written


BAD = [
    ("ctx", "long"),
    ("ctx", "0"),
    ("ctx", "-"),
    ("l", "chinese"),
    ("l", "-"),
    ("out", "poem"),
    ("out", "Chat"),
    ("plan", "LoRA"),
    ("ex", "-5"),
    ("ex", "many"),
    ("tok", "1e9"),
    ("n", "0"),
    ("mem", "0"),
    ("mem", "nan"),
    ("mem", "inf"),
    ("q", ""),
    ("q", "fp4"),
    ("batch", "5000"),
    ("use", "Internal"),
    ("mau", "2.5"),
    ("rev", "x"),
    ("mrev", "x"),
    ("api", "yes"),
    ("copies", "true"),
    ("distil", "2"),
    ("ask", ""),
    ("terr", "Germany"),
    ("tools", "on"),
    ("think", "maybe"),
    ("img", "x"),
    ("fim", "x"),
    ("open", "x"),
    ("maxp", "0"),
    ("w_freshness", "11"),
    ("w_freshness", "-0.5"),
    ("w_freshness", "nan"),
    ("w_freshness", "-"),
    ("w_freshness", ""),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_value_falls_back_to_the_preset_and_is_named(name: str, value: str) -> None:
    found = scenario_from_link({"domain": "zh_cs_rag", name: value})
    assert found == (presets()["zh_cs_rag"], (BadValue(name, value),))


def test_an_unknown_domain_falls_back_to_the_general_purpose_and_is_named() -> None:
    assert scenario_from_link({"domain": "Edge"}) == (presets()["general"], (BadValue("domain", "Edge"),))


def test_a_bad_value_spoils_no_other() -> None:
    scenario, bad = scenario_from_link({"ctx": "long", "out": "code", "w_freshness": "x", "batch": "4"})
    assert scenario == scenario_from({"output": "code", "hardware": {"batch": 4}})
    assert bad == (BadValue("ctx", "long"), BadValue("w_freshness", "x"))


@given(st.dictionaries(st.sampled_from(sorted(NAMES)), st.text(max_size=12), max_size=6))
def test_no_link_raises(parameters: dict[str, str]) -> None:
    scenario, bad = scenario_from_link(parameters)
    assert {item.name for item in bad} <= set(parameters)
    assert isinstance(scenario, Scenario)


def test_parameters_of_other_pages_are_ignored() -> None:
    assert scenario_from_link({"domain": "edge", "lang": "zh", "utm_source": "mail", "weights": "3"}) == (presets()["edge"], ())


def test_a_dash_takes_the_number_of_the_preset_away() -> None:
    scenario, bad = scenario_from_link({"domain": "embedding_backbone", "ex": "-", "maxp": "-"})
    assert (scenario.training.examples, scenario.needs.maximum_parameters, bad) == (None, None, ())


def test_plain_memory_in_a_link_takes_the_place_of_the_device() -> None:
    hardware = scenario_from_link({"domain": "general", "mem": "64"})[0].hardware
    assert (hardware.device, hardware.memory_gb) == (None, 64)


def test_a_device_in_a_link_takes_the_place_of_the_memory() -> None:
    hardware = scenario_from_link({"domain": "edge", "gpu": "a100-80"})[0].hardware
    assert (hardware.device, hardware.memory_gb) == ("a100-80", None)


def test_a_link_carries_codes_and_never_labels() -> None:
    """A label in a link would break it in the other language."""
    scenario = scenario_from({"domain": "classify_extract", "output": "label", "needs": {"reasoning": True}})
    labels = {text for language in ("en", "zh") for text in catalogue(language).texts.values() if not text.isascii() or text[0].isupper()}
    assert set(link_of(scenario, full=True).values()) & labels == set()


def test_replacing_a_field_validates_it() -> None:
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        replaced(presets()["general"], ("hardware", "count"), 0)


def test_replacing_a_field_leaves_the_old_scenario_alone() -> None:
    before = presets()["general"].model_dump()
    replaced(presets()["general"], ("weights", "freshness"), 9.0)
    assert presets()["general"].model_dump() == before


def test_a_link_that_was_sent_keeps_its_meaning() -> None:
    """Links stand in mails and documents: no name and no code in this one may ever change; later factors are the preset's."""
    link = (
        "domain=zh_cs_rag&l=zh,en&ctx=32768&out=chat&plan=lora&ex=20000&tok=-&gpu=rtx-4090&n=2&mem=-&q=int8,int4&batch=4&use=product"
        "&mau=200000000&rev=1000000&mrev=90000&api=1&copies=0&distil=1&ask=0&terr=CN,DE&tools=1&think=0&img=0&fim=1&open=0"
        "&maxp=32000000000&w_capability_domain=5.5&w_capability_general=2&w_language_fit=4&w_licence_freedom=2"
        "&w_openness_provenance=0&w_serving_cost_fit=4&w_context_effective=2&w_variant_fit=1.5&w_tool_use=1&w_freshness=0.5"
    )
    parameters = dict(part.split("=", 1) for part in link.split("&"))
    expected = scenario_from(
        {
            "domain": "zh_cs_rag",
            "languages": ["zh", "en"],
            "longest_input": 32768,
            "output": "chat",
            "training": {"plan": "lora", "examples": 20000, "tokens": None},
            "hardware": {"device": "rtx-4090", "count": 2, "weights": ["int8", "int4"], "batch": 4},
            "use": {
                "kind": "product",
                "monthly_users": 200_000_000,
                "annual_revenue_usd": 1_000_000,
                "monthly_revenue_usd": 90_000,
                "offers_model_api": True,
                "redistributes_weights": False,
                "trains_on_outputs": True,
                "may_contact_licensor": False,
                "territory": ["CN", "DE"],
            },
            "needs": {"tools": True, "reasoning": False, "fill_in_middle": True, "maximum_parameters": 32_000_000_000},
        }
    )
    assert scenario_from_link(parameters) == (expected, ())
    later = {"w_tokenizer_efficiency_lang": "2", "w_finetune_ecosystem": "1"}
    assert link_of(expected, full=True) == parameters | later


def test_an_unknown_device_in_a_link_is_for_the_registry_to_refuse() -> None:
    """The link does not know the devices: the scenario keeps the name, and the gate refuses it with the nearest ones."""
    scenario, bad = scenario_from_link({"gpu": "rtx-9090"})
    assert (scenario.hardware.device, bad) == ("rtx-9090", ())
