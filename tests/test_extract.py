"""From raw documents to texts: one row each, the right text, the same however they are batched."""

import gzip
from datetime import UTC, date, datetime
from importlib.metadata import version
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from pipeline.extract import body as reading
from pipeline.extract.stage import Caps, extract
from pipeline.extract.tree import _long_pieces
from pipeline.model.internal import EXTRACTED, RAW
from pipeline.model.kinds import Reject

DAY = date(2026, 3, 5)

# One story in eight paragraphs, of our own writing.
STORY = [
    "The town council of Marlow Bay approved a new budget on Tuesday night after a debate that lasted nearly six hours.",
    "Most of the money, some twelve million in all, will be spent on the repair of roads and on two primary schools.",
    "Mayor Ines Fischer said that she would sign the budget on Thursday, and thanked the members of both parties.",
    "“We have waited for this for four years, and so have the children who sit under a leaking roof,” she said.",
    "The opposition had asked for more buses in the evening, a wish that the council turned down by seven votes to six.",
    "Its leader, Paul Okafor, called the decision short-sighted and said that people without a car had been forgotten.",
    "The library will open on Saturdays again from May, which was one of the demands that residents had made last year.",
    "Work on the first of the roads, the one along the harbour, is expected to start in the second week of April.",
]
TITLE = "Council approves budget"
WHOLE = [TITLE, *STORY]  # a headline is furniture, which is not taken out here
MENU = (
    "<nav><ul>"
    + "".join(f"<li><a href=/{s}>{s}</a></li>" for s in ("News", "Sport", "Weather", "Shop"))
    + "</ul></nav>"
)
RELATED = [f"Ten things that nobody had told you about holidays in the mountains, part {n}" for n in range(5)]


def page(
    paragraphs: list[str] = STORY,
    before: str = "",
    after: str = "",
    head: str = "",
    wrap: tuple[str, str] = ("", ""),
) -> bytes:
    inner = "\n".join(f"<p>{p}</p>" for p in paragraphs)
    return (
        f"<!DOCTYPE html><html lang=en><head><title>Council approves budget</title>{head}</head><body>{MENU}"
        f"{wrap[0]}<article><h1>Council approves budget</h1>{before}<div class=content>{inner}</div>{after}</article>{wrap[1]}"
        f"<footer>© The Bay Herald, all rights reserved</footer></body></html>"
    ).encode()


def tree_of(content: bytes) -> Any:
    return html.document_fromstring(content.decode())


def raw(*rows: dict[str, Any]) -> pa.Table:
    whole = [{"raw_ref": f"day=2026-03-05/{n}.html#0", "media": "html"} | row for n, row in enumerate(rows)]
    return RAW.table(whole)


def run(
    *rows: dict[str, Any], caps: Caps | None = None, extractor: str = "trafilatura"
) -> list[dict[str, Any]]:
    table = extract(raw(*rows), day=DAY, caps=caps or Caps(), extractor=extractor)
    return EXTRACTED.conform(table).to_pylist()


def run_one(content: bytes, **options: Any) -> dict[str, Any]:
    (row,) = run({"body": content}, **options)
    return row


# --- rows ----------------------------------------------------------------------------------------------------


def test_a_page_becomes_its_text_with_one_paragraph_a_line() -> None:
    row = run_one(page())

    assert row["text"].split("\n") == WHOLE
    assert (row["stage"], row["reason"], row["detail"]) == (None, None, None)
    assert row["extractor"] == f"trafilatura {version('trafilatura')}"
    assert row["title"] == "Council approves budget"
    assert row["language"] == "en"


def test_what_came_with_a_document_goes_on() -> None:
    fetched = datetime(2026, 3, 5, 12, tzinfo=UTC)

    (row,) = run(
        {"body": page(), "url": "https://bay.example/a", "outlet": "The Bay Herald", "fetched_at": fetched}
    )

    assert (row["url"], row["outlet"], row["fetched_at"]) == (
        "https://bay.example/a",
        "The Bay Herald",
        fetched,
    )


def test_a_plain_text_is_read_as_one() -> None:
    (row,) = run({"body": "\n\n".join(STORY).encode(), "media": "text"})

    assert row["text"].split("\n")[-3:] == STORY[-3:]
    assert row["extractor"] == "text"


def test_a_page_without_any_markup_is_a_plain_text() -> None:
    row = run_one("\n\n".join(STORY).encode())

    assert (row["extractor"], row["reason"]) == ("text", None)


