"""Files of the production broker: clients come and go, passwords are not kept, bad files are told."""

import getpass
import json
from pathlib import Path

import pytest

from openspine.broker import folder as broker_folder
from openspine.broker.folder import CLIENTS, CONFIGURATION, FolderUnusableError, Listener

LISTENER = Listener(certificate=Path("server.pem"), key=Path("server.key"), port=8884)
PLUGIN = Path("/usr/lib/plugin.so")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    broker_folder.set_up(tmp_path / "broker", LISTENER, PLUGIN, getpass.getuser())
    return tmp_path / "broker"


def names(folder: Path) -> list[str]:
    return [one.name for one in broker_folder.read_clients(folder)]


def test_nobody_is_anonymous_and_everything_is_encrypted(folder: Path) -> None:
    lines = (folder / CONFIGURATION).read_text().splitlines()
    assert "allow_anonymous false" in lines
    assert "listener 8884" in lines
    assert sum(line.startswith("listener") for line in lines) == 1
    assert {"certfile", "keyfile", "plugin", "plugin_opt_config_file"} <= {
        line.split(" ")[0] for line in lines
    }
    assert names(folder) == []


def test_a_password_is_told_once_and_not_kept(folder: Path) -> None:
    password = broker_folder.admit(folder, "hip-1")
    text = (folder / CLIENTS).read_text()
    assert len(password) >= 43
    assert password not in text
    assert (folder / CLIENTS).stat().st_mode & 0o077 == 0


def test_a_second_password_ends_the_first_and_others_stay(folder: Path) -> None:
    broker_folder.admit(folder, "svc-coaching")
    broker_folder.admit(folder, "hip-1")
    before = {one.name: one for one in broker_folder.read_clients(folder)}
    broker_folder.admit(folder, "hip-1")
    after = {one.name: one for one in broker_folder.read_clients(folder)}
    assert set(after) == {"hip-1", "svc-coaching"}
    assert after["svc-coaching"] == before["svc-coaching"]
    assert after["hip-1"] != before["hip-1"]


def test_setting_up_again_keeps_the_clients(folder: Path) -> None:
    broker_folder.admit(folder, "hip-1")
    broker_folder.set_up(folder, LISTENER, PLUGIN, getpass.getuser())
    assert names(folder) == ["hip-1"]


def test_a_dismissed_client_is_gone_and_an_unknown_one_was_never_there(folder: Path) -> None:
    broker_folder.admit(folder, "hip-1")
    assert broker_folder.dismiss(folder, "hip-1")
    assert not broker_folder.dismiss(folder, "hip-1")
    assert names(folder) == []
    assert json.loads((folder / CLIENTS).read_text())["roles"] == []


@pytest.mark.parametrize("name", ["#", "Hip 1", "svc-", "hip/1"])
def test_a_name_that_could_be_a_filter_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(FolderUnusableError, match="no client's name"):
        broker_folder.admit(folder, name)
    assert names(folder) == []


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(FolderUnusableError, match="set-up"):
        broker_folder.admit(tmp_path, "hip-1")
    (tmp_path / CLIENTS).write_text("{}")
    with pytest.raises(FolderUnusableError, match="no list of clients"):
        broker_folder.read_clients(tmp_path)


def test_root_must_name_whom_the_broker_becomes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    with pytest.raises(FolderUnusableError, match="--user"):
        broker_folder.set_up(tmp_path, LISTENER, PLUGIN)
    with pytest.raises(FolderUnusableError, match="no user"):
        broker_folder.set_up(tmp_path, LISTENER, PLUGIN, "nobody-of-that-name")
