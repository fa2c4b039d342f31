"""The list of wire services: each name and domain belongs to one of them."""

from collections import Counter

from pipeline.text import agencies


def test_no_name_and_no_domain_belongs_to_two_agencies() -> None:
    known = agencies.known()
    names = Counter(n for one, about in known.items() for n in {name.casefold() for name in (one, *about[0])})
    domains = Counter(domain for about in known.values() for domain in about[1])

    assert [] == [name for counted in (names, domains) for name, n in counted.items() if n > 1]


def test_an_agency_is_known_by_each_of_its_names_in_any_case() -> None:
    found = agencies.by_name(["Norlandia Wire"])

    assert ("AP", "AP", "Norlandia Wire") == tuple(
        found[name] for name in ("the associated press", "ap", "norlandia wire")
    )
    assert "tass.ru" in agencies.by_domain()


def test_the_agencies_of_one_value_are_told_apart_again() -> None:
    assert [["AFP", "dpa"], ["AFP"], []] == [
        agencies.split(agencies.join(stated)) for stated in (["AFP", "dpa"], ["AFP"], [])
    ]


def test_an_article_before_a_name_is_no_part_of_it() -> None:
    """In any case and language; a short name must be written as the agency writes it even so."""
    said = (
        "THE AP",
        "the AP",
        "The  AP",
        "THE ASSOCIATED PRESS",
        "Die dpa",
        "La EFE",
        "the ap",
        "the",
    )

    assert ["AP", "AP", "AP", "AP", "dpa", "EFE", None, None] == [agencies.named(n) for n in said]
