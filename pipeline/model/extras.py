"""How to install what an extra brings, for the message where it is missed."""

import json
import shlex
import sys
from importlib import metadata
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pipeline.model.errors import SettingsError

_CHECKOUT = Path(__file__).resolve().parents[2]


def install_command(extra: str) -> str:
    """The command that installs an extra of newsfold into this Python, from where newsfold itself came: a folder, an archive, an index."""
    source, is_editable = _source()
    if not source:
        where = f"newsfold[{extra}]"
    else:
        where = f"{source}[{extra}]" if source.startswith("/") else f"newsfold[{extra}] @ {source}"
    return shlex.join([sys.executable, "-m", "pip", "install", *(["-e"] if is_editable else []), where])


def without_explorer(error: ImportError) -> SettingsError:
    """What to say where the packages of the explorer are not installed."""
    said = f"the explorer needs the extra [explorer], {error.name} is missing: {install_command('explorer')}"
    return SettingsError(said)


def _source() -> tuple[str, bool]:
    """The folder or URL that newsfold was installed from, and whether it runs from there; empty where it came from an index."""
    try:
        found = metadata.distribution("newsfold").read_text("direct_url.json")
    except metadata.PackageNotFoundError:  # it runs from a checkout that nobody installed
        return (str(_CHECKOUT), True) if (_CHECKOUT / "pyproject.toml").is_file() else ("", False)
    said = json.loads(found or "{}")
    url = str(said.get("url", ""))
    if not url.startswith("file:"):
        return url, False
    path = unquote(urlsplit(url).path)
    return (path, bool(said.get("dir_info", {}).get("editable"))) if Path(path).exists() else ("", False)
