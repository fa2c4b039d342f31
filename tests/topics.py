"""Texts on three topics, as documents that a crawler delivers."""

from typing import Any

TOPICS = {
    "flood": "The river Lenne burst its banks near Altena after two days of rain and cut off four hundred homes on Tuesday. "
    "Firefighters used boats to reach a retirement home where sixty people had moved to the upper floor. "
    "The district council opened a sports hall as a shelter and asked people to stay away from the dyke road. "
    "Engineers said the Biggetal reservoir was full and that they would have to let water out before night. "
    "Rail traffic between Hagen and Siegen stopped because a bridge pier had been undercut by the current.",
    "merger": "Shareholders of Norrland Timber approved the sale of the company to Baltic Pulp for 2.4 billion kronor. "
    "The combined group will own eleven sawmills and employ about nine thousand people in Sweden and Estonia. "
    "Chief executive Maja Lindqvist said no mill would close before 2029 and that the name would be kept. "
    "A rival bid from the Finnish firm Karhu Paper had been withdrawn on Monday after its lenders refused. "
    "The competition authority in Stockholm has until September to decide whether the deal may go ahead.",
    "telescope": "Astronomers in Chile pointed the Vera telescope at a comet that is leaving the solar system and found water. "
    "The object, named C/2031 K2, passed within forty million kilometres of Jupiter in January, the team reported. "
    "Its tail holds more carbon monoxide than that of any comet measured before, said Ines Carrasco of La Serena. "
    "The observatory will follow it until it fades in May and then turn to a list of nearby dwarf planets. "
    "Amateurs with small instruments can see it low in the western sky shortly after sunset this week.",
}


def document(topic: str, n: int = 0, **changes: Any) -> dict[str, Any]:
    sentences = TOPICS[topic].split(". ")
    text = ". ".join(sentences[n:] + sentences[:n]) if n else TOPICS[topic]
    given_ = {
        "url": f"https://outlet{n}.example/{topic}-{n}",
        "title": f"{topic.title()} news {n}",
        "text": text,
    }
    return given_ | {"outlet": f"Outlet {n}"} | changes
