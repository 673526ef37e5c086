"""Licences without a browser: the answer, the words, one model, bad input, links."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from model_registry.registry import Registry
from pages.licences.controls import places
from pages.licences.judged import by_licence, checkpoints_by_verdict, judge_entry, judge_licences
from scoring.licence_use import SEVERITY
from scoring.scenario import Use
from texts.catalogue import catalogue

APP = str(Path(__file__).parents[2] / "app.py")
Open = Callable[..., AppTest]
LARGE = Use(kind="product", monthly_users=200_000_000, territory=("DE",))


@pytest.fixture
def licences() -> Open:
    """Return a function that opens the page with link parameters."""

    def opened(**link: str) -> AppTest:
        at = AppTest.from_file(APP, default_timeout=60)
        if "lang" in link:
            at.query_params["lang"] = link["lang"]
        at.run().switch_page("pages/licences/page.py")
        for name, value in link.items():
            at.query_params[name] = value
        return at.run()

    return opened


def lines(at: AppTest) -> list[str]:
    return [str(element.value).replace("\\", "") for element in (*at.markdown, *at.warning, *at.caption, *at.subheader)]


def labels(at: AppTest) -> list[str]:
    return [str(expander.label).replace("\\", "") for expander in at.expander]


def test_the_answer_comes_first_and_counts_licences_and_checkpoints(licences: Open, registry: Registry) -> None:
    at = licences(use="product", mau="200M", terr="DE")
    assert not at.exception
    free = [one for one in judge_licences(registry, LARGE) if one.verdict.verdict == "allowed"]
    covered = checkpoints_by_verdict(registry, LARGE)["allowed"]
    sentence = f"#### For this use, {len(free)} of {len(registry.licences)} licences are allowed without conditions."
    assert [line for line in lines(at) if line == f"{sentence} They cover {covered} of {len(registry.entries)} checkpoints."]


def test_a_licence_that_forbids_stands_under_forbidden_with_its_finding(licences: Open) -> None:
    at = licences(use="product", mau="200000000")
    assert [name for name in labels(at) if "Tongyi Qianwen LICENSE" in name and "above 100M (monthly users) a separate licence" in name]


def test_the_use_of_recommend_is_taken_over_unless_the_link_says_otherwise() -> None:
    at = AppTest.from_file(APP, default_timeout=60)
    at.query_params["use"] = "research"
    at.query_params["mau"] = "5000000"
    at.run().switch_page("pages/licences/page.py")
    at.query_params.clear()
    at.run()
    assert next(box for box in at.selectbox if box.label == catalogue("en")("need.kind")).value == "research"
    assert at.text_input[0].value == "5,000,000"


def test_a_link_carries_the_use_and_the_model(licences: Open) -> None:
    link = {"use": "product", "mau": "2亿", "rev": "-", "api": "1", "ask": "0", "terr": "CN,DE", "m": "Qwen/Qwen2.5-3B", "view": "table"}
    at = licences(**link)
    assert not at.exception
    shared = at.code[0].value
    for part in ("use=product", "api=1", "ask=0", "terr=CN,DE", "m=Qwen/Qwen2.5-3B", "view=table"):
        assert part in shared


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("mau", "many", "Monthly users cannot be read: many."),
        ("rev", "-5", "Revenue a year, US$ cannot be read: -5."),
        ("terr", "Germany", "Not a country code: GERMANY."),
        ("use", "shop", "use = shop"),
        ("m", "nobody/none", "m = nobody/none"),
        ("api", "yes", "api = yes"),
    ],
)
def test_what_is_not_understood_is_said_and_the_page_still_answers(licences: Open, name: str, value: str, part: str) -> None:
    at = licences(**{name: value})
    assert not at.exception
    assert [str(warning.value).replace("\\", "") for warning in at.warning if part in str(warning.value).replace("\\", "")]
    assert at.expander


def test_a_model_shows_how_licences_differ_inside_its_release(licences: Open) -> None:
    at = licences(use="product", m="Qwen/Qwen2.5-3B")
    told = lines(at)
    assert [line for line in told if "Forbidden · **Qwen2.5 3B** · Qwen RESEARCH LICENSE" in line]
    assert [line for line in told if line.startswith("- :material/check_circle: Allowed · Apache License 2.0:") and "Qwen2.5 7B" in line]
    assert [line for line in told if line.startswith("> ") or "\n\n> " in line]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_licence_opens_with_its_words_its_demands_and_its_source(licences: Open, registry: Registry, language: str) -> None:
    at = licences(use="product", mau="200M", terr="DE", lang=language)
    for name in ("", *registry.licences):
        at.session_state[f"open_{name}"] = True
    at.run()
    assert not at.exception
    told = "\n".join(lines(at))
    for licence in registry.licences.values():
        assert licence.sources[licence.source].url in told
    t = catalogue("zh" if language == "zh" else "en")
    assert t("measured.month_before_release") in told
    assert t("licences.duty_badge") in told
    assert "If you are commercially using the Materials, and your product or service has more than 100 million" in told


def test_a_threshold_of_a_past_month_names_the_models_release(licences: Open) -> None:
    at = licences(use="product", mau="900M", terr="US", m="meta-llama/Llama-4-Scout-17B-16E")
    assert [line for line in lines(at) if "today's number does not settle it" in line]
    assert "Released 2025-04-05: the threshold was measured in the month before." in lines(at)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_table_has_a_row_for_every_licence(licences: Open, registry: Registry, language: str) -> None:
    at = licences(view="table", lang=language)
    assert not at.exception
    assert len(at.dataframe[0].value) == len(registry.licences)
    assert at.dataframe[0].value.notna().all(axis=None)


def test_every_word_of_a_record_has_a_text(registry: Registry) -> None:
    for t in (catalogue("en"), catalogue("zh")):
        for licence in registry.licences.values():
            for term in licence.thresholds:
                assert t.has(f"consequence.{term.consequence}")
                assert t.has(f"measured.{term.measured}")
            assert all(t.has(f"licences.duty_{duty.kind}") for duty in licence.duties)


@pytest.mark.parametrize("use", [Use(), LARGE, Use(kind="research", trains_on_outputs=True)])
def test_each_checkpoint_is_counted_once_and_the_most_useful_come_first(registry: Registry, use: Use) -> None:
    judged = judge_licences(registry, use)
    assert sum(len(one.entries) for one in judged) == len(registry.entries)
    assert checkpoints_by_verdict(registry, use).total() == len(registry.entries)
    places_ = [SEVERITY.index(one.verdict.verdict) for one in judged]
    assert places_ == sorted(places_)


def test_checkpoints_are_judged_as_the_models_that_they_are(registry: Registry) -> None:
    use = Use(territory=("DE",))
    verdicts = {e.abilities.image: judge_entry(registry, use, e).verdict for e in registry.entries if e.licence.id == "llama3.2"}
    assert verdicts[False] != "forbidden"
    counted = checkpoints_by_verdict(registry, use)
    assert counted["forbidden"] == sum(judge_entry(registry, use, entry).verdict == "forbidden" for entry in registry.entries)


def test_checkpoints_go_by_their_licence(registry: Registry) -> None:
    release = registry["Qwen/Qwen2.5-3B"].release
    found = by_licence(entry for entry in registry.entries if entry.release is release)
    assert {"apache-2.0", "qwen-research", "qwen"} <= set(found)


@pytest.mark.parametrize(
    ("text", "found", "wrong"),
    [
        ("", (), ()),
        ("cn, de", ("CN", "DE"), ()),
        ("CN、DE；EU CN", ("CN", "DE", "EU"), ()),
        ("Germany FR", ("FR",), ("GERMANY",)),
    ],
)
def test_places_are_told_from_other_words(text: str, found: tuple[str, ...], wrong: tuple[str, ...]) -> None:
    assert places(text) == (found, wrong)
