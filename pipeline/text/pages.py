"""Which page an address names, and what the address alone says about it."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.arrow import Array, is_in, texts
from pipeline.text import scripts

# Parameters under which systems keep their articles: a value with a digit is an article's number.
_PARAMETERS = re.compile(
    r"(?:^|&)(?:id|p|aid|nid|sid|oid|(?:art|article|story|news|doc|content|item|node|post)_?id)=([\w-]*\d[\w-]*)",
    re.IGNORECASE,
)
_SIGNS = scripts.pattern(r"[\W_]+")
_ENDING = re.compile(r"\.[a-z]{3,5}$", re.IGNORECASE)
_PARTS = re.compile(r"[-_.,]")
_STEP = re.compile(r"\d{3,}")  # a step of the path that is a number and nothing else
# Beside a headline, shorter numbers are of its matter.
_IN_SLUG = re.compile(r"[a-z]{0,3}\d{5,}", re.IGNORECASE)
# Numbers in letters and digits: systems give them ten places and more, and no word has three digits.
_CODE = re.compile(r"(?=[a-z0-9]*[a-z])(?:[a-z]*\d){3}[a-z0-9]*", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_PIECE = re.compile(r"[0-9a-z]+")
_DATE = re.compile(r"(?:19|20)\d\d(?:(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?)?")


def page_of(address: str) -> str:
    """The page that a canonical address names: site and article's number, whatever the slug; without a number, the address."""
    number = article_number(address)
    site = address.split("/", 3)[2:3]  # nothing where it is no address
    return " ".join([*site, number]) if number else address


def runs_of(pages: Array) -> Array:
    """The runs of letters and digits in the articles' numbers of some pages."""
    numbers = (page.rpartition(" ")[2] for page in texts(pages))
    found = {run for number in numbers if "/" not in number for run in _PIECE.findall(number)}
    return pa.array(sorted(found), pa.string())


def may_be_of(addresses: Array, pages: Array, runs_asked: Array) -> Array:
    """Whether each address may name one of these pages, a hundred times cheaper than `page_of`, which is to judge those that may.

    Of an address in ASCII each run of letters and digits in its article's number is a run of the address; `runs_asked` are those
    of the pages, `runs_of` gives them.
    """
    runs = pc.split_pattern_regex(pc.ascii_lower(addresses), "[^0-9a-z]+")
    is_asked = is_in(runs.flatten(), runs_asked)
    found = np.zeros(len(addresses), bool)
    found[pc.list_parent_indices(runs).filter(is_asked).to_numpy()] = True
    is_other = pc.or_(is_in(addresses, pages), pc.invert(pc.string_is_ascii(addresses)))
    return pc.or_(pa.array(found), is_other)


def article_number(address: str) -> str | None:
    """The number or code under which a site keeps the article at a canonical address; it does not hang on the headline.

    Years and dates are none, nor are short numbers within a slug.
    """
    path, query = _path_and_query(address)
    if query and (found := _PARAMETERS.search(query)):
        return found[1].lower()
    if not any(map(str.isdigit, path)):
        return None
    steps = path.split("/")[-2:]
    return next((number for step in reversed(steps) if (number := _in_step(_ENDING.sub("", step)))), None)


def _in_step(step: str) -> str | None:
    if found := _UUID.search(step):
        return found[0].lower()
    if _STEP.fullmatch(step):
        return None if _DATE.fullmatch(step) else step
    parts = _PARTS.split(step)
    for part in (parts[-1], parts[0]):
        is_code = len(part) >= 10 and _CODE.fullmatch(part)
        if (is_code or _IN_SLUG.fullmatch(part)) and not _DATE.fullmatch(part):
            return part.lower()
    return None


def words_of(address: str) -> str:
    """The words in the path of an address, with a space between."""
    return " ".join(_SIGNS.split(_path_and_query(address)[0])).strip().casefold()


def _path_and_query(address: str) -> tuple[str, str]:
    """Of whatever was delivered as an address: the standard library's parser raises on broken hosts."""
    path, _, query = address.split("/", 3)[-1].partition("?")
    return path, query
