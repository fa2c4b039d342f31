"""Tables of made-up articles for `explorer.py`, written as they are published: no document is read, and nothing is clustered.

Sizes follow what news looks like: most stories are of one article, a few of hundreds; half of the other articles are copies. Links, flows, revisions,
additions and rejects stand in the shares that labelled news has. The same arguments give the same tables.
"""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.day.story_partitions import manifest_notes
from pipeline.model.ids import article_id
from pipeline.model.kinds import COPIES, Kind
from pipeline.model.tables import (
    ADDITIONS,
    ARTICLES,
    FLOWS,
    LINKS,
    MEMBERSHIPS,
    REJECTS,
    REVISIONS,
    RUNS,
    STORIES,
)
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse

if TYPE_CHECKING:
    from pipeline.model.contract import Contract

Row = dict[str, Any]
FIRST = date(2026, 1, 1)
_INPUTS = {f"rules/{name}": "1" for name in ("revisions", "flows", "additions")}
_SENTENCES, _OUTLETS, _LARGEST = 4_000, 800, 500
_LANGUAGES = ("en", "en", "en", "en", "de", "fr", "es", "ru")
_SINGLE, _TOMORROW, _COPY, _REFUSED, _FLOW, _REVISED, _REJECTED = 0.75, 0.15, 0.5, 3, 0.6, 0.03, 0.05


