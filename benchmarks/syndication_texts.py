"""Made-up texts that agencies and sites send out again, for `syndication.py`: copies of one text, and forms that are filled in twice.

Copies are prose of random words (those of `update_chains`) as other outlets print it. Forms are written here in five languages.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from update_chains import Writer

LANGUAGES = ("en", "de", "fr", "es", "ru")
NOON = datetime(2026, 3, 5, 12)  # noqa: DTZ001  the benchmark sets the zone
# In braces: a word that is drawn; the same letter and figure is the same word. Names: p place, q person, f firm; n, d, t, m: a
# number, a decimal, a clock time, the day of a month.
FORMS = {
    "weather": {
        "en": "{p1} will begin the day with sunshine and a few clouds, with fog in the valleys until {n2} o'clock. In the afternoon temperatures in {p1} rise to {n3} degrees, and to {n4} on the heights around {p2}. The wind blows from the west at up to {n5} kilometres an hour. At night it cools down to {n6} degrees, and {n7} millimetres of rain may fall by the morning.",
        "de": "In {p1} beginnt der Tag mit Sonne und einigen Wolken, in den Tälern hält sich Nebel bis {n2} Uhr. Am Nachmittag steigen die Temperaturen in {p1} auf {n3} Grad, rund um {p2} auf {n4}. Der Wind weht aus Westen mit bis zu {n5} Kilometern in der Stunde. In der Nacht kühlt es auf {n6} Grad ab, und bis zum Morgen fallen {n7} Millimeter Regen.",
        "fr": "À {p1} la journée commence avec du soleil et quelques nuages, et du brouillard dans les vallées jusqu'à {n2} heures. L'après-midi il fera {n3} degrés à {p1} et {n4} autour de {p2}. Le vent souffle de l'ouest jusqu'à {n5} kilomètres à l'heure. La nuit il fera {n6} degrés et il tombera {n7} millimètres de pluie avant le matin.",
        "es": "En {p1} el día empieza con sol y algunas nubes, y con niebla en los valles hasta las {n2} horas. Por la tarde la temperatura sube en {p1} a {n3} grados y a {n4} cerca de {p2}. El viento sopla del oeste con hasta {n5} kilómetros por hora. Por la noche baja a {n6} grados y caen {n7} litros de lluvia antes de la mañana.",
        "ru": "В городе {p1} день начнётся с солнца и редких облаков, в долинах туман продержится до {n2} часов. Днём воздух в городе {p1} прогреется до {n3} градусов, а около города {p2} до {n4}. Ветер дует с запада до {n5} километров в час. Ночью похолодает до {n6} градусов, и до утра выпадет {n7} миллиметров дождя.",
    },
    "match": {
        "en": "{p1} beat {p2} {n1}-{n2} in the district league on Saturday. The hosts took the lead in the {n3} minute through {q1}, who scored from {n4} metres after a corner. The guests levelled shortly before the break, but {q2} decided the match with {n5} minutes left to play. {n6} spectators watched. {p1} now have {n7} points, and {p2} have {n8}.",
        "de": "{p1} hat am Samstag in der Bezirksliga {p2} mit {n1}:{n2} geschlagen. Die Gastgeber gingen in der {n3}. Minute durch {q1} in Führung, der nach einer Ecke aus {n4} Metern traf. Die Gäste glichen kurz vor der Pause aus, doch {q2} entschied das Spiel {n5} Minuten vor dem Ende. {n6} Zuschauer sahen zu. {p1} hat nun {n7} Punkte, {p2} hat {n8}.",
        "fr": "{p1} a battu {p2} {n1}-{n2} samedi dans la ligue du district. Les hôtes ont ouvert la marque à la {n3} minute par {q1}, qui a tiré de {n4} mètres après un corner. Les visiteurs ont égalisé avant la pause, mais {q2} a décidé du match à {n5} minutes de la fin. {n6} personnes ont assisté à la rencontre. {p1} compte maintenant {n7} points et {p2} en compte {n8}.",
    },
    "obituary": {
        "en": "{q1} {q2}, {n1}, of {p1}, died on March {m1} at home. A service will be held at {t1} on March {m2} at the chapel in {p2}, and burial will follow at the old cemetery. Survivors include a daughter, {q3}, of {p3}, and {n2} grandchildren. The family will receive friends an hour before the service. Flowers are welcome, and gifts may be made to the hospice.",
        "de": "{q1} {q2} aus {p1} ist am {m1}. März im Alter von {n1} Jahren zu Hause gestorben. Die Trauerfeier findet am {m2}. März um {t1} Uhr in der Kapelle in {p2} statt, anschließend ist die Beisetzung auf dem alten Friedhof. Um sie trauern die Tochter {q3} aus {p3} und {n2} Enkel. Statt freundlich zugedachter Blumen bittet die Familie um eine Gabe für das Hospiz.",
        "es": "{q1} {q2}, de {p1}, murió el {m1} de marzo en su casa a los {n1} años. La misa será a las {t1} del {m2} de marzo en la capilla de {p2} y el entierro será después en el cementerio viejo. Le sobreviven una hija, {q3}, de {p3}, y {n2} nietos. La familia recibe a los amigos una hora antes y agradece las flores y los donativos para el hospicio.",
    },
    "crime": {
        "en": "Police in {p1} arrested a man, {n1}, at {t1} on {q1} Street after a report of a stolen car. Officers said that {q2} {q3}, of {p2}, was found with {n2} dollars and charged with theft. He was taken to the county jail and later released on a bond of {n3} dollars. Anyone who saw anything is asked to call the station.",
        "de": "Die Polizei in {p1} hat um {t1} Uhr in der Straße am {q1} einen {n1} Jahre alten Mann festgenommen, nachdem ein gestohlenes Auto gemeldet worden war. Bei ihm wurden nach Angaben der Beamten {n2} Euro gefunden. Der Mann aus {p2} kam gegen {n3} Euro wieder frei. Wer etwas gesehen hat, wird gebeten, sich bei der Wache zu melden.",
        "ru": "Полиция города {p1} задержала в {t1} на улице {q1} мужчину {n1} лет после сообщения об угнанной машине. При нём нашли {n2} рублей, сообщили в отделе. Житель города {p2} был отпущен под залог в {n3} рублей. Всех, кто что-либо видел, просят позвонить в отдел.",
    },
    "market": {
        "en": "Shares in {p1} closed higher, led by {f1}. The index ended at {n1} points, a change of {d1} percent. Of the stocks in it {n2} rose and {n3} fell. {f1} gained {d2} percent after its results, {f2} lost {d3} percent. Turnover was {n4} million. The currency was quoted at {d4} to the dollar in late trading, and the yield of ten-year bonds stood at {d5} percent.",
        "de": "Die Börse in {p1} hat fester geschlossen, angeführt von {f1}. Der Index endete bei {n1} Punkten, eine Veränderung von {d1} Prozent. Von den Werten stiegen {n2}, und {n3} fielen. {f1} gewann nach seinen Zahlen {d2} Prozent, {f2} verlor {d3} Prozent. Der Umsatz lag bei {n4} Millionen. Der Dollar kostete im späten Handel {d4}, die Rendite zehnjähriger Anleihen lag bei {d5} Prozent.",
        "fr": "La bourse de {p1} a terminé en hausse, tirée par {f1}. L'indice a clôturé à {n1} points, une variation de {d1} pour cent. {n2} valeurs ont monté et {n3} ont baissé. {f1} a gagné {d2} pour cent après ses résultats, {f2} a perdu {d3} pour cent. Le volume a atteint {n4} millions. Le dollar valait {d4} en fin de séance et le rendement à dix ans était de {d5} pour cent.",
    },
    "box score": {
        "en": "FINAL {p1} {n1} {n2} {n3} {n4} total {n5}\n{p2} {n6} {n7} {n8} {n9} total {n10}\nScorers: {q1} {n11}, {q2} {n12}, {q3} {n13}, {q4} {n14}\nRebounds {n15} and {n16}, assists {n17} and {n18}, fouls {n19} and {n20}\nAttendance {n21}",
    },
    "prices": {
        "en": "Metals last change: copper {d1} up {n1}, zinc {d2} up {n2}, lead {d3} off {n3}, tin {d4} off {n4}, nickel {d5} up {n5}, silver {d6} off {n6}, gold {n7} up {n8}",
        "es": "Metales cierre y cambio: cobre {d1} sube {n1}, zinc {d2} sube {n2}, plomo {d3} baja {n3}, estaño {d4} baja {n4}, níquel {d5} sube {n5}, plata {d6} baja {n6}, oro {n7} sube {n8}",
    },
    "dividend": {
        "en": "{f1} said its board declared a dividend of {n1} cents a share, payable on April {m1} to holders of record on March {m2}. {f1} paid {n2} cents a year ago.",
    },
}
HEADLINES = {
    "weather": "Weather in {p1}",
    "match": "{p1} beat {p2}",
    "obituary": "{q1} {q2}, of {p1}",
    "crime": "Arrest in {p1}",
    "market": "{p1} shares close higher",
    "box score": "{p1} against {p2}",
    "prices": "Metals at the close",
    "dividend": "{f1} sets payout",
}
_SLOT = re.compile(r"\{([a-z])(\d+)\}")
_FIRMS = (
    "Varvet",
    "Kraftwerk Nord",
    "Douro",
    "Ribeira Sul",
    "Tellus",
    "Aldmoor Gas",
    "Norden",
    "Polarstern",
    "Vigo Optical",
)


@dataclass
class Article:
    """One text as one outlet has it."""

    title: str
    text: str
    at: datetime


@dataclass
class Pair:
    """Two articles: copies of one text, or not."""

    family: str
    language: str
    is_copy: bool
    one: Article
    other: Article


def pairs(n: int, seed: int = 1) -> Iterator[Pair]:
    """`n` pairs of each family in each of its languages; the same numbers and seed give the same ones."""
    for family, forms in FORMS.items():
        for language, form in forms.items():
            for number in range(n):
                dice = random.Random(f"{seed} {family} {language} {number}")  # noqa: S311  no secret
                yield _filled(family, language, form, dice, is_later=number % 2 == 1)
    for family, change in COPIES.items():
        for language in LANGUAGES:
            for number in range(n):
                dice = random.Random(f"{seed} {family} {language} {number}")  # noqa: S311  no secret
                yield _copied(family, language, change, dice)


def _filled(family: str, language: str, form: str, dice: random.Random, *, is_later: bool) -> Pair:
    """A form of two places, or of one place at two times, six hours apart or more; three in ten of the numbers are as they were."""
    names, other_names, numbers = dict[str, str](), dict[str, str](), dict[str, str]()
    first = _fill(form, names, numbers, dice), _fill(HEADLINES[family], names, {}, dice)
    kept = {key: word for key, word in names.items() if key[0] in "pf"} if is_later else other_names
    repeated = {key: word for key, word in numbers.items() if dice.random() < 0.3}
    second = _fill(form, kept, repeated, dice), _fill(HEADLINES[family], kept, {}, dice)
    at = NOON + timedelta(hours=dice.choice((6, 12, 24, 48)) if is_later else dice.randint(0, 3))
    return Pair(family, language, False, Article(first[1], first[0], NOON), Article(second[1], second[0], at))


def _fill(form: str, names: dict[str, str], numbers: dict[str, str], dice: random.Random) -> str:
    def draw(slot: re.Match[str]) -> str:
        kept = names if slot[1] in "pqf" else numbers
        return kept.setdefault(f"{slot[1]}{slot[2]}", _DRAWN[slot[1]](dice))

    return _SLOT.sub(draw, form)


def _name(dice: random.Random) -> str:
    return Writer("en", dice).name()


_DRAWN: dict[str, Callable[[random.Random], str]] = {
    "p": _name,
    "q": _name,
    "f": lambda dice: dice.choice(_FIRMS),
    "n": lambda dice: str(dice.randint(1, dice.choice((30, 900)))),
    "d": lambda dice: f"{dice.randint(0, 9)}.{dice.randint(1, 99)}",
    "t": lambda dice: f"{dice.randint(1, 12)}:{dice.randint(10, 59)}",
    "m": lambda dice: str(dice.randint(1, 28)),
}


# ---------------------------------------------------------------- copies

_MONTHS = {"en": "March", "de": "März", "fr": "mars", "es": "marzo", "ru": "марта"}
_CHANGED = {
    "en": (
        "Published: {m}/03/2026, {t}",
        "Updated March {m}, 2026 {t} PM",
        "{n} comments",
        "Call the desk: 020 {n}{n} {n}",
    ),
    "de": (
        "Stand: {m}.03.2026, {t} Uhr",
        "Aktualisiert am {m}.03.2026 um {t} Uhr",
        "{n} Kommentare",
        "Telefon: 0221 / {n}{n}{n}",
    ),
    "fr": (
        "Publié le {m}/03/2026 à {t}",
        "Mis à jour le {m}/03/2026 à {t}",
        "{n} commentaires",
        "Téléphone : 01 {n} {n} {n}",
    ),
    "es": (
        "Publicado el {m}/03/2026 a las {t}",
        "Actualizado el {m}/03/2026 a las {t}",
        "{n} comentarios",
        "Teléfono: 091 {n} {n} {n}",
    ),
    "ru": (
        "Опубликовано {m}.03.2026 в {t}",
        "Обновлено {m}.03.2026 в {t}",
        "{n} комментариев",
        "Телефон: +7 495 {n}-{n}-{n}",
    ),
}


def _copied(family: str, language: str, change: Callable[..., None], dice: random.Random) -> Pair:
    writer = Writer(language, dice)
    sentences = [writer.sentence(writer.fresh()) for _ in range(dice.randint(5, 16))]
    title, other_title = writer.title(), writer.title()
    at = NOON + timedelta(hours=dice.choice((0, 1, 3, 6, 20, 30)))
    one, other = list(sentences), list(sentences)
    change(writer, one, other)
    text, other_text = "\n".join(one), "\n".join(other)
    return Pair(family, language, True, Article(title, text, NOON), Article(other_title, other_text, at))


def _dateline(writer: Writer, one: list[str], other: list[str]) -> None:
    """Each outlet begins with a place, a date and a credit of its own."""
    for sentences in (one, other):
        day, month = writer.dice.randint(1, 28), _MONTHS[writer.language]
        date = f"{month} {day}" if writer.language == "en" else f"{day} {month}"
        credit = writer.dice.choice(("Reuters", "AP", "dpa", "AFP"))
        sentences[0] = f"{writer.name().upper()}, {date} ({credit}) - {sentences[0]}"


def _introduced(writer: Writer, one: list[str], other: list[str]) -> None:  # noqa: ARG001  all changes are called alike
    """An own paragraph, then the rest of the wire."""
    other[0] = writer.sentence(writer.fresh()) + " " + writer.sentence(writer.fresh())


def _stamped(writer: Writer, one: list[str], other: list[str]) -> None:
    """The stamps of each site, on lines of their own."""
    for sentences in (one, other):
        published, updated, counter, *_ = _site(writer)
        sentences[:0] = [published, updated]
        sentences.append(counter)


def _inline(writer: Writer, one: list[str], other: list[str]) -> None:
    """The stamps of each site, run into the first line, as extraction leaves them."""
    for sentences in (one, other):
        published, updated, *_ = _site(writer)
        sentences[0] = f"{published} {updated} {sentences[0]}"


def _appended(writer: Writer, one: list[str], other: list[str]) -> None:
    """What each site says of itself under every text."""
    for sentences in (one, other):
        own = writer.fresh()
        own[3:3], own[6:6] = ([str(writer.dice.randint(10, 900))] for _ in range(2))
        sentences += [*_site(writer)[3:], writer.sentence(own)]


def _site(writer: Writer) -> list[str]:
    return [
        re.sub(r"\{(\w)\}", lambda slot: _DRAWN[slot[1]](writer.dice), line)
        for line in _CHANGED[writer.language]
    ]


def _updated(writer: Writer, one: list[str], other: list[str]) -> None:
    """Another outlet has the count of an hour later, and a sentence more."""
    for at in (0, 1):
        words = one[at].rstrip(".").split()
        words.insert(3, "12")
        one[at] = " ".join(words) + "."
        words[3] = str(writer.dice.randint(13, 99))
        other[at] = " ".join(words) + "."
    other.insert(2, writer.sentence(writer.fresh()))


def _corrected(writer: Writer, one: list[str], other: list[str]) -> None:  # noqa: ARG001  all changes are called alike
    """One figure was put right."""
    words = one[0].rstrip(".").split()
    one[0] = " ".join([*words[:3], "24", *words[3:]]) + "."
    other[0] = " ".join([*words[:3], "42", *words[3:]]) + "."


def _localised(writer: Writer, one: list[str], other: list[str]) -> None:
    """Each edition names its own town and gives the sum in its own money."""
    for sentences in (one, other):
        town = writer.name()
        words = sentences[0].rstrip(".").split()
        sentences[0] = " ".join([*words[:4], town, *words[4:], str(writer.dice.randint(100, 999))]) + "."


def _quoting(writer: Writer, one: list[str], other: list[str]) -> None:
    """A short article is an excerpt of the wire, most of it what somebody said."""
    said = [writer.sentence(writer.fresh()) for _ in range(3)]
    quoted = [
        writer.sentence(writer.fresh()),
        f"“{said[0]} {said[1]} {said[2]}”",
        writer.sentence(writer.fresh()),
    ]
    one[2:2] = quoted
    one += [writer.sentence(writer.fresh()) for _ in range(8)]
    other[:] = quoted[: writer.dice.choice((2, 3))]


COPIES: dict[str, Callable[[Writer, list[str], list[str]], None]] = {
    "other datelines": _dateline,
    "own introduction": _introduced,
    "stamps of the site": _stamped,
    "stamps in the text": _inline,
    "appended boilerplate": _appended,
    "updated count": _updated,
    "one figure corrected": _corrected,
    "localised editions": _localised,
    "quotation excerpted": _quoting,
}
