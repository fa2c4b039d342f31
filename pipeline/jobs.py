"""The jobs: what a day's run does, in the order in which it does it.

    extract_day   landing files ──▶ extracted                kept, so that nothing is parsed twice
    cluster_day   extracted + the window before ──▶ Day      every table of the day, nothing published yet
    publish_day   Day ──▶ warehouse                          articles first, then stories, the run last

`run_day` is all of it. A day is a function of its raw documents, the settings and the published
tables of the window before it; what it read is recorded with it.
"""

import logging
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, overload

import pyarrow as pa
import pyarrow.compute as pc

from pipeline import (
    cleaned,
    copies,
    derived,
    faults,
    fingerprints,
    freshness,
    holds,
    homes,
    landing,
    lexicon,
    minhash,
    pairs,
    places,
    retention,
    rollup,
    shelf,
    stories,
    versions,
)
from pipeline.contracts import (
    ARTICLES,
    BUCKETS,
    CANDIDATES,
    COMPARED,
    EXTRACTED,
    LINES,
    LINKS,
    MEMBERS,
    MEMBERSHIPS,
    REJECTS,
    RUNS,
    SIGNATURES,
    SKETCHED,
    STORIES,
    TERMS,
    Contract,
    Kind,
    Reject,
)
from pipeline.days import days_among, misnamed, window
from pipeline.engines import Engine, doing
from pipeline.errors import ConservationError, MissingInputError, PublishError
from pipeline.extraction import extract_files
from pipeline.faults import Fault
from pipeline.freshness import State
from pipeline.settings import Settings
from pipeline.store import parquet
from pipeline.store.storage import Entry, InputChangedError, LocalStorage, Storage, open_storage
from pipeline.store.warehouse import View, Warehouse

log = logging.getLogger(__name__)

_RSS_PER_MB = 1 << (20 if sys.platform == "darwin" else 10)  # macOS counts in bytes, Linux in kB
_TRIES = 5  # of a run whose inputs are replaced while it reads them: another run publishes a day in a second or two


@dataclass(frozen=True)
class Desk:
    """What a job reads with: where documents come from, where tables are, by which settings."""

    landing: Storage
    warehouse: Warehouse
    settings: Settings


@dataclass(frozen=True)
class WorkDesk(Desk):
    """What a job makes days with: a desk, and what runs the stages."""

    engine: Engine[Any]


@dataclass
class Day:
    """Everything that a run makes of a day before any of it is published."""

    day: date
    listing: str
    inputs: dict[str, str] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    made_from: dict[str, str] = field(default_factory=dict)  # by table: digest of what it was cleaned from
    faults: set[Fault] = field(default_factory=set)
    tables: dict[str, pa.Table] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    peak_mb: dict[str, float] = field(default_factory=dict)  # of this process, by the end of a stage

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """A stage within a stage counts for itself alone."""
        begun, name, before = (
            time.perf_counter(),
            doing.set(f"{stage} {self.day}"),
            sum(self.seconds.values()),
        )
        yield
        doing.reset(name)
        shelf.give_back()
        inner = sum(self.seconds.values()) - before
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - begun - inner
        self.peak_mb[stage] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _RSS_PER_MB

    def shelve(self, *names: str) -> None:
        """Put tables aside that nothing reads before they are published."""
        for name in names:
            self.tables[name] = shelf.shelve(self.tables[name])


@dataclass(frozen=True)
class Report:
    """What a run did: the row of `runs`, the seconds of each stage, and the tables whose files it touched."""

    day: date
    row: dict[str, Any]
    seconds: dict[str, float]
    peak_mb: dict[str, float]
    changed: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        measured = {"seconds": self.seconds, "peak_mb": self.peak_mb}
        return {"day": self.day, **self.row, **measured, "changed": list(self.changed)}


@dataclass(frozen=True)
class Status:
    """A day's state, why, and the counts of its last run."""

    day: date
    state: State
    reasons: tuple[str, ...]
    row: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        counts = {name: value for name, value in self.row.items() if name.startswith("n_")}
        return {"day": self.day, "state": self.state, "reasons": list(self.reasons), **counts}


