"""Into how many partitions Spark deals rows: as many as the cores can use and the rows need.

Spark's own default, 200, is for no cluster and no size in particular: two cores ran 200 tasks for a day of 75 pages.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from pyspark.sql import SparkSession, functions

PARTITIONS = "spark.sql.shuffle.partitions"
_A_CORE = 4  # some are larger than others, so that all cores end together; each costs some 50 ms of Python even when it is empty
LEAST_ROWS = 256  # of a partition: a task costs some 10 ms, as does a row of the dearest stages
# Of a partition: a text has some 60 buckets, so these are a million rows of 32 bytes, which one worker holds and sorts.
_MOST_ROWS = 16_384
_MANY = 1 << 20  # numbers, of which each core gets some


def n_partitions(n_rows: int, most: int) -> int:
    """For what follows from so many rows: `most` are enough for all cores, but none is to have too many rows, nor too few."""
    return max(1, min(most, -(-n_rows // LEAST_ROWS)), -(-n_rows // _MOST_ROWS))


class Shuffles:
    """How many partitions a session's shuffles have. What Spark's own settings say holds; else it follows from cores and rows."""

    def __init__(self, spark: SparkSession) -> None:
        self._spark = spark
        stated = spark.conf.get(PARTITIONS, None)
        self._stated = int(stated) if stated else None
        self._cores = 0

    def most(self) -> int:
        """Of rows of whatever number: enough for all cores that there are now."""
        return self._stated or _A_CORE * self._n_cores()

    def of(self, n_rows: int | None) -> int:
        """Of what follows from so many rows; None where these are not known."""
        return self.most() if self._stated or n_rows is None else n_partitions(n_rows, self.most())

    @contextmanager
    def dealt(self, n_rows: int | None) -> Iterator[None]:
        """Within it, a job of the session deals its rows into so many."""
        if self._stated:
            yield
            return
        self._spark.conf.set(PARTITIONS, str(self.of(n_rows)))
        try:
            yield
        finally:
            self._spark.conf.unset(PARTITIONS)

    def _n_cores(self) -> int:
        """Those of the executors that have come; over Connect, of when it was first asked."""
        if "connect" not in type(self._spark).__module__:
            return int(self._spark.sparkContext.defaultParallelism)
        if not self._cores:
            of_core = self._spark.range(_MANY).select(functions.spark_partition_id().alias("core"))
            self._cores = 1 + int(of_core.agg(functions.max("core")).toArrow().column(0)[0].as_py())
        return self._cores
