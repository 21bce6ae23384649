"""What a production start asks database and broker before it works, process by process: one line."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import database_copies
import demo_people
import pytest

from openspine.__main__ import main
from openspine.broker.embedded import Broker
from openspine.children import LOOPBACK
from openspine.outcome import ExitCode
from services.keys import folder
from services.keys.audit import open_audit_key
from services.keys.identity import make_identity_key
from services.keys.site import open_site_key
from services.store.engine import open_engine

PROCESSES = {"service": ["serve"], "worker": ["worker"], "prescriber": ["serve", "--role", "prescribe"]}
Refusal = Callable[[str, ExitCode], str]
process = pytest.mark.parametrize("process", PROCESSES)
ANYWHERE = "0.0.0.0"  # noqa: S104 (not loopback, and refused)
# What settings alone open, each with the sentence that refuses it.
OPENED = {
    "sqlite": ({"ALLOW_SQLITE": "false"}, "the database is SQLite"),
    "plain_http": ({"HTTP_HOST": ANYWHERE}, f"plain HTTP would listen on {ANYWHERE}"),
    "plain_mqtt": (
        {"MQTT": "gmqtt", "MQTT_HOST": ANYWHERE, "MQTT_PASSWORD_FILE": "password"},
        f"messages would cross the network to {ANYWHERE} in the open",
    ),
    "open_door": ({"SIGN_IN": "false"}, "nobody would need to sign in"),
    "open_docs": ({"API_DOCS": "true"}, "the API's page /docs is open"),
}
PRESCRIBERS = {
    "sqlite": OPENED["sqlite"],
    "plain_http": ({"PRESCRIBE_HOST": ANYWHERE}, OPENED["plain_http"][1]),
}


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The database of a production that lacks nothing, without a broker."""
    keys, envelope_keys = tmp_path / "keys", tmp_path / "envelope-keys"
    folder.add(keys, "command")
    open_site_key(keys, make=True)
    make_identity_key(keys)
    folder.add(envelope_keys, "envelope")
    for one in (keys, envelope_keys):
        open_audit_key(one, make=True)
    found = f"sqlite:///{tmp_path / 'openspine.sqlite'}"
    given = {
        "KEYS": str(keys),
        "ENVELOPE_KEYS": str(envelope_keys),
        "DATABASE_URL": found,
        "MQTT": "none",
        "ALLOW_SQLITE": "true",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"OPENSPINE_{name}", value)
    monkeypatch.delenv("OPENSPINE_DEMO", raising=False)
    return found


@pytest.fixture
def refusal(url: str, capsys: pytest.CaptureFixture[str]) -> Refusal:
    """Start a process; return the one line with which it refuses."""

    def start(name: str, code: ExitCode) -> str:
        assert url
        assert main(PROCESSES[name]) == code
        printed = capsys.readouterr()
        assert (printed.out, len(printed.err.splitlines())) == ("", 1)
        return printed.err

    return start


@process
def test_demo_users_are_refused(url: str, refusal: Refusal, process: str) -> None:
    database_copies.migrate(url)
    demo_people.invent(open_engine(url))
    assert "there are demo users in the database" in refusal(process, ExitCode.UNSAFE)


@process
def test_a_password_out_of_an_example_is_refused(
    refusal: Refusal, process: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = f"postgresql+psycopg://openspine:change-me@{LOOPBACK}:1/openspine"
    monkeypatch.setenv("OPENSPINE_DATABASE_URL", known)
    assert "the database's password stands in examples" in refusal(process, ExitCode.UNSAFE)


@process
def test_none_starts_while_nobody_can_tell_who_is_in_the_database(
    refusal: Refusal, process: str, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = f"postgresql+psycopg://openspine@{LOOPBACK}:{free_port}/openspine"
    monkeypatch.setenv("OPENSPINE_DATABASE_URL", silent)
    assert "the database does not say who is in it" in refusal(process, ExitCode.UNREACHABLE)


@pytest.mark.broker
@pytest.mark.parametrize("process", ["service", "worker"])
def test_a_broker_that_lets_in_anybody_is_refused(
    broker: Broker, refusal: Refusal, process: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENSPINE_MQTT", "gmqtt")
    monkeypatch.setenv("OPENSPINE_MQTT_PORT", str(broker.port))
    assert "lets in whoever shows no password" in refusal(process, ExitCode.UNSAFE)


def open_up(changes: dict[str, str], broker_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Change settings of the good production; no broker answers at the port."""
    for name, value in (changes | {"MQTT_PORT": str(broker_port)}).items():
        monkeypatch.setenv(f"OPENSPINE_{name}", value)


CASES = [(name, one) for name in PROCESSES for one in (PRESCRIBERS if name == "prescriber" else OPENED)]


@pytest.mark.parametrize(("process", "opened"), CASES)
def test_what_settings_open_is_refused_in_one_line(
    url: str,
    process: str,
    opened: str,
    free_port: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert url
    changes, said = (PRESCRIBERS if process == "prescriber" else OPENED)[opened]
    open_up(changes, free_port, monkeypatch)
    assert main(PROCESSES[process]) == ExitCode.UNSAFE
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"openspine: {said}")


def test_a_process_refuses_all_that_is_open_at_once_each_in_a_line_of_its_own(
    url: str, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert url
    for changes, _ in OPENED.values():
        open_up(changes, free_port, monkeypatch)
    command = [sys.executable, "-m", "openspine", *PROCESSES["service"]]
    ended = subprocess.run(
        command, env=dict(os.environ), capture_output=True, text=True, check=False, timeout=60
    )
    lines = ended.stderr.splitlines()
    assert (ended.returncode, len(lines)) == (78, len(OPENED))
    assert all(sum(said in line for line in lines) == 1 for _, said in OPENED.values())
