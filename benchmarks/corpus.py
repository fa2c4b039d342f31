"""A seeded corpus of made-up news, for whoever has no labelled data: events, reports of them, and planted copies.

    python benchmarks/corpus.py N OUT [--seed 1] [--days 1] [--pages]     N articles of about 400 words as a landing zone in OUT

Words come from wordfreq's English list with their frequencies, so that common words are common and rare ones rare;
each event has names, places, figures and rare words of its own. A fifth of the events is reported by several
outlets in their own words (one `event`, several `group`s); a quarter of the reports is copied: whole, under another
headline, with words edited, paragraphs cut, an agency's tail, or as an excerpt (one `group`). The same N, seed and
days give the same articles. With `--pages` each is a raw HTML page, a file by itself.
"""

import argparse
import html
import json
import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

FIRST_DAY = date(2026, 1, 1)
WORDS = 30_000
OUTLETS = 400
TAILS = (
    "(Reporting by the newsroom; editing by the desk)",
    "Sign up for our daily newsletter to get the stories that matter in your inbox every morning.",
    "This story has been updated.",
    "Follow us on social media for more updates.",
)
KINDS = {"exact": 15, "headline": 15, "tail": 20, "cut": 15, "edited": 25, "excerpt": 10}
PAGE = (
    "<html><head><title>{title}</title><link rel=canonical href='{url}'><meta property='article:published_time' content='{date}'></head>"
    "<body><nav><a href='/'>Home</a><a href='/news'>News</a></nav><article><h1>{title}</h1>{body}</article><footer>About us</footer></body></html>"
)
_ONSETS, _NUCLEI, _CODAS = (
    ("b", "br", "d", "dr", "f", "g", "h", "j", "k", "kl", "l", "m", "n", "p", "r", "s", "st", "t", "v", "z"),
    "aeiou",
    "lmnrstk ",
)
Row = dict[str, Any]


def generate(n: int, seed: int = 1, days: int = 1) -> Iterator[Row]:
    """N articles in the order of their publication: title, text, outlet, date (ISO 8601), event, group, kind."""
    return Newsroom(seed, days).articles(n)


