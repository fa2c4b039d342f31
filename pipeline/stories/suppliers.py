"""Which agency supplied the text of an article: it states so, or it is a copy or an excerpt of one that does.

An article joins by likeness only where most of its words stand in the text of the one that states the agency. This is read off the
link of the two or, where only a third one was compared with both, off the least share that the two links leave: a text that mixes two
sources leads nowhere.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.arrow import Array, distinct, is_in, texts

MOST = 0.5  # of a text's words


class _Link(NamedTuple):
    other: str
    share: float  # of the article's words, in the other
    share_other: float  # of the other's words, in the article


def agencies_of(placed: pa.Table, links: pa.Table, suppliers: Mapping[str, str]) -> list[str | None]:
    """The agency of each article in `placed` (article_id, copy_id), of a day; `links` are LINKS of the day.

    `suppliers` has the agency of each article that states one or is on an agency's page, earlier articles among them.
    """
    ids, groups = texts(placed["article_id"]), texts(placed["copy_id"])
    linked = _linked(_telling(links, pa.array(list(suppliers), pa.string())))
    return [
        suppliers.get(article) or _by_likeness(article, group, linked, suppliers)
        for article, group in zip(ids, groups, strict=True)
    ]


def _telling(links: pa.Table, suppliers: Array) -> pa.Table:
    """The links of a supplier, and of what is linked to one: the others lead to none."""
    direct = _of(links, suppliers)
    return _of(links, distinct(pa.chunked_array([c for n in _ENDS for c in direct[n].chunks], pa.string())))


_ENDS = ("article_id", "other_id")


def _of(links: pa.Table, ends: Array) -> pa.Table:
    one, other = (is_in(links[name], ends) for name in _ENDS)
    return links.filter(pc.or_(one, other))


def _linked(links: pa.Table) -> dict[str, list[_Link]]:
    found = defaultdict(list)
    columns = ("article_id", "other_id", "containment", "containment_other", "accepted")
    for one, other, share, share_other, accepted in zip(
        *(links[n].to_pylist() for n in columns), strict=True
    ):
        if accepted:
            found[one].append(_Link(other, share, share_other))
            found[other].append(_Link(one, share_other, share))
    return found


def _by_likeness(
    article: str, origin: str, linked: Mapping[str, list[_Link]], suppliers: Mapping[str, str]
) -> str | None:
    own = linked.get(article, [])
    direct = ((link.share, link.other) for link in own)
    through = chain.from_iterable(
        _through(link, linked.get(origin, [])) for link in own if link.other == origin
    )
    found = [(share, other) for share, other in (*direct, *through) if share >= MOST and other in suppliers]
    if not found:
        return None
    return suppliers[min(found, key=lambda one: (-one[0], one[1]))[1]]


def _through(to_origin: _Link, of_origin: Iterable[_Link]) -> Iterable[tuple[float, str]]:
    """The least share of an article's words in each text that the origin was compared with."""
    if not to_origin.share_other:
        return
    size = to_origin.share / to_origin.share_other  # of the origin, in sizes of the article
    for link in of_origin:
        yield to_origin.share - (1 - link.share) * size, link.other
