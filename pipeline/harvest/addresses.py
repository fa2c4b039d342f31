"""The address of a page out of what a feed, a sitemap or a list has for one."""

from urllib.parse import urljoin, urlsplit

from pipeline.text.markup import address as cleaned

_MAX_CHARS = 4096  # as in `text/urls.py`; longer ones are data


def page_address(base: str, stated: str) -> str | None:
    """What is stated as an address, whole and as delivered, without what stands around it; None where it is not an
    http or https address.

    Entities that were escaped once too often are undone: no address has `&amp;` in it.
    """
    return web_address(base, cleaned(stated))


def web_address(base: str, stated: str) -> str | None:
    """An address against its base, as it stands; None where it is not an http or https address."""
    if not stated:
        return None
    try:
        whole = urljoin(base, stated)
        parts = urlsplit(whole)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:  # a bracket that is no IPv6 address
        return None
    return whole if is_web and len(whole) <= _MAX_CHARS else None


def is_absolute(stated: str) -> bool:
    """Whether an identifier is an http or https address by itself."""
    return stated.strip()[:8].lower().startswith(("http://", "https://"))
