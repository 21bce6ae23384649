import getpass
import json
from pathlib import Path

import pytest

from openspine.__main__ import main
from openspine.broker import folder as broker_folder
from openspine.broker.passwords import read_simulation
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
    (admitted,) = json.loads(capsys.readouterr().out)["clients"]
    assert len(admitted["password"]) >= 43
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


def test_a_studio_makes_its_own_authority_once(set_up: Path, capsys: Printed) -> None:
    folder = set_up / "own"
    wish = ["admin", "broker", "set-up", "--own-authority", "broker,127.0.0.1", "--trust", str(set_up)]
    wish += ["--folder", str(folder), "--user", getpass.getuser()]
    assert main(wish) == ExitCode.OK
    trusted = (set_up / "authority.pem").read_bytes()
    assert main(wish) == ExitCode.OK
    assert (set_up / "authority.pem").read_bytes() == trusted == (folder / "authority.pem").read_bytes()
    assert main(wish[:3] + wish[7:]) == ExitCode.USAGE
    assert "--own-authority" in capsys.readouterr().err


def test_passwords_go_to_a_file_of_the_owner_and_stay_there(set_up: Path, capsys: Printed) -> None:
    assert main(asked(set_up, "--user", getpass.getuser())) == ExitCode.OK
    admit = ["admin", "broker", "admit", "--folder", str(set_up / "broker"), "--once", "--to"]
    alone, table = set_up / "password", set_up / "passwords.toml"
    assert main([*admit, str(alone), "svc-coaching"]) == ExitCode.OK
    assert main([*admit, str(table), "sim-hip-1", "sim-row-1"]) == ExitCode.OK
    kept = alone.read_text(), table.read_text()
    assert [file.stat().st_mode & 0o777 for file in (alone, table)] == [0o600, 0o600]
    assert set(read_simulation(table)) == {"sim-hip-1", "sim-row-1"}
    assert all(len(word) >= 43 for word in (alone.read_text(), *read_simulation(table).values()))
    assert not any(word in capsys.readouterr().out for word in read_simulation(table).values())
    assert main([*admit, str(alone), "svc-coaching"]) == ExitCode.OK  # a second start changes nothing
    assert (alone.read_text(), table.read_text()) == kept
    assert main(["admin", "broker", "admit", "svc-coaching", "--once"]) == ExitCode.USAGE
