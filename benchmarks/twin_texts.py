"""Made-up events in twins, each told in eight languages: two earthquakes, two strikes and so on, which differ in place, people and figures.

`rows()` gives them as a delivery: one report an event and language.
"""

from typing import Any

LANGUAGES = ("en", "de", "fr", "es", "ru", "ja", "zh", "ar")

# Of each twin: the place, a person, and two figures.
_TWINS: dict[str, tuple[tuple[dict[str, str], dict[str, str], str, str], ...]] = {
    "quake": (
        (
            {"": "Izmir", "ru": "Измир", "ja": "イズミル", "zh": "伊兹密尔", "ar": "إزمير"},
            {
                "": "Murat Aydin",
                "ru": "Мурат Айдын",
                "ja": "ムラト・アイドゥン",
                "zh": "穆拉特·艾登",
                "ar": "مراد أيدين",
            },
            "6.4",
            "31",
        ),
        (
            {"": "Arequipa", "ru": "Арекипа", "ja": "アレキパ", "zh": "阿雷基帕", "ar": "أريكيبا"},
            {
                "": "Rosa Quispe",
                "ru": "Роса Киспе",
                "ja": "ロサ・キスペ",
                "zh": "罗莎·基斯佩",
                "ar": "روزا كيسبي",
            },
            "7.2",
            "118",
        ),
    ),
    "strike": (
        (
            {"": "Portugal", "ru": "Португалия", "ja": "ポルトガル", "zh": "葡萄牙", "ar": "البرتغال"},
            {
                "": "Rui Tavira",
                "ru": "Руи Тавира",
                "ja": "ルイ・タビラ",
                "zh": "鲁伊·塔维拉",
                "ar": "روي تافيرا",
            },
            "48",
            "900",
        ),
        (
            {
                "": "Finland",
                "de": "Finnland",
                "fr": "Finlande",
                "es": "Finlandia",
                "ru": "Финляндия",
                "ja": "フィンランド",
                "zh": "芬兰",
                "ar": "فنلندا",
            },
            {
                "": "Aino Salmela",
                "ru": "Айно Салмела",
                "ja": "アイノ・サルメラ",
                "zh": "艾诺·萨尔梅拉",
                "ar": "أينو سالميلا",
            },
            "72",
            "340",
        ),
    ),
    "crash": (
        (
            {
                "": "Kathmandu",
                "fr": "Katmandou",
                "es": "Katmandú",
                "ru": "Катманду",
                "ja": "カトマンズ",
                "zh": "加德满都",
                "ar": "كاتماندو",
            },
            {
                "": "Bina Gurung",
                "ru": "Бина Гурунг",
                "ja": "ビナ・グルン",
                "zh": "比娜·古隆",
                "ar": "بينا غورونغ",
            },
            "19",
            "22",
        ),
        (
            {"": "Bogota", "es": "Bogotá", "ru": "Богота", "ja": "ボゴタ", "zh": "波哥大", "ar": "بوغوتا"},
            {
                "": "Jaime Ospina",
                "ru": "Хайме Оспина",
                "ja": "ハイメ・オスピナ",
                "zh": "海梅·奥斯皮纳",
                "ar": "خايمي أوسبينا",
            },
            "44",
            "61",
        ),
    ),
    "election": (
        (
            {"": "Ghana", "ru": "Гана", "ja": "ガーナ", "zh": "加纳", "ar": "غانا"},
            {
                "": "Kofi Asante",
                "ru": "Кофи Асанте",
                "ja": "コフィ・アサンテ",
                "zh": "科菲·阿桑特",
                "ar": "كوفي أسانتي",
            },
            "52.8",
            "70",
        ),
        (
            {
                "": "Slovenia",
                "de": "Slowenien",
                "fr": "Slovénie",
                "es": "Eslovenia",
                "ru": "Словения",
                "ja": "スロベニア",
                "zh": "斯洛文尼亚",
                "ar": "سلوفينيا",
            },
            {
                "": "Mojca Zupan",
                "ru": "Мойца Зупан",
                "ja": "モイツァ・ズパン",
                "zh": "莫伊察·祖潘",
                "ar": "مويتسا زوبان",
            },
            "55.1",
            "63",
        ),
    ),
    "ferry": (
        (
            {"": "Manila", "fr": "Manille", "ru": "Манила", "ja": "マニラ", "zh": "马尼拉", "ar": "مانيلا"},
            {
                "": "Jun Robles",
                "ru": "Хун Роблес",
                "ja": "フン・ロブレス",
                "zh": "洪·罗夫莱斯",
                "ar": "خون روبليس",
            },
            "86",
            "140",
        ),
        (
            {
                "": "Zanzibar",
                "de": "Sansibar",
                "es": "Zanzíbar",
                "ru": "Занзибар",
                "ja": "ザンジバル",
                "zh": "桑给巴尔",
                "ar": "زنجبار",
            },
            {
                "": "Asha Juma",
                "ru": "Аша Джума",
                "ja": "アシャ・ジュマ",
                "zh": "阿莎·朱马",
                "ar": "عائشة جمعة",
            },
            "37",
            "205",
        ),
    ),
    "fire": (
        (
            {
                "": "Dhaka",
                "fr": "Dacca",
                "es": "Daca",
                "ru": "Дакка",
                "ja": "ダッカ",
                "zh": "达卡",
                "ar": "دكا",
            },
            {
                "": "Selim Haque",
                "ru": "Селим Хак",
                "ja": "セリム・ハク",
                "zh": "塞利姆·哈克",
                "ar": "سليم حق",
            },
            "27",
            "600",
        ),
        (
            {
                "": "Casablanca",
                "ru": "Касабланка",
                "ja": "カサブランカ",
                "zh": "卡萨布兰卡",
                "ar": "الدار البيضاء",
            },
            {
                "": "Nadia Berrada",
                "ru": "Надия Беррада",
                "ja": "ナディア・ベラダ",
                "zh": "纳迪娅·贝拉达",
                "ar": "نادية برادة",
            },
            "13",
            "250",
        ),
    ),
    "theft": (
        (
            {
                "": "Vienna",
                "de": "Wien",
                "fr": "Vienne",
                "es": "Viena",
                "ru": "Вена",
                "ja": "ウィーン",
                "zh": "维也纳",
                "ar": "فيينا",
            },
            {
                "": "Klara Brandl",
                "ru": "Клара Брандль",
                "ja": "クララ・ブランドル",
                "zh": "克拉拉·布兰德尔",
                "ar": "كلارا براندل",
            },
            "9",
            "30",
        ),
        (
            {
                "": "Montreal",
                "fr": "Montréal",
                "ru": "Монреаль",
                "ja": "モントリオール",
                "zh": "蒙特利尔",
                "ar": "مونتريال",
            },
            {
                "": "Luc Gagnon",
                "ru": "Люк Ганьон",
                "ja": "リュック・ガニョン",
                "zh": "吕克·加尼翁",
                "ar": "لوك غانيون",
            },
            "4",
            "12",
        ),
    ),
    "flood": (
        (
            {
                "": "Valencia",
                "fr": "Valence",
                "ru": "Валенсия",
                "ja": "バレンシア",
                "zh": "巴伦西亚",
                "ar": "فالنسيا",
            },
            {
                "": "Carmen Ibarra",
                "ru": "Кармен Ибарра",
                "ja": "カルメン・イバラ",
                "zh": "卡门·伊瓦拉",
                "ar": "كارمن إيبارا",
            },
            "3000",
            "180",
        ),
        (
            {"": "Kinshasa", "ru": "Киншаса", "ja": "キンシャサ", "zh": "金沙萨", "ar": "كينشاسا"},
            {
                "": "Paul Mbemba",
                "ru": "Поль Мбемба",
                "ja": "ポール・ムベンバ",
                "zh": "保罗·姆本巴",
                "ar": "بول مبيمبا",
            },
            "12000",
            "95",
        ),
    ),
    "verdict": (
        (
            {
                "": "Bulgaria",
                "de": "Bulgarien",
                "fr": "Bulgarie",
                "ru": "Болгария",
                "ja": "ブルガリア",
                "zh": "保加利亚",
                "ar": "بلغاريا",
            },
            {
                "": "Petar Kolev",
                "ru": "Петар Колев",
                "ja": "ペタル・コレフ",
                "zh": "佩塔尔·科列夫",
                "ar": "بيتار كوليف",
            },
            "6",
            "11",
        ),
        (
            {
                "": "Malaysia",
                "fr": "Malaisie",
                "es": "Malasia",
                "ru": "Малайзия",
                "ja": "マレーシア",
                "zh": "马来西亚",
                "ar": "ماليزيا",
            },
            {
                "": "Azlan Rahim",
                "ru": "Азлан Рахим",
                "ja": "アズラン・ラヒム",
                "zh": "阿兹兰·拉希姆",
                "ar": "أزلان رحيم",
            },
            "15",
            "84",
        ),
    ),
    "final": (
        (
            {"": "Nairobi", "ru": "Найроби", "ja": "ナイロビ", "zh": "内罗毕", "ar": "نيروبي"},
            {
                "": "Brian Otieno",
                "ru": "Брайан Отиено",
                "ja": "ブライアン・オティエノ",
                "zh": "布赖恩·奥蒂埃诺",
                "ar": "برايان أوتينو",
            },
            "88",
            "26000",
        ),
        (
            {"": "Porto", "ru": "Порту", "ja": "ポルト", "zh": "波尔图", "ar": "بورتو"},
            {
                "": "Tiago Leal",
                "ru": "Тьягу Леал",
                "ja": "ティアゴ・レアル",
                "zh": "蒂亚戈·莱亚尔",
                "ar": "تياغو ليال",
            },
            "71",
            "49000",
        ),
    ),
}

