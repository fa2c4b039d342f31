"""Where things stand in a warehouse: stored warehouses have these paths, so they stay what they are."""

import re
from datetime import date
from pathlib import Path

import pytest

from pipeline.model.days import days_among, folder_of
from pipeline.model.internal_tables import BY_NAME
from pipeline.model.tables import JOURNALS, PUBLISHED, STORIES
from pipeline.store import layout

DAY = date(2026, 3, 5)
ROOT = Path(__file__).parents[1]
# What no other module may spell. A docstring may name a path; these are strings that code uses.
_SPELT = re.compile(
    r"""["'/](?:_meta/(?:state|manifests|begun|held|retired|landing|staging|locks|iceberg|reports|search)|part-0\.parquet)|["'/]day=(?:["']|\{\w+\}["'/])"""
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (layout.partition(STORIES, DAY), "stories/day=2026-03-05/part-0.parquet"),
        (layout.every_partition(STORIES), "stories/day=*/part-0.parquet"),
        (layout.partition(BY_NAME["terms"], DAY), "_meta/state/terms/day=2026-03-05/part-0.parquet"),
        (layout.manifest(STORIES, DAY), "_meta/manifests/stories/day=2026-03-05.json"),
        (layout.extracted_part(DAY, "ab"), "_meta/state/extracted/day=2026-03-05/ab.parquet"),
        (layout.in_day(layout.BEGUN, DAY), "_meta/begun/day=2026-03-05"),
        (layout.in_day(layout.HELD, DAY), "_meta/held/day=2026-03-05"),
        (layout.RETIRED, "_meta/retired"),
        (layout.LANDING, "_meta/landing.json"),
        (layout.staged("key"), "_meta/staging/key"),
        (layout.lock(layout.run_lock(DAY)), "_meta/locks/run/2026-03-05"),
        (layout.lock(layout.partition_lock(STORIES, DAY)), "_meta/locks/stories/2026-03-05"),
        (layout.search_index(DAY, "aa", "bb"), "_meta/search/day=2026-03-05/aa-bb.db"),
        (layout.HARVEST, "_meta/harvest"),
        (layout.report(DAY), "_meta/reports/2026-03-05.md"),
        (layout.page(DAY), "_meta/reports/2026-03-05.html"),
    ],
)
def test_a_path_is_what_it_always_was(path: str, expected: str) -> None:
    assert path == expected


def test_two_things_being_written_have_two_places() -> None:
    assert layout.new_staged("spark-") != layout.new_staged("spark-")
    assert layout.new_staged("spark-").startswith("_meta/staging/spark-")


def test_the_day_of_a_folder_is_found_again() -> None:
    assert days_among([folder_of(DAY)]) == [DAY]


def test_only_published_tables_stand_beside_the_notes() -> None:
    """A reader that takes every folder of a warehouse but `_meta` finds the published tables, the journals, and nothing else."""
    tops = {contract: layout.table(contract).split("/")[0] for contract in BY_NAME.values()}
    assert {top for top in tops.values() if top != "_meta"} == {
        contract.name for contract in PUBLISHED + JOURNALS
    }


def test_no_other_module_spells_a_path() -> None:
    found = []
    for module in sorted((ROOT / "pipeline").rglob("*.py")):
        name = module.relative_to(ROOT / "pipeline").as_posix()
        # newsfold_read is a distribution of its own, which knows nothing of the rest.
        if name not in {"store/layout.py", "model/days.py"} and not name.startswith("newsfold_read/"):
            source = re.sub(r'"""[\s\S]*?"""', "", module.read_text())
            found += [f"{name}: {line.strip()}" for line in source.splitlines() if _SPELT.search(line)]
    assert found == []
