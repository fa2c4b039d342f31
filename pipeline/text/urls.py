"""Which address identifies an article.

Two addresses of one article should be equal here, and those of two articles must not: a folded pair of
articles is lost for good, an unfolded pair of addresses is found again by its text. So everything that is cut
is on a list of exact names; nothing is cut because it looks like something.
"""

import re
import string
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, unquote, unquote_to_bytes, urljoin, urlsplit

from pipeline.text import scripts

_MAX_CHARS = 4096  # longer ones are data, redirects or accidents, and no browser's history keeps them
_MAX_ROUNDS = 5  # an AMP address within an AMP address; more is a loop


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_HOST_LABELS = ("www.", "m.", "mobile.", "amp.")
_HOST = r"[a-z0-9.\-]+\.[a-z][a-z0-9\-]*[a-z0-9]"
_AMP_CACHE = re.compile(rf"/(?:[a-z]+/)?(?:s/)?({_HOST}(?::\d+)?(?:[/?].*)?)$", re.IGNORECASE)
_AMP_CACHE_HOSTS = (".cdn.ampproject.org", ".bing-amp.com")
_AMP_VIEWER = re.compile(rf"/amp/(?:s/)?({_HOST}(?:[/?].*)?)$", re.IGNORECASE)
_TURBO = re.compile(rf"/({_HOST})/(?:[hs])(/.*)$", re.IGNORECASE)
_GOOGLE = re.compile(r"(?:www\.|news\.)?google\.[a-z.]{2,6}")
# Hosts and paths that lead on to the address in a parameter, and its names, the first that is there.
_REDIRECTORS = {
    "facebook.com/l.php": ("u",),
    "l.facebook.com/l.php": ("u",),
    "lm.facebook.com/l.php": ("u",),
    "l.instagram.com": ("u",),
    "out.reddit.com": ("url",),
    "t.umblr.com/redirect": ("z",),
    "vk.com/away.php": ("to",),
    "youtube.com/redirect": ("q",),
    "getpocket.com/redirect": ("url",),
    "duckduckgo.com/l": ("uddg",),
    "slack-redir.net/link": ("url",),
    "yandex.ru/turbo": ("text",),
}
_GOOGLE_REDIRECTOR = ("q", "url", "imgrefurl")
_SAFE_LINKS = ".safelinks.protection.outlook.com"
_HAS_SLUG = re.compile(
    r"[0-9\-_]|\.[a-z]{3,5}$|%[0-9A-F]{2}", re.IGNORECASE
)  # a last step that names an article

# Parameters that say where a reader came from. A name that some system uses for its articles (`id`, `p`, `cid`,
# `sid`, `uid`, `ref`, `source`) is not here.
_TRACKING_PREFIXES = (
    "utm_",
    "mtm_",
    "piwik_",
    "hsa_",
    "vero_",
    "oly_",
    "wt_mc",
    "wt.mc",
    "at_link",
    "at_custom",
)
_TRACKING = _names(
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid li_fat_id igshid igsh epik "
    "mc_cid mc_eid _ga _gl _hsenc _hsmi __hssc __hstc __hsfp hsctatracking mkt_tok __s cmpid cmp ocid smid smtyp ncid "
    "xtor s_cid ito icid intcmp int_source ns_mchannel ns_source ns_campaign ns_linkname ns_fee spm sfnsn mibextid "
    "pk_campaign pk_kwd pk_keyword pk_source pk_medium pk_content at_medium at_campaign at_format at_bbc_team "
    "guccounter guce_referrer guce_referrer_sig __twitter_impression twsrc ref_src ref_url cvid dicbo srnd ftag "
    "trkcampaign trkinfo share_source fb_action_ids fb_action_types fb_source fb_ref "
    "amp amp_js_v amp_gsa amp_r usqp phpsessid jsessionid"
)
# Names that may identify, with values that cannot.
_AMBIGUOUS = frozenset(
    {"ref", "referrer", "referer", "source", "src", "from", "via", "output", "outputtype", "cid"}
)
_ORIGINS = _names(
    "rss rssfeed feed feeds atom xml amp twitter x facebook fb instagram whatsapp telegram linkedin reddit pinterest "
    "email e-mail mail newsletter nl google googlenews google_news news_google flipboard apple applenews smartnews "
    "upday push pushnotification app android ios mobile home homepage hp startseite share social sharebar"
)
_UNRESERVED = frozenset(string.ascii_letters + string.digits + "-._~")  # RFC 3986, 2.3
_PLACEHOLDERS = ("{", "}", "%7b", "%7d", "undefined", "[object")


@lru_cache(maxsize=1_000)  # a page is asked for the same few addresses again and again
def canonicalise(url: str) -> str | None:
    """The address that identifies what stands under `url`; None when `url` is no web address.

    https for http; host in lower case and ASCII, without www, m, mobile, amp (unless it is nothing without them)
    and without default port; AMP addresses give the page's own; no tracking parameters, no fragment (but `#!`),
    no trailing slash; one way of percent-encoding; parameters sorted by name. Path and values keep their case.
    Idempotent.
    """
    current = url
    for _ in range(_MAX_ROUNDS):
        folded = _fold(current)
        if folded is None or folded == current:
            return folded
        current = folded
    return None


