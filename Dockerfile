# newsfold twice, each from a lock whose every pin is one that the tests run with: with Airflow (the target `airflow`, the default), and
# with Spark, for the profile of that name. Airflow and PySpark stay apart: see docs/spark.md.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/newsfold
WORKDIR /src
COPY requirements-airflow.lock ./
RUN /opt/newsfold/bin/pip install --require-hashes -r requirements-airflow.lock
COPY pyproject.toml README.md ./
COPY pipeline ./pipeline
COPY seeds ./seeds
RUN /opt/newsfold/bin/pip install --no-deps . \
 && /opt/newsfold/bin/python -m compileall -q /opt/newsfold/lib \
 && /opt/newsfold/bin/newsfold warm

FROM python:3.11-slim-bookworm AS build-spark
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/newsfold
WORKDIR /src
COPY requirements-spark.lock ./
RUN /opt/newsfold/bin/pip install --require-hashes -r requirements-spark.lock
COPY pyproject.toml README.md ./
COPY pipeline ./pipeline
COPY seeds ./seeds
RUN /opt/newsfold/bin/pip install --no-deps . \
 && /opt/newsfold/bin/python -m compileall -q /opt/newsfold/lib \
 && /opt/newsfold/bin/newsfold warm

# Master, workers and drivers are one image, so that all have the same Python, newsfold and pyarrow: bytes depend on them.
FROM python:3.11-slim-bookworm AS spark
RUN apt-get update \
 && apt-get install --yes --no-install-recommends openjdk-17-jre-headless procps \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 50000 --gid 0 --create-home newsfold \
 && mkdir -p /opt/spark/work /opt/spark/numba && chown -R 50000:0 /opt/spark
COPY --from=build-spark /opt/newsfold /opt/newsfold
ENV PATH=/opt/newsfold/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYSPARK_PYTHON=/opt/newsfold/bin/python \
    NUMBA_CACHE_DIR=/opt/spark/numba
WORKDIR /opt/spark
USER 50000:0
CMD ["newsfold", "--help"]

FROM python:3.11-slim-bookworm AS airflow
RUN apt-get update \
 && apt-get install --yes --no-install-recommends curl \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 50000 --gid 0 --create-home newsfold \
 && mkdir -p /opt/airflow/logs /opt/airflow/secrets /opt/airflow/numba \
 && chown -R 50000:0 /opt/airflow && chmod -R g=u /opt/airflow
COPY --from=build /opt/newsfold /opt/newsfold
COPY --chown=50000:0 dags /opt/airflow/dags
COPY --chown=50000:0 plugins /opt/airflow/plugins
# No part of the installed package: `python -m deploy.compose` finds it in the working folder.
COPY --chown=50000:0 deploy /opt/airflow/deploy
ENV PATH=/opt/newsfold/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/airflow/dags \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    NUMBA_CACHE_DIR=/opt/airflow/numba
WORKDIR /opt/airflow
USER 50000:0
ENTRYPOINT ["airflow"]
CMD ["version"]
