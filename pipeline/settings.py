"""The settings, read once at the edge: command line over environment (`NEWSFOLD_…`) over `newsfold.toml` over defaults.

Stages never see this object; they get numbers. The settings that change results have a digest, and every manifest
keeps it.
"""

import difflib
import hashlib
import json
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from pipeline.landing import columns as names_of_columns
from pipeline.model.errors import SettingsError
from pipeline.store import outlets_file, uris
from pipeline.store.lease import LEASE_SECONDS

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from pydantic_core import ErrorDetails

_PREFIX, _FILE = "NEWSFOLD_", "newsfold.toml"
_RESULT = {"changes_results": True}
NO_FILE = "none"  # the digest of the outlets' file where there is none
_MORE_WITH_HEADLINES = 0.026  # see docs/measurements/stories.md


class _File(TomlConfigSettingsSource):
    """`newsfold.toml`. A byte order mark, which TOML does not allow and some editors write, counts for nothing."""

    def _read_file(self, file_path: "Path | Traversable") -> dict[str, Any]:
        return tomllib.loads(file_path.read_bytes().decode("utf-8-sig"))


class Settings(BaseSettings):
    """The settings of a run. Frozen; unknown names in `newsfold.toml` are refused."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix=_PREFIX, toml_file=_FILE, validate_default=True
    )

    # Neither has a default: newsfold writes only where it was told to. Empty means "not given" (see day.landing_zone.resolve).
    landing: Annotated[
        str,
        Field(
            description="Where raw documents are delivered: a folder or s3://bucket/prefix. "
            "If left out, the landing zone that the warehouse remembers.",
            validate_default=False,
        ),
    ] = ""
    warehouse: Annotated[
        str,
        Field(
            description="Where tables are published: a folder or s3://bucket/prefix.", validate_default=False
        ),
    ] = ""
    engine: Annotated[Literal["embedded", "spark"], Field(description="What runs the stages.")] = "embedded"
    master: Annotated[
        str,
        Field(
            description="The Spark master: local[N], spark://…, yarn, k8s://…, or sc://… (Connect). "
            "If empty, the one of spark-submit or of Spark's own configuration."
        ),
    ] = ""
    near_mb: Annotated[
        int,
        Field(
            ge=0,
            le=1024,
            description="With Spark, tables of at most so many MB stay on the driver; 0 sends all to the cluster.",
        ),
    ] = 16  # see engines/near_and_far.py
    workers: Annotated[
        int, Field(ge=0, le=256, description="How many workers run in parallel; 0 for one per processor.")
    ] = 0

    window_days: Annotated[
        int,
        Field(
            ge=1,
            le=90,
            description="How many earlier days a day is compared with.",
            json_schema_extra=_RESULT,
        ),
    ] = 14
    copy_threshold: Annotated[
        float,
        Field(
            gt=0,
            le=1,
            description="The least similarity of a near copy to its origin.",
            json_schema_extra=_RESULT,
        ),
    ] = 0.5
    story_threshold: Annotated[
        float,
        Field(
            gt=0,
            le=1,
            description="The least similarity of an article to its story.",
            json_schema_extra=_RESULT,
        ),
    ] = 0.24  # see docs/decisions/0002-joining-a-story.md
    languages: Annotated[
        bool,
        Field(
            description="Whether stories are joined across languages, by the headlines, with a model that "
            "the extra languages brings.",
        ),
    ] = False
    min_words: Annotated[
        int, Field(ge=1, description="A text with fewer words is rejected.", json_schema_extra=_RESULT)
    ] = 8
    outlets: Annotated[
        str,
        Field(
            description="A CSV file, or s3://bucket/path, that says whose outlets are: domain, outlet, owner, country, kind, "
            "is_agency. It counts by its content.",
            validate_default=False,
        ),
    ] = ""
    keep_days: Annotated[
        int, Field(ge=0, description="How many of the newest days keep their texts; 0 for all of them.")
    ] = 0
    keep_changes_days: Annotated[
        int,
        Field(
            ge=1,
            description="How many days `newsfold gc` leaves in the feed of changes; who reads it less often loads everything.",
        ),
    ] = 90
    extractor: Annotated[
        Literal["trafilatura", "resiliparse"],
        Field(
            description="How article text is found: trafilatura is more accurate, resiliparse is 1.5 times faster.",
            json_schema_extra=_RESULT,
        ),
    ] = "trafilatura"
    columns: Annotated[
        str,
        Field(
            description="What the fields of JSON lines and Parquet are called, besides the names that are known anyway: "
            "name=field, or one of " + ", ".join(names_of_columns.PROFILES) + ", with commas between them.",
            json_schema_extra=_RESULT,
        ),
    ] = ""
    max_document_bytes: Annotated[
        int, Field(ge=1024, description="A larger document is rejected.", json_schema_extra=_RESULT)
    ] = 20_000_000  # trafilatura's own limit; the largest real news page seen is 3 MB
    max_nodes: Annotated[
        int, Field(ge=100, description="A page with more nodes is rejected.", json_schema_extra=_RESULT)
    ] = 200_000
    max_depth: Annotated[
        int, Field(ge=50, description="A page with deeper nesting is rejected.", json_schema_extra=_RESULT)
    ] = 2_000
    # Far above what the caps before allow a document to need, so these take effect only when a machine is in trouble.
    max_cpu_seconds: Annotated[
        int, Field(ge=1, description="The most CPU time that the parser may use for one document.")
    ] = 60
    max_memory_mb: Annotated[
        int, Field(ge=256, description="The most memory that the parser may use for one document.")
    ] = 2_048

    lease_seconds: Annotated[
        float,
        Field(
            gt=0,
            description="On S3: a lock whose holder shows no sign of life for so long is taken over.",
        ),
    ] = LEASE_SECONDS

    @field_validator("*", mode="before")
    @classmethod
    def _no_truth(cls, value: Any, info: ValidationInfo) -> Any:
        # `window_days = true` would mean a window of one day.
        if isinstance(value, bool) and info.field_name != "languages":
            raise ValueError("give a value, not true or false")
        return value

    @field_validator("landing", "warehouse", "outlets")
    @classmethod
    def _place(cls, uri: str, info: ValidationInfo) -> str:
        if not uri.strip():  # for example, because a variable of a script is not set
            raise ValueError(f"empty; unset {_PREFIX}{str(info.field_name).upper()} to leave it out")
        return uris.parse(uri)

    @field_validator("columns")
    @classmethod
    def _names(cls, setting: str) -> str:
        names_of_columns.parse(setting)
        return setting

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is the library's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is the library's
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _File(settings_cls)

    @property
    def n_workers(self) -> int:
        return self.workers or len(os.sched_getaffinity(0))

    @property
    def least_story_score(self) -> float:
        """The least similarity of an article to its story: with `languages`, more by what headlines of different events add."""
        return round(self.story_threshold + (_MORE_WITH_HEADLINES if self.languages else 0.0), 6)

    def results_digest(self) -> str:
        """16 hex digits: a digest of every setting that changes results, but for the outlets' file."""
        fields = type(self).model_fields
        chosen = {n: getattr(self, n) for n, f in fields.items() if f.json_schema_extra == _RESULT}
        if self.languages:  # off, the digest stays what it was before there was this setting
            chosen["languages"] = True
        return hashlib.blake2b(json.dumps(chosen, sort_keys=True).encode(), digest_size=8).hexdigest()

    def outlets_digest(self) -> str:
        """16 hex digits: a digest of the outlets' file by its content, or NO_FILE."""
        if not self.outlets:
            return NO_FILE
        return hashlib.blake2b(outlets_file.read(self.outlets), digest_size=8).hexdigest()


