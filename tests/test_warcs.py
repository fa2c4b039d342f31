"""Archives of news: which files are read, and what of them becomes a reference."""

import gzip
import io
from datetime import date
from pathlib import Path

import pytest

from pipeline.harvest.warcs import Reference, Wanted, paths_of, reference_files, references_of, within
from pipeline.model.errors import DamagedError
from tests.delivered import HTML, put, read, record, reply

LIST = "s3://commoncrawl/crawl-data/CC-NEWS/2026/03/warc.paths.gz"
NAME = "crawl-data/CC-NEWS/2026/03/CC-NEWS-202603{}-00001.warc.gz"
ENGLISH = (
    "<p>The fog over the bay stayed for a week, and no ship could leave the harbour before Sunday.</p>" * 5
)
GERMAN = (
    "<p>Der Nebel über der Bucht blieb eine Woche, und kein Schiff konnte den Hafen vor Sonntag verlassen.</p>"
    * 5
)


def _page(text: str, address: str, day: int = 5) -> bytes:
    found = record(
        "response", reply(f"<html>{text}</html>".encode(), HTML.replace("ISO-8859-2", "utf-8")), address
    )
    return found.replace(b"2026-03-05T", b"2026-03-%02dT" % day)


def _warc(*records: bytes) -> bytes:
    return b"".join(gzip.compress(one, mtime=0) for one in records)


SEVERAL = _warc(
    record("warcinfo", b"x", type_="application/warc-fields"),
    _page(ENGLISH, "https://www.morgen.example/a/1"),
    record("request", b"GET / HTTP/1.1\r\n\r\n"),
    _page(GERMAN, "https://abend.example/b/1", day=6),
    _page(GERMAN, "https://nord.morgen.example/a/2"),
)


def _found(wanted: Wanted, content: bytes = SEVERAL) -> list[Reference]:
    return list(references_of(io.BytesIO(content), "s3://b/a.warc.gz", wanted))


def test_a_list_names_files_from_the_root_of_the_crawls() -> None:
    listed = gzip.compress(f"{NAME.format('05013012')}\n\n".encode())
    assert paths_of(listed, LIST) == [f"s3://commoncrawl/{NAME.format('05013012')}"]
    assert paths_of(b"a.warc\ns3://b/c.warc\n/d.warc", "/folder/warc.paths") == [
        "/folder/a.warc",
        "s3://b/c.warc",
        "/d.warc",
    ]
    with pytest.raises(DamagedError, match=LIST):
        paths_of(listed[:-12], LIST)


def test_only_files_that_may_hold_a_wanted_day_are_read() -> None:
    files = [
        NAME.format(stamp)
        for stamp in ("03230000", "04120000", "04233000", "05020000", "06010000", "07000000")
    ]
    kept = within([*files, "other.warc"], Wanted(first=date(2026, 3, 5), last=date(2026, 3, 5)))
    assert kept == ["other.warc", files[2], files[3]]
    assert len(within(files, Wanted())) == 6


def test_all_responses_are_referred_to_where_nothing_is_asked_for() -> None:
    found = _found(Wanted())
    assert [(one.day.day, one.outlet, one.id) for one in found] == [
        (5, None, "<urn:uuid:1>"),
        (6, None, "<urn:uuid:1>"),
        (5, None, "<urn:uuid:1>"),
    ]
    for one in found:
        assert gzip.decompress(SEVERAL[one.offset : one.offset + one.length]).startswith(
            b"WARC/1.0\r\nWARC-Type: response"
        )


def test_outlets_days_and_languages_are_asked_for() -> None:
    outlets = {"morgen.example": "Morgen", "nord.morgen.example": "Morgen Nord"}
    assert [one.outlet for one in _found(Wanted(outlets))] == ["Morgen", "Morgen Nord"]
    assert [one.day.day for one in _found(Wanted(first=date(2026, 3, 6)))] == [6]
    assert [one.outlet for one in _found(Wanted(outlets, languages=frozenset({"de"})))] == ["Morgen Nord"]
    assert _found(Wanted({"nobody.example": "x"})) == []


def test_references_are_read_as_if_the_pages_stood_in_the_landing_zone(zone: Path, tmp_path: Path) -> None:
    archive = tmp_path / "CC-NEWS-20260305013012-00001.warc.gz"
    archive.write_bytes(SEVERAL)
    files = reference_files(
        references_of(io.BytesIO(SEVERAL), str(archive), Wanted({"morgen.example": "Morgen"}))
    )
    ((name, content),) = files.items()
    put(zone, Path(name).name, content)

    assert name.startswith("day=2026-03-05/CC-NEWS-20260305013012-00001-")
    assert [(row["url"], row["outlet"]) for row in read(zone)] == [
        ("https://www.morgen.example/a/1", "Morgen"),
        ("https://nord.morgen.example/a/2", "Morgen"),
    ]


def test_each_day_and_each_archive_file_has_references_of_its_own() -> None:
    found = _found(Wanted())
    files = reference_files(
        [*reversed(found), *references_of(io.BytesIO(SEVERAL), "s3://b/b.warc.gz", Wanted())]
    )
    assert sorted(name[:16] for name in files) == [
        "day=2026-03-05/a",
        "day=2026-03-05/b",
        "day=2026-03-06/a",
        "day=2026-03-06/b",
    ]
    assert reference_files(found) == reference_files(reversed(found))


def test_an_archive_that_is_not_packed_or_breaks_off_gives_what_is_whole() -> None:
    plain = _page(ENGLISH, "https://a.example/") + _page(GERMAN, "https://b.example/")
    (first, second) = _found(Wanted(), plain)
    assert (first.offset, second.offset, second.length) == (0, first.length, len(plain) - first.length)
    assert len(_found(Wanted(), SEVERAL[: _found(Wanted())[1].offset + 40])) == 1
    assert _found(Wanted(), b"no archive") == []


class Failing(io.BytesIO):
    """A disk that gives the beginning of a file, and then an error."""

    n_reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.n_reads += 1
        if self.n_reads > 1:
            raise OSError(5, "Input/output error")
        return super().read(min(size or 200, 200))


def test_a_disk_that_fails_is_no_end_of_the_file() -> None:
    """Else half of its references would stand in the landing zone for good."""
    with pytest.raises(OSError, match="Input/output"):
        list(references_of(Failing(SEVERAL), "/b/a.warc.gz", Wanted()))
