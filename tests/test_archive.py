"""What a harvest keeps of its answers, and what the landing zone's reader makes of it."""

import gzip
import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.batch import extract
from pipeline.harvest.archive import Exchange, file_name, opening, records_of
from pipeline.model.harvested import Harvested
from pipeline.model.internal_tables import RAW
from pipeline.model.kinds import Precision, Reject
from tests.delivered import DAY, put, read
from tests.pages import CAPS

AT = datetime(2026, 3, 5, 10, 11, 12, tzinfo=UTC)
PAGE = b"<html><title>Fog</title><p>" + b"The fog over the bay stayed for a week. " * 20 + b"</p></html>"
ANSWER = Exchange(
    address="https://morgen.example/a/1?x=1",
    path="/a/1?x=1",
    sent=(("Host", "morgen.example"), ("User-Agent", "newsfold")),
    version="HTTP/1.1",
    status=200,
    reason="OK",
    headers=(("Content-Type", "text/html; charset=utf-8"), ("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")),
    payload=gzip.compress(PAGE, mtime=0),
    fetched_at=AT,
    number="192.0.2.7",
)  # fmt: skip
KNOWN = Harvested(
    outlet="Morgen",
    owner="haus-nord",
    country="DE",
    listing="https://morgen.example/rss",
    title="Nebel über der Bucht",
    published_at="2026-03-05T08:00:00+00:00",
    precision="second",
    discovered_at="2026-03-05T10:00:00+00:00",
)


@pytest.fixture
def zone(tmp_path: Path) -> Path:
    return tmp_path


def _landed(zone: Path, *members: bytes) -> list[dict[str, Any]]:
    put(zone, "harvest.warc.gz", opening("x", AT, "newsfold/1", "newsfold") + b"".join(members))
    return read(zone)


def test_a_page_comes_with_what_its_listing_says_of_it(zone: Path) -> None:
    (row,) = _landed(zone, records_of(ANSWER, KNOWN))

    assert row["body"] == PAGE
    assert (row["url"], row["title"], row["outlet"]) == (ANSWER.address, KNOWN.title, "Morgen")
    assert (row["published_at"], row["published_precision"]) == (
        AT.replace(hour=8, minute=0, second=0),
        Precision.SECOND,
    )
    assert (row["fetched_at"], row["raw_ref"]) == (AT, "day=2026-03-05/harvest.warc.gz#3")


def test_the_listing_is_evidence_where_the_page_says_nothing(zone: Path) -> None:
    rows = _landed(zone, records_of(ANSWER, KNOWN))
    (found,) = extract(RAW.table(rows), day=DAY, caps=CAPS).to_pylist()
    assert (found["published_at_source"], found["title"], found["outlet"]) == ("feed", "Fog", "Morgen")


def test_what_is_known_is_of_its_own_answer_alone(zone: Path) -> None:
    """Not of the next one, and not of one that was written by another tool."""
    other = replace(ANSWER, address="https://morgen.example/a/2")
    _, lone = records_of(other, KNOWN).rsplit(b"\x1f\x8b", 1)
    rows = _landed(zone, records_of(ANSWER, KNOWN), b"\x1f\x8b" + lone)
    assert [(row["url"], row["outlet"]) for row in rows] == [
        (ANSWER.address, "Morgen"),
        (other.address, None),
    ]


def test_a_feed_that_was_kept_is_no_document(zone: Path) -> None:
    feed = replace(ANSWER, headers=(("Content-Type", "application/rss+xml"),), payload=b"<rss/>")
    assert _landed(zone, records_of(feed, replace(KNOWN, kind="rss"))) == []


def test_what_was_listed_and_is_no_page_is_a_reject_as_ever(zone: Path) -> None:
    picture = replace(ANSWER, headers=(("Content-Type", "image/png"),), payload=b"\x89PNG")
    (row,) = _landed(zone, records_of(picture, KNOWN))
    assert (row["reason"], row["title"]) == (Reject.NOT_A_PAGE, None)


