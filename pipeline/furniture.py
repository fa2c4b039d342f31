"""Which lines of a text are furniture: not the article, but what the site puts around it.

A line is judged by what it says (`lexicon`), by its shape, by where it stands, and by whether the outlet uses it in
other articles too. Nothing here knows an outlet. Where in doubt a line stays: a sentence lost is worse than a button
kept.
"""

import re
from collections.abc import Callable, Sequence
from enum import Enum, auto
from functools import cache, lru_cache
from hashlib import blake2b
from typing import NamedTuple

from pipeline import dates, lexicon

_MAX_HEAD_LINES = 12  # among which a headline, byline, section or caption is looked for
_MAX_CACHED_CHARS = 160  # longer lines are an article's own and do not come again


class Kind(Enum):
    """What a line is by itself."""

    TEXT = auto()  # nothing says otherwise
    LABEL = auto()  # furniture wherever it stands
    CREDIT = auto()  # of a picture, or its caption
    STAMP = auto()  # only a date, a time, a time of reading
    BYLINE = auto()
    TEASER = auto()  # names another article
    TEASER_HEADING = auto()  # stands over the names of other articles
    ENDING = auto()  # stands over what follows the article
    SIGN_OFF = auto()  # says which agencies and editors had a hand in it
    APPEAL = auto()  # subscribe, donate, accept
    DOUBTFUL_APPEAL = auto()  # the same, if it stands where appeals do


class Look(NamedTuple):
    """One line with what can be said of it alone."""

    kind: Kind
    bare: str  # in lower case without the signs around it
    n_words: int
    is_sentence: bool
    is_item: bool  # of a list


def strip(
    lines: Sequence[str],
    *,
    title: str | None = None,
    authors: Sequence[str] = (),
    outlet: str | None = None,
    is_recurring: Callable[[str], bool] = lambda line: False,
) -> tuple[list[str], list[str]]:
    """Part `lines` (paragraphs without empty ones) into the article's and its furniture, both in order.

    `is_recurring` tells of a line whether the outlet uses it in different articles.
    """
    looks = [look(line) for line in lines]
    gone = [looked.kind in _GONE for looked in looks]
    _mark_recurring(lines, looks, gone, is_recurring)
    _mark_head(lines, looks, gone, title or "", authors)
    _mark_teasers(lines, looks, gone)
    _mark_endings(looks, gone)
    _mark_authors(lines, looks, gone, authors, outlet)
    _mark_edges(looks, gone)
    _mark_repeats(looks, gone)
    return [x for x, g in zip(lines, gone, strict=True) if not g], [
        x for x, g in zip(lines, gone, strict=True) if g
    ]


def line_hash(source: str, line: str) -> int:
    """64 bits that tell the same line of the same outlet again, whatever its case and spacing."""
    text = source.casefold() + "\n" + " ".join(line.casefold().split())
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little", signed=True)


_GONE = {Kind.LABEL, Kind.CREDIT, Kind.STAMP, Kind.TEASER, Kind.TEASER_HEADING, Kind.APPEAL}


def look(line: str) -> Look:
    """Judge a line by itself."""
    return _look_cached(line) if len(line) <= _MAX_CACHED_CHARS else _look(line)


# Runs between spaces and punctuation; not \w+, which cuts Indic words at their vowels.
_WORD = re.compile(
    r"[^\s!-/:-@\[-`{-~\u00a1-\u00bf\u2010-\u2027\u2030-\u205e\u0964\u3001\u3002\u300c-\u301f\uff01-\uff0f\uff1a-\uff20\u060c\u061f]+"
)
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff\u1780-\u17ff\u1000-\u109f]")
_SENTENCE_END = re.compile(r"[.!?…。！？।؟]['\"”“’»«)\]]*$")
_ITEM = re.compile(r"(?:[-–—•·*▪►▶→‣●]|>>?|[a-z0-9]{1,2}[.)])\s+")
_SIGNS = " \t-–—•·*>»|→▶►▪●:.…!?›‹«_=+#✕×❤⬇👉🔴📸✅➡️,;„“”\"'‘’()[]{}<\u200b\u200e\u200f\ufeff"
_DIGITS = re.compile(r"\d+")
_SHORT = 20  # words: labels, headings, bylines, dates
_LONG = 90  # words: nothing that is looked for is longer


