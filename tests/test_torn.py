"""Pages whose source lacks the end of something."""

import pytest

from pipeline.extract.torn import mended
from tests.pages import STORY, TITLE, run_one

BODY = f"<body><article><h1>{TITLE}</h1>{''.join(f'<p>{line}</p>' for line in STORY)}</article></body>"


@pytest.mark.parametrize(
    "head",
    [
        f"<title>{TITLE}<meta charset=utf-8></head>",
        f"<title>{TITLE}\n<link rel=stylesheet href=x>\n</head>",
        f"<TITLE>{TITLE}</HEAD>",
        f"<title>{TITLE}",
        f"<title>{TITLE}<title></head>",
        f"<title>{TITLE}</tilte></head>",
        f"<title><meta charset=utf-8>{TITLE}</title></head>",
        f"<title><meta charset=utf-8>{TITLE}</head>",
        f"<title>{TITLE}</title><style>p {{ color: red }}</head>",
        f"<title>{TITLE}</title><script>var a = 1;</head>",
        f"<title>{TITLE}</title><!-- the head begins </head>",
    ],
)
def test_what_lacks_an_end_does_not_swallow_the_page(head: str) -> None:
    row = run_one(f"<html><head>{head}{BODY}</html>".encode())

    assert (row["title"], row["text"].split("\n")) == (TITLE, [TITLE, *STORY])


def test_a_title_whose_end_is_that_of_a_later_picture_ends_where_markup_begins() -> None:
    row = run_one(f"<html><head><title>{TITLE}</head>{BODY}<svg><title>Icon</title></svg></html>".encode())

    assert row["title"] == TITLE
    assert set(STORY) <= set(row["text"].split("\n"))


@pytest.mark.parametrize(
    "source",
    [
        f"<html><head><title>{TITLE}</title><style>p {{}}</style><!-- x --></head>{BODY}</html>",
        "<title>Three < four</title><p>So it is.",
        "<script>document.write('<!--')</script><p>So it is.</p>",
        "<p>No head, no title.</p>",
        "",
    ],
)
def test_a_source_that_lacks_nothing_stays_as_it_is(source: str) -> None:
    assert mended(source) == source
