"""Finding over many days: from indexes where they fit, else from the texts, with the same answer."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.model.tables import ARTICLES, MEMBERSHIPS
from pipeline.search import file, files, find
from pipeline.search.find import Found, Searcher
from pipeline.search.hits import Wanted
from pipeline.search.query import parse
from pipeline.store import layout
from pipeline.store.local import LocalStorage
from pipeline.store.manifest import digest_of
from pipeline.store.storage import filler
from tests.searched import Moment, article, identifier, table
from tests.world import DAYS


def of(day: date, n: int, text: str, **more: Any) -> dict[str, Any]:
    one = identifier(n, day)
    return article(n, text) | {"article_id": one, "story_id": one} | more


ROWS = {
    DAYS[0]: [of(DAYS[0], 0, "The ferry ran aground."), of(DAYS[0], 1, "Rain in the hills all day.")],
    DAYS[1]: [
        of(DAYS[1], 0, "Ferry, ferry, ferry!", story_id=identifier(0, DAYS[0]), outlet="Herald"),
        of(DAYS[1], 1, "The ferry sails in rain again."),
        *(of(DAYS[1], n, "Other things of no interest.") for n in range(2, 9)),
    ],
}


def build(storage: LocalStorage, moment: Moment, day: date, folder: Path) -> str:
    folder.mkdir()
    written = file.write(table(moment.days[day]), folder)
    with written.open("rb") as source:
        digest = digest_of(source)
    made = files.made_from(moment.digest(ARTICLES, day), moment.digest(MEMBERSHIPS, day))
    path = layout.search_index(day, made, digest)
    storage.replace(path, filler(written.read_bytes()))
    return path


def ask(
    searcher: Searcher, moment: Moment, query: str, days: Sequence[date] = DAYS[:2], **wanted: Any
) -> Found:
    return searcher.find(moment, list(days), parse(query), Wanted(**wanted))


def ids(found: Found) -> list[str]:
    return [one.story_id for one in found.stories]


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "warehouse")


def test_an_index_is_asked_and_the_tables_are_not_read(storage: LocalStorage, tmp_path: Path) -> None:
    moment, searcher = Moment(ROWS), Searcher(storage, storage.root)
    scanned = ask(searcher, moment, "ferry")
    for n, day in enumerate(ROWS):
        build(storage, moment, day, tmp_path / str(n))
    before = moment.n_read
    found = ask(searcher, moment, "ferry")
    shown = searcher.shown(moment, [one.article_id for one in found.stories])

    assert before == moment.n_read
    assert tuple(DAYS[:2]) == scanned.scanned
    assert () == found.scanned
    assert ids(scanned) == ids(found) == [identifier(0, DAYS[0]), identifier(1, DAYS[1])]
    assert (2, 3) == (found.stories[0].n_articles, found.n_articles)
    assert identifier(0, DAYS[1]) == found.stories[0].article_id, "the article that says it most"
    assert "Ferry, ferry, ferry!" == shown[identifier(0, DAYS[1])]["text"]


def test_an_index_that_does_not_fit_is_not_asked(storage: LocalStorage, tmp_path: Path) -> None:
    moment, searcher = Moment(dict(ROWS)), Searcher(storage, storage.root)
    for n, day in enumerate(ROWS):
        build(storage, moment, day, tmp_path / str(n))
    assert ids(ask(searcher, moment, "hills"))

    moment.days = {**ROWS, DAYS[0]: [of(DAYS[0], 0, "The ferry ran aground.")]}
    assert not ids(ask(searcher, moment, "hills"))
    assert (DAYS[0],) == ask(searcher, moment, "ferry").scanned


@pytest.mark.parametrize("data", [b"", b"garbage", None])
def test_a_damaged_index_is_passed_over_with_a_warning(
    storage: LocalStorage, tmp_path: Path, data: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    moment, searcher = Moment(ROWS), Searcher(storage, storage.root)
    path = build(storage, moment, DAYS[0], tmp_path / "0")
    if data is None:  # a folder in its place
        storage.delete(path)
        (storage.root / path).mkdir()
        (storage.root / path / "x").write_bytes(b"")
    else:
        (storage.root / path).write_bytes(data)

    assert 2 == len(ids(ask(searcher, moment, "ferry")))
    assert 2 == len(ids(ask(searcher, moment, "ferry")))
    assert (data is None) == ("only an index" not in caplog.text)
    assert len(caplog.records) <= 1, "it is told once"
    assert {identifier(0, DAYS[0])} == searcher.shown(moment, [identifier(0, DAYS[0])]).keys()


def test_an_answer_that_reads_texts_takes_one_place_whatever_its_days(
    storage: LocalStorage, tmp_path: Path
) -> None:
    """Also where an index proves to be damaged; not where an index, or what an earlier page read, has the answer."""
    moment, searcher, taken = Moment(ROWS), Searcher(storage, storage.root), list[str]()

    @contextmanager
    def passing() -> Iterator[None]:
        taken.append("in")
        yield
        taken.append("out")

    def asked(query: str) -> Found:
        return searcher.find(moment, DAYS[:2], parse(query), passing=passing)

    found = asked("ferry")
    assert ["in", "out"] == taken
    assert found == asked("ferry")
    assert ["in", "out"] == taken
    paths = [build(storage, moment, day, tmp_path / str(day)) for day in DAYS[:2]]
    asked("rain")
    assert ["in", "out"] == taken
    (storage.root / paths[0]).unlink()
    (storage.root / paths[0]).write_bytes(b"no index")
    searcher = Searcher(storage, storage.root)
    asked("rain")
    assert ["in", "out"] * 2 == taken


def test_an_answer_that_gets_no_place_reads_nothing_and_waits_once(storage: LocalStorage) -> None:
    moment, waited = Moment(ROWS), list[str]()

    @contextmanager
    def passing() -> Iterator[None]:
        waited.append("once")
        raise TimeoutError("no place")
        yield

    with pytest.raises(TimeoutError, match="no place"):
        Searcher(storage).find(moment, DAYS, parse("ferry"), passing=passing)
    assert (0, ["once"]) == (moment.n_read, waited)


def test_filters_and_days_leave_articles_out(storage: LocalStorage) -> None:
    moment, searcher = Moment(ROWS), Searcher(storage, storage.root)

    assert [identifier(0, DAYS[0])] == ids(ask(searcher, moment, "ferry", outlet="herald"))
    assert [identifier(0, DAYS[0])] == ids(ask(searcher, moment, "ferry", [DAYS[0]]))
    assert [] == ids(ask(searcher, moment, "ferry", []))
    assert Found() == ask(searcher, moment, "!!")


def test_of_a_retired_day_headlines_and_leads_are_left_to_search(storage: LocalStorage) -> None:
    story = {
        "canonical_id": identifier(7, DAYS[2]),
        "story_id": identifier(5, DAYS[2]),
        "title": "Ferry sold",
        "lead": "A bid.",
    }
    moment, searcher = Moment(ROWS, {DAYS[2]: [story]}), Searcher(storage, storage.root)
    found = ask(searcher, moment, "ferry bid", [DAYS[2]])

    assert [identifier(5, DAYS[2])] == ids(found)
    assert () == found.scanned, "no index could be built of it"
    assert {} == Searcher(storage, storage.root).shown(Moment({DAYS[2]: []}), [found.stories[0].article_id])


def test_so_many_hits_are_not_ranked_one_by_one(
    storage: LocalStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "MOST_RANKED", 2)
    titled = of(DAYS[2], 1, "Late.", title="The ferry is late")
    moment, searcher = Moment({**ROWS, DAYS[2]: [titled]}), Searcher(storage, storage.root)
    scanned = ask(searcher, moment, "ferry", DAYS[:3])
    build(storage, moment, DAYS[1], tmp_path / "1")
    found = ask(searcher, moment, "ferry", DAYS[:3])

    assert found.is_wide
    assert titled["story_id"] == ids(found)[0], "the headline has it"
    assert ids(scanned) == ids(found)
    assert 3 == len(ids(found))
    assert not ask(searcher, moment, "rain", DAYS[:3]).is_wide
