"""Hardware without a browser: links, verdicts, refusals, and the charts' figures."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from model_registry.device_needs import DevicesNeeded, devices_needed
from model_registry.memory import GIB, Workload, serve
from model_registry.registry import Registry
from pages.hardware import charts
from pages.hardware.words import fit, needed_words
from pages.shared.theme import LIGHT
from texts.catalogue import catalogue

APP = str(Path(__file__).parents[2] / "app.py")
Open = Callable[..., AppTest]


@pytest.fixture
def hardware() -> Open:
    """Return a function that opens the page with link parameters."""

    def opened(**link: str) -> AppTest:
        at = AppTest.from_file(APP, default_timeout=60)
        at.run().switch_page("pages/hardware/page.py")
        for name, value in link.items():
            at.query_params[name] = value
        return at.run()

    return opened


def lines(at: AppTest) -> list[str]:
    return [str(element.value).replace("\\", "") for element in (*at.markdown, *at.warning)]


def test_the_first_screen_already_answers_with_the_needs_of_recommend(hardware: Open) -> None:
    """The general purpose asks for 8k tokens on an RTX 4090."""
    at = hardware()
    assert not at.exception
    assert [line for line in lines(at) if "**Qwen3 8B** fits: 16 to 22 GiB of 24 GiB." in line]


def test_a_link_carries_every_choice(hardware: Open) -> None:
    at = hardware(m="Qwen/Qwen2.5-7B", gpu="h200", n="2", ctx="8192", batch="4", q="int8", kv="fp8")
    assert [line for line in lines(at) if line.startswith(":material/check_circle: **Qwen2.5 7B** fits")]
    assert "/hardware?m=Qwen/Qwen2.5-7B&task=serve&gpu=h200&n=2&ctx=8192&batch=4&q=int8&kv=fp8&window=1" in at.code[0].value
    assert at.caption[1].value.startswith("2 × NVIDIA H200 · 141 GiB, 8k tokens, 4 at once, weights in 8-bit, cache in FP8.")


@pytest.mark.parametrize(
    ("name", "value"),
    [("gpu", "rtx4090"), ("n", "0"), ("n", "999"), ("batch", "-3"), ("batch", "1e9"), ("ctx", "x"), ("q", "int3"), ("m", "nobody/none")],
)
def test_a_link_value_that_is_not_understood_is_said_and_the_default_used(hardware: Open, name: str, value: str) -> None:
    at = hardware(**{name: value})
    assert not at.exception
    assert [line for line in lines(at) if f"{name} = {value}" in line]


def test_more_context_than_stated_is_refused_with_the_range(hardware: Open) -> None:
    at = hardware(m="Qwen/Qwen2.5-0.5B", ctx="1048576")
    assert "Qwen2.5 0.5B takes 1 to 32k tokens; choose fewer to see it here." in lines(at)


def test_what_is_not_modelled_is_refused_by_name(hardware: Open) -> None:
    at = hardware(m="moonshotai/Kimi-K3")
    assert "Kimi K3 is not modelled yet: no formula for kimi_k3." in lines(at)


def test_without_a_model_the_page_says_what_to_do(hardware: Open) -> None:
    at = hardware()
    at.multiselect[0].set_value([]).run()
    assert not at.exception
    assert at.info[0].value == catalogue("en")("hardware.no_models")


def test_fine_tuning_answers_too(hardware: Open) -> None:
    at = hardware(m="Qwen/Qwen3-8B", task="tune", method="qlora", n="2", zero="0", rank="8")
    assert not at.exception
    assert [line for line in lines(at) if "**Qwen3 8B** may fit" in line and "21.8M parameters are trained." in line]
    assert "method=qlora" in at.code[0].value


def test_the_window_can_be_switched_off_where_there_is_one(hardware: Open) -> None:
    small, large = (hardware(m="google/gemma-3-27b-it", gpu="h200", ctx="131072", window=window) for window in ("1", "0"))
    assert [line for line in lines(small) if "**gemma 3 27b it** fits: 59 to 78 GiB" in line]
    assert lines(small) != lines(large)


def test_the_model_page_leads_here(hardware: Open) -> None:
    at = hardware()
    at.switch_page("pages/model/page.py").run()
    button = next(button for button in at.button if button.label == catalogue("en")("model.hardware"))
    button.click().run()
    assert not at.exception


def test_a_verdict_needs_the_whole_range() -> None:
    assert [fit(10, 20, capacity) for capacity in (20, 19, 10, 9)] == ["fits", "tight", "tight", "too_large"]


@pytest.mark.parametrize(
    ("needed", "words"),
    [
        (None, "–"),
        (DevicesNeeded(1, 1), "1"),
        (DevicesNeeded(1, 2), "1 to 2"),
        (DevicesNeeded(32, None), "from 32"),
        (DevicesNeeded(None, None), "more"),
    ],
)
def test_how_many_devices_it_takes_in_words(needed: DevicesNeeded | None, words: str) -> None:
    assert needed_words(catalogue("en"), needed) == words


def test_the_devices_needed_hold_it_and_half_of_them_do_not(registry: Registry) -> None:
    entry = registry["Qwen/Qwen2.5-72B-Instruct"]

    def held(count: int, end: str) -> int:
        return int(getattr(serve(entry, Workload(32_768, devices=count)), end))

    found = devices_needed(registry.devices.values(), lambda count: serve(entry, Workload(32_768, devices=count)))
    assert isinstance(found, dict)
    card = found["rtx-4090"]
    assert (card.at_least, card.surely) == (8, 16)
    assert held(8, "low_bytes") <= 24 * GIB < held(4, "low_bytes")
    assert held(16, "high_bytes") <= 24 * GIB < held(8, "high_bytes")


def test_the_segments_of_a_bar_and_its_hatch_end_at_the_upper_end() -> None:
    row = charts.Stack("A", {"weights": 4 * GIB, "kv_cache": GIB}, 4 * GIB, 8 * GIB)
    figure = charts.stacks(catalogue("en"), [row], 24 * GIB, LIGHT)
    assert sum(trace.x[0] for trace in figure.data) == 8
    assert (figure.layout.shapes[0].x0, figure.layout.annotations[0].text) == (24, "24 GiB")


def test_a_curve_is_named_and_in_gib() -> None:
    figure = charts.curves(catalogue("en"), [charts.Curve("A", [1024, 2048], [GIB, 2 * GIB])], 24 * GIB, LIGHT)
    assert (figure.data[0].name, list(figure.data[0].y), figure.layout.shapes[0].y0) == ("A", [1, 2], 24)
