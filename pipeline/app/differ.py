"""How two warehouses of the same documents differ: which stories split, which join, which articles moved.

Stories are compared by their articles, never by their ids: a story that begins a day later in one of the two is the same story.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any

from pipeline.app import request
from pipeline.model.arrow import texts
from pipeline.model.errors import MissingInputError
from pipeline.model.ids import day_of
from pipeline.model.tables import MEMBERSHIPS, STORIES
from pipeline.store.warehouse import Warehouse

Places = dict[str, tuple[str, str]]  # of an article: its copy group and its story


def diff(one: Warehouse, other: Warehouse, days: Sequence[date]) -> Iterator[dict[str, Any]]:
    """One record a difference, then one that counts them; of the articles of these days, or of all.

    `split`: a story of the first whose articles are in several of the second. `join`: the other way round. `move`: an article that is
    not where most of its story went. `copy`: an article that is in another copy group. `only_in_a`, `only_in_b`: an article that one
    of the two does not have. Raises MissingInputError where a warehouse has no memberships, or neither has those of a day.
    """
    known = {*one.days(MEMBERSHIPS), *other.days(MEMBERSHIPS)}
    request.refuse_unpublished(days, known, f"{one.storage.uri} or {other.storage.uri}")
    a, b = _places(one, days), _places(other, days)
    shared = sorted(a.keys() & b.keys())
    rows = [
        *_parted("split", _by_story(a, b, shared), one, "b"),
        *_parted("join", _by_story(b, a, shared), other, "a"),
        *_moved(a, b, shared),
        *_regrouped(a, b, shared),
        *({"what": "only_in_a", "article_id": i} for i in sorted(a.keys() - b.keys())),
        *({"what": "only_in_b", "article_id": i} for i in sorted(b.keys() - a.keys())),
    ]
    yield from rows
    counted = Counter(row["what"] for row in rows)
    kinds = ("split", "join", "move", "copy", "only_in_a", "only_in_b")
    yield {"what": "total", "n_articles": len(shared), **{kind: counted[kind] for kind in kinds}}


def _places(warehouse: Warehouse, days: Sequence[date]) -> Places:
    if not (made := warehouse.days(MEMBERSHIPS)):
        raise MissingInputError(f"{warehouse.storage.uri}: no published memberships there")
    found: Places = {}
    for table in warehouse.scan(MEMBERSHIPS, days or made, ["article_id", "copy_id", "story_id"]):
        columns = (texts(table[name]) for name in ("article_id", "copy_id", "story_id"))
        found |= {article: (copy, story) for article, copy, story in zip(*columns, strict=True)}
    return found


def _by_story(one: Places, other: Places, shared: list[str]) -> dict[str, Counter[str]]:
    """For each story of the one, how many of its articles are in which story of the other."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for article in shared:
        found[one[article][1]][other[article][1]] += 1
    return found


def _parted(
    what: str, stories: dict[str, Counter[str]], warehouse: Warehouse, side: str
) -> Iterator[dict[str, Any]]:
    """Stories whose articles are in several of the other warehouse, those of most articles first."""
    parted = {story: into for story, into in stories.items() if len(into) > 1}
    titles = _titles(warehouse, parted)
    for story, into in sorted(parted.items(), key=lambda found: (-found[1].total(), found[0])):
        parts = [
            {"story_id": i, "n_articles": n} for i, n in sorted(into.items(), key=lambda x: (-x[1], x[0]))
        ]
        yield {"what": what, "story_id": story, "n_articles": into.total(), "title": titles.get(story)} | {
            f"in_{side}": parts
        }


def _titles(warehouse: Warehouse, stories: dict[str, Counter[str]]) -> dict[str, str | None]:
    days = sorted({day_of(story) for story in stories})
    return {
        story: title
        for table in warehouse.scan(STORIES, days, ["story_id", "title"])
        for story, title in zip(texts(table["story_id"]), table["title"].to_pylist(), strict=True)
    }


def _moved(a: Places, b: Places, shared: list[str]) -> Iterator[dict[str, Any]]:
    """Articles that are not in the story to which most of their story went; of equals, to that of its first article."""
    main = {
        story: min(into, key=partial(_after, into, b.get(story, ("", ""))[1]))
        for story, into in _by_story(a, b, shared).items()
    }
    for article in shared:
        (_, was), (_, now) = a[article], b[article]
        if now != main[was]:
            yield {"what": "move", "article_id": article, "story_in_a": was, "story_in_b": now}


def _after(into: Counter[str], of_first: str, other: str) -> tuple[int, bool, str]:
    return -into[other], other != of_first, other


def _regrouped(a: Places, b: Places, shared: list[str]) -> Iterator[dict[str, Any]]:
    """Articles whose copy group has another origin: copies of something else, or of nothing."""
    for article in shared:
        if a[article][0] != b[article][0]:
            yield {
                "what": "copy",
                "article_id": article,
                "copy_in_a": a[article][0],
                "copy_in_b": b[article][0],
            }
