"""Made-up news for `showcase.py`: events that several newsrooms report in their own words, and small items of one newsroom."""

# Each event: the day on which it begins, then its reports: how many hours later, a headline, paragraphs. The first one is copied by others.
EVENTS: list[tuple[int, list[tuple[int, str, list[str]]]]] = [
    (
        1,
        [
            (
                6,
                "Ferry Nordkap runs aground off Landego with 212 aboard",
                [
                    "The coastal ferry Nordkap ran aground in thick fog off Landego early on Friday with 212 passengers on board, the harbour office in Bodo said. Nobody was seriously hurt.",
                    "Captain Liv Hagerup told the coast radio that the rudder had not answered since the ship left the harbour of Moskenes. The crew dropped both anchors, but the current pushed the ferry onto a shoal two hundred metres from the shore.",
                    "Fishing boats from Givaer and two rescue ships took the passengers to Bodo, where the town opened the sports hall as a shelter. Eleven people were treated for bruises and cold.",
                    "The Nordkap, built in 1998, had its yearly inspection in January. The accident board sent two investigators and asked the shipping line Vestfjord Rederi for the records of the steering gear.",
                    "Divers found no leak in the tanks, which hold ninety cubic metres of diesel. A tug is to pull the ferry free at the next spring tide.",
                ],
            ),
            (
                3,
                "‘We heard the anchor chain run’: passengers on the night of the Nordkap",
                [
                    'Marte Solli was asleep on deck five when the anchor chain of the Nordkap ran out. "Then came a knock as if we had hit a wall," the student from Leknes told us in the sports hall of Bodo.',
                    "Like the other passengers of the ferry she waited two hours in the saloon with a life jacket on. Captain Liv Hagerup walked from table to table and explained what had happened to the rudder.",
                    "The boats from Givaer were there before the rescue ships, says fisherman Odd Kjelvik, who took thirty people off at Landego. The sea was calm, and that was their luck.",
                    "Vestfjord Rederi promised to pay for hotels and travel. Many passengers left for Moskenes on Saturday by the express boat.",
                ],
            ),
            (
                9,
                "Steering gear of Vestfjord ferry had been repaired twice",
                [
                    "The rudder of the ferry Nordkap, aground off Landego since Friday, was repaired twice this winter, according to papers of the yard in Harstad that this newspaper has seen.",
                    "In December a pump of the steering gear lost oil, in February a valve was replaced. Vestfjord Rederi confirms both, and says that the classification society had approved the work.",
                    "Captain Liv Hagerup had reported a slow rudder in Moskenes on Wednesday, two people with knowledge of the log say. The accident board would not comment.",
                    "The union of seamen asks why the ferry sailed in fog with a pump that had failed before. Two sister ships of the Nordkap are to be inspected this week.",
                ],
            ),
            (
                30,
                "Tug frees the Nordkap from the shoal at Landego",
                [
                    "At high water on Saturday the tug Boreas pulled the ferry Nordkap off the shoal near Landego. The ship is now moored in Bodo, where the accident board examines its rudder.",
                    "Divers saw scratches along forty metres of the hull but no hole, the harbour office said. No diesel was lost.",
                    "Vestfjord Rederi wants to send the ferry to the yard in Harstad on Tuesday. The express boat takes over its timetable between Moskenes and Bodo until then.",
                    "Captain Liv Hagerup and her officers were heard as witnesses. Investigators expect a first report in four weeks.",
                ],
            ),
        ],
    ),
    (
        2,
        [
            (
                7,
                "Baltic Pulp to buy Norrland Timber for 2.4 billion kronor",
                [
                    "Shareholders of Norrland Timber approved the sale of the company to Baltic Pulp for 2.4 billion kronor on Saturday. More than four fifths of the votes were for it.",
                    "The combined group will own eleven sawmills and employ about nine thousand people in Sweden and Estonia. Its headquarters stay in Sundsvall.",
                    "Chief executive Maja Lindqvist said no mill would close before 2029 and that the name Norrland Timber would be kept.",
                    "A rival bid from the Finnish firm Karhu Paper had been withdrawn on Monday after its lenders refused. The competition authority in Stockholm has until September to decide.",
                ],
            ),
            (
                4,
                "Unions want Maja Lindqvist's word on the sawmills in writing",
                [
                    "Trade unions asked Baltic Pulp on Saturday to put in writing what its chief executive Maja Lindqvist had said about the eleven sawmills of Norrland Timber.",
                    '"A sentence at a meeting of shareholders pays no wages," said Torsten Ekblad of the woodworkers in Sundsvall. He fears for the mills at Ramsele and Hoting.',
                    "Norrland Timber has cut wood on the river since 1871. Karhu Paper, whose bid had failed on Monday, would have closed three mills, according to its own prospectus.",
                ],
            ),
            (
                6,
                "What the Norrland deal means for the price of wood",
                [
                    "After the sale of Norrland Timber, two groups will buy more than half of all spruce north of Sundsvall. Owners of forests expect lower offers from Baltic Pulp.",
                    "Economist Helga Brandt of the school in Umea compares the deal with the merger of the Estonian mills in 2019, after which the price of pulpwood fell by eight percent.",
                    "Baltic Pulp rejects that. Chief executive Maja Lindqvist points to contracts of Norrland Timber with four thousand owners, which run until 2030.",
                    "The competition authority could ask for the sale of sawmills. Karhu Paper is said to be interested in Ramsele.",
                ],
            ),
        ],
    ),
    (
        4,
        [
            (
                5,
                "River Lenne floods Altena, four hundred homes cut off",
                [
                    "The river Lenne burst its banks near Altena after two days of rain and cut off four hundred homes on Monday. The district declared an emergency.",
                    "Firefighters used boats to reach a retirement home where sixty people had moved to the upper floor.",
                    "The council opened a sports hall as a shelter and asked people to stay away from the dyke road.",
                    "Engineers said the Biggetal reservoir was full and that they would have to let water out before night.",
                    "Rail traffic between Hagen and Siegen stopped because a bridge pier had been undercut by the current.",
                ],
            ),
            (
                5,
                "A night in the gymnasium of Altena",
                [
                    "Pensioners in Altena spent Monday night in a gymnasium after the Lenne had flooded their home. Ilse Brinkmann, 91, had taken only her coat and the cage with her canary.",
                    'Firefighters had come by boat, she says, "and were as polite as waiters". The cellar with the kitchen of the retirement home is full of mud.',
                    "The Biggetal reservoir will be opened tonight, and commuters to Siegen should expect no trains this week.",
                ],
            ),
            (
                26,
                "Biggetal reservoir opened: the Lenne rises again",
                [
                    "Engineers opened the gates of the Biggetal reservoir on Tuesday, and the Lenne rose by another thirty centimetres in Altena. The dyke road is under water.",
                    "The four hundred homes that were cut off on Monday have power again, the district said. Soldiers filled twelve thousand sandbags.",
                    "The railway expects that the bridge pier between Hagen and Siegen can carry trains again in three weeks.",
                ],
            ),
        ],
    ),
    (
        6,
        [
            (
                8,
                "Vera telescope finds water on comet that leaves the solar system",
                [
                    "Astronomers in Chile pointed the Vera telescope at a comet that is leaving the solar system and found water, the observatory in La Serena said on Wednesday.",
                    "The object, named C/2031 K2, passed within forty million kilometres of Jupiter in January.",
                    "Its tail holds more carbon monoxide than that of any comet measured before, said Ines Carrasco, who leads the team.",
                    "Amateurs with small instruments can see it low in the western sky shortly after sunset this week.",
                ],
            ),
            (
                3,
                "Ines Carrasco's comet: how a failed mirror led to a find",
                [
                    "If the small mirror of the Vera telescope had not jammed in March, nobody would have looked at C/2031 K2, says Ines Carrasco in the canteen of La Serena.",
                    "Her team used the spare hours and took two hundred pictures of the comet. The line of water stood out in all of them.",
                    "The carbon monoxide tells of a birth far out, where it is colder than at Jupiter. Carrasco's paper goes to the referees this week.",
                ],
            ),
        ],
    ),
    (
        7,
        [
            (
                6,
                "Tram drivers in Porto Velmar strike over night shifts",
                [
                    "Tram drivers in Porto Velmar stopped work for a day on Thursday in a dispute over night shifts. Nine of eleven lines stood still, the operator Velmar Transit said.",
                    "The union Carril wants eleven hours of rest between two shifts, as the law has asked for since 2024. Velmar Transit offers ten, and a bonus.",
                    "Mayor Paula Quintela called on both to accept a mediator. Line 4 to the hospital was driven by volunteers.",
                    "Talks go on at the Palace of Labour on Monday.",
                ],
            ),
            (
                2,
                "Without trams, Porto Velmar walks",
                [
                    "On the bridge of Santa Ovaia one heard steps on Thursday morning instead of bells. Nine tram lines of Velmar Transit stood still, and Porto Velmar walked.",
                    '"I have slept four hours between two shifts", says driver Xoan Lema, a member of Carril, in front of the depot. Velmar Transit speaks of exceptions.',
                    "Taxi fares doubled before noon, and mayor Paula Quintela came to the town hall by bicycle.",
                ],
            ),
        ],
    ),
]
# Small items: a headline with its first sentence, then one of the second and of the third sentences. In braces: a place, a person, a number.
ITEMS = [
    (
        "{place} library stays open longer",
        "From this week on the library of {place} stays open until ten, as {n} readers had asked.",
    ),
    (
        "{place} school gets a new roof",
        "The school in {place} gets a roof of slate this summer after {n} days of rain in the music room.",
    ),
    (
        "Bakery in {place} closes after {n} years",
        "The bakery at the church of {place} bakes for the last time on Saturday, after {n} years.",
    ),
    (
        "Swimmers of {place} win the cup",
        "With {n} points the swimmers of {place} won the cup of the district.",
    ),
    (
        "Old mill in {place} becomes a museum",
        "The mill below {place}, {n} years old, is to become a museum of water.",
    ),
    (
        "{place} plants {n} lime trees",
        "Volunteers planted {n} lime trees along the road that leads to {place}.",
    ),
    (
        "Choir of {place} looks for tenors",
        "The choir of {place} has {n} voices and hardly a tenor among them.",
    ),
    (
        "Stork returns to {place}",
        "On the chimney of the brewery in {place} the stork is back, {n} days earlier than last spring.",
    ),
    (
        "Bridge of {place} closed to lorries",
        "Lorries of more than {n} tonnes may not cross the bridge of {place} until June.",
    ),
    (
        "Beekeepers of {place} count their losses",
        "Beekeepers around {place} lost {n} swarms in a mild January.",
    ),
    (
        "Chess club of {place} in the final",
        "After {n} moves on the last board the chess club of {place} stood in the final.",
    ),
    (
        "Night market of {place} ends in rain",
        "Rain ended the night market of {place} when {n} lanterns had been sold.",
    ),
    ("New bus line to {place}", "A bus goes to {place} every {n} minutes from Monday."),
    ("Skaters of {place} get a hall", "The council of {place} voted for a hall of ice with {n} seats."),
    (
        "Fire in a barn near {place}",
        "A barn near {place} burnt down with {n} bales of straw, and nobody was hurt.",
    ),
    (
        "Theatre in {place} plays without light",
        "The theatre of {place} played for {n} people by candles after a cable had failed.",
    ),
    (
        "{place} digs up a Roman oven",
        "Diggers of a sewer in {place} met an oven that is {n} centimetres wide and Roman.",
    ),
    ("Teacher from {place} runs to the sea", "In {n} hours a teacher from {place} ran to the sea."),
]
SECOND = [
    "{name}, who thought of it, expects doubters and wants to look at the figures in a year.",
    "It was {name} who noticed first, on the way to the dentist.",
    "According to {name} of the building office the money is there, but not the builders.",
    "The family {name} has been asked whether it would lend a hand and a tractor.",
    "{name} speaks of luck; neighbours speak of eleven winters of patience.",
    "A petition by {name} had found more signatures than there are voters in the village.",
    "Without the pensioner {name}, who keeps the keys, nothing would have come of it.",
    "Mayor {name} cut a ribbon that somebody had ordered in the wrong colour.",
    '"I would do it again tomorrow", says {name}, and asks for a dry pair of socks.',
    "For {name} it is the second try since the storm took the first one away.",
    "The newspaper reached {name} by telephone in a caravan on the coast.",
    "{name} keeps a list of all who helped, and reads it aloud on Fridays.",
    "An inspector named {name} looked at everything twice and found one loose screw.",
    "Older people remember that the grandmother of {name} had proposed the same.",
    "The insurance pays a part, {name} the rest, and the brass band plays for nothing.",
    "{name} has written a song about it that has more verses than listeners.",
]
THIRD = [
    "Pupils will report on it in their own newspaper.",
    "The council votes on the matter after the holidays.",
    "Whoever wants to come should bring a chair.",
    "A second attempt is planned when the weather allows it.",
    "Parking is to be had behind the dairy, and nowhere else.",
    "The neighbouring village has announced that it will do better.",
    "Donations are taken at the pharmacy.",
    "On the radio somebody called it the event of the decade.",
    "The bill of the electrician has not come yet.",
    "Dogs are welcome, drones are not.",
    "A plaque will name everybody except the architect.",
    "The photographer of this paper fell into the brook and is well.",
    "Coffee and cake were gone within the hour.",
    "Experts from the university doubt it, as they doubted the last time.",
]
SYLLABLES = (
    "al",
    "bren",
    "cas",
    "dor",
    "el",
    "fin",
    "gor",
    "hest",
    "iv",
    "jar",
    "kvit",
    "lor",
    "mun",
    "nes",
    "ost",
    "pel",
    "quen",
    "ras",
    "sol",
    "tam",
    "ull",
    "vik",
    "wen",
    "yst",
    "zan",
)
FIRST_NAMES = (
    "Anja",
    "Bruno",
    "Cecile",
    "Dario",
    "Edda",
    "Farid",
    "Greta",
    "Hugo",
    "Irena",
    "Jonas",
    "Kaisa",
    "Luis",
)
