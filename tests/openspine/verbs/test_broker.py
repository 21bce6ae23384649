import getpass
import json
from pathlib import Path

import pytest

from openspine.__main__ import main
from openspine.broker import folder as broker_folder
from openspine.outcome import ExitCode

Printed = pytest.CaptureFixture[str]


@pytest.fixture
def set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a certificate, as if the plugin were installed."""
    monkeypatch.setattr(broker_folder, "plugin_path", lambda: Path("/usr/lib/plugin.so"))
    for name in ("server.pem", "server.key"):
        (tmp_path / name).write_text("pem")
    return tmp_path


def asked(folder: Path, *more: str) -> list[str]:
    files = ["--certificate", str(folder / "server.pem"), "--key", str(folder / "server.key")]
    return ["admin", "broker", "set-up", *files, "--folder", str(folder / "broker"), *more, "--json"]


def test_from_set_up_to_dismissed(set_up: Path, capsys: Printed) -> None:
    folder = ["--folder", str(set_up / "broker"), "--json"]
    assert main(asked(set_up, "--user", getpass.getuser())) == ExitCode.OK
    assert Path(json.loads(capsys.readouterr().out)["configuration"]).is_file()
    assert main(["admin", "broker", "admit", "hip-1", *folder]) == ExitCode.OK
    assert len(json.loads(capsys.readouterr().out)["password"]) >= 43
    assert main(["admin", "broker", "list", *folder]) == ExitCode.OK
    (row,) = json.loads(capsys.readouterr().out)["clients"]
    assert (row["name"], row["kind"], row["publish"]) == ("hip-1", "machine", ["openspine/v1/hip-1/up/#"])
    assert main(["admin", "broker", "dismiss", "hip-1", *folder]) == ExitCode.OK
    assert main(["admin", "broker", "dismiss", "hip-1", *folder]) == ExitCode.NOT_FOUND
    assert "no client hip-1" in capsys.readouterr().err


def test_what_is_missing_is_told(set_up: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["admin", "broker", "admit", "hip-1", "--folder", str(set_up)]) == ExitCode.FAILED
    assert "admin broker set-up" in capsys.readouterr().err
    monkeypatch.setattr(broker_folder, "plugin_path", lambda: None)
    assert main(asked(set_up)) == ExitCode.NOT_FOUND
    assert "install mosquitto" in capsys.readouterr().err
    (set_up / "server.key").unlink()
    assert main(asked(set_up)) == ExitCode.NOT_FOUND
    assert "server.key" in capsys.readouterr().err
