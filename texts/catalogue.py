"""Catalogues of words: ``t(code, **values)`` in the language chosen."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from model_registry.yaml_reader import read_yaml

Language: TypeAlias = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
FOLDER = Path(__file__).parent


class MissingTextError(KeyError):
    """A code has no text; the message names the catalogue and the code."""


@dataclass(frozen=True)
class Catalogue:
    """The texts of one language."""

    language: Language
    texts: dict[str, str]

    def __call__(self, code: str, /, **values: object) -> str:
        """Return the text of a code with its values filled in. Raises MissingTextError."""
        if code not in self.texts:
            message = f"{self.language}.yaml has no text for {code}"
            raise MissingTextError(message)
        return self.texts[code].format(**values) if values else self.texts[code]

    def has(self, code: str) -> bool:
        """Tell whether the catalogue has a text for a code."""
        return code in self.texts

    def prose(self, name: str) -> str:
        """Return a long text: ``<name>.<language>.md``."""
        return (FOLDER / f"{name}.{self.language}.md").read_text(encoding="utf-8")


@cache
def catalogue(language: Language) -> Catalogue:
    """Return the catalogue of a language."""
    path = FOLDER / f"{language}.yaml"
    data = read_yaml(path, path.name).data
    return Catalogue(language, dict(_flat(data, "")))


def language_of(locale: str | None) -> Language:
    """Return the language that suits a browser's locale (``zh-CN``), English when in doubt."""
    return "zh" if (locale or "").lower().startswith("zh") else "en"


def _flat(data: object, prefix: str) -> list[tuple[str, str]]:
    if isinstance(data, dict):
        return [pair for key, value in data.items() for pair in _flat(value, f"{prefix}.{key}" if prefix else str(key))]
    return [(prefix, str(data))]
