"""Every code that facts and judgement can produce has a text in both languages.

The codes are taken from where they are made: the closed vocabularies, and the literal codes in the source of the module.
"""

import ast
import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import get_args

import pytest

from model_registry import architecture_schema, columns, licence_schema, other_schemas, schema
from model_registry.columns import COLUMNS
from model_registry.memory import Precision
from model_registry.parameters import COMPONENTS
from scoring import explain, gates, licence_use, next_steps, relax, robustness, scenario, variants
from texts.catalogue import LANGUAGES, Language, catalogue

FORMALITIES = get_args(licence_schema.Formality)
OUTPUT_TERMS = get_args(licence_schema.OutputTerms)
DUTIES = get_args(licence_schema.DutyKind)
NEEDS = ("tools", "image", "fill_in_middle", "training_data_open", "reasoning")

LICENCE_PATTERNS = {
    "must_{}": [f"must_{formality}" for formality in FORMALITIES],
    "{}_forbidden": ["hosting_forbidden", "redistribution_forbidden"],
    "{}_conditional": ["hosting_conditional", "redistribution_conditional"],
    "{}_unknown": ["hosting_unknown", "redistribution_unknown"],
    "threshold_{}": ["threshold_no_licence", "threshold_licence_ends", "threshold_security_review"],
    "outputs_{}": [f"outputs_{terms}" for terms in (*OUTPUT_TERMS, "unknown") if terms != "free"],
    "duty_{}": [f"duty_{kind}" for kind in DUTIES if kind != "notice"],
}
"""What the codes that are put together in ``licence_use`` can become."""
GATE_PATTERNS = {
    "no_{}": [f"no_{need}" for need in NEEDS],
    "drop_{}": [f"drop_{need}" for need in NEEDS],
    "{}_unknown": [f"{need}_unknown" for need in NEEDS],
}
"""The same for ``gates``."""


