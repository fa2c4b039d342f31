"""`newsfold search` and `newsfold index`: in a process of its own, as they are typed."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.app.cli import app
from pipeline.explorer.snapshot import Library, Snapshot
from pipeline.model.tables import ARTICLES
from tests.command import newsfold, records
from tests.conftest import published
from tests.explored import FIRST, HOSTILE, SECOND, Explored, copied


@pytest.fixture
def warehouse(explored: Explored, tmp_path: Path) -> Path:
    return copied(explored, tmp_path / "world").root / "warehouse"


def test_stories_are_found_with_an_index_and_without(warehouse: Path) -> None:
    place = ("--warehouse", str(warehouse))
    before = published(warehouse)
    scanned = newsfold("search", "river", '"Lenne floods"', "--json", *place)
    built = newsfold("index", "--json", *place)
    found = newsfold("search", "river", '"Lenne floods"', "--json", *place)

    assert "read the texts of 3 days without a search index; newsfold index builds it" in scanned.stderr
    assert [(str(day), "built") for day in (FIRST, SECOND, HOSTILE)] == [
        (one["day"], one["outcome"]) for one in records(built.stdout)
    ]
    assert "" == found.stderr
    assert records(scanned.stdout) == records(found.stdout)
    (first, *_) = records(found.stdout)
    assert "lenne floods" in first["best"]["title"].lower()
    assert len(first["publication"]) == 16
    assert before == published(warehouse)


def test_a_person_reads_headlines_and_snippets(warehouse: Path) -> None:
    place = ("--warehouse", str(warehouse))
    found = newsfold("search", "ferry", "--day", str(HOSTILE), *place)
    nothing = newsfold("search", "xylophone", *place)
    one = newsfold("index", "--day", str(FIRST), *place)

    assert "ran aground" in found.stdout
    assert "\u202e" not in found.stdout, "it turns the direction of what follows"
    assert "no story has these words" in nothing.stdout
    assert "1 day has an index that fits" in one.stdout


def test_a_day_that_is_published_meanwhile_is_searched_again(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, looked = Library.snapshot, list[str]()

    def looking(library: Library, *, anew: bool = False) -> Snapshot:
        found = look(library, anew=anew)
        looked.append(found.publication)
        if not anew:
            for path in sorted((warehouse / ARTICLES.name).rglob("*.parquet")):
                data = path.read_bytes()
                path.unlink()
                path.write_bytes(data)
        return found

    monkeypatch.setattr(Library, "snapshot", looking)
    found = CliRunner().invoke(app, ["search", "ferry", "--json", "--warehouse", str(warehouse)])

    assert 0 == found.exit_code, found.exception
    assert records(found.stdout)
    assert 2 == len(looked)


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("search", "🚢", '"'), 2, "no word to look for"),
        (("search", "ferry", "--limit", "99999999999999999999"), 2, "--limit"),
        (("search", "a", "--day", "2026-03-05", "--from", "2026-03-05"), 2, "not both"),
        (("search", "a" * 1_001), 2, "at most 1,000 characters"),
        (("search", "ferry", "--day", "2031-01-01"), 1, "2031-01-01: not published in"),
        (("index", "--day", "2031-01-01"), 1, "not published"),
        (("search",), 2, "WORDS"),
    ],
)
def test_wrong_usage_is_said_in_a_sentence(
    warehouse: Path, arguments: tuple[str, ...], status: int, says: str
) -> None:
    found = newsfold(*arguments, "--warehouse", str(warehouse))

    assert (status, "") == (found.returncode, found.stdout)
    assert says in found.stderr
    assert "Traceback" not in found.stderr
