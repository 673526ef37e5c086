"""The command ``draft``: a repository of the Hub as a release file, on the screen, in a new file or into an existing one."""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from model_registry.command_line import BAD_INPUT, DONE, Parser
from model_registry.config_facts import ConfigError
from model_registry.draft import Draft, draft, release_text
from model_registry.draft_merge import DraftError, merged, source_suffix, without
from model_registry.faults import RegistryError
from model_registry.hub import HubError, HubRepository, read_repository
from model_registry.load import ROOT, check_file
from model_registry.yaml_reader import read_yaml


def add_draft(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Add the command to a command line."""
    parser = commands.add_parser("draft", help="draft a release file from a repository of the Hugging Face Hub")
    parser.add_argument("id", metavar="ORG/NAME")
    parser.add_argument("--revision", metavar="R", help="branch, tag or commit; the main branch when left out")
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--output", type=Path, metavar="FILE", help="write a new release file")
    place.add_argument("--into", type=Path, metavar="RELEASE.yaml", help="add the checkpoint to an existing release file")
    parser.add_argument("--force", action="store_true", help="overwrite the file of --output")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    try:
        _refuse_early(options)
        drafted = _draft(options, read_repository(options.id, options.revision))
    except (HubError, ConfigError, DraftError) as error:
        sys.stderr.write(f"{error}\n")
        return BAD_INPUT
    sys.stderr.writelines(f"check: {check}\n" for check in drafted.checks)
    return DONE


def _refuse_early(options: argparse.Namespace) -> None:
    """Refuse what no answer of the Hub can make right, before it is asked."""
    if options.force and not options.output:
        message = "--force goes with --output: say which file may be overwritten"
        raise DraftError(message)
    if options.output and options.output.exists() and not options.force:
        message = f"{options.output}: exists already: choose another --output, or add --force to overwrite it"
        raise DraftError(message)
    if options.into and not options.into.is_file():
        message = f"{options.into}: no such file: name a release file, or write a new one with --output"
        raise DraftError(message)


def _draft(options: argparse.Namespace, repository: HubRepository) -> Draft:
    licences = {licence.stem for licence in (ROOT / "licences").glob("*.yaml")}
    today = datetime.now(tz=UTC).date()
    if options.into:
        return _into(options.into, repository, licences, today)
    drafted = draft(repository, licences, today)
    text = release_text(drafted)
    if options.output is None:
        with tempfile.TemporaryDirectory() as folder:
            _check_text(Path(folder) / "draft.yaml", repository.id, text, licences)
        sys.stdout.write(text)
        return drafted
    with _beside(options.output) as temporary:
        _check_text(temporary, str(options.output), text, licences)
        if not options.force:
            options.output.touch(exist_ok=False)  # claims the name: fails when someone else took it meanwhile
        temporary.replace(options.output.resolve())
    return drafted


def _into(path: Path, repository: HubRepository, licences: set[str], today: date) -> Draft:
    document, before = read_yaml(path, str(path)), path.read_bytes()
    drafted = draft(repository, licences, today, suffix=source_suffix(document, repository.id))
    with _beside(path) as temporary:
        _check_text(temporary, str(path), merged(before.decode("utf-8"), document, drafted), licences)
        if without(read_yaml(temporary, str(path)).data, drafted) != document.data:
            message = f"{path}: its layout hides where a checkpoint goes: draft without --into and copy the checkpoint by hand"
            raise DraftError(message)
        if path.read_bytes() != before:
            message = f"{path}: was changed meanwhile: draft again"
            raise DraftError(message)
        shutil.copymode(path, temporary)
        temporary.replace(path.resolve())
    return drafted


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Yield a file beside another that takes its place in one step, and is gone afterwards whatever happens."""
    target = path.resolve()
    temporary = target.with_name(f".{target.name}.{os.getpid()}.draft")
    try:
        yield temporary
    except FileExistsError as error:
        message = f"{path}: exists already: choose another --output, or add --force to overwrite it"
        raise DraftError(message) from error
    except OSError as error:
        message = f"{path}: cannot be written ({error.strerror}): choose another file"
        raise DraftError(message) from error
    finally:
        temporary.unlink(missing_ok=True)


def _check_text(path: Path, name: str, text: str, licences: set[str]) -> None:
    """Write a draft where it is not seen yet and validate it; raises DraftError with the first fault."""
    path.write_bytes(text.encode("utf-8"))
    try:
        check_file(path, name, licences)
    except RegistryError as error:
        message = f"{error.faults[0]} (in the draft; nothing was written: write this checkpoint by hand)"
        raise DraftError(message) from error