def _look(line: str) -> Look:
    folded = line.casefold()
    words = _WORD.findall(folded)
    n_words = len(words) if folded.isascii() else max(len(words), len(_UNSPACED.findall(folded)) // 2)
    is_sentence = n_words >= 5 and _SENTENCE_END.search(line) is not None
    bare = folded.strip(_SIGNS)
    kind = _kind(line, bare, words, n_words) if n_words <= _LONG else Kind.TEXT
    return Look(kind, bare, n_words, is_sentence, _ITEM.match(line) is not None)


_look_cached = lru_cache(maxsize=50_000)(_look)


def _kind(line: str, bare: str, words: list[str], n_words: int) -> Kind:
    if not words:
        return Kind.TEXT if any(map(str.isalnum, line)) else Kind.LABEL
    tests = _TESTS if n_words <= _SHORT else _TESTS_OF_LONG
    known = frozenset(words)
    if n_words > _SHORT and known.isdisjoint(_telling_words()) and not _TELLING_SIGNS.search(line):
        return Kind.TEXT  # nearly all of an article's paragraphs, so the tests are spared them
    return next((kind for test in tests if (kind := test(line, bare, words, known)) is not None), Kind.TEXT)


@cache
def _telling_words() -> frozenset[str]:
    tables = (lexicon.OFFERS, lexicon.EXTRAS, lexicon.COMMISSIONS)
    openings = (lexicon.TEASERS, lexicon.ENDINGS, lexicon.CREDITS)
    return _SIGN_OFF_WORDS.union(*map(lexicon.words, tables), *map(_openings, openings))


_TELLING_SIGNS = re.compile(
    r"[©ⓒ@]|https?:|www\.|[/|(\[–—-]\s?[^\s()/]{2,20}(?: [^\s()/]{2,20}){0,2}\s?[)\]]?$"
)

_NETWORKS = frozenset(
    (
        "facebook twitter x whatsapp linkedin telegram email mail print copy link tweet pinterest reddit flipboard "
        "instagram threads bluesky mastodon messenger pocket tumblr vk viber line weibo wechat qq sms xing youtube "
        "tiktok google news share teilen partager compartir condividi compartilhar delen dela del jaa udostępnij sdílet "
        "поделиться поширити paylaş on this via auf sur en su no op på e"
    ).split()
)
_COUNTER = re.compile(
    r"(?:[\d.,]+\s?(?:k|m|mio)?)\s+(?:new\s+)?(?:comments?|messages?|replies|shares?|views?|likes?|reactions?|votes?|"
    r"kommentare?r?|beiträge|leserkommentare|commentaires?|comentarios?|comentários?|commenti|commento|reacties|reactie|"
    r"kommentit|komentarz[ey]?|komentář[eů]?|комментари\w+|коментар\w+|просмотр\w+|yorum|تعليق\w*|תגובות|bình luận|komentar|"
    r"σχόλια|comentarii|hozzászólás\w*|댓글|条评论|則留言|件のコメント)$"
    r"|(?:comments?|kommentare|commentaires|комментарии)\s*[:(]?\s*\d+\)?$"
)
_TRAIL = re.compile(r"\s*[/>›»|→]\s*")


def _label(line: str, bare: str, words: list[str], known: frozenset[str]) -> Kind | None:
    labels = lexicon.phrases(lexicon.LABELS)
    if (
        bare in labels
        or (bare[-1:].isdigit() or bare[:1].isdigit() or "1" in bare)
        and _DIGITS.sub("", bare).strip() in labels
    ):
        return Kind.LABEL
    if _COUNTER.match(bare) or (len(words) >= 2 and known <= _NETWORKS):
        return Kind.LABEL
    steps = _TRAIL.split(line.strip(_SIGNS).casefold()) if _TRAIL.search(line) else []
    is_trail = (
        2 <= len(steps) <= 8
        and all(len(s.split()) <= 4 for s in steps[:-1])
        and not _SENTENCE_END.search(line)
    )
    return Kind.LABEL if is_trail and steps[0] in lexicon.phrases(lexicon.HOMES) else None


def _heading(line: str, bare: str, words: list[str], known: frozenset[str]) -> Kind | None:  # noqa: ARG001  # one signature for all tests
    if bare in lexicon.phrases(lexicon.ENDINGS):
        return Kind.ENDING
    return Kind.TEASER_HEADING if bare in lexicon.phrases(lexicon.TEASERS) else None


@cache
def _stamp_words() -> frozenset[str]:
    return lexicon.words(lexicon.STAMPS) | lexicon.words(lexicon.WEEKDAYS) | dates.month_names()


_CLOCK_OR_YEAR = re.compile(
    r"(?<!\d)(?:(?:19|20|25)\d\d|\d{1,2}[:.h]\d\d)(?!\d)|\d\s?(?:min|分|분|мин|хв|dk)"
)
_LETTERS = re.compile(r"[^\W\d_]+")


def _stamp(line: str, bare: str, words: list[str], known: frozenset[str]) -> Kind | None:  # noqa: ARG001
    if not _DIGITS.search(bare) or not _CLOCK_OR_YEAR.search(bare):
        return None
    letters = [w for w in _LETTERS.findall(bare) if len(w) > 1]
    if not all(w in _stamp_words() for w in letters):
        return None
    return Kind.STAMP if letters or dates.find(line) else None


_NAME = re.compile(r"[^\W\d_a-zß-öø-ÿа-яё][\w.’'-]*$")


def _byline(line: str, bare: str, words: list[str], known: frozenset[str]) -> Kind | None:  # noqa: ARG001
    """By and a name or two: all words capitalised but the little ones between names."""
    start = _opening(bare, lexicon.BY, words[0])
    if start is None or len(words) > 12 or _SENTENCE_END.search(line):
        return None
    names = line.strip(_SIGNS)[len(start) :].strip(" :").split()
    capitals = sum(1 for n in names if _NAME.match(n.strip(",.()")))
    return Kind.BYLINE if capitals >= 2 and capitals >= 0.6 * len(names) else None


@cache
def _openings(table: str) -> dict[str, tuple[str, ...]]:
    """The phrases of a table by their first word, the longest first."""
    found: dict[str, list[str]] = {}
    for phrase in sorted(lexicon.phrases(table), key=len, reverse=True):
        found.setdefault(_WORD.findall(phrase)[0], []).append(phrase)
    return {first: tuple(p) for first, p in found.items()}


def _opening(bare: str, table: str, first: str) -> str | None:
    for phrase in _openings(table).get(first, ()):
        if bare.startswith(phrase) and not bare[len(phrase) : len(phrase) + 1].isalnum():
            return phrase
    return None


def _teaser(line: str, bare: str, words: list[str], known: frozenset[str]) -> Kind | None:  # noqa: ARG001
    phrase = _opening(bare, lexicon.TEASERS, words[0])
    if phrase is not None and len(words) <= 45:
        after = bare[len(phrase) :].lstrip()
        is_marked = after[:1] in {":", "|", "：", "｜", "–", "-", "—", ">", "»", "→", "/", "["}
        is_plain = phrase in lexicon.phrases(lexicon.PLAIN_WORDS) or len(phrase.split()) == 1
        if is_marked or (not is_plain and len(words) <= 30):
            return Kind.TEASER
    ending = _opening(bare, lexicon.ENDINGS, words[0])
    if (
        ending is not None
        and " " in ending
        and (bare[len(ending) :].lstrip()[:1] in {":", "|"} or "author" in ending)
    ):
        return Kind.ENDING
    return None


_CREDIT_COLON = re.compile(
    r"(?:^|[\s(\[.|])(?:photos?|foto(?:s|credit)?|bild(?:quelle)?|image(?: credit)?|photo credit|credit|kuva|zdjęcie|fot\.?|"
    r"фото|fotoğraf|תמונה|צילום|사진|写真|ảnh|φωτο(?:γραφία)?|fotó|الصورة|beeld|bilde)\s?[:：/=©]\s?\S[^.!?]{0,80}$",
    re.IGNORECASE,
)
_DESK = re.compile(r"(?:[/|©@]|\bvia\b|[(\[]|\s[–—-])\s*([^/|©@()\[\]–—]{2,30}?)\s*[)\]]?\.?$")
_COPYRIGHT = re.compile(
    r"^\W*(?:©|ⓒ|copyright\b|\(c\)\s)|all rights reserved|alle rechte vorbehalten|tous droits réservés|"
    r"todos los derechos reservados|tutti i diritti riservati|todos os direitos reservados|alle rechten voorbehouden|"
    r"wszelkie prawa zastrzeżone|všechna práva vyhrazena|все права защищены|усі права захищені|tüm hakları saklıdır|"
    r"جميع الحقوق محفوظة|כל הזכויות שמורות|無断転載|무단\s?전재|版权所有|版權所有|toate drepturile rezervate|minden jog fenntartva",
    re.IGNORECASE,
)


def _credit(line: str, bare: str, words: list[str], known: frozenset[str]) -> Kind | None:  # noqa: ARG001
    if len(words) <= 60 and _CREDIT_COLON.search(line):
        return Kind.CREDIT
    if len(words) <= 35 and _COPYRIGHT.search(line):
        return Kind.CREDIT
    desk = _DESK.search(line)
    if (
        desk
        and desk[1].strip(" .").casefold() in lexicon.phrases(lexicon.DESKS)
        and not _is_text_before(line)
    ):
        return Kind.CREDIT
    first = _opening(bare, lexicon.CREDITS, words[0]) if len(words) <= 14 else None
    if first is not None and re.match(r"\s*[:：/©]", bare[len(first) :]):
        return Kind.CREDIT
    is_by = first is not None and (first.endswith(" by") or first in {"courtesy of", "photo courtesy"})
    return Kind.CREDIT if is_by and not _SENTENCE_END.search(line) else None


def _is_text_before(line: str) -> bool:
    """Whether a whole sentence stands before a name in brackets at the end: the last sentence of a dispatch."""
    return re.search(r"[.!?…]['\"”’»]?\s*[(\[][^()\[\]]{2,30}[)\]]\.?$", line.strip()) is not None


_SIGN_OFF = re.compile(
    r"\W*(?:(?:additional |original |further |with )?(?:reporting|writing|editing|compiled|edited|translated|translation|"
    r"story|production)\s+(?:by|from)\b"
    r"|with (?:files|reports?|reporting|material|input|inputs|information) (?:from|by)\b"
    r"|(?:this (?:article|story|report|piece) )?(?:was |is )?(?:first|originally) (?:published|appeared)\b"
    r"|mit (?:agentur\w*|material|informationen|inhalten|angaben) ?(?:von|der|des)?\b|mit (?:dpa|afp|reuters|ap|sda|apa|epd|kna|sid)\b"
    r"|dieser (?:artikel|text|beitrag) (?:ist|erschien|wurde|stammt)\b"
    r"|(?:aus dem \w+ von|übersetzung|redaktion|faktencheck|lektorat)\b\s?:?\s?(?-i:[A-ZÄÖÜ])"
    r"|dies ist eine maschinelle übersetzung|avec (?:l['’])?(?:afp|reuters|ap|agences?)\b"
    r"|(?:con|com) (?:informaci[oó]n(?:es)? |informações )?(?:de|da|di|do) (?:la )?(?:agencias?|agências?|efe|afp|reuters|ansa|lusa)\b"
    r"|(?:auteur|bron|källa|kilde|lähde|źródło|zdroj|источник|джерело|kaynak|muhabir|المصدر|מקור|来源|來源|出典|출처|nguồn|sumber|"
    r"πηγή|sursa|forrás|quellen?|sources?|fuentes?|fonti|fontes?|redaktör|sendung)\s*[:：]\s*\S.{0,80}$)",
    re.IGNORECASE,
)
_CONTRIBUTED = re.compile(r"\bcontributed (?:to this|reporting)\b|\S+(?: \S+){1,5} reported from [A-Z]")
# First words of a sign-off, and those that make one anywhere.
_SIGN_OFF_WORDS = frozenset(
    {"contributed", "reporting", "editing", "agenturen", "nachrichtenagenturen", "originally"}
)
_CODES = re.compile(r"^[(\[]?[^\W\d_]{2,6}\.?(?:[\s,/&+-]+[(\[]?[^\W\d_]{2,6}\.?[)\]]?){0,4}[)\]]?$")


def _sign_off(line: str, bare: str, words: list[str], known: frozenset[str]) -> Kind | None:  # noqa: ARG001
    if _SIGN_OFF.match(line) or (
        not known.isdisjoint({"contributed", "reported"}) and _CONTRIBUTED.search(line)
    ):
        return Kind.SIGN_OFF
    return None


_CONTACT = re.compile(r"@[\w.-]+\.\w{2,}|\bhttps?://|\bwww\.|(?:^|\s)@\w{3,}")
_QUOTED = re.compile(r"\W{0,2}[\"“„«»‘'「『]")


def _appeal(line: str, bare: str, words: list[str], known: frozenset[str]) -> Kind | None:
    """Ask whether the line wants the reader to subscribe, register, donate, follow, write or agree."""
    if not line.isascii() and _UNSPACED.search(line):
        has = any(p in bare for p in lexicon.phrases(lexicon.UNSPACED))
        return (Kind.APPEAL if len(line) <= 40 else Kind.DOUBTFUL_APPEAL) if has else None
    ours = not known.isdisjoint(lexicon.words(lexicon.OURS))
    earns = not known.isdisjoint(lexicon.words(lexicon.COMMISSIONS)) and not known.isdisjoint(
        lexicon.words(lexicon.PURCHASES)
    )
    if earns and (ours or "may" in known):
        return Kind.APPEAL
    calls = known & lexicon.words(lexicon.CALLS)
    if not calls or _QUOTED.match(line):
        return None
    offers = not known.isdisjoint(lexicon.words(lexicon.OFFERS))
    extras = not known.isdisjoint(lexicon.words(lexicon.EXTRAS))
    contact = _CONTACT.search(line) is not None
    is_order = words[0] in calls or not _SENTENCE_END.search(line)
    yours = not known.isdisjoint(lexicon.words(lexicon.YOURS))
    if offers and ours and len(words) <= 50 and (is_order or yours or len(calls) > 1):
        return Kind.APPEAL
    is_doubtful = (
        (offers and (ours or yours or is_order))
        or (extras and ours)
        or (contact and (ours or yours or is_order))
    )
    return Kind.DOUBTFUL_APPEAL if is_doubtful and len(words) <= 60 else None


_TESTS_OF_LONG = (_teaser, _credit, _sign_off, _appeal)
_TESTS = (_label, _heading, _stamp, _byline, *_TESTS_OF_LONG)


def _mark_recurring(
    lines: Sequence[str], looks: list[Look], gone: list[bool], is_recurring: Callable[[str], bool]
) -> None:
    """Take out what the outlet uses elsewhere, unless that is most of the text: then it is the text, filed again."""
    found = [i for i, line in enumerate(lines) if not gone[i] and is_recurring(line)]
    total = sum(looked.n_words for looked, g in zip(looks, gone, strict=True) if not g)
    if 2 * sum(looks[i].n_words for i in found) <= total:
        for i in found:
            gone[i] = True


def _mark_head(
    lines: Sequence[str], looks: list[Look], gone: list[bool], title: str, authors: Sequence[str]
) -> None:
    """Take the headline, the byline, the section and the caption off the top, up to the first sentence."""
    known = set(_WORD.findall(title.casefold()))
    names = {w for a in authors for w in _WORD.findall(a.casefold())}
    for i, line in enumerate(lines[:_MAX_HEAD_LINES]):
        if _is_headline(looks[i].bare, title, known):
            gone[i] = True
            continue
        if looks[i].is_sentence and looks[i].kind is not Kind.STAMP and not gone[i]:
            return
        words = set(_WORD.findall(looks[i].bare))
        is_caption = 2 <= len(words) and words <= known and not looks[i].is_sentence
        is_name = bool(words) and words <= names | lexicon.words(lexicon.STAMPS) | lexicon.phrases(lexicon.BY)
        if looks[i].kind is Kind.BYLINE or is_caption or is_name or _is_kicker(line, looks[i]):
            gone[i] = True


def _is_headline(bare: str, title: str, known: set[str]) -> bool:
    if not title or not bare:
        return False
    shown, wanted = _letters(bare), _letters(title)
    if shown == wanted:
        return True
    if (
        len(wanted) >= 12
        and len(shown) <= 2 * len(wanted) + 20
        and (shown.endswith(wanted) or shown.startswith(wanted))
    ):
        return True
    words = set(_WORD.findall(bare))
    return len(words) >= 4 and len(words & known) >= 0.75 * max(len(words), len(known))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


_DATELINE = re.compile(r"^\W*[A-ZÄÖÜÉÈŁŚŻÅØÆ][A-ZÄÖÜÉÈŁŚŻÅØÆ.' ]{2,30}(?:,|\(|\s[–—-]|/|$)")
_REVISION = re.compile(
    r"^\W*(?:update|corrected|correction|wrapup|refile|recast|urgent|exclusive|alert|brief|eil|urgente)\b",
    re.IGNORECASE,
)


def _is_kicker(line: str, looked: Look) -> bool:
    """Whether a line over the first sentence is a section, a name or a place: three words without a stop."""
    if looked.n_words > 3 or re.search(r"[.!?…:;。！？]['\"”’»]?$", line) or _REVISION.match(line):
        return False
    return not (_DATELINE.match(line) and re.search(r"[,(–—-]", line))


def _mark_teasers(lines: Sequence[str], looks: list[Look], gone: list[bool]) -> None:
    """Take the headlines of other articles: those under their heading, and lists of them."""
    for i, looked in enumerate(looks):
        if looked.kind is Kind.TEASER_HEADING or (
            looked.kind is Kind.TEASER and lines[i].rstrip().endswith(":")
        ):
            _mark_under(looks, lines, gone, i + 1)
    _mark_lists(lines, looks, gone)


def _mark_under(looks: list[Look], lines: Sequence[str], gone: list[bool], start: int) -> None:
    """Mark the headlines under a heading: all items of a list, all lines if no sentence follows, else the next one."""
    end = start
    while end < len(looks) and end < start + 12 and not looks[end].is_sentence:
        end += 1
    is_last = end == len(looks)
    for i in range(start, end):
        if not (looks[i].is_item or is_last or i == start) or (looks[i].n_words < 4 and not is_last):
            return
        gone[i] = True
    if end == start and end < len(looks) and re.search(r"(?:\.\.\.|…)$", lines[end]):
        gone[end] = True  # the beginning of the other article


_HEADLINE_ITEM = re.compile(r"(?:[-–—•·*▪►▶→‣●]|>>?)\s+[^:]{2,60}:\s+(?:\S+\s+){2,}\S+[^.:;,]$")


def _mark_lists(lines: Sequence[str], looks: list[Look], gone: list[bool]) -> None:
    """Mark lists of "Kicker: headline" that no colon or heading introduces."""
    i = 0
    while i < len(lines):
        end = i
        while end < len(lines) and looks[end].is_item and not looks[end].is_sentence:
            end += 1
        items = lines[i:end]
        introduced = i > 0 and (
            lines[i - 1].rstrip().endswith(":") or not (looks[i - 1].is_sentence or gone[i - 1])
        )
        if (
            len(items) >= 2
            and not introduced
            and sum(map(bool, map(_HEADLINE_ITEM.match, items))) >= 0.6 * len(items)
        ):
            gone[i:end] = [True] * len(items)
        i = max(end, i + 1)


def _mark_endings(looks: list[Look], gone: list[bool]) -> None:
    """Cut after a heading over what is no part of the article, if that is little, and no more article follows."""
    total = sum(looked.n_words for looked in looks)
    for i, looked in enumerate(looks):
        if looked.kind is not Kind.ENDING:
            continue
        rest = looks[i + 1 :]
        n_rest = sum(r.n_words for r in rest)
        gone[i] = True
        if i >= 3 and n_rest <= min(250, 0.35 * total) and sum(r.is_sentence for r in rest) <= 6:
            gone[i:] = [True] * (len(gone) - i)
            return


def _mark_authors(
    lines: Sequence[str], looks: list[Look], gone: list[bool], authors: Sequence[str], outlet: str | None
) -> None:
    """Take what is said of the author behind the article."""
    surnames = {_WORD.findall(a.casefold())[-1] for a in authors if _WORD.search(a)}
    house = set(_WORD.findall((outlet or "").casefold())) - {
        "the",
        "die",
        "der",
        "das",
        "la",
        "le",
        "el",
        "news",
    }
    total = sum(looked.n_words for looked in looks)
    for i in range(max(2, len(lines) - 6), len(lines)):
        words = _WORD.findall(looks[i].bare)
        n_rest = sum(r.n_words for r in looks[i:])
        if n_rest > 0.3 * total or _QUOTED.match(lines[i]):
            continue
        has_role = bool(lexicon.words(lexicon.ROLES) & set(words))
        is_named = bool(surnames & set(words[:6]))
        is_house = bool(house) and house <= set(words)
        if (has_role and (is_named or is_house)) or (is_named and is_house) or (is_named and len(words) <= 4):
            gone[i:] = [True] * (len(gone) - i) if n_rest <= 150 else [True] + gone[i + 1 :]
            return


def _mark_edges(looks: list[Look], gone: list[bool]) -> None:
    """Take doubtful appeals at the top, at the bottom and beside sure ones; sign-offs and bylines at the bottom."""
    last = max((i for i, looked in enumerate(looks) if looked.is_sentence and not gone[i]), default=-1)
    end = len(looks)
    while end and (
        gone[end - 1] or looks[end - 1].kind in _AT_THE_END or _is_code(looks[end - 1], end - 1 > last)
    ):
        end -= 1
        gone[end] = True
    for i, looked in enumerate(looks):
        near = {looks[j].kind for j in (i - 1, i + 1) if 0 <= j < len(looks)}
        if looked.kind is Kind.DOUBTFUL_APPEAL and (i < 2 or near & {Kind.APPEAL, Kind.LABEL, Kind.ENDING}):
            gone[i] = True


_AT_THE_END = {Kind.SIGN_OFF, Kind.BYLINE, Kind.DOUBTFUL_APPEAL, Kind.TEASER_HEADING}


def _is_code(looked: Look, is_behind: bool) -> bool:
    """Whether a line behind the last sentence is made of agencies' and editors' signs: (dmk), SDA/sep."""
    return is_behind and looked.n_words <= 4 and _CODES.match(looked.bare) is not None


def _mark_repeats(looks: list[Look], gone: list[bool]) -> None:
    """Take a paragraph that stands there already: a quotation set large, a box repeated."""
    seen: set[str] = set()
    for i, looked in enumerate(looks):
        if looked.n_words >= 8:
            gone[i] = gone[i] or looked.bare in seen
            seen.add(looked.bare)
