"""Tokens and shingles: what the signatures of a text are made of."""

from hashlib import blake2b

import pytest

from pipeline.text import tokens


def test_what_is_no_reading_stays() -> None:
    """Brackets that hold words of their own are text."""
    assert ["会長", "田中", "中太", "太郎"] == tokens.tokenise("会長（田中太郎）")
    assert "とう" in tokens.tokenise("e（とう）")


def test_a_mark_goes_with_what_it_stands_on() -> None:
    """After a letter it is of the word, after a space or a sign of nothing."""
    assert ["1\u20e3", "b"] == tokens.tokenise("1\u20e3 b")
    assert ["tamimi", "s"] == tokens.tokenise("Tamimi´s")
    assert [] == tokens.tokenise("\u0301 ’\u0301")


# Hashes of the shingles of plain texts, as they were before marks were looked at.
PLAIN = {
    "The council's budget of 3.5 million was passed on Tuesday": "87b7e42aa2a61b88",
    "Der Bürgermeister öffnete die große Brücke über die Weiße Elster": "5040c2ff517c6684",
    "Где-то на мосту объявили: движение по нему открыто снова": "e0d990a5dc45d5a7",
    "Ο δήμαρχος άνοιξε τη γέφυρα πάνω από το ποτάμι": "1e285ebcc0529f27",
    "Thủ tướng nói cầu đã được mở lại hôm thứ Ba": "4ad44447c62c544a",
    "東京都は大雨で道路が冠水したと発表した": "8e9b9a8a5b4bc3d9",
    "प्रधानमंत्री ने कहा कि नदी का पुल फिर खुल गया है": "3843ca2a59462c45",
}


@pytest.mark.parametrize("text", PLAIN)
def test_signatures_of_plain_texts_stay(text: str) -> None:
    """What has neither points nor joiners is hashed as ever."""
    hashes = b"".join(tokens.shingle_hash64(s).to_bytes(8, "little") for s in tokens.shingles(text))

    assert PLAIN[text] == blake2b(hashes, digest_size=8).hexdigest()
