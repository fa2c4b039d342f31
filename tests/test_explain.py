"""Explanations: why an article is where it is, and what two articles share."""

import json
from pathlib import Path

import pytest

from tests.command import newsfold


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeds, run once."""
    path = tmp_path_factory.mktemp("cli") / "warehouse"
    done = newsfold("run", "--landing", "seeds", "--warehouse", str(path))
    assert 0 == done.returncode, done.stderr
    assert "new stories" in done.stdout
    assert str(path) in done.stdout.replace("\n", "")
    return path


def test_what_is_no_id_is_said_to_be_none(warehouse: Path) -> None:
    found = newsfold("explain", "hello", "--warehouse", str(warehouse))

    assert (2, "") == (found.returncode, found.stdout)
    assert "is no article_id" in found.stderr


def test_explain_says_why(warehouse: Path) -> None:
    """For an article of the seeds' story: its place, and what it shares with the article that put it there."""
    (story,) = json.loads(newsfold("stories", "--json", "--warehouse", str(warehouse)).stdout)
    last = story["members"][-1]

    found = json.loads(newsfold("explain", last, "--json", "--warehouse", str(warehouse)).stdout)

    assert ("report", story["story_id"]) == (found["place"]["kind"], found["place"]["story_id"])
    assert found["story"]["score"] >= found["story"]["threshold"]
    assert found["story"]["shared_terms"]


def test_explain_two_articles(warehouse: Path) -> None:
    """Of two articles it says whether they are together, and shows the figures and passages."""
    (story,) = json.loads(newsfold("stories", "--json", "--warehouse", str(warehouse)).stdout)
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
