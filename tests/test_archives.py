"""Archives of a sources' file into the landing zone."""

import gzip
import io
import shutil
from datetime import date
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.harvest.archives import Taken, take_archives
from pipeline.harvest.sources import Source
from pipeline.landing.warc_references import open_uri
from pipeline.model.errors import SettingsError
from pipeline.store.local import LocalStorage
from tests.delivered import HTML, lines, read, record, reply

PAGES = {
    f"https://{host}/a/{n}": b"<html><p>Fog %d</p></html>" % n
    for n, host in enumerate(("www.morgen.example", "abend.example"))
}


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    """A list of two WARC files, as Common Crawl lays them out, and a dump beside it."""
    folder = tmp_path / "archive" / "crawl-data" / "CC-NEWS"
    folder.mkdir(parents=True)
    members = [
        gzip.compress(record("response", reply(body, HTML), address)) for address, body in PAGES.items()
    ]
    names = ["CC-NEWS-20260305000000-00001.warc.gz", "CC-NEWS-20260401000000-00002.warc.gz"]
    for name in names:
        (folder / name).write_bytes(b"".join(members))
    paths = "\n".join(f"crawl-data/CC-NEWS/{name}" for name in names)
    (folder / "warc.paths.gz").write_bytes(gzip.compress(paths.encode()))
    rows = [{"url": address, "text": "Fog over the bay.", "fetched_at": "2026-03-05"} for address in PAGES]
    pq.write_table(pa.Table.from_pylist(rows), folder / "dump.parquet")
    return folder


def _take(zone: Path, source: Source, **days: date) -> list[Taken]:
    zone.mkdir(exist_ok=True)
    return list(take_archives([source], LocalStorage(str(zone)), **days))


def test_the_pages_of_a_source_s_domains_are_referred_to(zone: Path, crawl: Path) -> None:
    source = Source("Morgen", warcs=(str(crawl / "warc.paths.gz"),), domains=("morgen.example",))
    (taken,) = _take(zone, source, first=date(2026, 3, 5), last=date(2026, 3, 5))

    assert (len(taken.files), taken.n_new) == (1, 1)
    assert [(row["url"], row["outlet"], row["body"]) for row in read(zone)] == [
        ("https://www.morgen.example/a/0", "Morgen", b"<html><p>Fog 0</p></html>")
    ]


def test_all_pages_are_taken_where_a_source_has_no_domain_and_names_no_outlet(
    zone: Path, crawl: Path
) -> None:
    _take(zone, Source("CC-NEWS", warcs=(str(crawl / "CC-NEWS-20260305000000-00001.warc.gz"),)))
    assert [(row["url"], row["outlet"]) for row in read(zone)] == [(address, None) for address in PAGES]


def test_rows_of_a_dump_are_copied(zone: Path, crawl: Path) -> None:
    _take(zone, Source("Abend", warcs=((crawl / "dump.parquet").as_uri(),), domains=("abend.example",)))
    assert [row["url"] for row in read(zone)] == ["https://abend.example/a/1"]


def test_what_stands_there_is_left_as_it_is(zone: Path, crawl: Path) -> None:
    source = Source(
        "Morgen",
        warcs=(str(crawl / "warc.paths.gz"), str(crawl / "dump.parquet")),
        feeds=("https://morgen.example/rss",),
    )
    first = _take(zone, source)
    files = {path: path.read_bytes() for path in zone.rglob("*.*") if path.is_file()}
    again = _take(zone, source)

    assert [taken.n_new for taken in first] == [1, 1, 1]
    assert [taken.n_new for taken in again] == [0, 0, 0]
    assert [taken.files for taken in again] == [taken.files for taken in first]
    assert {path: path.read_bytes() for path in files} == files


def test_what_is_no_archive_or_is_not_there_is_named(zone: Path, tmp_path: Path) -> None:
    for place, said in (
        ("x.zip", "must end in one of .warc"),
        ("x.warc.gz", "no such file"),
        ("x.paths", "no such file"),
    ):
        with pytest.raises(SettingsError, match=f"{place}.* {said}|{place}: {said}"):
            _take(zone, Source("a", warcs=(str(tmp_path / place),)))


def test_a_store_is_read_through_what_opens_it(zone: Path) -> None:
    warc = gzip.compress(record("response", reply(b"<html>", HTML), "https://a.example/"))
    taken = list(
        take_archives(
            [Source("a", warcs=("s3://b/x.warc.gz",))],
            LocalStorage(str(zone)),
            opened=lambda _: io.BytesIO(warc),
        )
    )
    assert [one.uri for one in taken] == ["s3://b/x.warc.gz"]


def test_an_archive_that_several_sources_name_is_read_once_and_each_outlet_has_files_of_its_own(
    zone: Path, crawl: Path
) -> None:
    place = (str(crawl / "CC-NEWS-20260305000000-00001.warc.gz"),)
    morgen = Source("Morgen", warcs=place, domains=("morgen.example",))
    abend = Source("Abend", warcs=place, domains=("abend.example",))
    (alone,) = _take(zone, morgen)
    (both,) = take_archives([morgen, abend], LocalStorage(str(zone)))

    assert (alone.n_new, both.n_new, len(both.files)) == (1, 1, 2)
    assert sorted(row["outlet"] for row in read(zone)) == ["Abend", "Morgen"]


