"""A day as one file: everything in it, nothing from elsewhere, never larger than it may be."""

import base64
import hashlib
import html
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.explorer.day_file import MOST_BYTES, DayFile, day_file
from pipeline.explorer.stories import Wanted, stories
from pipeline.model.errors import InputChangedError, MissingInputError
from pipeline.model.tables import ARTICLES, LINKS, REJECTS, RUNS
from pipeline.store import notes
from tests import made_day
from tests.explored import FIRST, HOSTILE, SCRIPT, SECOND, Explored, opened

THRESHOLD = 0.25


def made(explored: Explored, day: date) -> DayFile:
    return explored.library.answer(lambda snapshot: day_file(snapshot, day, THRESHOLD))


def text_of(file: DayFile) -> str:
    return html.unescape(file.data.decode())


@pytest.mark.parametrize("day", [FIRST, SECOND, HOSTILE])
def test_it_has_the_day_and_each_of_its_stories(explored: Explored, day: date) -> None:
    file = made(explored, day)
    found = stories(explored.library.snapshot(), Wanted(first=day, last=day), 100)

    assert "From raw documents to stories" in text_of(file)
    assert (found.total, 0, 0) == (file.n_full, file.n_headlines, file.n_left_out)
    assert {f"stories-{one.story_id}" for one in found.items} <= set(ids_of(file))
    assert "All times are UTC" in text_of(file)


def test_a_story_has_its_text_its_articles_and_who_had_it_when(explored: Explored) -> None:
    page = text_of(made(explored, FIRST))

    assert "Firefighters used boats to reach a retirement home" in page
    for headline in ("River Lenne floods Altena", "Flood in Altena", "Norrland Timber sold"):
        assert headline in page
    assert 'href="https://herald.example/flood"' in page


def test_it_needs_nothing_from_elsewhere_and_runs_nothing(explored: Explored) -> None:
    """Also on the day whose articles try to."""
    for day in (FIRST, HOSTILE):
        page = made(explored, day).data.decode()
        assert not re.search(
            r"<(script|link|img|iframe|object|embed|form|base|audio|video|use|image)\b", page
        )
        assert not re.search(r"<[^>]*\s(on\w+|style|src|srcset|action|formaction)=", page)
        assert "@import" not in page
        assert "url(" not in page.partition("</style>")[0]
    assert html.escape(SCRIPT, quote=False)[:20] in made(explored, HOSTILE).data.decode()


def test_only_its_own_styles_are_allowed(explored: Explored) -> None:
    page = made(explored, FIRST).data.decode()
    (styles,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    digest = base64.b64encode(hashlib.sha256(styles.encode()).digest()).decode()

    assert f"default-src 'none'; style-src 'sha256-{digest}'" in html.unescape(policy)
    assert "unsafe" not in policy
    assert page.index(policy) < page.index("<style>")


def ids_of(file: DayFile) -> list[str]:
    return re.findall(r'\sid="([^"]*)"', file.data.decode())


@pytest.mark.parametrize("day", [FIRST, SECOND, HOSTILE])
def test_every_link_leads_to_a_place_in_it_or_out_without_a_trace(explored: Explored, day: date) -> None:
    file = made(explored, day)
    links = re.findall(r"<a\s[^>]*>", file.data.decode())
    inside = [one for one in links if 'href="#' in one]
    ids = ids_of(file)

    assert len(ids) == len(set(ids))
    assert {re.search(r'href="#([^"]*)"', one)[1] for one in inside} <= set(ids)  # type: ignore[index]
    for one in links:
        assert one in inside or re.search(r'href="https?://[^"]*" rel="noopener noreferrer external"', one)


def test_the_same_warehouse_gives_the_same_bytes_wherever_it_stands(explored: Explored) -> None:
    shutil.copytree(explored.world.root / "warehouse", explored.world.root / "again")

    for day in (FIRST, HOSTILE):
        assert made(explored, day).data == made(opened(explored.world, "again"), day).data


@pytest.mark.parametrize("word", ["", made_day.LONG[:1_000]], ids=["ordinary", "hostile"])
@pytest.mark.parametrize("sizes", [[3] * 1_667, [2_500, *[1] * 2_500]], ids=["even", "one large"])
def test_a_day_of_5_000_articles_is_below_2_mb(tmp_path: Path, sizes: list[int], word: str) -> None:
    """Whatever they say: the largest stories are there in full, then headlines, and the rest is counted."""
    file = day_file(made_day.snapshot(tmp_path, sizes, word), made_day.DAY, THRESHOLD)

    assert len(file.data) <= MOST_BYTES == 2_000_000
    assert len(sizes) == file.n_full + file.n_headlines + file.n_left_out
    assert file.n_full >= 10
    assert f"{file.n_left_out:,} smaller stories are left out" in text_of(file)
    assert f"stories-{made_day.DAY:%Y%m%d}{'0' * 24}" == ids_of(file)[ids_of(file).index("largest") + 1]


def test_one_word_of_megabytes_is_cut_and_the_rest_is_not(tmp_path: Path) -> None:
    file = day_file(made_day.snapshot(tmp_path, [9, 8, 7], made_day.LONG), made_day.DAY, THRESHOLD)

    assert (3, 0, 0) == (file.n_full, file.n_headlines, file.n_left_out)
    assert 3 == text_of(file).count("The text goes on: it is cut here")


def test_a_story_with_more_texts_than_fit_says_how_many_are_left_out(tmp_path: Path) -> None:
    page = text_of(day_file(made_day.snapshot(tmp_path, [400]), made_day.DAY, THRESHOLD))

    assert re.search(r"\d+ of its texts are left out", page)


def test_an_article_without_a_headline_is_named_by_its_first_words(explored: Explored) -> None:
    found = made_day.snapshot(explored.world.root / "untitled", [4], titled=False)
    page = day_file(found, made_day.DAY, THRESHOLD).data.decode()

    assert "“The harbour office &amp; crew closed quay 3.”" in page
    assert "No headline" not in page


def test_a_day_without_a_story_says_so(tmp_path: Path) -> None:
    assert "No story: nothing was delivered" in text_of(
        day_file(made_day.snapshot(tmp_path, []), made_day.DAY, THRESHOLD)
    )


def test_a_day_that_is_not_there_or_not_whole_gives_no_file(explored: Explored) -> None:
    snapshot = explored.library.snapshot()
    torn = replace(snapshot, torn={FIRST: "no run"})

    with pytest.raises(MissingInputError, match="not published"):
        day_file(snapshot, FIRST.replace(year=2020), THRESHOLD)
    with pytest.raises(InputChangedError, match="not whole"):
        day_file(torn, FIRST, THRESHOLD)


def test_a_retired_day_has_what_is_left_and_says_so(explored: Explored) -> None:
    """Counts, titles and leads stay; the texts are gone."""
    there = explored.world.root / "retired"
    shutil.copytree(explored.world.root / "warehouse", there)
    other = opened(explored.world, "retired")
    notes.mark(explored.world.desk(warehouse="retired").warehouse, SECOND)
    for contract in (ARTICLES, LINKS, REJECTS):
        (there / other.library.warehouse.path(contract, FIRST)).unlink()

    file = made(other, FIRST)

    assert file.is_retired
    assert "The texts of this day were retired" in text_of(file)
    titles = [one.title for one in stories(explored.library.snapshot(), Wanted(last=FIRST), 100).items]
    assert all(title in text_of(file) for title in titles if title)
    assert "Firefighters used boats to reach a retirement home" not in text_of(file)
    assert FIRST in other.library.snapshot().days(RUNS)
