"""The view of a cut text: one coloured span a token. Text reaches the page as data and is set as text, never as markup."""

from pathlib import Path

import streamlit as st

from pages.tokenizers.cutting import Cut

_FOLDER = Path(__file__).parent
_CSS = (_FOLDER / "tokens.css").read_text(encoding="utf-8")
_JS = (_FOLDER / "tokens.js").read_text(encoding="utf-8")


def token_view(cut: Cut, label: str, key: str) -> None:
    """Draw a cut text; ``label`` names it for screen readers."""
    component = st.components.v2.component("plinth_tokens", css=_CSS, js=_JS)
    component(data={"pieces": [[piece.text, piece.token, piece.partial] for piece in cut.pieces], "label": label}, key=key)
