"""`admin staff`: the first admin of a studio comes, and goes."""

import json
from pathlib import Path
from uuid import UUID

import database_copies
import pyotp
import pytest

from openspine.__main__ import main
from openspine.outcome import ExitCode
from services.access.proof import Proofs
from services.clock import now_ms
from services.keys.audit import open_audit_key
from services.keys.identity import make_identity_key
from services.office import signing_in, staff
from services.opened import open_store
from services.store.engine import writing

CHEAP_KIB = 64
PASSPHRASE = "kettle umbra vowel tangent"  # noqa: S105 (of people in tests)


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A production with keys and an empty store."""
    url = f"sqlite:///{tmp_path / 'openspine.sqlite'}"
    database_copies.migrate(url)
    (tmp_path / "keys").mkdir(mode=0o700)
    open_audit_key(tmp_path / "keys", make=True)
    make_identity_key(tmp_path / "keys")
    monkeypatch.setenv("OPENSPINE_DATABASE_URL", url)
    monkeypatch.setenv("OPENSPINE_KEYS", str(tmp_path / "keys"))
    return url


def said(capsys: pytest.CaptureFixture[str], *words: str, code: ExitCode = ExitCode.OK) -> dict[str, object]:
    assert main(["admin", "staff", *words, "--json"]) == code
    return dict(json.loads(capsys.readouterr().out or "{}"))


def test_the_first_admin_comes_by_invitation_and_signs_in(
    studio: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = str(said(capsys, "add", "root", "admin", "--name", "Chan Mei Ling")["invitation"])
    engine, proofs = open_store(studio, tmp_path / "keys", demo=False), Proofs(CHEAP_KIB)
    with writing(engine) as connection:
        factor = staff.take_up(connection, proofs, code, PASSPHRASE, now_ms())
    assert isinstance(factor, staff.SecondFactor)
    given = ("root", PASSPHRASE, pyotp.TOTP(factor.seed).now())
    place = signing_in.Place(name="address/test", is_enrolled=False)
    found = signing_in.sign_in_staff(engine, proofs, given, place, now_ms())
    engine.dispose()
    assert isinstance(found, signing_in.Let)
    assert found.role == "admin"
    stored = (tmp_path / "openspine.sqlite").read_bytes()
    assert b"Chan Mei Ling" not in stored
    assert factor.seed.encode() not in stored


def test_staff_are_listed_reset_and_disabled(studio: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert studio
    first = said(capsys, "add", "root", "admin")["invitation"]
    said(capsys, "add", "mei", "therapist")
    assert said(capsys, "reset", "root")["invitation"] != first
    said(capsys, "disable", "mei")
    listed = said(capsys, "list")["staff"]
    assert isinstance(listed, list)
    assert [(one["login"], one["role"], one["sites"], one["state"]) for one in listed] == [
        ("root", "admin", "everywhere", "invited"),
        ("mei", "therapist", "everywhere", "disabled"),
    ]
    assert all(UUID(one["id"]).version == 4 for one in listed)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["add", "Root!", "admin"], ExitCode.USAGE),
        (["add", "root", "admin"], ExitCode.FAILED),
        (["add", "lee", "therapist", "--site", "nowhere"], ExitCode.FAILED),
        (["disable", "root"], ExitCode.FAILED),
        (["disable", "nobody"], ExitCode.NOT_FOUND),
        (["reset", "nobody"], ExitCode.NOT_FOUND),
    ],
)
def test_what_does_not_go_is_one_line(
    studio: str, capsys: pytest.CaptureFixture[str], words: list[str], code: ExitCode
) -> None:
    assert studio
    said(capsys, "add", "root", "admin")
    assert main(["admin", "staff", *words]) == code
    assert capsys.readouterr().err.count("\n") == 1


def test_without_tables_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENSPINE_DEMO", "true")
    monkeypatch.setenv("OPENSPINE_KEYS", str(tmp_path / "keys"))
    (tmp_path / "keys").mkdir(mode=0o700)
    empty = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    assert main(["admin", "staff", "list", "--database", empty]) == ExitCode.UNREACHABLE
    assert "openspine db upgrade" in capsys.readouterr().err
