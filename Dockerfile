# syntax=docker/dockerfile:1
FROM python:3.12-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY requirements.txt requirements-playground.txt constraints.txt /build/
RUN /opt/venv/bin/pip install -r /build/requirements.txt -r /build/requirements-playground.txt -c /build/constraints.txt

FROM python:3.12-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    HF_HUB_OFFLINE=1 \
    HF_HUB_DISABLE_TELEMETRY=1
RUN useradd --uid 1000 --no-create-home --shell /usr/sbin/nologin plinth
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY --chown=1000:1000 .streamlit .streamlit
COPY --chown=1000:1000 app.py asgi.py LICENSE LICENSE-DATA ./
COPY --chown=1000:1000 model_registry model_registry
COPY --chown=1000:1000 scoring scoring
COPY --chown=1000:1000 texts texts
COPY --chown=1000:1000 pages pages
RUN python -m compileall -q /app && python -m model_registry check
USER 1000
EXPOSE 8501
# The script health check runs app.py itself: an app that starts but cannot draw is not healthy.
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/script-health-check', timeout=8).read()"]
CMD ["uvicorn", "asgi:app", "--host", "0.0.0.0", "--port", "8501", "--no-access-log"]
