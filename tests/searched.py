"""Articles to search: a table of some texts, the index of it, a warehouse at one moment that a test makes up."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.contract import Contract
from pipeline.model.tables import ARTICLES, MEMBERSHIPS, STORIES
from pipeline.search import file
from pipeline.search.ask import DayIndex
from pipeline.search.file import INDEXED
from pipeline.search.query import parse, spelt
from pipeline.search.words import words
from pipeline.store.warehouse import MISSING
from tests.conftest import DAY

SCHEMA = pa.schema([*(ARTICLES.schema.field(name) for name in INDEXED), STORIES.schema.field("story_id")])
# Texts in scripts with and without spaces: what stands in each, and what does not though it looks alike.
SCRIPTS = {
    "Chinese": ("昨天北京大学的研究人员公布了新的疫苗试验结果。", ["北京", "北京大学", "大", "疫苗试验"], ["京北", "京学", "东京"]),
    "Japanese": ("東京都の小池知事は、オリンピックの延期について会見した。", ["東京", "京都の", "オリンピック", "会見"], ["京都市", "リンゴ"]),
    "Thai": ("รัฐบาลไทยประกาศมาตรการช่วยเหลือผู้ประสบภัยน้ำท่วม", ["น้ำท่วม", "ไทย", "รัฐบาล"], ["น้ำแข็ง", "ไทร"]),
    "Khmer": ("រដ្ឋាភិបាលកម្ពុជាបានប្រកាសវិធានការថ្មី", ["កម្ពុជា", "វិធានការ"], ["កម្ពុរ"]),
    "Lao": ("ລັດຖະບານລາວປະກາດມາດຕະການໃໝ່", ["ລາວ", "ມາດຕະການ"], ["ລາງ"]),
    "Burmese": ("မြန်မာနိုင်ငံတွင် ရေကြီးမှု ဖြစ်ပွားခဲ့သည်", ["မြန်မာ", "ရေကြီး"], ["မြန်ဝ"]),
    "Korean": ("서울에서 열린 정상회담이 끝났다.", ["서울", "정상회담", "회담"], ["울서", "부산"]),
    "Hindi": ("प्रधानमंत्री ने हिन्दी दिवस पर भाषण दिया।", ["हिन्दी", "दिवस पर", "प्रधानमंत्री"], ["हिन्द", "दिव"]),
    "Arabic": ("قَالَ الرَّئِيسُ إن المـــفاوضات مستمرة", ["الرئيس", "الرَّئِيسُ", "المفاوضات"], ["رئيس"]),
    "Turkish": ("İSTANBUL'da kış geldi, Iğdır'da kar yağdı", ["istanbul", "İstanbul", "kış geldi", "Iğdır"], ["istanbulda", "kis"]),
    "German": ("Die Straße nach Köln ist gesperrt", ["STRASSE", "köln", "strasse nach"], ["koln", "Straß"]),
    "Vietnamese": ("Thủ tướng Phạm Minh Chính thăm Hà Nội", ["hà nội", "thủ tướng"], ["ha noi"]),
}  # fmt: skip


def article(n: int, text: str, title: str | None = None, **more: Any) -> dict[str, Any]:
    """An article of DAY, in a story of its own unless one is given."""
    one = identifier(n)
    return {"article_id": one, "text": text, "title": title, "story_id": one} | more


def identifier(n: int, day: date = DAY) -> str:
    return f"{day:%Y%m%d}{n:024x}"


def table(rows: Sequence[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist([dict.fromkeys(SCHEMA.names) | row for row in rows], SCHEMA)


def indexed(folder: Path, rows: Sequence[dict[str, Any]]) -> DayIndex:
    """The open index of articles."""
    folder.mkdir(parents=True, exist_ok=True)
    return DayIndex(file.write(table(rows), folder))


def holds(row: dict[str, Any], query: str) -> bool:
    """The oracle: whether an article has all of the words, by plain Python."""
    return stands_in(query, row["title"] or "", row["text"])


def stands_in(query: str, *texts: str) -> bool:
    """Whether each phrase of a query stands in one of the texts."""
    phrases, said = parse(query).phrases, [spelt(words(text)) for text in texts]
    return bool(phrases) and all(any(map(phrase.n_in, said)) for phrase in phrases)


class Moment:
    """A warehouse at one moment: articles by day, each with its `story_id`, and stories of days without articles."""

    def __init__(
        self,
        days: dict[date, Sequence[dict[str, Any]]],
        stories: dict[date, Sequence[dict[str, Any]]] | None = None,
    ) -> None:
        self.days, self.stories, self.n_read = days, stories or {}, 0

    def digest(self, contract: Contract, day: date) -> str:
        known = self.days if contract in {ARTICLES, MEMBERSHIPS} else self.stories
        return f"{contract.name}-{hash(str(known[day]))}" if day in known else MISSING

    def read(
        self,
        contract: Contract,
        day: date,
        columns: Sequence[str] | None = None,
        where: pc.Expression | None = None,
    ) -> pa.Table:
        self.n_read += 1
        if contract is STORIES:
            rows = [dict.fromkeys(STORIES.names) | row for row in self.stories.get(day, [])]
            found = pa.Table.from_pylist(rows, STORIES.schema)
        else:
            found = table(self.days[day])
        found = found if where is None else found.filter(where)
        return found.select(list(columns or found.column_names))
