"""The agent as processes of its own: what they load, what they say, how they end."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from machine_agent import assembly
from machine_agent.__main__ import USAGE, main
from machine_agent.watchdog import FAILED, OK
from openspine.broker.embedded import Broker

ROOT = Path(__file__).parents[2]
KEYS = {
    "clinic-command": {
        "use": "command",
        "public": "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    }
}


@pytest.fixture
def configure(tmp_path: Path) -> Callable[..., Path]:
    def write(port: int = 1, **changes: str) -> Path:
        values = {"id": "le-1", "kind": "lumbar_extension", "driver": "still"} | changes
        lines = [f'{key} = "{value}"' for key, value in values.items()]
        more = ['keys = "keys.json"', 'site_key = "site"', 'spool = "spool.sqlite"']
        path = tmp_path / "agent.toml"
        path.write_text("\n".join(["[machine]", *lines, *more, "[broker]", f"port = {port}"]))
        (tmp_path / "keys.json").write_text(json.dumps(KEYS))
        (tmp_path / "site").write_text("00ff")
        return path

    return write


@contextmanager
def running(config: Path) -> Iterator["subprocess.Popen[str]"]:
    """The agent under its watchdog, from its first row on disk on."""
    command = [sys.executable, "-m", "machine_agent", str(config)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as child:
        try:
            spool = config.parent / "spool.sqlite"
            deadline = time.monotonic() + 20
            while not spool.exists() and time.monotonic() < deadline:
                time.sleep(0.05)
            time.sleep(0.5)
            yield child
        finally:
            child.kill()


def loaded_by(code: str) -> set[str]:
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys, {code}\nprint(sorted(sys.modules))"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return {name.partition(".")[0] for name in json.loads(ran.stdout.replace("'", '"'))}


def test_nothing_heavy_is_loaded() -> None:
    loaded = loaded_by("machine_agent.assembly")
    ours = {"machine_agent", "contract"}
    allowed = {"aiomqtt", "paho", "msgspec", "cryptography", "typing_extensions", "cffi", "_cffi_backend"}
    foreign = {
        name
        for name in loaded - ours - allowed - set(sys.stdlib_module_names)
        if not name.startswith(("_", "sitecustomize"))
    }
    assert foreign == set()
    assert ours | {"aiomqtt", "msgspec", "cryptography"} <= loaded
    assert not loaded & {"numpy", "pydantic", "cyclopts", "structlog", "sklearn", "sqlalchemy", "pymodbus"}


def test_the_watchdog_loads_the_standard_library_alone() -> None:
    loaded = loaded_by("machine_agent.__main__")
    assert "machine_agent" in loaded
    assert not loaded & {"asyncio", "contract", "sqlite3", "msgspec", "aiomqtt", "cryptography"}


@pytest.mark.parametrize(
    ("arguments", "code"), [([], USAGE), (["a", "b"], USAGE), (["--what"], USAGE), (["--help"], OK)]
)
def test_usage(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == code
    assert "usage" in capsys.readouterr().err


def test_a_configuration_that_cannot_be_used_is_explained_and_not_tried_again(
    configure: Callable[..., Path],
) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "machine_agent", str(configure(kind="sofa"))],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == FAILED
    (line,) = ran.stderr.splitlines()
    assert "'sofa' is not in the machine catalogue" in line


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"a": {"use": "all", "public": "00"}}', '{"a": {"use": "command"}}']
)
def test_keys_that_cannot_be_used_are_explained(
    content: str, configure: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = configure()
    (path.parent / "keys.json").write_text(content)
    assert assembly.main([str(path)]) == FAILED
    assert "cannot be used" in capsys.readouterr().err


def test_a_spool_that_cannot_be_used_is_explained_in_one_line(
    configure: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = configure()
    (path.parent / "spool.sqlite").mkdir()
    assert assembly.main([str(path)]) == FAILED
    told = capsys.readouterr().err
    assert "cannot be used" in told
    assert told.count("\n") == 1


@pytest.mark.broker
@pytest.mark.parametrize("wish", [signal.SIGTERM, signal.SIGINT])
def test_the_process_speaks_to_the_broker_and_ends_when_asked(
    broker: Broker, configure: Callable[..., Path], wish: signal.Signals
) -> None:
    with running(configure(broker.port)) as child:
        assert child.poll() is None
        child.send_signal(wish)
        assert child.wait(10) == OK
        assert child.stderr is not None
        assert child.stderr.read() == ""