def test_a_time_whose_zone_was_assumed_is_but_a_day(zone: Path) -> None:
    (row,) = _landed(zone, records_of(ANSWER, replace(KNOWN, flags=("zone_assumed",))))
    assert (row["published_at"], row["published_precision"]) == (
        datetime(2026, 3, 5, tzinfo=UTC),
        Precision.DAY,
    )


def test_an_answer_of_http_2_is_read_like_any_other(zone: Path) -> None:
    answer = replace(
        ANSWER, version="HTTP/2", reason="", headers=(("content-type", "text/html"),), payload=PAGE
    )
    (row,) = _landed(zone, records_of(answer, KNOWN))
    assert row["body"] == PAGE


def test_the_records_are_as_the_standard_has_them() -> None:
    stream = io.BytesIO(opening("f.warc.gz", AT, "newsfold/1", "newsfold") + records_of(ANSWER, KNOWN))
    records = [
        (record.headers["WARC-Type"], dict(record.headers), record.reader.read())
        for record in ArchiveIterator(stream, parse_http=False, verify_digests=True)
    ]

    assert [kind for kind, _, _ in records] == ["warcinfo", "metadata", "request", "response"]
    response = records[3][1]
    assert {fields["WARC-Concurrent-To"] for _, fields, _ in records[1:3]} == {response["WARC-Record-ID"]}
    assert response["WARC-IP-Address"] == "192.0.2.7"
    assert len({fields["WARC-Record-ID"] for _, fields, _ in records}) == 4
    assert records[2][2] == b"GET /a/1?x=1 HTTP/1.1\r\nHost: morgen.example\r\nUser-Agent: newsfold\r\n\r\n"


def test_the_transfer_coding_goes_and_the_content_coding_stays() -> None:
    member = records_of(ANSWER, KNOWN)
    text = gzip.decompress(member)
    assert b"Transfer-Encoding" not in text
    assert b"Content-Encoding: gzip" in text
    assert ANSWER.payload in text


def test_the_digest_of_the_payload_is_that_of_the_bytes_that_were_sent() -> None:
    plain = replace(ANSWER, payload=PAGE, headers=())
    digests = [
        gzip.decompress(records_of(answer, KNOWN)).split(b"WARC-Payload-Digest: ")[1].split(b"\r\n")[0]
        for answer in (ANSWER, plain)
    ]
    assert digests[0] != digests[1]


def test_the_same_values_give_the_same_bytes() -> None:
    assert records_of(ANSWER, KNOWN) == records_of(replace(ANSWER), replace(KNOWN))
    later = replace(ANSWER, fetched_at=AT.replace(second=13))
    assert records_of(later, KNOWN) != records_of(ANSWER, KNOWN)


def test_a_file_is_of_an_hour_and_an_outlet() -> None:
    names = {
        file_name(at, outlet, n) for at in (AT, AT.replace(hour=11)) for outlet in ("a", "b") for n in (0, 1)
    }
    assert len(names) == 8
    assert file_name(AT, "Morgen", 0).startswith("day=2026-03-05/harvest-10-")
    assert file_name(AT, "../x", 3).count("/") == 1


def test_what_breaks_off_loses_nothing_that_was_written_before_it(zone: Path) -> None:
    whole = records_of(ANSWER, KNOWN)
    rows = _landed(zone, whole, records_of(replace(ANSWER, address="https://x.example/"), KNOWN)[:-20])
    assert (rows[0]["body"], rows[0]["title"]) == (PAGE, KNOWN.title)


@given(st.text(max_size=20), st.text(max_size=20), st.binary(max_size=50))
def test_no_value_of_a_server_can_begin_a_record_or_a_field(name: str, value: str, payload: bytes) -> None:
    answer = replace(ANSWER, headers=((name, value),), reason=value, payload=payload, sent=((name, value),))
    stream = io.BytesIO(records_of(answer, replace(KNOWN, title=value)))
    records = [
        record.headers["WARC-Type"]
        for record in ArchiveIterator(stream, parse_http=False, verify_digests=True)
    ]
    assert records == ["metadata", "request", "response"]
