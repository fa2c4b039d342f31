"""Copies of the day: sign its articles, pair them with the window, compare texts, place every article."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple, Self

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.copies import candidates as pairing
from pipeline.copies import occupied, verdict
from pipeline.copies import signatures as signing
from pipeline.copies.groups import PLACES, assign_copies
from pipeline.day import revisions, stories, window_pairs
from pipeline.day.desk import Desk, WorkDesk
from pipeline.day.result import Day
from pipeline.day.reuse import among, fitting, rows_of, state_inputs, stored_rows
from pipeline.engines import faults
from pipeline.engines.engine import Engine
from pipeline.engines.faults import Guarded
from pipeline.model.arrow import Array, ChunkedArray, distinct, is_in, n_true
from pipeline.model.days import window
from pipeline.model.errors import InputChangedError, MissingInputError
from pipeline.model.ids import is_of
from pipeline.model.internal_tables import BUCKETS, CANDIDATES, COMPARED, SIGNATURES, SKETCHED
from pipeline.model.kinds import CAPTURES
from pipeline.model.tables import ARTICLES, LINKS, MEMBERSHIPS
from pipeline.store import spill
from pipeline.store.view import View
from pipeline.store.warehouse import MISSING, Warehouse

log = logging.getLogger(__name__)


def window_signatures(view: View, engine: Engine[Any], days: Iterable[date]) -> list[tuple[Any, int]]:
    """SIGNATURES of each of these days that is published: one frame a day, with its number of rows. Stored signatures are read
    by the frame, each time it is used; missing ones are computed once.

    Raises InputChangedError, then or when the frame is used, if it is replaced meanwhile.
    """
    there = [day for day in days if view.digest(ARTICLES, day) != MISSING]
    return [_stored_signatures(view, engine, day) or _made_signatures(view, engine, day) for day in there]


def signatures_of(view: View, engine: Engine[Any], day: date, named: Array) -> pa.Table:
    """SIGNATURES rows of the named articles of a day."""
    stored = stored_rows(view, SIGNATURES, day)
    if stored is not None:
        return stored.filter(pc.is_in(stored["article_id"], value_set=named))
    articles = view.read(ARTICLES, day, ["article_id", "text"], pc.field("article_id").isin(named))
    return engine.collect(engine.map(Guarded(signing.sign, SIGNATURES), engine.load(articles), SIGNATURES))


def _stored_signatures(view: View, engine: Engine[Any], day: date) -> tuple[Any, int] | None:
    """A frame of them with their number; None where no stored signatures fit."""
    stored = window_pairs.stored(view, day)
    if stored is None:
        return None
    try:
        groups = range(view.warehouse.n_groups(SIGNATURES, day, stored.version))
    except (MissingInputError, FileNotFoundError):  # replaced or cleaned away since, or damaged
        return None
    read = partial(_group, view.warehouse, day, stored.version)
    return engine.read(groups, read, SIGNATURES, stored.n_rows), stored.n_rows


def _group(warehouse: Warehouse, day: date, version: str, n: int) -> Iterator[pa.Table]:
    try:
        yield warehouse.read_group(SIGNATURES, day, version, n)
    except FileNotFoundError as error:
        raise InputChangedError(f"{error}: it went while it was being read") from error


def _made_signatures(view: View, engine: Engine[Any], day: date) -> tuple[Any, int]:
    articles = view.read(ARTICLES, day, ["article_id", "text"])
    made = engine.map(Guarded(signing.sign, SIGNATURES), engine.load(articles), SIGNATURES)
    kept = made if engine.deals_out else engine.load(spill.shelve(engine.collect(made)))
    return kept, articles.num_rows


def sign_day(desk: WorkDesk, made: Day) -> None:
    """Sign the day's articles; those that say what they said in the last run keep their signatures."""
    before = _signed_before(desk.warehouse, made)
    articles = made.tables.articles.select(["article_id", "text"])
    if before.num_rows:  # else all texts would be copied
        is_known = is_in(articles["article_id"], before["article_id"].combine_chunks())
        articles = spill.chosen(articles, pc.invert(is_known))
    signatures, found = faults.tolerate(
        desk.engine, lambda e: e.collect(e.map(signing.sign, e.load(articles), SIGNATURES))
    )
    made.tables.signatures = SIGNATURES.arrange(pa.concat_tables([before, signatures]))
    made.faults |= found


def _signed_before(warehouse: Warehouse, made: Day) -> pa.Table:
    """SIGNATURES that the last run made of texts which are the same."""
    last = made.last
    same = last.same_articles(made.tables.articles) if last else None
    if last is None or same is None:
        return SIGNATURES.empty()
    version = fitting(warehouse, SIGNATURES, made.day, state_inputs(SIGNATURES, last.digests))
    signed = rows_of(warehouse, SIGNATURES, made.day, version) if version else None
    return SIGNATURES.empty() if signed is None else among(signed, same)


def pair_day(desk: WorkDesk, view: View, made: Day) -> pa.Table:
    """CANDIDATES of the day; an article on which a stage raises is in none."""
    candidates, found = faults.tolerate(desk.engine, partial(_pair, desk, view, made))
    made.faults |= found
    return candidates


