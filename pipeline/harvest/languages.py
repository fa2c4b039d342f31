"""What sources' files and archives call a language: as ISO 639-1 has it, where it has it."""

import re

_FIRST = re.compile(r"[A-Za-z]{2,3}(?![A-Za-z])")


def code_of(tag: object) -> str | None:
    """The code of `de`, `de-AT`, `deu`, `ger` or `deu_Latn` is `de`; that of a language without two letters has three, as `nds`.

    None for what names no language.
    """
    from babel.core import get_global

    found = _FIRST.match(tag.strip()) if isinstance(tag, str) else None
    if found is None or found[0].lower() == "und":
        return None
    code = found[0].lower()
    alias = str(get_global("language_aliases").get(code, code))
    return alias.partition("_")[0].lower()
