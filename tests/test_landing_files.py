"""Which files a day has, and how they are shared out."""

import os
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pipeline.landing.files import list_files, pack
from pipeline.model.kinds import Reject
from pipeline.store.local import LocalStorage
from pipeline.store.storage import Entry
from tests.delivered import (
    DAY,
    FOLDER,
    PAGE,
    outcome,
    put,
    read,
)


def test_files_of_a_day_are_listed_sorted_at_any_depth(zone: Path) -> None:
    for name in ("b.html", "sub/deep/a.txt", "a.jsonl"):
        put(zone, name, b"x")
    put(zone, "c.html", b"x", folder="day=2026-03-06")

    found = list_files(LocalStorage(zone), DAY)

    assert [e.path for e in found] == [f"{FOLDER}/{n}" for n in ("a.jsonl", "b.html", "sub/deep/a.txt")]


def test_a_day_without_a_folder_has_no_files(zone: Path) -> None:
    assert list_files(LocalStorage(zone), DAY) == []


def test_names_that_begin_with_a_dot_or_an_underscore_are_skipped(zone: Path) -> None:
    for name in (".a.html.part", "_SUCCESS", "_tmp/b.html", "sub/.c.html", "c_d.e.html"):
        put(zone, name, b"x")

    found = list_files(LocalStorage(zone), DAY)

    assert [e.path for e in found] == [f"{FOLDER}/c_d.e.html"]


entries = st.lists(
    st.builds(Entry, st.text("abc", min_size=1), st.integers(0, 10**9), st.just("1")),
    unique_by=lambda e: e.path,
)


@given(entries, st.integers(1, 8), st.randoms(use_true_random=False))
def test_packing_loses_no_file_is_balanced_and_does_not_depend_on_the_order(
    files: list[Entry], n_parts: int, random: Any
) -> None:
    parts = pack(files, n_parts)
    shuffled = random.sample(files, len(files))

    sizes = [sum(e.size_bytes for e in part) for part in parts]
    assert sorted(e for part in parts for e in part) == sorted(files)
    assert len(parts) == n_parts
    assert max(sizes) - min(sizes) <= max((e.size_bytes for e in files), default=0)
    assert pack(shuffled, n_parts) == parts


def test_a_link_out_of_the_landing_zone_is_a_reject_and_one_within_is_read(
    zone: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "secret.html"
    outside.write_bytes(b"secret")
    target = put(zone, "a.html", PAGE)
    (target.parent / "b.html").symlink_to(outside)
    (target.parent / "c.html").symlink_to(target)
    (target.parent / "d.html").symlink_to(tmp_path / "nowhere")

    reasons = [row["reason"] for row in read(zone)]

    assert reasons == [None, Reject.OUTSIDE_LANDING, None, Reject.OUTSIDE_LANDING]


def test_a_named_pipe_is_a_reject_and_not_waited_for(zone: Path) -> None:
    path = put(zone, "a.html", PAGE)
    path.unlink()
    os.mkfifo(path)

    assert outcome(read(zone)) == [("0", Reject.UNREADABLE)]


def test_a_link_is_as_new_as_what_it_leads_to(zone: Path) -> None:
    """What it leads to may come later, or change while the link stays as it is."""
    target = zone / "kept" / "a.html"
    link = put(zone, "b.html", b"")
    link.unlink()
    link.symlink_to(target)
    storage = LocalStorage(zone)
    nowhere = list_files(storage, DAY)
    assert outcome(read(zone)) == [("0", Reject.UNREADABLE)]

    put(zone, "a.html", PAGE, folder="kept")
    there = list_files(storage, DAY)
    assert outcome(read(zone)) == [("0", PAGE)]

    put(zone, "a.html", PAGE * 2, folder="kept")
    assert len({nowhere[0], there[0], list_files(storage, DAY)[0]}) == 3


def test_links_in_a_circle_are_rejects(zone: Path) -> None:
    first = put(zone, "a.html", PAGE)
    first.unlink()
    first.symlink_to("b.warc")
    (first.parent / "b.warc").symlink_to("a.html")
    (first.parent / "c.parquet").symlink_to("c.parquet")

    assert [row["reason"] for row in read(zone)] == [Reject.UNREADABLE] * 3
