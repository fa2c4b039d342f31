"""On the terminal: rejects by reason, a story or an article, what a run would do, how two warehouses differ."""

from collections.abc import Iterable, Mapping, Sequence
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from rich import box
from rich.table import Table
from rich.text import Text

from pipeline.app.counted import counted
from pipeline.app.terminal import add_day, console, neutral
from pipeline.model.removal import Removal, Target

if TYPE_CHECKING:
    from pipeline.search.build import Built

_CELL = 100  # characters


def rejects(found: list[dict[str, Any]]) -> None:
    """Each reason with its number, and below it its first documents."""
    for one in found:
        console.print(Text(f"{one['n']:,} {one['reason']}", style="bold"))
        for document in one["documents"]:
            detail = f": {document['detail']}" if document["detail"] else ""
            _line(f"  {document['raw_ref']}{detail}")
            _line(f"    {_short(document['head'] if document['head'] is not None else document['note'])}")
    if not found:
        console.print("no rejects")


def story(found: dict[str, Any]) -> None:
    """A story and its articles, one a line; then what came in with which, in that order."""
    about = found["story"]
    console.print(Text(neutral(about["title"] or about["lead"] or about["story_id"]), style="bold"))
    _fields(about, leave_out={"title"})
    table = Table(box=box.SIMPLE_HEAD, header_style="bold")
    for name in ("article_id", "kind", "outlet", "published", "title"):
        table.add_column(name, no_wrap=name == "article_id")
    for row in found["articles"]:
        cells = (
            row["article_id"][:16],
            row.get("kind"),
            row.get("outlet"),
            row.get("published_at"),
            row.get("title"),
        )
        table.add_row(*(Text(neutral(_short(cell))) for cell in cells))
    console.print(table)
    for told in found["timeline"]:
        _line(f"{told['date']}  {told['article_id'][:16]}  {told['sentence']}")


def article(found: dict[str, Any]) -> None:
    """An article: what is known of it, its place, its text."""
    console.print(Text(neutral(found["article"].get("title", found["article"]["article_id"])), style="bold"))
    _fields(found["article"], leave_out={"title"})
    console.print(Text("place", style="bold"))
    _fields(found["place"], leave_out={"article_id", "ingest_date"})
    console.print()
    for line in found["text"].splitlines():
        _line(line)


def hits(found: list[dict[str, Any]], total: int) -> None:
    """Stories that were found, each with its best article and a part of it; the words are bold."""
    for one in found:
        story, best = one["story"], one["best"]
        console.print(
            Text(neutral(_short(story["title"] or story["lead"] or story["story_id"])), style="bold")
        )
        days = " to ".join(dict.fromkeys((story["first_date"], story["last_date"])))
        _line(
            f"  {story['story_id'][:16]}  {days}  {counted(best['n_articles'], 'article has the words', 'articles have the words')}"
        )
        said = ": ".join(_short(one) for one in (best["outlet"], best["title"]) if one)
        _line(f"  {best['article_id'][:16]}  {said}")
        parts = [(neutral(part["text"]), "bold" if part["is_hit"] else "") for part in best["snippet"]]
        console.print(Text.assemble("  ", *parts), highlight=False)
    console.print(counted(total, "story", "stories") if total else "no story has these words")


def indexed(found: "Sequence[Built]") -> None:
    """The days whose search index was built or is missing, and how many stood."""
    from pipeline.search.build import Outcome

    for one in found:
        if one.outcome is not Outcome.FITS:
            size = (
                f"  {counted(one.n_articles, 'article')}, {one.size_bytes / 1e6:.1f} MB"
                if one.size_bytes
                else ""
            )
            _line(f"{one.day}  {one.outcome}{size}")
    n_fit = sum(one.outcome in {Outcome.BUILT, Outcome.FITS} for one in found)
    console.print(
        counted(n_fit, "day has an index that fits", "days have an index that fits")
        if found
        else "no published day"
    )


def forecast(found: list[dict[str, Any]]) -> None:
    """What a run of each day would read, and what would go."""
    table = Table(box=box.SIMPLE_HEAD, header_style="bold")
    add_day(table)
    names = (
        "files",
        "MB",
        "to parse",
        "MB to parse",
        "rows",
        "of gone files",
        "CPU s",
    )
    for name in names:
        table.add_column(name, justify="right", overflow="fold")
    for row in found:
        cells = (
            row["day"],
            f"{row['n_files']:,}",
            f"{row['bytes'] / 1e6:,.1f}",
            f"{row['n_new_files']:,}",
            f"{row['new_bytes'] / 1e6:,.1f}",
            f"{row['n_published']:,}",
            f"{row['n_articles_gone'] + row['n_rejects_gone']:,}",
            f"{row['cpu_seconds']:,.0f}",
        )
        table.add_row(*map(str, cells))
    console.print(table)
    console.print("Nothing was run. CPU seconds are a rough guess, of one processor.", soft_wrap=True)


