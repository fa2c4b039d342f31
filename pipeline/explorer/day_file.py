"""A day as one file that needs no network and no server: the day's page, and below it its stories, largest first.

It has no script and loads nothing; its styles stand in it and are allowed by their digest. It is bounded by construction: a story takes
at most so many bytes, with fewer texts where it has more to show, and stories are taken while there is room. The same warehouse gives
the same bytes.
"""

import base64
import hashlib
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import NamedTuple

from markupsafe import Markup

from pipeline.explorer.day import day_page, largest
from pipeline.explorer.models import Day, Story, StoryLine
from pipeline.explorer.rendering import environment, static
from pipeline.explorer.snapshot import Snapshot
from pipeline.explorer.story import story_page

MOST_BYTES = 2_000_000
_SLACK_BYTES = 2_000  # counts of what is left out, which are known last
_HEADLINE_BYTES = 150_000  # for stories of which only the headline is told
_IN_FULL, _HEADLINES = 100, 500  # stories: whoever wants more looks in the explorer


class DayFile(NamedTuple):
    """The file, and of how many stories it tells all, the headline, or nothing."""

    data: bytes
    n_full: int
    n_headlines: int
    n_left_out: int
    is_retired: bool


class Room(NamedTuple):
    """How much of a story is shown: texts of its own, copies of each, characters and paragraphs to read, marks on the timeline."""

    groups: int
    copies: int
    text: int
    lines: int
    marks: int


# The first that stays below the limit is taken. The last one does whatever an article says: 1,000 characters are at most 6 kB.
_STORY_BYTES = 60_000
_ROOMS = (
    Room(groups=30, copies=12, text=8_000, lines=120, marks=120),
    Room(groups=12, copies=3, text=3_000, lines=60, marks=40),
    Room(groups=0, copies=0, text=1_000, lines=20, marks=0),
)


def day_file(snapshot: Snapshot, day: date, threshold: float) -> DayFile:
    """`threshold` is the least score of a report. Raises as `day_page` does."""
    found = day_page(snapshot, day)
    lines, n_stories = largest(snapshot, day, _IN_FULL + _HEADLINES)
    room = MOST_BYTES - _SLACK_BYTES - len(_frame(found, n_stories))
    full = _that_fit(
        (_section(story_page(snapshot, one.story_id, threshold)) for one in lines[:_IN_FULL]),
        room - _HEADLINE_BYTES,
    )
    rest = _that_fit(map(_headline, lines[len(full) :]), room - sum(map(_size, full)))
    shown = frozenset(one.story_id for one in lines[: len(full)])
    n_left_out = n_stories - len(full) - len(rest)
    data = _frame(found, n_stories, full, rest, shown, n_left_out)
    return DayFile(data, len(full), len(rest), n_left_out, found.retired)


def _that_fit(parts: Iterable[Markup], room: int) -> list[Markup]:
    """The first parts that take no more bytes than there are."""
    found: list[Markup] = []
    for part in parts:
        room -= _size(part)
        if room < 0:
            break
        found.append(part)
    return found


def _size(part: str) -> int:
    return len(part.encode())


def _frame(
    found: Day,
    n_stories: int,
    sections: Iterable[Markup] = (),
    headlines: Iterable[Markup] = (),
    shown: frozenset[str] = frozenset(),
    n_left_out: int = 0,
) -> bytes:
    """The whole file, around the stories."""
    styles, digest = _styles()
    text = _render(
        "file",
        found=found,
        n_stories=n_stories,
        sections=Markup().join(sections),
        headlines=Markup().join(headlines),
        shown=shown,
        n_left_out=n_left_out,
        styles=styles,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    )
    return text.encode()


def _section(found: Story) -> Markup:
    """One story with as much of it as fits."""
    made = (Markup(_render("file_story", found=found, room=room)) for room in _ROOMS)  # noqa: S704 - a template escaped it
    last = Markup()
    for last in made:
        if _size(last) <= _STORY_BYTES:
            break
    return last


def _headline(one: StoryLine) -> Markup:
    return Markup(_render("file_headline", one=one))  # noqa: S704 - a template escaped it


def _render(name: str, **values: object) -> str:
    return environment().get_template(f"{name}.html").render(at=_anchor, query={}, here="file", **values)


def _anchor(path: str, **_query: object) -> str:
    """Where in the file stands what the explorer has a page for."""
    return f"#{path.strip('/').replace('/', '-')}"


@cache
def _styles() -> tuple[Markup, str]:
    """The explorer's styles as an element, and the digest by which a policy allows them."""
    text = static("explorer.css") or b""
    digest = base64.b64encode(hashlib.sha256(text).digest()).decode()
    return Markup(f"<style>{text.decode()}</style>"), digest  # noqa: S704 - it is our own file
