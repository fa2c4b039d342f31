"""Made-up stories whose sentences are labelled by hand: which of them say something that no earlier article of the story says.

Each story has its first article and two reports, a sentence a line. Of a report, a line that begins with `+` is new: it states a
fact (a number, a name, a cause, a consequence, what somebody said) that nothing before states. One with `=` is not: it says in the
same or other words what was said, or says nothing of the event. An article says nothing new twice: its own earlier sentences count, too.
The labels were set before the rule was written. The last two stories of each language are kept for the end.
"""

from typing import NamedTuple


class Story(NamedTuple):
    """One event: the first article, then its reports in the order in which they came."""

    language: str
    articles: tuple[str, ...]

    @property
    def first(self) -> list[str]:
        return self.articles[0].strip().split("\n")

    @property
    def reports(self) -> list[list[tuple[bool, str]]]:
        """The sentences of each report, each with whether it is new."""
        lines = (article.strip().split("\n") for article in self.articles[1:])
        return [[(line[0] == "+", line[2:]) for line in report] for report in lines]


TUNED = (
    Story(
        "en",
        (
            """
A ferry carrying 212 passengers ran aground off the port of Kellmouth early on Tuesday.
Nobody was seriously hurt, but 14 people were treated for bruises and shock.
The vessel, the Brae Maiden, struck a sandbank in thick fog, the coastguard said.
Two lifeboats took the passengers ashore within three hours.
""",
            """
= A passenger ferry got stuck on a sandbank in fog near Kellmouth on Tuesday morning.
= All 212 people on board the Brae Maiden were brought to land by lifeboats.
= Fourteen were treated for shock and bruises, but nobody was badly injured.
+ The ship's radar had failed the evening before, its operator Lorne Ferries admitted.
+ An oil slick about 300 metres long could be seen beside the hull.
= The coastguard said the fog had been thick.
+ Tugs from Ardvane will try to pull the vessel free at high tide on Wednesday.
""",
            """
+ The captain of the ferry that ran aground off Kellmouth has been suspended.
+ Lorne Ferries named him as Douglas Inch, 51, and said he had sailed without a working radar.
= The Brae Maiden hit a sandbank on Tuesday with 212 passengers.
= The operator had admitted that the radar failed the evening before.
+ Tugs refloated the ship on Wednesday night and towed it to Ardvane for repairs.
+ Fishermen complained that the leaked oil had reached mussel beds in the bay.
= No passenger was seriously hurt.
+ The Marine Accident Bureau expects to publish its first findings in June.
""",
        ),
    ),
    Story(
        "en",
        (
            """
The central bank of Marovia raised its key rate by half a point to 6.25 percent on Thursday.
Governor Elin Tarsk said inflation was still far too high.
Prices rose 8.1 percent in the year to March, against a target of 3 percent.
Economists had expected a smaller step.
The decision was unanimous.
""",
            """
= Marovia's central bank lifted interest rates to 6.25 percent on Thursday, a bigger move than economists had forecast.
= Governor Elin Tarsk said that inflation remained much too high.
+ The krone gained 1.4 percent against the euro after the announcement.
+ Shares of builders fell sharply, with Hallgrund down 7 percent.
= In March prices were 8.1 percent higher than a year before.
= All members of the board voted for the step.
+ Trade unions accused the bank of driving the country into a recession.
""",
            """
+ Homeowners in Marovia face higher monthly payments after two lenders raised their mortgage rates on Friday.
+ Nordsparing will charge 7.9 percent for new loans, and Folkebank 8.05 percent.
= The central bank had raised its key rate to 6.25 percent on Thursday.
+ A family with a typical loan will pay about 190 euros more a month, the consumer council estimates.
= Inflation was 8.1 percent in March, well above the target of 3 percent.
+ Finance Minister Jorund Vail promised help for households with low incomes.
= He did not give details.
= The krone had risen after the decision.
""",
        ),
    ),
    Story(
        "de",
        (
            """
Bei einem Brand in einem Lagerhaus in Obernhausen ist am Montag ein Schaden von rund zwei Millionen Euro entstanden.
Menschen wurden nach Angaben der Polizei nicht verletzt.
Die Feuerwehr war mit 120 Kräften bis in den Abend im Einsatz.
Warum das Feuer ausbrach, ist noch unklar.
Anwohner sollten Fenster und Türen geschlossen halten.
""",
            """
= In Obernhausen hat am Montag eine Lagerhalle gebrannt.
= Rund 120 Feuerwehrleute kämpften bis zum Abend gegen die Flammen.
+ In der Halle lagerten Reifen und Lacke des Händlers Grotebeck.
= Verletzt wurde niemand.
+ Die Rauchsäule war noch im 40 Kilometer entfernten Dahlstadt zu sehen.
= Die Polizei schätzt den Schaden auf zwei Millionen Euro.
+ Die Bahnstrecke nach Wehren blieb bis 20 Uhr gesperrt.
""",
            """
+ Nach dem Großbrand in Obernhausen ermittelt die Staatsanwaltschaft gegen einen 34-jährigen Mitarbeiter.
+ Er soll bei Schweißarbeiten auf dem Dach die Dämmung in Brand gesetzt haben.
= Das Lagerhaus des Händlers Grotebeck war am Montag ausgebrannt.
= Dabei entstand ein Schaden von etwa zwei Millionen Euro, verletzt wurde niemand.
+ Im Löschwasser fanden Prüfer erhöhte Werte von Benzol.
+ Die Stadt verbot deshalb das Angeln in der Ruhne.
= Anwohner waren aufgefordert worden, Türen und Fenster zu schließen.
+ Grotebeck will die Halle an anderer Stelle neu bauen.
""",
        ),
    ),
    Story(
        "de",
        (
            """
Der Landtag von Westmark hat am Mittwoch ein neues Schulgesetz beschlossen.
Danach beginnt der Unterricht künftig erst um 8.45 Uhr.
Für das Gesetz stimmten 61 Abgeordnete, dagegen 49.
Ministerin Carola Thiemig sprach von einem guten Tag für die Schüler.
Die Opposition warnte vor Problemen für berufstätige Eltern.
""",
            """
= Schüler in Westmark dürfen länger schlafen: Der Landtag beschloss am Mittwoch einen späteren Beginn des Unterrichts.
= Mit 61 zu 49 Stimmen nahm das Parlament das Schulgesetz an.
+ Die Regelung gilt vom übernächsten Schuljahr an und zunächst nur für weiterführende Schulen.
+ Verkehrsbetriebe rechnen mit Kosten von elf Millionen Euro für neue Fahrpläne.
= Bildungsministerin Thiemig nannte es einen guten Tag für die Schüler.
= Kritik kam von der Opposition, die Probleme für Eltern befürchtet, die arbeiten.
+ Der Schlafforscher Benno Aust begrüßte die Entscheidung.
""",
            """
+ Ein Elternverband will gegen das neue Schulgesetz in Westmark vor dem Verfassungsgericht klagen.
+ Die Vorsitzende Rosa Melk sagte, viele Familien könnten die Betreuung am Morgen nicht bezahlen.
= Der Landtag hatte das Gesetz am Mittwoch mit 61 zu 49 Stimmen beschlossen.
= Der Unterricht soll um 8.45 Uhr beginnen.
= Die Regelung gilt zunächst nur an weiterführenden Schulen.
+ Thiemig kündigte an, Horte mit 300 zusätzlichen Stellen zu fördern.
= Das Ministerium äußerte sich zunächst nicht.
+ Eine Umfrage zeigt, dass 58 Prozent der Bürger den späteren Start befürworten.
""",
        ),
    ),
    Story(
        "fr",
        (
            """
Un glissement de terrain a détruit cinq maisons dans le village de Valbrune dans la nuit de samedi à dimanche.
Deux personnes sont portées disparues, selon la préfecture.
De fortes pluies étaient tombées pendant trois jours.
Une soixantaine d'habitants ont été évacués vers le gymnase.
""",
            """
= À Valbrune, cinq maisons ont été emportées par un glissement de terrain dans la nuit de samedi à dimanche.
= Les secours cherchent toujours deux disparus.
+ Il s'agit d'un couple de retraités, Marcel et Odile Garrec.
+ La route départementale 117 est coupée sur deux kilomètres.
= Environ soixante habitants ont passé la nuit au gymnase.
= Il pleuvait fortement depuis trois jours.
+ Le maire avait signalé des fissures dès l'automne dernier.
""",
            """
+ Les corps des deux disparus de Valbrune ont été retrouvés lundi sous quatre mètres de boue.
= Marcel et Odile Garrec étaient retraités.
= Leur maison avait été emportée avec quatre autres dans la nuit de samedi à dimanche.
+ Le parquet de Sauvenay a ouvert une enquête pour homicides involontaires.
+ Selon le géologue Yves Tanquerel, une carrière abandonnée a fragilisé le versant.
= Les habitants évacués sont logés au gymnase.
+ L'État débloque 800 000 euros pour les familles sinistrées.
= L'émotion est grande dans le village.
""",
        ),
    ),
    Story(
        "fr",
        (
            """
Le constructeur Velmaris va fermer son usine de Brissac et supprimer 840 emplois, a annoncé la direction mardi.
La production de vélos électriques sera transférée en Slovaquie.
Les syndicats parlent d'une trahison.
Le site avait ouvert en 1987.
La fermeture est prévue pour la fin de l'année.
""",
            """
= Velmaris ferme son usine de Brissac : 840 salariés vont perdre leur emploi.
= La direction veut transférer la fabrication des vélos électriques en Slovaquie à la fin de l'année.
+ Le groupe avait pourtant reçu 12 millions d'euros d'aides de la région en 2021.
= Pour les syndicats, c'est une trahison.
+ Plusieurs centaines d'ouvriers ont bloqué la rocade mardi soir.
+ Le ministre de l'Industrie, Gaël Rostand, recevra le patron jeudi.
= L'usine existe depuis 1987.
""",
            """
+ Un repreneur se dit intéressé par l'usine Velmaris de Brissac.
+ Le fabricant italien de trottinettes Scattia garderait 350 postes.
= Velmaris avait annoncé mardi la suppression de 840 emplois.
= Des ouvriers avaient bloqué la rocade.
+ La région exige désormais le remboursement des 12 millions d'euros d'aides.
+ Le patron, Hubert Delorme, a refusé de s'engager sur un calendrier lors de sa rencontre avec Gaël Rostand.
= La production de vélos électriques doit partir en Slovaquie.
= Affaire à suivre.
""",
        ),
    ),
    Story(
        "ru",
        (
            """
В городе Северолесск в субботу рухнула крыша крытого рынка.
Погибли три человека, ещё девять получили ранения.
По данным спасателей, кровля не выдержала тяжести снега.
На месте работают 80 спасателей.
""",
            """
= Крыша рынка обрушилась в субботу в Северолесске, погибли трое.
= Девять человек ранены.
+ Среди погибших — 17-летняя продавщица Алина Корж.
+ Здание построили в 1974 году и ни разу не ремонтировали.
= Спасатели считают, что кровля обрушилась под тяжестью снега.
= Завалы разбирают 80 спасателей.
+ Губернатор Пётр Лазутин объявил в области день траура.
""",
            """
+ Число погибших при обрушении рынка в Северолесске выросло до пяти.
+ Двое раненых умерли в больнице в ночь на понедельник.
= Крыша рынка рухнула в субботу под тяжестью снега.
+ Полиция задержала директора рынка Игоря Беспалова.
+ Следователи обвиняют его в нарушении правил безопасности.
= Рынок построили в 1974 году.
= В области объявлен траур.
+ Семьи погибших получат по два миллиона рублей.
""",
        ),
    ),
    Story(
        "ru",
        (
            """
Учёные нашли на острове Вайгар останки неизвестного ранее морского ящера.
Длина животного достигала 11 метров.
Скелет сохранился почти полностью.
Находку описал журнал «Палеонтология сегодня».
Возраст костей — около 150 миллионов лет.
""",
            """
= На острове Вайгар обнаружен скелет неизвестного морского ящера.
= Он был длиной около 11 метров и жил 150 миллионов лет назад.
+ Животное назвали вайгарозавром в честь острова.
+ Кости заметил рыбак Семён Тырков после шторма.
= Скелет почти целый.
+ В желудке ящера сохранились остатки кальмаров.
= О находке сообщил журнал «Палеонтология сегодня».
""",
            """
+ Скелет вайгарозавра с сентября покажут в музее Архангельска.
+ Перевозка займёт две недели: кости весом шесть тонн доставят на барже.
= Морского ящера нашли на острове Вайгар.
= Его длина — 11 метров.
+ Палеонтолог Нина Оськина надеется найти рядом ещё и детёныша.
= Кости заметил рыбак Тырков.
+ Билет в музей будет стоить 400 рублей.
= Скелет сохранился почти полностью.
""",
        ),
    ),
    Story(
        "zh",
        (
            """
南川市一家化工厂周三凌晨发生爆炸,造成四人死亡。
另有十七人受伤,被送往医院治疗。
当地消防部门出动了三百名消防员。
爆炸原因正在调查之中。
附近的居民已经疏散。
""",
            """
= 周三凌晨,南川市一家化工厂发生爆炸,四人死亡,十七人受伤。
= 三百名消防员赶到现场灭火。
+ 该工厂属于恒泰化学公司,主要生产农药。
+ 爆炸震碎了两公里外一所小学的窗户。
= 官方正在调查爆炸原因。
= 附近居民被疏散。
+ 环保局在清溪河中检测到苯超标。
""",
            """
+ 恒泰化学公司董事长林国栋周五被警方拘留。
+ 调查组说,工厂的冷却系统已经停用了半年。
= 周三的爆炸造成四人死亡。
= 恒泰化学公司主要生产农药。
+ 公司去年曾因安全问题被罚款六十万元。
= 受伤的十七人在医院接受治疗。
+ 下游的白石镇停止从清溪河取水。
= 爆炸发生在凌晨。
""",
        ),
    ),
    Story(
        "zh",
        (
            """
女子马拉松选手苏晓岚周日在江城以2小时19分28秒打破全国纪录。
她把原纪录提高了四十一秒。
比赛共有两万六千名选手参加。
苏晓岚今年二十三岁。
""",
            """
= 苏晓岚周日在江城马拉松中创造了新的全国纪录,成绩是2小时19分28秒。
= 新纪录比原来的快四十一秒。
+ 她在三十五公里处甩开了肯尼亚选手切罗诺。
+ 教练王建军说,她去年冬天在高原训练了三个月。
= 二十三岁的苏晓岚很高兴。
= 两万六千人参加了比赛。
+ 她将获得五十万元奖金。
""",
            """
+ 马拉松全国纪录保持者苏晓岚将不参加八月的世锦赛。
+ 医生诊断她的左脚跟腱发炎,需要休息十周。
= 她上周日在江城跑出2小时19分28秒。
= 教练是王建军。
+ 国家队将由云南选手杨梅替补。
= 苏晓岚今年二十三岁。
+ 她的目标是明年的柏林马拉松。
= 她在江城打破了全国纪录。
""",
        ),
    ),
)