def differences(found: list[dict[str, Any]]) -> None:
    """One line a difference, then the counts."""
    for row in found[:-1]:
        _line(_difference(row))
    total = found[-1]
    counts = ", ".join(
        f"{n:,} {what.replace('_', ' ')}" for what, n in total.items() if what not in {"what", "n_articles"}
    )
    _line(f"{counted(total['n_articles'], 'article')} in both: {counts}")


def _difference(row: dict[str, Any]) -> str:
    if row["what"] in {"split", "join"}:
        side = "in_b" if row["what"] == "split" else "in_a"
        parts = ", ".join(f"{part['story_id'][:16]} ({part['n_articles']})" for part in row[side])
        title = f"  {_short(row['title'])}" if row["title"] else ""
        return f"{row['what']}  {row['story_id'][:16]} ({row['n_articles']}): {parts}{title}"
    if row["what"] == "move":
        return f"move  {row['article_id'][:16]}: {row['story_in_a'][:16]} in A, {row['story_in_b'][:16]} in B"
    if row["what"] == "copy":
        return f"copy  {row['article_id'][:16]}: {row['copy_in_a'][:16]} in A, {row['copy_in_b'][:16]} in B"
    return f"{row['what'].replace('_', ' ')}  {row['article_id'][:16]}"


def written(found: Iterable[tuple[str, bool]]) -> None:
    """What `init` wrote, and what was there."""
    for path, is_new in found:
        _line(path if is_new else f"{path}  (was there, left as it is)")


def page(told: Mapping[str, Any]) -> None:
    """What `page` wrote, and what had no room in it."""
    left = {"headlines": "only as headlines", "left_out": "left out"}
    more = "".join(f", {told[name]:,} {words}" for name, words in left.items() if told[name])
    _line(f"{told['path']}: {told['bytes']:,} bytes, {counted(told['stories'], 'story', 'stories')}{more}")


def _fields(row: dict[str, Any], leave_out: set[str]) -> None:
    for name, value in row.items():
        if name not in leave_out and value not in (None, [], ""):
            _line(f"  {name}: {_short(value)}")


def _short(value: Any) -> str:
    if isinstance(value, list):
        value = ", ".join(map(_short, value))
    if isinstance(value, dict):
        value = " ".join(f"{part}" for part in value.values() if part is not None)
    return "" if value is None else shorten(str(value), _CELL, placeholder=" …")


def _line(text: str) -> None:
    console.print(Text(neutral(text)), soft_wrap=True)


def removals(rows: list[dict[str, Any]]) -> None:
    """What was removed, a line each."""
    for row in rows:
        _line(f"{row['target']:>8}  {row['value']}")
    if not rows:
        console.print("nothing was removed")


def taken_back(rows: list[dict[str, Any]], repair: str) -> None:
    """Which removals were taken back, and what publishes their documents again."""
    for row in rows:
        _line(f"taken back: {row['target']} {row['value']}")
    _line(f"to publish again what the landing zone has of it: {repair}")


def removed(rows: list[dict[str, Any]], asked: Sequence[Removal], *, yes: bool, repair: str) -> None:
    """What is removed, or would be; the copies, about which a person decides; what is to do now."""
    for one in asked:
        _line(f"{'on the list' if yes else 'would be listed'}: {one.target} {one.value}")
    for row in rows:
        note = "" if row["what"] != "copy" or row["removed"] else ", stays"
        about = [row.get("article_id") or row["day"], row.get("outlet"), row.get("url"), row.get("title")]
        _line(f"{row.get('kind') or row['what']}{note}  " + "  ".join(str(part) for part in about if part))
    n_copies, n_left = (sum(one["what"] == "copy" for one in rows), len(rows))
    n_left -= n_copies
    what = "on the list" if yes else "would be removed"
    _line(f"{what}: {n_left}; copies and later versions named: {n_copies}")
    if not n_left:
        _line("nothing that is published is named so; what comes later and is named so is left out")
    for one in asked if yes else ():
        if one.target == Target.ARTICLE and not one.document:
            _line(
                f"{one.value}: what was extracted of it is not kept, so the same text on another day is not known: remove its address, too"
            )
    _line(
        f"to take it out of what is published: {repair}" if yes else "nothing was changed; --yes removes it"
    )


_MOST_CHANGES = 50  # lines; all of them are for programs


def changes(found: list[dict[str, Any]], cursor: int) -> None:
    """What changed, the first of it one a line; and how to go on."""
    for row in found[:_MOST_CHANGES]:
        _line(f"{row['op']:<7}{row['table']} {row['day']} {row['key']}".rstrip())
    if len(found) > _MOST_CHANGES:
        _line(f"and {len(found) - _MOST_CHANGES:,} more; --json prints all of them")
    if not found:
        _line("nothing changed")
    _line(f"newest publication: {cursor}; go on with --since {cursor}")
