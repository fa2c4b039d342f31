"""Versions: what a run records of the rules and libraries that made a day."""

from importlib.metadata import version

import pytest

from pipeline.model import versions


@pytest.mark.parametrize("stage", sorted(versions.RULES))
def test_the_rules_of_a_stage_change_with_its_number_and_with_a_library_that_it_uses(
    stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day made by other ones is stale."""
    before = versions.rules(stage)
    monkeypatch.setattr(versions, "RULES", versions.RULES | {stage: 99})
    numbered = versions.rules(stage)
    monkeypatch.setattr(versions, "_version", lambda library: f"{version(library)}.post1")

    assert 3 == len({before, numbered, versions.rules(stage)})
    assert before.startswith(f"{stage} ")


def test_the_rules_of_a_stage_do_not_change_with_those_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    before = versions.rules("clean")
    monkeypatch.setattr(versions, "RULES", versions.RULES | {"copies": 99})

    assert before == versions.rules("clean")


def test_every_stage_and_every_library_is_listed_once_with_its_version() -> None:
    found = {row["name"]: row["version"] for row in versions.table()}

    assert len(found) == len(versions.table())
    assert {stage: str(n) for stage, n in versions.RULES.items()}.items() <= found.items()
    assert version("trafilatura") == found["trafilatura"]
    assert sorted(found) == [row["name"] for row in versions.table()]
