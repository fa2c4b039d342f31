"""What an id looks like, and how long what is asked for may be: the same for pages, API and agents."""

ID = "^[0-9a-f]{32}$"
PUBLICATION = "^[0-9a-f]{16}$"
CURSOR_CHARACTERS = 400  # ours have less than 200
WORDS_CHARACTERS = 300  # a long sentence
OUTLET_CHARACTERS = 300  # names of domains have at most 253
LANGUAGE_CHARACTERS = 20  # ISO 639-1, or a longer tag that finds nothing
