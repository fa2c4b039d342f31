"""What is taken out of a text, and what never is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import furniture
from pipeline.text.lines import Look, look

BODY = [
    "The council voted on Tuesday to close the northern bridge for repairs that will last until the autumn.",
    "Traffic will be led over the old ferry crossing, which the city bought from a private owner in May.",
    "“We have no other choice,” the mayor said after the vote. “The steel is tired.”",
    "Engineers had found cracks in three of the nine supports, according to a report seen by the council.",
    "Residents of the northern district fear for their shops and asked for a second crossing.",
]

# Lines that are furniture wherever they stand.
ALWAYS = [
    "Home / Technology",
    "Startseite > Politik > Ausland",
    "Accueil › Monde",
    "Advertisement",
    "Story continues below",
    "Werbung",
    "Publicité",
    "Publicidad",
    "Реклама",
    "広告",
    "광고",
    "إعلان",
    "Share on Facebook",
    "Facebook Twitter WhatsApp Email",
    "Teilen",
    "0 messages",
    "12 comments",
    "3.241 Kommentare",
    "Comments (12)",
    "Tags: bridge, council, traffic",
    "Schlagwörter Brücke, Stadtrat, Verkehr",
    "3 min read",
    "Lesedauer: 4 Minuten",
    "Published 5 March 2026 10:15 GMT",
    "Stand: 22.04.2024, 06:00 Uhr",
    "Zuletzt aktualisiert am 5. März 2026 um 12:30 Uhr",
    "Photo: Jane Doe",
    "Foto: Karl Muster",
    "Фото: Иван Иванов",
    "写真：山田太郎",
    "A worker paints the bridge on Monday. (Photo: Jane Doe/Example Press)",
    "A worker paints the bridge on Monday. Jane Doe/AFP via Getty Images",
    "© 2026 Example Media. All rights reserved.",
    "Read more: Bridge report leaked to newspaper",
    "ALSO READ: Ferry owner denies talks",
    "Lesen Sie auch: Die Fähre ist zu alt",
    "À lire aussi Le pont ferme en juin",
    "Leggi anche: Il ponte chiude",
    "Lee también: El puente cierra en junio",
    "Lees ook: De brug gaat dicht",
    "Les også: Broen stenges i juni",
    "Läs också: Bron stängs i juni",
    "Czytaj także: Most zostanie zamknięty",
    "Читайте также: Мост закроют в июне",
    "Baca juga: Jembatan ditutup",
    "関連記事：橋が閉鎖",
    "Sign up for our free newsletter to get the latest news in your inbox.",
    "Abonnieren Sie jetzt unseren Newsletter und verpassen Sie nichts.",
    "Abonnez-vous à notre newsletter pour recevoir nos informations.",
    "Suscríbete a nuestra newsletter y recibe las noticias.",
    "Subscribe now!",
    "By clicking “Subscribe now” you agree to our terms.",
    "Tap “Follow us on Google News” to see more of the bridge.",
    "Don't miss ‘The Briefing’: sign up for our newsletter, it's free.",
    "We may earn a commission if you buy through our links.",
    "Readers help support Example Report. We may get a commission if you buy through our links.",
    "Already a subscriber? Log in",
    "Il vous reste 57.09% de cet article à lire. La suite est réservée aux abonnés.",
    "この記事は会員限定です。",
]

# Sentences that speak of the things furniture speaks of, and headings: none of this may go.
NEVER = [
    "The company said it would stop using cookies to track readers by the end of next year.",
    "Subscribers left the newspaper in their thousands after the price of a subscription rose by half.",
    "The European Commission told member states that links between the two agencies had to be cut.",
    "“Sign up, they told us, and you will be rich,” the witness told the court on Monday.",
    "The agency dpa reported that the minister would resign, citing two members of the party.",
    "The photo, taken by a neighbour, shows smoke over the northern supports of the bridge.",
    "Read more than a hundred pages and the same picture emerges, the report's authors say.",
    "More than 200 people signed the letter, which was sent to the council last week.",
    "She is a reporter who covered the war for the agency and wrote two books about it.",
    "Follow the money, the inspector said, and you will find the owner of the ferry.",
    "The newsletter that the group sent to its members on Friday called for a strike.",
    '"Subscribe to our newsletter," the mayor joked at the opening.',
    "The mayor told the crowd to “subscribe to our newsletter” at the opening of the bridge.",
    "‘Sign up now, it’s free,’ Smith said.",
    "„Abonnieren Sie unseren Newsletter“, scherzte sie bei der Eröffnung der Brücke.",
    "« Abonnez-vous à notre newsletter », a plaisanté le maire lors de l'inauguration.",
    "”Prenumerera på vårt nyhetsbrev”, skämtade borgmästaren.",
    "「ニュースレターを購読してください」と市長は冗談を言った。",
    "Der Verlag kündigte an, den Newsletter einzustellen und die Abonnenten zu entschädigen.",
    "Die Kommission erhielt eine Provision von drei Prozent, wie aus den Akten hervorgeht.",
    "Le journal a perdu un tiers de ses abonnés en deux ans, selon un rapport interne.",
    "UPDATE 2-Council closes northern bridge until autumn",
    "CORRECTED-Council closes bridge until autumn, not spring",
    "LONDON, March 5 (Reuters) - The council voted on Tuesday to close the bridge.",
    "PARIS (AFP) – Le conseil a voté mardi la fermeture du pont du nord.",
    "What happens next",
    "Why the bridge matters",
]


def strip(lines: list[str], **about: object) -> furniture.Parted:
    return furniture.strip(lines, **about)  # type: ignore[arg-type]


@pytest.mark.parametrize("line", ALWAYS)
def test_furniture_of_any_outlet_goes_from_the_middle_of_a_text(line: str) -> None:
    """It is known by what it says, in whatever language."""
    parted = strip([*BODY[:3], line, *BODY[3:]])

    assert parted.kept == BODY
    assert [line] == parted.removed


@pytest.mark.parametrize("line", NEVER)
def test_a_sentence_about_such_things_stays(line: str) -> None:
    """Words that furniture uses do not make furniture; revision marks and datelines carry meaning."""
    parted = strip([*BODY[:3], line, *BODY[3:]], title="Northern bridge to close", outlet="Example Report")

    assert [*BODY[:3], line, *BODY[3:]] == parted.kept


@pytest.mark.parametrize("line", [line for line in NEVER if len(line.split()) > 3])
def test_it_stays_at_the_top_and_at_the_bottom_too(line: str) -> None:
    """Where furniture is most likely, a sentence is still a sentence."""
    parted = strip([line, *BODY, line + " "], title="Something else entirely happened here")

    assert [line, *BODY, line + " "] == parted.kept


def test_the_headline_and_what_stands_around_it_go_from_the_top() -> None:
    """Section, headline, byline, date and caption are not text."""
    head = ["Regional", "Northern bridge to close", "By Jane Doe", "5 March 2026", "Northern bridge"]
    parted = strip([*head, *BODY], title="Northern bridge to close", authors=["Jane Doe"])

    assert parted.kept == BODY
    assert head == parted.removed


def test_a_deck_under_the_headline_stays() -> None:
    """It is a sentence, even without its full stop."""
    deck = "The mayor sees no other choice after engineers found cracks in the steel"
    parted = strip(["Northern bridge to close", deck, *BODY], title="Northern bridge to close")

    assert [deck, *BODY] == parted.kept


def test_a_first_sentence_that_is_the_title_stays() -> None:
    """Some feeds make the title of the lead."""
    parted = strip(BODY, title=BODY[0])

    assert parted.kept == BODY


def test_a_heading_over_other_articles_takes_their_headlines_with_it() -> None:
    """As many as follow it before the next sentence, if none follows all."""
    teasers = ["Ferry owner denies talks with city", "Cracks were known for years"]

    assert strip([*BODY, "Related articles", *teasers]).kept == BODY
    assert strip([*BODY[:2], "Read more", teasers[0], *BODY[2:]]).kept == BODY


@pytest.mark.parametrize(
    "heading", ["About the author", "Über den Autor", "Об авторе", "Sobre el autor", "この記事を書いた人"]
)
def test_an_authors_box_goes_with_all_its_sentences(heading: str) -> None:
    """It ends the text."""
    box = [
        heading,
        "Jane Doe is a reporter at Example Report.",
        "Outside the newsroom, she spends her time hiking.",
    ]

    assert strip([*BODY, *box]).kept == BODY


def test_a_long_second_half_is_not_cut_for_a_heading() -> None:
    """A heading in the middle of a text does not end it."""
    parted = strip([*BODY[:3], "About the author", *BODY, *BODY[3:]])

    assert set(BODY) <= set(parted.kept)


def test_what_is_said_of_the_author_goes_without_a_heading() -> None:
    """By the name and the profession, at the end only."""
    bio = "Jane Doe is a senior reporter for Example Report who covers the city."

    assert strip([*BODY, bio], authors=["Jane Doe"], outlet="Example Report").kept == BODY
    assert bio in strip([BODY[0], bio, *BODY[1:], *BODY[1:]], authors=["Jane Doe"]).kept


@pytest.mark.parametrize(
    "tail",
    [
        "(Reporting by Jane Doe in Berlin; Editing by John Roe)",
        "Additional reporting by John Roe",
        "With files from The Associated Press",
        "Mit Material von dpa und AFP",
        "(dpa/afp)",
        "Quelle: ntv.de, dpa",
        "Associated Press writer John Roe contributed to this report.",
        "Avec AFP",
        "By Jane Doe",
    ],
)
def test_agencies_sign_off_at_the_end(tail: str) -> None:
    """Who had a hand in the text is no part of it."""
    assert strip([*BODY, tail]).kept == BODY


def test_a_paragraph_that_stands_there_twice_stays_once() -> None:
    """A quotation set large is no second sentence."""
    parted = strip([*BODY, BODY[2]])

    assert parted.kept == BODY


def test_a_line_of_the_outlets_habit_goes_at_an_edge() -> None:
    """A weak habit counts where furniture stands."""
    habit = "The Example Report is a member of the Northern Press Union and its code."
    seen: list[bool] = []

    def is_recurring(line: str, among_furniture: bool) -> bool:
        if line == habit:
            seen.append(among_furniture)
        return line == habit and among_furniture

    assert strip([*BODY, habit], is_recurring=is_recurring).kept == BODY
    assert seen == [True]


def test_a_text_that_recurs_as_a_whole_is_not_emptied() -> None:
    """Then it is the article, filed again."""
    parted = strip(BODY, is_recurring=lambda _line, _among: True)

    assert parted.kept == BODY


@given(
    st.lists(st.text(min_size=1, max_size=200).filter(lambda t: bool(t.strip())), max_size=30),
    st.text(max_size=60),
)
def test_no_line_is_lost_or_made_up(lines: list[str], title: str) -> None:
    """What is kept and what is removed are the text, in order."""
    parted = strip(lines, title=title)

    assert sorted(lines) == sorted(parted.kept + parted.removed)
    assert _is_subsequence(parted.kept, lines)
    assert _is_subsequence(parted.removed, lines)


def _is_subsequence(part: list[str], whole: list[str]) -> bool:
    rest = iter(whole)
    return all(line in rest for line in part)


def test_stripping_twice_is_stripping_once() -> None:
    """Nothing that stays becomes furniture because something else went."""
    once = strip(["Home / News", *BODY, "Read more: Ferry owner denies talks", "0 messages"]).kept

    assert once == strip(once).kept


@pytest.mark.parametrize(
    "last", ["He was not hurt.", "It is over.", "No one was hurt", "Why not now?", "لم يصب أحد."]
)
def test_a_short_last_sentence_is_no_code_of_an_agency(last: str) -> None:
    assert furniture.strip([*BODY, last]).kept == [*BODY, last]


@pytest.mark.parametrize("last", ["(dmk)", "SDA/sep", "dpa", "(afp, red)", "AFP RB", "rb/afp"])
def test_the_codes_of_agencies_and_editors_at_the_end_go(last: str) -> None:
    assert furniture.strip([*BODY, last]).kept == BODY


@pytest.mark.parametrize(
    "line", ["TBILISI, 17 Nov - RIA", "ТБИЛИСИ, 17 ноя - РИА Новости.", "LONDON (Reuters)", "NEW DELHI (AFP)"]
)
def test_a_dateline_on_a_line_of_its_own_stays(line: str) -> None:
    assert furniture.strip([line, *BODY]).kept[0] == line


class Counted(list[Look]):
    """Looks that count how often one of them is asked for."""

    n_asked = 0

    def __iter__(self) -> Any:
        for looked in super().__iter__():
            self.n_asked += 1
            yield looked

    def __getitem__(self, place: Any) -> Any:
        found = super().__getitem__(place)
        self.n_asked += len(found) if isinstance(place, slice) else 1
        return found


@pytest.mark.parametrize(
    "line", ["Read also", "About the author", "Read more:"], ids=lambda line: line.casefold()
)
def test_a_heading_that_stands_there_a_thousand_times_costs_what_each_costs(line: str) -> None:
    """What follows is not counted again under each of them."""
    asked = []
    for n in (500, 1_000):
        lines = [line, "Bank bursts in town"] * n
        looks = Counted(look(one) for one in lines)
        gone = [False] * len(lines)
        furniture._mark_teasers(lines, looks, gone)
        furniture._mark_endings(looks, gone)
        asked.append(looks.n_asked)

    assert asked[1] < 2.5 * asked[0]


@pytest.mark.parametrize(
    "caption",
    [
        "Smoke rises over the port of Aldmoor after the blast on Wednesday. Photo: Jane Doe/Reuters",
        "Foto: Rauch steigt am Mittwoch nach der Explosion über dem Hafen von Aldmoor auf",
        "Residents leave the port of Aldmoor on Wednesday, 4 March 2026 (AP Photo/Jane Doe)",
    ],
)
def test_a_caption_is_furniture_unless_it_is_all_that_there_is(caption: str) -> None:
    """A credit alone says nothing, whatever stands with it."""
    story = "The port of Aldmoor was closed on Wednesday after a blast in one of its halls, the police said."

    assert furniture.strip([story, caption]).kept == [story]
    assert furniture.strip(["Share", caption]).kept == [caption]
    assert furniture.strip(["Blast at the port", caption], title="Blast at the port").kept == [caption]
    assert furniture.strip(["Photo: Jane Doe / Reuters"]).kept == []
