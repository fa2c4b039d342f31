"""Which reports still add to their story what they added: those before whatever else of the story has changed.

What a report adds follows from itself and from what its story had before it, in the order of `additions`. So an article that came,
went or moved changes nothing for the reports before it.
"""

from collections.abc import Collection, Iterable

from pipeline.model.contract import Row
from pipeline.model.kinds import Kind
from pipeline.stories.additions import placed

_Place = tuple[object, ...]


def same_reports(now: Collection[Row], then: Collection[Row], moved: Collection[str]) -> set[str]:
    """Of the day's articles of some stories, as they are `now` and as they were `then`, the reports that nothing has changed for.

    Rows have the columns of SAID but for texts. `moved` has the ids of articles that came or went, have another place in `now`
    than in `then`, or say something else.
    """
    firsts = _firsts([*now, *then], moved)
    return {
        row["article_id"]
        for row in now
        if row["kind"] == Kind.REPORT
        and row["article_id"] == row["copy_id"]  # so that nothing but its own place decides when it is heard
        and row["article_id"] not in moved
        and (row["story_id"] not in firsts or placed(row) < firsts[row["story_id"]])
    }


def _firsts(rows: Iterable[Row], moved: Collection[str]) -> dict[str, _Place]:
    """By story, the first place from which on something has changed: of an article that moved, or whose group begins with one."""
    found: dict[str, _Place] = {}
    for row in rows:
        if row["article_id"] in moved or row["copy_id"] in moved:
            place, story = placed(row), row["story_id"]
            found[story] = min(place, found.get(story, place))
    return found