@overload
def open_desk(settings: Settings) -> Desk: ...
@overload
def open_desk(settings: Settings, engine: Engine[Any]) -> WorkDesk: ...
def open_desk(settings: Settings, engine: Engine[Any] | None = None) -> Desk:
    """The desk that the settings describe: for reading, or with an engine for making days."""
    landing, warehouse = open_storage(settings.landing), Warehouse(open_storage(settings.warehouse))
    if engine is None:
        return Desk(landing, warehouse, settings)
    return WorkDesk(landing, warehouse, settings, engine)


def run_day(desk: WorkDesk, day: date, gate: Callable[[Day], None] = lambda _made: None) -> Report:
    """Make one day from its raw documents and publish it. Running it again publishes the same bytes.

    A run whose inputs are replaced while it reads them begins again, a few times. What `gate` raises about the
    day that was made is raised before anything is published.
    """
    for _ in range(_TRIES - 1):
        try:
            return _run_once(desk, day, gate)
        except InputChangedError as error:
            log.warning("day=%s begins again: %s", day, error)
    return _run_once(desk, day, gate)


def _run_once(desk: WorkDesk, day: date, gate: Callable[[Day], None]) -> Report:
    made = cluster_day(desk, day)
    gate(made)
    return publish_day(desk, made)


def extract_day(desk: WorkDesk, day: date, files: Sequence[Entry]) -> pa.Table:
    """The files' raw documents, extracted; files that were extracted before and have not changed are not read."""
    extracted = extract_files(desk.landing, desk.warehouse, desk.engine, desk.settings, day, files)
    log.info("extracted day=%s files=%d raw=%d", day, len(files), extracted.num_rows)
    return extracted


def cluster_day(desk: WorkDesk, day: date) -> Day:
    """Extract and clean the day's documents, find copies and stories among them and in the window before; publishes nothing."""
    homes.claim(desk.warehouse.storage, desk.landing)
    _refuse_closed(desk, day)
    files, bases = landing.list_files(desk.landing, day), desk.warehouse.bases(freshness.OWN, day)
    freshness.begin(desk.warehouse, day, delivered=bool(files))
    made = Day(day, fingerprints.of_listing(files), marks=freshness.marks(desk.settings), bases=bases)
    with made.timed("extract"):
        made.tables[EXTRACTED.name] = extracted = extract_day(desk, day, files)
    view = freshness.view(desk.warehouse, desk.settings, day)
    made.inputs = {f"raw/{day}": fingerprints.of_documents(extracted)} | view.digests
    n_raw = extracted.num_rows
    del extracted  # no copy of the texts stays longer than it is read
    with made.timed("clean"):
        _clean(desk, view, made)
    with made.timed("sign"):
        _sign(desk, made)
    with made.timed("pair"):
        candidates, found = faults.tolerate(desk.engine, partial(_pair, desk, view, made))
        made.faults |= found
    made.shelve("lines", "signatures")
    placed = _copies(desk, view, made, candidates)
    with made.timed("stories"):
        _stories(desk, view, made, placed)
    _conserve(made, n_raw)
    _tell_faults(made)
    return made


def publish_day(desk: WorkDesk, made: Day) -> Report:
    """Publish what `cluster_day` made: articles, rejects, links, memberships, then the stories they touch, then the run.

    Raises OvertakenError when the day was published by another run since, PublishError when it was made by other settings or rules.
    """
    warehouse, day = desk.warehouse, made.day
    with made.timed("publish"), warehouse.storage.lock(f"run/{day}"):
        _refuse_other_rules(desk, made)
        warehouse.refuse_late(freshness.OWN, day, made.tables | _run(made), made.bases)
        changed, row = _publish(desk, made)
    counted = " ".join(f"{name}={value}" for name, value in row.items() if name.startswith("n_"))
    log.info("published day=%s %s changed=%s", day, counted, ",".join(changed) or "nothing")
    return Report(day, row, made.seconds, made.peak_mb, tuple(changed))