def _pair(desk: WorkDesk, view: View, made: Day, engine: Engine[Any]) -> pa.Table:
    """Pairs worth comparing, within the day and of the day with each of its window; those of one text stand together."""
    days, own = window(made.day, desk.settings.window_days), made.tables.signatures
    if engine.deals_out and engine is desk.engine:  # one that takes care, after a fault, is to see rows
        pairs = window_pairs.looked_up(engine, view, own, days)
        if pairs is not None:
            return pairing.together(pairs)
    past = window_signatures(view, engine, days)
    if engine.deals_out:
        wanted = _sift(desk, view, made, engine, _met(engine, made, [frame for frame, _ in past]))
    else:
        wanted = _looked_up(engine, own, past)
    return pairing.together(wanted)


def _met(engine: Engine[Any], made: Day, past: Sequence[Any]) -> pa.Table:
    """The pairs that meet in a bucket, each once: rows of a bucket are brought together from wherever they are. Of the window only
    buckets count in which the day has an article.
    """
    own = made.tables.signatures
    buckets = engine.map(signing.band, engine.load(own), BUCKETS)
    if past:
        band, stage = partial(occupied.band_occupied, buckets=occupied.occupied(own)), pairing.pair_all
        buckets = engine.union([buckets, *(engine.map(band, frame, BUCKETS) for frame in past)], BUCKETS)
    else:
        stage = pairing.pair
    met = engine.map(partial(stage, day=made.day), buckets, CANDIDATES, key="bucket")
    return engine.collect(engine.map(pairing.distinct, met, CANDIDATES, key="article_id"))


def _looked_up(engine: Engine[Any], signatures: pa.Table, past: Sequence[tuple[Any, int]]) -> pa.Table:
    """As `_met` and `_sift`, on one machine: of the window only what stands in a bucket of the day, day by day as it is read.

    The buckets of large days are taken in several passes, and pairs are sifted as they are found. So memory holds neither all
    buckets nor all pairs that met by chance.
    """
    own = pairing.Sketched.of(signatures)
    parts, wanted = pairing.n_parts(signatures.num_rows), [CANDIDATES.empty()]
    for part in range(parts):
        buckets = own.buckets(part, parts)
        wanted.append(pairing.within(own, buckets))
        if not past:
            continue
        stage = pairing.lookup(own, buckets, part, parts)
        del buckets
        for some in pairing.batches(past, pairing.WINDOW_ARTICLES):
            days = engine.read(some, partial(_whole, engine), SIGNATURES)
            wanted.append(engine.collect(engine.map(stage, days, CANDIDATES)))
            del days
        spill.give_back()
    every = pa.concat_tables(wanted)
    return pairing.distinct(every) if parts > 1 else every


def _whole(engine: Engine[Any], frame: Any) -> Iterator[pa.Table]:
    """A day's signatures in one piece, since a bucket counts all of the day's articles."""
    yield engine.collect(frame)


def _sift(desk: WorkDesk, view: View, made: Day, engine: Engine[Any], met: pa.Table) -> pa.Table:
    """Of the pairs that met, those that are worth comparing on their texts."""
    signatures = [made.tables.signatures]
    for day in window(made.day, desk.settings.window_days):
        named = _named(met, day)
        if len(named):
            signatures.append(signatures_of(view, engine, day, named))
    columns = ["signature", "passages"]
    sketches = pa.concat_tables([table.select(["article_id", *columns]) for table in signatures])
    sketched = engine.attach(engine.load(met), engine.load(sketches), columns, SKETCHED)
    return engine.collect(engine.map(pairing.sift, sketched, CANDIDATES))


def place_copies(desk: WorkDesk, view: View, made: Day, candidates: pa.Table) -> pa.Table:
    """Compare candidates on their texts and place every article. Placing may ask for more pairs, which are compared in turn.

    Of two captures of one page that show one article, the trace says what they are to each other.
    """
    columns = [name for name in MEMBERSHIPS.names if name in PLACES]
    of_days = view.scan(MEMBERSHIPS, window(made.day, desk.settings.window_days), columns)
    earlier = pa.concat_tables([MEMBERSHIPS.empty().select(columns), *of_days])
    articles = made.tables.articles.select(
        ["article_id", "ingest_date", "published_at", "published_precision", "fetched_at"]
    )
    verify = partial(_verify, desk, view, made, _LinksBefore.of(_links_before(made)), earlier)
    untraced = pairing.without(candidates, revisions.pairs(made.traced))

    def assign(some: pa.Table) -> tuple[pa.Table, pa.Table]:
        captures = revisions.among(made.traced, some, made.day)
        return assign_copies(some, _among(untraced, some, made.day), earlier, captures, verify)

    with made.timed("assign"):
        (placed, links), found = faults.leave_out(assign, articles, "assign_copies")
        placed = stories.alone(placed, articles["article_id"], "copy_id")
    made.faults |= found
    made.tables.links = LINKS.arrange(pa.concat_tables([links, revisions.links_of(made.traced)]))
    log.info(
        "compared day=%s pairs=%d accepted=%d",
        made.day,
        made.tables.links.num_rows,
        n_true(made.tables.links["accepted"]),
    )
    return placed


