"""From extracted documents to articles: identity, length, headlines alone, stubs, redeliveries."""

import random
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clean import articles, habits
from pipeline.model.ids import article_id
from pipeline.model.internal_tables import CLEANED, DELIVERIES, EXTRACTED, LINES
from tests.extracted import DAY, PITCH, body, document, lines_of, outlet_of, run, sentence, text_of


def test_what_the_page_showed_not_to_be_its_text_counts_among_what_was_taken_out() -> None:
    """First those lines, then furniture."""
    one = document("a.html#2", ["Home / News", *body("bridge")], dropped=["Ten more stories"])

    assert run([one])["a.html#2"]["furniture_removed"] == ["Ten more stories", "Home / News"]


def test_an_article_has_what_its_document_says_and_what_its_text_is() -> None:
    """Carried columns are carried, made ones made."""
    when = datetime(2026, 3, 4, 10, tzinfo=UTC)
    fields = {
        "outlet": "Report",
        "title": "Bridge to close",
        "language": "en",
        "published_at": when,
        "fetched_at": when,
    }
    found = run([document("a.html#2", ["Home / News", *body("bridge")], authors=["Jane Doe"], **fields)])[
        "a.html#2"
    ]

    assert fields == {name: found[name] for name in fields}
    assert found["authors"] == ["Jane Doe"]
    assert sentence("bridge", 0) == found["lead"]
    assert len(found["text"].split()) == found["word_count"]
    assert found["furniture_removed"] == ["Home / News"]
    assert found["ingest_date"] == DAY
    assert found["is_stub"] is False
    assert found["reason"] is None


def test_the_id_begins_with_the_day_and_comes_from_address_text_and_day() -> None:
    """Nothing else: neither the path of a document with an address, nor other documents."""
    ids = {
        name: run([document(ref, body(topic), canonical_url=url)])[ref]["article_id"]
        for name, ref, topic, url in [
            ("it", "a#0", "bridge", "https://example.com/1"),
            ("same", "b#7", "bridge", "https://example.com/1"),
            ("address", "a#0", "bridge", "https://example.com/2"),
            ("text", "a#0", "ferry", "https://example.com/1"),
        ]
    }

    assert ids["it"] == ids["same"]
    assert len({ids["it"], ids["address"], ids["text"]}) == 3
    assert ids["it"].startswith("20260305")
    assert len(ids["it"]) == 32
    assert int(ids["it"], 16) >= 0


def test_without_an_address_the_path_identifies_but_not_the_record() -> None:
    """A file that is delivered again with a line before it has the same articles."""
    one, two = run([document("a.jsonl#1", body("x"))]), run([document("a.jsonl#2", body("x"))])
    other = run([document("b.jsonl#1", body("x"))])

    assert one["a.jsonl#1"]["article_id"] == two["a.jsonl#2"]["article_id"]
    assert one["a.jsonl#1"]["article_id"] != other["b.jsonl#1"]["article_id"]


def test_an_id_does_not_change_when_others_make_a_line_furniture() -> None:
    """The text before the removal counts."""
    alone = run(outlet_of("bridge", PITCH))["bridge.txt#0"]
    among = run(outlet_of("bridge ferry tunnel", PITCH))["bridge.txt#0"]

    assert alone["text"] != among["text"]
    assert alone["article_id"] == among["article_id"]


def test_a_reject_of_an_earlier_stage_passes_through() -> None:
    """With its stage, reason and detail, and nothing else."""
    row = document("a#0", []) | {"text": None, "stage": "extract", "reason": "no_text", "detail": "empty"}
    found = run([row, document("b#0", body("x"))])

    rejected = {k: v for k, v in found["a#0"].items() if v is not None}
    assert rejected == {"raw_ref": "a#0", "stage": "extract", "reason": "no_text", "detail": "empty"}


def test_there_is_one_row_for_each() -> None:
    """Also for those of which nothing is left."""
    found = run(
        [document("a#0", ["Advertisement"]), document("b#0", body("x")), document("c#0", ["Too short."])]
    )

    assert {"a#0", "b#0", "c#0"} == set(found)
    assert [found[r]["reason"] for r in ("a#0", "b#0", "c#0")] == ["too_short", None, "too_short"]
    assert "1 lines of furniture" in found["a#0"]["detail"]


@pytest.mark.parametrize(
    ("text", "title", "is_article"),
    [
        ("Eight words are enough for an article here.", None, True),
        ("Seven words are too few for it.", None, False),
        ("Seven words are too few for it.", "But not with a headline", True),
        ("Three words only.", "And a headline over them that is long", False),
    ],
)
def test_a_headline_with_half_a_line_of_text_is_a_piece_of_news(
    text: str, title: str | None, is_article: bool
) -> None:
    """The words of both count where the text alone is short."""
    found = run([document("a#0", [text], title=title)])["a#0"]

    assert is_article == (found["reason"] is None)


