"""The address by which a page is asked for and known: as it was listed, without what says where a reader came from."""

from urllib.parse import unquote_plus, urlsplit, urlunsplit

from pipeline.text.urls import is_tracking


def asked_address(listed: str) -> str:
    """The address without campaign parameters and fragment, scheme and host in small letters; else as it is, byte for byte.

    What is no address stays what it is: whoever asks for it refuses it.
    """
    try:
        parts = urlsplit(listed.strip())
    except ValueError:
        return listed
    if not parts.netloc:
        return listed
    fragment = (
        parts.fragment if parts.fragment.startswith("!") else ""
    )  # #! names a page (as in text/urls.py)
    query = "&".join(pair for pair in parts.query.split("&") if not _is_tracking(pair))
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path, query, fragment))


def _is_tracking(pair: str) -> bool:
    name, _, value = pair.partition("=")
    return is_tracking(unquote_plus(name).lower(), unquote_plus(value).lower())
