"""The kinds of lines that stand in and around an article."""

from enum import Enum, auto


class LineKind(Enum):
    """What a line is, judged without its context."""

    TEXT = auto()  # whatever is nothing else
    LABEL = auto()  # a button, a counter, a breadcrumb, tags
    STAMP = auto()  # only the time of publication, or how long the text takes to read
    DATE = auto()  # only a date: a stamp, or a heading in a chronicle
    CREDIT = auto()  # the credit of a picture or a source, or a caption that ends in one
    BYLINE = auto()
    TEASER = auto()  # names another article
    TEASER_HEADING = auto()  # stands over the names of other articles
    SECTION_TEASER = auto()  # the same, if no text follows
    CONTACT = auto()  # a number or an address, at the end of a text
    ENDING = auto()  # stands over what does not belong to the article
    SIGN_OFF = auto()  # names the agencies and editors who contributed
    APPEAL = auto()  # subscribe, donate, accept
    DOUBTFUL_APPEAL = auto()  # the same, if it stands where appeals do
