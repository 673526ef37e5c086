"""Why something is not modelled, in words."""

import re

from model_registry.parameters import NotModelled
from texts.catalogue import Catalogue
from texts.markup import plain

_KINDS = (
    (re.compile(r"(.+) is not known"), "refused.unknown"),
    (re.compile(r"no (?:cache )?formula for (?:model_type )?(.+)"), "refused.no_formula"),
)


def why_not(t: Catalogue, refused: NotModelled) -> str:
    """Return why something is not modelled, in the catalogue's language where its kind of reason has a text."""
    for pattern, code in _KINDS:
        found = pattern.fullmatch(refused.reason)
        if found:
            return t(code, name=plain(found[1]))
    return plain(refused.reason)