def _publish(desk: WorkDesk, made: Day) -> tuple[list[str], dict[str, Any]]:
    """Put the tables in their places, in the order in which a crash does least harm; returns what changed, and the row of the run.

    The run comes last, since it also lists the articles that no story could be summarised with.
    """
    warehouse, day, changed, tables = desk.warehouse, made.day, [], dict(made.tables)
    digests = {name: parquet.digest(table) for name, table in tables.items()}
    parts = rollup.parts(tables["members"])
    owed = rollup.owed(warehouse, day, parts)

    def put(contract: Contract, notes: dict[str, Any] | None = None) -> None:
        inputs = derived.ties(contract, digests) or made.inputs | made.marks
        name, base = contract.name, made.bases.get(contract.name)
        if warehouse.publish(contract, day, tables[name], inputs, notes, base, digests[name]).changed:
            changed.append(contract.name)

    for contract in (ARTICLES, REJECTS, LINKS, LINES, SIGNATURES, TERMS, MEMBERS):
        put(contract, cleaned.notes(contract, made.made_from, made.faults))
    put(MEMBERSHIPS, {"parts": parts, "unsettled": owed})
    changed += rollup.publish_stories(warehouse, desk.engine, day, owed, parts)
    warehouse.annotate(MEMBERSHIPS, day, {"parts": parts, "unsettled": []})
    made.faults |= rollup.faults_of(warehouse, parts)
    tables |= _run(made)
    digests[RUNS.name] = parquet.digest(tables[RUNS.name])
    row = tables[RUNS.name].to_pylist()[0]
    counts = {name: value for name, value in row.items() if name.startswith("n_")}
    put(RUNS, {"landing": made.listing, "capped": row["is_capped"], "faulty": _faults(row), "counts": counts})
    freshness.end(warehouse, day)
    holds.release(warehouse, day)
    return changed, row


def _refuse_closed(desk: Desk, day: date) -> None:
    retired = retention.retired_before(desk.warehouse)
    if day < retention.closed_before(desk.settings, retired):
        raise MissingInputError(
            f"{desk.warehouse.storage.uri}: {day} can't be made again: it reads days whose texts were retired "
            f"(all before {retired})"
        )


def _refuse_other_rules(desk: Desk, made: Day) -> None:
    now = freshness.marks(desk.settings)
    if other := [name for name, value in made.marks.items() if now.get(name) != value]:
        raise PublishError(
            f"day {made.day} was made with other {', '.join(other)}; run its cluster step again"
        )


def days_delivered(desk: Desk, today: date = date.max) -> list[date]:
    """The days before `today` that the landing zone has documents of, oldest first; raises MissingInputError when there is none."""
    days = [day for day in days_among(desk.landing.folders("")) if landing.has_files(desk.landing, day)]
    warn_of_unfinished(days, today)
    if not (over := [day for day in days if day < today]):
        raise MissingInputError(
            f"{desk.landing.uri}: no folder day=YYYY-MM-DD with documents there; give --landing or --day"
        )
    return over


def warn_of_unfinished(days: Sequence[date], today: date) -> None:
    """Name the days that are left out because they are not over."""
    if later := ", ".join(str(day) for day in days if day >= today):
        log.warning("left out, not over yet: %s; today is %s (UTC)", later, today)


def warn_of_misnamed(desk: Desk) -> None:
    """Name the folders that are meant for a day and are none: who delivers there would look for the articles in vain."""
    if odd := misnamed(desk.landing.folders("")):
        named = ", ".join(odd[:5]) + (f" and {len(odd) - 5} more" if len(odd) > 5 else "")
        log.warning("%s: passed over %s: a day's folder is named day=YYYY-MM-DD", desk.landing.uri, named)


