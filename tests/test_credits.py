"""Whom a text credits."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.flows import credits as stated
from pipeline.flows.credits import Credit, Page, credits_of, plain, stated_credits
from pipeline.text import lexicon
from pipeline.text.outlets import Outlets

BODY = "\n".join(f"The harbour was closed for the {n}th time this winter." for n in range(9))


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("This article first appeared in The Harbour Times.", "Harbour Times"),
        ("The post Harbour closed again appeared first on Harbour Times.", "Harbour Times"),
        ("Originally published by https://www.post.example/harbour/closed", "post.example"),
        ("Republished from the Morning Star, 5 March", "Morning Star"),
        ("Dieser Artikel erschien zuerst im Hafenblatt.", "Hafenblatt"),
        ("Cet article a été initialement publié par Le Port", "Port"),
        ("Publicado originalmente en El Puerto.", "Puerto"),
        ("Pubblicato originariamente su Il Molo", "Il Molo"),
        ("Dit artikel verscheen eerder in De Haven", "Haven"),
    ],
)
def test_words_that_say_where_a_text_stood_first_are_sure(line: str, name: str) -> None:
    (found,) = credits_of(BODY, [line])

    assert (name, True) == (found.name, found.is_sure)


@pytest.mark.parametrize("line", ["Source: Reuters", "Quelle: dpa", "Fuente: El Puerto", "Источник: Гавань"])
def test_a_label_is_not_sure(line: str) -> None:
    assert [False] == [found.is_sure for found in credits_of(f"{BODY}\n{line}", [])]


def test_a_label_with_an_address_is_sure() -> None:
    assert [("post.example", True)] == [
        c[:2] for c in credits_of(BODY, ["Source: https://post.example/harbour"])
    ]


@pytest.mark.parametrize(
    "line",
    ["It was first published in 1984.", "Source: police", "The minister first appeared in public again."],
)
def test_what_names_nobody_credits_nobody(line: str) -> None:
    assert [] == credits_of(BODY, [line])


def test_a_sentence_in_the_middle_of_the_article_is_no_credit() -> None:
    lines = BODY.split("\n")
    lines.insert(5, "His poems first appeared in The Harbour Times.")

    assert [] == credits_of("\n".join(lines), [])


def test_names_are_compared_without_case_and_article() -> None:
    assert plain("The Harbour TIMES") == plain("Harbour Times")


@pytest.mark.parametrize(
    ("line", "outlet"),
    [
        ("Zuerst erschienen in der Hafenpost.", "Die Hafenpost"),
        ("Publicado originalmente en El Puerto.", "El Puerto"),
        ("Publié initialement dans La Rade.", "La Rade"),
        ("Pubblicato originariamente sul Molo.", "Il Molo"),
        ("Publicado originalmente no Cais.", "O Cais"),
        ("Verscheen eerder in de Havenbode.", "De Havenbode"),
    ],
)
def test_an_article_that_the_sentence_has_or_swallows_makes_no_other_name(line: str, outlet: str) -> None:
    assert [plain(outlet)] == [plain(credit.name) for credit in credits_of(BODY, [line])]


FILE = b"domain,outlet,owner,is_agency,kind\nmorgen.example,Morgen,nord,,\nwire.example,Norlandia Wire,,true,\nabend.example,The Abend Post,,,\nmirror.example,mirror,,,repost\n"


OUTLETS = Outlets.parse(FILE, "f.csv")


@pytest.mark.parametrize(
    ("line", "source_url", "credit"),
    [
        ("Quelle: Morgen", None, Credit("Morgen", True, "Morgen", "nord")),
        ("Originally published by The Morgen.", None, Credit("Morgen", True, "Morgen", "nord")),
        ("Originally published by Abend Post.", None, Credit("Abend Post", True, "The Abend Post", "The Abend Post")),
        ("Source: Norlandia Wire", None, Credit("Norlandia Wire", True, "Norlandia Wire", None, "Norlandia Wire")),
        ("Source: Office of Statistics", None, Credit("Office of Statistics", False)),
        ("Originally published by Reuters.", None, Credit("Reuters", True, agency="Reuters")),
        ("", "https://news.morgen.example/1/ferry", Credit("news.morgen.example", True, "Morgen", "nord")),
        ("", "https://other.example/1/ferry", Credit("other.example", True, "other.example", "other.example")),
        ("", "https://mirror.example/1/ferry", Credit("mirror.example", True, "mirror", None)),
        ("", "https://www.reuters.com/1/ferry", Credit("Reuters", True, "reuters.com", None, "Reuters")),
        ("Quelle: Morgen", "https://other.example/1/ferry", Credit("other.example", True, "other.example", "other.example")),
    ],
)  # fmt: skip
def test_what_is_known_of_a_name_is_told_with_it(line: str, source_url: str | None, credit: Credit) -> None:
    """A label does for an outlet of the file; an address that a page names as its own goes before words."""
    assert credit == stated_credits(Page(f"{BODY}\n{line}", [], [], source_url), OUTLETS)[0]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("This article is republished from The Conversation under a Creative Commons license. Read the original article.", "Conversation"),
        ("Republished from Harbour Times with permission.", "Harbour Times"),
        ("Der Text wurde zuerst in der Hafenpost veröffentlicht.", "Hafenpost"),
        ("Mit freundlicher Genehmigung der Hafenpost.", "Hafenpost"),
        ("Cet article a été publié initialement par Le Port.", "Port"),
        ("Este texto apareció por primera vez en El Puerto.", "Puerto"),
        ("Artikeln publicerades först i Hamnbladet.", "Hamnbladet"),
        ("Artikkelen ble først publisert i Havneposten.", "Havneposten"),
        ("Artiklen blev først bragt i Havneavisen.", "Havneavisen"),
        ("Artykuł ukazał się pierwotnie w Gazeta Portowa.", "Gazeta Portowa"),
        ("Оригинал статьи опубликован на сайте Порт.", "Порт"),
        ("Вперше опубліковано на сайті Гавань.", "Гавань"),
        ("本文原载于《港口日报》。", "港口日报"),
        ("Kaynak: Liman Gazetesi", "Liman Gazetesi"),
        ("Källa: Hamnbladet", "Hamnbladet"),
        ("출처: 항구일보", "항구일보"),
        ("来源：港口日报", "港口日报"),
        ("المصدر: صحيفة الميناء", "صحيفة الميناء"),
    ],
)  # fmt: skip
def test_credits_are_read_in_many_languages_and_end_with_the_name(line: str, name: str) -> None:
    assert [plain(name)] == [plain(credit.name) for credit in credits_of(f"{BODY}\n{line}", [])]


@pytest.mark.parametrize(
    ("authors", "line", "outlet"),
    [
        (["Morgen"], "", "Morgen"),
        (["Jane Doe, Morgen"], "", "Morgen"),
        (["Jane Doe (The Morgen)"], "", "Morgen"),
        ([], "Morgen", "Morgen"),
        (["Norlandia Wire"], "", None),
        (["Jane Morgen"], "", None),
        (["Reuters"], "Echo", None),
        ([], "Morgen was closed on Monday, as the council had decided in March.", None),
    ],
)
def test_an_outlet_of_the_file_that_signs_a_text_is_credited(
    authors: list[str], line: str, outlet: str | None
) -> None:
    """Other names may be anybody's, and agencies are told by a rule of their own."""
    found = stated_credits(Page(f"{BODY}\n{line}", [], authors, None), OUTLETS)

    assert [outlet] * (outlet is not None) == [credit.outlet_id for credit in found]


