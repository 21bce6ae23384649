"""`export` on a small studio: files for their owner, nothing overwritten, one line when it is wrong."""

import csv
import json
from pathlib import Path

import database_copies
import pyarrow.parquet  # type: ignore[import-untyped]  # published without types
import pytest
from fhir.resources.R4B.bundle import Bundle
from studio_rows import StudioRows, named

from openspine.__main__ import main
from openspine.outcome import ExitCode
from services.exports.parquet import write
from services.keys.audit import open_audit_key
from services.store.engine import open_engine

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def url(tmp_path: Path) -> str:
    found = f"sqlite:///{tmp_path / 'studio.sqlite'}"
    database_copies.migrate(found)
    rows = StudioRows(open_engine(found))
    rows.site()
    rows.machine()
    rows.patient()
    rows.limits()
    rows.visit("day")
    rows.session("today", visit_id=named("day"))
    rows.summary("today", "day")
    rows.rep("today", 1)
    rows.set_end("today")
    rows.engine.dispose()
    open_audit_key(tmp_path / "keys", make=True)
    return found


def test_fhir_is_a_valid_bundle_of_its_owner(url: str, tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "record.json"
    assert main(["export", "fhir", "P-Ling", "-o", str(file), "--database", url, "--json"]) == ExitCode.OK
    told = json.loads(capsys.readouterr().out)
    assert (told["resources"]["Patient"], told["bytes"]) == (1, file.stat().st_size)
    Bundle.model_validate_json(file.read_bytes())
    assert file.stat().st_mode & 0o777 == 0o600
    assert main(["export", "fhir", "P-Ling", "-o", str(file), "--database", url]) == ExitCode.FAILED
    assert "it is there already" in capsys.readouterr().err


def test_csv_of_one_person_and_of_everybody(url: str, tmp_path: Path, capsys: Capture) -> None:
    folder = tmp_path / "tables"
    one = ["export", "csv", named("Chan Mei Ling"), "-o", str(folder), "--side", "left", "--database", url]
    assert main([*one, "--json"]) == ExitCode.OK
    files = json.loads(capsys.readouterr().out)["files"]
    assert list(files) == ["sessions", "adjustments", "progress", "pain", "balance"]
    with (folder / "progress.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["side"] for row in csv.DictReader(file)] == ["left"]
    everybody = ["export", "csv", "-o", str(folder), "--database", url]
    assert main([*everybody, "--origin", "sim"]) == ExitCode.OK
    assert "Chan Mei Ling" in (folder / "patients.csv").read_text(encoding="utf-8-sig")
    assert main(everybody) == ExitCode.FAILED  # the file is there
    for name in ("patients", "alerts"):
        (folder / f"{name}.csv").unlink()
    assert main(everybody) == ExitCode.OK  # real people: none
    assert "Chan" not in (folder / "patients.csv").read_text(encoding="utf-8-sig")


def test_parquet_names_nobody_and_joins_by_its_key_only(url: str, tmp_path: Path, capsys: Capture) -> None:
    key = tmp_path / "key"
    key.write_bytes(b"k" * 32)
    people = []
    for name, options in (("a", ["--key", str(key)]), ("b", ["--key", str(key)]), ("c", []), ("d", [])):
        asked = ["export", "parquet", "-o", str(tmp_path / name), "--origin", "sim", "--database", url]
        assert main([*asked, *options, "--json"]) == ExitCode.OK
        told = json.loads(capsys.readouterr().out)
        assert (told["people"], told["rows"]) == (1, {"sets": 1, "reps": 1, "decisions": 0})
        table = pyarrow.parquet.read_table(tmp_path / name / "reps.parquet")
        people.append(table.column("person")[0].as_py())
    assert people[0] == people[1]
    assert len(set(people)) == 3


@pytest.mark.parametrize(
    ("arguments", "ending"),
    [
        (["fhir", "nobody", "-o", "x.json"], (ExitCode.NOT_FOUND, "there is no person nobody")),
        (["csv", "nobody", "-o", "x"], (ExitCode.NOT_FOUND, "there is no person nobody")),
        (["fhir", "P-Ling", "-o", "none/x.json"], (ExitCode.NOT_FOUND, "there is no folder")),
        (["parquet", "-o", "x", "--key", "none"], (ExitCode.NOT_FOUND, "--key none")),
        (["parquet", "-o", "x", "--key", "short"], (ExitCode.USAGE, "it holds 3 bytes, not 32")),
        (["parquet", "-o", "full"], (ExitCode.FAILED, "sets.parquet is there already")),
    ],
)
def test_what_is_wrong_is_one_line(
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
    arguments: list[str],
    ending: tuple[ExitCode, str],
) -> None:
    monkeypatch.chdir(tmp_path)
    code, said = ending
    Path("short").write_bytes(b"abc")
    Path("full").mkdir()
    Path("full/sets.parquet").touch()
    assert main(["export", *arguments, "--database", url]) == code
    [line] = capsys.readouterr().err.splitlines()
    assert said in line


def test_parquet_without_its_writer_says_what_to_install(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr(write, "is_possible", lambda: False)
    assert main(["export", "parquet", "-o", str(tmp_path / "x"), "--database", url]) == ExitCode.FAILED
    assert "openspine[recordings]" in capsys.readouterr().err
