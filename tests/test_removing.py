"""`newsfold remove`: what would go is shown, copies are named, and nothing changes without `--yes`."""

from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from pipeline.app.cli import app
from pipeline.day import segments
from pipeline.model.errors import MissingInputError, SettingsError
from pipeline.model.removal import Removal, Target
from pipeline.model.tables import ARTICLES
from pipeline.store import removals
from pipeline.upkeep import removing
from tests.command import records
from tests.conftest import everything
from tests.removed_world import ADDRESS, COPY, ORIGIN, REMOVAL, filled, take_down
from tests.world import DAYS, World, be_quick


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    be_quick(monkeypatch)
    return filled(World(tmp_path))


def newsfold(world: World, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["remove", *arguments, "--warehouse", str(world.root / "warehouse")])


def listed(world: World) -> list[tuple[str, str]]:
    return [(one.target, one.value) for one in removals.read(world.desk().warehouse.storage)]


def origin(world: World) -> str:
    rows = world.desk().warehouse.read(ARTICLES, DAYS[0]).to_pylist()
    return next(row["article_id"] for row in rows if row["url"] == ORIGIN["url"])


def test_without_yes_it_shows_what_would_go_and_changes_nothing(world: World) -> None:
    before = everything(world.root / "warehouse")
    said = newsfold(world, "--address", ADDRESS)

    assert 0 == said.exit_code, said.output
    assert "would be removed: 2; copies and later versions named: 1" in said.output
    assert "nothing was changed; --yes removes it" in said.output
    assert before == everything(world.root / "warehouse")


def test_copies_and_later_versions_are_named_with_outlet_and_address_and_stay(world: World) -> None:
    said = records(newsfold(world, origin(world)[:20], "--yes", "--json").output)

    assert ["article", "copy", "copy"] == [row["what"] for row in said]
    assert [True, False, False] == [row["removed"] for row in said]
    assert {("revision", "Herald", f"{ADDRESS}?utm_source=feed"), ("excerpt", "Post", COPY["url"])} == {
        (row["kind"], row["outlet"], row["url"]) for row in said[1:]
    }
    assert [("article", origin(world))] == listed(world)


def test_copies_go_too_when_asked(world: World) -> None:
    said = records(newsfold(world, origin(world), "--copies", "--yes", "--json").output)

    assert all(row["removed"] for row in said)
    assert sorted(("article", row["article_id"]) for row in said) == listed(world)


def test_an_article_is_listed_with_the_digest_of_its_text_while_that_is_kept(world: World) -> None:
    [found] = removing.removals_of(world.desk().warehouse, [origin(world)])
    assert 24 == len(found.document)

    for path in (world.root / "warehouse/_meta/state/extracted").rglob("*.parquet"):
        path.unlink()
    assert [Removal(Target.ARTICLE, origin(world))] == removing.removals_of(
        world.desk().warehouse, [origin(world)]
    )


def test_an_outlet_is_a_domain_or_a_name_and_a_known_name_stands_for_its_domains(world: World) -> None:
    (world.root / "outlets.csv").write_text(
        "domain,outlet\npost.example,Morning Post\nmpost.example,Morning Post\n"
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("NEWSFOLD_OUTLETS", str(world.root / "outlets.csv"))
        newsfold(world, "--outlet", "morning post", "--outlet", "https://www.Herald.com/", "--yes")

    assert [
        ("outlet", one) for one in ("herald.com", "morning post", "mpost.example", "post.example")
    ] == listed(world)


def test_it_is_listed_and_taken_back(world: World) -> None:
    take_down(world, REMOVAL, Removal(Target.ARTICLE, origin(world)))
    assert [{"target": "address", "value": ADDRESS}] == records(newsfold(world, "--list", "--json").output)[
        :1
    ]

    assert 0 == newsfold(world, "--undo", origin(world)[:12]).exit_code
    assert [("address", ADDRESS)] == listed(world)
    assert 0 == newsfold(world, "--undo", "--address", f"{ADDRESS}/?utm_medium=x").exit_code
    assert [] == listed(world)
    assert "nothing was removed" in newsfold(world, "--list").output
    said = newsfold(world, "--undo", "--address", ADDRESS)
    assert isinstance(said.exception, MissingInputError)


def test_a_day_goes_at_once(world: World) -> None:
    said = newsfold(world, "--day", str(DAYS[1]), "--yes")

    assert 0 == said.exit_code, said.output
    assert not [
        path
        for path in everything(world.root / "warehouse")
        if f"day={DAYS[1]}" in path and "stories" not in path
    ]


def test_many_articles_of_a_day_are_named_by_one_reading_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wire's text may have hundreds of copies."""
    read: list[str] = []
    real = segments.read_segment
    monkeypatch.setattr(
        removing.segments,
        "read_segment",
        lambda storage, path, kept: read.append(path) or real(storage, path, kept),  # type: ignore[func-returns-value]
    )
    ids = world.desk().warehouse.read(ARTICLES, DAYS[1], ["article_id"])["article_id"].to_pylist()

    assert sorted(ids) == [one.value for one in removing.removals_of(world.desk().warehouse, ids)]
    assert len(ids) == 3
    assert len(read) == len(set(read))


def test_what_nothing_published_is_named_by_is_said_and_listed(world: World) -> None:
    """A slip shows, and what comes later is left out."""
    for yes, says in (
        ([], "would be listed: outlet nobody.example"),
        (["--yes"], "on the list: outlet nobody.example"),
    ):
        said = newsfold(world, "--outlet", "nobody.example", *yes).output
        assert says in said
        assert "nothing that is published is named so" in said
    assert [("outlet", "nobody.example")] == listed(world)


@pytest.mark.parametrize("suffix", ["co.uk", "https://github.io/", "com.au"])
def test_a_domain_under_which_anybody_may_have_a_site_is_no_outlet(world: World, suffix: str) -> None:
    said = newsfold(world, "--outlet", suffix, "--yes")

    assert isinstance(said.exception, SettingsError)
    assert [] == listed(world)


@pytest.mark.parametrize(
    "arguments",
    [(), ("--address", "no address"), ("--outlet", "…"), ("--yes",), ("hello",), ("",), ("20261301a1b2",)],
)
def test_what_names_nothing_is_refused(world: World, arguments: tuple[str, ...]) -> None:
    assert isinstance(newsfold(world, *arguments).exception, SettingsError)


@pytest.mark.parametrize("article", ["20260305" + 12 * "0", "20260305", "20990305a"])
def test_an_id_of_no_article_or_of_several_is_refused(world: World, article: str) -> None:
    assert isinstance(newsfold(world, article).exception, MissingInputError)