def test_every_raw_row_gives_one_row_in_its_place() -> None:
    """Rejects of the reading pass through; a bad document does not move its neighbours."""
    bad = {"body": None, "media": None, "reason": Reject.TRUNCATED, "detail": "cut"}

    rows = run({"body": page()}, bad, {"body": b"\x89PNG\r\n"}, {"body": b""}, {"body": page(STORY[::-1])})

    assert [r["raw_ref"] for r in rows] == [f"day=2026-03-05/{n}.html#0" for n in range(5)]
    ends = [
        (None, None),
        ("read", "truncated"),
        ("extract", "not_a_page"),
        ("extract", "no_text"),
        (None, None),
    ]
    assert [(r["stage"], r["reason"]) for r in rows] == ends
    assert [bool(r["text"]) for r in rows] == [True, False, False, False, True]
    assert rows[1]["detail"] == "cut"


def test_no_rows_give_no_rows() -> None:
    assert run() == []


def test_the_digest_is_of_the_document_and_of_what_came_with_it_but_not_of_where_it_lay() -> None:
    same, other_url, other_body = (
        {"body": page()},
        {"body": page(), "url": "http://x/"},
        {"body": page(STORY[1:])},
    )

    digests = [row["raw_digest"] for row in run(same, same, other_url, other_body)]

    assert digests[0] == digests[1]
    assert len(set(digests)) == 3
    assert {len(d) for d in digests} == {32}


def test_documents_with_the_same_body_share_the_text_and_keep_their_own_hints() -> None:
    one, two = run({"body": page(), "outlet": "One"}, {"body": page(), "outlet": "Two"})

    assert one["text"] == two["text"]
    assert (one["outlet"], two["outlet"]) == ("One", "Two")


def test_the_result_does_not_depend_on_order_or_batches() -> None:
    rows = [
        {"body": page()},
        {"body": page(STORY[2:]), "url": "http://x/a"},
        {"body": b"", "raw_ref": "empty#0"},
        {"body": page(), "title": "Another headline"},
        {"body": page(STORY[:3]), "charset": "utf-8"},
    ]
    table = raw(*rows)

    def extracted(*parts: pa.Table) -> list[dict[str, Any]]:
        return (
            pa.concat_tables([extract(p, day=DAY, caps=Caps()) for p in parts]).sort_by("raw_ref").to_pylist()
        )

    whole = extracted(table)
    assert extracted(table.take(pa.array([4, 2, 0, 3, 1]))) == whole
    assert extracted(*(table.slice(n, 1) for n in range(5))) == whole


# --- caps ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "caps", "reason"),
    [
        (page(), Caps(max_document_bytes=500), Reject.TOO_LARGE),
        (page(STORY * 40), Caps(max_nodes=200), Reject.TOO_COMPLEX),
        (b"<b><i>" * 3000 + b"text", Caps(max_nodes=200), Reject.TOO_COMPLEX),
        (page(wrap=("<div>" * 300, "</div>" * 300)), Caps(max_depth=200), Reject.TOO_COMPLEX),
        (page(wrap=("<div>" * 5000, "</div>" * 5000)), Caps(), Reject.TOO_COMPLEX),
        (page(wrap=("<div>" * 5000, "</div>" * 5000)), Caps(max_depth=100_000), Reject.TOO_COMPLEX),
        (page(STORY * 2000, wrap=("<div>" * 300, "</div>" * 300)), Caps(), Reject.TOO_COMPLEX),
    ],
)
def test_a_document_above_a_cap_is_a_reject(content: bytes, caps: Caps, reason: Reject) -> None:
    assert run_one(content, caps=caps)["reason"] == reason


@pytest.mark.parametrize("depth", [100, 260, 1000, 1900])
def test_a_deeply_nested_page_keeps_its_text(depth: int) -> None:
    """The parser's own default would lose all text below 255 levels without saying so."""
    row = run_one(page(wrap=("<div>" * depth, "</div>" * depth)))

    assert row["text"].split("\n") == WHOLE


def test_a_page_too_large_for_the_thorough_extractor_is_read_by_the_fast_one() -> None:
    story = [f"{n}. {line}" for n in range(1500) for line in STORY]

    row = run_one(page(story))

    assert row["extractor"] == f"resiliparse {version('resiliparse')}"
    assert len(set(row["text"].split("\n")) & set(story)) > 0.99 * len(story)


def test_the_fast_extractor_can_be_asked_for() -> None:
    row = run_one(page(), extractor="resiliparse")

    assert row["extractor"] == f"resiliparse {version('resiliparse')}"
    assert set(STORY) <= set(row["text"].split("\n"))


