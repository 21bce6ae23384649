"""The agent as a process of its own: what it loads, what it says, how it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from machine_agent.__main__ import FAILED, OK, USAGE, main
from openspine.broker import Broker

ROOT = Path(__file__).parents[2]
KEYS = {
    "demo-command": {
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


def test_nothing_heavy_is_loaded() -> None:
    code = (
        "import sys, machine_agent.__main__, machine_agent.loop\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True, timeout=60
    )
    loaded = set(json.loads(ran.stdout.replace("'", '"')))
    ours = {"machine_agent", "contract"}
    allowed = {"aiomqtt", "paho", "msgspec", "cryptography", "typing_extensions", "cffi", "_cffi_backend"}
    foreign = {
        name
        for name in loaded - ours - allowed - set(sys.stdlib_module_names)
        if not name.startswith(("_", "sitecustomize"))
    }
    assert foreign == set()
    assert ours | {"aiomqtt", "msgspec", "cryptography"} <= loaded
    assert not loaded & {"numpy", "pydantic", "cyclopts", "structlog", "sklearn", "sqlalchemy"}


@pytest.mark.parametrize(("arguments", "code"), [([], USAGE), (["a", "b"], USAGE), (["--help"], OK)])
def test_usage(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == code
    assert "usage" in capsys.readouterr().err


def test_a_configuration_that_cannot_be_used_is_explained(
    configure: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(configure(kind="sofa"))]) == FAILED
    assert "'sofa' is not in the machine catalogue" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"a": {"use": "all", "public": "00"}}', '{"a": {"use": "command"}}']
)
def test_keys_that_cannot_be_used_are_explained(
    content: str, configure: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = configure()
    (path.parent / "keys.json").write_text(content)
    assert main([str(path)]) == FAILED
    assert "cannot be used" in capsys.readouterr().err


@pytest.mark.broker
def test_the_process_speaks_to_the_broker_and_ends_when_asked(
    broker: Broker, configure: Callable[..., Path]
) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    child = subprocess.Popen(
        [sys.executable, "-m", "machine_agent", str(configure(broker.port))],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        spool = configure(broker.port).parent / "spool.sqlite"
        for _ in range(200):
            if spool.exists():
                break
            time.sleep(0.05)
        time.sleep(0.5)
        assert child.poll() is None
        child.send_signal(signal.SIGTERM)
        assert child.wait(10) == OK
    finally:
        child.kill()
        _, errors = child.communicate()
    assert errors == ""