def refuse_lost(desk: Desk) -> None:
    """Raise MissingInputError where the landing zone is not there: a bucket has no folder that could be empty."""
    if isinstance(desk.landing, LocalStorage):
        if not desk.landing.root.is_dir():
            raise MissingInputError(
                f"{desk.landing.uri}: no such folder; give --landing, and --landing-moved if it has moved"
            )
    elif next(iter(desk.landing.walk("")), None) is None:
        raise MissingInputError(f"{desk.landing.uri}: nothing there; give --landing")


def days_to_make(desk: Desk, days: Sequence[date]) -> list[date]:
    """Those of the days that are delivered, or published as empty; of several, the others are named and left out.

    A mistyped path or day, or a disk that is not mounted, looks like days without news. Raises MissingInputError where a
    run would make published days empty, and where it would publish nothing but empty days.
    """
    found = status(desk, days)
    if gone := [str(one.day) for one in found if freshness.ALL_GONE in one.reasons]:
        raise MissingInputError(
            f"{desk.landing.uri}: no raw documents any more for {', '.join(gone)}, which had some; --empty makes them empty"
        )
    lacking = [one.day for one in found if not one.row and not landing.has_files(desk.landing, one.day)]
    named = ", ".join(map(str, lacking))
    if len(lacking) == len(days):
        raise MissingInputError(
            f"{desk.landing.uri}: nobody delivered {named}; --empty publishes days without documents"
        )
    if lacking:
        log.warning("left out, nobody delivered them: %s; --empty publishes them without documents", named)
    return [day for day in days if day not in lacking]


def status(desk: Desk, days: Sequence[date] = (), today: date = date.max) -> list[Status]:
    """The state of the days, or of every day that the landing zone or the warehouse has; `today` and later ones are not over."""
    days = days or freshness.days_known(desk.landing, desk.warehouse)
    judge = freshness.Judge(desk.landing, desk.warehouse, desk.settings, today)
    judge.look(days)
    found = [judge.check(day) for day in days]
    return [Status(one.day, one.state, one.reasons, judge.counts(one.day)) for one in found]


def largest_stories(warehouse: Warehouse, days: Sequence[date], limit: int) -> list[dict[str, Any]]:
    """The largest stories that began on the days (on any, when none are named): most texts of their own, then most articles, first.

    Raises MissingInputError where there is no table of stories at all.
    """
    if not (made := warehouse.days(STORIES)):
        raise MissingInputError(
            f"{warehouse.storage.uri}: no published stories there; run a day or give --warehouse"
        )
    tables = warehouse.scan(STORIES, days or made)
    order = [("n_copy_groups", "descending"), ("n_articles", "descending"), ("story_id", "ascending")]
    top = [table.sort_by(order).slice(0, limit) for table in tables]
    return pa.concat_tables([STORIES.empty(), *top]).sort_by(order).slice(0, limit).to_pylist()  # type: ignore[no-any-return]


def _clean(desk: WorkDesk, view: View, made: Day) -> None:
    """Articles, rejects and lines of what was extracted, which is let go: a day's texts are most of its memory."""
    engine, settings, extracted = desk.engine, desk.settings, made.tables.pop(EXTRACTED.name)
    habits = cleaned.habits(view, engine, settings, made.day, extracted)
    standing = cleaned.published(desk.warehouse, made.day, habits.made_from)
    how = "as it stands" if standing else "anew"
    if standing:
        tables, found = standing
    else:
        rows, found = cleaned.clean_documents(engine, settings, made.day, extracted, habits.recurring)
        del extracted
        tables = cleaned.settle(engine, made.day, rows)
    made.tables |= {LINES.name: habits.lines} | tables
    made.made_from, made.faults = dict(habits.made_from), made.faults | habits.faults | found
    n = {name: made.tables[name].num_rows for name in ("articles", "rejects")}
    log.info("cleaned day=%s articles=%d rejects=%d %s", made.day, n["articles"], n["rejects"], how)