def write(folder: Path, n_articles: int, n_days: int, seed: int = 1) -> None:
    """A warehouse of so many articles, spread over so many days."""
    writer = _Writer(Warehouse(LocalStorage(folder)), random.Random(seed))  # noqa: S311 - made-up articles, the same on every machine
    for n in range(n_days):
        writer.day(FIRST + timedelta(n), n_articles // n_days)
    writer.end()


class _Writer:
    """Publishes day after day. A story may have articles of the next day, so the stories of a day are written after that."""

    def __init__(self, warehouse: Warehouse, dice: random.Random) -> None:
        from wordfreq import top_n_list

        self.warehouse, self.dice = warehouse, dice
        words = [word for word in top_n_list("en", 20_000) if word.isalpha()]
        self.words = words
        self.sentences = [
            " ".join(dice.choices(words, k=dice.randint(10, 24))).capitalize() + "."
            for _ in range(_SENTENCES)
        ]
        self.open: list[Row] = []  # stories of the day before that go on
        self.shares: dict[date, dict[str, str]] = {}  # by the first day of stories
        self.waiting: tuple[date, list[Row]] | None = None

    def day(self, day: date, n: int) -> None:
        rows: dict[str, list[Row]] = {
            c.name: [] for c in (ARTICLES, MEMBERSHIPS, LINKS, FLOWS, ADDITIONS, REVISIONS)
        }
        for story in self.open:
            self._grow(rows, day, story, self.dice.randint(1, 3))
        goes_on = {day - timedelta(1)} if self.open else set()
        stories: list[Row] = []
        while len(rows["articles"]) < n:
            left = n - len(rows["articles"])
            size = 1 if self.dice.random() < _SINGLE else min(_LARGEST, 1 + int(self.dice.paretovariate(0.9)))
            story: Row = {"members": [], "outlets": {}, "copies": 0, "texts": 0, "newsrooms": []}
            self._grow(rows, day, story, min(size, left))
            stories.append(story)
        self.open = [one for one in stories if len(one["members"]) > 1 and self.dice.random() < _TOMORROW]
        self._publish(day, rows, goes_on | {day})
        if self.waiting:
            self._publish_stories(*self.waiting)
        self.waiting = day, stories

    def end(self) -> None:
        if self.waiting:
            self._publish_stories(*self.waiting)

    def _grow(self, rows: dict[str, list[Row]], day: date, story: Row, n: int) -> None:
        """Add articles of the day to a story."""
        for _ in range(n):
            article = self._article(day, len(rows["articles"]))
            rows["articles"].append(article)
            members = story["members"]
            is_copy = bool(members) and self.dice.random() < _COPY
            head = self.dice.choice(story["newsrooms"]) if is_copy else article
            if not members:
                story |= {"first": article, "words": self.dice.sample(self.words, 8)}
            kind = self.dice.choice(COPIES) if is_copy else Kind.REPORT if members else Kind.ORIGIN
            rows["memberships"].append(_place(article, head, story["first"], str(kind), self.dice.random()))
            self._evidence(rows, article, head, str(kind))
            members.append(article["article_id"])
            story["outlets"].setdefault(article["outlet"], None)
            story["copies"] += is_copy
            if not is_copy:
                story["newsrooms"].append(article)
            story["last"] = article

    def _article(self, day: date, n: int) -> Row:
        dice = self.dice
        outlet = dice.randrange(_OUTLETS)
        url = f"https://outlet{outlet}.example/{day}/{n}"
        text = "\n".join(dice.choices(self.sentences, k=dice.randint(6, 18)))
        at = datetime.combine(day, datetime.min.time(), UTC) + timedelta(seconds=dice.randrange(86_400))
        return {
            "article_id": article_id(day, url, text),
            "ingest_date": day,
            "url": url,
            "canonical_url": url,
            "domain": f"outlet{outlet}.example",
            "outlet": f"Outlet {outlet}",
            "title": " ".join(dice.choices(self.words, k=7)).capitalize(),
            "lead": text.split("\n", 1)[0],
            "text": text,
            "language": dice.choice(_LANGUAGES),
            "authors": [],
            "published_at": at,
            "published_at_source": "feed",
            "fetched_at": at + timedelta(minutes=20),
            "word_count": text.count(" ") + 1,
            "text_digest": f"{n:032x}",
            "furniture_removed": ["Read our newsletter every morning."],
            "is_stub": False,
            "extractor": "text",
            "raw_ref": f"day={day}/feed.jsonl#{n}",
            "published_precision": "second",
            "outlet_id": f"outlet{outlet}.example",
        }

    def _evidence(self, rows: dict[str, list[Row]], article: Row, head: Row, kind: str) -> None:
        """Compared pairs, a flow, an addition, a revision."""
        dice, day, own = self.dice, article["ingest_date"], article["article_id"]
        known = rows["articles"]
        others = {dice.choice(known)["article_id"] for _ in range(_REFUSED)} - {own, head["article_id"]}
        rows["links"] += [_link(own, one, None, dice.uniform(0.02, 0.49)) for one in sorted(others)]
        if kind in COPIES:
            rows["links"].append(_link(own, head["article_id"], kind, dice.uniform(0.5, 1.0)))
            if dice.random() < _FLOW and article["outlet"] not in head.setdefault("taken_by", set()):
                head["taken_by"].add(article["outlet"])
                rows["flows"].append(_flow(article, head, kind, dice.randrange(600)))
        if kind == Kind.REPORT:
            added = dice.choices(self.sentences, k=2)
            rows["additions"].append(
                {"article_id": own, "ingest_date": day, "story_id": head["article_id"], "n_sentences": 9}
                | {"n_new_sentences": 2, "new_share": 0.2, "adds": added, "nothing_new": False}
            )
        if dice.random() < _REVISED:
            rows["revisions"].append(_revision(own, day, known[0]["article_id"], self.sentences))

    def _publish(self, day: date, rows: dict[str, list[Row]], firsts: set[date]) -> None:
        for first in firsts:
            self.shares.setdefault(first, {})[str(day)] = f"{first}/{day}"
        notes = manifest_notes({str(first): f"{first}/{day}" for first in sorted(firsts)}, [])
        rejects = [
            {"raw_ref": f"day={day}/feed.jsonl#r{n}", "ingest_date": day, "stage": "clean"}
            | {"reason": self.dice.choice(("too_short", "no_text", "bad_record")), "detail": "2 words"}
            for n in range(int(_REJECTED * len(rows["articles"])))
        ]
        run = _run(day, rows, rejects)
        by_contract: list[tuple[Contract, list[Row]]] = [(REJECTS, rejects), (RUNS, [run])]
        by_contract += [(c, rows[c.name]) for c in (ARTICLES, LINKS, FLOWS, ADDITIONS, REVISIONS)]
        for contract, made in by_contract:
            self.warehouse.publish(contract, day, contract.table(made), _INPUTS)
        self.warehouse.publish(MEMBERSHIPS, day, MEMBERSHIPS.table(rows["memberships"]), _INPUTS, notes)

    def _publish_stories(self, day: date, stories: list[Row]) -> None:
        rows = [_story(one) for one in stories]
        self.warehouse.publish(STORIES, day, STORIES.table(rows), self.shares[day])


def _place(article: Row, head: Row, first: Row, kind: str, share: float) -> Row:
    is_copy, is_origin = kind in COPIES, kind == Kind.ORIGIN
    return {
        "article_id": article["article_id"],
        "ingest_date": article["ingest_date"],
        "copy_id": head["article_id"],
        "story_id": first["article_id"],
        "kind": kind,
        "matched_id": None if is_origin else (head if is_copy else first)["article_id"],
        "jaccard": 0.5 + share / 2 if is_copy else None,
        "containment": 0.9 if is_copy else None,
        "story_score": 0.24 + share / 2 if kind == Kind.REPORT else None,
    }


def _link(own: str, other: str, kind: str | None, jaccard: float) -> Row:
    later, earlier = max(own, other), min(own, other)
    shares = {"jaccard": jaccard, "containment": min(1.0, jaccard + 0.1), "containment_other": jaccard}
    reason = "shared shingles" if kind else "too little in common"
    said = {"article_id": later, "other_id": earlier, "kind": "near" if kind else None}
    return said | shares | {"accepted": kind is not None, "reason": reason, "rule_version": 7}


def _flow(article: Row, head: Row, kind: str, lag: int) -> Row:
    return {
        "copy_id": head["article_id"],
        "to_outlet": article["outlet"],
        "ingest_date": article["ingest_date"],
        "to_article_id": article["article_id"],
        "from_name": head["outlet"],
        "from_kind": "outlet",
        "from_article_id": head["article_id"],
        "kind": kind,
        "share": 0.9,
        "lag_minutes": lag,
        "confidence": "earlier",
    }


def _revision(own: str, day: date, first: str, sentences: list[str]) -> Row:
    counts = {"number": 1, "n_added": 1, "n_removed": 0, "n_changed": 1}
    pairs = {
        "changed_from": sentences[1:2],
        "changed_to": sentences[2:3],
        "added": sentences[:1],
        "removed": [],
    }
    none = {name: [] for name in ("numbers_from", "numbers_to", "names_from", "names_to")}
    flags = {"is_correction": False, "is_minor": False, "is_rewritten": False, "jaccard": 0.9}
    ids = {"article_id": own, "ingest_date": day, "previous_id": first, "first_id": first}
    return ids | counts | pairs | none | flags


def _story(story: Row) -> Row:
    first, last = story["first"], story["last"]
    heads = {one["outlet"]: one["article_id"] for one in story["newsrooms"]}
    n, outlets = len(story["members"]), sorted(story["outlets"])
    return {
        "story_id": first["article_id"],
        "first_date": first["ingest_date"],
        "last_date": last["ingest_date"],
        "canonical_id": first["article_id"],
        "canonical_url": first["url"],
        "canonical_reason": "earliest",
        "title": first["title"],
        "lead": first["lead"],
        "languages": [first["language"]],
        "n_articles": n,
        "n_copies": story["copies"],
        "n_copy_groups": n - story["copies"],
        "n_outlets": len(outlets),
        "first_published_at": first["published_at"],
        "last_published_at": last["published_at"],
        "members": story["members"],
        "outlets": outlets,
        "keywords": story["words"],
        "mean_score": 0.5 if n > 1 else None,
        "weakest_score": 0.3 if n > 1 else None,
        "url": first["url"],
        "title_from": first["article_id"],
        "label": " ".join(story["words"][:4]),
        "n_newsrooms": len(heads),
        "n_agencies": 0,
        "n_sources": len(heads),
        "newsrooms": [{"newsroom": k, "article_id": v} for k, v in sorted(heads.items())],
    }


def _run(day: date, rows: dict[str, list[Row]], rejects: list[Row]) -> Row:
    kinds = [row["kind"] for row in rows["memberships"]]
    counts = {f"n_{kind}": kinds.count(kind) for kind in ("exact", "near", "excerpt", "expanded", "refetch")}
    n = len(rows["articles"])
    reasons = sorted({row["reason"] for row in rejects})
    return counts | {
        "ingest_date": day,
        "n_raw": n + len(rejects),
        "n_rejects": len(rejects),
        "n_articles": n,
        "n_compared": len(rows["links"]),
        "n_accepted": sum(row["accepted"] for row in rows["links"]),
        "n_copy_groups": kinds.count("origin") + kinds.count("report"),
        "n_reports": kinds.count("report"),
        "n_stories": kinds.count("origin"),
        "rejects_by_reason": [{"reason": r, "n": sum(x["reason"] == r for x in rejects)} for r in reasons],
        "inputs": [],
        "settings_digest": "0",
        "versions": [],
        "is_capped": False,
        "n_stage_faults": 0,
        "stage_faults": [],
        "n_revisions": len(rows["revisions"]),
        "n_flows": len(rows["flows"]),
    }
