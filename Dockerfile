# One image for web and worker; docker-compose.yml says which of them a container is.
FROM python:3.12-slim-bookworm

RUN apt-get update \
    && apt-get install -y --no-install-recommends tesseract-ocr tesseract-ocr-chi-sim tesseract-ocr-osd \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --no-deps -r requirements.lock

COPY pyproject.toml README.md ./
COPY archive archive
COPY ocr ocr
COPY search search
COPY web web
# The data directory stays empty with servers for all parts; it is made so that a container with fewer can write there.
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
    && useradd --system --create-home --uid 10001 dossier \
    && install -d -o dossier -g dossier -m 700 /var/lib/dossier

USER dossier
ENV DOSSIER_DATA_DIR=/var/lib/dossier PYTHONUNBUFFERED=1
EXPOSE 8080
# A worker's heartbeat is a file that gunicorn touches: in memory, not on a disk that may stall. No access log: addresses
# hold what was searched for, and one-time links.
CMD ["gunicorn", "--bind", "0.0.0.0:8080", "--workers", "2", "--threads", "8", "--timeout", "120", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "web.wsgi:application()"]
