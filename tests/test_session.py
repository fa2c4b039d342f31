"""A Spark session: what it says at once where Spark would say it after minutes, and what jobs are called."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pyspark")

from pipeline.engines.choose import open_engine
from pipeline.engines.session import _brief
from pipeline.model.errors import NewsfoldError, SettingsError
from pipeline.settings import load
from tests import clusters


def test_without_java_it_says_so_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))

    with pytest.raises(SettingsError, match="Spark needs Java 17 or later"):
        open_engine(load(engine="spark", master="local[2]"))


@pytest.mark.parametrize("master", ["nonsense", "local[2", "http://host:7077"])
def test_what_is_no_master_is_refused(master: str) -> None:
    with pytest.raises(SettingsError, match="is no Spark master; use local"):
        open_engine(load(engine="spark", master=master))


def test_a_connect_server_that_is_not_there_is_one_line() -> None:
    """Not ten minutes of Spark's retries."""
    with pytest.raises(NewsfoldError, match="no Spark Connect server answers at sc://127"):
        open_engine(load(engine="spark", master=f"sc://127.0.0.1:{clusters.free_port()}"))


JAVA = """An error occurred while calling o23.sessionState.
: org.apache.spark.SparkException: Could not parse Master URL
\tat org.apache.spark.SparkContext$.createTaskScheduler(SparkContext.scala:3217)
Caused by: java.net.UnknownHostException: nowhere.example
\tat java.base/java.net.InetAddress.getAllByName(InetAddress.java:1505)
"""


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (RuntimeError(JAVA), "Caused by: java.net.UnknownHostException: nowhere.example"),
        (RuntimeError("\n  no such gateway \nsecond line\n"), "no such gateway"),
        (RuntimeError(""), "RuntimeError"),
    ],
)
def test_an_error_of_sparks_is_told_in_the_line_that_says_what_is_wrong(error: Exception, line: str) -> None:
    """Of a page of Java, the last cause; else the first line, or at least what was raised."""
    assert line == _brief(error)


@pytest.mark.spark
@pytest.mark.parametrize(
    ("stated", "partitions"), [("", "8 4 8 62"), ("--conf spark.sql.shuffle.partitions=3", "3 3 3 3")]
)
def test_a_shuffle_has_as_many_partitions_as_cores_and_rows_need_unless_spark_is_told(
    monkeypatch: pytest.MonkeyPatch, stated: str, partitions: str
) -> None:
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", f"{stated} pyspark-shell")
    code = (
        "from pipeline.engines.session import open_session\n"
        "from pipeline.engines.shuffles import Shuffles\n"
        "found = Shuffles(open_session('local[2]'))\n"
        "print(found.most(), *map(found.of, (1_000, 20_000, 1_000_000)), sep=' ')"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert partitions == done.stdout.splitlines()[-1]
