"""One place has one URI, however it is written."""

import os
from pathlib import Path

import pytest

from pipeline.store import uris


@pytest.mark.parametrize(
    "written", ["landing", "./landing/", "landing/../landing", "link", "file://{}/landing"]
)
def test_a_folder_has_one_uri(written: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Relative, with a slash at its end, by way of its parent, by a link, as a URI."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "landing").mkdir()
    (tmp_path / "link").symlink_to("landing")

    assert (tmp_path / "landing").resolve().as_uri() == uris.absolute(uris.parse(written.format(tmp_path)))


@pytest.mark.parametrize("name", ["a b", "50%", "пресса", "a%20b", "#1?", "caf\udce9"])
def test_every_path_comes_back_from_its_uri(name: str, tmp_path: Path) -> None:
    """Also one whose name is not UTF-8."""
    path = os.path.realpath(tmp_path / name)

    assert path == uris.parse(uris.absolute(path))


def test_a_prefix_of_a_bucket_has_one_uri() -> None:
    assert {"s3://news/landing"} == {uris.absolute(f"s3://news/landing{end}") for end in ("", "/", "//")}
    assert "s3://news" == uris.absolute("s3://news/")


@pytest.mark.parametrize(
    "written", ["", "  ", "s3://", "s3:///landing", "file://landing", "ftp://x/y", "a\0b"]
)
def test_what_names_no_place_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"folder|s3://"):
        uris.parse(written)


@pytest.mark.parametrize(
    ("inner", "outer", "expected"),
    [
        ("s3://news/a/b", "s3://news/a", True),
        ("s3://news/a", "s3://news", True),
        ("s3://news/ab", "s3://news/a", False),
        ("s3://newspaper/a", "s3://news", False),
        ("file:///a/b", "file:///a", True),
        ("file:///a", "file:///", True),
        ("file:///ab", "file:///a", False),
        ("file:///a", "s3://a", False),
    ],
)
def test_a_place_lies_in_another_by_whole_names(inner: str, outer: str, expected: bool) -> None:
    assert expected == uris.is_within(inner, outer)