# Variables that are not settings of a run: no stage, table or digest depends on them. What each is for:
_AIRFLOW = {  # read by the DAGs and their tasks; docs/operations.md shows how to use them
    "POOL": "the pool of the tasks that make days",
    "PYTHON": "another Python, for the tasks that need an engine",
    "QUALITY": "whether an unusual day stops: warn or stop",
    "RETRY_SECONDS": "how long a task waits before its second try",
    "SOURCES": "the sources' file: what is harvested",
    "WINDOW": "whether earlier days that are not fresh stop: go_on or fail",
}
_DEVELOPMENT = {  # read by tests and benchmarks
    "DATA": "where labelled data is",
    "TOOLS": "where the maker of corpora is",
    "SCRATCH": "where benchmarks keep their corpora",
    "MATRIX": "the kill matrix kills at every n-th step",
    "MATRIX_FROM": "the first step at which it kills",
    "SEED": "the seed of the repair sequences",
    "SEQUENCES": "how many repair sequences are tried",
    "TEST_COMPILED": "where a test notes each compilation",
    "TEST_KILL": "where a test says which process to kill",
    "TEST_MASTER": "the Spark master of the tests",
    "TORTURE_SECONDS": "how long readers are tried while days are replaced",
}


def _is_ours(variable: str) -> bool:
    return variable.upper().startswith(_PREFIX)  # settings may be written in upper or lower case


