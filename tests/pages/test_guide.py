"""Guide without a browser: the visitor's case, the whole table, the pair, and what a link says."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from model_registry.bases import count_bases, size_bases
from model_registry.registry import Registry
from pages.guide import words
from scoring.link import scenario_from_link
from scoring.scenario import Scenario, TrainingPlan
from scoring.variants import EVIDENCE, TABLE, Row, advise
from texts.catalogue import LANGUAGES, Language, catalogue

APP = str(Path(__file__).parents[2] / "app.py")
Open = Callable[..., AppTest]


@pytest.fixture
def guide() -> Open:
    """Return a function that opens the page with link parameters, after Recommend with its own."""

    def opened(recommend: dict[str, str] | None = None, **link: str) -> AppTest:
        at = AppTest.from_file(APP, default_timeout=60)
        for name, value in (recommend or {}).items():
            at.query_params[name] = value
        if "lang" in link:
            at.query_params["lang"] = link["lang"]
        at.run().switch_page("pages/guide/page.py")
        at.query_params.clear()
        for name, value in link.items():
            at.query_params[name] = value
        return at.run()

    return opened


def lines(at: AppTest) -> str:
    return "\n".join(str(element.value) for element in (*at.markdown, *at.caption, *at.warning, *at.info))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("link", "start"),
    [
        ({"plan": "none", "out": "chat"}, "instruct"),
        ({"plan": "none", "out": "chat", "think": "1"}, "reasoning"),
        ({"plan": "lora", "out": "label", "ex": "5000"}, "base"),
        ({"plan": "lora", "out": "chat", "ex": "100"}, "instruct"),
        ({"plan": "lora", "out": "chat", "data": "text", "tok": "1000000"}, "base"),
        ({"plan": "full", "out": "math", "think": "1", "ex": "50"}, "base"),
        ({"plan": "continued_pretraining", "tok": "10000000000"}, "base"),
    ],
)
def test_a_link_carries_the_case_and_the_answer_stands_first(guide: Open, link: dict[str, str], start: str, language: Language) -> None:
    at = guide(**link, lang=language)
    assert not at.exception
    assert at.header[0].value == catalogue(language)(f"advice.{start}")
    assert not at.warning
    assert all(f"{name}={value}" in at.code[0].value for name, value in link.items())


def test_the_case_of_recommend_is_taken_over(guide: Open) -> None:
    at = guide({"domain": "classify_extract"})
    assert [box.value for box in at.selectbox[:2]] == ["lora", "label"]
    assert at.select_slider[0].value == 5000


@pytest.mark.parametrize(
    ("name", "value"),
    [("plan", "qlora"), ("out", "poem"), ("ex", "0"), ("ex", "many"), ("think", "7"), ("year", "1066"), ("dev", "Nobody")],
)
def test_a_link_value_that_is_not_understood_is_said(guide: Open, name: str, value: str) -> None:
    at = guide(**{"plan": "lora", name: value})
    assert not at.exception
    assert [warning for warning in at.warning if f"{name} = {value}" in warning.value.replace("\\", "")]


def test_what_speaks_against_it_is_shown_with_its_evidence(guide: Open) -> None:
    told = lines(guide(plan="lora", out="chat", ex="5000"))
    assert f"[arXiv 2402.12847]({EVIDENCE['counter_instruction_first']})" in told
    assert "Against it: instruction-tuned models can learn new documents better" in told


def test_an_encoder_is_named_where_it_may_serve_better(guide: Open) -> None:
    t = catalogue("en")
    assert [box.value for box in guide(plan="lora", out="label", ex="5000").info] == [t("advice.other_tool.encoder")]
    assert not guide(plan="lora", out="chat", ex="5000").info


def test_the_pair_of_a_model_is_named_and_a_missing_base_is_said(guide: Open) -> None:
    t = catalogue("en")
    whole = guide(plan="continued_pretraining", m="Qwen/Qwen3-8B")
    assert "id=Qwen/Qwen3-8B-Base" in lines(whole)
    assert not whole.warning
    lacking = guide(plan="continued_pretraining", m="Qwen/Qwen3-32B")
    assert [warning.value for warning in lacking.warning] == [t("advice.missing.base_not_published")]
    assert t("guide.pair_title") not in [heading.value for heading in guide(plan="none", out="chat").subheader]


def test_the_three_sizes_of_data_are_worked_out(guide: Open) -> None:
    t = catalogue("en")
    frame = guide(plan="lora", out="chat", ex="5000").table[0].value
    assert list(frame[t("guide.ex")]) == ["100", "1,000", "100,000"]
    expected = [
        words.short_kind(t, advise(Scenario(output="label", training=TrainingPlan(plan="lora", examples=size))))
        for size in (100, 1_000, 100_000)
    ]
    assert list(frame[t("output.label")]) == expected
    assert len(set(expected)) > 1


def test_every_row_is_shown_and_the_visitors_own_is_marked_once(guide: Open) -> None:
    t = catalogue("en")
    told = lines(guide(plan="lora", out="chat", ex="5000"))
    for row in TABLE:
        assert f"{words.outputs(t, row)} · {words.amount(t, row)}" in told
        assert words.reasons(t, row.advice) in told
    assert told.count(t("guide.your_case")) == 1


def test_the_bases_are_counted_and_narrowed_by_developer_and_year(guide: Open, registry: Registry) -> None:
    at = guide(dev="Alibaba Qwen", year="2025,2026")
    rows = [row for row in size_bases(registry) if row.developer == "Alibaba Qwen" and row.year in {"2025", "2026"}]
    found = count_bases(rows)
    assert len(at.dataframe[0].value) == found.sizes > 0
    assert f"Of {found.sizes} sizes released in 2025, 2026, **{found.published}** have a published Base" in lines(at)


def test_filters_that_nothing_passes_say_so(guide: Open) -> None:
    at = guide(dev="OpenAI", year="2019,2023")
    gone = guide(dev="DeepSeek", year="2019")
    assert len(at.dataframe) == 1
    assert catalogue("en")("guide.no_bases") in [box.value for box in gone.info]


def test_recommend_opens_with_the_case(guide: Open) -> None:
    at = guide({"domain": "legal_contract", "ctx": "65536"}, plan="lora", out="label", ex="2000", think="1")
    link = at.get("page_link")[0]
    query = dict(part.split("=", 1) for part in link.proto.query_string.split("&"))
    scenario, bad = scenario_from_link(query)
    assert not bad
    assert (scenario.domain, scenario.longest_input, scenario.output) == ("legal_contract", 65536, "label")
    assert (scenario.training, scenario.needs.reasoning) == (TrainingPlan(plan="lora", examples=2000), True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.code)
def test_every_reason_has_evidence_or_is_marked_as_judgement(row: Row, language: Language) -> None:
    t = catalogue(language)
    for code in (*row.because, *row.against):
        assert EVIDENCE.get(code, t("guide.judgement")) in words.reason(t, code)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("pretrain", "from 100M tokens on"),
        ("pretrain_little", "below 100M tokens, or not given"),
        ("lora_on_text", "any number of tokens"),
        ("tune_some", "from 300 to below 1,000 examples"),
        ("tune_few", "below 300 examples"),
        ("tune_labels_open", "number of examples not given"),
        ("prompt", "any amount of data"),
    ],
)
def test_amounts_in_words(code: str, told: str) -> None:
    assert words.amount(catalogue("en"), next(row for row in TABLE if row.code == code)) == told


@pytest.mark.parametrize(
    ("url", "name"), [("https://arxiv.org/abs/2512.12677v2", "arXiv 2512.12677"), ("https://docs.unsloth.ai/x", "docs.unsloth.ai")]
)
def test_a_link_says_where_it_leads(url: str, name: str) -> None:
    assert words.evidence_name(url) == name


@pytest.mark.parametrize(
    ("code", "told"), [("pretrain", "any output"), ("tune_few", "any other output"), ("prompt_thinking", "any other output, with thinking")]
)
def test_outputs_in_words(code: str, told: str) -> None:
    assert words.outputs(catalogue("en"), next(row for row in TABLE if row.code == code)) == told