def choose_canonical(url: str | None, rel_canonical: str | None) -> str | None:
    """The canonical address of the page found under `url` that states `rel_canonical` (rel=canonical or og:url).

    What the page states counts when it is on the same site and neither the front page nor a section of it: some
    outlets state one address for all their pages.
    """
    own = canonicalise(url) if url else None
    stated = canonicalise(resolve(url, rel_canonical))
    if stated is None or is_front(stated):
        return own
    if own is None:
        return stated
    if site_of(own) != site_of(stated) or _is_section_of(stated, own):
        return own
    return stated


def credited_address(url: str | None, rel_canonical: str | None) -> str | None:
    """The article of another site that the page found under `url` states as its canonical address: whose text it is; else None."""
    own, stated = (canonicalise(url) if url else None), canonicalise(resolve(url, rel_canonical))
    if own is None or stated is None or is_front(stated) or site_of(own) == site_of(stated):
        return None
    return stated if "." in (domain_of(stated) or "") else None


def domain_of(url: str | None) -> str | None:
    """The host of a web address in lower case, without www, m, mobile and amp."""
    if not url:
        return None
    parts = _split(url)
    return _fold_host(parts.hostname or "") or None if parts else None


def site_of(url: str) -> str | None:
    """The registrable domain (public suffix list), or the host where there is none."""
    parts = _split(url)
    host = (parts.hostname or "") if parts else ""
    return (_registrable(host) or host) or None


def is_public_suffix(host: str) -> bool:
    """Whether anybody may register a name under a host: co.uk, github.io."""
    found = _suffix_of(host)
    return found is not None and found.fld == found.tld


def _fold(url: str) -> str | None:
    parts = _split(url)
    if parts is None:
        return None
    host = _ascii_host(parts.hostname or "")
    inner = _led_to(host, parts) or _within_amp(host, parts)
    if inner is not None:
        return inner
    host = _fold_host(host)
    if not host:
        return None
    try:
        port = parts.port
    except ValueError:
        return None
    netloc = host if port in {None, 80, 443} else f"{host}:{port}"
    path = _fold_path(parts.path)
    query = _fold_query(parts.query)
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    return (
        f"https://{netloc}{path}"
        + (f"?{query}" if query else "")
        + (f"#{_encode(fragment)}" if fragment else "")
    )


def _split(url: str) -> SplitResult | None:
    return _split_cached(url) if len(url) <= _MAX_CHARS else _split_once(url)


def _split_once(url: str) -> SplitResult | None:
    text = url.strip().replace("\\", "/")
    text = scripts.printable(text)
    if not text or len(text) > _MAX_CHARS:
        return None
    if text.startswith("//"):
        text = "https:" + text
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:  # a bracket that is no IPv6 address
        return None
    return parts if parts.scheme in {"http", "https"} and host and not host.startswith(".") else None


_split_cached = lru_cache(maxsize=100)(_split_once)  # of one page's links and addresses


def _ascii_host(host: str) -> str:
    host = host.lower().rstrip(".")
    if host.isascii():
        return f"[{host}]" if ":" in host else host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return quote(host, safe="")


def _fold_host(host: str) -> str:
    host = _ascii_host(host.strip("[]"))
    while label := next((x for x in _HOST_LABELS if host.startswith(x)), None):
        if _registrable(host[len(label) :]) is None:  # www.gov.uk, m.co, amp.dev
            return host
        host = host[len(label) :]
    return host


@lru_cache(maxsize=20_000)
def _registrable(host: str) -> str | None:
    """The part of `host` that somebody registered; None for a public suffix, an address in figures, a single name."""
    found = _suffix_of(host) if host else None
    return str(found.fld) if found is not None and found.fld != found.tld else None


def _suffix_of(host: str) -> Any:
    """What the public suffix list says of a host; None where it has nothing."""
    from tld import get_tld  # reads the list that comes with it

    return get_tld(f"https://{host}/", as_object=True, fail_silently=True, search_private=True)


def _within_amp(host: str, parts: SplitResult) -> str | None:
    """The page's own address inside an address of an AMP cache or viewer; viewers may have its query encoded."""
    path, query = _with_query(parts.path, parts.query)
    whole = path + (f"?{query}" if query else "")
    if host.endswith(_AMP_CACHE_HOSTS) or host == _AMP_CACHE_HOSTS[0][1:]:
        found = _AMP_CACHE.match(whole)
    elif _GOOGLE.fullmatch(host) or host in {"www.bing.com", "bing.com"}:
        found = _AMP_VIEWER.match(whole)
    elif host.endswith(".turbopages.org"):
        turbo = _TURBO.match(whole)
        return f"https://{turbo[1]}{turbo[2]}" if turbo else None
    else:
        return None
    return f"https://{found[1]}" if found else None


def _with_query(path: str, query: str) -> tuple[str, str]:
    """A path and its query, where the query's question mark is encoded in the path."""
    path, _, encoded = re.sub("%3f", "%3F", path).partition("%3F")
    return path, "&".join(filter(None, (unquote(encoded), query)))


