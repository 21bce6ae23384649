"""`audit` on a chain of two processes, each with a key of its own."""

import json
from pathlib import Path
from typing import Any

import database_copies
import pytest
from sqlalchemy import text

from openspine.__main__ import main
from openspine.outcome import ExitCode
from services.keys.audit import open_audit_key, rotate
from services.sealing import Secrets
from services.store import audit
from services.store.engine import open_engine, writing

Capture = pytest.CaptureFixture[str]
COPY = (  # a row once more under another number
    "INSERT INTO audit SELECT {}, at_ms, actor, action, object_kind, object_id, detail, key_id, seal"
    " FROM audit"
)


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A chain: four rows of the service, whose key was changed in between, and one of the prescriber."""
    found = f"sqlite:///{tmp_path / 'a.sqlite'}"
    database_copies.migrate(found)
    service, prescriber = tmp_path / "keys", tmp_path / "envelope-keys"
    monkeypatch.setenv("OPENSPINE_DATABASE_URL", found)
    monkeypatch.setenv("OPENSPINE_KEYS", str(service))
    monkeypatch.setenv("OPENSPINE_ENVELOPE_KEYS", str(prescriber))
    open_audit_key(service, make=True)
    for number, folder in enumerate((service, service, prescriber, service, service)):
        if number == 3:
            rotate(service)
        engine = open_engine(found, Secrets(audit=open_audit_key(folder, make=True)))
        with writing(engine) as connection:
            audit.record(
                connection,
                audit.Entry(at_ms=number, actor="dr", action="limits.sign", thing="patient", thing_id="p"),
            )
        engine.dispose()
    return found


def verified(capsys: Capture, *words: str) -> tuple[int, dict[str, Any]]:
    code = main(["audit", "verify", "--json", *words])
    return code, json.loads(capsys.readouterr().out)


def change(url: str, statement: str) -> None:
    engine = open_engine(url)
    with writing(engine) as connection:
        for way in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS audit_no_{way}"))
        connection.execute(text(statement))
    engine.dispose()


@pytest.mark.usefixtures("url")
def test_a_whole_chain_of_several_keys_holds(capsys: Capture) -> None:
    code, found = verified(capsys)
    assert code == ExitCode.OK
    assert (found["ok"], found["rows"], found["faults"], found["unkeyed"]) == (True, 5, 0, 0)
    assert main(["audit", "verify"]) == ExitCode.OK
    assert capsys.readouterr().out == "5 rows, 0 faults; no head: a cut-off end goes unseen\n"


@pytest.mark.parametrize(
    ("statement", "row"),
    [
        ("UPDATE audit SET actor = 'me' WHERE id = 3", 3),
        ("DELETE FROM audit WHERE id = 2", 2),
        ("UPDATE audit SET key_id = '', seal = '' WHERE id = 4", 4),
        (f"{COPY.format(0)} WHERE id = 3", 0),
        (f"{COPY.format(-1)} WHERE id = 3", -1),
        (f"{COPY.format(6)} WHERE id = 3", 6),
        (f"{COPY.format(9)} WHERE id = 5", 6),  # 6 to 8 are missing
        ("UPDATE audit SET action = 'audit.pruned' WHERE id = 3", 3),
        ("UPDATE audit SET action = 'audit.pruned', detail = '7' WHERE id = 3", 3),
        ("UPDATE audit SET detail = 'nonsense' WHERE id = 3", 3),
        ("UPDATE audit SET detail = '[1e999, \"\\ud800\"]' WHERE id = 3", 3),
        ("UPDATE audit SET actor = x'ff' WHERE id = 3", 3),
        ("UPDATE audit SET actor = CAST(x'ff' AS TEXT) WHERE id = 3", 3),
        ("UPDATE audit SET at_ms = 9e999 WHERE id = 3", 3),
        ("UPDATE audit SET seal = 'é' WHERE id = 3", 3),
    ],
)
def test_what_was_done_to_it_is_said(url: str, capsys: Capture, statement: str, row: int) -> None:
    change(url, statement)
    code, found = verified(capsys)
    assert (code, found["ok"]) == (ExitCode.DIFFERS, False)
    assert found["shown"][0]["id"] == row
    assert main(["audit", "verify"]) == ExitCode.DIFFERS
    assert f"row {row}: " in capsys.readouterr().out
    assert main(["audit", "export"]) == ExitCode.OK
    assert len(capsys.readouterr().out.splitlines()) == found["rows"]


def test_a_cut_off_end_is_found_by_a_head_that_was_kept(url: str, tmp_path: Path, capsys: Capture) -> None:
    assert main(["audit", "head"]) == ExitCode.OK
    kept = tmp_path / "head.json"
    kept.write_text(capsys.readouterr().out)
    assert verified(capsys, "--head", str(kept))[1]["ok"]
    change(url, "DELETE FROM audit WHERE id = 5")
    assert verified(capsys)[1]["ok"]  # the chain alone cannot know
    code, found = verified(capsys, "--head", str(kept))
    assert code == ExitCode.DIFFERS
    assert found["shown"] == [{"id": 5, "what": "the last 1 rows are missing"}]


def test_rows_without_a_key_are_no_proof_unless_their_number_is_said(url: str, capsys: Capture) -> None:
    engine = open_engine(url)
    with writing(engine) as connection:
        audit.record(
            connection, audit.Entry(at_ms=9, actor="me", action="limits.sign", thing="patient", thing_id="p")
        )
    engine.dispose()
    assert verified(capsys)[0] == ExitCode.DIFFERS
    assert verified(capsys, "--unkeyed", "1")[0] == ExitCode.OK


def test_every_row_is_handed_out(url: str, capsys: Capture) -> None:
    assert main(["audit", "export", "--database", url]) == ExitCode.OK
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["id"] for line in lines] == [1, 2, 3, 4, 5]
    assert main(["audit", "export", "--json"]) == ExitCode.OK
    assert json.loads(capsys.readouterr().out) == {"ok": True, "rows": lines}


@pytest.mark.usefixtures("url")
def test_what_cannot_be_read_is_one_line(tmp_path: Path, capsys: Capture) -> None:
    wrong = tmp_path / "head.json"
    assert main(["audit", "verify", "--head", str(wrong)]) == ExitCode.NOT_FOUND
    wrong.write_text("{}")
    assert main(["audit", "verify", "--head", str(wrong)]) == ExitCode.USAGE
    assert main(["audit", "verify", "--keys", str(tmp_path / "nowhere")]) == ExitCode.NOT_FOUND
    assert main(["audit", "head", "--keys", str(tmp_path / "nowhere")]) == ExitCode.FAILED
    assert main(["audit", "verify", "--database", f"sqlite:///{tmp_path}/no.sqlite"]) == ExitCode.NOT_FOUND
    assert len(capsys.readouterr().err.splitlines()) == 5
