"""A person who has trained is handed out, backed up, erased, and erased again after the restore."""

import csv
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from scripted_machine import ScriptedMachine
from scripted_studio import open_studio
from sqlalchemy import text

from contract.recording import About
from emulator.recordings.mcap_file import read_about, read_records
from openspine.__main__ import main
from openspine.outcome import ExitCode
from services.store import engine as store
from services.store import tables

Capture = pytest.CaptureFixture[str]
CODE = "code-badge-1"


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A studio of one person, who has signed in; the session has ended."""
    found = f"sqlite:///{tmp_path / 'studio.sqlite'}"
    for studio in open_studio(found, tmp_path):
        studio.hear(ScriptedMachine().sign_in())
        with store.writing(studio.engine) as connection:
            connection.execute(text("UPDATE session SET closed_ms = opened_ms"))
    monkeypatch.setenv("OPENSPINE_DATABASE_URL", found)
    monkeypatch.setenv("OPENSPINE_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("OPENSPINE_DEMO", "true")
    return found


def ran(capsys: Capture, *words: str) -> tuple[int, dict[str, Any]]:
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("url")
def test_everything_lies_in_a_new_folder(tmp_path: Path, capsys: Capture) -> None:
    folder = tmp_path / "lee"
    code, found = ran(capsys, "export", "patient", CODE, "-o", str(folder))
    assert (code, found["messages"]) == (ExitCode.OK, 1)
    tables = json.loads((folder / "everything.json").read_text())
    assert {"patient", "credential", "session", "decision", "setting", "limits", "inbox", "audit"} <= set(
        tables
    )
    assert tables["patient"][0]["name"] == "Mr Lee"
    assert tables["decision"][0]["request"]["person"]["age_years"] > 0
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open(newline="", encoding="utf-8-sig") as file:
            assert len(list(csv.DictReader(file))) == len(rows) == found["rows"][name]
    assert [b'"sign_in"' in record.payload for record in read_records(folder / "messages.mcap")] == [True]
    about = read_about(folder / "messages.mcap")
    assert isinstance(about, About)
    assert about.origin == tables["patient"][0]["origin"] == "sim"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert ran(capsys, "export", "patient", CODE, "-o", str(folder))[0] == ExitCode.FAILED


def test_who_is_erased_stays_erased_after_a_restore(url: str, tmp_path: Path, capsys: Capture) -> None:
    file, kept = tmp_path / "backup.sqlite", tmp_path / "audit.jsonl"
    assert ran(capsys, "db", "backup", str(file))[0] == ExitCode.OK
    assert main(["admin", "erase-patient", CODE, "--reason", "asked"]) == ExitCode.USAGE
    capsys.readouterr()
    code, found = ran(capsys, "admin", "erase-patient", CODE, "--reason", "asked in writing", "--yes")
    assert (code, found["sessions_kept"]) == (ExitCode.OK, 0)
    assert ran(capsys, "export", "patient", CODE, "-o", str(tmp_path / "nobody"))[0] == ExitCode.NOT_FOUND
    assert main(["audit", "export"]) == ExitCode.OK
    kept.write_text(capsys.readouterr().out)
    assert "asked in writing" not in kept.read_text()

    new = f"sqlite:///{tmp_path / 'new.sqlite'}"
    assert main(["db", "restore", str(file), "--database", new]) == ExitCode.USAGE
    assert main(["db", "restore", str(file), "--database", url, "--nobody-erased"]) == ExitCode.FAILED
    capsys.readouterr()
    code, found = ran(capsys, "db", "restore", str(file), "--database", new, "--erased", str(kept))
    assert (code, len(found["erased"])) == (ExitCode.OK, 1)
    words = ("export", "patient", CODE, "-o", str(tmp_path / "nobody"), "--database", new)
    assert ran(capsys, *words)[0] == ExitCode.NOT_FOUND


def agree_to_research(url: str) -> None:
    engine = store.open_engine(url)
    with store.writing(engine) as connection:
        patient_id = connection.execute(text("SELECT id FROM patient WHERE name = 'Mr Lee'")).scalar_one()
        row = {"id": str(uuid4()), "patient_id": patient_id, "purpose": "research", "given": True}
        row |= {"version": "1", "at_ms": 1, "by_id": "dr"}
        connection.execute(tables.consent.insert(), [row])
    engine.dispose()


@pytest.mark.parametrize(("asked", "stay"), [((), 1), (("--keep-nothing",), 0)])
def test_a_restore_keeps_no_more_of_a_person_than_the_erasure_did(
    url: str, tmp_path: Path, capsys: Capture, asked: tuple[str, ...], stay: int
) -> None:
    file, kept, new = (
        tmp_path / "backup.sqlite",
        tmp_path / "audit.jsonl",
        f"sqlite:///{tmp_path / 'new.sqlite'}",
    )
    agree_to_research(url)
    assert ran(capsys, "db", "backup", str(file))[0] == ExitCode.OK
    _, found = ran(capsys, "admin", "erase-patient", CODE, "--reason", "asked", "--yes", *asked)
    assert found["sessions_kept"] == stay
    assert main(["audit", "export"]) == ExitCode.OK
    kept.write_text(capsys.readouterr().out)
    assert ran(capsys, "db", "restore", str(file), "--database", new, "--erased", str(kept))[0] == ExitCode.OK
    engine = store.open_engine(new)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM session")).scalar_one() == stay
    engine.dispose()


@pytest.mark.usefixtures("url")
def test_retention_counts_before_it_takes(capsys: Capture) -> None:
    terms = ("--curves-days", "0", "--sessions-years", "0")
    code, due = ran(capsys, "admin", "retention", "--dry-run", *terms)
    assert (code, due["dry_run"], due["sessions"]) == (ExitCode.OK, True, 1)
    assert ran(capsys, "admin", "retention", *terms)[1]["sessions"] == 1
    assert ran(capsys, "admin", "retention", *terms)[1]["sessions"] == 0


@pytest.mark.usefixtures("url")
def test_people_are_sealed_when_the_key_comes_and_opened_by_it(tmp_path: Path, capsys: Capture) -> None:
    assert main(["db", "reseal"]) == ExitCode.FAILED  # there is no identity key yet
    assert "there is no identity key" in capsys.readouterr().err
    assert main(["admin", "keys", "new", "command", "--once"]) == ExitCode.OK
    capsys.readouterr()
    assert ran(capsys, "db", "reseal")[1]["tables"]["patient"] == 2
    assert ran(capsys, "db", "reseal")[1]["values"] == 0
    for what in ("identity", "audit"):
        assert main(["admin", "keys", "rotate", what]) == ExitCode.OK
    capsys.readouterr()
    assert ran(capsys, "db", "reseal")[1]["tables"]["patient"] == 2
    assert ran(capsys, "export", "patient", CODE, "-o", str(tmp_path / "lee"))[0] == ExitCode.OK
    assert "Mr Lee" in (tmp_path / "lee" / "everything.json").read_text()


def test_what_is_not_there_is_one_line(tmp_path: Path, capsys: Capture, url: str) -> None:
    nowhere = f"sqlite:///{tmp_path / 'no.sqlite'}"
    assert (
        main(["export", "patient", "x", "-o", str(tmp_path / "x"), "--database", nowhere])
        == ExitCode.NOT_FOUND
    )
    assert (
        main(["export", "patient", "x", "-o", str(tmp_path / "x"), "--database", url]) == ExitCode.NOT_FOUND
    )
    assert main(["admin", "retention", "--database", "nonsense"]) == ExitCode.USAGE
    assert main(["db", "restore", str(tmp_path / "no"), "--nobody-erased"]) == ExitCode.NOT_FOUND
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text("[]\n")
    backed = tmp_path / "b.sqlite"
    backed.write_text("")
    assert main(["db", "restore", str(backed), "--erased", str(wrong)]) == ExitCode.USAGE
    assert len(capsys.readouterr().err.splitlines()) == 5
