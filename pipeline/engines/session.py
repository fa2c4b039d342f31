"""A Spark session: how it is opened, why it cannot be, and how Spark's own pages name its jobs."""

import os
import re
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from pyspark.sql import SparkSession

from pipeline.engines.engine import PIECE_ROWS, doing
from pipeline.model.errors import NewsfoldError, SettingsError


def open_session(master: str) -> SparkSession:
    """A session on `master`: local[N], spark://…, yarn, k8s://…, or sc://… for Spark Connect; empty: as spark-submit or Spark's own files say.

    Raises SettingsError when there is no such master or no Java, NewsfoldError when Spark does not start.
    """
    refuse_hopeless(master)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("newsfold")
    if master.startswith("sc://"):
        builder = builder.remote(master)
    elif master:
        builder = builder.master(master)
    if master.startswith("local"):
        builder = builder.config("spark.driver.host", "127.0.0.1")
    try:
        spark = builder.getOrCreate()
    except Exception as error:  # Spark's, gRPC's, Py4J's: there is no common one
        raise NewsfoldError(
            f"Spark did not start on {master or 'its default master'}: {_brief(error)}"
        ) from error
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(PIECE_ROWS))
    return spark


def refuse_hopeless(master: str) -> None:
    """Raise SettingsError or NewsfoldError at once, and in one line, where Spark would fail after minutes or with a page of text."""
    if not re.match(r"(local(\[.+\])?|yarn|(spark|k8s|sc)://.+|)$", master):
        raise SettingsError(
            f"master: {master!r} is no Spark master; use local[N], spark://host:port, yarn, k8s://…, sc://host:port"
        )
    if master.startswith("sc://"):
        server = urlsplit(master)
        try:
            with socket.create_connection((server.hostname or "", server.port or 15002), timeout=10):
                return
        except OSError as error:
            raise NewsfoldError(f"no Spark Connect server answers at {master}: {error}") from None
    home = os.environ.get("JAVA_HOME")
    if not shutil.which("java", path=f"{home}/bin" if home else None):
        raise SettingsError(
            f"engine: Spark needs Java 17 or later, which is not {f'in {home} (JAVA_HOME)' if home else 'on PATH'}; "
            "only --master sc://… works without it"
        )


def _brief(error: Exception) -> str:
    """The line of an error that says what is wrong; of a Java error, the last cause."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    causes = [line for line in lines if "Exception" in line and not line.startswith("at ")]
    return (causes or lines)[-1 if causes else 0].removeprefix(": ")


@contextmanager
def named(spark: SparkSession) -> Iterator[None]:
    """Give Spark's jobs the name of what is being done: stage and day."""
    name = doing.get()
    spark.addTag(name)
    if "connect" not in type(spark).__module__:  # there the tag is all there is
        spark.sparkContext.setJobDescription(name)
    try:
        yield
    finally:
        spark.removeTag(name)