# --- what is a page ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
        b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20,
        b"GIF89a" + bytes(100),
        b"%PDF-1.7\n1 0 obj",
        b"PK\x03\x04" + bytes(range(256)),
        gzip.compress(page()),
        bytes(range(256)) * 40,
        b'<?xml version="1.0"?><rss version="2.0"><channel><item><title>A</title></item></channel></rss>',
        b'<!-- made by x --><feed xmlns="http://www.w3.org/2005/Atom"><entry/></feed>',
        b'\xef\xbb\xbf<?xml version="1.0"?>\n<urlset xmlns="x"><url><loc>http://x/</loc></url></urlset>',
        b'<rdf:RDF xmlns:rdf="x"><item/></rdf:RDF>',
        b"<svg xmlns='x'><text>Hello</text></svg>",
        b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
        b'{"error": "not found", "items": [1, 2, 3]}',
        b'[{"a": "<b>text</b>"}]',
    ],
)
def test_what_is_no_page_is_a_reject_and_not_a_text(content: bytes) -> None:
    row = run_one(content)

    assert (row["stage"], row["reason"]) == ("extract", Reject.NOT_A_PAGE)
    assert row["text"] is None


@pytest.mark.parametrize(
    "content",
    [
        b'<?xml version="1.0" encoding="UTF-8"?>\n' + page(),
        b"\xef\xbb\xbf\r\n\r\n" + page(),
        b"<!-- cached --><!-- twice -->" + page(),
        page().replace(b"<!DOCTYPE html>", b'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0" "http://w3/">'),
        page().replace(b"<!DOCTYPE html><html lang=en>", b"").replace(b"</html>", b""),
        page() + b"\x00\x01\x02" * 10,
        page().replace(b" ", b"\0 "),
        page().decode().encode("utf-16"),
        page().replace(b"</p>", b""),
        page()[:-300],
    ],
)
def test_a_page_with_oddities_is_still_a_page(content: bytes) -> None:
    row = run_one(content)

    assert row["reason"] is None
    assert row["text"].split("\n")[:6] == WHOLE[:6]


@pytest.mark.parametrize(
    "content", [b"", b" \n ", b"<html></html>", b"<html><body><p> </p></body></html>", b"<!-- x -->", b"\0\0"]
)
def test_a_page_without_text_is_a_reject(content: bytes) -> None:
    assert run_one(content)["reason"] == Reject.NO_TEXT


# --- the text ------------------------------------------------------------------------------------------------


def test_comments_are_not_the_article() -> None:
    comments = (
        "<div id=comments class=comments>"
        + "".join(f"<p>{line} I think so too.</p>" for line in RELATED)
        + "</div>"
    )

    assert run_one(page(after=comments))["text"].split("\n") == WHOLE


def test_a_list_of_links_is_left_out_and_a_link_of_its_own_is_not() -> None:
    links = "".join(f"<li><a href=/r>{line}</a></li>" for line in RELATED)
    tree = tree_of(page(after=f"<ul>{links}</ul>"))

    lines = reading._without_link_lists(
        [STORY[0], "Council approves budget", *RELATED], {"Council approves budget", *RELATED}
    )
    text = reading.read(tree, page(after=f"<ul>{links}</ul>").decode(), "trafilatura").text

    assert lines == STORY[:1]
    assert reading._without_link_lists(["a", "link", "b"], {"link"}) == ["a", "link", "b"]
    assert text.split("\n") == WHOLE


def test_short_lines_after_the_last_paragraph_are_left_out_and_a_long_one_is_kept() -> None:
    after = (
        f"<div><p>Sign up for our letter</p><p>Share this</p></div><blockquote>{STORY[0] * 2}</blockquote>"
    )

    assert run_one(page(STORY[1:], after=after))["text"].split("\n") == [TITLE, *STORY[1:], STORY[0] * 2]


def test_what_the_page_states_as_its_body_tells_what_is_around_it() -> None:
    """Lines after the stated body and long ones within go; a lead before it and headings within stay."""
    lead, pitch, tail = "The vote was close.", RELATED[0] + " of very many", RELATED[1]
    paragraphs = [lead, *STORY[:3], "The money", *STORY[3:5], pitch, *STORY[5:], tail]
    stated = (
        '<script type="application/ld+json">{"@graph": [{"articleBody": "' + " ".join(STORY) + '"}]}</script>'
    )

    assert run_one(page(paragraphs, head=stated))["text"].split("\n") == [
        TITLE,
        lead,
        *STORY[:3],
        "The money",
        *STORY[3:],
    ]
    assert pitch in run_one(page(paragraphs))["text"]