class Newsroom:
    """Makes events and what outlets write of them; every draw comes from one seeded generator."""

    def __init__(self, seed: int, days: int) -> None:
        from wordfreq import top_n_list, word_frequency

        self.random, self.days, self.groups = random.Random(seed), days, 0  # noqa: S311 - a corpus, no secret
        listed = [word for word in top_n_list("en", WORDS) if word.isalpha()]
        self.common, self.rare = listed, listed[3000:]
        self.weights = list(accumulate(word_frequency(word, "en") for word in listed))
        self.outlets = [
            f"The {self.name()} {self.random.choice(('Times', 'Post', 'Herald'))}" for _ in range(OUTLETS)
        ]

    def articles(self, n: int) -> Iterator[Row]:
        made: list[Row] = []
        event = 0
        while len(made) < n:
            made += self.event(event)
            event += 1
        yield from sorted(made[:n], key=lambda row: (row["date"], row["id"]))

    def event(self, number: int) -> list[Row]:
        """All articles about one event."""
        r = self.random
        names = [f"{self.name()} {self.name()}" for _ in range(4)] + [self.name() for _ in range(3)]
        terms = r.sample(self.rare, 12) + [f"{r.randint(2, 9999):,}" for _ in range(3)]
        day = r.randrange(self.days)
        rows = []
        for _ in range(r.randint(2, 6) if r.random() < 0.2 else 1):
            rows += self.report(number, names, terms, min(self.days - 1, day + (r.random() < 0.2)))
        return [row | {"id": f"{number}-{n}"} for n, row in enumerate(rows)]

    def report(self, event: int, names: list[str], terms: list[str], day: int) -> list[Row]:
        """One text and the copies of it."""
        r = self.random
        title = f"{r.choice(names)} {' '.join(r.sample(terms, 3))} {r.choice(names)}"
        paragraphs = [" ".join(self.sentence(names, terms) for _ in range(r.randint(2, 5))) for _ in range(6)]
        group = self.groups
        self.groups += 1
        rows = [self.row(event, group, "base", title, paragraphs, day)]
        for _ in range(min(40, int(r.paretovariate(1.1))) if r.random() < 0.25 else 0):
            kind = r.choices(list(KINDS), list(KINDS.values()))[0]
            rows.append(self.row(event, group, kind, *self.copy(kind, title, paragraphs, names, terms), day))
        return rows

    def row(self, event: int, group: int, kind: str, title: str, paragraphs: list[str], day: int) -> Row:
        at = datetime.combine(FIRST_DAY + timedelta(day), time()) + timedelta(
            seconds=self.random.randrange(86_400)
        )
        outlet = self.random.choice(self.outlets)
        text = "\n\n".join(paragraphs)
        return {
            "event": event,
            "group": group,
            "kind": kind,
            "title": title,
            "text": text,
            "outlet": outlet,
            "date": f"{at.isoformat()}Z",
        }

    def copy(
        self, kind: str, title: str, paragraphs: list[str], names: list[str], terms: list[str]
    ) -> tuple[str, list[str]]:
        r, made = self.random, list(paragraphs)
        if kind == "headline":
            title = f"{r.choice(names)} {' '.join(r.sample(terms, 4))}"
        elif kind == "tail":
            made.append(r.choice(TAILS))
        elif kind == "cut":
            made.pop(r.randrange(len(made)))
        elif kind == "edited":
            rate = r.choice((0.01, 0.02, 0.05, 0.1))
            made = [" ".join(self.word() if r.random() < rate else word for word in p.split()) for p in made]
        elif kind == "excerpt":
            words = " ".join(made).split()
            size = min(len(words), r.randint(60, 150))
            start = r.randrange(len(words) - size + 1)
            made = [" ".join(words[start : start + size])]
        return title, made

    def sentence(self, names: list[str], terms: list[str]) -> str:
        r = self.random
        words = r.choices(self.common, cum_weights=self.weights, k=r.randint(10, 26))
        for _ in range(3):
            words[r.randrange(len(words))] = r.choice(names if r.random() < 0.4 else terms)
        words[0] = words[0][:1].upper() + words[0][1:]
        return " ".join(words) + "."

    def word(self) -> str:
        return self.random.choices(self.common, cum_weights=self.weights)[0]

    def name(self) -> str:
        r = self.random
        syllables = [
            r.choice(_ONSETS) + r.choice(_NUCLEI) + r.choice(_CODAS).strip() for _ in range(r.randint(2, 3))
        ]
        return "".join(syllables).capitalize()


def deliver(n: int, landing: Path, seed: int = 1, days: int = 1) -> None:
    """Write a landing zone: a JSON-lines file a day, of articles delivered on the day of their publication."""
    files: dict[str, Any] = {}
    for number, row in enumerate(generate(n, seed, days)):
        day = row["date"][:10]
        if day not in files:
            folder = landing / f"day={day}"
            folder.mkdir(parents=True, exist_ok=True)
            files[day] = (folder / "articles.jsonl").open("w", encoding="utf-8")
        host = "".join(c for c in row["outlet"].lower() if c.isalpha())
        document = {"url": f"https://{host}.example/{number}", "published_at": row["date"]}
        document |= {name: row[name] for name in ("title", "text", "outlet")}
        files[day].write(json.dumps(document, ensure_ascii=False) + "\n")
    for file in files.values():
        file.close()


def deliver_pages(n: int, landing: Path, seed: int = 1, days: int = 1) -> None:
    """Write a landing zone: an HTML file for each article, on the day of its publication."""
    for number, row in enumerate(generate(n, seed, days)):
        folder = landing / f"day={row['date'][:10]}"
        folder.mkdir(parents=True, exist_ok=True)
        host = "".join(c for c in row["outlet"].lower() if c.isalpha())
        paragraphs = "".join(f"<p>{html.escape(p)}</p>" for p in row["text"].split("\n\n"))
        page = PAGE.format(url=f"https://{host}.example/{number}", body=paragraphs, **row)
        (folder / f"{number:06}.html").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("n", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=1)
    parser.add_argument("--pages", action="store_true")
    asked = parser.parse_args()
    (deliver_pages if asked.pages else deliver)(asked.n, asked.out, asked.seed, asked.days)