def _sign(desk: WorkDesk, made: Day) -> None:
    articles = made.tables["articles"].select(["article_id", "text"])
    signatures, found = faults.tolerate(
        desk.engine, lambda e: e.collect(e.map(minhash.sign, e.load(articles), SIGNATURES))
    )
    made.tables["signatures"] = SIGNATURES.arrange(signatures)
    made.faults |= found


def _pair(desk: WorkDesk, view: View, made: Day, engine: Engine[Any]) -> pa.Table:
    """Pairs worth comparing, within the day and of the day with each of its window; those of one text stand together.

    On one machine the buckets of large days are gone through in parts, and what meets in a part is sifted before the next, so
    that memory holds neither all buckets nor all that met by chance.
    """
    own = made.tables["signatures"]
    past = derived.signatures(view, engine, window(made.day, desk.settings.window_days))
    parts = 1 if desk.engine.deals_out else pairs.n_parts(own.num_rows, [n for _, n in past])
    signatures, wanted = engine.load(own), CANDIDATES.empty()
    for part in range(parts):
        met = pairs.without(_met(engine, made.day, signatures, past, part, parts), wanted)
        shelf.give_back()
        wanted = pa.concat_tables([wanted, _sift(desk, view, made, engine, met)])
        del met
    return pairs.together(wanted)


def _met(
    engine: Engine[Any], day: date, own: Any, past: Sequence[tuple[Any, int]], part: int, parts: int
) -> pa.Table:
    """The pairs of one part of the buckets, each once."""
    band, stage = partial(minhash.band, part=part, parts=parts), partial(pairs.pair, day=day)
    buckets = engine.map(band, own, BUCKETS)
    found = [engine.map(stage, buckets, CANDIDATES, key="bucket")]
    for some in pairs.batches(past, parts * pairs.WINDOW_ARTICLES):
        both = engine.union([buckets, *(engine.map(band, frame, BUCKETS) for frame in some)], BUCKETS)
        found.append(engine.map(partial(stage, within=False), both, CANDIDATES, key="bucket"))
        del both
    met = engine.union(found, CANDIDATES)
    return engine.collect(
        engine.map(pairs.distinct, met, CANDIDATES, key="article_id") if engine.deals_out else met
    )


def _sift(desk: WorkDesk, view: View, made: Day, engine: Engine[Any], met: pa.Table) -> pa.Table:
    """Of the pairs that met, those that are worth comparing on their texts."""
    signatures = [made.tables["signatures"]]
    for day in window(made.day, desk.settings.window_days):
        named = _named(met, day)
        if len(named):
            signatures.append(derived.signed(view, engine, day, named))
    columns = ["signature", "passages"]
    sketches = pa.concat_tables([table.select(["article_id", *columns]) for table in signatures])
    sketched = engine.attach(engine.load(met), engine.load(sketches), columns, SKETCHED)
    return engine.collect(engine.map(pairs.sift, sketched, CANDIDATES))


def _copies(desk: WorkDesk, view: View, made: Day, candidates: pa.Table) -> pa.Table:
    """Compare candidates on their texts and place every article; what placing still wants compared is compared, until nothing is."""
    earlier = _concat(MEMBERSHIPS, view.scan(MEMBERSHIPS, window(made.day, desk.settings.window_days)))
    articles = made.tables["articles"].select(["article_id", "ingest_date", "published_at", "fetched_at"])
    verify = partial(_verify, desk, view, made)

    def assign(some: pa.Table) -> tuple[pa.Table, pa.Table]:
        return copies.assign_copies(some, _among(candidates, some, made.day), earlier, verify)

    with made.timed("assign"):
        (placed, links), found = faults.leave_out(assign, articles, "assign_copies")
        placed = places.alone(placed, articles["article_id"], "copy_id")
    made.faults |= found
    made.tables["links"] = LINKS.arrange(links)
    log.info(
        "compared day=%s pairs=%d accepted=%d",
        made.day,
        links.num_rows,
        pc.sum(links["accepted"]).as_py() or 0,
    )
    return placed


