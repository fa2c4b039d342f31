"""The kinds of lines that stand in and around an article."""

from enum import Enum, auto


class LineKind(Enum):
    """What a line is by itself."""

    TEXT = auto()  # nothing says otherwise
    LABEL = auto()  # a button, a counter, a breadcrumb, tags
    STAMP = auto()  # only when it was published, or how long it takes to read
    DATE = auto()  # only a date: a stamp, or a heading in a chronicle
    CREDIT = auto()  # of a picture or a source, or a picture's caption with it
    BYLINE = auto()
    TEASER = auto()  # names another article
    TEASER_HEADING = auto()  # stands over the names of other articles
    ENDING = auto()  # stands over what is no part of the article
    SIGN_OFF = auto()  # says which agencies and editors had a hand in it
    APPEAL = auto()  # subscribe, donate, accept
    DOUBTFUL_APPEAL = auto()  # the same, if it stands where appeals do
