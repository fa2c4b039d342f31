"""A day from landing zone to warehouse, on every engine."""

import random
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.day import run
from pipeline.day.desk import Desk
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model.tables import ARTICLES, LINKS, MEMBERSHIPS, PUBLISHED, REJECTS, RUNS, STORIES
from tests.conftest import DAY, deliver, make_desk, published
from tests.topics import TOPICS, document


def table(desk: Desk, contract: Any, day: date = DAY) -> list[dict[str, Any]]:
    return desk.warehouse.read(contract, day).to_pylist()  # type: ignore[no-any-return]


def test_copies_become_a_group_and_topics_become_stories(desk: Desk) -> None:
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


def test_rows_are_conserved(desk: Desk) -> None:
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


def test_a_copy_of_yesterdays_text_joins_yesterdays_group_and_story(desk: Desk) -> None:
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


def test_the_same_page_again_on_a_later_day_is_a_refetch(desk: Desk) -> None:
    """A refetch has a place but counts nowhere."""
    next_day = DAY + timedelta(1)
    deliver(desk, DAY, document("flood"))
    deliver(desk, next_day, document("flood"))

    run.run_day(desk, DAY)
    report = run.run_day(desk, next_day)

    assert 1 == report.row["n_refetch"]
    assert (1, 0, 1) == tuple(table(desk, STORIES)[0][n] for n in ("n_articles", "n_copies", "n_outlets"))


def test_the_same_document_twice_in_a_day_is_one_article(desk: Desk) -> None:
    deliver(desk, DAY, document("flood"), name="a.jsonl")
    deliver(desk, DAY, document("flood"), name="b.jsonl")

    run.run_day(desk, DAY)

    (reject,) = table(desk, REJECTS)
    assert (f"day={DAY}/b.jsonl#0", "redelivered") == (reject["raw_ref"], reject["reason"])
    assert f"day={DAY}/a.jsonl#0" in reject["detail"]


def test_an_empty_day_is_a_run_with_zero_rows(desk: Desk) -> None:
    """Every table has a valid partition for a day on which nothing was delivered."""
    report = run.run_day(desk, DAY)

    assert 0 == report.row["n_raw"]
    for contract in PUBLISHED:
        assert (1 if contract is RUNS else 0) == desk.warehouse.read(contract, DAY).num_rows


def test_a_run_parses_nothing_twice(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_a_removed_document_is_gone_after_the_next_run(desk: Desk) -> None:
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


def test_links_hold_accepted_and_refused_pairs_with_figures(desk: Desk) -> None:
    deliver(desk, DAY, document("flood"), document("flood", url="https://b.example/x", outlet="B"))

    run.run_day(desk, DAY)

    (link,) = table(desk, LINKS)
    assert (True, "exact", 1.0, 1.0) == tuple(link[n] for n in ("accepted", "kind", "jaccard", "containment"))


@pytest.mark.long
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


def test_a_run_of_a_day_that_has_not_changed_loads_no_compiler(tmp_path: Path) -> None:
    """Nothing is compared, so nothing has to be compiled; loading the compiler takes longer than the run."""
    desk = make_desk(tmp_path, EmbeddedEngine(1))
    deliver(desk, DAY, *(document(topic, 0, url=f"https://o.example/{topic}") for topic in TOPICS))
    run.run_day(desk, DAY)
    said = [str(DAY), desk.landing.uri, desk.warehouse.storage.uri]
    script = (
        "import sys; from datetime import date; from pipeline.day import run; from pipeline.day.desk import open_desk;"
        "from pipeline.engines.embedded import EmbeddedEngine; from pipeline.settings import load; chosen = load(landing=sys.argv[2], warehouse=sys.argv[3]);"
        "changed = run.run_day(open_desk(chosen, EmbeddedEngine(1)), date.fromisoformat(sys.argv[1])).changed;"
        "print(changed, [name for name in ('numba', 'scipy') if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", script, *said], capture_output=True, text=True, check=False)

    assert ("() []\n", "") == (done.stdout, done.stderr)


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
