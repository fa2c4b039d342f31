"""References in the landing zone to records of WARC files that stand elsewhere."""

import gzip
import io
import json
import shutil
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from pipeline.landing.columns import NO_COLUMNS
from pipeline.landing.record import UnreadableError
from pipeline.landing.warc_references import open_uri, read_references
from pipeline.model.errors import PublishError
from pipeline.model.kinds import Reject
from pipeline.store.storage import filler
from tests.delivered import HTML, PAGE, outcome, put, read, record, reply
from tests.s3server import bucket


@pytest.fixture
def archive(tmp_path: Path) -> tuple[str, list[tuple[int, int]]]:
    """A WARC of three pages, a gzip member each, and where these are."""
    file, places, at = tmp_path / "far.warc.gz", [], 0
    members = [
        gzip.compress(record("response", reply(PAGE + b"%d" % n, HTML), f"http://x/{n}")) for n in range(3)
    ]
    for member in members:
        places.append((at, len(member)))
        at += len(member)
    file.write_bytes(b"".join(members))
    return str(file), places


def _refer(
    zone: Path, *references: dict[str, Any] | str, name: str = "a.warc-ref.jsonl"
) -> list[dict[str, Any]]:
    lines = [line if isinstance(line, str) else json.dumps(line) for line in references]
    content = "\n".join([*lines, ""]).encode()
    put(zone, name, gzip.compress(content) if name.endswith(".gz") else content)
    return read(zone)


@pytest.mark.parametrize("name", ["a.warc-ref.jsonl", "A.WARC-REF.JSONL.gz"])
def test_a_page_is_read_from_where_it_stands(zone: Path, archive: Any, name: str) -> None:
    uri, places = archive
    rows = _refer(zone, *({"uri": uri, "offset": at, "length": n} for at, n in reversed(places)), name=name)

    assert outcome(rows) == [("0", PAGE + b"2"), ("1", PAGE + b"1"), ("2", PAGE + b"0")]
    assert [row["url"] for row in rows] == ["http://x/2", "http://x/1", "http://x/0"]


def test_a_file_may_be_named_as_a_uri(zone: Path, archive: Any) -> None:
    uri, [(at, length), *_] = archive
    (row,) = _refer(zone, {"uri": Path(uri).as_uri(), "offset": at, "length": length, "outlet": "Morgen"})
    assert (row["body"], row["outlet"]) == (PAGE + b"0", "Morgen")


def test_another_record_than_was_meant_is_a_reject(zone: Path, archive: Any) -> None:
    uri, [(at, length), *_] = archive
    same = {"uri": uri, "offset": at, "length": length}
    rows = _refer(zone, same | {"id": "<urn:uuid:1>"}, same | {"id": "<urn:uuid:2>"})
    assert [row["reason"] for row in rows] == [None, Reject.BAD_RECORD]


def test_each_reference_that_leads_to_nothing_is_a_reject_of_its_own(zone: Path, archive: Any) -> None:
    uri, places = archive
    good = {"uri": uri, "offset": places[0][0], "length": places[0][1]}
    rows = _refer(
        zone,
        good | {"uri": uri.replace("far", "gone")},
        good | {"uri": "/etc/passwd"},
        good | {"uri": "relative/a.warc"},
        good | {"uri": "https://x.example/a.warc"},
        good | {"offset": 7},
        good | {"offset": 10**9},
        good | {"length": 10**12},
        good | {"length": 20},
        good | {"offset": -1},
        good | {"offset": "0"},
        "not JSON",
        "[]",
        "",
        good,
    )
    assert [row["reason"] for row in rows] == [
        Reject.UNREADABLE,
        *[Reject.OUTSIDE_LANDING] * 3,
        Reject.UNREADABLE,
        Reject.NOT_A_PAGE,
        Reject.TOO_LARGE,
        Reject.TRUNCATED,
        *[Reject.BAD_RECORD] * 4,
        None,
    ]
    assert [row["raw_ref"].rpartition("#")[2] for row in rows] == [*map(str, range(12)), "13"]


def test_many_large_pages_are_no_bomb(zone: Path, archive: Any) -> None:
    """A reference is short, whatever it refers to."""
    uri, [(at, length), *_] = archive
    rows = _refer(zone, *[{"uri": uri, "offset": at, "length": length}] * 300)
    assert [row["reason"] for row in rows] == [None] * 300


def test_a_store_that_does_not_answer_is_a_fault_of_the_machine() -> None:
    def opened(_uri: str) -> BinaryIO:
        raise PublishError("no answer")

    line = io.BytesIO(b'{"uri": "s3://b/a.warc", "offset": 0, "length": 9}')
    with pytest.raises(UnreadableError) as fault:
        list(read_references(line, "", 1000, NO_COLUMNS, opened))
    assert fault.value.reason == Reject.MACHINE_FAULT


def test_what_an_unmounted_disk_has_is_asked_for_again(zone: Path, archive: Any, tmp_path: Path) -> None:
    """Nothing at all in its folder, or no folder: else it would be a reject for ever."""
    name, places = archive
    (away := tmp_path / "mount").mkdir()
    reference = {"uri": f"{away}/x.warc.gz", "offset": places[0][0], "length": places[0][1]}
    for _ in range(2):
        assert [Reject.MACHINE_FAULT] == [row["reason"] for row in _refer(zone, reference)]
        away.rmdir() if away.exists() else None
    away.mkdir()
    (away / "other").touch()
    assert [Reject.UNREADABLE] == [row["reason"] for row in _refer(zone, reference)]
    shutil.copy(name, away / "x.warc.gz")
    assert [None] == [row["reason"] for row in _refer(zone, reference)]


def test_a_file_is_opened_once_for_what_is_read_of_it_in_a_row(archive: Any) -> None:
    uri, places = archive
    opened: list[str] = []

    def counting(name: str) -> BinaryIO:
        opened.append(name)
        return open_uri(name)

    lines = "\n".join(json.dumps({"uri": uri, "offset": at, "length": n}) for at, n in places)
    rows = list(read_references(io.BytesIO(lines.encode()), "", 100_000, NO_COLUMNS, counting))
    assert (len(rows), opened) == (3, [uri])


@pytest.mark.services
@pytest.mark.usefixtures("proxy")
def test_references_lead_into_buckets(zone: Path, archive: Any) -> None:
    uri, places = archive
    far = bucket("archives")
    far.replace("crawl/a.warc.gz", filler(Path(uri).read_bytes()))
    rows = _refer(
        zone, *({"uri": f"{far.uri}/crawl/a.warc.gz", "offset": at, "length": n} for at, n in places)
    )
    assert [row["body"] for row in rows] == [PAGE + b"0", PAGE + b"1", PAGE + b"2"]
