"""Explanations: why an article is where it is, and what two articles share."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from pipeline.app.cli import app
from tests import story_texts as texts
from tests.command import newsfold, records


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeds, run once."""
    path = tmp_path_factory.mktemp("cli") / "warehouse"
    done = newsfold("run", "--landing", "seeds", "--warehouse", str(path))
    assert 0 == done.returncode, done.stderr
    assert "1 new story" in done.stdout
    assert str(path) in done.stdout.replace("\n", "")
    return path


def test_what_is_no_id_is_said_to_be_none(warehouse: Path) -> None:
    found = newsfold("explain", "hello", "--warehouse", str(warehouse))

    assert (2, "") == (found.returncode, found.stdout)
    assert "is no article_id" in found.stderr


def test_explain_says_why(warehouse: Path) -> None:
    """For an article of the seeds' story: its place, and what it shares with the article that put it there."""
    (story,) = records(newsfold("stories", "--json", "--warehouse", str(warehouse)).stdout)
    last = story["members"][-1]

    found = json.loads(newsfold("explain", last, "--json", "--warehouse", str(warehouse)).stdout)

    assert ("report", story["story_id"]) == (found["place"]["kind"], found["place"]["story_id"])
    assert found["story"]["score"] >= found["story"]["threshold"]
    assert found["story"]["shared_terms"]


def test_explain_two_articles(warehouse: Path) -> None:
    """Of two articles it says whether they are together, and shows the figures and passages."""
    (story,) = records(newsfold("stories", "--json", "--warehouse", str(warehouse)).stdout)
    first, second = story["members"][:2]

    found = json.loads(
        newsfold("explain", first[:20], second, "--json", "--warehouse", str(warehouse)).stdout
    )

    assert {"copy": False, "story": True} == found["together"]
    assert 0 <= found["link"]["jaccard"] < 0.1
    assert found["only_in_article"]


def test_an_article_that_is_not_there_is_named(warehouse: Path) -> None:
    found = newsfold("explain", "20260305ffffffff", "--warehouse", str(warehouse))

    assert 1 == found.returncode
    assert "no article 20260305ffffffff on 2026-03-05" in found.stderr


DAYS = {
    "2026-02-01": {"far": texts.MATCH_A1},
    "2026-03-04": {"first": texts.QUAKE_A1, "lombok": texts.QUAKE_B1},
    "2026-03-05": {"second": texts.QUAKE_A2, "copy": texts.QUAKE_A1, "one": texts.WEATHER_EN_A, "two": texts.WEATHER_EN_B},
    "2026-03-06": {"match": texts.MATCH_A2},
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A warehouse, and the ids of its articles by name."""
    folder = tmp_path_factory.mktemp("pairs")
    for day, found in DAYS.items():
        rows = [
            {"url": f"https://{name}.example/a-1", "outlet": name, "title": title, "text": text}
            for name, (title, text) in found.items()
        ]
        (folder / f"landing/day={day}").mkdir(parents=True)
        (folder / f"landing/day={day}/a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    places = ["--landing", str(folder / "landing"), "--warehouse", str(folder / "w")]
    done = CliRunner().invoke(app, ["run", "-q", *places, "--from", min(DAYS), "--to", max(DAYS)])
    assert done.exit_code == 0, done.output
    articles = [
        row
        for path in folder.glob("w/articles/day=*/part-0.parquet")
        for row in pq.ParquetFile(path).read(["article_id", "outlet"]).to_pylist()
    ]
    return folder / "w", {row["outlet"]: row["article_id"] for row in articles}


def explained(made: tuple[Path, dict[str, str]], *names: str) -> Any:
    warehouse, ids = made
    found = CliRunner().invoke(
        app, ["explain", *(ids[name] for name in names), "--json", "--warehouse", str(warehouse)]
    )
    assert found.exit_code == 0, found.output
    (explanation,) = records(found.stdout)
    return explanation


@pytest.mark.parametrize("name", ["far", "lombok", "one", "match"])
def test_a_story_of_one_article_has_no_figures(made: tuple[Path, dict[str, str]], name: str) -> None:
    """There is nothing to be similar to; NaN is no JSON."""
    found = explained(made, name)

    assert (0, None, None) == tuple(found["story"][n] for n in ("n_compared", "score", "time_factor"))
    assert "no other article" in found["story"]["note"]
    assert "resembles no" not in found["place"]["why"]  # it may resemble some, but not enough


@pytest.mark.parametrize(
    ("pair", "is_one", "why"),
    [
        (("first", "second"), True, "one story: the later one's similarity"),
        (("first", "copy"), True, "one text"),
        (("first", "lombok"), False, "two stories: neither's texts have what the other's headlines name"),
        (("copy", "lombok"), False, "two stories: neither's texts have what the other's headlines name"),
        (("second", "one"), False, "two stories: "),
        (("first", "match"), False, "two stories: "),
        (("one", "two"), False, "two stories: neither's texts have what the other's headlines name"),
        (("far", "match"), False, "two stories: they are more than 14 days apart"),
    ],
)
def test_two_articles_are_told_why(
    made: tuple[Path, dict[str, str]], pair: tuple[str, str], is_one: bool, why: str
) -> None:
    """Whichever is named first; with the score, the threshold and the terms that they share."""
    found, back = explained(made, *pair), explained(made, *reversed(pair))

    assert found["together"]["story"] == is_one
    assert found["story"]["why"].startswith(why)
    assert found["story"] == back["story"]


def test_the_figures_are_those_that_decided(made: tuple[Path, dict[str, str]]) -> None:
    apart, together = explained(made, "first", "match")["story"], explained(made, "first", "second")["story"]

    assert 0 <= apart["later_and_the_story_of_the_earlier"]["score"] < apart["threshold"]
    assert explained(made, "first", "lombok")["story"]["between_the_two"]["shared_terms"]
    placed = explained(made, "second")
    assert placed["place"]["story_score"] == together["later_and_the_story_of_the_earlier"]["score"]
    assert together["later_and_the_story_of_the_earlier"]["score"] >= together["threshold"]


def test_a_person_reads_it_too(made: tuple[Path, dict[str, str]]) -> None:
    warehouse, ids = made
    found = CliRunner().invoke(app, ["explain", ids["first"], ids["lombok"], "--warehouse", str(warehouse)])

    assert "two stories: neither's texts have" in found.output
    assert "nan" not in found.output.lower().split()
