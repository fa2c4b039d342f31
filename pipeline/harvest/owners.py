"""The sources as a file of outlets (`text/outlets.py`): whose the pages of a domain are. A user reads it, and may add to it."""

import csv
import io
from collections import defaultdict

from pipeline.harvest.sources import Source, Sources
from pipeline.text.urls import domain_of

_COLUMNS = ("domain", "outlet", "owner", "country")


def outlets_csv(sources: Sources) -> str:
    """A line for each domain of a source, sorted. A host at which several outlets have feeds belongs to none of them; a comment
    says so.

    The domains of a source are those that it states, or else the hosts of its addresses.
    """
    claims: dict[str, dict[str, Source]] = defaultdict(dict)
    for source in sources.sources:
        for domain in domains_of(source):
            claims[domain].setdefault(source.outlet, source)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for domain, claimed in sorted(claims.items()):
        stating = {name: source for name, source in claimed.items() if source.domains} or claimed
        if len(stating) == 1:
            ((name, source),) = stating.items()
            writer.writerow((domain, name, source.owner or "", source.country or ""))
        else:
            text.write(
                f"# {domain}: feeds of {', '.join(sorted(stating))}; state `domain` in their sources\n"
            )
    return text.getvalue()


def domains_of(source: Source) -> list[str]:
    """The domains of a source's pages: stated, or the hosts of its addresses. Archives are at nobody's host."""
    if source.domains:
        return [domain.removeprefix("www.") for domain in source.domains]
    listed = (*source.feeds, *source.sitemaps, *source.pages, *source.lists)
    return list(dict.fromkeys(filter(None, map(domain_of, listed))))
