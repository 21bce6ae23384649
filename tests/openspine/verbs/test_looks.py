"""Every verb that shows people's data from the store leaves a trace of who looked at whom."""

from pathlib import Path

import database_copies
import pytest
from sqlalchemy import select
from studio_rows import StudioRows, named

from openspine.__main__ import main
from openspine.outcome import ExitCode
from services.audit.chain import UNKEYED
from services.keys.audit import open_audit_key
from services.sealing import Secrets
from services.store import audit, tables
from services.store.engine import open_engine, writing

PERSON = "P-Ling"
PERSONS_ID = named("Chan Mei Ling")
VERBS = [
    ("export fhir P-Ling -o {out}", "export_fhir", PERSONS_ID),
    ("export csv P-Ling -o {out}", "export_csv", PERSONS_ID),
    ("export csv -o {out} --origin sim", "export_csv", "*"),
    ("export parquet -o {out} --origin sim", "export_parquet", "*"),
    ("report P-Ling -o {out} --picture", "export_report", PERSONS_ID),
    ("whatif --patient P-Ling --policy linear", "read_whatif", PERSONS_ID),
    ("db backup {out}", "db_backup", "*"),
]


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    found = f"sqlite:///{tmp_path / 'studio.sqlite'}"
    database_copies.migrate(found)
    rows = StudioRows(open_engine(found))
    rows.site()
    rows.machine()
    rows.patient()
    rows.engine.dispose()
    monkeypatch.setenv("OPENSPINE_DATABASE_URL", found)
    monkeypatch.setenv("OPENSPINE_KEYS", str(tmp_path / "own-keys"))
    return found


def looks(url: str) -> list[tuple[str, str, str, str]]:
    engine = open_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(select(tables.audit).where(tables.audit.c.action == "patient.read")).all()
    engine.dispose()
    return [(row.actor, row.detail["screen"], row.object_id, row.key_id) for row in rows]


@pytest.mark.parametrize(("words", "screen", "whose"), VERBS)
def test_a_verb_that_shows_people_says_who_looked(
    url: str, tmp_path: Path, words: str, screen: str, whose: str
) -> None:
    key = open_audit_key(tmp_path / "own-keys", make=True)
    main([*words.format(out=tmp_path / "out").split(), "--by", "dr-1"])
    assert looks(url) == [("dr-1", screen, whose, key.key_id)]
    assert main(["audit", "verify"]) == ExitCode.OK


@pytest.mark.parametrize("words", [words for words, *_ in VERBS])
def test_without_the_key_of_a_sealed_audit_nothing_is_shown(
    url: str, tmp_path: Path, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_engine(url, Secrets(audit=open_audit_key(tmp_path / "elsewhere", make=True)))
    with writing(engine) as connection:
        entry = audit.Entry(at_ms=1, actor="dr", action="limits.sign", thing="patient", thing_id="p")
        audit.record(connection, entry)
    engine.dispose()
    assert main(words.format(out=tmp_path / "out").split()) == ExitCode.FAILED
    assert "the audit is sealed and its key is not here" in capsys.readouterr().err
    assert looks(url) == []
    out = tmp_path / "out"
    assert not out.exists() or list(out.iterdir()) == []


@pytest.mark.parametrize("words", [words for words, *_ in VERBS])
def test_without_a_key_only_a_demo_begins_the_audit(
    url: str, tmp_path: Path, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("OPENSPINE_DEMO", raising=False)
    assert main(words.format(out=tmp_path / "out").split()) == ExitCode.FAILED
    assert "its key is not here" in capsys.readouterr().err
    assert looks(url) == []
    monkeypatch.setenv("OPENSPINE_DEMO", "true")
    main(words.format(out=tmp_path / "out").split())
    assert [key_id for *_, key_id in looks(url)] == [UNKEYED]


@pytest.mark.usefixtures("url")
def test_nobody_looks_under_a_name_that_the_audit_cannot_hold(tmp_path: Path) -> None:
    for name in ("", "x" * 65):
        words = ["export", "fhir", PERSON, "-o", str(tmp_path / "out"), "--by", name]
        assert main(words) == ExitCode.USAGE