def _links_before(made: Day) -> pa.Table:
    """LINKS that the last run made of texts which are the same; none of later captures, which are not judged here."""
    last = made.last
    links, places = (last.table(c) if last else None for c in (LINKS, MEMBERSHIPS))
    same = last.same_articles(made.tables.articles) if last else None
    if links is None or places is None or same is None:
        return LINKS.empty()
    is_capture = is_in(places["kind"], pa.array(sorted(CAPTURES), pa.string()))
    same = same.filter(pc.invert(is_in(same, places["article_id"].filter(is_capture).combine_chunks())))
    is_earlier = pc.invert(is_of(links["other_id"], made.day))
    return links.filter(
        pc.and_(is_in(links["article_id"], same), pc.or_(is_earlier, is_in(links["other_id"], same)))
    )


def _pairs(table: pa.Table) -> ChunkedArray:
    """Each pair in one value."""
    found: ChunkedArray = pc.call_function(
        "binary_join_element_wise", [*(table[name] for name in CANDIDATES.names), pa.scalar(" ")]
    )
    return found


class _LinksBefore(NamedTuple):
    """LINKS that need not be made again, and their pairs: each round of placing asks for these."""

    links: pa.Table
    pairs: ChunkedArray

    @classmethod
    def of(cls, links: pa.Table) -> Self:
        return cls(links, _pairs(links))

    def among(self, wanted: pa.Table) -> tuple[pa.Table, pa.Table]:
        """The links of wanted pairs (CANDIDATES), and the pairs that have none."""
        if not self.links.num_rows:  # else all pairs would be put where they can be looked up
            return self.links, wanted
        pairs = _pairs(wanted)
        is_kept = is_in(self.pairs, pairs.combine_chunks())
        kept_pairs = self.pairs.filter(is_kept).combine_chunks()
        return self.links.filter(is_kept), wanted.filter(pc.invert(is_in(pairs, kept_pairs)))


def _verify(
    desk: WorkDesk, view: View, made: Day, before: _LinksBefore, earlier: pa.Table, wanted: pa.Table
) -> pa.Table:
    """LINKS of the wanted pairs (CANDIDATES); `earlier` are the places of the window (PLACES)."""
    engine = desk.engine
    kept, wanted = before.among(wanted)
    with made.timed("verify"):
        texts = engine.load(_texts(desk, view, made, earlier, wanted))
        compared = engine.attach(engine.load(wanted), texts, COMPARED_COLUMNS, COMPARED)
        stage = partial(verdict.verify, near_threshold=desk.settings.copy_threshold)
        links: pa.Table
        links, found = faults.tolerate(engine, lambda e: e.collect(e.map(stage, compared, LINKS)))
    made.faults |= found
    return pa.concat_tables([kept, links])


_FEW_TEXTS = 4  # of a day's texts one in so many, at most, is copied so that the others need not travel
COMPARED_COLUMNS = [n for n in COMPARED.names if n in ARTICLES.names and n not in CANDIDATES.names]


def _texts(desk: Desk, view: View, made: Day, earlier: pa.Table, wanted: pa.Table) -> pa.Table:
    """The texts, and what else is compared, of today's articles and of the window's articles that a pair names."""
    columns = ["article_id", *COMPARED_COLUMNS]
    own, named = made.tables.articles.select(columns), _named(wanted, made.day)
    is_worth_a_copy = _FEW_TEXTS * len(named) <= own.num_rows
    found = [spill.chosen(own, is_in(own["article_id"], named)) if is_worth_a_copy else own]
    groups = distinct(earlier["copy_id"].filter(is_in(earlier["article_id"], distinct(_ids(wanted)))))
    later = earlier["article_id"].filter(is_in(earlier["copy_id"], groups))  # placing and flows ask for these
    for day in window(made.day, desk.settings.window_days):
        of_day = _named(wanted, day)
        if len(of_day):
            of_groups = later.filter(is_of(later, day)).combine_chunks()
            found.append(made.window_texts.read(view, day, columns, of_day, of_groups))
    return pa.concat_tables(found)


def _named(wanted: pa.Table, day: date) -> Array:
    """The articles of a day that the pairs name."""
    every = _ids(wanted)
    return distinct(every.filter(is_of(every, day)))


def _ids(wanted: pa.Table) -> ChunkedArray:
    return pa.chunked_array([c for name in CANDIDATES.names for c in wanted[name].chunks], pa.string())


def _among(candidates: pa.Table, articles: pa.Table, day: date) -> pa.Table:
    """The pairs whose articles of the day are among these."""
    ids = articles["article_id"].combine_chunks()
    mine = (pc.is_in(candidates[name], value_set=ids) for name in CANDIDATES.names)
    earlier = pc.invert(is_of(candidates["other_id"], day))
    return candidates.filter(pc.and_(next(mine), pc.or_(next(mine), earlier)))
