import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from machine_agent import settings
from machine_agent.drivers import registry, still
from machine_agent.settings import Settings, Unusable

WHOLE = """
[machine]
id = "le-1"
kind = "lumbar_extension"
driver = "{driver}"
mode = "{mode}"
keys = "keys.json"
site_key = "site"
spool = "data/spool.sqlite"
staff_pins = ["00ff$ab"]
[broker]
host = "127.0.0.1"
port = 8883
{credentials}
tls = true
"""


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Settings | Unusable]:
    def build(text: str = WHOLE, **changes: Any) -> Settings | Unusable:
        values = {"driver": "still", "mode": "sim", "credentials": ""} | changes
        (tmp_path / "site").write_text("00ff\n")
        (tmp_path / "agent.toml").write_text(text.format(**values))
        return settings.read(tmp_path / "agent.toml")

    return build


def test_everything_is_read_and_paths_belong_to_the_file(
    read: Callable[..., Settings | Unusable], tmp_path: Path
) -> None:
    found = read()
    assert isinstance(found, Settings)
    assert (found.machine, found.origin, found.site_key) == ("le-1", "sim", b"\x00\xff")
    assert found.spool == tmp_path / "data" / "spool.sqlite"
    assert (found.host, found.port, found.tls, found.ca) == ("127.0.0.1", 8883, True, None)
    private = read(credentials='ca = "studio-ca.pem"')
    assert isinstance(private, Settings)
    assert private.ca == tmp_path / "studio-ca.pem"
    assert found.staff_pins == ("00ff$ab",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[machine", "is no TOML"),
        ("[machine]\nid = 'a'", "does not say 'kind'"),
        (WHOLE.replace("le-1", "LE 1"), "is no machine id"),
        (WHOLE.replace("le-1", "svc-1"), "is no machine id"),
        (WHOLE.replace("lumbar_extension", "sofa"), "not in the machine catalogue"),
        (WHOLE.replace("{driver}", "magic"), "there is no driver 'magic'; there are: still, modbus"),
        (WHOLE.replace('"site"', '"nowhere"'), "cannot be read"),
    ],
)
def test_what_cannot_be_used_is_said_in_a_sentence(
    text: str, reason: str, read: Callable[..., Settings | Unusable]
) -> None:
    found = read(text)
    assert isinstance(found, Unusable)
    assert reason in found.reason


@pytest.mark.parametrize(("number", "usable"), [(8, True), (9, False)])
def test_no_more_pins_of_staff_than_are_checked_within_the_second_of_the_watchdog(
    number: int, usable: bool, read: Callable[..., Settings | Unusable]
) -> None:
    lines = ", ".join(['"00ff$ab"'] * number)
    found = read(WHOLE.replace('"00ff$ab"', lines))
    assert isinstance(found, Settings) is usable
    if isinstance(found, Unusable):
        assert "staff_pins names 9 PINs, 8 at most" in found.reason
        assert "\n" not in found.reason


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    found = settings.read(tmp_path / "none.toml")
    assert isinstance(found, Unusable)


GOOD = 'username = "le-1"\npassword = "x"'


@pytest.mark.parametrize("driver", ["modbus", "motor"])
@pytest.mark.parametrize(
    ("mode", "credentials", "usable"),
    [
        ("real", GOOD, True),
        ("sim", GOOD, False),
        ("replay", GOOD, False),
        ("real", "", False),
        ("real", 'username = "le-1"', False),
        ("real", 'username = "le-1"\npassword = ""', False),
        ("real", 'password = "x"', False),
        ("real", 'username = "le-2"\npassword = "x"', False),
        ("real", 'username = "sim-le-1"\npassword = "x"', False),
        ("real", 'username = "rec-1"\npassword = "x"', False),
    ],
)
def test_a_physical_drive_is_only_built_for_a_real_machine_with_its_own_credentials(
    driver: str,
    mode: str,
    credentials: str,
    usable: bool,
    read: Callable[..., Settings | Unusable],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(registry.DRIVERS, "motor", registry.Kind(make=still.make, physical=True))
    found = read(driver=driver, mode=mode, credentials=credentials)
    assert isinstance(found, Settings) is usable
    if isinstance(found, Unusable):
        assert "needs mode = real" in found.reason


@pytest.mark.parametrize(
    ("host", "mode", "credentials", "usable"),
    [
        ("broker.example", "real", GOOD, False),
        ("broker.example", "real", "", False),
        ("broker.example", "sim", GOOD, False),
        ("broker.example", "sim", "", True),
        ("127.0.0.1.example", "real", GOOD, False),
        ("192.168.1.4", "real", GOOD, False),
        ("127.0.0.1", "real", GOOD, True),
        ("localhost", "real", GOOD, True),
        ("::1", "real", GOOD, True),
    ],
)
def test_neither_a_password_nor_a_real_session_leaves_the_computer_in_clear(
    host: str, mode: str, credentials: str, usable: bool, read: Callable[..., Settings | Unusable]
) -> None:
    behind_tls = WHOLE.replace("127.0.0.1", host)
    in_clear = behind_tls.replace("tls = true", "tls = false")
    assert isinstance(read(behind_tls, mode=mode, credentials=credentials), Settings)
    found = read(in_clear, mode=mode, credentials=credentials)
    assert isinstance(found, Settings) is usable
    if isinstance(found, Unusable):
        assert "needs tls = true" in found.reason


def test_a_drive_that_is_not_there_needs_no_credentials(
    read: Callable[..., Settings | Unusable],
) -> None:
    assert isinstance(read(driver="still"), Settings)


def test_every_driver_that_moves_something_is_known_as_physical() -> None:
    assert {name for name, kind in registry.DRIVERS.items() if not kind.physical} == {"still"}


def test_nobody_but_the_agent_itself_can_come_by_a_physical_driver() -> None:
    """Replay and emulator hand their own drivers over; the table of physical ones is the agent's alone."""
    root = Path(settings.__file__).parents[1]
    named = re.compile(r"drivers(\.| import .*)\b(registry|modbus)\b|\bDRIVERS\b|ModbusDriver")
    users = {
        str(path.relative_to(root))
        for room in ("machine_agent", "emulator", "openspine", "services", "dashboard", "ml", "contract")
        for path in (root / room).rglob("*.py")
        if named.search(path.read_text())
    }
    assert users - {"emulator/machines/modbus_drive.py"} == {
        "machine_agent/assembly.py",
        "machine_agent/settings.py",
        "machine_agent/drivers/modbus.py",
        "machine_agent/drivers/registry.py",
    }
