"""Made-up news in eight scripts, with planted copies: for `copies.py scripts`. The words are our own; the sentences are random."""

import random
from typing import Any

Row = dict[str, Any]
# Of each script: what stands between words, what ends a sentence, and words of one story after another.
WRITTEN = {
    "Latin": (
        " ",
        ". ",
        "council voted budget bridge river engineer repaired old harbour minister visited northern school farmers protested price grain train station reopened storm heavy rain flooded street hospital nurses strike ended agreement court judge sentenced former mayor museum exhibition painter opened Saturday thousands visitors evening police searched missing sailor island ferry company announced new route winter",
    ),
    "Arabic": (
        " ",
        "۔ ",
        "المجلس صوت الميزانية الجسر النهر المهندس أصلح الميناء القديم الوزير زار المدرسة الشمالية المزارعون احتجوا سعر القمح القطار المحطة افتتحت العاصفة الأمطار الغزيرة غمرت الشارع المستشفى الممرضات الإضراب انتهى الاتفاق المحكمة القاضي حكم رئيس البلدية السابق المتحف المعرض الرسام افتتح السبت آلاف الزوار مساء الشرطة بحثت البحار المفقود الجزيرة العبارة الشركة أعلنت خطا جديدا الشتاء",
    ),
    "Chinese": (
        "",
        "。",
        "市议会 表决 通过 预算 大桥 河流 工程师 修复 旧港口 部长 访问 北部 学校 农民 抗议 粮食 价格 火车站 重新 开放 暴风雨 大雨 淹没 街道 医院 护士 罢工 结束 协议 法院 法官 判处 前任 市长 博物馆 展览 画家 星期六 开幕 数千名 游客 晚上 警察 搜寻 失踪 水手 岛屿 渡轮 公司 宣布 新航线 冬季",
    ),
    "Hindi": (
        " ",
        "। ",
        "परिषद ने बजट पारित किया पुल नदी अभियंता मरम्मत पुराना बंदरगाह मंत्री दौरा उत्तरी विद्यालय किसानों विरोध अनाज मूल्य रेलगाड़ी स्टेशन फिर खुला तूफान भारी बारिश सड़क डूबी अस्पताल नर्सों हड़ताल समाप्त समझौता अदालत न्यायाधीश सजा पूर्व महापौर संग्रहालय प्रदर्शनी चित्रकार शनिवार उद्घाटन हजारों दर्शक शाम पुलिस खोज लापता नाविक द्वीप नौका कंपनी घोषणा नया मार्ग सर्दी",
    ),
    "Japanese": (
        "",
        "。",
        "市議会は 予算案を 可決した 橋の 川に 技師が 修理し 古い 港を 大臣は 訪問した 北部の 学校で 農家が 抗議した 穀物の 価格 列車 駅が 再開した 嵐と 大雨で 道路が 冠水した 病院の 看護師は ストライキを 終え 合意した 裁判所の 裁判官は 判決を 元市長に 美術館の 展覧会は 画家 土曜日に 開幕し 数千人の 来場者 夕方 警察は 行方不明の 船員を 捜索 島 フェリー 会社は 新しい 航路を 発表した 冬の",
    ),
    "Korean": (
        " ",
        ". ",
        "시의회는 예산안을 통과시켰다 다리 강을 기술자가 수리했다 오래된 항구 장관은 방문했다 북부 학교에서 농민들이 항의했다 곡물 가격 기차역이 다시 열렸다 폭풍과 폭우로 거리가 침수됐다 병원 간호사들은 파업을 끝냈다 합의 법원 판사는 선고했다 전 시장에게 박물관 전시회 화가 토요일 개막했다 수천 명의 방문객 저녁 경찰은 실종된 선원을 수색했다 섬 여객선 회사는 새로운 노선을 발표했다 겨울",
    ),
    "Russian": (
        " ",
        ". ",
        "совет принял бюджет мост через реку инженер починил старую гавань министр посетил северную школу фермеры протестовали цена зерна поезд станция открылась буря сильный дождь затопил улицу больница медсёстры забастовка закончилась соглашение суд судья приговорил бывшего мэра музей выставка художник открыл субботу тысячи посетителей вечером полиция искала пропавшего моряка остров паром компания объявила новый маршрут зимой",
    ),
    "Thai": (
        "",
        " ",
        "สภาเมือง ลงมติ งบประมาณ สะพาน แม่น้ำ วิศวกร ซ่อมแซม ท่าเรือ เก่า รัฐมนตรี เยี่ยมชม โรงเรียน ภาคเหนือ ชาวนา ประท้วง ราคา ข้าว รถไฟ สถานี เปิดใหม่ พายุ ฝนหนัก ท่วม ถนน โรงพยาบาล พยาบาล นัดหยุดงาน สิ้นสุด ข้อตกลง ศาล ผู้พิพากษา ตัดสิน อดีต นายกเทศมนตรี พิพิธภัณฑ์ นิทรรศการ จิตรกร วันเสาร์ หลายพัน ผู้เข้าชม ตอนเย็น ตำรวจ ค้นหา สูญหาย กะลาสี เกาะ เรือข้ามฟาก บริษัท ประกาศ เส้นทาง ฤดูหนาว",
    ),
}
KINDS = ("exact", "tagline", "truncate", "edit2", "edit5", "edit10", "mix", "excerpt")


def planted(script: tuple[str, str, str], n: int, seed: int) -> list[Row]:
    """About n texts; every third has a copy of one kind after the other, and every fifth quotes a sentence of another text."""
    joiner, end, words = script[0], script[1], script[2].split()
    dice, rows, before = random.Random(seed), [], []  # noqa: S311  no secret
    for group in range(3 * n // 4):
        base = [[dice.choice(words) for _ in range(dice.randint(8, 16))] for _ in range(dice.randint(14, 24))]
        if before and group % 5 == 0:
            base[3] = dice.choice(before)[5]
        before.append(base)
        rows.append({"group": group, "kind": "base", "text": _written(base, joiner, end)})
        if group % 3 == 0:
            kind = KINDS[group // 3 % len(KINDS)]
            rows.append(
                {"group": group, "kind": kind, "text": _written(_copy(base, kind, words, dice), joiner, end)}
            )
    return [row | {"title": f"{row['kind']} {number}"} for number, row in enumerate(rows)]


def _copy(base: list[list[str]], kind: str, words: list[str], dice: random.Random) -> list[list[str]]:
    own = [dice.choice(words) for _ in range(8)]
    if kind == "tagline":
        return [*base, own]
    if kind == "truncate":
        return base[: 2 * len(base) // 3]
    if kind == "excerpt":
        return base[4:12]
    if kind == "exact":
        return base
    rate = int(kind[4:]) / 100 if kind.startswith("edit") else 0.03
    edited = [[dice.choice(words) if dice.random() < rate else word for word in s] for s in base]
    return [*edited[:5], *edited[6:], own] if kind == "mix" else edited


def _written(sentences: list[list[str]], joiner: str, end: str) -> str:
    return "".join(joiner.join(sentence) + end for sentence in sentences)
