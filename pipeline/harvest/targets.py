"""Which addresses may be asked. The number that a socket would connect to is judged, never how it is spelt.

`is_global` of the standard library alone does not do: it lets multicast and site-local addresses pass, and looks into none of the forms
in which an IPv6 address holds one of IPv4.
"""

import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urljoin, urlsplit

Number = IPv4Address | IPv6Address

_PORTS = {"http": 80, "https": 443}
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"  # RFC 1035: of 63 characters at most, and none is empty
_HOST = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*")
_LIKE_A_NUMBER = re.compile(
    r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)"
)  # WHATWG: the last part decides that a host is one of IPv4
_AS_SENT = "%/:=&?~+!$,;'@()*[]-._"  # characters of a path and a query that go out as they came; the rest is escaped, none unescaped
_UNICAST = IPv6Network("2000::/3")  # all that is given out for the public network
_MAPPED, _NAT64 = IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR, _TEREDO = IPv6Network("2002::/16"), IPv6Network("2001::/32")
_RELAYS = "192.88.99."  # 6to4's anycast relays, given up by RFC 7526: nobody knows where they lead


class UnsafeAddressError(Exception):
    """An address that is not to be asked; says why."""


@dataclass(frozen=True)
class Target:
    """An address, taken apart: `host` in ASCII and lower case, IPv6 without brackets; `path` with the query, as it is sent."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """What the field Host says: the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port: what has its own robots.txt."""
        return f"{self.scheme}://{self.authority}"

    @property
    def address(self) -> str:
        return self.origin + self.path


def target_of(address: str) -> Target:
    """The parts of an http or https address; raises UnsafeAddressError for another scheme, user info, or a host that is no plain name.

    A host that is a number has to be spelt as everybody spells it: what is octal, hexadecimal or shortened means to deceive.
    """
    try:
        parts = urlsplit(address.strip())
        scheme, port = parts.scheme.lower(), parts.port
        path = quote(parts.path or "/", safe=_AS_SENT)
        if parts.query or address.partition("#")[0].endswith("?"):
            path += "?" + quote(parts.query, safe=_AS_SENT)
    except ValueError as error:  # half of a surrogate pair, too, which JSON can hold and UTF-8 can't
        raise UnsafeAddressError(f"no address: {error}") from None
    if scheme not in _PORTS:
        raise UnsafeAddressError(f"scheme {scheme or 'missing'}")
    if port == 0:
        raise UnsafeAddressError("port 0")
    if "@" in parts.netloc or "\\" in parts.netloc:
        raise UnsafeAddressError("user info in the address")
    return Target(scheme, _host(parts.hostname or ""), _PORTS[scheme] if port is None else port, path)


def next_target(target: Target, location: str) -> Target:
    """Where a redirect leads; raises UnsafeAddressError as `target_of` does. Servers send letters as UTF-8, fields are read as Latin-1."""
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode()
    try:
        return target_of(urljoin(target.address, location.strip()))
    except ValueError as error:
        raise UnsafeAddressError(f"no address: {error}") from None


def number_of(host: str) -> Number | None:
    """The number that a host of `Target` is, if it is one."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_outside(number: Number) -> bool:
    """Whether a number is one of the public network: not of this machine, its own network, its provider's, or of a group."""
    number = _unpacked(number)
    if isinstance(number, IPv4Address):
        return number.is_global and not number.is_multicast and not str(number).startswith(_RELAYS)
    return number in _UNICAST and number.is_global and not number.is_multicast and number not in _TEREDO


def permitted(target: Target, numbers: Collection[Number], allow_hosts: Collection[str]) -> list[Number]:
    """Those of a host's numbers that may be connected to: all where the host is allowed by its name, else those outside.

    Raises UnsafeAddressError where none is left.
    """
    allowed = {_plain(host) for host in allow_hosts}
    found = [number for number in numbers if target.host in allowed or is_outside(number)]
    if not found:
        raise UnsafeAddressError(f"{target.host} is inside: {', '.join(map(str, numbers)) or 'no number'}")
    return found


def _plain(host: str) -> str:
    return host.strip("[] ").rstrip(".").lower()


def _host(host: str) -> str:
    host = host.rstrip(".").lower()
    if ":" in host:
        number = number_of(host)
        if number is None or "%" in host:  # a zone is of this machine alone
            raise UnsafeAddressError(f"no number: {host}")
        return str(number)
    if not host.isascii():
        host = _in_ascii(host)
    if _LIKE_A_NUMBER.fullmatch(host) and number_of(host) is None:
        raise UnsafeAddressError(f"a number in an odd spelling: {host}")
    if not _HOST.fullmatch(host):
        raise UnsafeAddressError(f"no host: {host[:80]!r}")
    return host


def _in_ascii(host: str) -> str:
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except UnicodeError as error:  # all that idna raises, and what Python's own codecs do
        raise UnsafeAddressError(f"no host: {error}") from None


def _unpacked(number: Number) -> Number:
    """The IPv4 number that one of IPv6 leads to, if it does."""
    if isinstance(number, IPv4Address):
        return number
    if (
        number in _MAPPED or number in _NAT64 or int(number) >> 32 == 0
    ):  # the last: "compatible", ::1 and :: among them
        return IPv4Address(int(number) & 0xFFFFFFFF)
    if number in _SIX_TO_FOUR:
        return IPv4Address(int(number) >> 80 & 0xFFFFFFFF)
    return number
