"""A day from landing zone to warehouse, on every engine."""

import random
import resource
import shutil
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_type_hints

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.day import context, extract, publish, run
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.engines.engine import Engine
from pipeline.model.errors import PublishError
from pipeline.model.published import ARTICLES, LINKS, MEMBERSHIPS, PUBLISHED, REJECTS, RUNS, STORIES
from pipeline.settings import load
from pipeline.upkeep import repair, status
from pipeline.upkeep.reasons import Why
from pipeline.upkeep.status import State
from tests.conftest import DAY, deliver, make_desk, published

TOPICS = {
    "flood": "The river Lenne burst its banks near Altena after two days of rain and cut off four hundred homes on Tuesday. "
    "Firefighters used boats to reach a retirement home where sixty people had moved to the upper floor. "
    "The district council opened a sports hall as a shelter and asked people to stay away from the dyke road. "
    "Engineers said the Biggetal reservoir was full and that they would have to let water out before night. "
    "Rail traffic between Hagen and Siegen stopped because a bridge pier had been undercut by the current.",
    "merger": "Shareholders of Norrland Timber approved the sale of the company to Baltic Pulp for 2.4 billion kronor. "
    "The combined group will own eleven sawmills and employ about nine thousand people in Sweden and Estonia. "
    "Chief executive Maja Lindqvist said no mill would close before 2029 and that the name would be kept. "
    "A rival bid from the Finnish firm Karhu Paper had been withdrawn on Monday after its lenders refused. "
    "The competition authority in Stockholm has until September to decide whether the deal may go ahead.",
    "telescope": "Astronomers in Chile pointed the Vera telescope at a comet that is leaving the solar system and found water. "
    "The object, named C/2031 K2, passed within forty million kilometres of Jupiter in January, the team reported. "
    "Its tail holds more carbon monoxide than that of any comet measured before, said Ines Carrasco of La Serena. "
    "The observatory will follow it until it fades in May and then turn to a list of nearby dwarf planets. "
    "Amateurs with small instruments can see it low in the western sky shortly after sunset this week.",
}


def document(topic: str, n: int = 0, **changes: Any) -> dict[str, Any]:
    sentences = TOPICS[topic].split(". ")
    text = ". ".join(sentences[n:] + sentences[:n]) if n else TOPICS[topic]
    given_ = {
        "url": f"https://outlet{n}.example/{topic}-{n}",
        "title": f"{topic.title()} news {n}",
        "text": text,
    }
    return given_ | {"outlet": f"Outlet {n}"} | changes


def table(desk: context.Desk, contract: Any, day: date = DAY) -> list[dict[str, Any]]:
    return desk.warehouse.read(contract, day).to_pylist()  # type: ignore[no-any-return]


def test_copies_become_a_group_and_topics_become_stories(desk: context.Desk) -> None:
    """Three texts, one of them printed three times: three stories, of which one has copies."""
    same = [document("flood", url=f"https://o{n}.example/x", outlet=f"O{n}") for n in range(3)]
    deliver(desk, DAY, *same, document("merger"), document("telescope"))

    report = run.run_day(desk, DAY)

    assert (5, 5, 2, 3, 3) == tuple(
        report.row[f"n_{n}"] for n in ("raw", "articles", "exact", "copy_groups", "stories")
    )
    flood = max(table(desk, STORIES), key=lambda s: s["n_articles"])
    assert (3, 2, 1, ["O0", "O1", "O2"]) == tuple(
        flood[n] for n in ("n_articles", "n_copies", "n_copy_groups", "outlets")
    )


def test_rows_are_conserved(desk: context.Desk) -> None:
    """Every raw document is an article or a reject, every article has one membership, every story's members exist."""
    deliver(
        desk,
        DAY,
        document("flood"),
        {"url": "https://a.example/1"},
        {"text": "too short"},
        document("merger"),
    )

    run.run_day(desk, DAY)

    ids = [row["article_id"] for row in table(desk, ARTICLES)]
    assert 4 == len(ids) + len(table(desk, REJECTS))
    assert ids == [row["article_id"] for row in table(desk, MEMBERSHIPS)]
    assert sorted(ids) == sorted(m for story in table(desk, STORIES) for m in story["members"])


def test_a_copy_of_yesterdays_text_joins_yesterdays_group_and_story(desk: context.Desk) -> None:
    """The second day changes no membership of the first, and the story of the first day knows the new member."""
    next_day = DAY + timedelta(1)
    deliver(desk, DAY, document("flood"))
    deliver(desk, next_day, document("flood", url="https://late.example/x", outlet="Late"))
    run.run_day(desk, DAY)
    before = table(desk, MEMBERSHIPS)

    run.run_day(desk, next_day)

    (first,), (second,) = before, table(desk, MEMBERSHIPS, next_day)
    assert before == table(desk, MEMBERSHIPS)
    assert (first["copy_id"], first["story_id"], "exact") == (
        second["copy_id"],
        second["story_id"],
        second["kind"],
    )
    (story,) = table(desk, STORIES)
    assert [first["article_id"], second["article_id"]] == story["members"]
    assert next_day == story["last_date"]
    assert [] == table(desk, STORIES, next_day)


