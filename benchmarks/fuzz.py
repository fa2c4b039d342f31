"""Run texts of all scripts through every stage after extraction: `python -m benchmarks.fuzz [--texts 100000] [--seed 1]`.

The texts are made of every block of Unicode, of the whole word list of every language that wordfreq has, of every language's
phrases of furniture, and of all of these mixed, under headlines, addresses and dates as no page should have them. The same seed
gives the same texts. Days of 5,000 are run into a warehouse that is thrown away, each compared with its window.

Prints how many texts were lost, on how many a stage raised, how many days were lost; then what a text costs in each stage against
its length, in several shapes: the growth for a doubling is 2 where the time is linear. Exits 1 where anything was lost or raised.
"""

import argparse
import random
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pyarrow as pa

from pipeline.clean import articles, habits
from pipeline.copies import signatures, verdict
from pipeline.day import run as running
from pipeline.day.desk import WorkDesk
from pipeline.day.documents import Documents
from pipeline.day.result import RunReport
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model.internal_tables import COMPARED, EXTRACTED, MEMBERS
from pipeline.model.tables import ARTICLES
from pipeline.settings import load
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse
from pipeline.stories import stems, summary, terms
from pipeline.text import lexicon

Row = dict[str, Any]
Words = Mapping[str, Sequence[str]]

