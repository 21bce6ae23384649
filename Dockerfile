# One file, five images: docker build --target agent|service|dashboard|emulator|broker .

FROM python:3.11-slim-bookworm AS python-base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent openspine \
    && install --directory --owner 10001 --mode 0700 /keys /envelope-keys /enrolment /people /spool \
        /broker /broker-trust /broker-service /broker-machines
WORKDIR /app
COPY requirements/build.txt requirements/build.txt
RUN pip install --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
STOPSIGNAL SIGTERM

# The agent on a machine: small, no numpy, no command-line library.
FROM python-base AS agent
COPY requirements/base.txt requirements/base.txt
RUN pip install --require-hashes -r requirements/base.txt
COPY contract contract
COPY machine_agent machine_agent
RUN pip install --no-index --no-deps --no-build-isolation --editable .
USER 10001
ENTRYPOINT ["python", "-m", "machine_agent"]

FROM python-base AS service
COPY requirements/server.txt requirements/server.txt
RUN pip install --require-hashes -r requirements/server.txt
COPY contract contract
COPY ml ml
COPY services services
COPY openspine openspine
RUN pip install --no-index --no-deps --no-build-isolation --editable .
USER 10001
EXPOSE 8000
CMD ["openspine", "serve"]

FROM python-base AS dashboard
COPY requirements/dashboard.txt requirements/dashboard.txt
RUN pip install --require-hashes -r requirements/dashboard.txt
COPY contract contract
COPY dashboard dashboard
RUN pip install --no-index --no-deps --no-build-isolation --editable .
USER 10001
EXPOSE 8501
CMD ["streamlit", "run", "dashboard/app.py", "--server.address=0.0.0.0", "--server.port=8501", "--server.headless=true", \
    "--browser.gatherUsageStats=false"]

# Machines and people made of software; never part of the product's images.
FROM service AS emulator
USER 0
COPY requirements/demo.txt requirements/demo.txt
RUN pip install --require-hashes -r requirements/demo.txt
COPY machine_agent machine_agent
COPY emulator emulator
USER 10001
CMD ["openspine", "emulate"]

FROM debian:bookworm-slim AS broker
# hadolint ignore=DL3008  # the distribution's security updates are wanted, not one fixed build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends mosquitto mosquitto-clients \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home broker \
    && ln -s /usr/lib/*/mosquitto_dynamic_security.so /usr/lib/mosquitto_dynamic_security.so \
    && install --directory --owner 10001 --mode 0700 /broker
USER 10001
EXPOSE 8883
STOPSIGNAL SIGTERM
CMD ["mosquitto", "-c", "/broker/mosquitto.conf"]
