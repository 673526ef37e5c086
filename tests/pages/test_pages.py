"""Each page in both languages, driven without a browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from model_registry.registry import Registry
from scoring.scenario import presets
from texts.catalogue import Catalogue, Language, catalogue
from texts.markup import plain

APP = str(Path(__file__).parents[2] / "app.py")
PAGES = ("recommend", "models", "model", "tokenizers", "hardware", "licences", "guide", "about")
Open = Callable[..., AppTest]


def script(page: str) -> str:
    return f"pages/{page}/page.py"


@pytest.fixture
def open_page() -> Open:
    """Return a function that opens a page with link parameters."""

    def opened(page: str = "recommend", **link: str) -> AppTest:
        at = AppTest.from_file(APP, default_timeout=60)
        if "lang" in link:
            at.query_params["lang"] = link["lang"]
        at.run().switch_page(script(page))
        for name, value in link.items():
            at.query_params[name] = value
        return at.run()

    return opened


def words(at: AppTest) -> str:
    return "\n".join(str(element.value) for element in (*at.title, *at.markdown, *at.caption, *at.subheader, *at.warning, *at.error))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_in_both_languages_without_an_exception(open_page: Open, name: str, language: Language) -> None:
    at = open_page(name, lang=language)
    assert not at.exception
    assert catalogue(language)("app.tagline") in words(at)


@pytest.mark.parametrize("domain", list(presets()))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_domain_answers(open_page: Open, domain: str, language: Language) -> None:
    at = open_page(domain=domain, lang=language)
    assert not at.exception
    assert at.title[0].value != catalogue(language)("recommend.pick_none")


def test_the_first_screen_already_answers(open_page: Open) -> None:
    at = open_page()
    assert at.title[0].value
    assert "100" in words(at)


def test_a_weight_moves_the_order_at_once(open_page: Open) -> None:
    at = open_page(domain="general", w_freshness="0")
    before = at.title[0].value
    slider = next(s for s in at.slider if s.key and s.key.endswith("w_serving_cost_fit"))
    slider.set_value(10.0)
    other = next(s for s in at.slider if s.key and s.key.endswith("w_capability_general"))
    other.set_value(0.0).run()
    assert not at.exception
    assert at.title[0].value != before


def test_one_click_on_a_domain_changes_needs_and_answer(open_page: Open) -> None:
    at = open_page()
    pills = next(group for group in at.pills if group.key and group.key.endswith("domain"))
    pills.set_value("classify_extract").run()
    assert not at.exception
    assert catalogue("en")("advice.base") in words(at)


def test_a_link_restores_the_state(open_page: Open) -> None:
    at = open_page(domain="classify_extract", l="zh,en", ctx="16384", ex="150", w_language_fit="9.5", lang="zh")
    slider = next(s for s in at.slider if s.key and s.key.endswith("w_language_fit"))
    assert slider.value == 9.5
    chosen = next(m for m in at.pills if m.key and m.key.endswith("_l"))
    assert chosen.value == ["zh", "en"]
    assert catalogue("zh")("advice.instruct") in words(at), "150 examples are too few for a Base"


def test_a_bad_link_value_falls_back_and_is_named(open_page: Open) -> None:
    at = open_page(domain="classify_extract", ctx="many", w_language_fit="99", gpu="abacus")
    told = "\n".join(str(warning.value) for warning in at.warning)
    assert not at.exception
    assert all(name in told for name in ("ctx", "many", "w\\_language\\_fit", "99", "gpu", "abacus"))


def test_text_of_a_link_is_shown_as_text(open_page: Open) -> None:
    at = open_page(ctx="<b>**x**</b>[a](https://example.org)")
    told = "\n".join(str(warning.value) for warning in at.warning)
    assert "\\<b\\>" in told
    assert "\\[a\\]" in told


def test_weights_all_at_zero_are_explained_and_still_answer(open_page: Open) -> None:
    zero = {f"w_{factor}": "0" for factor in presets()["general"].weights}
    at = open_page(domain="general", **zero)
    assert not at.exception
    assert catalogue("en")("recommend.weights_zero") in "\n".join(str(info.value) for info in at.info)


def test_needs_that_nobody_meets_offer_the_way_out(open_page: Open) -> None:
    at = open_page(domain="general", maxp="1", ctx="2000000")
    t = catalogue("en")
    assert not at.exception
    assert at.title[0].value == t("recommend.pick_none")
    assert t("fix.drop_maximum_parameters") in "\n".join(str(badge.value) for badge in at.markdown)


def test_an_unknown_model_offers_the_nearest_names(open_page: Open) -> None:
    at = open_page("model", id="Qwen/Qwen3-8B-Bse")
    assert not at.exception
    assert "Qwen/Qwen3\\-8B\\-Bse" in str(at.error[0].value)
    assert "Qwen/Qwen3-8B-Base" in [button.label for button in at.button]


def test_a_model_page_shows_every_fact_with_its_source_and_date(open_page: Open, registry: Registry) -> None:
    at = open_page("model", id="Qwen/Qwen3-8B-Base")
    t: Catalogue = catalogue("en")
    frames = [frame.value for frame in at.dataframe]
    layers = next(f for f in frames if t("model.fact_column") in f and (f[t("model.fact_column")] == t("column.layers")).any())
    row = layers[layers[t("model.fact_column")] == t("column.layers")].iloc[0]
    assert row[t("model.value_column")] == str(registry["Qwen/Qwen3-8B-Base"].architecture.layers)
    assert row[t("model.source_column")].startswith("https://")
    assert row[t("model.read_column")] == "2026-11-24"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_model_page_keeps_declared_tagged_and_measured_languages_apart(open_page: Open, registry: Registry, language: Language) -> None:
    checkpoint = "Qwen/Qwen3-8B"
    at, t = open_page("model", id=checkpoint, lang=language), catalogue(language)
    block, found = registry[checkpoint].languages, registry.language_results(checkpoint)
    shown = words(at)
    assert t("model.declared", count=str(block.declared)) in shown
    assert t("model.declared_basis", basis=t("basis.supported")) in shown
    assert t("model.card_tags", tags=t("model.not_found")) in shown
    table = next(f.value for f in at.dataframe if list(f.value.columns)[:2] == [t("result.language"), t("result.benchmark")])
    assert len(table) == len(found) > 0
    row, source = found[0]
    first = table.iloc[0]
    assert (first[t("result.score")], first[t("result.mode")]) == (row.score, t(f"mode.{row.mode}"))
    assert (first[t("result.by")], first[t("model.source_column")]) == (t("by.vendor"), source.url)


def test_the_tags_of_a_card_are_shown_as_tags(open_page: Open, registry: Registry) -> None:
    tagged = next(entry for entry in registry.entries if entry.languages.card_tags)
    at = open_page("model", id=tagged.id)
    assert not at.exception
    tags = plain(" ".join(tagged.languages.card_tags or ()))
    assert catalogue("en")("model.card_tags", tags=tags) in words(at)


def test_a_model_without_results_in_other_languages_says_so(open_page: Open, registry: Registry) -> None:
    silent = next(entry.id for entry in registry.entries if not registry.language_results(entry.id))
    assert catalogue("en")("model.measured_none") in words(open_page("model", id=silent))


@pytest.mark.parametrize("checkpoint", ["deepseek-ai/DeepSeek-V3", "google/gemma-3-27b-it", "huggyllama/llama-65b", "moonshotai/Kimi-K3"])
def test_models_of_every_kind_of_architecture_can_be_opened(open_page: Open, checkpoint: str) -> None:
    at = open_page("model", id=checkpoint)
    assert not at.exception
    assert checkpoint in words(at)


def test_filters_of_a_link_narrow_the_table(open_page: Open, registry: Registry) -> None:
    at = open_page("models", f_developer="Z.ai", f_variant="base")
    expected = sum(e.release.developer == "Z.ai" and e.checkpoint.variant == "base" for e in registry.entries)
    assert len(at.dataframe[0].value) == expected > 0


@pytest.mark.parametrize("group", ["parameters", "architecture", "context", "data", "licence", "memory", "identity"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_group_of_columns_can_be_shown(open_page: Open, registry: Registry, group: str, language: Language) -> None:
    at = open_page("models", f_groups=group, lang=language)
    assert not at.exception
    assert len(at.dataframe[0].value) == len(registry.entries)


@pytest.mark.parametrize("table", ["ranked_open", "removed_open", "thin_open"])
def test_the_tables_of_recommend_open_on_demand(open_page: Open, table: str) -> None:
    at = open_page(domain="classify_extract")
    assert len(at.dataframe) == 0
    at.session_state[table] = True
    at.run()
    assert not at.exception
    assert len(at.dataframe) == 1


def test_a_filter_that_nothing_passes_offers_to_clear(open_page: Open) -> None:
    at = open_page("models", f_text="no such model anywhere")
    assert not at.exception
    assert catalogue("en")("models.nothing") in str(at.info[0].value)
    at.button[0].click().run()
    assert len(at.dataframe) == 1


def test_an_unknown_filter_code_is_named_and_dropped(open_page: Open, registry: Registry) -> None:
    at = open_page("models", f_developer="Nobody", f_min="heavy")
    told = "\n".join(str(warning.value) for warning in at.warning)
    assert "Nobody" in told
    assert "heavy" in told
    assert len(at.dataframe[0].value) == len(registry.entries)
