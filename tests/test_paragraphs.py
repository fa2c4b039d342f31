"""Paragraphs that no element names."""

import textwrap
from typing import Any

import pytest
from lxml import html

from pipeline.extract import linked, paragraphs
from tests.pages import RELATED, STORY, TITLE, run_one

HEADING = f"<h1>{TITLE}</h1>"


def p(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def each(element: str, *lines: str) -> str:
    return "".join(f"<{element}>{line}</{element.partition(' ')[0]}>" for line in lines)


def wrapped(line: str) -> str:
    return "\n".join(textwrap.wrap(line, 70))


def text_of(body: str) -> list[str]:
    page = f"<html lang=en><head><title>{TITLE}</title></head><body>{body}<footer>© The Bay Herald</footer></body></html>"
    return str(run_one(page.encode())["text"]).split("\n")


@pytest.mark.parametrize(
    "body",
    [
        f"<table><tr><td><font size=2>{'<br><br>'.join(STORY)}</font></td></tr></table>",
        f"<table><tr><td>{'<br><br>'.join(STORY[:3])}<blockquote>{STORY[3]}</blockquote>{'<br><br>'.join(STORY[4:])}</td></tr></table>",
        f"<table><tr><td><a href=/>News</a><br><a href=/s>Sport</a></td><td><table><tr><td>{p(*STORY)}</td></tr></table></td></tr></table>",
        f"<table><tr><td>{each('div', *STORY)}</td></tr></table>",
        f"<table><tr><td><p>{'<p>'.join(STORY)}</td></tr></table>",
        f"<center><font>{'<p>'.join(STORY)}</font></center>",
        f"<div>{'<br>'.join(f'<span>{line}</span>' for line in STORY)}</div>",
        f"<div><font>{'<br>'.join(f'<b>{line}</b>' for line in STORY)}</font></div>",
        f"<article><span>{STORY[0]}<p>{STORY[1]}</p>{STORY[2]}</span>{p(*STORY[3:])}</article>",
        f"<article><p>{STORY[0]}<figure><img src=a.jpg></figure>{STORY[1]}</p>{p(*STORY[2:])}</article>",
        f"<article>{p(*STORY[:3])}<ul><li>{p(*STORY[3:5])}</li></ul>{p(*STORY[5:])}</article>",
        f"<article><dl><dt>Money</dt><dd>{STORY[0]}</dd><dd>{p(*STORY[1:3])}</dd></dl>{p(*STORY[3:])}</article>".replace(
            "<dt>Money</dt>", ""
        ),
        f"<article>{p(*STORY[:3])}<blockquote>{'<br><br>'.join(STORY[3:5])}</blockquote>{p(*STORY[5:])}</article>",
        f"<article><p>{'<br>&nbsp;<br>'.join(STORY)}</p></article>",
        f"<article><p>{'<br>'.join(STORY)}</p></article>",
        f"<article>{each('section', *STORY)}</article>",
        f"<article>{each('x-paragraph', *STORY)}</article>",
        f"<article>{each('span style=display:block', *STORY)}</article>",
        f"<article>{p(*STORY[:5])}{each('div', *STORY[5:])}</article>",
        f"<article>{each('h4', *STORY)}</article>",
        f"<article>{STORY[0]}<p>{STORY[1]}</p>{STORY[2]}<div>{STORY[3]}</div>{STORY[4]}<p>{STORY[5]}</p>{STORY[6]}<br>{STORY[7]}</article>",
        "<div>" + "<br><br>".join(f"<strong>{line[:40]}</strong>{line[40:]}" for line in STORY) + "</div>",
        f"<article><div><span class=dropcap>{STORY[0][0]}</span>{STORY[0][1:]}</div>{p(*STORY[1:])}</article>",
    ],
)
def test_what_is_shown_as_a_paragraph_is_a_line_of_its_own(body: str) -> None:
    """In cells, lists and quotations, behind line breaks, between blocks, in elements of any name: nothing runs together."""
    assert [line for line in text_of(body) if line != TITLE] == STORY


@pytest.mark.parametrize(
    "body",
    [
        f"<pre>{chr(10).join(f'{wrapped(line)}{chr(10)}' for line in STORY)}</pre>",
        f"<pre>{chr(10).join('    ' + wrapped(line) for line in STORY)}</pre>",
        f"<pre>{chr(10).join(f'{wrapped(line)}{chr(10)}' for line in STORY).replace('council', '<a href=/c>council</a>')}</pre>",
        f"<div style='white-space: pre-line'>{chr(10).join(STORY)}</div>",
        f"<div class='whitespace-pre-wrap text-lg'>{(chr(10) * 2).join(STORY)}</div>",
    ],
)
def test_lines_that_were_broken_for_width_are_joined_and_kept_ones_stay(body: str) -> None:
    assert text_of(f"<article>{HEADING}{body}</article>") == [TITLE, *STORY]


def test_a_programme_in_an_article_keeps_its_lines() -> None:
    lines = text_of(
        f"<article>{HEADING}{p(*STORY)}<pre>a = {{1: 2}}\nb[3] = 4;\nprint(a, b) # 5</pre>{p(*RELATED)}</article>"
    )

    assert "a = {1: 2} b[3] = 4; print(a, b) # 5" not in lines


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>{TITLE}</h2>{p(*STORY)}",
        f"<h1>{TITLE}<div>{p(*STORY)}</div>",
        f"<h1><span>{TITLE}</span><div>{p(*STORY)}</div></h1>",
    ],
)
def test_a_heading_without_an_end_does_not_hold_the_text(body: str) -> None:
    row = run_one(f"<html><body><div id=story>{body}</div></body></html>".encode())

    assert (row["title"], row["text"].split("\n")) == (TITLE, [TITLE, *STORY])


@pytest.mark.parametrize("element", ["span", "x-link", "button", "time", "label", "data value=1", "output"])
def test_a_word_of_a_sentence_is_one_whatever_its_element(element: str) -> None:
    line = "The council met on Tuesday, the mayor said, and nobody left before the clock had struck midnight."
    end = element.partition(" ")[0]
    inner = line.replace("Tuesday", f"<{element}>Tuesday</{end}>")

    assert line in text_of(f"<article>{HEADING}{p(*STORY[:4], inner, *STORY[4:])}</article>")


MANY = {
    "controls": lambda n: "<p>" + f"{STORY[0]}<time>then</time>" * n + "</p>",
    "paragraphs and text": lambda n: "<div>" + f"{STORY[0]}<p>{STORY[1]}</p>" * n + "</div>",
    "links": lambda n: f"<p>{STORY[0]}</p><p><a href=/x>{STORY[1]}</a></p>" * n,
    "cells": lambda n: "<table>" + f"<tr><td>{p(*STORY[:2])}</td></tr>" * n + "</table>",
    "headings": lambda n: f"<h2>{STORY[0]} {STORY[1]}</h2>" * n,
    "line breaks": lambda n: "<div>" + f"{STORY[0]}<br><br>" * n + "</div>",
}


@pytest.mark.parametrize("kind", MANY)
def test_twice_as_much_is_twice_the_work(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in characters that are read out of the tree."""
    read = 0
    original = paragraphs.line_of

    def counted(element: Any) -> str:
        nonlocal read
        line = original(element)
        read += 1 + len(line)
        return line

    monkeypatch.setattr(paragraphs, "line_of", counted)
    work = []
    for n in (100, 200):
        read = 0
        tree = html.document_fromstring(f"<html><body>{MANY[kind](n)}</body></html>")
        paragraphs.part(tree)
        linked.unlink(tree)
        work.append(read)

    assert work[1] <= 2.2 * work[0] + 100