@pytest.mark.parametrize(
    "line",
    [
        "A study first published in The Lancet found that ferries are old and slow.",
        "The report, first published in The Lancet, found that all ferries were old.",
        "A study first published in The Lancet on 5 March 2026 found that ferries are old and slow.",
        "Die Studie erschien zuerst in Nature und zeigt, dass die Fähren alt sind und lange fahren.",
    ],
)
def test_a_sentence_that_goes_on_tells_of_another_text(line: str) -> None:
    assert [] == credits_of(f"{line}\n{BODY}", [])


def test_what_stands_behind_a_name_may_say_when_it_appeared() -> None:
    (found,) = credits_of(BODY, ["Cet article a été publié initialement dans Le Port, le 5 mars 2026."])

    assert "port" == plain(found.name)


@pytest.mark.parametrize(
    "line",
    [
        "This article first appeared in The Harbour Post on 5 March 2026.",
        "This story was originally published by the Harbour Post on March 5, 2026 at 5:00 AM.",
        "Originally published in the Harbour Post on Thursday, March 5, 2026",
        "First published in the Harbour Post 2026-03-05",
        "Dieser Beitrag erschien zuerst in Harbour Post am 5. März 2026",
        "Este artículo se publicó originalmente en Harbour Post el 5 de marzo de 2026.",
    ],
)
def test_a_date_behind_a_name_is_no_part_of_it(line: str) -> None:
    (found,) = credits_of(BODY, [line])

    assert ("harbour post", True) == (plain(found.name), found.is_sure)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("This article first appeared in The Guardian on Monday.", "Guardian"),
        ("This article first appeared in The Guardian on Saturday", "Guardian"),
        ("First published in the Harbour Post on Tuesday morning.", "Harbour Post"),
        ("First published in the Harbour Post late Thursday", "Harbour Post"),
        ("First published in the Harbour Post last Sunday", "Harbour Post"),
        ("Republished from the Harbour Post on Wed.", "Harbour Post"),
        ("Originally published by Reuters on Sunday.", "Reuters"),
        ("First published in Morgen on Sunday.", "Morgen"),
        ("Dieser Beitrag erschien zuerst in der Hafenpost am Freitag.", "Hafenpost"),
        ("Originally published by the Mail on Sunday on Monday.", "Mail on Sunday"),
        ("Zuerst erschienen in der Welt am Sonntag.", "Welt am Sonntag"),
        ("Zuerst erschienen in der Freitag.", "Freitag"),
        ("First published in The Baltimore Sun.", "Baltimore Sun"),
        ("First published in Ireland on Sunday.", "Ireland on Sunday"),
    ],
)
def test_a_day_of_the_week_behind_a_name_is_no_part_of_it(line: str, name: str) -> None:
    """A Sunday is, unless only the name without it is known."""
    assert [name] == [c.name for c in stated_credits(Page(BODY, [line], [], None), OUTLETS)]