HEADLINE = "Northern bridge in Aldmoor closes after cracks were found"


@pytest.mark.parametrize(
    ("title", "lines", "kept"),
    [
        (HEADLINE, [HEADLINE], [HEADLINE]),
        (HEADLINE.upper(), [HEADLINE], [HEADLINE]),
        (HEADLINE, [HEADLINE + "!"], [HEADLINE + "!"]),
        (HEADLINE, [HEADLINE + "."], [HEADLINE + "."]),
        (HEADLINE, ["“" + HEADLINE + "”"], ["“" + HEADLINE + "”"]),
        (HEADLINE + " | Northern Report", [HEADLINE], [HEADLINE]),
        (HEADLINE, [HEADLINE + " | Northern Report"], [HEADLINE + " | Northern Report"]),
        (HEADLINE, [HEADLINE, HEADLINE], [HEADLINE]),
        (HEADLINE, [HEADLINE, HEADLINE.upper()], [HEADLINE]),
        (HEADLINE, ["Regional", HEADLINE, "By Jane Doe", "5 March 2026", "Share"], [HEADLINE]),
        (HEADLINE, ["ALDMOOR (AFP) - " + HEADLINE], ["ALDMOOR (AFP) - " + HEADLINE]),
        (HEADLINE, ["ALDMOOR, 5 March (AFP) -", HEADLINE], ["ALDMOOR, 5 March (AFP) -", HEADLINE]),
        (HEADLINE, [HEADLINE, "ALDMOOR, 5 March 2026"], [HEADLINE, "ALDMOOR, 5 March 2026"]),
        (HEADLINE, [HEADLINE, "More soon."], [HEADLINE, "More soon."]),
        (None, [HEADLINE], [HEADLINE]),
        ("北橋が秋まで閉鎖、市議会が決定", ["北橋が秋まで閉鎖、市議会が決定"], ["北橋が秋まで閉鎖、市議会が決定"]),
        ("उत्तरी पुल मरम्मत के लिए शरद ऋतु तक बंद", ["उत्तरी पुल मरम्मत के लिए शरद ऋतु तक बंद"], ["उत्तरी पुल मरम्मत के लिए शरद ऋतु तक बंद"]),
    ],
)  # fmt: skip
def test_a_headline_alone_is_an_article(title: str | None, lines: list[str], kept: list[str]) -> None:
    """Feeds deliver no more, or the same again, or what stands around it."""
    found = run([document("a#0", lines, title=title)], min_words=7)["a#0"]

    assert (found["reason"], text_of(found)) == (None, kept)
    assert found["title"] == title
    assert [line for line in found["furniture_removed"] if line in kept] == [
        line for line in kept if lines.count(line) > 1
    ]


@pytest.mark.parametrize("end", ["", ".", "!", "?", " "])
@pytest.mark.parametrize("n_words", [1, 2, 3, 4, 5, 9])
@pytest.mark.parametrize("has_title", [True, False])
def test_the_words_of_a_headline_alone_count_once(end: str, n_words: int, has_title: bool) -> None:
    """Whatever sign it ends in, with the same title or without one."""
    headline = " ".join(HEADLINE.split()[:n_words]) + end
    row = document("a#0", [headline], title=headline if has_title else None)

    enough, one_less = (run([row], min_words=n)["a#0"] for n in (n_words, n_words + 1))

    assert (enough["reason"], enough["word_count"]) == (None, n_words)
    assert one_less["reason"] == "too_short"
    assert one_less["detail"].startswith(f"{n_words} words")


def test_a_headline_goes_where_its_text_is_long_enough() -> None:
    """It stands in its own column."""
    found = run([document("a#0", [HEADLINE, *body("x")], title=HEADLINE)])["a#0"]

    assert text_of(found) == body("x")
    assert found["furniture_removed"] == [HEADLINE]


@pytest.mark.parametrize("lines", [["Advertisement"], ["Share"], ["Share", "By Jane Doe"]])
def test_furniture_alone_is_no_headline(lines: list[str]) -> None:
    """However few words suffice."""
    found = run([document("a#0", lines, title="Northern bridge")], min_words=1)["a#0"]

    assert (found["reason"], found["detail"][:8]) == ("too_short", "0 words,")


def test_headlines_of_a_feed_are_not_its_furniture() -> None:
    """Nor is one that it repeats on other days."""
    rows = [document(f"{n}#0", [f"{HEADLINE} {n}"], title=f"{HEADLINE} {n}", outlet="A") for n in range(9)]
    rows += [document(f"same{n}#0", [HEADLINE], title=HEADLINE, outlet="A") for n in range(9)]

    found = run(rows, lines_of(rows), lines_of(rows))

    assert {row["reason"] for row in found.values()} == {None}


