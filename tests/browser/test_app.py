"""The whole app in Chromium: deep links, moves, clicks, shared links, accessibility, and what reaches the network."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from tests.browser.conftest import Start

MODEL = "/model?id=Qwen/Qwen3-8B-Base"
MODEL_TITLE = "Qwen3 8B Base"
PATHS = ("/", "/models", MODEL, "/tokenizers", "/hardware", "/licences", "/guide", "/about")
PATIENCE = 30_000
PROBE = re.compile(r"/(recommend|models|model|tokenizers|hardware|licences|guide|about)/_stcore/(health|host-config)$")
"""On a deep link the framework's client first asks below the page's path, gets 404, and then asks at the root."""


def settled(page: Page) -> None:
    """Wait until the app has drawn and is idle."""
    expect(page.get_by_test_id("stMain").locator("h1").first).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=PATIENCE)


def title(page: Page) -> str:
    return page.get_by_test_id("stMain").locator("h1").first.inner_text()


def slider(page: Page, name: str) -> Locator:
    return page.get_by_test_id("stSlider").filter(has_text=name).locator("input[type=range], [role=slider]").first


def opens_cold(page: Page, address: str) -> bool:
    """Tell whether a model's deep link, as the very first request of a server, shows that model inside the whole app."""
    page.goto(address + MODEL)
    try:
        expect(page.get_by_role("heading", name=MODEL_TITLE)).to_be_visible(timeout=20_000)
        expect(page.get_by_role("link", name="Recommend")).to_be_visible(timeout=5_000)
    except AssertionError:
        return False
    return page.get_by_test_id("stException").count() == 0


def test_a_deep_link_works_as_the_very_first_request_of_a_fresh_server(page: Page, start: Start, copied: Path) -> None:
    assert opens_cold(page, start(copied, "asgi.py"))
    assert page.get_by_text("Page not found").count() == 0


def test_a_deep_link_works_cold_without_the_warm_up(page: Page, start: Start, copied: Path) -> None:
    assert opens_cold(page, start(copied, "app.py"))


def test_a_script_directly_in_pages_breaks_the_cold_deep_link(page: Page, start: Start, copied: Path) -> None:
    """The check above has to be able to fail: here is the trap that tests/test_house.py guards against."""
    (copied / "pages" / "model.py").write_text((copied / "pages" / "model" / "page.py").read_text(encoding="utf-8"), encoding="utf-8")
    assert not opens_cold(page, start(copied, "app.py"))


def test_a_slider_moves_the_order_at_once(page: Page, address: str) -> None:
    page.goto(f"{address}/?domain=general&w_capability_general=0&w_capability_domain=0&w_serving_cost_fit=0")
    settled(page)
    before = title(page)
    handle = slider(page, "General capability")
    handle.focus()
    for _ in range(19):
        handle.press("ArrowRight")
    expect(page.get_by_test_id("stMain").locator("h1").first).not_to_have_text(before, timeout=PATIENCE)
    expect(page).to_have_url(re.compile(r"w_capability_general=9\.5"), timeout=PATIENCE)


def test_one_click_on_a_domain_answers_anew_and_says_so_in_the_link(page: Page, address: str) -> None:
    page.goto(address)
    settled(page)
    page.get_by_test_id("stMain").get_by_role("radio", name="Classify and extract").or_(
        page.get_by_test_id("stMain").get_by_role("button", name="Classify and extract")
    ).first.click()
    expect(page).to_have_url(re.compile("domain=classify_extract"), timeout=PATIENCE)
    expect(page.get_by_test_id("stMain").get_by_text("a classification head matched")).to_be_visible(timeout=PATIENCE)


def test_a_click_on_a_row_opens_the_model(page: Page, address: str) -> None:
    page.goto(f"{address}/models?f_text=Qwen3-8B-Base")
    settled(page)
    grid = page.get_by_test_id("stDataFrame").first
    expect(grid).to_be_visible(timeout=PATIENCE)
    page.wait_for_timeout(1_000)
    box = grid.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 160, box["y"] + 52)
    expect(page.get_by_role("heading", name=MODEL_TITLE)).to_be_visible(timeout=PATIENCE)
    expect(page).to_have_url(re.compile(r"/model\?id=Qwen(/|%2F)Qwen3-8B-Base"), timeout=PATIENCE)


