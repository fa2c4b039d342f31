"""What `newsfold init` writes: a folder to start from, with every setting and what it means."""

import json
from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pipeline.settings import Settings
from pipeline.text.outlets import COLUMNS

_PLACES = {"landing": "landing", "warehouse": "warehouse"}
_HEAD = """\
# Settings of newsfold: read from the folder in which newsfold is started. The environment (NEWSFOLD_LANDING, …) wins over this
# file, and an option on the command line over both. A line that begins with # shows a default.
"""
_LANDING = """\
Put the raw documents of each UTC day into a folder here: day=2026-03-05/
.html, .txt, .jsonl, .json, .warc, .wet and .parquet, in sub-folders or not, also compressed. Then, when the day is over:

    newsfold run --day 2026-03-05
"""
_NOTE = "_README.txt"  # names that begin with _ are passed over
_OUTLETS = "outlets.csv"


def write(folder: Path) -> list[tuple[str, bool]]:
    """Make the settings file, the landing zone and the file of outlets in a folder; what is there stays. Returns each path, and whether
    it was written.
    """
    files = {
        "newsfold.toml": settings_file(),
        f"{_PLACES['landing']}/{_NOTE}": _LANDING,
        _OUTLETS: ",".join(COLUMNS) + "\n",
    }
    return [(str(folder / name), _write(folder / name, text)) for name, text in files.items()]


def _write(path: Path, text: str) -> bool:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return False
    return True


def settings_file(model: type[BaseModel] = Settings) -> str:
    """Every setting with its meaning and its default, as TOML; the two places, which have none, are set."""
    parts = [_entry(name, field) for name, field in model.model_fields.items()]
    return "\n".join([_HEAD, *parts])


def _entry(name: str, field: FieldInfo) -> str:
    default = field.get_default(call_default_factory=True, validated_data={})
    if name in _PLACES:
        line = f"{name} = {_toml(_PLACES[name])}"
    elif name == "outlets":
        line = f"# {name} = {_toml(_OUTLETS)}"
    elif default is None:  # which TOML cannot say
        line = f"# {name}: not set"
    else:
        line = f"# {name} = {_toml(default)}"
    extra = field.json_schema_extra
    note = (
        "  (changes results: days become stale)"
        if isinstance(extra, dict) and extra.get("changes_results")
        else ""
    )
    return f"# {field.description}{note}\n{line}\n"


def _toml(value: object) -> str:
    """A value as TOML 1.0 has it, on one line. Raises TypeError for one that it has not."""
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value)
        case str():  # JSON escapes the same, but parts characters beyond U+FFFF in two, and lets a delete character stand
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case list() | tuple():
            return f"[{', '.join(map(_toml, value))}]"
        case dict():
            return f"{{{', '.join(f'{_toml(key)} = {_toml(one)}' for key, one in value.items())}}}"
        case _:
            raise TypeError(f"{value!r}: TOML has no such value")