def test_words_of_scripts_without_spaces_are_characters() -> None:
    """There is nothing else to count."""
    text = "市議会は火曜日、北橋を秋まで閉鎖することを決めた。"

    assert 21 <= run([document("a#0", [text])])["a#0"]["word_count"] <= len(text)


@pytest.mark.parametrize(
    ("lines", "fields", "is_stub"),
    [
        (body("x"), {}, False),
        (body("x"), {"is_paywalled": True}, True),
        (body("x", 20), {"is_paywalled": True}, False),
        ([*body("x"), "Already a subscriber? Log in"], {}, True),
        ([*body("x"), "The council then decided that the bridge would…"], {}, True),
        (body("x", 3), {"title": "Live: council votes on bridge"}, True),
        (body("x", 40), {"title": "Live: council votes on bridge"}, False),
        (body("x"), {"title": "Alive and well: the bridge"}, False),
    ],
)
def test_a_stub_is_less_than_its_article(lines: list[str], fields: dict[str, Any], is_stub: bool) -> None:
    """Teasers, shells of live blogs, texts that break off."""
    assert is_stub == run([document("a#0", lines, **fields)])["a#0"]["is_stub"]


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 4))
def test_cleaning_is_row_wise(rng: random.Random, n_parts: int) -> None:
    """In any order, in any split, the same rows."""
    documents = [
        *outlet_of("bridge ferry tunnel", PITCH),
        document("bad#0", ["Share"]),
        *outlet_of("a b", outlet="B"),
    ]
    extracted = EXTRACTED.table(documents)
    recurring = habits.recurring(lines_of(documents))
    rng.shuffle(documents)
    parts = [EXTRACTED.table(documents[n::n_parts]) for n in range(n_parts)]

    whole = articles.clean(extracted, recurring=recurring, day=DAY, min_words=8)
    split = [articles.clean(p, recurring=recurring, day=DAY, min_words=8) for p in parts]
    assert CLEANED.arrange(whole).equals(CLEANED.arrange(pa.concat_tables(split)))


def test_an_empty_day_is_an_empty_table() -> None:
    """All stages take it."""
    empty = EXTRACTED.empty()
    recurring = habits.recurring(habits.count_lines(habits.outline(empty)))

    assert articles.clean(empty, recurring=recurring, day=DAY, min_words=8).num_rows == 0
    assert articles.reject_redelivered(DELIVERIES.empty(), day=DAY).num_rows == 0


def test_of_one_document_delivered_twice_the_first_stays() -> None:
    """The other is a reject that names it."""
    url = "https://example.com/1"
    refs = ["b#0", "a#3", "c#1"]
    extracted = EXTRACTED.table([document(r, body("x"), canonical_url=url) for r in refs])
    cleaned = articles.clean(extracted, recurring=habits.recurring(LINES.empty()), day=DAY, min_words=8)

    again = articles.reject_redelivered(cleaned.select(DELIVERIES.names), day=DAY).to_pylist()

    told = {"ingest_date": DAY, "stage": "clean", "reason": "redelivered", "detail": "a#3"}
    assert [{"raw_ref": ref, **told} for ref in ("b#0", "c#1")] == again


def test_different_articles_are_all_kept() -> None:
    """Settling removes nothing else."""
    extracted = EXTRACTED.table(outlet_of("bridge ferry tunnel"))
    cleaned = articles.clean(extracted, recurring=habits.recurring(LINES.empty()), day=DAY, min_words=8)

    assert articles.reject_redelivered(cleaned.select(DELIVERIES.names), day=DAY).num_rows == 0


def ids_of(*documents: dict[str, Any]) -> list[str]:
    extracted = EXTRACTED.table(
        [document(f"a.jsonl#{n}", body("x"), **said) for n, said in enumerate(documents)]
    )
    cleaned = articles.clean(extracted, recurring=habits.recurring(LINES.empty()), day=DAY, min_words=8)
    return [str(found) for found in cleaned["article_id"].to_pylist()]


def test_records_without_an_address_are_told_apart_by_what_came_with_them() -> None:
    """One file may have the same text of three outlets; what a page says itself does not count, nor do others of the file."""
    keys = ["1\nThe Example", "1\nThe Other", "2\nThe Example", "\nThe Example", "1\n", None]
    found = ids_of(*({"canonical_url": None, "record_key": key} for key in keys))

    assert len(keys) == len(set(found))
    assert found[1:2] == ids_of({"canonical_url": None, "record_key": "1\nThe Other"})


def test_an_address_or_a_file_of_its_own_is_all_that_an_id_needs() -> None:
    """Those keep their ids, whatever else came with them."""
    url = "https://example.com/1"
    plain, same = ids_of({"canonical_url": url}, {"canonical_url": url, "record_key": "7\nThe Example"})
    (alone,) = ids_of({"canonical_url": None})

    assert plain == same == article_id(DAY, url, "\n".join(body("x")))
    assert alone == article_id(DAY, "a.jsonl", "\n".join(body("x")))
