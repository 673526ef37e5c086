"""Command line of the scorer: recommend, licence, domains. Exit 0 done, 1 the answer is no, 2 bad usage or input."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from model_registry.command_line import ANSWER_IS_NO, BAD_INPUT, DONE, Parser, registry_is_broken
from model_registry.faults import RegistryError
from model_registry.load import load
from scoring.candidates import Candidates
from scoring.errors import ScenarioError
from scoring.licence_command import add_licence_command
from scoring.memo import Occasion, as_markdown, memo
from scoring.recommend import Recommendation, recommend
from scoring.report import as_document, as_table
from scoring.scenario import presets, read_scenario
from scoring.variants import advise
from texts.catalogue import catalogue

SHOWN = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except ScenarioError as error:
        sys.stderr.write(f"{error}\n")
        return BAD_INPUT
    except RegistryError as error:
        return registry_is_broken(error)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m scoring", description="Recommend a base model, with reasons.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("recommend", help="the answer for a scenario file")
    command.add_argument("scenario", type=Path, metavar="SCENARIO.yaml")
    command.add_argument("--top", type=_positive, default=None, metavar="N", help="how many to print")
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true")
    form.add_argument("--markdown", action="store_true")
    command.set_defaults(run=_recommend)
    add_licence_command(commands)
    domains = commands.add_parser("domains", help="the presets")
    domains.add_argument("--json", action="store_true")
    domains.set_defaults(run=_domains)
    return parser


def _positive(text: str) -> int:
    if text.isdecimal() and int(text) > 0:
        return int(text)
    message = f"must be a whole number above 0 (got {text!r})"
    raise argparse.ArgumentTypeError(message)


def _recommend(options: argparse.Namespace) -> int:
    scenario = read_scenario(options.scenario)
    registry = load()
    answer: Recommendation = recommend(Candidates(registry), scenario)
    if options.json:
        text = json.dumps(as_document(registry, answer, options.top), ensure_ascii=False, indent=1)
    elif options.markdown:
        on = Occasion(datetime.now(UTC).date().isoformat(), top=options.top or SHOWN)
        text = as_markdown(memo(catalogue("en"), registry, answer, on)).rstrip("\n")
    else:
        text = as_table(registry, answer, options.top or SHOWN)
    sys.stdout.write(text + "\n")
    return DONE if answer.ranked else ANSWER_IS_NO


def _domains(options: argparse.Namespace) -> int:
    known = presets()
    if options.json:
        sys.stdout.write(json.dumps([preset.model_dump(mode="json") for preset in known.values()], ensure_ascii=False, indent=1) + "\n")
        return DONE
    for name, preset in known.items():
        languages = " ".join(preset.languages) or "-"
        start = advise(preset).start
        sys.stdout.write(f"{name:20} start from {start:10} languages {languages:10} longest input {preset.longest_input}\n")
    return DONE


if __name__ == "__main__":
    raise SystemExit(main())
