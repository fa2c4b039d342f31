"""The elements of a feed's items, in sound and in broken documents."""

from pipeline.harvest.feed_items import base_of, fields_of, joined, local_name, read_document, text_of

_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'


def test_items_stand_in_the_root_or_in_its_channels() -> None:
    found = read_document(
        "<rss><item>1</item><channel><title>M</title><item>2</item><other><item>x</item></other></channel></rss>"
    )
    assert [text_of(item) for item in found.items] == ["1", "2"]
    assert local_name(found.head) == "channel"


def test_a_name_is_that_of_its_namespace_whatever_its_prefix() -> None:
    (item,) = read_document(
        '<rss><item><D:date xmlns:D="http://purl.org/dc/elements/1.1/">x</D:date><Title>t</Title><q:title xmlns:q="urn:q">u</q:title></item></rss>'
    ).items
    fields = fields_of(item)
    assert (list(fields.texts("dc:date")), list(fields.texts("title")), list(fields.texts("q:title"))) == (
        ["x"],
        ["t"],
        ["u"],
    )


def test_names_are_the_same_in_a_broken_document() -> None:
    sound = f"<rss {_DC}><channel><item><title>t</title><dc:date>x</dc:date></item></channel></rss>"
    for text in (sound, sound.replace("<title>", "<br><title>", 1), sound.removesuffix("</channel></rss>")):
        (item,) = read_document(text).items
        assert list(fields_of(item).texts("title", "dc:date")) == ["t", "x"]


def test_comments_are_no_text() -> None:
    (item,) = read_document("<rss><item><title>a<!-- b -->c</title></item></rss>").items
    assert next(fields_of(item).texts("title")) == "ac"


def test_a_base_that_is_no_address_counts_for_nothing() -> None:
    assert joined("https://a.example/", "http://[") == "https://a.example/"
    (item,) = read_document('<feed xml:base="http://["><entry xml:base="b/"/></feed>').items
    assert base_of(item, "https://a.example/") == "https://a.example/b/"
