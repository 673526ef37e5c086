"""Names of languages in the page's language: from the catalogue, else from Unicode's CLDR, else the code itself."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError

from texts.catalogue import Catalogue


def language_name(t: Catalogue, code: str) -> str:
    """Return the name of a BCP-47 code (``zh-Hant``) in the catalogue's language; the code when it has no name there."""
    named = f"language_name.{code}"
    return t(named) if t.has(named) else _cldr_name(code, t.language)


@lru_cache(maxsize=2048)
def _cldr_name(code: str, language: str) -> str:
    primary, _, rest = code.partition("-")
    name: str | None = Locale(language).languages.get(primary)
    if name is None:
        return code
    if not rest:
        return name
    try:
        return str(Locale.parse(code, sep="-").get_display_name(language))
    except (UnknownLocaleError, ValueError):
        return f"{name} ({rest})"
