"""What stands behind an article without being of it, in many languages: comments, contacts, forms, other articles."""

import pytest

from pipeline.text import furniture
from tests.pages import STORY

GERMAN = [
    "Der Gemeinderat von Altena hat am Mittwoch nach langer Beratung die Sanierung der Brücke beschlossen.",
    "Die Arbeiten beginnen im April und kosten nach Angaben der Stadt rund vier Millionen Euro.",
    "Der Verkehr wird bis zum Herbst über die Umgehungsstraße geleitet, sagte die Bürgermeisterin.",
    "Anwohner hatten seit Jahren eine Erneuerung der Brücke aus dem Jahr 1931 verlangt.",
]
FRENCH = [
    "Le conseil municipal d'Altena a voté mercredi la rénovation du pont après un long débat.",
    "Les travaux commenceront en avril et coûteront environ quatre millions d'euros à la ville.",
    "La circulation sera détournée jusqu'à l'automne par la rocade, a déclaré la maire.",
    "Les riverains demandaient depuis des années la rénovation du pont construit en 1931.",
]
RUSSIAN = [
    "Городской совет Альтены в среду после долгого обсуждения одобрил ремонт моста.",
    "Работы начнутся в апреле и обойдутся городу примерно в четыре миллиона рублей.",
    "До осени движение направят по объездной дороге, сообщила глава города.",
    "Жители много лет требовали обновить мост, построенный в тысяча девятьсот тридцать первом году.",
]
JAPANESE = [
    "アルテナ市議会は水曜日、長い審議の末に橋の改修を可決しました。工事は四月に始まります。",
    "費用は市によるとおよそ四億円で、秋までは迂回路を通ることになると市長は述べました。",
    "住民は何年も前から、九十年以上前に造られた橋の改修を求めていました。",
]


@pytest.mark.parametrize(
    "end",
    [
        ["6 Comments", "walker1", "I cross it each day and have never seen an engineer.", "Reply"],
        ["Comments (2)", "Ann K. says:", "So do I."],
        ["2 thoughts on “The bridge is to be closed”", "Ann", "So do I, and so does my sister."],
        ["Leave a Reply", "Your email address will not be published. Required fields are marked *", "Name *"],
        ["This field is required."],
        ["Please enter a valid e-mail address."],
        ["Thank you, your message has been sent."],
        ["Oops! Something went wrong. Please try again later."],
        ["You must be logged in to post a comment."],
        [
            "Contact",
            "Bay Herald",
            "12 Quay Street, Marlow Bay",
            "Phone: +44 20 7946 0000",
            "news@herald.example",
        ],
        ["Media contact:", "Ann Doe", "Tel.: +44 20 7946 0000", "press@marlow.example"],
        ["E-mail: news@herald.example", "Fax: 020 7946 0001"],
        ["More from Politics", "Harbour fees to rise again next year", "Three candidates for mayor"],
        ["Previous article", "Harbour fees to rise again next year", "Next article", "Three candidates"],
        ["← Harbour fees to rise again next year", "Three candidates for the post of mayor →"],
        ["Ann Doe", "Ann Doe is a senior reporter. You can reach her at ann@herald.example."],
        ["Read more"],
    ],
    ids=lambda end: end[0],
)
def test_in_english(end: list[str]) -> None:
    assert furniture.strip([*STORY, *end]).kept == STORY


@pytest.mark.parametrize(
    ("body", "end"),
    [
        (GERMAN, ["3 Kommentare", "leser1", "Ich fahre täglich darüber.", "Antworten"]),
        (GERMAN, ["Dieses Feld ist erforderlich."]),
        (GERMAN, ["Vielen Dank, Ihre Nachricht wurde gesendet."]),
        (GERMAN, ["Pressekontakt:", "Anna Berg", "Tel.: 030 1234567"]),
        (GERMAN, ["Mehr aus Politik", "Gebühren steigen wieder"]),
        (GERMAN, ["Vorheriger Artikel", "Gebühren steigen wieder", "Nächster Artikel", "Drei Bewerber"]),
        (FRENCH, ["3 commentaires", "lecteur1", "Je le traverse chaque jour.", "Répondre"]),
        (FRENCH, ["Ce champ est obligatoire."]),
        (FRENCH, ["Contact presse :", "Anne Martin", "Tél. : 01 23 45 67 89"]),
        (FRENCH, ["Article précédent", "Les taxes augmentent encore"]),
        (RUSSIAN, ["Комментарии (3)", "житель", "Я езжу по нему каждый день."]),
        (RUSSIAN, ["Это поле обязательно для заполнения."]),
        (RUSSIAN, ["Предыдущая статья", "Сборы снова вырастут"]),
        (JAPANESE, ["コメント（3）", "毎日渡っています。"]),
        (JAPANESE, ["必須項目です。"]),
        (JAPANESE, ["お問い合わせ", "電話：03-1234-5678"]),
        (JAPANESE, ["次の記事", "港の料金が上がる"]),
    ],
    ids=lambda value: value[0][:20],
)
def test_in_other_languages(body: list[str], end: list[str]) -> None:
    assert furniture.strip([*body, *end]).kept == body


@pytest.mark.parametrize(
    "line",
    [
        "Contact with the crew was lost on Friday, the coast guard said.",
        "Comments by the minister were not available on Tuesday evening.",
        "“This field is required for the children,” the farmer said of the meadow.",
        "Anyone who saw the accident is asked to call the police on 020 7946 0000.",
        "An error occurred in the count of the votes, the commission said on Friday.",
        "Most read newspapers in the country fell in circulation last year, too.",
        "Three comments on the plan were received before the end of the year.",
        "Previous articles of the treaty were deleted by both of the chambers.",
    ],
)
@pytest.mark.parametrize("at", [3, 8])
def test_sentences_that_begin_alike_stay(line: str, at: int) -> None:
    """Within the text and at its end."""
    lines = [*STORY[:at], line, *STORY[at:]]

    assert furniture.strip(lines).kept == lines


def test_a_heading_over_a_section_stays_where_text_follows() -> None:
    lines = [*STORY[:4], "More on the budget", *STORY[4:]]

    assert furniture.strip(lines).kept == lines