# Headline and text by kind and language; {p} place, {x} person, {n} and {m} figures.
_FORMS: dict[str, dict[str, tuple[str, str]]] = {
    "quake": {
        "en": (
            "Magnitude {n} earthquake near {p} kills at least {m}",
            "An earthquake of magnitude {n} struck near {p} before dawn, killing at least {m} people. Governor {x} said rescuers were searching collapsed houses for survivors.",
        ),
        "de": (
            "Erdbeben der Stärke {n} bei {p}: mindestens {m} Tote",
            "Ein Erdbeben der Stärke {n} hat vor Sonnenaufgang die Gegend um {p} erschüttert; mindestens {m} Menschen starben. Gouverneur {x} sagte, Helfer suchten in eingestürzten Häusern nach Überlebenden.",
        ),
        "fr": (
            "Un séisme de magnitude {n} près de {p} fait au moins {m} morts",
            "Un tremblement de terre de magnitude {n} a frappé avant l'aube la région de {p} et tué au moins {m} personnes. Selon le gouverneur {x}, les secours cherchent des survivants dans les maisons effondrées.",
        ),
        "es": (
            "Un terremoto de magnitud {n} cerca de {p} deja al menos {m} muertos",
            "Un terremoto de magnitud {n} sacudió antes del amanecer la zona de {p} y mató al menos a {m} personas. El gobernador {x} dijo que los equipos buscan supervivientes en casas derrumbadas.",
        ),
        "ru": (
            "Землетрясение магнитудой {n} у города {p}: погибли не менее {m} человек",
            "Землетрясение магнитудой {n} произошло перед рассветом близ города {p}, погибли не менее {m} человек. Губернатор {x} сообщил, что спасатели ищут выживших в рухнувших домах.",
        ),
        "ja": (
            "{p}近郊でマグニチュード{n}の地震、少なくとも{m}人死亡",
            "夜明け前、{p}近郊でマグニチュード{n}の地震があり、少なくとも{m}人が死亡した。{x}知事は、救助隊が倒壊した家屋で生存者を捜していると述べた。",
        ),
        "zh": (
            "{p}附近发生{n}级地震 至少{m}人死亡",
            "黎明前，{p}附近发生{n}级地震，造成至少{m}人死亡。省长{x}说，救援人员正在倒塌的房屋中搜寻幸存者。",
        ),
        "ar": (
            "زلزال بقوة {n} قرب {p} يودي بحياة {m} شخصا على الأقل",
            "ضرب زلزال بقوة {n} درجات المنطقة القريبة من {p} قبل الفجر وأودى بحياة {m} شخصا على الأقل. وقال المحافظ {x} إن فرق الإنقاذ تبحث عن ناجين تحت المنازل المنهارة.",
        ),
    },
    "strike": {
        "en": (
            "{p}: railway workers begin {n}-hour strike over pay",
            "Railway workers in {p} stopped work for {n} hours on Monday and {m} trains were cancelled. Union leader {x} demanded higher pay.",
        ),
        "de": (
            "{p}: Bahnbeschäftigte streiken {n} Stunden für mehr Lohn",
            "In {p} haben die Beschäftigten der Bahn am Montag für {n} Stunden die Arbeit niedergelegt, {m} Züge fielen aus. Gewerkschaftschef {x} forderte höhere Löhne.",
        ),
        "fr": (
            "{p} : les cheminots en grève pour {n} heures pour leurs salaires",
            "Les cheminots ont cessé le travail lundi pour {n} heures dans tout le pays, {p}, et {m} trains ont été annulés. Le dirigeant syndical {x} exige des salaires plus élevés.",
        ),
        "es": (
            "{p}: los ferroviarios inician una huelga de {n} horas por sus salarios",
            "Los trabajadores del ferrocarril de {p} pararon el lunes durante {n} horas y {m} trenes fueron cancelados. El líder sindical {x} exigió mejores salarios.",
        ),
        "ru": (
            "{p}: железнодорожники начали {n}-часовую забастовку из-за зарплат",
            "Железнодорожники страны {p} в понедельник прекратили работу на {n} часов, отменены {m} поездов. Глава профсоюза {x} потребовал повышения зарплат.",
        ),
        "ja": (
            "{p}で鉄道職員が賃上げ求め{n}時間スト",
            "{p}の鉄道職員が月曜日、{n}時間のストライキに入り、列車{m}本が運休した。労組指導者の{x}氏は賃上げを要求した。",
        ),
        "zh": (
            "{p}铁路工人为加薪罢工{n}小时",
            "{p}铁路工人周一开始罢工{n}小时，{m}趟列车被取消。工会领导人{x}要求提高工资。",
        ),
        "ar": (
            "{p}: عمال السكك الحديدية يبدؤون إضرابا لمدة {n} ساعة من أجل الأجور",
            "توقف عمال السكك الحديدية في {p} عن العمل يوم الاثنين لمدة {n} ساعة وألغي {m} قطارا. وطالب زعيم النقابة {x} برفع الأجور.",
        ),
    },
    "crash": {
        "en": (
            "Passenger plane crashes near {p}, {n} dead",
            "A passenger plane with {m} people on board crashed while landing near {p}; {n} of them died. Transport minister {x} ordered an inquiry.",
        ),
        "de": (
            "Passagierflugzeug bei {p} abgestürzt, {n} Tote",
            "Ein Passagierflugzeug mit {m} Menschen an Bord ist bei der Landung nahe {p} abgestürzt; {n} von ihnen starben. Verkehrsminister {x} ordnete eine Untersuchung an.",
        ),
        "fr": (
            "Un avion de ligne s'écrase près de {p} : {n} morts",
            "Un avion de ligne avec {m} personnes à bord s'est écrasé à l'atterrissage près de {p} ; {n} d'entre elles sont mortes. Le ministre des Transports {x} a ordonné une enquête.",
        ),
        "es": (
            "Un avión de pasajeros se estrella cerca de {p} y deja {n} muertos",
            "Un avión de pasajeros con {m} personas a bordo se estrelló al aterrizar cerca de {p}; {n} de ellas murieron. El ministro de Transportes, {x}, ordenó una investigación.",
        ),
        "ru": (
            "Пассажирский самолёт разбился у города {p}, {n} погибших",
            "Пассажирский самолёт, на борту которого были {m} человек, разбился при посадке близ города {p}; {n} из них погибли. Министр транспорта {x} распорядился начать расследование.",
        ),
        "ja": (
            "{p}近郊で旅客機墜落、{n}人死亡",
            "乗員乗客{m}人を乗せた旅客機が{p}近郊で着陸中に墜落し、{n}人が死亡した。{x}運輸相は調査を命じた。",
        ),
        "zh": (
            "客机在{p}附近坠毁 {n}人遇难",
            "一架载有{m}人的客机在{p}附近降落时坠毁，{n}人遇难。交通部长{x}下令调查。",
        ),
        "ar": (
            "تحطم طائرة ركاب قرب {p} ومقتل {n} شخصا",
            "تحطمت طائرة ركاب على متنها {m} شخصا أثناء هبوطها قرب {p} وقتل {n} منهم. وأمر وزير النقل {x} بفتح تحقيق.",
        ),
    },
    "election": {
        "en": (
            "{x} wins presidential election in {p}",
            "{x} has won the presidential election in {p} with {n} percent of the vote. Turnout was {m} percent, the electoral commission said.",
        ),
        "de": (
            "{x} gewinnt Präsidentenwahl: {p}",
            "{x} hat die Präsidentenwahl in {p} mit {n} Prozent der Stimmen gewonnen. Die Wahlbeteiligung lag bei {m} Prozent, teilte die Wahlkommission mit.",
        ),
        "fr": (
            "{p} : {x} remporte l'élection présidentielle",
            "{p} : {x} a remporté l'élection présidentielle avec {n} pour cent des voix. La participation a été de {m} pour cent, selon la commission électorale.",
        ),
        "es": (
            "{x} gana las elecciones presidenciales de {p}",
            "{x} ganó las elecciones presidenciales de {p} con el {n} por ciento de los votos. La participación fue del {m} por ciento, informó la comisión electoral.",
        ),
        "ru": (
            "{p}: на президентских выборах победу одержал кандидат {x}",
            "{p}: кандидат {x} победил на президентских выборах, получив {n} процента голосов. Явка составила {m} процентов, сообщила избирательная комиссия.",
        ),
        "ja": (
            "{p}大統領選で{x}氏が勝利",
            "{p}の大統領選挙で{x}氏が{n}パーセントの得票で勝利した。選挙管理委員会によると投票率は{m}パーセントだった。",
        ),
        "zh": ("{x}赢得{p}总统选举", "{x}以{n}%的得票率赢得{p}总统选举。选举委员会说，投票率为{m}%。"),
        "ar": (
            "{x} يفوز بالانتخابات الرئاسية في {p}",
            "فاز {x} بالانتخابات الرئاسية في {p} بنسبة {n} بالمئة من الأصوات. وقالت لجنة الانتخابات إن نسبة المشاركة بلغت {m} بالمئة.",
        ),
    },
    "ferry": {
        "en": (
            "Ferry sinks off {p}, {n} missing",
            "A ferry carrying {m} passengers sank in a storm off {p}, and {n} people are missing. Coast guard chief {x} said boats and helicopters were searching.",
        ),
        "de": (
            "Fähre vor {p} gesunken, {n} Vermisste",
            "Eine Fähre mit {m} Passagieren ist vor {p} im Sturm gesunken, {n} Menschen werden vermisst. Küstenwachenchef {x} sagte, Boote und Hubschrauber suchten nach ihnen.",
        ),
        "fr": (
            "Un ferry coule au large de {p}, {n} disparus",
            "Un ferry transportant {m} passagers a coulé dans une tempête au large de {p} et {n} personnes sont portées disparues. Le chef des garde-côtes {x} a dit que des bateaux et des hélicoptères les cherchaient.",
        ),
        "es": (
            "Se hunde un transbordador frente a {p}: {n} desaparecidos",
            "Un transbordador con {m} pasajeros se hundió en una tormenta frente a {p} y hay {n} desaparecidos. El jefe de los guardacostas, {x}, dijo que los buscan barcos y helicópteros.",
        ),
        "ru": (
            "Паром затонул близ города {p}, {n} человек пропали без вести",
            "Паром, на котором были {m} пассажиров, затонул в шторм близ города {p}, {n} человек пропали без вести. Глава береговой охраны {x} сообщил, что их ищут катера и вертолёты.",
        ),
        "ja": (
            "{p}沖でフェリー沈没、{n}人不明",
            "乗客{m}人を乗せたフェリーが嵐の中、{p}沖で沈没し、{n}人が行方不明になっている。沿岸警備隊の{x}隊長は、船とヘリコプターで捜索していると述べた。",
        ),
        "zh": (
            "渡轮在{p}附近海域沉没 {n}人失踪",
            "一艘载有{m}名乘客的渡轮在风暴中于{p}附近海域沉没，{n}人失踪。海岸警卫队队长{x}说，船只和直升机正在搜寻。",
        ),
        "ar": (
            "غرق عبارة قبالة {p} وفقدان {n} شخصا",
            "غرقت عبارة تقل {m} راكبا في عاصفة قبالة {p} وفقد {n} شخصا. وقال قائد خفر السواحل {x} إن قوارب ومروحيات تبحث عنهم.",
        ),
    },
    "fire": {
        "en": (
            "Fire at textile factory in {p} kills {n} workers",
            "A fire in a textile factory in {p} has killed {n} workers; {m} people were in the building. Fire chief {x} said the exits had been locked.",
        ),
        "de": (
            "Brand in Textilfabrik in {p}: {n} Arbeiter tot",
            "Bei einem Brand in einer Textilfabrik in {p} sind {n} Arbeiter gestorben; {m} Menschen waren in dem Gebäude. Feuerwehrchef {x} sagte, die Ausgänge seien verschlossen gewesen.",
        ),
        "fr": (
            "Incendie dans une usine textile à {p} : {n} ouvriers tués",
            "Un incendie dans une usine textile à {p} a tué {n} ouvriers ; {m} personnes se trouvaient dans le bâtiment. Le chef des pompiers {x} a dit que les issues étaient verrouillées.",
        ),
        "es": (
            "Incendio en una fábrica textil de {p}: mueren {n} obreros",
            "Un incendio en una fábrica textil de {p} mató a {n} obreros; en el edificio había {m} personas. El jefe de bomberos, {x}, dijo que las salidas estaban cerradas.",
        ),
        "ru": (
            "Пожар на текстильной фабрике, {p}: погибли {n} рабочих",
            "При пожаре на текстильной фабрике в городе {p} погибли {n} рабочих; в здании находились {m} человек. Начальник пожарной службы {x} заявил, что выходы были заперты.",
        ),
        "ja": (
            "{p}の繊維工場で火災、従業員{n}人死亡",
            "{p}の繊維工場で火災があり、従業員{n}人が死亡した。建物には{m}人がいた。消防の{x}署長は、出口に鍵がかかっていたと述べた。",
        ),
        "zh": (
            "{p}一纺织厂起火 {n}名工人死亡",
            "{p}一家纺织厂发生火灾，{n}名工人死亡，当时楼内有{m}人。消防队长{x}说，出口被锁住了。",
        ),
        "ar": (
            "حريق في مصنع نسيج في {p} يودي بحياة {n} عاملا",
            "أودى حريق في مصنع للنسيج في {p} بحياة {n} عاملا، وكان في المبنى {m} شخصا. وقال قائد الإطفاء {x} إن المخارج كانت مغلقة.",
        ),
    },
    "theft": {
        "en": (
            "Thieves steal {n} paintings from museum in {p}",
            "Thieves broke into a museum in {p} at night and took {n} paintings worth {m} million euros. Director {x} said the alarm had failed.",
        ),
        "de": (
            "Diebe stehlen {n} Gemälde aus Museum in {p}",
            "Diebe sind nachts in ein Museum in {p} eingebrochen und haben {n} Gemälde im Wert von {m} Millionen Euro mitgenommen. Die Leitung, {x}, sagte, der Alarm habe versagt.",
        ),
        "fr": (
            "Des voleurs dérobent {n} tableaux dans un musée à {p}",
            "Des voleurs sont entrés de nuit dans un musée à {p} et ont emporté {n} tableaux d'une valeur de {m} millions d'euros. La direction, {x}, a dit que l'alarme n'avait pas fonctionné.",
        ),
        "es": (
            "Ladrones roban {n} cuadros de un museo de {p}",
            "Unos ladrones entraron de noche en un museo de {p} y se llevaron {n} cuadros por valor de {m} millones de euros. La dirección, {x}, dijo que la alarma había fallado.",
        ),
        "ru": (
            "Воры похитили {n} картин из музея, {p}",
            "Воры ночью проникли в музей в городе {p} и унесли {n} картин стоимостью {m} миллионов евро. Руководитель музея {x} сообщил, что сигнализация не сработала.",
        ),
        "ja": (
            "{p}の美術館から絵画{n}点盗まれる",
            "夜間、{p}の美術館に泥棒が入り、{m}百万ユーロ相当の絵画{n}点を持ち去った。{x}館長は、警報が作動しなかったと述べた。",
        ),
        "zh": (
            "{p}一博物馆{n}幅画作被盗",
            "窃贼夜间闯入{p}一家博物馆，盗走价值{m}百万欧元的{n}幅画作。馆长{x}说，警报器失灵。",
        ),
        "ar": (
            "لصوص يسرقون {n} لوحات من متحف في {p}",
            "اقتحم لصوص متحفا في {p} ليلا وأخذوا {n} لوحات قيمتها {m} مليون يورو. وقال المدير {x} إن جهاز الإنذار لم يعمل.",
        ),
    },
    "flood": {
        "en": (
            "Floods in {p} force {n} people from their homes",
            "After days of rain, floods in {p} have forced {n} people to leave their homes; {m} streets are under water. Mayor {x} asked the army for help.",
        ),
        "de": (
            "Hochwasser in {p}: {n} Menschen müssen ihre Häuser verlassen",
            "Nach tagelangem Regen haben in {p} wegen Hochwassers {n} Menschen ihre Häuser verlassen müssen; {m} Straßen stehen unter Wasser. Das Stadtoberhaupt, {x}, bat die Armee um Hilfe.",
        ),
        "fr": (
            "Inondations à {p} : {n} personnes doivent quitter leur maison",
            "Après des jours de pluie, les inondations à {p} ont obligé {n} personnes à quitter leur maison ; {m} rues sont sous l'eau. Le maire {x} a demandé l'aide de l'armée.",
        ),
        "es": (
            "Inundaciones en {p} obligan a {n} personas a dejar sus casas",
            "Tras días de lluvia, las inundaciones en {p} obligaron a {n} personas a dejar sus casas; {m} calles están bajo el agua. La alcaldía, {x}, pidió ayuda al ejército.",
        ),
        "ru": (
            "Наводнение, {p}: {n} человек вынуждены покинуть дома",
            "После многодневных дождей из-за наводнения в городе {p} {n} человек были вынуждены покинуть дома; под водой {m} улиц. Мэр {x} попросил армию о помощи.",
        ),
        "ja": (
            "{p}で洪水、{n}人が避難",
            "数日続いた雨で{p}で洪水が起き、{n}人が家を離れて避難した。{m}の通りが冠水している。{x}市長は軍に支援を要請した。",
        ),
        "zh": (
            "{p}洪水迫使{n}人离开家园",
            "连日降雨后，{p}发生洪水，{n}人被迫离开家园，{m}条街道被淹。市长{x}请求军队支援。",
        ),
        "ar": (
            "فيضانات في {p} تجبر {n} شخص على مغادرة منازلهم",
            "بعد أيام من الأمطار أجبرت الفيضانات في {p} {n} شخص على مغادرة منازلهم وغمرت المياه {m} شارعا. وطلب رئيس البلدية {x} مساعدة الجيش.",
        ),
    },
    "verdict": {
        "en": (
            "{p}: former minister {x} jailed for {n} years for bribery",
            "A court in {p} has sentenced former minister {x} to {n} years in prison for taking bribes of {m} million dollars. The defence will appeal.",
        ),
        "de": (
            "{p}: Exminister {x} wegen Bestechlichkeit zu {n} Jahren Haft verurteilt",
            "Ein Gericht in {p} hat den früheren Minister {x} zu {n} Jahren Haft verurteilt, weil er {m} Millionen Dollar Bestechungsgeld angenommen hatte. Die Verteidigung will Berufung einlegen.",
        ),
        "fr": (
            "{p} : l'ancien ministre {x} condamné à {n} ans de prison pour corruption",
            "{p} : un tribunal a condamné l'ancien ministre {x} à {n} ans de prison pour avoir reçu {m} millions de dollars de pots-de-vin. La défense fera appel.",
        ),
        "es": (
            "{p}: el exministro {x}, condenado a {n} años de cárcel por sobornos",
            "Un tribunal de {p} condenó al exministro {x} a {n} años de cárcel por aceptar sobornos de {m} millones de dólares. La defensa apelará.",
        ),
        "ru": (
            "{p}: бывший министр {x} приговорён к {n} годам тюрьмы за взятки",
            "{p}: суд приговорил бывшего министра {x} к {n} годам тюрьмы за получение взяток на {m} миллионов долларов. Защита подаст апелляцию.",
        ),
        "ja": (
            "{p}の{x}元閣僚に収賄で禁錮{n}年",
            "{p}の裁判所は、{m}百万ドルの賄賂を受け取った罪で{x}元閣僚に禁錮{n}年の判決を言い渡した。弁護側は控訴する方針。",
        ),
        "zh": (
            "{p}前部长{x}因受贿被判{n}年监禁",
            "{p}一家法院以收受{m}百万美元贿赂为由，判处前部长{x}{n}年监禁。辩方将上诉。",
        ),
        "ar": (
            "{p}: السجن {n} سنوات للوزير السابق {x} بتهمة الرشوة",
            "حكمت محكمة في {p} على الوزير السابق {x} بالسجن {n} سنوات لتلقيه رشاوى بقيمة {m} مليون دولار. وسيستأنف الدفاع الحكم.",
        ),
    },
    "final": {
        "en": (
            "{p} win the cup final with a late goal by {x}",
            "{p} have won the cup final by one goal, scored by {x} in minute {n}. The match was seen by {m} people in the stadium.",
        ),
        "de": (
            "{p} gewinnt das Pokalfinale durch ein spätes Tor von {x}",
            "{p} hat das Pokalfinale mit einem Tor gewonnen, das {x} in der Minute {n} schoss. {m} Menschen sahen das Spiel im Stadion.",
        ),
        "fr": (
            "{p} gagne la finale de la coupe grâce à un but tardif de {x}",
            "{p} a gagné la finale de la coupe par un but, marqué par {x} à la minute {n}. Le match a été vu par {m} personnes au stade.",
        ),
        "es": (
            "{p} gana la final de la copa con un gol tardío de {x}",
            "{p} ganó la final de la copa por un gol, marcado por {x} en el minuto {n}. Vieron el partido {m} personas en el estadio.",
        ),
        "ru": (
            "{p} выигрывает финал кубка благодаря позднему голу, автор {x}",
            "{p} выигрывает финал кубка с разницей в один гол, который забил {x} на минуте {n}. Матч на стадионе посмотрели {m} человек.",
        ),
        "ja": (
            "{p}がカップ決勝制す、{x}が終盤に決勝ゴール",
            "{p}は{x}が{n}分に決めた1点でカップ決勝を制した。スタジアムでは{m}人が観戦した。",
        ),
        "zh": (
            "{x}终场前进球 {p}队夺得杯赛冠军",
            "{p}队凭借{x}第{n}分钟的进球以一球优势赢得杯赛决赛。现场有{m}名观众。",
        ),
        "ar": (
            "{p} يفوز بنهائي الكأس بهدف متأخر من {x}",
            "فاز {p} بنهائي الكأس بهدف سجله {x} في الدقيقة {n}. وشاهد المباراة {m} متفرج في الملعب.",
        ),
    },
}


