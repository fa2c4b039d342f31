"""Made-up articles, and how the tests have them compared and placed as a run does."""

import random
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pyarrow as pa

from pipeline.copies import candidates, groups, verdict
from pipeline.copies.signatures import band, sign
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model.internal_tables import BUCKETS, CANDIDATES, COMPARED, SKETCHED, TRACED
from pipeline.model.tables import ARTICLES, LINKS, MEMBERSHIPS
from tests.conftest import DAY

THRESHOLD = 0.5
COLUMNS = [n for n in COMPARED.names if n in ARTICLES.names and n not in CANDIDATES.names]
SUBJECTS = [
    "council",
    "engineer",
    "minister",
    "farmer",
    "driver",
    "nurse",
    "judge",
    "teacher",
    "sailor",
    "baker",
    "miner",
    "painter",
]
VERBS = [
    "opened",
    "closed",
    "repaired",
    "measured",
    "visited",
    "sold",
    "painted",
    "crossed",
    "counted",
    "defended",
    "described",
    "rejected",
]
THINGS = [
    "bridge",
    "harbour",
    "school",
    "tunnel",
    "orchard",
    "station",
    "library",
    "museum",
    "hospital",
    "reservoir",
    "theatre",
    "market",
]
PLACES = [
    "Altena",
    "Hagen",
    "Siegen",
    "Lund",
    "Tartu",
    "Riga",
    "Porto",
    "Vigo",
    "Split",
    "Zadar",
    "Brno",
    "Gera",
]


def text(seed: int, n_words: int) -> str:
    """Made-up reporting of about `n_words` words; another seed, another text."""
    dice = random.Random(seed)
    words: list[str] = []
    while len(words) < n_words:
        parts = (dice.choice(SUBJECTS), dice.choice(VERBS), dice.choice(THINGS), dice.choice(PLACES))
        number = dice.randrange(2, 900)
        words += f"The {parts[0]} {parts[1]} {number} times the old {parts[2]} near {parts[3]} before {dice.choice(VERBS)} it.".split()
    return " ".join(words[:n_words])


def article(name: str, body: str, hour: int, **changes: Any) -> dict[str, Any]:
    article_id = f"{DAY:%Y%m%d}{name.encode().hex():0>24}"
    at = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC) + timedelta(hours=hour)
    row = {
        "article_id": article_id,
        "ingest_date": DAY,
        "text": body,
        "title": name,
        "published_at": at,
        "authors": [],
    }
    row |= {
        "canonical_url": f"https://{name}.example/x",
        "outlet": name,
        "word_count": len(body.split()),
        "text_digest": body[:32],
    }
    return row | {"furniture_removed": [], "is_stub": False, "extractor": "text", "raw_ref": name} | changes


def placed(*rows: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """The kind and origin (by title) of each article, by its title."""
    found, _ = decided(*rows)
    title = {row["article_id"]: row["title"] for row in rows}
    return {title[row["article_id"]]: (row["kind"], title[row["copy_id"]]) for row in found.to_pylist()}


def decided(*rows: dict[str, Any]) -> tuple[pa.Table, pa.Table]:
    """Where each article is placed, and every link that was looked at, by the stages of a run."""
    table, engine = ARTICLES.table(list(rows)), EmbeddedEngine(1)
    signatures = sign(table)
    buckets = band(signatures)
    met = candidates.pair(BUCKETS.arrange(buckets), DAY)
    sketched = engine.attach(met, signatures, ["signature", "passages"], SKETCHED)
    wanted = engine.map(candidates.sift, sketched, CANDIDATES)

    def verify(some: pa.Table) -> pa.Table:
        compared = engine.attach(some, table, COLUMNS, COMPARED)
        return engine.map(partial(verdict.verify, near_threshold=THRESHOLD), compared, LINKS)

    return groups.assign_copies(table, wanted, MEMBERSHIPS.empty(), TRACED.empty(), verify)


LONG, OTHER = text(1, 400), text(2, 400)