def _written(node: ast.expr) -> Iterator[str]:
    """Yield the literal texts of an expression; what is filled in is shown as ``{}``."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    elif isinstance(node, ast.IfExp):
        yield from _written(node.body)
        yield from _written(node.orelse)


def _assigned(tree: ast.AST, name: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(isinstance(target, ast.Name) and target.id == name for target in node.targets):
            yield from _written(node.value)


def _arguments(tree: ast.AST, functions: set[str], position: int) -> Iterator[str]:
    """Yield the literal texts at one position of every call of some functions."""
    for node in ast.walk(tree):
        called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in functions
        if called and isinstance(node, ast.Call) and len(node.args) > position:
            yield from _written(node.args[position])


def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


def _expanded(found: Iterator[str], patterns: dict[str, list[str]]) -> set[str]:
    return {code for text in found for code in (patterns[text] if "{}" in text else [text])}


def _licence_codes() -> set[str]:
    tree = _tree(licence_use)
    found = [*_arguments(tree, {"Reason", "_reason"}, 0), *_assigned(tree, "code")]
    return _expanded(iter(found), LICENCE_PATTERNS)


def _facts() -> set[str]:
    return _expanded(_arguments(_tree(gates), {"Removal"}, 2), GATE_PATTERNS)


def _fixes() -> set[str]:
    tree = _tree(gates)
    found = [*_arguments(tree, {"Removal"}, 4), *_assigned(tree, "fix")]
    return _expanded(iter(found), GATE_PATTERNS) | {"int4", "twice_the_devices", "half_the_input"}


def _notes() -> set[str]:
    """Return the texts that the gates yield beside an index."""
    pairs = [
        node.value.elts[1]
        for node in ast.walk(_tree(gates))
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple) and len(node.value.elts) == 2
    ]
    return _expanded((text for pair in pairs for text in _written(pair)), GATE_PATTERNS)


def _advice_reasons() -> set[str]:
    """Return every reason of the decision table, for it and against it."""
    return {code for row in variants.TABLE for code in (*row.because, *row.against)}


def _next_notes() -> set[str]:
    tree = _tree(next_steps)
    return {*_arguments(tree, {"_note"}, 0), *_arguments(tree, {"_heads_note"}, 1)}


def _words() -> set[str]:
    return {robustness.word(share / 100) for share in range(101)}


CODES: dict[str, set[str]] = {
    "gate": set(get_args(gates.Gate)),
    "fact": _facts() | {"licence"},
    "licence_reason": _licence_codes(),
    "permission": {"granted", "conditional", "withheld", "not_read"},
    "outputs": {*OUTPUT_TERMS, "not_read"},
    "consequence": set(get_args(licence_schema.Consequence)),
    "measured": set(get_args(licence_schema.Measured)),
    "measure": set(get_args(licence_schema.Measure)),
    "business": set(get_args(licence_schema.Business)),
    "fix": _fixes(),
    "note": _notes(),
    "output": set(get_args(scenario.Output)),
    "plan": set(get_args(scenario.Plan)),
    "kind": {"internal", "product", "research"},
    "precision": set(get_args(Precision)),
    "variant": set(get_args(schema.Variant)),
    "reasoning": {*get_args(schema.Reasoning), "unknown"},
    "architecture": set(get_args(architecture_schema.Kind)),
    "column": set(COLUMNS),
    "component": set(COMPONENTS),
    "group": set(get_args(columns.Group)),
    "verdict": set(get_args(licence_use.Verdict)),
    "read": set(get_args(licence_schema.HowRead)),
    "mode": set(get_args(other_schemas.Mode)),
    "by": set(get_args(other_schemas.Reporter)),
    "basis": set(get_args(schema.Basis)),
    "advice": set(get_args(variants.Start)),
    "advice.reason": _advice_reasons() | set(variants.EVIDENCE),
    "advice.way_back": set(get_args(variants.WayBack)),
    "advice.other_tool": set(get_args(variants.Tool)),
    "advice.missing": set(get_args(variants.Missing)),
    "advice.unit": set(get_args(variants.Unit)),
    "next": _next_notes(),
    "next.step": set(get_args(next_steps.StepKind)),
    "firmness": _words(),
    "language": set(LANGUAGES),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("group", CODES)
def test_every_code_of_a_group_has_a_text(group: str, language: Language) -> None:
    t = catalogue(language)
    assert [code for code in sorted(CODES[group]) if not t.has(f"{group}.{code}")] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", ["name", "ends", "short"])
@pytest.mark.parametrize("factor", scenario.FACTORS)
def test_every_factor_has_a_name_its_ends_and_a_short_name(factor: str, part: str, language: Language) -> None:
    assert catalogue(language).has(f"factor.{factor}.{part}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", ["name", "why"])
@pytest.mark.parametrize("domain", scenario.presets())
def test_every_preset_has_a_name_and_its_reason(domain: str, part: str, language: Language) -> None:
    assert catalogue(language).has(f"domain.{domain}.{part}")


@pytest.mark.parametrize(
    "group", ["gate", "fact", "fix", "measure", "business", "verdict", "firmness", "factor", "domain", "column", "next"]
)
def test_no_text_of_a_group_is_left_without_a_code(group: str) -> None:
    """A text whose code nothing produces was forgotten when its code went."""
    own = {"next": {"step"}, "fix": {"adds"}, "firmness": {"label", "sentence", "tipping", "firm"}}.get(group, set())
    codes = CODES.get(group) or {*scenario.FACTORS, *scenario.presets()}
    texts = {code.split(".")[1] for code in catalogue("en").texts if code.startswith(f"{group}.")}
    assert texts - codes - own == set()


@pytest.mark.parametrize(
    "code",
    [
        "fact.context_too_short",
        "fact.no_tools",
        "licence_reason.threshold_crossed",
        "licence_reason.must_apply",
        "licence_reason.duty_badge",
        "fix.shorter_input",
        "fix.more_devices",
        "fix.drop_image",
        "note.memory_unknown",
        "note.tools_unknown",
        "next.remote_code",
        "next.heads_pipeline",
        "advice.reason.thinking_pays",
        "advice.reason.little_text",
        "advice.reason.head_beats_prompting",
    ],
)
def test_reading_the_source_finds_literal_and_composed_codes(code: str) -> None:
    """A search that finds nothing would let the tests above pass."""
    group, _, name = code.rpartition(".")
    assert name in CODES[group]


@pytest.mark.parametrize("code", ["twice_the_devices", "int4", "half_the_input"])
def test_the_changes_that_relaxations_name_stand_in_their_module(code: str) -> None:
    assert f'"{code}"' in inspect.getsource(relax)


@pytest.mark.parametrize("code", ["strength", "ahead", "behind"])
def test_the_statements_that_reports_read_stand_in_their_module(code: str) -> None:
    assert f'"{code}"' in inspect.getsource(explain)
