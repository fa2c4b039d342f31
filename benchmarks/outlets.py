"""Made-up outlets whose pages have furniture inside the article: what of it is kept, and what of the articles is lost.

Every outlet has lines of its own around and between the paragraphs of all its articles: a section, a share bar, a pitch,
links to other articles, a box about the author, house rules. They are set as plain paragraphs, so that no extractor can
tell them by their markup. Articles are made of random sentences; some are copied whole within their outlet under another
address, and a serial opens two articles with one sentence: neither may be taken for furniture.
"""

import random
from typing import NamedTuple

_WORDS = {
    "en": "the council mayor harbour bridge budget school of and a in on for was after before new old says that with river "
    "hospital court police party vote road money winter report company workers union minister plan fire market",
    "de": "der die das Rat Bürgermeister Hafen Brücke Haushalt Schule und in auf für war nach vor neue alte sagt dass mit Fluss "
    "Klinik Gericht Polizei Partei Wahl Straße Geld Winter Bericht Firma Arbeiter Gewerkschaft Minister Plan Feuer",
    "es": "el la los consejo alcalde puerto puente presupuesto escuela de y en para fue después antes nuevo viejo dice que con río "
    "hospital tribunal policía partido voto calle dinero invierno informe empresa obreros sindicato ministro plan fuego",
}
_PLACES = (
    "Marlow Ostend Fischer Okafor Lindqvist Navarro Petrov Haruki Moreau Castellan Brandt Oduya Keller Ibarra"
)
_HABITS = {
    "en": [
        ("top", "{place} today"),
        ("top", "{outlet} · independent since {year}"),
        ("top", "Listen to this piece in our player"),
        ("middle", "Our morning letter from {place}: all that matters before your first coffee."),
        ("middle", "More from the {place} desk"),
        ("middle", "You are reading {outlet}, which belongs to its readers."),
        ("end", "{outlet} is edited in {place} by a team of {n} people and answers to the press council."),
        ("end", "Something wrong here? Our desk is glad to hear from you: desk@{outlet_key}.example"),
        ("end", "© {year} {outlet}. Nothing of this may be used without leave."),
        ("end", "What others read"),
    ],
    "de": [
        ("top", "Aus {place} und Umgebung"),
        ("top", "{outlet} – unabhängig seit {year}"),
        ("middle", "Der Brief aus {place}: alles Wichtige vor dem ersten Kaffee."),
        ("middle", "Mehr aus dem Ressort {place}"),
        ("end", "{outlet} wird in {place} von {n} Menschen gemacht und untersteht dem Presserat."),
        ("end", "Ist hier etwas falsch? Schreiben Sie der Redaktion: redaktion@{outlet_key}.example"),
        ("end", "© {year} {outlet}. Nachdruck nur mit Erlaubnis."),
        ("end", "Was andere lesen"),
    ],
    "es": [
        ("top", "Hoy en {place}"),
        ("top", "{outlet}, independiente desde {year}"),
        ("middle", "La carta de {place}: lo importante antes del primer café."),
        ("middle", "Más de la sección {place}"),
        ("end", "{outlet} se hace en {place} con un equipo de {n} personas."),
        ("end", "¿Hay algún error? Escriba a la redacción: redaccion@{outlet_key}.example"),
        ("end", "© {year} {outlet}. Prohibida su reproducción."),
    ],
}


class Made(NamedTuple):
    """A page, the article that is in it, and whose it is."""

    outlet: str
    url: str
    content: bytes
    paragraphs: list[str]
    language: str


def pages(n_outlets: int = 20, n_articles: int = 15, seed: int = 1) -> list[Made]:
    """The pages of all outlets; the same seed gives the same pages."""
    return [made for n in range(n_outlets) for made in _outlet(random.Random(f"{seed} {n}"), n, n_articles)]  # noqa: S311


def _outlet(dice: random.Random, number: int, n_articles: int) -> list[Made]:
    language = list(_HABITS)[number % len(_HABITS)]
    place, outlet = (
        dice.choice(_PLACES.split()),
        f"{dice.choice(_PLACES.split())} {dice.choice(['Post', 'Courier', 'Echo'])} {number}",
    )
    key = outlet.lower().replace(" ", "")
    facts = {"place": place, "outlet": outlet, "outlet_key": key, "year": 1900 + number, "n": 10 + number}
    habits = [(where, line.format(**facts)) for where, line in _HABITS[language]]
    serial = _sentence(dice, language)
    articles = [_article(dice, language) for _ in range(n_articles)]
    for paragraphs in articles[:2]:  # a serial: too few for a habit
        paragraphs.insert(0, serial)
    articles += articles[2:5]  # delivered again under another address
    return [
        Made(
            outlet,
            f"https://{key}.example/{n}",
            _page(dice, outlet, habits, paragraphs),
            paragraphs,
            language,
        )
        for n, paragraphs in enumerate(articles)
    ]


def _article(dice: random.Random, language: str) -> list[str]:
    return [
        " ".join(_sentence(dice, language) for _ in range(dice.randint(1, 3)))
        for _ in range(dice.randint(5, 12))
    ]


def _sentence(dice: random.Random, language: str) -> str:
    words = dice.choices(_WORDS[language].split(), k=dice.randint(9, 22))
    words.insert(dice.randint(1, len(words)), dice.choice(_PLACES.split()))
    return " ".join([words[0].capitalize(), *words[1:]]) + "."


def _page(dice: random.Random, outlet: str, habits: list[tuple[str, str]], paragraphs: list[str]) -> bytes:
    title = " ".join(paragraphs[-1].split()[:6]).rstrip(".")
    lines = [line for where, line in habits if where == "top"] + list(paragraphs)
    for where, line in habits:
        if where == "middle":
            lines.insert(dice.randint(3, len(lines) - 1), line)
    lines += [line for where, line in habits if where == "end"]
    inner = "\n".join(f"<p>{line}</p>" for line in lines)
    return (
        f"<!DOCTYPE html><html><head><title>{title} | {outlet}</title><meta property='og:site_name' content='{outlet}'>"
        f"</head><body><article><h1>{title}</h1>{inner}</article></body></html>"
    ).encode()
