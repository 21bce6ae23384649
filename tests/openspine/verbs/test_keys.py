"""`admin keys` as a user calls it: a whole rotation, one line for every refusal, no private part anywhere."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openspine.__main__ import main
from openspine.outcome import ExitCode

Admin = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """The folders of a service, of a prescriber, and of the machines."""
    found = {name: tmp_path / name for name in ("command", "envelope", "machines")}
    monkeypatch.setenv("OPENSPINE_KEYS", str(found["command"]))
    monkeypatch.setenv("OPENSPINE_ENVELOPE_KEYS", str(found["envelope"]))
    return found


@pytest.fixture
def admin(folders: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> Admin:
    def call(*words: str) -> tuple[int, dict[str, Any]]:
        code = main(["admin", "keys", *words, "--json"])
        printed = capsys.readouterr()
        secrets = [path.read_text() for path in folders["command"].parent.rglob("*.private")]
        assert not any(secret in printed.out + printed.err for secret in secrets)
        return code, json.loads(printed.out)

    return call


def told(folders: dict[str, Path]) -> set[str]:
    return set(json.loads((folders["machines"] / "keys.json").read_text()))


def test_a_whole_rotation(admin: Admin, folders: dict[str, Path]) -> None:
    machines = str(folders["machines"])
    first, envelope = admin("new", "command")[1]["key_id"], admin("new", "envelope")[1]["key_id"]
    assert admin("publish", "--to", machines)[1]["keys"] == 2
    second = admin("new", "command")[1]
    assert second["state"] == "next"
    admin("publish", "--to", machines)
    assert told(folders) == {first, envelope, second["key_id"]}
    assert admin("use", second["key_id"]) == (
        ExitCode.OK,
        {"ok": True, "key_id": second["key_id"], "use": "command", "state": "current"},
    )
    assert admin("retire", first)[1]["state"] == "retired"
    admin("publish", "--to", machines)
    assert told(folders) == {envelope, second["key_id"]}
    states = {row["key_id"]: row["state"] for row in admin("list")[1]["keys"]}
    assert states == {first: "retired", second["key_id"]: "current", envelope: "current"}
    assert {path.name for path in folders["command"].glob("*.private")} == {f"{second['key_id']}.private"}


def test_machines_get_the_site_key_beside_the_public_keys(admin: Admin, folders: dict[str, Path]) -> None:
    admin("new", "command", "--to", str(folders["machines"]))
    site = folders["machines"] / "site"
    assert site.read_text() == (folders["command"] / "site").read_text()
    assert site.stat().st_mode & 0o777 == 0o600


def test_once_makes_one_key(admin: Admin) -> None:
    made = admin("new", "envelope", "--once")[1]
    again = admin("new", "envelope", "--once")[1]
    assert (made["made"], again["made"], again["key_id"]) == (True, False, made["key_id"])


@pytest.mark.parametrize("word", ["use", "retire"])
def test_a_key_that_is_not_there_is_not_found(admin: Admin, word: str) -> None:
    code, result = admin(word, "nobody")
    assert (code, result["error"]) == (ExitCode.NOT_FOUND, "there is no key nobody here")


def test_refusals_are_one_line(admin: Admin, folders: dict[str, Path]) -> None:
    key_id = admin("new", "command")[1]["key_id"]
    code, result = admin("retire", key_id)
    assert code == ExitCode.FAILED
    assert "make another one current before" in result["error"]
    (folders["command"] / "register.json").write_text("{}")
    code, result = admin("list")
    assert (code, "register.json cannot be read" in result["error"]) == (ExitCode.FAILED, True)
    assert "\n" not in result["error"]


def test_a_place_that_cannot_be_written_is_one_line(admin: Admin, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, result = admin("new", "command", "--keys", str(tmp_path / "file" / "keys"))
    assert code == ExitCode.FAILED
    assert "\n" not in result["error"]


def test_an_unknown_use_is_a_wrong_command_line(folders: dict[str, Path]) -> None:
    assert main(["admin", "keys", "new", "both"]) == ExitCode.USAGE
    assert not folders["command"].exists()


def test_people_read_lines(folders: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["admin", "keys", "list", "--keys", str(folders["command"])]) == ExitCode.OK
    assert capsys.readouterr().out == "no keys\n"
    main(["admin", "keys", "new", "command"])
    main(["admin", "keys", "list"])
    assert "current  command  command-" in capsys.readouterr().out
