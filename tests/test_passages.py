"""What of a page plainly is running text."""

import pytest

from pipeline.extract import passages
from tests.pages import RELATED, STORY, TITLE, run_one, tree_of


def find(inner: str) -> list[str]:
    return [passage.line for passage in passages.find(tree_of(f"<html><body>{inner}</body></html>".encode()))]


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def test_passages_stand_in_the_pages_order() -> None:
    """A quotation between paragraphs does not come after them."""
    quoted = f"<blockquote>{paragraphs(STORY[2:5])}</blockquote>"

    assert find(f"<div>{paragraphs(STORY[:2])}{quoted}{paragraphs(STORY[5:])}</div>") == STORY


def test_teasers_on_cards_are_no_passages_where_there_is_an_article() -> None:
    cards = "".join(
        f"<article><h3><a href=/{n}>{line}</a></h3><p>{line}, and why the town talks about nothing else.</p></article>"
        for n, line in enumerate(RELATED * 2)
    )

    assert find(f"<div>{paragraphs(STORY)}{paragraphs(STORY[:2])}</div>{cards}") == [*STORY, *STORY[:2]]
    assert len(find(f"<div><p>{STORY[0]}</p></div>{cards}")) == 11  # the entries of a list are its text


def test_a_hidden_copy_is_none_and_a_hidden_rest_is() -> None:
    copy = f'<div style="display: none">{paragraphs(STORY)}<p>{RELATED[0]}, in short.</p></div>'
    rest = f"<div hidden>{paragraphs(STORY[4:])}</div>"

    assert find(f"<div>{paragraphs(STORY)}</div>{copy}") == STORY
    assert find(f"<div>{paragraphs(STORY[:4])}</div>{rest}") == STORY


@pytest.mark.parametrize("n", [1, 3, 8])
def test_what_a_hidden_copy_repeats_is_read_once(n: int) -> None:
    """Also a copy of one paragraph, and one with a line more."""
    copy = f'<div style="display: none">{paragraphs(STORY[:n])}<p>{RELATED[0]}, in short, and more.</p></div>'
    page = (
        f"<html><body><article><h1>{TITLE}</h1><div>{paragraphs(STORY)}</div>{copy}</article></body></html>"
    )

    assert run_one(page.encode())["text"].split("\n") == [TITLE, *STORY]


def test_boxes_that_are_alike_share_the_ground_around_them() -> None:
    boxes = "".join(f"<div class=b><p>{line}</p></div>" for line in STORY[:3])
    tree = tree_of(
        f"<html><body><section>{boxes}<div class=b><h2>Roads</h2></div></section></body></html>".encode()
    )
    found = passages.find(tree)

    (ground,) = set(passages.grounds(found))

    assert ground.tag == "section"
    assert [
        b.line for b in passages.blocks(ground, passages.wrappers_of(found), passages.blocks_of(found))
    ] == [*STORY[:3], "Roads"]
