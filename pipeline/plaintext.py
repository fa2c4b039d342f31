"""A document delivered as plain text: what it says about itself, and its body."""

import datetime as dt
from collections.abc import Mapping

from pipeline import urls
from pipeline.metadata import Description


def read_text(text: str, hints: Mapping[str, object], day: dt.date) -> tuple[Description, str]:
    """Describe a plain-text document and return its body, one paragraph a line."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    lines = [line for line in lines if line]
    url = hints.get("url")
    canonical = urls.choose_canonical(url if isinstance(url, str) else None, None)
    title = hints.get("title")
    described = Description(
        url=url if isinstance(url, str) else None,
        canonical_url=canonical,
        domain=urls.domain_of(canonical),
        outlet=hints["outlet"] if isinstance(hints.get("outlet"), str) else None,  # type: ignore[arg-type]
        title=title if isinstance(title, str) else None,
    )
    return described, "\n".join(lines)