def test_outlets_that_are_called_after_a_day_keep_their_names() -> None:
    assert ["Mail on Sunday"] == [c.name for c in credits_of(BODY, ["First published in the Mail on Sunday"])]


_ORIGINS = sorted(p for pattern in lexicon.words().origins for p in lexicon._choices(pattern))
_LINES = st.lists(
    st.sampled_from(_ORIGINS)
    | st.sampled_from([" ", ", ", "The Bay Post", "_", "-", "'", "the ferry"])
    | st.text(max_size=3),
    max_size=6,
)


@given(_LINES.map("".join), st.sampled_from([str, str.upper, str.title]), st.booleans())
def test_no_phrase_of_origin_is_missed_in_a_line_of_ascii(line: str, cased: Any, is_plain: bool) -> None:
    """As the pattern finds it in every line."""
    line = cased(line).encode("ascii", "ignore" if is_plain else "replace").decode()
    found, wanted = stated._said(line), stated._SAID.search(line)
    assert (found and found.span()) == (wanted and wanted.span())


@pytest.mark.parametrize("pattern", ["publi* in", "(c) first in", "$ first"])
def test_a_phrase_that_begins_with_no_whole_word_may_stand_in_any_line(pattern: str) -> None:
    assert stated.ascii_openings(lexicon.Phrases(frozenset([pattern, "first in"]))) is None


def test_letters_that_are_one_without_case_begin_a_phrase() -> None:
    """Patterns take ı for i and ſ for s."""
    assert stated.ascii_openings(lexicon.Phrases(frozenset(["ılk in", "d'abord", "été"]))) == {"ilk", "d"}