FIRST = date(2026, 3, 5)
DAY_TEXTS = 5_000
TEXT_WORDS = 200
RUN = 128  # code points: nearly every block of Unicode is so long, or a multiple of it
LENGTHS = (8_192, 16_384, 32_768, 65_536)
ODD_URLS = (
    "https://[broken/news",
    "https://a[b].example/x",
    "https://example.org:99999/",
    "https://xn--.example/",
    "https://例え.example/ニュース",
    "news",
    "",
)
ODD_TIMES = (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
ODD_LINES = (
    "",
    " ",
    "\u200b",
    "\u0301",
    "…",
    "'",
    "’s",
    "0",
    "…" * 300,
    "٣٫١٤",
    "½ ⅷ ①",
    "A" * 5_000,
    "\ufeff",
    "\x7f",
    "a\u0301" * 90,
)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    words = {language: listed(language) for language in languages()}
    with TemporaryDirectory() as folder:
        found = feed(desk(Path(folder), chosen.workers), chosen.texts, chosen.seed, words)
    for outcome, n in sorted(found.items()):
        print(f"{n:9,}  {outcome}")
    print(f"{sum(map(len, words.values())):9,}  words in {len(words)} lists")
    print("\nmicroseconds for a text of so many characters, and the growth for a doubling")
    for line in costs():
        print(line, flush=True)
    sys.exit(any(found[name] for name in ("lost", "days lost", "faults")))


def desk(root: Path, workers: int) -> WorkDesk:
    (root / "landing").mkdir()
    chosen = load(landing=str(root / "landing"), warehouse=str(root / "warehouse"))
    return WorkDesk(
        LocalStorage(chosen.landing),
        Warehouse(LocalStorage(chosen.warehouse)),
        chosen,
        EmbeddedEngine(workers),
    )


def feed(where: WorkDesk, n_texts: int, seed: int, words: Words) -> Counter[str]:
    """Run the texts day by day; what became of them."""
    found = Counter({"lost": 0, "faults": 0, "days lost": 0})
    rows = documents(seed, words)
    for n, first in enumerate(range(0, n_texts, DAY_TEXTS)):
        day, begun = FIRST + timedelta(n), time.perf_counter()
        some = list(islice(rows, min(DAY_TEXTS, n_texts - first)))
        try:
            row = through(where, day, some).row
        except Exception as error:  # noqa: BLE001 - a day that is lost is what is counted here
            print(f"{day}  {type(error).__name__}: {error}", flush=True)
            found += Counter({"days lost": 1, "lost": len(some)})
            continue
        counts = {"texts": len(some), "articles": row["n_articles"], "faults": row["n_stage_faults"]}
        counts |= {f"rejects: {r['reason']}": r["n"] for r in row["rejects_by_reason"]}
        counts |= {"lost": len(some) - row["n_articles"] - row["n_rejects"], "stories": row["n_stories"]}
        found.update(counts)
        for fault in row["stage_faults"][:5]:
            print(f"{day}  {fault}", flush=True)
        print(f"{day}  {len(some):,} texts  {time.perf_counter() - begun:.1f} s", flush=True)
    return found


def through(where: WorkDesk, day: date, rows: list[Row]) -> RunReport:
    """Run a day whose documents were extracted already."""
    extracted = Documents.at_hand(EXTRACTED.arrange(EXTRACTED.table(rows)))
    with patch.object(running, "documents_of", return_value=extracted):
        return running.run_day(where, day)


# --- texts -----------------------------------------------------------------------------------------------------


def documents(seed: int, words: Words) -> Iterator[Row]:
    """EXTRACTED rows without end: of four texts two of a language's words, one of a run of Unicode, one of anything.

    Lists, runs and phrases are gone through in turn, so that enough texts have all of each.
    """
    rng = random.Random(seed)  # noqa: S311 - the same texts each time
    makers = (_listed_words(words), _characters(rng), _listed_words(words), _mixed(rng, words))
    n = 0
    while True:
        for language, text in map(next, makers):
            yield _document(n, rng, language, text)
            n += 1


@cache
def runs() -> tuple[str, ...]:
    """The characters of each run of 128 code points that has some."""
    found = []
    for start in range(0, sys.maxunicode + 1, RUN):
        characters = map(chr, range(start, start + RUN))
        found.append("".join(c for c in characters if unicodedata.category(c) not in {"Cn", "Cs"}))
    return tuple(run for run in found if run and not _is_private(run))


def _is_private(run: str) -> bool:
    return (
        all(unicodedata.category(c) == "Co" for c in run) and ord(run[0]) > 0xFFFF
    )  # as good as one another


def languages() -> list[str]:
    """Those that wordfreq has a list of."""
    from wordfreq import available_languages

    return sorted(available_languages())


def listed(language: str, wordlist: str = "best") -> list[str]:
    """The words of a list, commonest first."""
    from wordfreq import get_frequency_list

    bins = get_frequency_list(language, wordlist)
    get_frequency_list.cache_clear()
    return [word for words in bins for word in words]


@cache
def phrases() -> tuple[str, ...]:
    """What furniture says in each language."""
    every = lexicon.languages()
    return tuple(p for code in sorted(every) for key in vars(every[code]).values() for p in _flat(key))


def _flat(words: Any) -> Iterator[str]:
    """The phrases of a list, or of a list of lists, in an order of their own."""
    if isinstance(words, str):
        yield words
        return
    for some in sorted(words) if isinstance(words, frozenset) else words:
        yield from _flat(some)


def _listed_words(words: Words) -> Iterator[tuple[str, str]]:
    """Each language's next words."""
    places = dict.fromkeys(words, 0)
    while True:
        for language, some in words.items():
            start = places[language]
            places[language] = 0 if start + TEXT_WORDS >= len(some) else start + TEXT_WORDS
            yield language, _written(some[start : start + TEXT_WORDS])


def _characters(rng: random.Random) -> Iterator[tuple[str, str]]:
    """The characters of a run as words of chance length, twice: as they come, and shuffled."""
    while True:
        for run in runs():
            shuffled = "".join(rng.sample(run, len(run)))
            yield rng.choice(_LANGUAGES), _written(_cut(rng, run + shuffled))


def _mixed(rng: random.Random, words: Words) -> Iterator[tuple[str, str]]:
    """Words of three languages, of a run and of no script, with phrases of furniture and odd lines among them."""
    spoken, number = list(words), 0
    while True:
        some = [word for one in rng.sample(spoken, 3) for word in rng.choices(words[one], k=40)]
        some += _cut(rng, rng.choice(runs()))
        rng.shuffle(some)
        lines = [*_written(some).split("\n"), *(rng.choice(ODD_LINES) for _ in range(3))]
        for _ in range(6):
            lines.append(phrases()[number % len(phrases())])
            number += 1
        rng.shuffle(lines)
        yield rng.choice(_LANGUAGES), "\n".join(lines)


_LANGUAGES = (*sorted(stems.LANGUAGES), "zh", "ja", "ko", "th", "vi", "he", "fa", "xx")  # each stemmer is met


def _cut(rng: random.Random, run: str) -> list[str]:
    """A run as words of one to nine characters."""
    found, start = [], 0
    while start < len(run):
        end = start + rng.randint(1, 9)
        found.append(run[start:end])
        start = end
    return found


def _written(words: Sequence[str]) -> str:
    """Sentences of twelve words, three to a paragraph, every third word with a capital."""
    spelt = [word.capitalize() if n % 3 == 0 else word for n, word in enumerate(words)]
    sentences = [" ".join(spelt[n : n + 12]) + "." for n in range(0, len(spelt), 12)]
    return "\n".join(" ".join(sentences[n : n + 3]) for n in range(0, len(sentences), 3))


def _document(n: int, rng: random.Random, language: str, text: str) -> Row:
    odd = rng.random() < 0.1
    host = f"site{n % 40}.example"
    url = rng.choice(ODD_URLS) if odd else f"https://{host}/{n}"
    when = datetime(2026, 3, 5, tzinfo=UTC) + timedelta(hours=rng.randint(-99, 99))
    return {
        "raw_ref": f"day={FIRST}/fuzz.jsonl#{n}",
        "raw_digest": blake2b(f"{n} {text}".encode(), digest_size=16).hexdigest(),
        "url": url,
        "canonical_url": url,
        "domain": host,
        "outlet": rng.choice([None, f"Outlet {n % 7}", text[:20]]),
        "title": rng.choice(
            [None, "", text[:60], text.partition("\n")[0], rng.choice(phrases()), text[-90:]]
        ),
        "authors": rng.choice([[], [text[:30]], ["", "\u0301", "By Reuters"]]),
        "language": rng.choice([language, language, language, None]),
        "published_at": rng.choice(ODD_TIMES) if odd else rng.choice([None, when]),
        "published_precision": rng.choice([None, "second", "minute"]),
        "fetched_at": rng.choice([None, when]),
        "text": text,
        "dropped": [],
        "is_paywalled": rng.random() < 0.1,
        "extractor": "fuzz 1",
    }


# --- time ------------------------------------------------------------------------------------------------------

SHAPES: dict[str, Callable[[int], str]] = {
    "paragraphs": lambda n: _repeated("The river burst its banks near {} after two days of rain. ", n, 6),
    "short lines": lambda n: _repeated("Bank {}", n, 1),
    "one line": lambda n: _repeated("The river burst its banks near {} after rain. ", n, n),
    "one word": lambda n: "a" * n,
    "no spaces": lambda n: "".join(chr(0x4E00 + k * 7919 % 20_000) for k in range(n)),
    "marks": lambda n: "a\u0301\u0323" * (n // 3),
    "names": lambda n: _repeated("Maja{0} Lindqvist{0} Met{0} O'Neill{0}. ", n, 8),
    "furniture": lambda n: _repeated("Read also {}", n, 1),
    "headings": lambda n: _repeated("Read also\nBank {} bursts today\n", n, 1),
    "endings": lambda n: _repeated("About the author\nBank {}\n", n, 1),
}


def _repeated(sentence: str, n_characters: int, line_sentences: int) -> str:
    size = len(sentence.format(1000)) + 1
    made = [sentence.format(n) for n in range(n_characters // size + 1)]
    lines = ("".join(made[n : n + line_sentences]) for n in range(0, len(made), line_sentences))
    return "\n".join(lines)[:n_characters]


def costs() -> Iterator[str]:
    """A line for each stage and shape."""
    for stage, run in stages().items():
        for shape, make in SHAPES.items():
            seconds = [_measured(partial(run, make(n))) for n in LENGTHS]
            growth = (seconds[-1] / seconds[0]) ** (1 / (len(LENGTHS) - 1))
            told = "  ".join(f"{1e6 * s:11,.0f}" for s in seconds)
            yield f"{stage:<10} {shape:<12} {told}   ×{growth:.1f}"


def stages() -> dict[str, Callable[[str], pa.Table]]:
    """Each stage on one text, or on two that are nearly the same."""
    none = pa.table({"line": pa.array([], pa.int64()), "is_frequent": pa.array([], pa.bool_())})
    article = partial(_of_text, ARTICLES)
    return {
        "outline": lambda text: habits.outline(_of_text(EXTRACTED, text)),
        "count_lines": lambda text: habits.count_lines(habits.outline(_of_text(EXTRACTED, text))),
        "clean": lambda text: articles.clean(
            _of_text(EXTRACTED, text), recurring=none, day=FIRST, min_words=1
        ),
        "sign": lambda text: signatures.sign(article(text)),
        "band": lambda text: signatures.band(signatures.sign(article(text))),
        "verify": lambda text: verdict.verify(_of_text(COMPARED, text, other_text=f"Now {text}"), 0.5),
        "weigh": lambda text: terms.weigh(article(text)),
        "summarise": lambda text: summary.summarise(_of_text(MEMBERS, text)),
    }


def _of_text(contract: Any, text: str, **more: Any) -> pa.Table:
    """One row of a contract, of which the text is known; of a language with a stemmer and without a list, which costs the same for any text."""
    row: Row = {c.name: _filler(c.type) for c in contract.columns if not c.nullable}
    row |= {"text": text, "title": text[:80], "lead": text[:400], "outlet": "Outlet", "language": "eu"} | more
    return contract.table([{n: v for n, v in row.items() if n in contract.names}])


def _filler(kind: pa.DataType) -> Any:
    if kind == pa.string():
        return f"{FIRST:%Y%m%d}{0:024x}"
    if kind == pa.date32():
        return FIRST
    return [] if pa.types.is_list(kind) else False if kind == pa.bool_() else 1


def _measured(work: Callable[[], Any]) -> float:
    """The least CPU time of five calls, the first one's compilation and caches left out."""
    work()
    found = []
    for _ in range(5):
        begun = time.process_time()
        work()
        found.append(time.process_time() - begun)
    return min(found)


if __name__ == "__main__":
    main()