def _verify(desk: WorkDesk, view: View, made: Day, wanted: pa.Table) -> pa.Table:
    engine = desk.engine
    with made.timed("verify"):
        texts = engine.load(_texts(desk, view, made, wanted))
        compared = engine.attach(engine.load(wanted), texts, COMPARED_COLUMNS, COMPARED)
        stage = partial(pairs.verify, near_threshold=desk.settings.copy_threshold)
        links, found = faults.tolerate(engine, lambda e: e.collect(e.map(stage, compared, LINKS)))
    made.faults |= found
    return links


COMPARED_COLUMNS = [n for n in COMPARED.names if n in ARTICLES.names and n not in CANDIDATES.names]


def _texts(desk: Desk, view: View, made: Day, wanted: pa.Table) -> pa.Table:
    """What is compared of today's articles and of those of the window that a pair names."""
    columns = ["article_id", *COMPARED_COLUMNS]
    found = [made.tables["articles"].select(columns)]
    for day in window(made.day, desk.settings.window_days):
        of_day = _named(wanted, day)
        if len(of_day):
            found.append(view.read(ARTICLES, day, columns, pc.field("article_id").isin(of_day)))
    return pa.concat_tables(found)


def _stories(desk: WorkDesk, view: View, made: Day, placed: pa.Table) -> None:
    """Give every copy group a story, and every article its place."""
    settings, articles = desk.settings, made.tables["articles"]
    days = window(made.day, settings.window_days)
    earlier = window(days[0], settings.window_days)
    origins = placed.filter(pc.equal(placed["article_id"], placed["copy_id"]))["article_id"]
    made.tables["terms"], found = faults.tolerate(
        desk.engine,
        lambda e: derived.of_origins(desk.warehouse, e, made.day, origins.combine_chunks(), articles),
    )
    memberships = _concat(MEMBERSHIPS, view.scan(MEMBERSHIPS, earlier + days))
    assign = partial(
        stories.assign_stories,
        window=_concat(TERMS, derived.weighed(view, desk.engine, days)),
        memory=_concat(TERMS, derived.weighed(view, desk.engine, earlier)),
        memberships=memberships,
        day=made.day,
        threshold=settings.story_threshold,
        window_days=settings.window_days,
    )
    joined, lost = faults.leave_out(assign, made.tables["terms"], "assign_stories")
    joined = places.alone(joined, origins, "story_id")
    made.faults |= found | lost
    made.tables["memberships"] = MEMBERSHIPS.arrange(
        places.memberships(placed, joined, memberships, made.day)
    )
    made.tables["members"] = MEMBERS.arrange(
        places.members(made.tables["memberships"], articles, made.tables["terms"])
    )


def _conserve(made: Day, n_raw: int) -> None:
    """Rows are conserved, or the run stops before anything is published."""
    n = {name: table.num_rows for name, table in made.tables.items()}
    if n_raw != n["articles"] + n["rejects"]:
        raise ConservationError(
            f"day {made.day}: {n_raw} raw documents became {n['articles']} articles and {n['rejects']} rejects"
        )
    if made.tables["articles"]["article_id"] != made.tables["memberships"]["article_id"]:
        raise ConservationError(
            f"day {made.day}: {n['articles']} articles have {n['memberships']} memberships"
        )


def _tell_faults(made: Day) -> None:
    """Warn of the documents on which a stage raised; raises StageError where they are most of the day."""
    if listed := _stage_faults(made):
        counts = Counter(f"{fault['stage']} {fault['error']}" for fault in listed)
        told = " ".join(f"{what.replace(' ', ':')}={n}" for what, n in sorted(counts.items()))
        log.warning("day=%s stage_faults=%d %s: see runs.stage_faults", made.day, len(listed), told)
    n_raw = made.tables["articles"].num_rows + made.tables["rejects"].num_rows
    faults.refuse_broken(made.faults, n_raw, f"day {made.day}")


