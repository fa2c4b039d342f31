"""What a reader sees of a story: its headline, keywords and label."""

from collections import Counter
from collections.abc import Sequence

from pipeline.model.contract import Row
from pipeline.model.kinds import Kind
from pipeline.stories.canonical import is_part, outlet_of
from pipeline.text import agencies, scripts, urls

MAX_KEYWORDS = 8
LABEL_WORDS = 3, 6  # fewer don't tell what happened, more are a headline


def headline(rows: list[Row], canonical: Row, keywords: list[str]) -> Row | None:
    """The article whose headline stands over the story; null if no article has one.

    The canonical article's or, if it has none, that of a whole version, in the canonical article's language, with the most of
    the story's keywords, of the earliest. A headline that is the outlet's name comes last. `rows` are in the story's order.
    """
    if canonical["title"]:
        return canonical
    fuller = {row["copy_id"] for row in rows if row["kind"] == Kind.EXPANDED}
    named = [row for row in rows if row["title"]]
    return min(
        named,
        key=lambda row: (
            scripts.are_same(row["title"], outlet_of(row)),
            is_part(row, fuller) or row["is_stub"],
            row["language"] != canonical["language"],
            -sum(_has(row["title"], word) for word in keywords),
        ),
        default=None,
    )


def keywords_of(rows: list[Row]) -> list[str]:
    """The terms that most texts of the story share; of terms in equally many texts, the weightier come first.

    Each is spelt as most texts spell it. Names of the story's outlets and of agencies are left out.
    """
    weight: Counter[str] = Counter()
    spelt: dict[str, Counter[str]] = {}
    for row in rows:
        for n, word in enumerate(row["keywords"]):
            key = word.casefold()
            weight[key] += len(row["keywords"]) - n
            spelt.setdefault(key, Counter())[word] += 1
    told, agents = _publishers(rows), agencies.keys()
    telling = [key for key in spelt if key not in told and key not in agents]
    ranked = sorted(telling, key=lambda key: (-spelt[key].total(), -weight[key], key))
    return [_most_common(spelt[key]) for key in ranked[:MAX_KEYWORDS]]


def label_of(title: str | None, keywords: list[str], rows: list[Row]) -> str | None:
    """Three to six words: those of the headline that are keywords of a member, then the story's keywords.

    A short headline stays as it is. Null where there is neither a headline nor a keyword.
    """
    least, most = LABEL_WORDS
    words = scripts.words(scripts.normal(title or ""))
    if title and len(words) <= most and not scripts.has_unspaced(title):
        return title
    telling = {part for row in rows for word in row["keywords"] for part in _folded(word)}
    found = [word for word in words if scripts.folded_word(word) in telling][:most]
    for keyword in keywords:
        parts = scripts.words(keyword)
        if len(found) >= least or len(found) + len(parts) > most:
            continue
        if not set(_folded(keyword)) & {scripts.folded_word(word) for word in found}:
            found += parts
    return " ".join(found) or title


def _publishers(rows: Sequence[Row]) -> set[str]:
    """Names that say who reports: of outlets and of their hosts."""
    outlets = {str(row["outlet"]).casefold() for row in rows if row["outlet"]}
    hosts = {host.removeprefix("www.") for row in rows if (host := urls.domain_of(row["canonical_url"]))}
    names = outlets | {name.removeprefix("the ") for name in outlets} | hosts
    return names | {host.split(".")[0] for host in hosts}


def _most_common(forms: Counter[str]) -> str:
    """The form of most texts; of equals, the one with fewer capitals, then the first in order."""
    return min(forms, key=lambda form: (-forms[form], sum(map(str.isupper, form)), form))


def _has(title: str, keyword: str) -> bool:
    if scripts.has_unspaced(keyword):
        return scripts.fold(keyword) in scripts.fold(title)
    return set(_folded(keyword)) <= set(_folded(title))


def _folded(text: str) -> list[str]:
    return [scripts.folded_word(word) for word in scripts.words(scripts.normal(text))]
