"""What a production start asks database and broker before it works, process by process: one line."""

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
