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
    assert (found.host, found.port, found.tls) == ("127.0.0.1", 8883, True)
    assert found.staff_pins == ("00ff$ab",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[machine", "is no TOML"),
        ("[machine]\nid = 'a'", "does not say 'kind'"),
        (WHOLE.replace("le-1", "LE 1"), "is no machine id"),
        (WHOLE.replace("le-1", "svc-1"), "is no machine id"),
        (WHOLE.replace("lumbar_extension", "sofa"), "not in the machine catalogue"),
        (WHOLE.replace("{driver}", "magic"), "there is no driver 'magic'; there are: still"),
        (WHOLE.replace('"site"', '"nowhere"'), "cannot be read"),
    ],
)
def test_what_cannot_be_used_is_said_in_a_sentence(
    text: str, reason: str, read: Callable[..., Settings | Unusable]
) -> None:
    found = read(text)
    assert isinstance(found, Unusable)
    assert reason in found.reason


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    found = settings.read(tmp_path / "none.toml")
    assert isinstance(found, Unusable)


@pytest.mark.parametrize(
    ("mode", "credentials", "usable"),
    [("sim", 'password = "x"', False), ("real", "", False), ("real", 'password = "x"', True)],
)
def test_a_physical_drive_is_only_built_for_a_real_machine_with_credentials(
    mode: str,
    credentials: str,
    usable: bool,
    read: Callable[..., Settings | Unusable],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(registry.DRIVERS, "motor", registry.Kind(make=still.make, physical=True))
    found = read(driver="motor", mode=mode, credentials=credentials)
    assert isinstance(found, Settings) is usable
