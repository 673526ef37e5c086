"""The licence command: may this use have this licence, or the licence of this model? Exit 1 when the answer is no."""

import argparse
import difflib
import json
import sys
from pathlib import Path
from typing import Any

from model_registry.base_schema import Source
from model_registry.command_line import ANSWER_IS_NO, DONE
from model_registry.faults import RegistryError
from model_registry.licence_schema import Licence
from model_registry.load import load
from model_registry.registry import Entry, Registry
from model_registry.yaml_reader import read_yaml
from scoring.errors import ScenarioError
from scoring.licence_use import LicenceVerdict, Reason, judge
from scoring.report import reason_words
from scoring.scenario import Use, scenario_from
from texts.catalogue import catalogue


def add_licence_command(commands: Any) -> None:  # noqa: ANN401 - argparse names the type only in private
    """Add the command to a parser's commands."""
    command = commands.add_parser("licence", help="whether a use is allowed, with the clause")
    command.add_argument("id", metavar="LICENCE-OR-MODEL-ID")
    command.add_argument("--use", type=Path, required=True, metavar="USE.yaml", help="the use of a scenario, or a whole scenario")
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=_run)


def read_use(path: Path) -> Use:
    """Return the use of a YAML file: the mapping itself, or the ``use`` of a whole scenario. Raises ScenarioError."""
    if not path.is_file():
        message = f"{path}: no such file"
        raise ScenarioError(message)
    try:
        data = read_yaml(path, str(path)).data
    except (RegistryError, OSError) as error:
        message = str(error.faults[0]) if isinstance(error, RegistryError) else f"{path}: cannot be read ({error.strerror})"
        raise ScenarioError(message) from error
    given = {} if data is None else data
    if not isinstance(given, dict):
        message = f"{path}: must be a mapping such as kind: product (got {given!r})"
        raise ScenarioError(message)
    whole = bool({"use", "domain"} & set(given))
    try:
        return scenario_from(given if whole else {"use": given}).use
    except ScenarioError as error:
        message = f"{path}: {error if whole else str(error).removeprefix('use.')}"
        raise ScenarioError(message) from error


def find(registry: Registry, name: str) -> tuple[Licence | None, Entry | None]:
    """Return the licence of an id, with the checkpoint when the id is one. Raises ScenarioError with the nearest ids."""
    if name in registry.licences:
        return registry.licences[name], None
    if name in registry:
        entry = registry[name]
        return registry.licences.get(entry.licence.id or ""), entry
    near = [*difflib.get_close_matches(name, registry.licences, n=2, cutoff=0.5), *registry.nearest(name, 2)]
    hint = f"try {', '.join(near)}" if near else "python -m model_registry export lists every model and its licence"
    message = f"{name}: no such licence or model; {hint}"
    raise ScenarioError(message)


def as_document(licence: Licence | None, verdict: LicenceVerdict) -> dict[str, Any]:
    """Return a verdict as plain data: codes, numbers and the words of the licence."""
    decisive = verdict.decisive
    return {
        "licence": verdict.licence_id,
        "verdict": verdict.verdict,
        "reasons": [_finding(reason) for reason in verdict.reasons],
        "duties": [_finding(reason) for reason in verdict.duties],
        "clause": decisive.clause if decisive else None,
        "quote": decisive.quote if decisive else None,
        "source": _source(licence.sources[licence.source]) if licence else None,
        "read": licence.read if licence else None,
    }


def as_text(licence: Licence | None, verdict: LicenceVerdict) -> str:
    """Return a verdict for a terminal: the answer, every finding with the words it rests on, and where they stand."""
    t = catalogue("en")
    name = licence.name if licence else t("model.licence_unread")
    lines = [f"{name}: {t(f'verdict.{verdict.verdict}').lower()}"]
    for reason in verdict.reasons:
        lines.append(f"- {t(f'verdict.{reason.verdict}').lower()}: {reason_words(t, reason)}")
        lines += [f'  "{reason.quote}"'] if reason.quote else []
        lines += [f"  {reason.when}"] if reason.when else []
    if not verdict.reasons:
        lines.append(f"- {t('licence_reason.none')}")
    if licence:
        source = licence.sources[licence.source]
        lines += [f"{source.url} ({source.read.isoformat()}, {t(f'read.{licence.read}')})"]
    return "\n".join([*lines, t("licence_reason.not_advice")])


def _run(options: argparse.Namespace) -> int:
    use = read_use(options.use)
    licence, entry = find(load(), options.id)
    verdict = judge(licence, use, multimodal=entry.abilities.image if entry else None)
    text = json.dumps(as_document(licence, verdict), ensure_ascii=False, indent=1) if options.json else as_text(licence, verdict)
    sys.stdout.write(text + "\n")
    return ANSWER_IS_NO if verdict.verdict == "forbidden" else DONE


def _finding(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "verdict": reason.verdict,
        "number": reason.number,
        "detail": reason.detail,
        "when": reason.when,
        "clause": reason.clause,
        "quote": reason.quote,
    }


def _source(source: Source) -> dict[str, Any]:
    return {"url": source.url, "read": source.read.isoformat(), "via": source.via}
