# Samband with everything it needs on Kafka. Not yet built: there was no Docker where this was written.
# `docker build --build-arg PYTHON_DIGEST=sha256:… -t samband .` ; deploy/compose.yaml does it by itself.
ARG PYTHON_DIGEST
FROM python:3.11-slim@${PYTHON_DIGEST} AS wheel
WORKDIR /source
COPY pyproject.toml README.md ./
COPY broker broker
COPY agents agents
COPY schemas schemas
COPY deploy/prometheus/README.md deploy/prometheus/README.md
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheel .

FROM python:3.11-slim@${PYTHON_DIGEST}
COPY requirements-distributed.lock /
RUN pip install --no-cache-dir --require-hashes --requirement /requirements-distributed.lock
COPY --from=wheel /wheel /wheel
RUN pip install --no-cache-dir --no-deps /wheel/*.whl \
    && useradd --system --uid 10001 --no-create-home samband \
    && install --directory --owner samband --group samband --mode 700 /credentials /keys /log-key /state \
        /services/worker /services/ledger /services/agents /services/reconcile
# these are volumes: a new one takes over the folder's owner
USER samband
CMD ["samband", "--help"]
