"""What a host's robots.txt permits (RFC 9309), over protego: which answer means what, and for how long it holds."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from protego import Protego

MAX_BYTES = 512 << 10  # RFC 9309: at least 500 KiB are read
MAX_REDIRECTS = 5  # RFC 9309: at least five are followed
HELD = timedelta(days=1)  # RFC 9309: no answer is used for longer

_AGENT = re.compile(r"(?i)(user[- ]?agent)[ \t]*:?[ \t]*(.*)")
_TOKEN = re.compile(r"[A-Za-z_-]+")
_COMMENT = re.compile(r"#.*")
_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


@dataclass(frozen=True)
class Robots:
    """One answer: `text` of the rules without comments; None where nothing may be asked, because the answer could not be had."""

    text: str | None
    fetched_at: datetime

    @cached_property
    def _rules(self) -> Protego:
        return Protego.parse(self.text or "")

    def holds(self, now: datetime) -> bool:
        """Whether it need not be asked for again: for a day, and never where it could not be had (then until the run ends)."""
        return self.text is not None and self.fetched_at <= now < self.fetched_at + HELD

    def allows(self, address: str, token: str) -> bool:
        return self.text is not None and self._rules.can_fetch(address, token)

    def delay_seconds(self, token: str) -> float:
        """The seconds between two requests that are asked for; 0 where none are."""
        return (self._rules.crawl_delay(token) or 0.0) if self.text else 0.0

    def sitemaps(self) -> list[str]:
        return list(self._rules.sitemaps) if self.text else []


def read_robots(status: int, body: bytes, token: str, now: datetime) -> Robots:
    """What an answer says to the robot of that token: rules; nothing is forbidden (4xx); or all is, since it can't be told (5xx, 429)."""
    if 200 <= status < 300:
        return Robots(_plain(body, token), now)
    if status == 429 or status >= 500:
        return unreachable(now)
    return Robots("", now)


def unreachable(now: datetime) -> Robots:
    """What holds where no answer came: nothing is asked."""
    return Robots(None, now)


def token_of(user_agent: str) -> str:
    """The product token by which rules address a user agent."""
    found = _TOKEN.match(user_agent)
    return found[0].lower() if found else "newsfold"


def _plain(body: bytes, token: str) -> str:
    """The lines that say something. Marks of byte order go first: protego would lose the group that follows one."""
    text = body[:MAX_BYTES].decode("utf-8", "replace").replace("\0", "").lstrip(_MARK)
    lines = (_COMMENT.sub("", line).strip() for line in text.splitlines())
    return "\n".join(_addressed(line, token) for line in lines if line)


def _addressed(line: str, token: str) -> str:
    """A group is ours only if it names our whole token: protego takes a group of `news` for one of `newsfold`."""
    if not (found := _AGENT.fullmatch(line)):
        return line
    name = _TOKEN.match(found[2])
    if found[2].strip() == "*":
        return "User-agent: *"
    return f"User-agent: {token if name and name[0].lower() == token else 'another'}"
