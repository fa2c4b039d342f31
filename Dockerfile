# newsfold with Airflow, one image for every service of docker-compose.yml. Built from a lock whose every pin is one that the tests run with.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/newsfold
WORKDIR /src
COPY requirements-airflow.lock ./
RUN /opt/newsfold/bin/pip install --require-hashes -r requirements-airflow.lock
COPY pyproject.toml README.md ./
COPY pipeline ./pipeline
RUN /opt/newsfold/bin/pip install --no-deps . \
 && /opt/newsfold/bin/python -m compileall -q /opt/newsfold/lib

FROM python:3.11-slim-bookworm
RUN apt-get update \
 && apt-get install --yes --no-install-recommends curl \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 50000 --gid 0 --create-home newsfold \
 && mkdir -p /opt/airflow/logs /opt/airflow/secrets /opt/airflow/numba \
 && chown -R 50000:0 /opt/airflow && chmod -R g=u /opt/airflow
COPY --from=build /opt/newsfold /opt/newsfold
COPY --chown=50000:0 dags /opt/airflow/dags
COPY --chown=50000:0 plugins /opt/airflow/plugins
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