KEPT = (
    Story(
        "en",
        (
            """
Police in Tarrow have arrested three men over the theft of a painting worth $9 million.
The portrait by Anneke Roos was stolen from the Halden Gallery in January.
Officers found the canvas in a garage on the edge of the city.
It was slightly damaged at one corner.
""",
            """
= Three men are in custody in Tarrow after a stolen portrait by Anneke Roos was found in a garage.
+ The suspects are two brothers aged 29 and 33 and a former guard of the gallery.
= The picture, valued at $9 million, had been taken from the Halden Gallery in January.
+ A tip from an antiques dealer in Lisbon led detectives to the city.
= One corner of the canvas is damaged.
+ Restorers need about six weeks for the repair, director Mina Ostrow said.
= Police are holding three people.
""",
            """
+ The former guard charged with stealing a Roos portrait pleaded guilty in Tarrow on Monday.
+ Colm Dreyer told the court he had copied the alarm codes over several months.
= The painting, worth $9 million, vanished from the Halden Gallery in January.
= It turned up in a garage on the edge of Tarrow.
+ The brothers deny any part in the theft, and their trial begins in October.
= They are 29 and 33 years old.
+ Insurers had offered a reward of $250,000.
= The portrait was slightly damaged.
""",
        ),
    ),
    Story(
        "en",
        (
            """
Wildfires in the Serrano hills forced 4,500 people to leave their homes on Friday.
Winds of up to 90 km/h drove the flames towards the town of Dos Pinos.
About 70 houses have burned down.
Fire crews hoped for rain on Sunday.
The governor declared a state of emergency.
""",
            """
= Some 4,500 residents fled as wildfires swept through the Serrano hills.
= Strong winds pushed the fire towards Dos Pinos.
+ The number of houses destroyed has risen to 112.
+ A firefighter, Luis Abreu, died when a tree fell on his truck.
= A state of emergency is in force.
+ Neighbouring Caldera sent four aircraft to help.
= Crews are hoping for rain.
""",
            """
+ Heavy rain on Sunday put out most of the fires in the Serrano hills.
+ Residents of Dos Pinos were allowed to return, except for the streets north of the river.
= 112 houses were destroyed.
+ Investigators believe that a fallen power line started the blaze.
+ The utility Serrano Power said it would cooperate.
= Firefighter Luis Abreu was killed by a falling tree.
= Winds of 90 km/h had driven the flames.
= Thousands of people had to leave their homes.
""",
        ),
    ),
    Story(
        "de",
        (
            """
Der Fluss Lohme ist am Freitag in Kirchtal über die Ufer getreten.
Der Pegel erreichte 6,40 Meter, so viel wie seit 1954 nicht mehr.
Mehrere hundert Keller liefen voll.
In der Altstadt fiel der Strom aus.
Die Bundeswehr schickte Helfer.
""",
            """
= Hochwasser in Kirchtal: Die Lohme stieg am Freitag auf 6,40 Meter.
= Das ist der höchste Stand seit 1954.
= Hunderte Keller stehen unter Wasser, in der Altstadt gibt es keinen Strom.
+ Ein 71-jähriger Mann ertrank in seinem Auto.
+ Das Klinikum verlegte 85 Patienten nach Rabenau.
= Soldaten der Bundeswehr helfen.
+ Landrat Ewald Pricken rief den Katastrophenfall aus.
""",
            """
= Nach dem Hochwasser in Kirchtal geht das Wasser der Lohme zurück.
+ Am Sonntag lag der Pegel noch bei 4,10 Metern.
+ Gutachter untersuchen, ob die alte Steinbrücke einsturzgefährdet ist.
= Ein 71 Jahre alter Mann war in seinem Auto ertrunken.
+ Versicherer rechnen mit Schäden von 45 Millionen Euro.
= Der Landrat hatte den Katastrophenfall ausgerufen.
+ Strom gibt es in der Altstadt frühestens am Dienstag wieder.
= Die Helfer sind erschöpft.
""",
        ),
    ),
    Story(
        "de",
        (
            """
Der SV Lindau trennt sich von Trainer Marco Zettler.
Der Verein gab die Entscheidung am Sonntagabend bekannt.
Zettler hatte mit der Mannschaft sieben Spiele in Folge verloren.
Der Klub steht auf dem letzten Platz der Liga.
Sein Vertrag lief noch bis 2027.
""",
            """
= Marco Zettler ist nicht mehr Trainer des SV Lindau.
= Nach sieben Niederlagen in Folge zog der Tabellenletzte am Sonntagabend die Konsequenz.
+ Bis zum Saisonende übernimmt Jugendtrainerin Svenja Harms.
+ Sie ist die erste Frau auf diesem Posten in der Liga.
= Der Vertrag von Zettler galt bis 2027.
+ Fans hatten nach dem Spiel den Mannschaftsbus blockiert.
= Der Verein teilte die Trennung am Abend mit.
""",
            """
+ Der SV Lindau hat das erste Spiel unter Svenja Harms mit 2:1 gewonnen.
+ Stürmer Idris Kolo traf in der Nachspielzeit.
= Zuvor hatte Lindau sieben Mal nacheinander verloren.
= Harms hatte die Mannschaft von Marco Zettler übernommen.
+ Zettler fordert nun eine Abfindung von 900.000 Euro.
= Harms ist die erste Frau auf diesem Posten.
+ Manager Udo Brandt bot im Vorstand seinen Rücktritt an.
= Der Verein ist weiter Letzter der Liga.
""",
        ),
    ),
    Story(
        "fr",
        (
            """
Le Parlement de Cardonie a renversé le gouvernement de Lucie Ambrel vendredi.
La motion de censure a recueilli 178 voix, dix de plus que nécessaire.
Le budget avait provoqué la colère de la gauche.
Le président doit nommer un nouveau chef du gouvernement.
""",
            """
= Le gouvernement de Lucie Ambrel est tombé vendredi en Cardonie.
= Avec 178 voix, les députés ont adopté la motion de censure.
+ Quatorze élus du centre ont voté avec l'opposition.
= Au cœur du conflit : le budget, que la gauche rejetait.
+ La première ministre n'aura gouverné que 97 jours.
+ Le président Armand Vesoul consultera les partis dès lundi.
= Il lui revient de nommer un successeur.
""",
            """
+ Le président de Cardonie a nommé mercredi l'économiste Basile Norin au poste de premier ministre.
= Lucie Ambrel avait été renversée vendredi par une motion de censure.
+ Norin, 58 ans, dirigeait jusqu'ici la Cour des comptes.
+ Il promet un budget sans hausse de la taxe sur les carburants.
= La motion avait obtenu 178 voix.
= Le précédent budget avait provoqué la colère de la gauche.
+ L'extrême droite réclame des élections anticipées.
= Armand Vesoul avait consulté les partis.
""",
        ),
    ),
    Story(
        "fr",
        (
            """
Une panne informatique a cloué au sol les avions de la compagnie Altair samedi matin.
Plus de 300 vols ont été annulés.
Quelque 40 000 voyageurs sont bloqués dans les aéroports.
La compagnie exclut une cyberattaque.
""",
            """
= Les avions d'Altair sont restés au sol samedi matin à cause d'une panne informatique.
= La compagnie a dû annuler plus de 300 vols.
+ Une mise à jour du logiciel d'embarquement serait en cause, selon le prestataire Nexoria.
= Des milliers de voyageurs sont bloqués.
+ À Port-Riveau, des lits de camp ont été installés dans le terminal 2.
= Il ne s'agit pas d'une cyberattaque, assure Altair.
+ Les vols pour l'Afrique doivent reprendre dimanche à midi.
""",
            """
+ Altair indemnisera les passageurs bloqués samedi à hauteur de 250 euros chacun.
+ La facture pourrait dépasser 30 millions d'euros, selon les analystes.
= Une panne informatique avait entraîné l'annulation de plus de 300 vols.
= Quelque 40 000 passagers étaient concernés.
+ Le directeur général, Olivier Fauchet, a présenté ses excuses à la télévision.
= Le prestataire Nexoria avait mis en cause une mise à jour du logiciel d'embarquement.
+ Altair veut rompre son contrat avec Nexoria.
= Tout est rentré dans l'ordre.
""",
        ),
    ),
    Story(
        "ru",
        (
            """
Суд в Новокамске приговорил бизнесмена Олега Ремезова к восьми годам колонии.
Его признали виновным в хищении 640 миллионов рублей.
Деньги предназначались для строительства больницы.
Ремезов вину не признал.
""",
            """
= Бизнесмен Олег Ремезов получил восемь лет колонии за хищение денег на строительство больницы.
= Речь идёт о 640 миллионах рублей.
+ Его заместитель Вера Логинова осуждена на четыре года условно.
+ Прокурор просил для бизнесмена двенадцать лет.
= Сам Ремезов виновным себя не считает.
+ Больницу в Новокамске так и не достроили: готов только фундамент.
= Приговор вынес суд в Новокамске.
""",
            """
+ Апелляционный суд сократил срок бизнесмену Ремезову до шести с половиной лет.
+ Судья учёл болезнь сердца и двух несовершеннолетних детей.
= Его осудили за хищение 640 миллионов рублей.
= Деньги выделили на больницу в Новокамске.
+ Адвокат Тимур Шакиров пожалуется в Верховный суд.
= Прокурор просил двенадцать лет.
+ С осуждённого взыщут всё имущество, включая яхту.
= Ремезов свою вину отрицает.
""",
        ),
    ),
    Story(
        "ru",
        (
            """
Пассажирский поезд сошёл с рельсов у станции Кедровая в четверг вечером.
В составе было девять вагонов, четыре из них опрокинулись.
Пострадали 26 человек.
Движение на линии остановлено.
""",
            """
= У станции Кедровая в четверг сошёл с рельсов пассажирский поезд.
= Пострадали 26 пассажиров.
+ Поезд следовал из Тайгинска в Приморье.
+ Машинист успел применить экстренное торможение.
= Опрокинулись четыре вагона из девяти.
= Поезда по линии не ходят.
+ Пассажиров разместили в школе посёлка Ключи.
""",
            """
+ Причиной крушения поезда у станции Кедровая стал лопнувший рельс.
+ Дефект обнаружили ещё в мае, но рельс не заменили, сообщила прокуратура.
= Поезд из Тайгинска сошёл с рельсов в четверг вечером.
= Пострадали 26 человек.
+ Начальник дистанции Виктор Гуров уволен.
+ Движение восстановили в субботу утром.
= Машинист экстренно тормозил.
= Перевернулись четыре вагона.
""",
        ),
    ),
    Story(
        "zh",
        (
            """
台风"海燕"周一登陆东平省,风力达到十四级。
沿海地区转移了九万人。
三个机场关闭,数百个航班取消。
许多树木被吹倒。
学校停课两天。
""",
            """
= 台风"海燕"周一在东平省登陆,九万人被转移。
= 数百个航班取消,三个机场关闭。
+ 渔船"东平渔208"沉没,六名船员失踪。
+ 石门水库的水位超过了警戒线。
= 风力达到十四级。
= 学校停课。
+ 省会青湾有四十万户停电。
""",
            """
+ 失踪的六名船员中有两人获救,他们抱着浮木漂流了二十小时。
= 渔船"东平渔208"在台风中沉没。
+ 农业部估计稻田损失达十二亿元。
+ 青湾的供电已经恢复百分之九十。
= 台风周一登陆东平省。
= 九万人曾被转移。
+ 总理陈志远周三视察了灾区。
= 风力达到了十四级。
""",
        ),
    ),
    Story(
        "zh",
        (
            """
电动车公司星驰周四宣布召回八万五千辆汽车。
原因是电池可能起火。
召回涉及去年生产的S5型号。
公司股价下跌百分之九。
""",
            """
= 星驰公司将召回八万五千辆电动车,因为电池有起火的危险。
= 涉及的是去年生产的S5型号。
+ 电池由供应商宁远能源制造。
+ 已经发生了七起火灾,一名司机烧伤。
= 星驰的股价下跌了百分之九。
= 公司周四宣布了召回。
+ 车主可以免费更换电池,每辆大约需要三小时。
""",
            """
+ 监管部门对星驰处以两亿元罚款,理由是隐瞒火灾。
+ 创始人赵一鸣辞去了首席执行官的职务。
= 星驰上周召回了八万五千辆汽车。
= 电池来自宁远能源。
+ 宁远能源否认责任,称软件充电过快。
= 七起火灾造成一名司机烧伤。
+ 德国和挪威也要求在当地召回。
= 召回的是S5型号。
""",
        ),
    ),
)
