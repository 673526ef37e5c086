"""Untrusted text as plain text: nothing in it may act as Markdown or HTML."""

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>:$~&])")


def plain(text: object) -> str:
    """Return text in which every character that Markdown or HTML reads specially is escaped."""
    return _SPECIAL.sub(r"\\\1", str(text)).replace("\n", " ").replace("\r", " ")
