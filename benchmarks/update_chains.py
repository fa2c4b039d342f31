"""Made-up pages that change, and addresses that are used again: for `revisions.py`. Words are wordfreq's, drawn by a seed.

A chain is one article in two to eight versions, over one to ten days: numbers rise, sentences are reworded, paragraphs come at any
place or move, the headline and the slug change, notes of corrections come. In between the page is fetched unchanged or in part, and
other outlets print the version that they found. What each version changed is known.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

Row = dict[str, Any]
FIRST_DAY = date(2026, 3, 1)
NOTES = {
    "en": "An earlier version of this article misstated a number.",
    "de": "In einer früheren Version dieses Artikels war eine Zahl falsch angegeben.",
    "fr": "Une version précédente de cet article comportait un chiffre erroné.",
    "es": "Una versión anterior de este artículo contenía una cifra equivocada.",
    "ru": "В предыдущей версии текста была указана неверная цифра.",
    "ja": "この記事の初出時、数字に誤りがありました。",
}
LANGUAGES = tuple(NOTES)
UNSPACED = ("ja",)


@dataclass
class Version:
    """A whole version of a chain's article, and what it changed of the one before."""

    title: str
    sentences: list[str]
    changed: set[tuple[str, str]] = field(default_factory=set)
    added: set[str] = field(default_factory=set)


@dataclass
class Capture:
    """One document that is delivered: of the chain's page (`n` is its version), or of another outlet that copied that version."""

    day: int
    n: int
    document: Row
    is_copy: bool = False
    is_part: bool = False


@dataclass
class Chain:
    """An article in several versions, and how it is delivered."""

    name: str
    language: str
    versions: list[Version]
    captures: list[Capture]


@cache
def _words(language: str) -> list[str]:
    from wordfreq import top_n_list

    return [
        w
        for w in top_n_list(language, 6_000)[100:]
        if w.isalpha() and len(w) > (1 if language in UNSPACED else 3)
    ]


class Writer:
    """Sentences of random words of a language, with a name and sometimes a number."""

    def __init__(self, language: str, dice: random.Random) -> None:
        self.language, self.dice = language, dice
        self.is_unspaced = language in UNSPACED

    def phrase(self, n: int) -> list[str]:
        return [self.dice.choice(_words(self.language)) for _ in range(n)]

    def name(self) -> str:
        syllables = ["ba", "de", "ki", "lo", "mu", "ra", "se", "ti", "vo", "za", "nel", "tor", "fin", "gal"]
        return "".join(self.dice.choice(syllables) for _ in range(3)).capitalize()

    def sentence(self, words: list[str]) -> str:
        if self.is_unspaced:
            return "".join(words) + "。"
        return " ".join([words[0].capitalize(), *words[1:]]) + "."

    def fresh(self) -> list[str]:
        words = self.phrase(self.dice.randint(9, 18))
        words.insert(self.dice.randint(1, len(words)), self.name())
        if self.dice.random() < 0.4:
            words.insert(self.dice.randint(1, len(words) - 1), str(self.dice.randint(2, 400)))
        return words

    def title(self) -> str:
        words = [self.name(), *self.phrase(5)]
        return "".join(words) if self.is_unspaced else " ".join(words).capitalize()


def chains(n: int, seed: int = 1) -> Iterator[Chain]:
    """`n` chains; the same numbers and seed give the same ones."""
    for number in range(n):
        dice = random.Random(f"{seed} {number}")  # noqa: S311  no secret
        yield _chain(number, LANGUAGES[number % len(LANGUAGES)], dice)


def _chain(number: int, language: str, dice: random.Random) -> Chain:
    writer = Writer(language, dice)
    words = [writer.fresh() for _ in range(dice.randint(5, 14))]
    words[0].insert(2, str(dice.randint(2, 30)))
    title, notes = writer.title(), list[str]()
    versions = [Version(title, [writer.sentence(w) for w in words])]
    for _ in range(dice.randint(1, 7)):
        versions.append(_next(writer, words, notes, versions[-1]))
    return Chain(f"chain{number}", language, versions, _deliver(number, versions, writer, dice))


def _next(writer: Writer, words: list[list[str]], notes: list[str], before: Version) -> Version:
    """Change the words of an article, as an update does; some changes at once."""
    dice, version = writer.dice, Version(before.title, [])
    edits: dict[str, Callable[[], None]] = {
        "number": lambda: _raise(writer, words, version),
        "reword": lambda: _reword(writer, words, version),
        "paragraph": lambda: _add(writer, words, version),
        "note": lambda: _note(writer, notes, version),
    }
    for name in dice.sample(sorted(edits), dice.randint(1, 3)):
        edits[name]()
    if dice.random() < 0.3:
        version.title = writer.title()
    if dice.random() < 0.1:
        words.insert(dice.randint(1, len(words) - 1), words.pop(dice.randint(1, len(words) - 1)))
    version.sentences = [writer.sentence(w) for w in words] + notes
    if not (version.changed or version.added):
        _raise(writer, words, version)
        version.sentences = [writer.sentence(w) for w in words] + notes
    return version