def unknown_variables(environment: Mapping[str, str]) -> list[str]:
    """One line for each `NEWSFOLD_…` that nothing reads, with the most similar known name, if there is one."""
    known = {*map(str.upper, Settings.model_fields), *_AIRFLOW, *_DEVELOPMENT}
    found = {name: name[len(_PREFIX) :].upper() for name in sorted(environment) if _is_ours(name)}
    return [
        f"{name} is not a setting: ignored{_meant(asked, known, _PREFIX)}"
        for name, asked in found.items()
        if asked not in known
    ]


def _meant(asked: str, known: Iterable[str], prefix: str = "") -> str:
    meant = difflib.get_close_matches(asked, sorted(known), 1)
    return f"; did you mean {prefix}{meant[0]}?" if meant else ""


def load(**flags: Any) -> Settings:
    """The settings; flags that are None count as not given.

    Raises SettingsError that names each bad value and where it was given: the option, the variable, or the file and the line.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    if Path(_FILE).is_dir():
        raise SettingsError(f"{_FILE} is a folder: settings are read from a file of that name")
    try:
        return Settings(**given)
    except tomllib.TOMLDecodeError as error:
        said, _, place = str(error).partition(" (at line ")
        line = place.partition(",")[0]
        raise SettingsError(f"{_FILE}:{line}: {said}" if line else f"{_FILE}: {said}") from None
    except UnicodeDecodeError as error:
        n_line = error.object.count(b"\n", 0, error.start) + 1
        raise SettingsError(
            f"{_FILE}:{n_line}: not UTF-8: {error.object[error.start : error.end]!r}"
        ) from None
    except ValidationError as error:
        raise SettingsError("; ".join(_bad(e, given) for e in error.errors())) from None


def _bad(error: "ErrorDetails", given: Mapping[str, Any]) -> str:
    """What is wrong with one setting, and where it was given."""
    name = str(error["loc"][0])
    where = _named_where(name, given)
    if error["type"] != "extra_forbidden":
        said = error["msg"].removeprefix("Value error, ")
        within = "".join(f".{part}" for part in error["loc"][1:])
        return f"{where}{within}: {said} (got {error['input']!r})"
    if isinstance(error["input"], dict):
        return f"{where}: settings stand in no table; leave [{name}] out"
    return f"{where}: there is no such setting{_meant(name.lower().replace('-', '_'), Settings.model_fields)}"


def _named_where(name: str, given: Mapping[str, Any]) -> str:
    """A setting as it is named where it has its value from, in the order in which they win."""
    if name in given:
        return f"--{name.replace('_', '-')}"
    variable = next((v for v in os.environ if v.upper() == f"{_PREFIX}{name.upper()}"), None)
    if variable:
        return variable
    with suppress(OSError):
        key = re.compile(rf"\s*(?:\[\s*)*[\"\']?{re.escape(name)}[\"\']?\s*[=.\]]")
        for n, line in enumerate(Path(_FILE).read_text(encoding="utf-8-sig").splitlines(), 1):
            if key.match(line):
                return f"{_FILE}:{n}: {name}"
    return name
