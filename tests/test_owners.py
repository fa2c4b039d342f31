"""The sources as a file of outlets."""

from pipeline.harvest.owners import outlets_csv
from pipeline.harvest.sources import Source, Sources
from pipeline.text.outlets import Outlets


def _file(*sources: Source) -> str:
    return outlets_csv(Sources(sources))


def test_a_domain_of_a_source_is_its_outlet_s() -> None:
    text = _file(
        Source(
            "Morgen, Nord",
            feeds=("https://www.morgen.example/rss", "https://feeds.morgen.example/x"),
            owner="haus-nord",
            country="DE",
        ),
        Source("Abend", sitemaps=("https://abend.example/s.xml",)),
    )
    found = Outlets.parse(text.encode(), "outlets.csv")

    assert text.splitlines()[0] == "domain,outlet,owner,country"
    assert list(found.by_domain) == ["abend.example", "feeds.morgen.example", "morgen.example"]
    nord = found.of("morgen.example", None)
    assert nord is not None
    assert (nord.id, nord.owner, nord.country) == ("Morgen, Nord", "haus-nord", "DE")


def test_what_a_source_states_goes_before_where_its_feeds_lie() -> None:
    found = Outlets.parse(
        _file(Source("Morgen", feeds=("https://feeds.example/1",), domains=("morgen.example",))).encode(), "f"
    )
    assert list(found.by_domain) == ["morgen.example"]


def test_a_service_with_the_feeds_of_several_outlets_is_none_of_them() -> None:
    text = _file(*(Source(name, feeds=(f"https://feeds.example/{name}",)) for name in ("b", "a")))
    assert "# feeds.example: feeds of a, b; state `domain` in their sources\n" in text
    assert Outlets.parse(text.encode(), "f").by_domain == {}


def test_several_sources_of_one_outlet_give_one_line() -> None:
    text = _file(
        Source("a", feeds=("https://a.example/1",)),
        Source("a", lists=("https://a.example/2",)),
        Source("a", warcs=("s3://b/c",)),
    )
    assert text.splitlines()[1:] == ["a.example,a,,"]