def test_the_same_page_again_on_a_later_day_is_a_refetch(desk: context.Desk) -> None:
    """A refetch has a place but counts nowhere."""
    next_day = DAY + timedelta(1)
    deliver(desk, DAY, document("flood"))
    deliver(desk, next_day, document("flood"))

    run.run_day(desk, DAY)
    report = run.run_day(desk, next_day)

    assert 1 == report.row["n_refetch"]
    assert (1, 0, 1) == tuple(table(desk, STORIES)[0][n] for n in ("n_articles", "n_copies", "n_outlets"))


def test_the_same_document_twice_in_a_day_is_one_article(desk: context.Desk) -> None:
    deliver(desk, DAY, document("flood"), name="a.jsonl")
    deliver(desk, DAY, document("flood"), name="b.jsonl")

    run.run_day(desk, DAY)

    (reject,) = table(desk, REJECTS)
    assert (f"day={DAY}/b.jsonl#0", "redelivered") == (reject["raw_ref"], reject["reason"])
    assert f"day={DAY}/a.jsonl#0" in reject["detail"]


def test_an_empty_day_is_a_run_with_zero_rows(desk: context.Desk) -> None:
    """Every table has a valid partition for a day on which nothing was delivered."""
    report = run.run_day(desk, DAY)

    assert 0 == report.row["n_raw"]
    for contract in PUBLISHED:
        assert (1 if contract is RUNS else 0) == desk.warehouse.read(contract, DAY).num_rows


def test_a_second_run_changes_nothing(desk: context.Desk) -> None:
    deliver(desk, DAY, document("flood"), document("merger"))
    run.run_day(desk, DAY)
    before = published(desk.warehouse.storage.uri)

    again = run.run_day(desk, DAY)

    assert () == again.changed
    assert before == published(desk.warehouse.storage.uri)


def test_a_second_run_writes_no_file_that_stays(desk: context.Desk) -> None:
    """Neither a table nor a manifest is replaced by itself, not those of a day on which a story began either."""
    next_day = DAY + timedelta(1)
    deliver(desk, DAY, document("flood"), document("merger"))
    deliver(desk, next_day, document("flood", 2), document("telescope"))
    for day in (DAY, next_day):
        run.run_day(desk, day)
    root = Path(desk.warehouse.storage.uri)

    def files() -> dict[Path, tuple[int, int]]:
        found = [p for p in root.rglob("*") if p.is_file() and "locks" not in p.parts]
        return {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in found}

    before = files()
    for day in (next_day, DAY):
        run.run_day(desk, day)

    assert before == files()


def test_a_run_parses_nothing_twice(desk: context.Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """After one more file came, only that file is read."""
    from pipeline.landing import read as reading

    deliver(desk, DAY, document("flood"), name="a.jsonl")
    run.run_day(desk, DAY)
    deliver(desk, DAY, document("merger"), name="b.jsonl")
    read: list[str] = []
    real = reading.read_raw

    def spy(storage: Any, files: Any, **rest: Any) -> Any:
        read.extend(f.path for f in files)
        return real(storage, files, **rest)

    monkeypatch.setattr(reading, "read_raw", spy)
    report = run.run_day(desk, DAY)

    assert [f"day={DAY}/b.jsonl"] == read
    assert 2 == report.row["n_articles"]


def test_a_removed_document_is_gone_after_the_next_run(desk: context.Desk) -> None:
    """The day is a function of what is delivered now; its stories go with their articles, on earlier days too."""
    next_day = DAY + timedelta(1)
    deliver(desk, DAY, document("flood"))
    deliver(desk, next_day, document("flood", url="https://late.example/x"), document("merger"))
    run.run_day(desk, DAY)
    run.run_day(desk, next_day)

    deliver(desk, next_day, document("merger"))
    run.run_day(desk, next_day)

    assert 1 == table(desk, STORIES)[0]["n_articles"]
    assert 1 == desk.warehouse.read(ARTICLES, next_day).num_rows


def test_status_names_what_has_changed(desk: context.Desk) -> None:
    """Missing, fresh and stale days are told apart, a stale one with what changed."""
    days = [DAY, DAY + timedelta(1), DAY + timedelta(2)]
    for day in days:
        deliver(desk, day, document("flood", url=f"https://a.example/{day}"))
    run.run_day(desk, days[0])
    run.run_day(desk, days[1])

    assert [State.FRESH, State.FRESH, State.MISSING] == [s.state for s in status.status(desk)]

    deliver(desk, days[0], document("merger"), name="late.jsonl")
    assert [State.STALE, State.FRESH, State.MISSING] == [s.state for s in status.status(desk)]

    run.run_day(desk, days[0])
    found = status.status(desk)
    assert [State.FRESH, State.STALE, State.MISSING] == [s.state for s in found]
    assert Why.INPUT.of(f"articles/{days[0]}") in found[1].reasons


@pytest.mark.parametrize("n_bytes", [100, 3_000, 8_000])
def test_a_disk_that_is_full_is_a_clear_error_and_the_next_run_makes_the_day(
    tmp_path: Path, n_bytes: int
) -> None:
    """A limit on the size of files stands for the disk, so that the run ends at another table each time."""
    desk = make_desk(tmp_path, EmbeddedEngine(1))
    long = [document(t, url=f"https://{t}.example/", text=" ".join([TOPICS[t]] * 40)) for t in TOPICS]
    deliver(desk, DAY, document("flood", url="https://first.example/"))
    run.run_day(desk, DAY)
    deliver(desk, DAY, *long)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, limits[1]))
    try:
        with pytest.raises(PublishError, match=r"cannot write .*: File too large"):
            run.run_day(desk, DAY)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    run.run_day(desk, DAY)

    clean = make_desk(tmp_path, EmbeddedEngine(1), "clean")
    run.run_day(clean, DAY)
    assert published(clean.warehouse.storage.uri) == published(desk.warehouse.storage.uri)
    assert [] == list(desk.warehouse.storage.leftovers(0))