# The same of the second of each twin: another newsroom, another aspect.
_OTHER_FORMS: dict[str, dict[str, tuple[str, str]]] = {
    "quake": {
        "en": (
            "Strong quake destroys villages outside {p}",
            "Whole villages in the hills outside {p} lie in ruins after Friday's tremor, measured at {n}. {m} bodies have been recovered, {x} of the civil defence told reporters, and roads remain blocked by landslides.",
        ),
        "de": (
            "Starkes Beben zerstört Dörfer im Umland von {p}",
            "Ganze Dörfer in den Bergen bei {p} liegen nach dem Beben vom Freitag mit dem Wert {n} in Trümmern. {m} Leichen seien geborgen, sagte {x} vom Zivilschutz; Erdrutsche blockieren weiter die Straßen.",
        ),
        "fr": (
            "Une forte secousse détruit des villages autour de {p}",
            "Des villages entiers des hauteurs de {p} sont en ruines après la secousse de vendredi, mesurée à {n}. {m} corps ont été retrouvés, a dit {x}, de la protection civile ; des glissements de terrain bloquent les routes.",
        ),
        "es": (
            "Un fuerte sismo destruye pueblos en las afueras de {p}",
            "Pueblos enteros de las montañas de {p} están en ruinas tras el temblor del viernes, medido en {n}. Se han recuperado {m} cuerpos, dijo {x}, de la defensa civil; los derrumbes bloquean los caminos.",
        ),
        "ru": (
            "Сильные толчки разрушили деревни в окрестностях города {p}",
            "Целые деревни в горах близ города {p} лежат в руинах после пятничных толчков силой {n}. Найдены {m} тел, сообщил журналистам {x} из гражданской обороны; дороги перекрыты оползнями.",
        ),
        "ja": (
            "強い揺れで{p}郊外の村々が壊滅",
            "金曜日に起きた規模{n}の揺れで、{p}郊外の山あいの村々が廃虚と化した。{m}人の遺体が収容されたと民間防衛当局の{x}氏が記者団に語った。土砂崩れで道路は今も寸断されている。",
        ),
        "zh": (
            "强震摧毁{p}郊外多个村庄",
            "周五测得的{n}级强震过后，{p}郊外山区多个村庄成为废墟。民防部门的{x}告诉记者，已找到{m}具遗体，道路仍因山体滑坡中断。",
        ),
        "ar": (
            "هزة قوية تدمر قرى في ضواحي {p}",
            "تحولت قرى بأكملها في جبال {p} إلى أنقاض بعد هزة يوم الجمعة التي بلغت {n} درجة. وقال {x} من الدفاع المدني للصحفيين إنه تم انتشال {m} جثة، ولا تزال الانهيارات الأرضية تقطع الطرق.",
        ),
    },
    "strike": {
        "en": (
            "Train drivers in {p} walk out as talks on working hours fail",
            "Commuters across {p} waited in vain after drivers walked out for {n} hours: {m} services did not run. Negotiator {x} blamed the ministry for the failure of talks on shorter shifts.",
        ),
        "de": (
            "Lokführer legen Arbeit nieder, Gespräche über Arbeitszeit gescheitert: {p}",
            "Pendler in {p} warteten vergeblich, nachdem Lokführer für {n} Stunden die Arbeit niedergelegt hatten: {m} Fahrten entfielen. Verhandlungsführer {x} gab dem Ministerium die Schuld am Scheitern der Gespräche über kürzere Schichten.",
        ),
        "fr": (
            "{p} : les conducteurs de train débraient après l'échec des discussions sur le temps de travail",
            "Les voyageurs ont attendu en vain, {p}, les conducteurs ayant débrayé pendant {n} heures : {m} liaisons supprimées. Le négociateur {x} accuse le ministère de l'échec des discussions sur la durée des services.",
        ),
        "es": (
            "Maquinistas de {p} paran tras fracasar el diálogo sobre la jornada",
            "Los viajeros de {p} esperaron en vano después de que los maquinistas pararan {n} horas: {m} servicios no salieron. El negociador {x} culpó al ministerio del fracaso del diálogo sobre turnos más cortos.",
        ),
        "ru": (
            "{p}: машинисты прекратили работу после провала переговоров о рабочем времени",
            "Пассажиры по всей стране ({p}) напрасно ждали: машинисты ушли с работы на {n} часа, не состоялись {m} рейсов. Переговорщик {x} обвинил министерство в провале переговоров о коротких сменах.",
        ),
        "ja": (
            "{p}の運転士が職場放棄、労働時間巡る交渉決裂で",
            "{p}各地の通勤客は待ちぼうけとなった。運転士が{n}時間職場を離れ、{m}便が運行されなかった。交渉担当の{x}氏は、勤務短縮を巡る協議の決裂は省に責任があると非難した。",
        ),
        "zh": (
            "工时谈判破裂 {p}火车司机离岗",
            "{p}各地通勤者白等一场：火车司机离岗{n}小时，{m}个班次停开。谈判代表{x}指责该部应为缩短班次谈判破裂负责。",
        ),
        "ar": (
            "سائقو القطارات في {p} يتركون العمل بعد فشل محادثات ساعات العمل",
            "انتظر الركاب في أنحاء {p} دون جدوى بعد أن ترك السائقون العمل {n} ساعة ولم تسير {m} رحلة. وحمل المفاوض {x} الوزارة مسؤولية فشل المحادثات بشأن تقصير المناوبات.",
        ),
    },
    "crash": {
        "en": (
            "Airliner hits mountain after take-off from {p}",
            "Minutes after take-off from {p}, an airliner flew into a mountainside in fog. Of {m} travellers and crew, {n} were killed, said {x}, who heads the aviation authority; both flight recorders were found.",
        ),
        "de": (
            "Verkehrsmaschine prallt nach Start in {p} gegen Berg",
            "Minuten nach dem Start in {p} ist eine Verkehrsmaschine im Nebel gegen einen Berghang geflogen. Von {m} Reisenden und Besatzungsmitgliedern kamen {n} ums Leben, sagte {x}, Chef der Luftfahrtbehörde; beide Flugschreiber wurden gefunden.",
        ),
        "fr": (
            "Un appareil percute une montagne après son décollage de {p}",
            "Quelques minutes après son décollage de {p}, un appareil a percuté un flanc de montagne dans le brouillard. Sur {m} voyageurs et membres d'équipage, {n} ont péri, selon {x}, chef de l'autorité de l'aviation ; les deux enregistreurs ont été retrouvés.",
        ),
        "es": (
            "Un avión choca contra una montaña tras despegar de {p}",
            "Minutos después de despegar de {p}, un avión chocó contra una ladera en la niebla. De {m} viajeros y tripulantes perecieron {n}, dijo {x}, jefe de la autoridad de aviación; se hallaron las dos cajas negras.",
        ),
        "ru": (
            "Авиалайнер врезался в гору после вылета, город {p}",
            "Через несколько минут после вылета из города {p} авиалайнер в тумане врезался в склон горы. Из {m} пассажиров и членов экипажа погибли {n}, сказал глава авиационного ведомства {x}; оба самописца найдены.",
        ),
        "ja": (
            "{p}離陸後の旅客機が山に激突",
            "{p}を離陸して数分後、旅客機が霧の中で山腹に激突した。乗客と乗員{m}人のうち{n}人が犠牲になったと航空当局の{x}長官が語った。飛行記録装置は二つとも見つかった。",
        ),
        "zh": (
            "客机从{p}起飞后撞山",
            "一架客机从{p}起飞数分钟后在大雾中撞上山坡。航空局局长{x}说，{m}名乘客和机组人员中有{n}人丧生，两个飞行记录仪均已找到。",
        ),
        "ar": (
            "طائرة تصطدم بجبل بعد إقلاعها من {p}",
            "بعد دقائق من إقلاعها من {p} اصطدمت طائرة بسفح جبل وسط الضباب. وقال {x} رئيس هيئة الطيران إن {n} من أصل {m} من المسافرين وأفراد الطاقم لقوا حتفهم، وعثر على مسجلي الرحلة.",
        ),
    },
    "election": {
        "en": (
            "Voters in {p} choose {x} as head of state",
            "After a long night of counting, {x} will be the next head of state in {p}. The challenger conceded at a share of {n} against the rest; {m} of a hundred citizens had gone to the polls.",
        ),
        "de": (
            "Wähler bestimmen {x} zum Staatsoberhaupt: {p}",
            "Nach langer Auszählung in der Nacht wird {x} das nächste Staatsoberhaupt in {p}. Die Gegenseite räumte bei einem Anteil von {n} die Niederlage ein; {m} von hundert Bürgern waren zu den Urnen gegangen.",
        ),
        "fr": (
            "{p} : les électeurs choisissent {x} comme chef de l'État",
            "{p} : après une longue nuit de dépouillement, {x} sera le prochain chef de l'État. L'adversaire a reconnu sa défaite face à une part de {n} ; {m} citoyens sur cent étaient allés aux urnes.",
        ),
        "es": (
            "Los votantes de {p} eligen a {x} como jefe de Estado",
            "Tras una larga noche de recuento, {x} ocupará la jefatura del Estado de {p}. El rival reconoció la derrota ante una cuota de {n}; {m} de cada cien ciudadanos acudieron a las urnas.",
        ),
        "ru": (
            "{p}: избиратели выбрали нового главу государства, это {x}",
            "{p}: после долгой ночи подсчёта ясно, что следующим главой государства станет {x}. Соперник признал поражение при доле {n}; на участки пришли {m} из ста граждан.",
        ),
        "ja": (
            "{p}の有権者、新国家元首に{x}氏を選出",
            "夜通しの開票の末、{x}氏が{p}の次の国家元首になることが決まった。得票の割合は{n}で、対立候補は敗北を認めた。市民100人のうち{m}人が投票所に足を運んだ。",
        ),
        "zh": (
            "{p}选民选出{x}为国家元首",
            "经过一夜计票，{x}将成为{p}下一任国家元首。对手在{n}的得票份额面前承认失败；每百名公民中有{m}人前往投票站。",
        ),
        "ar": (
            "الناخبون في {p} يختارون {x} لرئاسة الدولة",
            "بعد ليلة طويلة من فرز الأصوات سيكون {x} رئيس الدولة المقبل في {p}. واعترف المنافس بالهزيمة أمام نسبة {n}، وتوجه {m} من كل مئة مواطن إلى صناديق الاقتراع.",
        ),
    },
    "ferry": {
        "en": (
            "Overcrowded boat capsizes near {p}; divers search for victims",
            "Divers looked for victims on Sunday where an overcrowded boat had capsized near {p}. It was built for fewer than its {m} travellers, of whom {n} have not been found, harbour master {x} said.",
        ),
        "de": (
            "Überfülltes Schiff kentert nahe {p}; Taucher suchen nach Opfern",
            "Taucher suchten am Sonntag nach Opfern, wo ein überfülltes Schiff nahe {p} gekentert war. Es war für weniger als die {m} Reisenden gebaut, von denen {n} nicht gefunden sind, sagte Hafenmeister {x}.",
        ),
        "fr": (
            "Un bateau surchargé chavire près de {p} ; des plongeurs cherchent les victimes",
            "Des plongeurs cherchaient dimanche les victimes là où un bateau surchargé a chaviré près de {p}. Il était fait pour moins que ses {m} voyageurs, dont {n} n'ont pas été retrouvés, selon le capitaine du port {x}.",
        ),
        "es": (
            "Vuelca un barco sobrecargado cerca de {p}; buzos buscan a las víctimas",
            "Unos buzos buscaban el domingo a las víctimas donde volcó un barco sobrecargado cerca de {p}. Estaba hecho para menos de sus {m} viajeros, de los que {n} no aparecen, dijo el capitán de puerto, {x}.",
        ),
        "ru": (
            "Переполненное судно перевернулось, {p}; водолазы ищут жертв",
            "Водолазы в воскресенье искали жертв там, где близ острова {p} перевернулось переполненное судно. Оно не было рассчитано на {m} человек, из которых {n} не найдены, сказал начальник порта {x}.",
        ),
        "ja": (
            "{p}近くで定員超過の船が転覆、ダイバーが犠牲者捜索",
            "{p}近くで定員超過の船が転覆した現場で、日曜日、ダイバーが犠牲者を捜した。船は{m}人も乗せるようには造られておらず、{n}人がまだ見つかっていないと港長の{x}氏は語った。",
        ),
        "zh": (
            "超载船只在{p}附近倾覆 潜水员搜寻遇难者",
            "周日，潜水员在{p}附近一艘超载船只倾覆的水域搜寻遇难者。港务长{x}说，该船本不该载{m}人，其中{n}人尚未找到。",
        ),
        "ar": (
            "انقلاب مركب مكتظ قرب {p} وغواصون يبحثون عن الضحايا",
            "بحث غواصون يوم الأحد عن ضحايا حيث انقلب مركب مكتظ قرب {p}. ولم يكن المركب معدا لحمل {m} مسافرا، ولم يعثر على {n} منهم، كما قال مدير الميناء {x}.",
        ),
    },
    "fire": {
        "en": (
            "Blaze traps seamstresses in {p} clothing plant",
            "Seamstresses jumped from windows when a blaze swept through a clothing plant in {p}. Of the {m} on the night shift {n} did not survive; inspector {x} spoke of blocked stairs and faulty cables.",
        ),
        "de": (
            "Feuer schließt Näherinnen in Bekleidungswerk ein: {p}",
            "Näherinnen sprangen aus Fenstern, als sich ein Feuer durch ein Bekleidungswerk in {p} fraß. Von {m} in der Nachtschicht überlebten {n} nicht; Inspektor {x} sprach von versperrten Treppen und schadhaften Kabeln.",
        ),
        "fr": (
            "Des couturières piégées par les flammes dans un atelier de vêtements de {p}",
            "Des couturières ont sauté par les fenêtres quand les flammes ont ravagé un atelier de vêtements de {p}. Sur les {m} de l'équipe de nuit, {n} n'ont pas survécu ; l'inspecteur {x} parle d'escaliers bloqués et de câbles défectueux.",
        ),
        "es": (
            "Las llamas atrapan a costureras en un taller de ropa de {p}",
            "Las costureras saltaron por las ventanas cuando las llamas arrasaron un taller de ropa de {p}. De las {m} del turno de noche, {n} no sobrevivieron; el inspector {x} habló de escaleras bloqueadas y cables defectuosos.",
        ),
        "ru": (
            "Швеи оказались в огненной ловушке в цехе одежды, {p}",
            "Швеи прыгали из окон, когда пламя охватило цех одежды в городе {p}. Из {m} работниц ночной смены {n} не выжили; инспектор {x} говорит о перекрытых лестницах и неисправной проводке.",
        ),
        "ja": (
            "{p}の衣料品工場で縫製員が炎に閉じ込められる",
            "{p}の衣料品工場が炎に包まれ、縫製員らが窓から飛び降りた。夜勤の{m}人のうち{n}人が助からなかった。検査官の{x}氏は、ふさがれた階段と配線の不備を指摘した。",
        ),
        "zh": (
            "{p}制衣厂大火围困缝纫女工",
            "{p}一家制衣厂燃起大火，缝纫女工从窗户跳下。夜班{m}人中有{n}人未能生还；检查员{x}提到楼梯堵塞和电缆故障。",
        ),
        "ar": (
            "النيران تحاصر خياطات في معمل ملابس في {p}",
            "قفزت خياطات من النوافذ عندما اجتاحت النيران معملا للملابس في {p}. ومن بين {m} في المناوبة الليلية لم ينج {n}، وتحدث المفتش {x} عن سلالم مسدودة وأسلاك معطوبة.",
        ),
    },
    "theft": {
        "en": (
            "Masked gang robs {p} gallery of old masters in broad daylight",
            "Visitors lay on the floor while a masked gang cut old masters from their frames in a gallery in {p}. Curator {x} named {n} works; insurers put them at {m} million dollars.",
        ),
        "de": (
            "Maskierte Bande raubt am helllichten Tag alte Meister aus Galerie: {p}",
            "Besucher lagen am Boden, während eine maskierte Bande in einer Galerie in {p} alte Meister aus den Rahmen schnitt. Kurator {x} nannte {n} Werke; Versicherer schätzen sie auf {m} Millionen Dollar.",
        ),
        "fr": (
            "Une bande masquée vole en plein jour des maîtres anciens dans une galerie de {p}",
            "Les visiteurs étaient couchés à terre pendant qu'une bande masquée découpait des maîtres anciens dans une galerie de {p}. Le conservateur {x} parle de {n} œuvres ; les assureurs les estiment à {m} millions de dollars.",
        ),
        "es": (
            "Una banda enmascarada roba a plena luz obras de maestros antiguos en una galería de {p}",
            "Los visitantes estaban en el suelo mientras una banda enmascarada cortaba obras de maestros antiguos en una galería de {p}. El conservador {x} habló de {n} obras; las aseguradoras las valoran en {m} millones de dólares.",
        ),
        "ru": (
            "Банда в масках средь бела дня ограбила галерею старых мастеров, {p}",
            "Посетители лежали на полу, пока банда в масках вырезала полотна старых мастеров в галерее города {p}. Хранитель {x} назвал {n} работы; страховщики оценивают их в {m} миллионов долларов.",
        ),
        "ja": (
            "覆面の一味、白昼{p}の画廊から巨匠の作品を強奪",
            "{p}の画廊で、来場者が床に伏せる中、覆面の一味が巨匠の作品を額から切り取った。学芸員の{x}氏によると{n}作品で、保険会社は{m}百万ドルと見積もる。",
        ),
        "zh": (
            "蒙面团伙光天化日抢劫{p}画廊古典名作",
            "在{p}一家画廊，参观者趴在地上，蒙面团伙将古典大师的作品从画框中割下。策展人{x}说共有{n}件，保险公司估价{m}百万美元。",
        ),
        "ar": (
            "عصابة ملثمة تسطو في وضح النهار على أعمال كبار الرسامين في معرض في {p}",
            "كان الزوار منبطحين على الأرض بينما كانت عصابة ملثمة تقص أعمال كبار الرسامين من إطاراتها في معرض في {p}. وذكر أمين المعرض {x} أنها {n} أعمال، وتقدرها شركات التأمين بـ{m} مليون دولار.",
        ),
    },
    "flood": {
        "en": (
            "River bursts its banks in {p} after dam breaks",
            "A dam broke upstream and the river burst its banks in {p} on Thursday night. {n} residents were taken to schools and churches, relief coordinator {x} said; {m} houses collapsed.",
        ),
        "de": (
            "Fluss tritt nach Dammbruch über die Ufer: {p}",
            "Flussaufwärts brach ein Damm, und der Fluss trat in {p} in der Nacht zum Freitag über die Ufer. {n} Anwohner kamen in Schulen und Kirchen unter, sagte {x}, Leiter der Nothilfe; {m} Häuser stürzten ein.",
        ),
        "fr": (
            "Le fleuve sort de son lit à {p} après la rupture d'un barrage",
            "Un barrage a cédé en amont et le fleuve est sorti de son lit à {p} dans la nuit de jeudi. {n} habitants ont été conduits dans des écoles et des églises, a dit {x}, coordinateur des secours ; {m} maisons se sont écroulées.",
        ),
        "es": (
            "El río se desborda en {p} tras romperse una presa",
            "Una presa se rompió río arriba y el río se desbordó en {p} la noche del jueves. {n} vecinos fueron llevados a escuelas e iglesias, dijo {x}, coordinador de la ayuda; {m} viviendas se derrumbaron.",
        ),
        "ru": (
            "Река вышла из берегов после прорыва дамбы, {p}",
            "Выше по течению прорвало дамбу, и в ночь на пятницу река вышла из берегов в городе {p}. {n} жителей размещены в школах и церквях, сообщил координатор помощи {x}; обрушились {m} домов.",
        ),
        "ja": (
            "ダム決壊で{p}の川が氾濫",
            "上流でダムが決壊し、木曜日の夜、{p}で川が氾濫した。住民{n}人が学校や教会に移されたと支援調整役の{x}氏が語った。家屋{m}棟が倒壊した。",
        ),
        "zh": (
            "大坝溃决 {p}河水漫堤",
            "上游一座大坝溃决，周四夜间{p}河水漫堤。救援协调员{x}说，{n}名居民被转移到学校和教堂，{m}间房屋倒塌。",
        ),
        "ar": (
            "النهر يفيض في {p} بعد انهيار سد",
            "انهار سد في أعلى المجرى وفاض النهر في {p} ليل الخميس. وقال منسق الإغاثة {x} إن {n} من السكان نقلوا إلى مدارس وكنائس، وانهار {m} منزلا.",
        ),
    },
    "verdict": {
        "en": (
            "Judges in {p} find tycoon {x} guilty of laundering funds",
            "Tycoon {x} showed no emotion as judges in {p} read for hours: guilty on {m} counts of laundering money through shell companies. The sentence: {n} years behind bars and a fine.",
        ),
        "de": (
            "Richter sprechen Unternehmer {x} der Geldwäsche schuldig: {p}",
            "Unternehmer {x} zeigte keine Regung, als die Richter in {p} stundenlang vorlasen: schuldig in {m} Fällen von Geldwäsche über Briefkastenfirmen. Das Strafmaß: {n} Jahre hinter Gittern und eine Geldbuße.",
        ),
        "fr": (
            "{p} : les juges déclarent le magnat {x} coupable de blanchiment",
            "{p} : le magnat {x} est resté impassible pendant des heures de lecture par les juges : coupable de {m} faits de blanchiment par des sociétés écrans. La peine : {n} ans derrière les barreaux et une amende.",
        ),
        "es": (
            "Jueces de {p} declaran al magnate {x} culpable de blanqueo",
            "El magnate {x} no mostró emoción mientras los jueces de {p} leían durante horas: culpable de {m} cargos de blanqueo mediante sociedades pantalla. La pena: {n} años entre rejas y una multa.",
        ),
        "ru": (
            "{p}: судьи признали магната виновным в отмывании денег, это {x}",
            "{p}: магнат {x} не выказал эмоций, пока судьи часами читали: виновен по {m} эпизодам отмывания денег через фирмы-пустышки. Наказание: {n} лет за решёткой и штраф.",
        ),
        "ja": (
            "{p}の裁判官、実業家{x}被告に資金洗浄で有罪認定",
            "実業家の{x}被告は、{p}の裁判官が何時間も読み上げる間、表情を変えなかった。ペーパー会社を通じた{m}件の資金洗浄で有罪。量刑は獄中{n}年と罰金だった。",
        ),
        "zh": (
            "{p}法官裁定大亨{x}洗钱罪名成立",
            "{p}法官宣读数小时，大亨{x}面无表情：通过空壳公司洗钱，{m}项罪名成立。刑罚为入狱{n}年并处罚款。",
        ),
        "ar": (
            "قضاة في {p} يدينون رجل الأعمال {x} بغسل الأموال",
            "لم يبد رجل الأعمال {x} أي انفعال بينما قرأ القضاة في {p} لساعات: مذنب في {m} تهمة غسل أموال عبر شركات وهمية. والعقوبة {n} سنة خلف القضبان وغرامة.",
        ),
    },
    "final": {
        "en": (
            "{p} crowned champions after {x} header",
            "Champagne flowed in {p}'s dressing room: the title is theirs after the header with which {x} beat the goalkeeper, {n} minutes into the decider. {m} fans sang until midnight.",
        ),
        "de": (
            "{p} nach Kopfball von {x} Meister",
            "In der Kabine von {p} floss der Sekt: Der Titel ist geholt, nach dem Kopfball, mit dem {x} nach {n} Minuten des Entscheidungsspiels den Torwart bezwang. {m} Fans sangen bis Mitternacht.",
        ),
        "fr": (
            "{p} sacré champion après une tête de {x}",
            "Le champagne coulait dans le vestiaire de {p} : le titre est acquis grâce à la tête de {x} qui a battu le gardien, après {n} minutes du match décisif. {m} supporters ont chanté jusqu'à minuit.",
        ),
        "es": (
            "{p}, campeón tras un cabezazo de {x}",
            "Corrió el champán en el vestuario de {p}: el título es suyo tras el cabezazo con el que {x} batió al portero, a los {n} minutos del partido decisivo. {m} aficionados cantaron hasta la medianoche.",
        ),
        "ru": (
            "{p} становится чемпионом после удара головой, автор {x}",
            "В раздевалке клуба {p} лилось шампанское: титул завоёван после удара головой, которым {x} переиграл вратаря через {n} минуту решающего матча. {m} болельщиков пели до полуночи.",
        ),
        "ja": (
            "{p}、{x}のヘディング弾で王者に",
            "{p}のロッカー室でシャンパンが飛び交った。優勝決定戦の開始{n}分、{x}がヘディングでGKを破り、タイトルをつかんだ。{m}人のファンは真夜中まで歌った。",
        ),
        "zh": (
            "{x}头球破门 {p}队加冕冠军",
            "{p}队更衣室里香槟四溅：决胜战第{n}分钟，{x}头球攻破门将把守的球门，锁定冠军。{m}名球迷歌唱至午夜。",
        ),
        "ar": (
            "{p} يتوج بطلا بعد رأسية {x}",
            "تدفقت الشمبانيا في غرفة ملابس {p}: اللقب له بعد الرأسية التي هزم بها {x} الحارس بعد {n} دقيقة من المباراة الفاصلة. وغنى {m} مشجع حتى منتصف الليل.",
        ),
    },
}


def rows() -> list[dict[str, Any]]:
    """One report an event and language; `story` names the event, the twins by their places."""
    return [
        {
            "title": title.format(**said),
            "text": text.format(**said),
            "lang": language,
            "story": f"{kind} {places['']}",
        }
        for kind, twins in _TWINS.items()
        for forms, (places, people, first, second) in zip((_FORMS, _OTHER_FORMS), twins, strict=True)
        for language, (title, text) in forms[kind].items()
        for said in [_said(places, people, first, second, language)]
    ]


def _said(
    places: dict[str, str], people: dict[str, str], first: str, second: str, language: str
) -> dict[str, str]:
    place, person = (names.get(language, names[""]) for names in (places, people))
    point = "," if language in {"de", "fr", "es", "ru"} else "."
    return {"p": place, "x": person, "n": first.replace(".", point), "m": second}
