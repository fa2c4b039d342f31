"""Templates to HTML: everything is escaped, links lead only to http and https, addresses begin where the explorer is mounted."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.explorer import pictures
from pipeline.explorer.pair import below
from pipeline.explorer.rejects import meaning
from pipeline.explorer.story import role_of

_TITLE = 240  # characters of a headline on a list; what is longer is no headline


def page(request: Request, name: str, status: int = 200, **values: Any) -> HTMLResponse:
    """One page; `values` are what its template prints."""
    root = request.scope.get("root_path", "")

    def at(path: str, **query: Any) -> str:
        given = {key: value for key, value in query.items() if value not in (None, "")}
        return f"{root}{quote(path, safe='/')}" + (f"?{urlencode(given)}" if given else "")

    template = environment().get_template(f"{name}.html")
    return HTMLResponse(template.render(at=at, here=name, query=_query(request), **values), status)


def _query(request: Request) -> Mapping[str, str]:
    return {key: value for key, value in request.query_params.items() if value and key != "cursor"}


@cache
def environment() -> Environment:
    made = Environment(
        loader=PackageLoader("pipeline.explorer"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "number": lambda n: "–" if n is None else f"{n:,}",
        "percent": lambda share: "–" if share is None else f"{share:.0%}",
        "figure": lambda value: "–" if value is None else f"{value:.3f}",
        "short": short,
        "first_words": lambda lead: f"“{short(lead, 90)}”" if lead else "No headline",
        "outward": outward,
        "iso": lambda moment: moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "utc": lambda moment: moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "day": lambda day: f"{day:%A} {day.day} {day:%B %Y}" if isinstance(day, date) else day,
        "bytes": size,
        "role": role_of,
        "lag": lag,
        "words": lambda name: str(name).replace("_", " "),
        "meaning": meaning,
        "below": below,
        "is_time": lambda value: isinstance(value, datetime),
    }
    made.globals |= {"pictures": pictures}
    return made


def short(text: str | None, most: int = _TITLE) -> str:
    """A text on one line, cut where it is too long for a list."""
    line = " ".join((text or "")[: most * 4].split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def outward(url: str | None) -> str | None:
    """The address of a link that leads out; None for what is not http or https with a host."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    is_safe = parts.scheme in {"http", "https"} and parts.hostname and (url or "").isprintable()
    return url if is_safe and len(url or "") < 2_000 else None


def size(n_bytes: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if n_bytes < 1000:
            return f"{n_bytes:.0f} {unit}" if unit == "B" else f"{n_bytes:.1f} {unit}"
        n_bytes /= 1000
    return f"{n_bytes:.1f} TB"


def lag(minutes: int | None) -> str:
    """A delay in words."""
    if minutes is None:
        return "unknown"
    hours, rest = divmod(abs(minutes), 60)
    said = f"{hours} h {rest:02} min" if hours else f"{rest} min"
    return f"−{said}" if minutes < 0 else said


@cache
def static(name: str) -> bytes | None:
    """One of the files that the package ships; None for any other name."""
    known = {"explorer.css", "explorer.js", "icon.svg"}
    return (files("pipeline.explorer") / "static" / name).read_bytes() if name in known else None