def test_links_hold_accepted_and_refused_pairs_with_figures(desk: context.Desk) -> None:
    deliver(desk, DAY, document("flood"), document("flood", url="https://b.example/x", outlet="B"))

    run.run_day(desk, DAY)

    (link,) = table(desk, LINKS)
    assert (True, "exact", 1.0, 1.0) == tuple(link[n] for n in ("accepted", "kind", "jaccard", "containment"))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**16), workers=st.sampled_from([1, 4]))
def test_files_in_any_order_and_any_number_of_workers_give_the_same_bytes(
    tmp_path: Path, seed: int, workers: int
) -> None:
    """The same documents under the same names, written in another order and run by other workers: byte for byte the same."""
    dice = random.Random(seed)
    files = {
        f"{topic}{n}.jsonl": document(topic, n % 3, url=f"https://o{n}.example/{topic}")
        for topic in TOPICS
        for n in range(5)
    }
    results = []
    for turn, n_workers in enumerate((2, workers)):
        root = tmp_path / f"{seed}-{turn}"
        shutil.rmtree(root, ignore_errors=True)
        desk = make_desk(root, EmbeddedEngine(n_workers))
        for name in dice.sample(sorted(files), len(files)):
            deliver(desk, DAY, files[name], name=name)
        run.run_day(desk, DAY)
        results.append(published(desk.warehouse.storage.uri))
        shutil.rmtree(root)

    assert results[0] == results[1]


def test_both_engines_give_the_same_bytes(tmp_path: Path) -> None:
    """The engine that cuts tables into shards publishes what the embedded one does."""
    from tests.sharded import ShardedEngine

    results = []
    for name, engine in (("embedded", EmbeddedEngine(2)), ("sharded", ShardedEngine())):
        desk = make_desk(tmp_path, engine, name)
        for offset in range(3):
            day = DAY + timedelta(offset)
            deliver(
                desk,
                day,
                *(document(t, n, url=f"https://o{n}.example/{t}/{offset}") for t in TOPICS for n in range(4)),
            )
            run.run_day(desk, day)
        results.append(published(desk.warehouse.storage.uri))

    assert results[0] == results[1]


def test_published_files_are_plain_parquet(desk: context.Desk) -> None:
    """A reader that knows nothing of newsfold reads the table, with the day as a column."""
    deliver(desk, DAY, document("flood"))
    run.run_day(desk, DAY)

    found = pq.read_table(f"{desk.warehouse.storage.uri}/stories")

    assert [str(DAY)] == [str(d) for d in found["day"].to_pylist()]


def test_only_a_desk_with_an_engine_makes_days(tmp_path: Path) -> None:
    """By type, so that mypy refuses the call: whoever only reads has a desk that knows no engine, not one that is None."""
    makers = [run.run_day, run.cluster_day, extract.extract_day, publish.publish_day, repair.repair]
    chosen = load(landing=str(tmp_path), warehouse=str(tmp_path))

    assert {context.WorkDesk} == {get_type_hints(make)["desk"] for make in makers}
    assert Engine[Any] == get_type_hints(context.WorkDesk)["engine"]
    assert ["landing", "warehouse", "settings"] == [field.name for field in fields(context.Desk)]
    assert context.Desk is type(context.open_desk(chosen))
    assert context.WorkDesk is type(context.open_desk(chosen, EmbeddedEngine(1)))
