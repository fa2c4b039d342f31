"""Feed damaged pages to the extractor: `python -m benchmarks.hostile [--documents 100000] [--first 0] [--seed 1]`.

Pages are made at random, of sane and of mad pieces, and damaged byte by byte; the same seed gives the same pages. Each
must come back as a text or as a reject, and none may kill the process, hang it, or fill its memory. Exits 1 otherwise.
Every 5,000 documents it prints how much memory the parser's process had at most since the last time: it must not grow.
"""

import argparse
import random
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.day.extract import caps_of
from pipeline.extract.batch import extract
from pipeline.model.internal_tables import RAW
from pipeline.model.kinds import Reject
from pipeline.settings import load

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = date(2026, 3, 5)
BATCH_DOCUMENTS = 256
REPORTED_DOCUMENTS = 5_000
BROKEN = (Reject.CRASHED, Reject.TIMEOUT, Reject.MEMORY, Reject.EXTRACTOR_FAILED, Reject.MACHINE_FAULT)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first document")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    found = feed_all(range(chosen.first, chosen.first + chosen.documents), chosen.seed)
    for outcome, n in found.most_common():
        print(f"{n:9,}  {outcome}")
    print(f"{found.total():9,}  documents, as many as were made: {found.total() == chosen.documents}")
    sys.exit(any(found[reason] for reason in BROKEN) or found.total() != chosen.documents)


def feed_all(numbers: range, seed: int = 1) -> Counter[str]:
    """What became of the documents of these numbers; prints how much memory they took."""
    found: Counter[str] = Counter()
    most_bytes = 0
    for first in range(numbers.start, numbers.stop, BATCH_DOCUMENTS):
        before = found.total() // REPORTED_DOCUMENTS
        found += feed(seed, range(first, min(first + BATCH_DOCUMENTS, numbers.stop)))
        most_bytes = max(most_bytes, memory_of_children())
        if found.total() // REPORTED_DOCUMENTS > before:
            print(
                f"{found.total():9,}  documents; the parser's process: {most_bytes / 1e6:.0f} MB", flush=True
            )
            most_bytes = 0
    return found


def feed(seed: int, numbers: range) -> Counter[str]:
    """Extract the documents of these numbers; what became of each, and the numbers of those that broke the process."""
    rows = [
        make_row(random.Random(f"{seed} {n}")) | {"raw_ref": f"{n}#0"}  # noqa: S311  # damage, not secrets
        for n in numbers
    ]
    table = extract(RAW.table(rows), day=DAY, caps=replace(caps_of(load()), max_cpu_seconds=20))
    if table["raw_ref"].to_pylist() != [row["raw_ref"] for row in rows]:
        raise AssertionError(f"rows were lost or moved in {numbers}")
    for row in table.select(["raw_ref", "reason", "detail"]).to_pylist():
        if row["reason"] in BROKEN:
            print("document", row["raw_ref"], row["reason"], row["detail"], flush=True)
    return Counter(reason or "text" for reason in table["reason"].to_pylist())


def memory_of_children() -> int:
    """Resident bytes of this process's children: the one that parses."""
    children = Path("/proc/self/task").glob("*/children")
    pids = [pid for listed in children for pid in listed.read_text().split()]
    states = [Path(f"/proc/{pid}/status").read_text() for pid in pids]
    return sum(
        int(line.split()[1]) * 1024 for s in states for line in s.splitlines() if line.startswith("VmRSS")
    )


# --- the pages -----------------------------------------------------------------------------------------------

WORDS = (
    "council budget mayor Tuesday harbour said the of and a school 12,5 € 2026 Совет бюджет вторник 市议会 预算 市長 "
    "מועצת التقرير सरकार \u200f \u00ad e\u0301 ﷽ 🏴‍☠️ \x00 \x07 \x1b[1m \ufeff \ufffd \uffff &amp; &#0; &#xD800; &#x110000; "
    "&nosuch &lt;p&gt; ]]> --> <!-- % {{ }} ${x} \\u0000 javascript: &#1; &#x1f; &#31 &#xFFFF; &#65534; &#x00B; 31.02.2026 2026-13-45T99:99:99Z 99999999999999999999 "
    "http://[::1 http://a:99999999/ //// ?a=1&a=2#x mailto:a@b a" + "a" * 300
).split(" ")
TAGS = [
    "html",
    "head",
    "body",
    "article",
    "main",
    "section",
    "div",
    "div",
    "div",
    "p",
    "p",
    "p",
    "p",
    "span",
    "a",
    "b",
    "i",
    "h1",
    "h2",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "table",
    "tr",
    "td",
    "th",
    "pre",
    "q",
    "br",
    "hr",
    "img",
    "figure",
    "figcaption",
    "blockquote",
    "aside",
    "nav",
    "footer",
    "header",
    "form",
    "input",
    "select",
    "option",
    "textarea",
    "script",
    "style",
    "noscript",
    "iframe",
    "svg",
    "math",
    "template",
    "object",
    "video",
    "xmp",
    "plaintext",
    "frameset",
    "frame",
    "base",
    "title",
    "link",
    "meta",
    "time",
    "details",
    "summary",
    "my-tag",
    "a:b",
    "article:x",
    "0x",
    "-",
    "!",
    "?php",
]
ATTRIBUTES = [
    "class",
    "id",
    "itemprop",
    "href",
    "src",
    "content",
    "property",
    "name",
    "type",
    "lang",
    "dir",
    "datetime",
    "style",
    "hidden",
    "role",
    "rel",
    "charset",
    "http-equiv",
    "data-x",
    "onclick",
    "xmlns",
    "xml:lang",
    ":",
    "=",
    '"',
    "'",
]
VALUES = [
    "article-body",
    "post-content",
    "comment",
    "comments",
    "share",
    "nav",
    "related",
    "teaser",
    "paywall",
    "author",
    "byline",
    "date",
    "headline",
    "articleBody",
    "og:title",
    "og:url",
    "article:published_time",
    "canonical",
    "application/ld+json",
    "text/html;charset=utf-16",
    "refresh",
    "display:none",
    "en",
    "de-AT",
    "xx-XX-XX",
]
LINKED = ("headline", "datePublished", "author", "articleBody", "@graph", "@type", "publisher", "name", "url")
CHARSETS = (
    "utf-8",
    "utf-8",
    "utf-8",
    "utf-8",
    "utf-16",
    "utf-16-be",
    "cp1251",
    "gb18030",
    "shift_jis",
    "latin-1",
)
MAGIC = (
    b"",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b"\x89PNG",
    b"%PDF-",
    b"\x1f\x8b\x08",
    b"<?xml ?>",
    b"{",
    b"\0",
)