def test_lines_that_the_page_shows_not_to_be_its_text_are_told() -> None:
    """Whoever asks what was taken out of an article sees them."""
    after = f"<div><p>Sign up for our letter</p></div><p><a href=/r>{RELATED[0]}</a></p>"

    (row,) = run({"body": page(after=after)})

    assert row["text"].split("\n") == WHOLE
    assert set(row["dropped"]) <= {"Sign up for our letter", RELATED[0]}
    assert row["dropped"]


def test_a_page_drawn_by_scripts_gives_what_it_states_as_its_body() -> None:
    stated = "\\n".join(STORY)
    head = (
        f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{stated}"}}</script>'
    )
    shell = f"<html lang=en><head><title>{TITLE}</title>{head}</head><body><div id=app></div></body></html>"

    row = run_one(shell.encode())

    assert (row["text"].split("\n"), row["extractor"]) == (STORY, "schema.org articleBody")


def test_posts_of_others_that_scripts_show_as_cards_are_left_out() -> None:
    """Copied into the articles of many outlets, they would make these look alike."""
    post = f'<blockquote class="twitter-tweet"><p>{RELATED[0]}</p>&mdash; Somebody (@some) May 1, 2026</blockquote>'
    quotation = f"<blockquote><p>{RELATED[1]}.</p></blockquote>"
    paragraphs = [*STORY[:4], post, quotation, *STORY[4:]]

    text = run_one(page(paragraphs))["text"]

    assert RELATED[0] not in text
    assert RELATED[1] in text


def test_the_paragraph_under_the_headline_of_a_news_page_comes_first() -> None:
    """Extractors take it for a part of the page's head."""
    first = "Roads and schools get most of the money, buses get none."
    about = f'<meta name="description" content="{first}">'
    news = f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{TITLE}"}}</script>'
    wrap = (f"<header><p>{first}</p></header>", "")

    assert run_one(page(head=about + news, wrap=wrap))["text"].split("\n") == [TITLE, first, *STORY]
    assert run_one(page(head=about, wrap=wrap))["text"].split("\n") == WHOLE  # written for search engines


@pytest.mark.parametrize("stated", ["", "A short teaser.", " ".join(RELATED * 5), " ".join(STORY[:2])])
def test_a_stated_body_that_is_not_the_text_changes_nothing(stated: str) -> None:
    script = f'<script type="application/ld+json">{{"articleBody": "{stated}"}}</script>'

    assert run_one(page(head=script))["text"].split("\n") == WHOLE


@pytest.mark.parametrize(
    "script", ["{not json", "[[[[" * 50_000, '{"articleBody": 7}', '{"articleBody": null}', "7"]
)
def test_linked_data_that_cannot_be_read_changes_nothing(script: str) -> None:
    head = f'<script type="application/ld+json">"articleBody" {script}</script>'
    bare = f'<script type="application/ld+json">{script}</script>'

    assert run_one(page(head=head))["text"].split("\n") == WHOLE
    assert run_one(page(head=bare))["text"].split("\n") == WHOLE


