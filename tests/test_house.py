"""The house keeps its own rules: imports go down, pages holds folders, words live in the catalogues."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from texts.catalogue import catalogue

ROOT = Path(__file__).parent.parent
PACKAGES = ("model_registry", "scoring", "texts", "pages")
SOURCES = [*(path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))), ROOT / "app.py", ROOT / "asgi.py"]
PAGE_SOURCES = [*sorted((ROOT / "pages").rglob("*.py")), ROOT / "app.py"]
ALLOWED = {
    "model_registry": {"model_registry"},
    "texts": {"texts", "model_registry"},
    "scoring": {"scoring", "texts", "model_registry"},
    "pages": {"pages", "scoring", "texts", "model_registry"},
}
WITHOUT_STREAMLIT = [
    path for path in SOURCES if path.parts[len(ROOT.parts)] in {"model_registry", "scoring", "texts"} or path.name == "charts.py"
]
CHART_WORDS = {"middle right"}
HUB = ROOT / "model_registry" / "hub.py"
LONGEST_FUNCTION, LONGEST_MODULE, LONGEST_PAGE, LONGEST_APP = 40, 420, 100, 60


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> Iterator[str]:
    """Return the modules that a file imports, wherever the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def strings(path: Path) -> Iterator[str]:
    """Return the string constants of a file that are not docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Constant) and isinstance(child.value, str) and not isinstance(node, ast.Expr):
                yield child.value


@pytest.mark.parametrize("path", [path for path in SOURCES if path.parent != ROOT], ids=name_of)
def test_imports_go_down_only(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    ours = {module.split(".")[0] for module in imported(path)} & {*PACKAGES, "tools", "tests", "app", "asgi"}
    assert ours <= ALLOWED[package]


@pytest.mark.parametrize("path", WITHOUT_STREAMLIT, ids=name_of)
def test_facts_judgement_words_and_charts_do_not_know_streamlit(path: Path) -> None:
    assert not [module for module in imported(path) if module.split(".")[0] == "streamlit"]


@pytest.mark.parametrize("path", [path for path in SOURCES if path != HUB], ids=name_of)
def test_the_hub_and_transformers_are_imported_nowhere_on_the_page_path(path: Path) -> None:
    assert not [module for module in imported(path) if module.split(".")[0] in {"huggingface_hub", "httpx2", "transformers", "torch"}]


def test_the_hub_is_imported_in_one_module_and_only_inside_its_functions() -> None:
    tree = ast.parse(HUB.read_text(encoding="utf-8"))
    on_loading = [ast.unparse(node) for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not [line for line in on_loading if "huggingface_hub" in line or "httpx2" in line]
    assert not [module for module in imported(HUB) if module.split(".")[0] in {"transformers", "torch"}]


def test_no_page_leads_to_the_hub() -> None:
    """Only the registry's command line drafts: whatever the pages import, and what that imports, leaves the Hub's module out."""
    paths = {name_of(path).removesuffix(".py").replace("/", "."): path for path in SOURCES}
    reached = {name for name in paths if not name.startswith("model_registry.")}
    while more := {module for name in reached for module in imported(paths[name]) if module in paths} - reached:
        reached |= more
    assert "model_registry.load" in reached
    assert "model_registry.hub" not in reached


def test_pages_holds_only_folders_and_its_own_init() -> None:
    """A script directly in pages/ would be run without app.py by the first visitor of a deep link."""
    assert [path.name for path in (ROOT / "pages").iterdir() if path.is_file()] == ["__init__.py"]


@pytest.mark.parametrize("path", PAGE_SOURCES, ids=name_of)
def test_pages_hold_no_literal_text(path: Path) -> None:
    """Two words in a row, or Chinese, are text for people: it belongs in the catalogues. Font lists and chart words are exempt."""
    literal = [text for text in strings(path) if re.search(r"[A-Za-z]{3,} [a-z]{2,}|[\u4e00-\u9fff]", text) and "sans-serif" not in text]
    assert [text for text in literal if text not in CHART_WORDS] == []


@pytest.mark.parametrize("path", PAGE_SOURCES, ids=name_of)
def test_every_text_code_that_a_page_names_is_in_the_catalogue(path: Path) -> None:
    codes = re.findall(r"\bt\(\s*\"([a-z_]+(?:\.[a-z_0-9]+)+)\"", path.read_text(encoding="utf-8"))
    assert [code for code in codes if not catalogue("en").has(code)] == []


@pytest.mark.parametrize("path", [path for path in PAGE_SOURCES if path.name != "state.py"], ids=name_of)
def test_only_state_touches_the_session_and_the_link(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert "session_state" not in source
    assert "query_params" not in source


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_html_is_let_through_and_yaml_is_only_composed(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert "unsafe_allow_html" not in source
    assert not re.search(r"yaml\.(load|unsafe_load|full_load)\(", source)
    assert "trust_remote_code=True" not in source


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_functions_and_modules_stay_short_enough_to_read(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    limit = LONGEST_APP if path.name == "app.py" else LONGEST_PAGE if path.name == "page.py" else LONGEST_MODULE
    assert len(source.splitlines()) <= limit
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    assert [f.name for f in functions if (f.end_lineno or 0) - f.lineno + 1 > LONGEST_FUNCTION] == []


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_nothing_swallows_every_exception(path: Path) -> None:
    handlers = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.ExceptHandler)]
    named = {ast.unparse(handler.type) if handler.type else "" for handler in handlers}
    assert not named & {"", "Exception", "BaseException"}