def make_row(dice: random.Random) -> dict[str, Any]:
    """A RAW row without its `raw_ref`."""
    is_text = dice.random() < 0.1
    written = words(dice, 200) if is_text else page(dice)
    content = damage(dice, written.encode(dice.choice(CHARSETS), "ignore"))
    return {
        "media": "text" if is_text else "html",
        "body": content,
        "charset": dice.choice([None, None, *CHARSETS, "no-such-set"]),
        "url": dice.choice([None, "https://x.example/a?id=1", "".join(dice.choices(WORDS, k=3))]),
        "title": dice.choice([None, words(dice, 5)]),
        "outlet": dice.choice([None, words(dice, 2)]),
        "published_at": dice.choice([None, datetime(dice.randint(1, 9999), 1, 1, tzinfo=UTC)]),
        "published_precision": dice.choice([None, "second", "day"]),
        "fetched_at": dice.choice([None, datetime(2026, 3, 5, tzinfo=UTC)]),
    }


def page(dice: random.Random) -> str:
    """A page that is sane in the large or not at all."""
    inner = "".join(piece(dice, 0) for _ in range(dice.randint(0, 25)))
    if dice.random() < 0.3:
        return inner
    head = "".join(tag(dice, "meta") for _ in range(dice.randint(0, 5))) + linked_data(dice)
    story = "".join(f"<p>{words(dice, 40)}</p>" for _ in range(dice.randint(0, 12)))
    return (
        f"<!DOCTYPE html><html><head><title>{words(dice, 8)}</title>{head}</head><body>"
        f"<article><h1>{words(dice, 8)}</h1>{story}{inner}</article></body></html>"
    )


def piece(dice: random.Random, depth: int) -> str:
    makers: list[Callable[[random.Random], str]] = [
        lambda d: words(d, 30),
        lambda d: tag(d, d.choice(TAGS)),
        heap,
    ]
    if dice.random() < 0.5 or depth > 12:
        return dice.choice(makers)(dice)
    inner = "".join(piece(dice, depth + 1) for _ in range(dice.randint(0, 4)))
    name = dice.choice(TAGS)
    close = dice.choice([f"</{name}>", f"</{name}>", f"</{name}>", "", f"</{dice.choice(TAGS)}>", "</"])
    return tag(dice, name) + inner + close


def heap(dice: random.Random) -> str:
    """Much of one thing, now and then."""
    what = dice.choice(
        ["<div>", "</div>", "<b>", "<li>", "<td>", "<table>", "<p>x", "<a href=x>y</a>", "<!--", "&amp;", "<"]
    )
    return what * (dice.randint(100, 3_000) if dice.random() < 0.02 else 3)


def tag(dice: random.Random, name: str) -> str:
    attributes = (
        f"{dice.choice(ATTRIBUTES)}={quote}{dice.choice(VALUES + WORDS)}{quote}"
        for quote in dice.choices(['"', '"', "'", ""], k=dice.randint(0, 4))
    )
    return f"<{name} {' '.join(attributes)}{dice.choice(['>', '>', '>', '>', '/>', ''])}"


def linked_data(dice: random.Random) -> str:
    def value(depth: int) -> str:
        if depth > 4 or dice.random() < 0.6:
            return dice.choice(
                [
                    "null",
                    "7",
                    "1e999",
                    '""',
                    f'"{words(dice, 30)}"',
                    '"2026-03-05"',
                    "[]",
                    "{}",
                    "NaN",
                    '"\\ud800"',
                ]
            )
        if dice.random() < 0.3:
            return "[" + ",".join(value(depth + 1) for _ in range(3)) + "]"
        return "{" + ",".join(f'"{dice.choice(LINKED)}":{value(depth + 1)}' for _ in range(4)) + "}"

    return f'<script type="application/ld+json">{value(0)}</script>' if dice.random() < 0.5 else ""


def words(dice: random.Random, most: int) -> str:
    return " ".join(dice.choices(WORDS, k=dice.randint(0, most)))


def damage(dice: random.Random, content: bytes) -> bytes:
    """Cut, overwrite, repeat and put in, at up to 20 places, in half of the documents."""
    changed = bytearray(content)
    for _ in range(dice.randint(0, 20) if dice.random() < 0.5 else 0):
        at = dice.randint(0, len(changed))
        end = at + dice.choice([0, 1, 2, 10, 200])
        changed[at:end] = dice.choice(
            [b"", dice.randbytes(3), bytes(changed[at:end]) * 2, b"\0" * 50, b"<", b'"']
        )
    return dice.choice([b"", b"", b"", b"", *MAGIC]) + bytes(changed)


if __name__ == "__main__":
    main()