def test_a_poor_reading_is_replaced_by_a_better_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the first reader finds only the beginning, the second is asked, and its reading is the one that is kept."""
    monkeypatch.setattr(reading, "_by_trafilatura", lambda _tree, **_: ("\n".join(STORY[:2]), "first"))

    text, name, _ = reading.read(tree_of(page()), page().decode(), "trafilatura")

    assert name == f"resiliparse {version('resiliparse')}"
    assert set(STORY) <= set(text.split("\n"))


def test_a_good_reading_is_not_questioned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_by_resiliparse", pytest.fail)

    assert reading.read(tree_of(page()), page().decode(), "trafilatura")[0].split("\n") == WHOLE


def test_a_second_reading_that_has_more_besides_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    passages = ["p" * 300, "q" * 300, "r" * 300]
    first, more_noise, better = ("p" * 300, "1"), ("p" * 300 + "x" * 900, "2"), (" ".join(passages), "3")

    assert reading._better(first, more_noise, passages) == first
    assert reading._better(first, better, passages) == better
    assert reading._better(("", "1"), more_noise, []) == more_noise
    assert reading._better(first, ("p" * 310, "2"), []) == first


def test_teasers_in_boxes_of_their_own_do_not_count_as_the_text() -> None:
    teasers = "".join(
        f"<div><p>{line}, and why they are the talk of the town this year</p></div>" for line in RELATED
    )
    tree = tree_of(page(after=teasers))

    assert reading._passages(tree) == STORY


def test_side_elements_are_dropped_unless_they_hold_text() -> None:
    tree = tree_of(page(after=f"<aside>Advert</aside>tail<aside><p>{STORY[0]}</p></aside>"))

    reading._drop_no_text(tree)

    assert [len(tree.findall(f".//{name}")) for name in ("nav", "footer", "aside")] == [0, 0, 1]
    assert "tail" in tree.text_content()


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("a  b\u00a0c\u3000d \n\n  e", "a b c d\ne"),
        ("cafe\u0301", "café"),
        ("Bundes\u00adregierung\u200b \ufeffa\u200eb", "Bundesregierung ab"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\x00b\x07c\x85d\u2028e", "abc\nd\ne"),
        ("\ud83d lone \udc00 halves", "lone halves"),
        ("- one\n- two\n• three", "one\ntwo\nthree"),
        ("-5 degrees\n- \n–", "-5 degrees\n-\n–"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a b\n1 2"),
        ("", ""),
        (" \n\t\n", ""),
    ],
)
def test_text_is_tidied(written: str, text: str) -> None:
    assert reading.tidy(written) == text


@given(st.text(st.characters(exclude_categories=())))
@settings(max_examples=300)
def test_tidy_text_is_clean_and_stays_as_it_is(text: str) -> None:
    tidied = reading.tidy(text)

    lines = tidied.split("\n")
    assert tidied.encode().decode() == tidied  # no half of a pair
    assert tidied == "" or all(line == " ".join(line.split()) != "" for line in lines)
    assert not any(ord(c) < 32 for c in tidied.replace("\n", ""))
    assert tidied.splitlines() == ([] if tidied == "" else lines)


@given(
    st.lists(
        st.sampled_from(["<", "<<", "a", "b" * 3_999, "c" * 4_000, "d" * 4_001, "e" * 9_000]), max_size=12
    )
)
def test_long_stretches_without_a_tag_are_found_in_leaps(parts: list[str]) -> None:
    """The same as by splitting."""
    text = "".join(parts)

    long = [piece for piece in _long_pieces(text) if len(piece) > 4_000]

    assert long == [piece for piece in text.split("<") if len(piece) > 4_000]


# --- headlines alone -----------------------------------------------------------------------------------------

HEADLINE = "Northern bridge in Aldmoor closes after cracks were found"


@pytest.mark.parametrize("extractor", ["trafilatura", "resiliparse"])
@pytest.mark.parametrize(
    "body",
    [
        f"<h1>{HEADLINE}</h1>",
        f"<article><h1>{HEADLINE}</h1></article>",
        f"<article><header><h1>{HEADLINE}</h1></header></article>",
        f"<p>{HEADLINE}</p>",
    ],
)
def test_a_page_that_is_a_headline_has_it_as_its_text(body: str, extractor: str) -> None:
    """And as its title."""
    content = f"<html><head><title>{HEADLINE}</title></head><body>{MENU}{body}</body></html>"

    row = run_one(content.encode(), extractor=extractor)

    assert (row["title"], row["text"], row["reason"]) == (HEADLINE, HEADLINE, None)


@pytest.mark.parametrize(
    ("media", "content", "text"),
    [
        ("text", HEADLINE, HEADLINE),
        ("text", "Share", f"{HEADLINE}\nShare"),
        ("text", "By Jane Doe", f"{HEADLINE}\nBy Jane Doe"),
        ("text", " ", HEADLINE),
        ("html", "<!-- empty -->", HEADLINE),
        ("html", "<p></p>", HEADLINE),
        ("html", "<img src=a.jpg>", HEADLINE),
        ("html", f"<html><head><title>Bay Herald</title></head><body>{MENU}</body></html>", HEADLINE),
    ],
)
def test_a_document_that_is_empty_but_came_with_a_headline_has_it_as_its_text(
    media: str, content: str, text: str
) -> None:
    """The title of an empty page may be the site's."""
    (row,) = run({"body": content.encode(), "media": media, "title": HEADLINE})

    assert (row["text"], row["reason"]) == (text, None)


def test_a_text_that_only_labels_its_headline_has_it_as_its_text() -> None:
    (row,) = run({"body": f"Title: {HEADLINE}\nDate: 2026-03-05".encode(), "media": "text"})

    assert (row["title"], row["text"]) == (HEADLINE, HEADLINE)


def test_the_title_of_a_page_without_text_is_no_headline() -> None:
    """Nothing came with it, and nobody sees it: a script would have drawn the page."""
    shell = f"<html><head><title>{HEADLINE}</title></head><body><div id=root></div></body></html>"

    assert run_one(shell.encode())["reason"] == Reject.NO_TEXT
