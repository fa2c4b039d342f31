"""Which field of a delivered record is which."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.landing import columns
from pipeline.landing.files import list_files
from pipeline.landing.read import read_raw
from pipeline.landing.record import from_fields
from pipeline.model.errors import SettingsError
from pipeline.model.kinds import Reject
from pipeline.settings import load
from pipeline.store.local import LocalStorage
from tests.command import ROOT
from tests.delivered import DAY, lines, put, read, read_one

TEXT = "The council of Northbridge met on Thursday and decided to mend the quay."
AT, LATER = datetime(2026, 3, 5, 8, 30, tzinfo=UTC), datetime(2026, 3, 5, 12, tzinfo=UTC)

# The shapes in which tools that are widely used write an article, with values of our own.
SHAPES: dict[str, dict[str, Any]] = {
    "news-please": {
        "authors": ["Ada Quill"],
        "date_download": "2026-03-05 12:00:00Z",
        "date_modify": None,
        "date_publish": "2026-03-05 08:30:00Z",
        "description": "A short line.",
        "filename": "https%3A%2F%2Fexample.org%2Fquay.json",
        "image_url": "https://example.org/quay.jpg",
        "language": "en",
        "maintext": TEXT,
        "source_domain": "example.org",
        "title": "Quay to be mended",
        "title_page": "Quay to be mended - Example",
        "url": "https://example.org/quay",
    },
    "fundus": {
        "title": "Quay to be mended",
        "authors": ["Ada Quill"],
        "body": {"summary": [], "sections": [{"headline": [], "paragraphs": [TEXT]}]},
        "publishing_date": "2026-03-05 08:30:00+00:00",
        "html": {"requested_url": "https://example.org/quay", "crawl_date": "2026-03-05T12:00:00Z"},
        "publisher": "example.org",
    },
    "table of news": {
        "title": "Quay to be mended",
        "text": TEXT,
        "domain": "example.org",
        "date": "2026-03-05 08:30:00Z",
        "crawl_date": "2026-03-05 12:00:00Z",
        "description": "A short line.",
        "url": "https://example.org/quay",
    },
    "feed": {
        "headline": "Quay to be mended",
        "content_text": TEXT,
        "link": "https://example.org/quay",
        "datePublished": "2026-03-05T08:30:00Z",
        "retrieved_at": "2026-03-05T12:00:00Z",
        "publisher": {"@type": "Organization", "name": "example.org"},
    },
    "in capitals": {
        "URL": "https://example.org/quay",
        "Title": "Quay to be mended",
        "Content": TEXT,
        "Publish-Date": "2026-03-05T08:30:00Z",
        "Scraped At": "2026-03-05T12:00:00Z",
        "Site Name": "example.org",
    },
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_names_that_crawlers_write_are_known(zone: Path, shape: str) -> None:
    """In JSON lines and, where a table can have them, in Parquet."""
    put(zone, "a.jsonl", lines(SHAPES[shape]))
    if not any(isinstance(value, dict) for value in SHAPES[shape].values()):
        pq.write_table(pa.Table.from_pylist([SHAPES[shape]]), put(zone, "b.parquet", b""))

    for row in read(zone):
        assert ("text", TEXT) == (row["media"], row["body"].decode())
        assert ("https://example.org/quay", "Quay to be mended") == (row["url"], row["title"])
        assert ("example.org", AT, LATER) == (row["outlet"], row["published_at"], row["fetched_at"])
        assert row["authors"] in (None, ["Ada Quill"])


@pytest.mark.parametrize(
    "name",
    [
        "content",
        "body",
        "maintext",
        "raw_html",
        "html_content",
        "body_html",
        "articleHtml",
        "content:encoded",
    ],
)
@pytest.mark.parametrize("start", ["\n<!DOCTYPE html>", '<?xml version="1.0"?>\n<!doctype  html>', ""])
def test_a_whole_page_is_a_page_whatever_its_field_is_called(zone: Path, name: str, start: str) -> None:
    page = f"{start}<html><body><p>{TEXT}</p></body></html>"

    row = read_one(zone, "a.jsonl", lines({name: page, "url": "https://example.org/"}))

    assert ("html", page) == (row["media"], row["body"].decode())


@pytest.mark.parametrize("name", ["body_html", "articleHtml", "content:encoded"])
def test_a_piece_of_a_page_is_read_as_one(zone: Path, name: str) -> None:
    row = read_one(zone, "a.jsonl", lines({name: f"<p>{TEXT}</p>", "title": "Quay to be mended"}))

    assert ("html", f"<p>{TEXT}</p>") == (row["media"], row["body"].decode())


def test_the_paragraphs_of_a_list_are_lines(zone: Path) -> None:
    row = read_one(zone, "a.jsonl", lines({"text": ["One.", {"p": "Two.", "n": 3}, ["Three."], None]}))

    assert b"One.\nTwo.\nThree." == row["body"]


def test_a_record_with_the_names_of_newsfold_is_what_it_was(zone: Path) -> None:
    """Whatever else stands in it: a name that only may mean something decides no identity."""
    more = {"link": "https://x.example/other", "content": "Other", "headline": "Other", "domain": "x.example"}
    page = read_one(zone, "a.jsonl", lines({"html": "<p>A", **more, "date": "2020-01-01"}))
    text = read_one(zone, "a.jsonl", lines({"text": "A", "url": "https://example.org/a", **more}))
    own = read_one(
        zone,
        "a.jsonl",
        lines({"text": "A", "title": "T", "outlet": "O", "published_at": "2026-03-05", **more}),
    )

    names = ("url", "title", "outlet", "published_at")
    assert [None] * 4 == [page[n] for n in names]
    assert ["https://example.org/a", None] == [text["url"], text["title"]]
    assert ["T", "O", datetime(2026, 3, 5, tzinfo=UTC)] == [own[n] for n in names[1:]]


def test_an_unusable_value_gives_way_to_the_next_name(zone: Path) -> None:
    row = read_one(
        zone,
        "a.jsonl",
        lines(
            {
                "text": " ",
                "maintext": None,
                "content": 7,
                "body": TEXT,
                "date": "soon",
                "pubDate": "2026-03-05T08:30:00Z",
            }
        ),
    )

    assert (TEXT, AT) == (row["body"].decode(), row["published_at"])


def test_a_record_without_a_text_says_what_it_has(zone: Path) -> None:
    put(zone, "a.jsonl", lines({"lyrics": "la", "n": 1}, {}, {f"name {n}": n for n in range(1000)}))

    one, none, many = read(zone)

    assert one["detail"] == "no html, text or title, but the columns lyrics, n"
    assert none["detail"] == "no html, text or title, but nothing"
    assert many["detail"].startswith("no html, text or title, but the columns name 0, name 1,")
    assert [Reject.BAD_RECORD] * 3 == [row["reason"] for row in (one, none, many)]


def read_with(zone: Path, setting: str) -> list[dict[str, Any]]:
    storage = LocalStorage(zone)
    return pa.concat_tables(read_raw(storage, list_files(storage, DAY), 10**6, setting)).to_pylist()


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet"])
def test_a_setting_says_what_a_name_means(zone: Path, name: str) -> None:
    """It comes before the names that are known, and leads into objects."""
    record = {"text": "A teaser.", "story": TEXT, "where": "https://example.org/quay", "source": "Example"}
    path = put(zone, name, lines(record))
    if name.endswith(".parquet"):
        pq.write_table(pa.Table.from_pylist([record]), path)

    (row,) = read_with(zone, "story=text, where = url,source=outlet")

    assert (TEXT, "https://example.org/quay", "Example") == (row["body"].decode(), row["url"], row["outlet"])


def test_a_setting_leads_into_objects(zone: Path) -> None:
    put(zone, "a.jsonl", lines({"meta": {"page": {"address": "https://example.org/quay"}}, "text": TEXT}))

    assert "https://example.org/quay" == read_with(zone, "meta.page.address=url")[0]["url"]


@pytest.mark.parametrize(
    ("profile", "record", "expected"),
    [
        ("newsapi", {"source": {"id": None, "name": "Example"}, "content": TEXT}, {"outlet": "Example"}),
        (
            "trafilatura",
            {"source": "https://example.org/quay", "text": TEXT},
            {"url": "https://example.org/quay"},
        ),
        ("feed", {"title": "Quay", "description": TEXT}, {"title": "Quay"}),
        ("cc-news", {"html": f"<p>{TEXT}", "date": "2026-03-05T08:30Z"}, {"published_at": AT}),
    ],
)
def test_a_profile_says_what_ambiguous_names_mean(
    zone: Path, profile: str, record: dict[str, Any], expected: dict[str, Any]
) -> None:
    put(zone, "a.jsonl", lines(record))

    (row,) = read_with(zone, profile)

    assert TEXT in row["body"].decode()
    assert expected == {name: row[name] for name in expected}


def test_every_profile_is_well_formed() -> None:
    assert all(columns.parse(profile).chosen for profile in columns.PROFILES)


@pytest.mark.parametrize("setting", ["text", "=text", "story=", "story=body", "newsplease", "a=text,b"])
def test_a_setting_that_means_nothing_is_refused(setting: str) -> None:
    with pytest.raises(SettingsError, match="neither name=field, with a field of html, text, url"):
        load(columns=setting)


def test_the_setting_is_part_of_what_a_result_depends_on() -> None:
    assert load().results_digest() != load(columns="story=text").results_digest()


def test_no_name_of_a_record_makes_it_fail() -> None:
    for name in ("", ".", "..", "html.", ".url", "_", "\ud800", "text.text"):
        row = from_fields(0, {name: {name: name}}, 1000, columns.parse(f"{name or 'x'}=url"))
        assert Reject.BAD_RECORD == row["reason"]
        json.dumps(row["detail"].encode().decode())


@pytest.mark.parametrize(
    ("given_id", "kept"),
    [("a", "a"), (7, "7"), (" 7 ", "7"), (None, None), (True, None), (1.5, None), ([], None), ("", None)],
)
def test_the_id_that_came_with_a_record_is_kept(zone: Path, given_id: object, kept: str | None) -> None:
    assert kept == read_one(zone, "a.jsonl", lines({"text": TEXT, "id": given_id}))["given_id"]


def test_a_strangers_names_are_not_kept() -> None:
    """Who delivers decides how long the names of a record are, and how many there are."""
    columns._plain_cached.cache_clear()
    columns._crawlers.cache_clear()
    for n in range(50):
        record = {f"{'n' * 5_000}{n}": n, f"{'a-' * 100}{n}": n, "text": "The quay was mended."}
        delivered = columns.Delivered(record, columns.NO_COLUMNS)

        assert record["text"] in list(delivered.values("text", by_crawlers=True))

    assert (1, 1) == (columns._plain_cached.cache_info().currsize, columns._crawlers.cache_info().currsize)


def test_the_docs_list_each_field_and_only_names_that_are_known_as_it() -> None:
    page = (ROOT / "docs" / "landing.md").read_text(encoding="utf-8")
    section = page.partition("## Fields of a record")[2].partition("## ")[0]
    table = re.findall(r"^\| `(\w+)` \|.*\|(.*)\|$", section, re.MULTILINE)
    listed = {field: re.findall(r"`([^`]+)`", names) for field, names in table}

    assert list(columns.FIELDS) == sorted(listed, key=columns.FIELDS.index)
    unknown = {
        name: field
        for field, names in listed.items()
        for name in names
        if next(columns.Delivered({name: "x"}, columns.NO_COLUMNS).values(field, by_crawlers=True), "") != "x"
    }
    assert {} == unknown