def _raise(writer: Writer, words: list[list[str]], version: Version) -> None:
    before = writer.sentence(words[0])
    words[0][2] = str(int(words[0][2]) + writer.dice.randint(1, 20))
    version.changed.add((before, writer.sentence(words[0])))


def _reword(writer: Writer, words: list[list[str]], version: Version) -> None:
    """A fifth of the words of one sentence, no other change of which is told yet."""
    sentence = words[writer.dice.randint(1, len(words) - 1)]
    before = writer.sentence(sentence)
    if before in version.added:
        return
    for at in writer.dice.sample(range(len(sentence)), max(1, len(sentence) // 5)):
        sentence[at] = writer.dice.choice(_words(writer.language))
    version.changed.add((before, writer.sentence(sentence)))


def _add(writer: Writer, words: list[list[str]], version: Version) -> None:
    at = writer.dice.randint(1, len(words))
    fresh = [writer.fresh() for _ in range(writer.dice.randint(1, 3))]
    words[at:at] = fresh
    version.added |= {writer.sentence(w) for w in fresh}


def _note(writer: Writer, notes: list[str], version: Version) -> None:
    if not notes:
        notes.append(NOTES[writer.language])
        version.added.add(notes[0])


def _deliver(number: int, versions: list[Version], writer: Writer, dice: random.Random) -> list[Capture]:
    """Which day each version is fetched on, and where: under a slug, under a number with changing slugs, or with a stamp."""
    days = sorted(dice.randint(0, dice.randint(0, 9)) for _ in versions)
    kind, found = dice.choice(("slug", "number", "stamp")), list[Capture]()
    begun = datetime.combine(FIRST_DAY + timedelta(days[0]), datetime.min.time(), UTC) + timedelta(
        minutes=301 + number % 97
    )
    clock: dict[int, int] = {}
    slug = ""
    for n, (day, version) in enumerate(zip(days, versions, strict=True)):
        if not slug or kind == "number":
            slug = f"{writer.name()}-{writer.name()}".lower()
        url = f"https://paper{number}.example/news/{slug}" + (
            f"-{4_000_000 + number}" if kind == "number" else ""
        )
        page = {"url": url, "title": version.title, "outlet": f"Paper {number}"}
        page |= {"published_at": begun.isoformat()} if kind == "stamp" else {}
        found.append(Capture(day, n, page | _body(version.sentences, day, clock, dice)))
        if dice.random() < 0.1 and n:
            head = version.sentences[: max(2, len(version.sentences) // 2)]
            found.append(Capture(day, n, page | _body(head, day, clock, dice), is_part=True))
        if dice.random() < 0.1:
            again = page | _body([*version.sentences, "Share on Facebook"], day, clock, dice)
            found.append(Capture(day, n, again))
        for copy in range(dice.choice((0, 0, 0, 1, 1, 2))):
            echo = f"{number}-{n}-{copy}"
            other = {
                "url": f"https://echo{echo}.example/lokal",
                "title": writer.title(),
                "outlet": f"Echo {echo}",
            }
            found.append(Capture(day, n, other | _body(version.sentences, day, clock, dice), is_copy=True))
    return found


def _body(sentences: list[str], day: int, clock: dict[int, int], dice: random.Random) -> Row:
    """The text in paragraphs, and when it was fetched: one after the other within a day."""
    clock[day] = clock.get(day, 420) + dice.randint(2, 15)
    at = datetime.combine(FIRST_DAY + timedelta(day), datetime.min.time(), UTC) + timedelta(
        minutes=clock[day]
    )
    return {"text": "\n".join(sentences), "fetched_at": at.isoformat()}


# --- addresses that are used again -----------------------------------------------------------------------------


def reused(n: int, seed: int = 1) -> Iterator[tuple[str, list[Row]]]:
    """`n` pages, by kind, each with what stands there on one day after the other: tickers, the weather, indexes, other articles."""
    kinds: list[tuple[str, Callable[[int, random.Random], list[Row]]]] = [
        ("ticker", _ticker), ("weather", _weather), ("index", _index), ("other article", _slot),
    ]  # fmt: skip
    for number in range(n):
        kind, make = kinds[number % len(kinds)]
        yield kind, make(number, random.Random(f"{seed} reused {number}"))  # noqa: S311  no secret


def growing(n: int, seed: int = 1) -> Iterator[list[Row]]:
    """`n` running files whose entries all stay."""
    for number in range(n):
        dice = random.Random(f"{seed} growing {number}")  # noqa: S311  no secret
        writer, pages, entries = Writer("en", dice), list[Row](), list[str]()
        for _ in range(4):
            entries = [*_entries(writer, dice.randint(2, 5)), *entries]
            pages.append(
                _page(number, "growing", f"news/{writer.name()}-live".lower(), "Live: the session", entries)
            )
        url = pages[0]["url"]
        yield [page | {"url": url} for page in pages]


def _page(number: int, kind: str, path: str, title: str, lines: list[str]) -> Row:
    return {
        "url": f"https://{kind}{number}.example/{path}",
        "title": title,
        "outlet": f"{kind} {number}",
        "text": "\n".join(lines),
    }


def _entries(writer: Writer, n: int) -> list[str]:
    return [
        f"{writer.dice.randint(8, 21)}:{writer.dice.randint(10, 59)} {writer.sentence(writer.fresh())}"
        for _ in range(n)
    ]


def _ticker(number: int, dice: random.Random) -> list[Row]:
    writer, entries, pages = (
        Writer(dice.choice(("en", "de", "fr", "es", "ru")), dice),
        list[str](),
        list[Row](),
    )
    path = dice.choice(("live", "ticker", f"news/ticker-{5_000_000 + number}"))
    for _ in range(4):
        entries = [*_entries(writer, dice.randint(3, 8) if pages else 10), *entries][:10]
        pages.append(_page(number, "ticker", path, dice.choice(("News ticker", "Live", "Latest")), entries))
    return pages


_FORECASTS = (
    ("weather", "Weather in {0}", "In {0} the day begins with {1} and {2} degrees.|Winds of {2} km/h come from the {3}.|At night {2} degrees are expected, with {1}.|The forecast is made every morning at the station of the airport."),
    ("wetter", "Das Wetter in {0}", "In {0} beginnt der Tag mit {1} bei {2} Grad.|Der Wind weht mit {2} km/h aus {3}.|In der Nacht sinken die Werte bei {1} auf {2} Grad.|Die Vorhersage stammt von der Station am Flughafen."),
    ("meteo", "Météo : {0}", "À {0} la journée commence avec {1} et {2} degrés.|Un vent de {2} km/h souffle de {3}.|La nuit, {2} degrés sont attendus avec {1}.|La prévision est faite chaque matin à la station de la ville."),
    ("el-tiempo", "El tiempo en {0}", "En {0} el día empieza con {1} y {2} grados.|El viento llega de {3} a {2} km/h.|Por la noche se esperan {2} grados y {1}.|La previsión se hace cada mañana en la estación del puerto."),
)  # fmt: skip
_SKIES = (
    "sun",
    "showers",
    "fog",
    "heavy rain",
    "snow",
    "clouds",
    "hail",
    "drizzle",
    "a clear sky",
    "thunder",
)


def _weather(number: int, dice: random.Random) -> list[Row]:
    name, title, frame = _FORECASTS[number // 4 % len(_FORECASTS)]
    place = Writer("en", dice).name()
    path = f"{name}/{place}".lower() + dice.choice(("", f"-{10_000 + number}"))
    lines = [frame.split("|") for _ in range(4)]
    return [
        _page(number, "weather", path, title.format(place), [
            line.format(place, dice.choice(_SKIES), dice.randint(-9, 40), dice.choice(("A", "B", "C", "D"))) for line in day
        ])
        for day in lines
    ]  # fmt: skip


def _index(number: int, dice: random.Random) -> list[Row]:
    """Headlines, some with a line of text under them; half of them are new on the next day."""
    writer, pages = Writer(dice.choice(("en", "de", "fr", "es", "ru")), dice), list[Row]()
    has_teasers, items = dice.random() < 0.5, list[str]()
    path = dice.choice(("news", "politik", "", "news/local-politics"))
    for _ in range(4):
        fresh = [
            writer.title() + (f"\n{writer.sentence(writer.fresh())}" if has_teasers else "")
            for _ in range(dice.randint(3, 7) if pages else 10)
        ]
        items = [*fresh, *items][:10]
        pages.append(_page(number, "index", path, "News", items))
    return pages


def _slot(number: int, dice: random.Random) -> list[Row]:
    """Another article each time, with a box of the site in all of them."""
    writer = Writer(dice.choice(LANGUAGES), dice)
    box, path = writer.sentence(writer.fresh()), f"article-of-the-day/{writer.name()}".lower()
    return [
        _page(
            number, "slot", path, writer.title(), [*(writer.sentence(writer.fresh()) for _ in range(8)), box]
        )
        for _ in range(4)
    ]