def _stage_faults(made: Day) -> list[dict[str, Any]]:
    """The faults of the day's own documents, by article_id where there is an article, in order.

    Those of other days are in their own runs; whether this one met them depends on what state was stored.
    """
    articles, stages = made.tables["articles"], set().union(*cleaned.STAGES.values())
    raw = {fault.article_id for fault in made.faults if fault.stage in stages}
    known = articles.filter(pc.is_in(articles["raw_ref"], pa.array(sorted(raw), pa.string())))
    ids = {r: known["article_id"][n].as_py() for n, r in enumerate(known["raw_ref"].to_pylist())}
    named = (f._replace(article_id=ids.get(f.article_id, f.article_id)) for f in made.faults)
    mine = (f for f in named if f.article_id in raw or f.article_id.startswith(f"{made.day:%Y%m%d}"))
    return faults.as_table(mine).to_pylist()  # type: ignore[no-any-return]


def _run(made: Day) -> dict[str, pa.Table]:
    return {RUNS.name: RUNS.table([_run_row(made)])}


def _run_row(made: Day) -> dict[str, Any]:
    kinds = {
        row["values"]: row["counts"]
        for row in pc.value_counts(made.tables["memberships"]["kind"]).to_pylist()
    }
    reasons = {
        row["values"]: row["counts"] for row in pc.value_counts(made.tables["rejects"]["reason"]).to_pylist()
    }
    inputs = [(*name.split("/"), digest) for name, digest in sorted(made.inputs.items())]
    stage_faults = _stage_faults(made)
    return {
        "ingest_date": made.day,
        "n_raw": made.tables["articles"].num_rows + made.tables["rejects"].num_rows,
        "n_rejects": made.tables["rejects"].num_rows,
        "n_articles": made.tables["articles"].num_rows,
        "n_compared": made.tables["links"].num_rows,
        "n_accepted": pc.sum(made.tables["links"]["accepted"]).as_py() or 0,
        **{
            f"n_{kind}": kinds.get(kind, 0)
            for kind in (Kind.EXACT, Kind.NEAR, Kind.EXCERPT, Kind.EXPANDED, Kind.REFETCH)
        },
        "n_copy_groups": kinds.get(Kind.ORIGIN, 0) + kinds.get(Kind.REPORT, 0),
        "n_reports": kinds.get(Kind.REPORT, 0),
        "n_stories": kinds.get(Kind.ORIGIN, 0),
        "rejects_by_reason": [{"reason": r, "n": n} for r, n in sorted(reasons.items())],
        "inputs": [{"table": t, "day": d, "digest": g} for t, d, g in inputs],
        "settings_digest": made.marks["settings"],
        "versions": [*versions.table(), {"name": "words", "version": lexicon.digest()}],
        "is_capped": bool({Reject.TIMEOUT, Reject.MEMORY} & set(reasons)),
        "n_stage_faults": len(stage_faults),
        "stage_faults": stage_faults,
    }


def _faults(row: dict[str, Any]) -> int:
    """How many documents the machine failed to read."""
    return sum(r["n"] for r in row["rejects_by_reason"] if r["reason"] == Reject.MACHINE_FAULT)


def _named(wanted: pa.Table, day: date) -> pa.Array:
    """The articles of a day that the pairs name."""
    every = pa.chunked_array([c for name in CANDIDATES.names for c in wanted[name].chunks], pa.string())
    return pc.unique(every.filter(pc.starts_with(every, f"{day:%Y%m%d}")))


def _among(candidates: pa.Table, articles: pa.Table, day: date) -> pa.Table:
    """The pairs whose articles of the day are among these."""
    ids = articles["article_id"].combine_chunks()
    mine = (pc.is_in(candidates[name], value_set=ids) for name in CANDIDATES.names)
    earlier = pc.invert(pc.starts_with(candidates["other_id"], f"{day:%Y%m%d}"))
    return candidates.filter(pc.and_(next(mine), pc.or_(next(mine), earlier)))


def _concat(contract: Contract, tables: Iterator[pa.Table] | Sequence[pa.Table]) -> pa.Table:
    return pa.concat_tables([contract.empty(), *tables])
