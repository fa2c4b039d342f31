"""Made-up news texts for the hard cases of joining: every person, club and company in them is invented."""

QUAKE_A1 = (
    "Strong earthquake shakes southern Peru, at least four dead",
    "A strong earthquake struck southern Peru early on Monday, killing at least four people and "
    "damaging hundreds of homes in the Arequipa region, officials said. The United States Geological "
    "Survey put the magnitude at 6.8 and said the quake was centred 42 kilometres west of the town of "
    "Caraveli at a depth of 28 kilometres. Residents ran into the streets in their nightclothes as "
    "walls cracked and the power failed. The head of the civil defence institute, Ramon Salcedo, said "
    "rescuers were still trying to reach three mountain villages cut off by landslides on the Pan- "
    "American highway. A tsunami warning for the coast was lifted after two hours. Hospitals in "
    "Arequipa treated more than sixty people for cuts and broken bones. President Lucia Ferrer "
    "cancelled a trip to Chile and flew to the region.",
)
QUAKE_A2 = (
    "Four killed as 6.8 quake hits Arequipa, Peru",
    "Rescue crews in Peru dug through collapsed adobe houses on Monday after a magnitude 6.8 "
    "earthquake killed four people in the south of the country. The tremor hit before dawn near "
    "Caraveli and was felt as far away as Lima, 600 kilometres to the north. Landslides blocked the "
    "Pan-American highway and left several villages without contact, civil defence chief Ramon "
    "Salcedo told local radio. Schools in Arequipa were closed until engineers have inspected them. A "
    "tsunami alert was issued and later withdrawn. President Lucia Ferrer said tents and drinking "
    "water were on the way to families who lost their homes. Aftershocks continued through the "
    "morning, the strongest of magnitude 5.1.",
)
QUAKE_B1 = (
    "Magnitude 6.3 earthquake hits Indonesia's Lombok island",
    "An earthquake of magnitude 6.3 struck the Indonesian island of Lombok on Thursday evening, "
    "killing at least two people and sending tourists fleeing from hotels, the disaster agency said. "
    "The quake was centred inland near the town of Sembalun at a depth of 15 kilometres, according to "
    "the United States Geological Survey. Agency spokesman Hari Wibowo said dozens of houses on the "
    "slopes of Mount Rinjani had collapsed and that hikers were being brought down. There was no "
    "tsunami warning. Residents ran into the streets as walls cracked and the power failed in parts "
    "of Mataram. The airport stayed open. Lombok was hit by a series of deadly quakes in 2018.",
)
QUAKE_B2 = (
    "Two dead, hikers evacuated after Lombok quake",
    "Two people were killed and hundreds of hikers were led off Mount Rinjani after an earthquake "
    "shook Indonesia's Lombok island on Thursday, rescuers said. The magnitude 6.3 tremor destroyed "
    "houses in Sembalun and was felt on neighbouring Bali, where guests left their hotels. Disaster "
    "agency spokesman Hari Wibowo said a 7-year-old girl and an elderly man died under falling walls. "
    "Electricity was restored to most of Mataram by midnight. Officials said no tsunami was expected "
    "because the epicentre lay on land.",
)
MATCH_A1 = (
    "Harrow City stun league leaders Norwood with late winner",
    "A stoppage-time header by Tomas Lindqvist gave Harrow City a 2-1 win over league leaders Norwood "
    "United on Saturday and blew the title race open. Norwood went ahead after 12 minutes when Dele "
    "Akinwande turned in a low cross, but Harrow levelled just after half-time through a penalty from "
    "captain Marc Oriol. Norwood manager Steve Callander saw his side hit the post twice before "
    'Lindqvist rose above the defence in the 93rd minute. "We never stopped believing," Harrow coach '
    "Ana Bettencourt said. The defeat was only Norwood's third of the season and cuts their lead at "
    "the top of the Premier Division to two points with six games left.",
)
MATCH_A2 = (
    "Lindqvist header sinks Norwood and reopens title race",
    "Norwood United's lead at the top of the Premier Division was cut to two points when they lost "
    "2-1 at Harrow City on Saturday. Tomas Lindqvist scored the winner three minutes into stoppage "
    "time after Marc Oriol's penalty had cancelled out Dele Akinwande's early goal. Steve Callander, "
    "the Norwood manager, blamed poor finishing and complained about the penalty, given for handball. "
    'Harrow, who started the day in ninth place, have now beaten three of the top four at home. "The '
    'crowd carried us," said Ana Bettencourt, their coach.',
)
MATCH_B1 = (
    "Eastleigh Rovers cruise past Dunmore to go third",
    "Two goals by teenager Jamal Rivers helped Eastleigh Rovers to a comfortable 3-0 win over bottom "
    "club Dunmore Athletic on Saturday that lifts them to third in the Premier Division. Rivers "
    "struck twice in the first half, the second a fine volley from 20 metres, and substitute Piotr "
    "Wrona added a third in stoppage time. Dunmore, who have won once all season, rarely threatened "
    'and had defender Colm Heaney sent off after 70 minutes. "It was a professional performance," '
    "Eastleigh manager Graham Tully said. His team are now seven points behind the leaders with six "
    "games left.",
)
MATCH_B2 = (
    "Rivers double keeps Eastleigh in the hunt",
    "Jamal Rivers, 18, scored twice as Eastleigh Rovers beat ten-man Dunmore Athletic 3-0 on Saturday "
    "to climb to third place in the Premier Division. The winger opened the scoring after nine "
    "minutes and doubled the lead with a volley before half-time. Colm Heaney was shown a second "
    "yellow card midway through the second half and Piotr Wrona made it three late on. Graham Tully, "
    "the Eastleigh manager, said Rivers would not be sold in the summer. Dunmore stay bottom and look "
    "certain to go down.",
)
FOLLOW = (
    "Peru quake toll rises to nine as rescuers reach cut-off villages",
    "The death toll from Monday's earthquake in southern Peru rose to nine on Thursday after rescuers "
    "reached mountain villages near Caraveli that had been cut off by landslides. Civil defence chief "
    "Ramon Salcedo said five bodies were found in the village of Quicacha, where the church had "
    "collapsed during morning prayers. The Pan-American highway has been reopened to lorries carrying "
    "tents, blankets and water. President Lucia Ferrer declared a sixty-day state of emergency in the "
    "Arequipa region and promised 40 million soles to rebuild homes. Engineers say that most of the "
    "houses that fell were made of adobe. More than 200 aftershocks have been recorded since the "
    "magnitude 6.8 quake.",
)
COLUMN = (
    "After Caraveli, Peru must stop building with mud",
    "Every time the earth moves in the south of Peru, the same people die: those who live between "
    "walls of adobe. Monday's earthquake near Caraveli was no surprise to anyone who has read the "
    "reports that pile up in Lima. After the disasters of 2001 and 2007 there were commissions, "
    "promises and speeches; the money went elsewhere. President Lucia Ferrer has flown to Arequipa "
    "and handed out tents. That is what presidents do. What she should do now is to make the "
    "reinforced-adobe programme, which costs a few hundred soles for each house, a law with a budget. "
    "Ramon Salcedo, the civil defence chief, knows this; he has asked for it for years. Four more "
    "graves have been dug, and we will write this column again.",
)
CORRECTION = (
    "Correction: Peru earthquake story",
    "In a story published on Monday about the earthquake in southern Peru, the depth of the quake "
    "near Caraveli was given wrongly because of an error at the source. The United States Geological "
    "Survey now says that the magnitude 6.8 tremor in the Arequipa region had a depth of 38 "
    "kilometres, not 28 kilometres. The story has been corrected.",
)
LIVE = (
    "Peru earthquake live: rescuers search Arequipa villages",
    "Follow live updates on the earthquake in Peru. 16.40: President Lucia Ferrer has landed in "
    "Arequipa and is on her way to Caraveli. 15.10: The Pan-American highway will stay shut until "
    "Tuesday, the transport ministry says. 13.55: An aftershock of magnitude 5.1 has been felt in "
    "Arequipa. 12.30: Ramon Salcedo, head of civil defence, says three villages cannot be reached "
    "because of landslides. 11.05: The tsunami warning has been lifted. 10.20: Hospitals report sixty "
    "injured. 9.45: At least four people are dead after a 6.8 earthquake in southern Peru, officials "
    "say. We are closing this blog for tonight, thank you for reading.",
)
MARKET1 = (
    "Wall Street closes higher as tech shares lead",
    "U.S. stocks ended higher on Tuesday as technology shares rose for a third day and investors "
    "waited for the Federal Reserve's decision on interest rates. The Dow Jones Industrial Average "
    "gained 0.4 percent to 39,214, the S&P 500 added 0.7 percent to 5,318 and the Nasdaq Composite "
    "rose 1.1 percent to 16,905. Chipmaker Halden Semiconductor jumped 6 percent after raising its "
    "forecast. Oil fell below $78 a barrel on signs of weak demand in Asia, dragging energy shares "
    'lower. The yield on the ten-year Treasury note slipped to 4.31 percent. "The market is betting '
    'on a soft landing," said Carla Moreno, a strategist at Whitfield Partners.',
)
MARKET2 = (
    "Fed holds rates and bank shares slide",
    "Shares on Wall Street gave up early gains on Wednesday after the Federal Reserve left borrowing "
    "costs where they are and signalled fewer cuts this year than traders had hoped for. Banks and "
    "builders fell hardest: Corning Trust lost 4 percent and home builder Lakeland 5.2 percent. The "
    "S&P 500 finished 1.2 percent down at 5,254. Fed chair Ellen Whitcomb told reporters that "
    "inflation was still too high and that the committee was in no hurry. The dollar firmed against "
    'the yen, gold slid to its lowest in a month and futures now put the first cut in November. "They '
    'took the punch bowl away," said Rajiv Menon, who manages bonds at Keystone Capital in Boston. '
    "Retailer Pomeroy, which reports results on Thursday, was flat.",
)
MARKET1B = (
    "Stocks rise for third day before Fed meeting",
    "Wall Street rose on Tuesday, led by chip stocks, a day before the Federal Reserve is due to "
    "announce its decision on rates. The S&P 500 finished at 5,318, up 0.7 percent, the Nasdaq gained "
    "1.1 percent to 16,905 and the Dow added 0.4 percent. Halden Semiconductor climbed 6 percent "
    "after it lifted its outlook. Energy companies fell as crude oil slipped under $78. Ten-year "
    "Treasury yields eased to 4.31 percent. Carla Moreno of Whitfield Partners said investors "
    "expected a soft landing.",
)
ROUNDUP = (
    "Evening briefing: what you need to know on Monday",
    "Good evening. Here are the five stories of the day. 1. An earthquake of magnitude 6.8 killed "
    "four people in southern Peru; rescuers are trying to reach villages near Caraveli. 2. Harrow "
    "City's late win over Norwood United has reopened the title race. 3. The government in Tallinn "
    "resigned after it lost a vote on the budget. 4. Carmaker Velluto recalls 300,000 vans because of "
    "faulty brakes. 5. The writer Maren Oldenburg has won the Nordhavn prize for her novel The Salt "
    "House. And finally, a lost parrot in Leeds has been found because it kept calling out its "
    "address. Have a good evening.",
)
HEAD = (
    "Four dead in Peru earthquake near Caraveli, Arequipa",
    "Four dead in Peru earthquake near Caraveli, Arequipa. More soon.",
)
ES1 = (
    "Al menos cuatro muertos por un fuerte sismo en Arequipa",
    "Un fuerte sismo de magnitud 6,8 sacudió en la madrugada de este lunes el sur de Perú y causó la "
    "muerte de al menos cuatro personas en la región de Arequipa, informaron las autoridades. El "
    "epicentro se situó 42 kilómetros al oeste de Caravelí. El jefe de Defensa Civil, Ramón Salcedo, "
    "dijo que los equipos de rescate intentan llegar a tres pueblos aislados por derrumbes en la "
    "carretera Panamericana. La alerta de tsunami fue levantada dos horas después. La presidenta "
    "Lucía Ferrer suspendió su viaje a Chile y se trasladó a la zona. Más de sesenta heridos fueron "
    "atendidos en los hospitales de Arequipa.",
)
ES2 = (
    "Perú: rescatistas buscan sobrevivientes tras el terremoto de Caravelí",
    "Brigadas de rescate buscaban este lunes sobrevivientes entre las casas de adobe derrumbadas por "
    "el terremoto de magnitud 6,8 que dejó cuatro muertos en Arequipa, en el sur peruano. El "
    "movimiento se sintió incluso en Lima. Según Ramón Salcedo, jefe de Defensa Civil, los derrumbes "
    "bloquean la Panamericana y varios pueblos siguen incomunicados. Las clases quedaron suspendidas. "
    "La presidenta Lucía Ferrer anunció el envío de carpas y agua para las familias que perdieron sus "
    "viviendas cerca de Caravelí.",
)
DE1 = (
    "Erdbeben im Süden Perus: Mindestens vier Tote",
    "Bei einem starken Erdbeben im Süden Perus sind am Montag mindestens vier Menschen ums Leben "
    "gekommen. Das Beben der Stärke 6,8 ereignete sich in der Nacht westlich der Stadt Caravelí in "
    "der Region Arequipa, wie die Behörden mitteilten. Zivilschutzchef Ramón Salcedo sagte, drei "
    "Bergdörfer seien durch Erdrutsche an der Panamericana von der Außenwelt abgeschnitten. Eine "
    "Tsunamiwarnung wurde nach zwei Stunden aufgehoben. In den Krankenhäusern von Arequipa wurden "
    "mehr als sechzig Verletzte behandelt. Präsidentin Lucía Ferrer brach eine Reise nach Chile ab.",
)
DE2 = (
    "Tausende Pakete nach Brand in Lagerhalle zerstört",
    "Bei einem Großbrand in einem Paketzentrum in Kaltenbrunn sind in der Nacht zum Montag tausende "
    "Sendungen verbrannt. Das Feuer brach kurz nach Mitternacht in einer Lagerhalle aus, wie ein "
    "Sprecher der Feuerwehr sagte. Rund 120 Einsatzkräfte waren bis zum Morgen im Einsatz. Verletzt "
    "wurde niemand. Die Polizei schätzt den Schaden auf acht Millionen Euro und geht von einem "
    "technischen Defekt an einer Ladestation aus. Der Betreiber Rapidus Logistik bat betroffene "
    "Kunden um Geduld.",
)
DE3 = (
    "Kaltenbrunn: Feuer vernichtet Paketzentrum",
    "Ein Feuer hat in Kaltenbrunn ein Paketzentrum der Firma Rapidus Logistik zerstört. Der Schaden "
    "liegt nach Angaben der Polizei bei rund acht Millionen Euro. 120 Feuerwehrleute kämpften die "
    "ganze Nacht gegen die Flammen, die sich von einer Ladestation aus in der Lagerhalle ausgebreitet "
    "hatten. Menschen kamen nicht zu Schaden. Tausende Pakete können nicht mehr zugestellt werden, "
    "teilte das Unternehmen am Montag mit. Anwohner waren aufgerufen, Fenster geschlossen zu halten.",
)
RESULTS_A = (
    "Halden Semiconductor fourth-quarter profit rises",
    "Halden Semiconductor Inc said on Tuesday that its net profit rose to 212 million dollars in the fourth "
    "quarter from 187 million a year earlier. Revenue climbed 9 percent to 1.94 billion dollars. Earnings "
    "per share were 1.17 dollars, against 1.02 dollars. The company expects revenue of 2.05 billion dollars "
    "in the current quarter and raised its dividend to 0.22 dollars a share. Chief executive Ines Fontaine "
    "said orders from car makers were strong.",
)
RESULTS_B = (
    "Pomeroy fourth-quarter profit falls",
    "Pomeroy Stores Inc said on Tuesday that its net profit fell to 96 million dollars in the fourth quarter "
    "from 131 million a year earlier. Revenue slipped 3 percent to 3.41 billion dollars. Earnings per share "
    "were 0.48 dollars, against 0.66 dollars. The company expects revenue of 3.2 billion dollars in the "
    "current quarter and kept its dividend at 0.15 dollars a share. Chief executive Dale Whitcombe said "
    "shoppers had bought less clothing.",
)
WEATHER_RU_A = (
    "Прогноз погоды в Заречинске на 17 мая",
    "В Заречинске 17 мая ожидается переменная облачность, ночью без осадков, днём местами кратковременный "
    "дождь. Ветер западный, 5–10 метров в секунду. Температура воздуха ночью от 6 до 8 градусов тепла, днём "
    "от 15 до 17, сообщили в гидрометцентре.",
)
WEATHER_RU_B = (
    "Прогноз погоды в Верхнеозёрске на 17 мая",
    "В Верхнеозёрске 17 мая ожидается облачная погода, ночью небольшой дождь, днём без осадков. Ветер "
    "северный, 3–8 метров в секунду. Температура воздуха ночью от 2 до 4 градусов тепла, днём от 9 до 11, "
    "сообщили в гидрометцентре.",
)
WEATHER_EN_A = (
    "Weather forecast for Harrowby for Sunday",
    "Harrowby can expect a cloudy start on Sunday with light showers in the morning and sunny spells in the "
    "afternoon. Highs will reach 14 degrees with a moderate westerly wind. Overnight lows will drop to 6 "
    "degrees, the weather service said.",
)
WEATHER_EN_B = (
    "Weather forecast for Dunmore for Sunday",
    "Dunmore can expect a dry start on Sunday with sunny spells in the morning and light showers in the "
    "afternoon. Highs will reach 17 degrees with a gentle southerly wind. Overnight lows will drop to 9 "
    "degrees, the weather service said.",
)
CASES_A = (
    "Twelve new cases of measles in Varland",
    "Twelve new cases of measles were confirmed in Varland over the past day, the regional health department "
    "said on Monday. The number of patients since the start of the outbreak has risen to 214. Nine people "
    "are being treated in hospital, two of them in intensive care. Doctors called on parents to have their "
    "children vaccinated.",
)
CASES_B = (
    "Measles: 31 new cases confirmed in Ostmark region",
    "In the Ostmark region 31 new cases of measles were confirmed over the past day, according to the regional "
    "health department. Since the start of the outbreak 498 patients have been registered. Seventeen people "
    "are in hospital, one of them in intensive care. The department called on parents to have their children "
    "vaccinated.",
)