def test_a_shared_link_restores_the_state(page: Page, address: str) -> None:
    page.goto(f"{address}/?domain=legal_contract&l=zh&w_freshness=7.5&lang=en")
    settled(page)
    shown = title(page)
    link = page.get_by_test_id("stCode").last.inner_text()
    assert "w_freshness=7.5" in link
    assert "l=zh" in link
    page.goto("about:blank")
    page.goto(link.replace("\n", ""))
    settled(page)
    assert title(page) == shown
    expect(slider(page, "Freshness")).to_have_attribute("value", "7.5", timeout=PATIENCE)


def test_the_language_is_chosen_by_one_click_and_stays_on_other_pages(page: Page, address: str) -> None:
    page.goto(address)
    settled(page)
    page.get_by_test_id("stMain").get_by_text("中文", exact=True).first.click()
    expect(page.get_by_role("link", name="模型总表")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="模型总表").click()
    expect(page.get_by_role("heading", name="有哪些模型？")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN", timeout=PATIENCE)


@pytest.mark.parametrize("path", PATHS)
def test_no_console_error_and_no_request_to_another_host(page: Page, address: str, path: str) -> None:
    errors: list[str] = []
    foreign: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not PROBE.search(message.location.get("url", "")):
            errors.append(f"{message.text} {message.location}")

    page.on("console", heard)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: foreign.append(request.url) if not request.url.startswith((address, "data:", "blob:")) else None)
    page.goto(address + path)
    settled(page)
    page.wait_for_timeout(2_000)
    assert errors == []
    assert [url for url in foreign if not url.startswith(address.replace("http", "ws"))] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_no_serious_violation(page: Page, address: str, path: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(address + path)
    settled(page)
    page.wait_for_timeout(1_500)
    found = Axe().run(page).response["violations"]
    serious = [
        (item["id"], [node["html"][:160] for node in item["nodes"]][:3]) for item in found if item["impact"] in {"serious", "critical"}
    ]
    assert serious == []


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_wider_than_a_phone(page: Page, address: str, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address + path)
    settled(page)
    page.wait_for_timeout(1_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_pasted_script_is_cut_and_shown_as_text(page: Page, address: str) -> None:
    page.goto(f"{address}/tokenizers?tk=qwen")
    settled(page)
    pasted = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
    page.get_by_role("textbox", name="Text to cut").fill(pasted)
    page.keyboard.press("Control+Enter")
    view = page.locator(".tokens")
    expect(view).to_have_text(pasted, timeout=PATIENCE)
    assert view.locator("script, img").count() == 0
    assert "taken" not in page.title()


def test_the_app_refuses_to_start_on_a_broken_file_and_names_the_line(page: Page, start: Start, copied: Path) -> None:
    broken = copied / "model_registry" / "releases" / "qwen" / "qwen3.yaml"
    broken.write_text(broken.read_text(encoding="utf-8").replace("layers: 36", 'layers: "36"', 1), encoding="utf-8")
    page.goto(start(copied, "asgi.py"))
    expect(page.get_by_text("Plinth cannot start")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text(re.compile(r"qwen3\.yaml:\d+: sizes\[\d+\]\.architecture\.layers"))).to_be_visible(timeout=PATIENCE)
    assert page.get_by_test_id("stException").count() == 0


def test_a_running_app_keeps_the_last_good_data_and_says_so(page: Page, start: Start, copied: Path) -> None:
    address = start(copied, "asgi.py")
    page.goto(address)
    settled(page)
    broken = copied / "model_registry" / "devices.yaml"
    broken.write_text(broken.read_text(encoding="utf-8") + "  - {id: half\n", encoding="utf-8")
    page.wait_for_timeout(2_500)
    page.goto(address)
    settled(page)
    expect(page.get_by_text("the last good data is shown")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("devices.yaml")).to_be_visible(timeout=PATIENCE)