def test_other_filters_of_an_archive_have_files_of_their_own(zone: Path, tmp_path: Path) -> None:
    """A second selection leaves nothing out because the first one stands there, and changes nothing of it."""
    page = "<html lang='{0}'><p>{1}</p></html>"
    german = page.format("de", "Der Nebel blieb eine Woche, und kein Schiff konnte den Hafen verlassen. " * 3)
    english = page.format("en", "The fog stayed for a week, and no ship could leave the harbour in it. " * 3)
    bodies = {"https://a.example/1": german, "https://a.example/2": english, "https://b.example/3": german}
    members = [
        gzip.compress(record("response", reply(body.encode(), HTML.replace("ISO-8859-2", "utf-8")), address))
        for address, body in bodies.items()
    ]
    (tmp_path / "x.warc.gz").write_bytes(b"".join(members))
    rows = [
        {
            "url": address,
            "text": "Fog.",
            "language": {"de": "deu", "en": "eng_Latn"}[body[12:14]],
            "date": "2026-03-05",
        }
        for address, body in bodies.items()
    ]
    (tmp_path / "x.jsonl").write_bytes(lines(*rows))
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "x.parquet")
    for form, n in (("warc.gz", 1), ("parquet", 1), ("jsonl", 1)):
        shutil.rmtree(zone, ignore_errors=True)
        place, domains = (str(tmp_path / f"x.{form}"),), ("a.example",)
        found: list[str] = []
        for source in (
            Source("A", warcs=place, domains=domains, language="de"),
            Source("A", warcs=place, domains=domains, language="en-GB"),
            Source("A", warcs=place, domains=(*domains, "b.example"), language="de"),
        ):
            (taken,) = _take(zone, source)
            assert taken.n_new == n, (form, source)
            found = sorted(str(row["url"]) for row in read(zone))
        assert found == sorted(bodies), form


def test_rows_that_name_no_day_are_counted(zone: Path, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_bytes(lines({"text": "Fog."}, {"text": "Fog.", "date": "2026-03-05"}))
    (taken,) = _take(zone, Source("A", warcs=(str(tmp_path / "x.jsonl"),)))
    assert (len(taken.files), taken.n_undated) == (1, 1)


def test_of_a_list_of_the_crawl_s_files_only_what_is_asked_for_is_read_and_nothing_is_copied(
    zone: Path, tmp_path: Path
) -> None:
    """By outlet, language and day at once, with the layout of CC-NEWS: a file for each half hour, named by when it began."""
    crawl = tmp_path / "crawl-data/CC-NEWS/2026/03"
    crawl.mkdir(parents=True)
    german = "Der Nebel blieb eine Woche, und kein Schiff konnte den Hafen verlassen. " * 40
    english = "The fog stayed for a week, and no ship could leave the harbour in it. " * 40
    names = [
        f"CC-NEWS-202603{stamp}-0000{n}.warc.gz"
        for n, stamp in enumerate(("03120000", "04233000", "05020000", "06000500", "07000000"))
    ]
    for name in names:
        day = name[14:16]
        asked = [
            ("www.morgen.example", german),
            ("www.morgen.example", english),
            ("abend.example", german),
            ("mittag.example", german),
        ]
        members = []
        for n, (host, text) in enumerate(asked):
            page = reply(
                f"<html><p>{name} {n} {text}</p></html>".encode(), HTML.replace("ISO-8859-2", "utf-8")
            )
            one = record("response", page, f"https://{host}/{day}/{n}")
            members.append(gzip.compress(one.replace(b"2026-03-05T", f"2026-03-{day}T".encode())))
        (crawl / name).write_bytes(b"".join(members))
    listed = "\n".join(f"crawl-data/CC-NEWS/2026/03/{name}" for name in names)
    (crawl / "warc.paths.gz").write_bytes(gzip.compress(listed.encode()))
    opened: list[str] = []

    def watched(uri: str) -> BinaryIO:
        opened.append(uri.rpartition("/")[2])
        return open_uri(uri)

    places, day = (str(crawl / "warc.paths.gz"),), date(2026, 3, 5)
    sources = [
        Source("Morgen", warcs=places, domains=("morgen.example",), language="de"),
        Source("Abend", warcs=places, domains=("abend.example",), language="de"),
    ]
    zone.mkdir()
    taken = list(take_archives(sources, LocalStorage(str(zone)), day, day, opened=watched))

    assert opened == ["warc.paths.gz", *names[1:3]], "a file goes on until the next one begins"
    assert sorted((row["url"], row["outlet"]) for row in read(zone)) == [
        ("https://abend.example/05/2", "Abend"),
        ("https://www.morgen.example/05/0", "Morgen"),
    ]
    files = [path for path in zone.rglob("*.*") if path.is_file()]
    assert all(path.name.endswith(".warc-ref.jsonl") for path in files)
    assert sum(path.stat().st_size for path in files) < 1_000
    assert [2] == [one.n_new for one in taken if one.files]
