"""Whose page it is: by the user's file, the list that comes with newsfold, the registrable domain, the name."""

import pytest

from pipeline.model.errors import SettingsError
from pipeline.text import outlets
from pipeline.text.outlets import Outlet, Outlets, slug_of

FILE = b"""domain,outlet,owner,country,kind,is_agency
# our own houses
morgen.example,morgen,haus-nord,DE,,
nord.morgen.example,morgen-nord,haus-nord,DE,,
wire.example,Norlandia Wire,,NO,,true
mirror.example,mirror,,,repost,
bbc.co.uk,bbc-uk,,GB,,
"""
OURS = Outlets.parse(FILE, "houses.csv")


@pytest.mark.parametrize(
    ("domain", "outlet", "newsroom"),
    [
        ("morgen.example", "morgen", "haus-nord"),
        ("www.morgen.example", "morgen", "haus-nord"),
        ("sport.morgen.example", "morgen", "haus-nord"),
        ("nord.morgen.example", "morgen-nord", "haus-nord"),
        ("wire.example", "Norlandia Wire", None),
        ("mirror.example", "mirror", None),
        ("news.bbc.co.uk", "bbc-uk", "bbc-uk"),
        ("bbc.com", "bbc", "bbc"),
        ("uk.reuters.com", "reuters.com", None),
        ("berlin.tageblatt.de", "tageblatt.de", "tageblatt.de"),
        ("anna.wordpress.com", "anna.wordpress.com", "anna.wordpress.com"),
        ("192.0.2.7", "192.0.2.7", "192.0.2.7"),
        ("intranet", "intranet", "intranet"),
    ],
)
def test_the_file_goes_before_the_list_and_the_list_before_the_registrable_domain(
    domain: str, outlet: str, newsroom: str | None
) -> None:
    found = OURS.of(domain, "Somebody else")

    assert found is not None
    assert (outlet, newsroom) == (found.id, found.newsroom)


def test_without_a_domain_the_name_tells_the_outlet() -> None:
    assert OURS.of("morgen.example", None) == OURS.of(None, "Morgen")
    assert Outlet("der-neue-tag", "der-neue-tag") == OURS.of(None, "Der  neue Tag")
    assert (reuters := OURS.of(None, "Reuters")) is not None
    assert "Reuters" == reuters.agency
    assert OURS.of(None, None) is None
    assert OURS.of(None, " – ") is None


def test_agencies_of_the_file_are_named_and_one_that_is_known_keeps_its_name() -> None:
    two = Outlets.parse(b"domain,outlet,is_agency\nwire.example,Norlandia Wire,true\nap.example,ap,yes", "f")

    assert ("Norlandia Wire",) == two.agencies
    assert (ap := two.of("ap.example", None)) is not None
    assert "AP" == ap.agency


BAD = [
    (b"", "f.csv: empty; the first line names the columns"),
    (b"domain,publisher\n", "f.csv, line 1: no such column: 'publisher'"),
    (b"outlet,owner\n", "f.csv, line 1: names each column once, and domain among them"),
    (b"domain,domain\n", "f.csv, line 1: names each column once"),
    (b"domain,outlet\na.example,a,b\n", "f.csv, line 2: 3 values for 2 columns"),
    (b"domain\n\na b\n", "f.csv, line 3: 'a b' is no domain"),
    (b"domain\na.example\nwww.a.example\n", "f.csv, line 3: a.example is in line 2 already"),
    (
        b"domain,kind\na.example,blog\n",
        "f.csv, line 2: kind must be one of newsroom, portal, repost, and not 'blog'",
    ),
    (
        b"domain,is_agency\na.example,maybe\n",
        "f.csv, line 2: is_agency must be true or false, and not 'maybe'",
    ),
    (b"domain\n\xff.example\n", "f.csv, line 2: not UTF-8"),
    (b'domain,outlet\na.example,"open\n', "f.csv, line 2: unexpected end of data"),
]


@pytest.mark.parametrize(("content", "message"), BAD)
def test_a_bad_file_is_refused_with_its_line(content: bytes, message: str) -> None:
    with pytest.raises(SettingsError) as told:
        Outlets.parse(content, "f.csv")

    assert str(told.value).startswith(message)


def test_a_file_may_begin_with_a_byte_order_mark_and_leave_columns_out() -> None:
    assert Outlet("a", "a") == Outlets.parse(b"\xef\xbb\xbfoutlet,domain\r\na,A.example\r\n", "f").of(
        "a.example", None
    )


def test_of_two_outlets_of_one_name_the_first_is_meant() -> None:
    both = Outlets.parse(b"domain,outlet,owner\na.example,Echo,north\nb.example,echo,south\n", "f")

    assert (found := both.of(None, "ECHO")) is not None
    assert "north" == found.owner


def test_names_are_looked_up_without_going_through_the_file() -> None:
    """A slug for each outlet of the file once, and two for each name that is asked for."""
    rows = "\n".join(f"{n}.example,Paper {n}" for n in range(500))
    many, made = Outlets.parse(f"domain,outlet\n{rows}\n".encode(), "f"), []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outlets, "slug_of", lambda name: made.append(name) or slug_of(name))
        found = [many.of(None, f"paper {n}") for n in range(500)]

    assert [f"Paper {n}" for n in range(500)] == [outlet.id if outlet else None for outlet in found]
    assert len(made) <= 3 * 500


def test_one_of_two_names_may_lack_the_article_but_two_articles_are_two_outlets() -> None:
    known = Outlets.parse(b"domain,outlet\na.example,Die Rundschau\nb.example,Faro\n", "f")
    found = {n: known.named(n) for n in ("Die Rundschau", "Rundschau", "La Rundschau", "El Faro", "Faro")}

    assert {
        "Die Rundschau": "Die Rundschau",
        "Rundschau": "Die Rundschau",
        "El Faro": "Faro",
        "Faro": "Faro",
    } == {name: outlet.id for name, outlet in found.items() if outlet}