def _led_to(host: str, parts: SplitResult) -> str | None:
    """The address to which a redirector leads, if its own address says so."""
    if _GOOGLE.fullmatch(host) and parts.path in {"/url", "/imgres"}:
        names: tuple[str, ...] = _GOOGLE_REDIRECTOR
    elif host.endswith(_SAFE_LINKS):
        names = ("url",)
    else:
        names = _REDIRECTORS.get(host.removeprefix("www.") + parts.path.rstrip("/"), ())
    if not names:
        return None
    stated = dict(parse_qsl(parts.query))
    inner = next((stated[name] for name in names if name in stated), "")
    return inner if inner.lower().startswith(("https://", "http://")) else None


def _fold_path(path: str) -> str:
    path = re.sub(r";jsessionid=[^/?;]*", "", path, flags=re.IGNORECASE)
    steps: list[str] = []
    for step in _encode(path).split("/"):
        if step == "..":
            steps[1:] = steps[1:-1]
        elif step != ".":
            steps.append(step)
    return _without_amp("/" + "/".join(steps).strip("/"))


def _without_amp(path: str) -> str:
    """The path without the step or ending that asks for the AMP version, if what is left still names an article."""
    lowered = path.lower()
    candidates = []
    if lowered.endswith(("/amp", ".amp")):
        candidates.append(path[:-4])
    if lowered.endswith((".amp.html", "/amp.html")):
        candidates.append(path[:-9] + (".html" if lowered.endswith(".amp.html") else ""))
    if lowered.startswith("/amp/"):
        candidates.append(path[4:])
    return next(
        (c.rstrip("/") for c in candidates if _HAS_SLUG.search(c.rstrip("/").rpartition("/")[2])), path
    )


def _fold_query(query: str) -> str:
    kept = []
    for pair in query.split("&"):
        name, equals, value = pair.partition("=")
        if name and not is_tracking(_decode(name).lower(), _decode(value).lower()):
            kept.append((_encode(name), equals, _encode(value)))
    return "&".join(name + equals + value for name, equals, value in sorted(kept, key=lambda k: k[0]))


def is_tracking(name: str, value: str) -> bool:
    """Whether a parameter, both parts decoded and in small letters, says where a reader came from and nothing of the page."""
    if name in _TRACKING or name.startswith(_TRACKING_PREFIXES):
        return True
    return name in _AMBIGUOUS and value in _ORIGINS


def _encode(text: str) -> str:
    """One spelling of a percent-encoded text: what needs no encoding has none, the rest in capitals (RFC 3986, 6.2.2)."""
    return re.sub(r"(?:%[0-9a-fA-F]{2})+|%|[^%]+", _encode_run, text)


def _encode_run(found: re.Match[str]) -> str:
    run = found[0]
    if run == "%":
        return "%25"
    if run[0] != "%":
        return quote(run, safe="/:@!$&'()*+,;=-._~[]|", errors="replace")
    return "".join(
        chr(byte) if chr(byte) in _UNRESERVED else f"%{byte:02X}" for byte in unquote_to_bytes(run)
    )


def _decode(text: str) -> str:
    return unquote_to_bytes(text).decode("utf-8", "replace")


def resolve(base: str | None, stated: str | None) -> str:
    """What is stated as an address on the page at `base`, whole; empty when it is none or a template that was not filled in."""
    stated = (stated or "").strip()
    if not stated or any(mark in stated.lower() for mark in _PLACEHOLDERS):
        return ""
    if base and "://" not in stated and stated[0] not in "/?#." and _begins_with_host(base, stated):
        stated = "https://" + stated
    try:
        return urljoin(base or "", stated)
    except ValueError:
        return ""


def _begins_with_host(base: str, stated: str) -> bool:
    """Whether an address without a scheme begins with a host of the site of `base`: "example.com/news/a-1"."""
    first = stated.partition("/")[0]
    site = site_of(base) or ""
    return "." in first and "." in site and (first.lower() == site or first.lower().endswith("." + site))


def is_front(canonical: str) -> bool:
    """Whether a canonical address is that of a site, or of an edition of it, not of an article. Something that is not an address is not a front page either."""
    parts = _split(canonical)
    if parts is None:
        return False
    if parts.query and any(c.isdigit() for c in parts.query):
        return False
    is_root = parts.path == "/"
    return is_root or (not parts.query and _FRONT.fullmatch(parts.path) is not None)


_FRONT = re.compile(r"/(?:[a-z]{2}(?:[-_][a-z]{2})?|(?:[a-z]{2}/)?(?:index|home|default)(?:\.\w+)?)")


def _is_section_of(stated: str, own: str) -> bool:
    """Whether what is stated is only a folder above the page, with a name that is no headline's slug."""
    above, below = urlsplit(stated), urlsplit(own)
    last = above.path.rpartition("/")[2]
    is_above = below.path.startswith(above.path + "/") and not above.query
    return is_above and not any(c.isdigit() for c in last) and last.count("-") < 2
