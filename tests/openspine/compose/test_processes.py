import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from openspine.compose.file import Service
from openspine.compose.processes import Processes

SERVE = "from http.server import *; HTTPServer(('127.0.0.1', 8000), BaseHTTPRequestHandler).serve_forever()"
LOOK = "import socket; socket.create_connection(('127.0.0.1', 8000), 1)"


def service(name: str, *command: str, probe: tuple[str, ...] = (), ports: tuple[int, ...] = ()) -> Service:
    return Service(
        name=name,
        image=name,
        command=command,
        environment={},
        needs={},
        volumes={"/keys": "keys"},
        ports=ports,
        profiles=(),
        probe=probe,
        patience_s=10.0,
    )


WEB = service("web", sys.executable, "-c", SERVE, probe=(sys.executable, "-c", LOOK), ports=(8000,))
JOB = service("job", sys.executable, "-c", "raise SystemExit(3)")


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    waiting = replace(WEB, name="other", needs={"job": "service_completed_successfully"}, ports=())
    with Processes(services={"web": WEB, "job": JOB, "other": waiting}, folder=tmp_path) as running:
        yield running


def test_addresses_and_folders_of_containers_are_translated(processes: Processes, tmp_path: Path) -> None:
    port = processes.ports[8000]
    assert port != 8000
    assert processes.here("http://web:8000/x", WEB) == f"http://127.0.0.1:{port}/x"
    assert processes.here("web", WEB) == "web"
    assert processes.here("--address=0.0.0.0", WEB) == "--address=127.0.0.1"
    assert processes.here("/keys/public", WEB) == str(tmp_path / "volumes" / "keys" / "public")
    assert processes.here("/keyspace", WEB) == "/keyspace"


def test_a_service_is_started_and_found_well_by_its_own_probe(processes: Processes) -> None:
    processes.start(WEB)
    assert processes.children["web"].poll() is None


def test_a_host_in_the_environment_is_this_computer(processes: Processes, tmp_path: Path) -> None:
    say = service("web", sys.executable, "-c", "import os; print(os.environ['PEER'])")
    processes.start(replace(say, environment={"PEER": "other"}))
    processes.children["web"].wait(10)
    assert (tmp_path / "web.log").read_text() == "127.0.0.1\n"


def test_a_service_that_ends_carries_its_words(processes: Processes) -> None:
    broken = service("web", sys.executable, "-c", "raise SystemExit('no room')", probe=("false",))
    with pytest.raises(RuntimeError, match="no room"):
        processes.start(broken)


def test_a_job_that_others_wait_for_must_end_well(processes: Processes) -> None:
    with pytest.raises(RuntimeError, match="job"):
        processes.start(JOB)
    processes.start(replace(JOB, command=(sys.executable, "-c", "")))
    assert processes.children["job"].poll() == 0
